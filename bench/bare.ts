/** The bare pass-through that records nothing: what a proxy costs at least when it is made of `Bun.serve` and `fetch`. */
const target = Bun.argv[2]!;
const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  async fetch(request) {
    const { pathname, search } = new URL(request.url);
    const { method, headers, body, signal } = request;
    const answer = await fetch(target + pathname + search, {
      method,
      headers,
      body,
      signal,
      redirect: "manual",
      decompress: false,
    });
    return new Response(answer.body, { status: answer.status, headers: answer.headers });
  },
});
process.stdout.write(`http://127.0.0.1:${server.port}\n`);
