/** Contract: request lines and headers go by meaning, names, order and paths as they were sent. */
import { expect } from "bun:test";
import type { Promises } from "../deviations.ts";
import type { Rig } from "../rig.ts";

const OK = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";

const PATHS = [
  "/v1/a%2Fb//c/../d/./e?x=1+2&y=%20&z=a/../b",
  "//double//slash//",
  "/?",
  "/a?b?c=d&&e",
  "/%zz/%C3%28",
  "/a;v=1,2/(x)/'q'/@name:y/~z",
  "/a?u=http://x/y?z#frag",
  `/long?${"q".repeat(8000)}`,
];

export function heads(test: Promises, createRig: () => Promise<Rig>): void {
  test("a request and its response pass with nothing added that the two sides did not say", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/v1/chat HTTP/1.1\r\nhost: localhost:8000\r\nX-Case: As Sent\r\nx-twice: 1\r\naccept-encoding: br;q=0.1\r\nX-Twice: 2\r\nx-empty:\r\nContent-Length: 2\r\n\r\n{}`,
    );
    await upstream.hears("{}");
    expect(upstream.text).toBe(
      `POST /v1/chat HTTP/1.1\r\nhost: ${rig.host}\r\nX-Case: As Sent\r\nx-twice: 1\r\naccept-encoding: br;q=0.1\r\nX-Twice: 2\r\nx-empty: \r\nContent-Length: 2\r\n\r\n{}`,
    );
    const response =
      "HTTP/1.1 299 Fine, really\r\nset-cookie: a=1\r\nSet-Cookie: b=2\r\nX-Latin: caf\xe9\r\nserver: odd\r\nContent-Length: 2\r\n\r\nok";
    upstream.say(response);
    await client.hears("\r\n\r\nok");
    expect(client.text).toBe(response);
    const [exchange] = await rig.ended();
    expect({
      path: exchange!.path,
      target: exchange!.target,
      headers: exchange!.request.headers,
      status: exchange!.response?.status,
      answer: exchange!.response?.headers,
    }).toEqual({
      path: `${rig.prefix}/v1/chat`,
      target: expect.stringContaining(`://${rig.host}/v1/chat`),
      headers: [
        ["host", "localhost:8000"],
        ["X-Case", "As Sent"],
        ["x-twice", "1"],
        ["accept-encoding", "br;q=0.1"],
        ["X-Twice", "2"],
        ["x-empty", ""],
        ["Content-Length", "2"],
      ],
      status: 299,
      answer: [
        ["set-cookie", "a=1"],
        ["Set-Cookie", "b=2"],
        ["X-Latin", "caf\xe9"],
        ["server", "odd"],
        ["Content-Length", "2"],
      ],
    });
  });

  test("odd but legal paths and queries arrive as they were sent", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    for (const path of PATHS) client.say(`GET ${rig.prefix}${path} HTTP/1.1\r\nHost: x\r\n\r\n`);
    const upstream = await rig.upstream();
    for (const path of PATHS) {
      await upstream.hears("\r\n\r\n");
      expect(upstream.text.split(" ")[1]).toBe(path);
      upstream.forget();
      upstream.say(OK);
    }
    expect((await rig.ended(PATHS.length)).map((exchange) => exchange.path)).toEqual(
      PATHS.map((path) => rig.prefix + path),
    );
  });

  test("an absolute target means its path", async () => {
    await using rig = await createRig();
    const { upstream } = await rig.exchange(
      `GET http://localhost:8000${rig.prefix}/a?b HTTP/1.1\r\nHost: localhost:8000\r\n\r\n`,
    );
    expect(upstream.text).toBe(`GET /a?b HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
  });

  test("headers that belong to the hop stay on the hop", async () => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, X-Mine, content-length\r\nKeep-Alive: timeout=9\r\nX-Mine: 1\r\nProxy-Authorization: Basic eDp5\r\nProxy-Connection: keep-alive\r\nTE: trailers, deflate\r\nUpgrade: h2c\r\nTrailer: x-sum\r\nX-Kept: 1\r\n\r\n`,
    );
    expect(upstream.text).toBe(
      `GET / HTTP/1.1\r\nHost: ${rig.host}\r\nTE: trailers\r\nTrailer: x-sum\r\nX-Kept: 1\r\nConnection: TE\r\n\r\n`,
    );
    upstream.say(
      "HTTP/1.1 200 OK\r\nConnection: keep-alive, X-Theirs\r\nKeep-Alive: timeout=5\r\nX-Theirs: 1\r\nProxy-Authenticate: Basic\r\nX-Kept: 1\r\nContent-Length: 0\r\n\r\n",
    );
    expect(await client.hears("\r\n\r\n")).toBe("HTTP/1.1 200 OK\r\nX-Kept: 1\r\nContent-Length: 0\r\n\r\n");
  });

  // The one header that is ours: whoever sent a page must not run it where it can ask other upstreams.
  test.each([
    ["Sec-Fetch-Dest: document", true],
    ["Sec-Fetch-Dest: iframe", true],
    ["Sec-Fetch-Dest: embed", true],
    ["Sec-Fetch-Dest: object", true],
    ["Sec-Fetch-Mode: navigate", true],
    ["Accept: text/html,application/xhtml+xml,*/*;q=0.8", true],
    ["Sec-Fetch-Dest: empty\r\nAccept: text/html", false],
    ["Sec-Fetch-Dest: image", false],
    ["Sec-Fetch-Mode: cors", false],
    ["Accept: application/json, text/event-stream", false],
    ["Accept: */*", false],
  ])("what is to be shown as a page is shown in a sandbox, and nothing else: %s", async (header, isPage) => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `GET ${rig.prefix}/x HTTP/1.1\r\nHost: x\r\n${header}\r\n\r\n`,
    );
    const own = "HTTP/1.1 200 OK\r\nContent-Security-Policy: default-src *\r\nContent-Length: 0\r\n";
    upstream.say(`${own}\r\n`);
    const told = await client.hears("\r\n\r\n");
    expect(told).toBe(`${own}${isPage ? "Content-Security-Policy: sandbox\r\n" : ""}\r\n`);
    const [exchange] = await rig.ended();
    expect(exchange?.response?.headers).not.toContainEqual(["Content-Security-Policy", "sandbox"]);
  });

  test.each<[string, boolean]>([
    ["application/x-www-form-urlencoded", true],
    ["application/json", false],
  ])("what a client posts as %s may be a form's (%p) where nothing else says so", async (type, isForm) => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/x HTTP/1.1\r\nHost: x\r\nAccept: text/html, image/gif, *; q=.2\r\nContent-Type: ${type}\r\nContent-Length: 0\r\n\r\n`,
    );
    upstream.say(OK);
    expect((await client.hears("\r\n\r\n")).includes("sandbox")).toBe(isForm);
  });

  test("an upgrade to HTTP/2 is not passed on: its frames could not be recorded", async () => {
    await using rig = await createRig();
    const { upstream } = await rig.exchange(
      `GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQ\r\n\r\n`,
    );
    expect(upstream.text).toBe(`GET / HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
  });

  test("large heads pass both ways, in pieces and whole", async () => {
    await using rig = await createRig();
    const large = "x".repeat(120_000);
    const client = await rig.client();
    const request = `GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nX-Large: ${large}\r\n\r\n`;
    for (let at = 0; at < request.length; at += 30_011) {
      client.say(request.slice(at, at + 30_011));
      await client.said();
    }
    const upstream = await rig.upstream();
    await upstream.hears("\r\n\r\n");
    expect(upstream.text).toContain(large);
    upstream.say(`HTTP/1.1 200 OK\r\nX-Large: ${large}\r\nContent-Length: 0\r\n\r\n`);
    expect(await client.hears("\r\n\r\n")).toContain(large);
  });

  test("a head that comes byte by byte is the same head", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    const request = `POST ${rig.prefix}/b HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc`;
    for (const byte of request) client.say(byte);
    const upstream = await rig.upstream();
    await upstream.hears("\r\n\r\nabc");
    expect(upstream.text).toBe(`POST /b HTTP/1.1\r\nHost: ${rig.host}\r\nContent-Length: 3\r\n\r\nabc`);
    for (const byte of OK) upstream.say(byte);
    expect(await client.hears("\r\n\r\n")).toBe(OK);
  });
}
