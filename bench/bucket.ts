/** A bucket that takes what it is given and keeps none of it: what shipping costs, and not what a disk does. */
const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  async fetch(request) {
    await request.arrayBuffer();
    return new Response(null, { headers: { etag: '"1"' } });
  },
});
process.stdout.write(`${server.port}\n`);
