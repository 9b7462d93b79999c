/** The bare pass-through that everything is compared with: it records nothing. `bun pass-through.ts PORT UPSTREAM_PORT` */
const [port, upstream] = Bun.argv.slice(2).map(Number);

Bun.serve({
  port: port!,
  hostname: "127.0.0.1",
  idleTimeout: 0,
  async fetch(request) {
    const url = new URL(request.url);
    const { method, headers, body, signal } = request;
    headers.delete("host");
    const target = `http://127.0.0.1:${upstream}${url.pathname}${url.search}`;
    return fetch(target, { method, headers, body, signal, redirect: "manual", decompress: false });
  },
});
