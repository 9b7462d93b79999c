/**
 * What was tried against the two ports and held: requests as anybody can send them, and who is reached by them. A new
 * trick is a new line. (Framing has its own corpus in the wire's contract, pages theirs in a browser.)
 */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { networkInterfaces } from "node:os";
import { type Program, startProgram, upstream, type Upstream } from "./program.ts";

/** The default upstream, one with a key of ours, a server of this machine that nobody named, and an MCP server. */
let usual: Upstream;
let keyed: Upstream;
let inner: Upstream;
let mcp: Upstream;
let program: Program;
/** It listens beyond this machine. */
let open: Program;
beforeAll(async () => {
  const server = () => upstream(() => new Response("ok"));
  [usual, keyed, inner, mcp] = [server(), server(), server(), server()];
  const own = ["--target-url", usual.url, "--upstream", `me=${keyed.url.replace("//", "//me:word@")}`];
  const all = [...own, "--mcp", `notes=${mcp.url}/mcp`];
  [program, open] = await Promise.all([startProgram(all), startProgram([...all, "--host", "0.0.0.0"])]);
});
afterAll(async () => {
  for (const one of [program, open, usual, keyed, inner, mcp]) await one[Symbol.asyncDispose]();
});
beforeEach(() => {
  for (const { requests } of [usual, keyed, inner, mcp]) (requests as unknown[]).length = 0;
});

/** The status of the answer to these bytes; 0 where there is none. */
async function say(url: string, request: string, host?: string): Promise<number> {
  const { hostname, port } = new URL(url);
  let said = "";
  const { promise, resolve } = Promise.withResolvers<void>();
  const over = () => resolve();
  const socket = await Bun.connect({
    hostname: host ?? hostname,
    port: Number(port),
    socket: {
      data(_, bytes) {
        said += bytes.toString("latin1");
        if (said.includes("\r\n\r\n")) over();
      },
      close: over,
      end: over,
      error: over,
    },
  });
  socket.write(request);
  await promise;
  socket.terminate();
  return Number(/^HTTP\/1\.1 (\d+)/.exec(said)?.[1] ?? 0);
}
const head = (line: string, ...headers: string[]) => `${[line, ...headers].join("\r\n")}\r\n\r\n`;
const spent = () =>
  keyed.requests.some(({ headers }) => headers.get("authorization") === `Basic ${btoa("me:word")}`);
const port = ({ url }: { url: string }) => new URL(url).port;

describe("nobody is asked but who was named: not the server that the request points at", () => {
  test.each<[string, ...string[]]>([
    ["GET http://INNER/x HTTP/1.1", "Host: INNER"],
    ["GET https://INNER/x HTTP/1.1", "Host: localhost"],
    ["GET ftp://INNER/x HTTP/1.1", "Host: localhost"],
    ["CONNECT INNER HTTP/1.1", "Host: INNER"],
    ["GET //INNER/x HTTP/1.1", "Host: localhost"],
    ["GET ///INNER/x HTTP/1.1", "Host: localhost"],
    ["GET /\\INNER/x HTTP/1.1", "Host: localhost"],
    ["GET \\\\INNER/x HTTP/1.1", "Host: localhost"],
    ["GET /@INNER/x HTTP/1.1", "Host: localhost"],
    ["GET /@me@INNER/x HTTP/1.1", "Host: localhost"],
    ["GET /@me:INNER_PORT/x HTTP/1.1", "Host: localhost"],
    ["GET /@azure:INNER/x HTTP/1.1", "Host: localhost"],
    ["GET /@azure:127.0.0.1%3aINNER_PORT%2f/x HTTP/1.1", "Host: localhost"],
    ["GET /@azure:evil.com%23/x HTTP/1.1", "Host: localhost"],
    ["GET /@mcp/../INNER HTTP/1.1", "Host: localhost"],
    ["GET /@mcp/INNER HTTP/1.1", "Host: localhost"],
    ["GET /@token:x//INNER/x HTTP/1.1", "Host: localhost"],
    ["GET /@run:x//INNER/x HTTP/1.1", "Host: localhost"],
    ["GET /@me/@/@INNER/x HTTP/1.1", "Host: localhost"],
    ["GET @INNER/x HTTP/1.1", "Host: localhost"],
    ["GET :INNER_PORT/x HTTP/1.1", "Host: localhost"],
    ["OPTIONS * HTTP/1.1", "Host: localhost"],
    ["GET /x HTTP/1.1", "Host: INNER"],
    ["GET /x HTTP/1.1", "Host: localhost", "X-Forwarded-Host: INNER", "Forwarded: host=INNER"],
    ["GET http://PAGE/api/exchanges HTTP/1.1", "Host: PAGE"],
    ["GET /@localhost:PAGE_PORT/api/exchanges HTTP/1.1", "Host: localhost"],
  ])("%s", async (...lines) => {
    const host = `127.0.0.1:${port(inner)}`;
    const page = program.pageUrl.slice("http://".length);
    const request = head(...(lines as [string]))
      .replaceAll("INNER_PORT", port(inner))
      .replaceAll("INNER", host);
    await say(
      program.proxyUrl,
      request.replaceAll("PAGE_PORT", page.split(":")[1]!).replaceAll("PAGE", page),
    );
    expect(inner.requests).toEqual([]);
  });
});

const FOREIGN = [
  "evil.example",
  "evil.example:8000",
  "localhost.evil.example",
  "127.0.0.1.evil.example",
  "127.0.0.1.nip.test",
  "localhost@evil.example",
  "evil.example#localhost",
  "evil.example/localhost",
  "[::1].evil.example",
  "localhost.",
  "localhost:80:80",
  "192.168.1.1",
  "0.0.0.0",
  "[::ffff:127.0.0.1]",
  "[fd00::1]",
  "localhost\\evil",
  "xn--localhost-",
  "evil.localhost.evil",
];

describe("a name that a page can make mean this machine is none of ours", () => {
  test.each(FOREIGN)("Host: %s", async (host) => {
    const refused = async (url: string, path: string) => {
      const status = await say(
        url,
        head(`GET ${path} HTTP/1.1`, `Host: ${host}`, "Sec-Fetch-Site: same-origin"),
      );
      return status >= 400 && status < 500;
    };
    const paths = ["/api/exchanges", "/", "/ws", "/public/style.css"];
    for (const path of paths) expect([path, await refused(program.pageUrl, path)]).toEqual([path, true]);
    // A name of the local network gets neither a key nor an MCP server.
    const isLocal = /^[\w-]+$/.test(host);
    for (const path of ["/@me/x", "/x"])
      if (!isLocal) expect([path, await refused(program.proxyUrl, path)]).toEqual([path, true]);
    expect(await refused(program.proxyUrl, "/@mcp/notes")).toBe(true);
    expect([spent(), mcp.requests, isLocal ? [] : usual.requests]).toEqual([false, [], []]);
  });
});

describe("no page spends a key, and none of another origin asks our page", () => {
  test.each<string[]>([
    ["Origin: https://evil.example"],
    ["Origin: null"],
    ["Origin: http://localhost:3000"],
    ["Origin: http://127.0.0.1:3000"],
    ["Origin: http://evil.localhost"],
    ["Origin: https://localhost.evil.example"],
    ["Origin: http://localhost@evil.example"],
    ["Origin: file://"],
    ["Origin: chrome-extension://abcdef"],
    ["Origin: http://localhost", "Origin: https://evil.example"],
    ["Sec-Fetch-Site: cross-site"],
    ["Sec-Fetch-Site: same-site"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: no-cors", "Sec-Fetch-Dest: image"],
    ["Sec-Fetch-Site: cross-site", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"],
  ])("%s %s %s", async (...headers) => {
    const lines = headers.filter((line) => typeof line === "string");
    for (const method of ["GET", "POST"]) {
      const with0 = method === "POST" ? ["Content-Length: 0"] : [];
      await say(program.proxyUrl, head(`${method} /@me/x HTTP/1.1`, "Host: localhost", ...lines, ...with0));
      const page = await say(
        program.pageUrl,
        head(`${method} /api/demo HTTP/1.1`, "Host: localhost", ...lines, ...with0),
      );
      expect(page).toBe(403);
    }
    const upgrade = ["Connection: Upgrade", "Upgrade: websocket", "Sec-WebSocket-Version: 13"];
    const socket = [...upgrade, "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA=="];
    await say(program.proxyUrl, head("GET /@me/live HTTP/1.1", "Host: localhost", ...lines, ...socket));
    expect(await say(program.pageUrl, head("GET /ws HTTP/1.1", "Host: localhost", ...lines, ...socket))).toBe(
      403,
    );
    expect([keyed.requests.length > 0, spent()]).toEqual([true, false]);
  });

  test.each([
    ["Referer: https://evil.example/"],
    ["Referer: http://localhost:8000/@evil/page.html"],
    ["Sec-Fetch-Site: same-origin"],
  ])("%s", async (header) => {
    await say(program.proxyUrl, head("GET /@me/x HTTP/1.1", "Host: localhost", header));
    expect([keyed.requests.length, spent()]).toEqual([1, false]);
  });

  test.each([[], ["Sec-Fetch-Mode: cors"], ["Sec-Fetch-Site: none"], ["User-Agent: Mozilla/5.0"]])(
    "and a program does: %s",
    async (...headers) => {
      await say(program.proxyUrl, head("GET /@me/x HTTP/1.1", "Host: localhost", ...headers));
      expect(spent()).toBe(true);
    },
  );
});

/** An address of this machine that is not only its own: whoever asks there comes from it. */
const address = Object.values(networkInterfaces())
  .flat()
  .find((it) => it?.family === "IPv4" && !it.internal)?.address;

describe.skipIf(!address)("from an address of the network, whatever the request says of itself", () => {
  const hosts = ["localhost", "127.0.0.1:8000", "ADDRESS"];
  const claims = ["X-Forwarded-For: 127.0.0.1", "X-Real-IP: 127.0.0.1", "Forwarded: for=127.0.0.1"];
  test.each(hosts.flatMap((host) => [[`Host: ${host}`], [`Host: ${host}`, ...claims]]))(
    "%s",
    async (...headers) => {
      const lines = headers.map((line) => line.replace("ADDRESS", address!));
      const paths = ["/@me/x", "/@mcp/notes", "/x", "/@demo/v1/models", "/@token:guess/@me/x"];
      const statuses: number[] = [];
      for (const path of paths)
        statuses.push(await say(open.proxyUrl, head(`GET ${path} HTTP/1.1`, ...lines), address));
      expect(statuses.every((status) => status === 403 || status === 401 || status === 429)).toBe(true);
      expect([usual, keyed, mcp].map(({ requests }) => requests.length)).toEqual([0, 0, 0]);
      expect(await say(open.pageUrl, head("GET /api/exchanges HTTP/1.1", ...lines), address)).toBe(401);
    },
  );

  test("who says the token is let in", async () => {
    const token = new URL(open.pageUrl).searchParams.get("token");
    await say(
      open.proxyUrl,
      head("GET /@me/x HTTP/1.1", "Host: a.example", `Proxy-Authorization: Bearer ${token}`),
      address,
    );
    expect([spent(), JSON.stringify(keyed.requests.map(({ headers }) => [...headers]))]).toEqual([
      true,
      expect.not.stringContaining(token!),
    ]);
  });
});

test.skipIf(process.platform !== "linux" || process.getuid?.() !== 0 || !Bun.which("setpriv"))(
  "another user of this machine is kept out of both ports",
  async () => {
    const as = async (url: string) => {
      const { hostname, port: to } = new URL(url);
      const script = `exec 3<>/dev/tcp/${hostname}/${to}; printf 'GET /api/exchanges HTTP/1.1\\r\\nHost: localhost\\r\\n\\r\\n' >&3; head -c 12 <&3`;
      const words = [
        "setpriv",
        "--reuid",
        "65534",
        "--regid",
        "65534",
        "--clear-groups",
        "bash",
        "-c",
        script,
      ];
      return new Response(Bun.spawn(words).stdout).text();
    };
    expect([await as(program.proxyUrl), await as(program.pageUrl)]).toEqual(["HTTP/1.1 403", "HTTP/1.1 403"]);
    expect(usual.requests).toEqual([]);
  },
);
