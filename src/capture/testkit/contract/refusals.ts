/** Contract: what two readers could understand in two ways is refused and never reaches the upstream. */
import { expect } from "bun:test";
import type { Promises } from "../deviations.ts";
import type { Rig } from "../rig.ts";

const GET = "GET {}/ HTTP/1.1\r\nHost: x\r\n";
const POST = "POST {}/ HTTP/1.1\r\nHost: x\r\n";

const AMBIGUOUS: Record<string, string> = {
  "content-length and transfer-encoding": `${POST}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nX`,
  "two content-lengths": `${POST}Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!`,
  "the same content-length twice": `${POST}Content-Length: 5\r\nContent-Length: 5\r\n\r\nhello`,
  "a signed content-length": `${POST}Content-Length: +5\r\n\r\nhello`,
  "a content-length in hex": `${POST}Content-Length: 0x5\r\n\r\nhello`,
  "an endless content-length": `${POST}Content-Length: 99999999999999999999\r\n\r\nhello`,
  "an empty content-length": `${POST}Content-Length:\r\n\r\nhello`,
  "transfer-encoding that does not end with chunked": `${POST}Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n`,
  "identity in front of chunked": `${POST}Transfer-Encoding: identity, chunked\r\n\r\n0\r\n\r\n`,
  "an unknown coding in front of chunked": `${POST}Transfer-Encoding: gzip, nonsense, chunked\r\n\r\n0\r\n\r\n`,
  "a parameter behind chunked": `${POST}Transfer-Encoding: chunked;a=b\r\n\r\n0\r\n\r\n`,
  "transfer-encoding that nobody knows": `${POST}Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n`,
  "chunked twice": `${POST}Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "an empty transfer-encoding": `${POST}Transfer-Encoding:\r\nContent-Length: 5\r\n\r\nhello`,
  "transfer-encoding in HTTP/1.0": `POST {}/ HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "a blank before the colon": `${POST}Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n`,
  "a folded header": `${POST}X-A: 1\r\n Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
  "a blank at the head's start": `${POST.replace("Host", " Host")}\r\n`,
  "a bare CR in a header": `${GET}X-A: 1\rTransfer-Encoding: chunked\r\n\r\n`,
  "a bare LF in a header": `${GET}X-A: 1\nTransfer-Encoding: chunked\r\n\r\n`,
  "a NUL in a header": `${GET}X-A: 1\0\r\n\r\n`,
  "lines that end with LF alone": `GET {}/ HTTP/1.1\nHost: x\n\n`,
  "a blank in the path": `GET {}/a b HTTP/1.1\r\nHost: x\r\n\r\n`,
  "a tab in the request line": `GET\t{}/ HTTP/1.1\r\nHost: x\r\n\r\n`,
  "two hosts": `${GET}Host: y\r\n\r\n`,
  "HTTP/2 in the clear": "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
  "no request at all": "hello there\r\n\r\n",
  "TLS on a plain port": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
};

/** The head is fine and has left; the body breaks. */
const BROKEN_BODIES: Record<string, string> = {
  "a size that is no number": "xyz\r\nhello\r\n0\r\n\r\n",
  "a signed size": "-5\r\nhello\r\n0\r\n\r\n",
  "a size with 0x": "0x5\r\nhello\r\n0\r\n\r\n",
  "a size without digits": "\r\nhello\r\n0\r\n\r\n",
  "a size beyond all numbers": "fffffffffffffffff\r\nhello\r\n0\r\n\r\n",
  "a size line that ends with LF": "5\nhello\r\n0\r\n\r\n",
  "an extension with a bare CR": "5;a\rb\r\nhello\r\n0\r\n\r\n",
  "a chunk longer than its size": "3\r\nhello\r\n0\r\n\r\n",
};

export function refusals(test: Promises, createRig: () => Promise<Rig>): void {
  test.each(Object.entries(AMBIGUOUS))("refused, and never sent upstream: %s", async (_, request) => {
    await using rig = await createRig();
    const client = await rig.client();
    client.say(request.replace("{}", rig.prefix));
    await client.leaves();
    expect(client.text).toStartWith("HTTP/1.1 400 Bad Request\r\n");
    expect(client.text).toContain("X-Proxy-Error: mcp-proxy-logger\r\n");
    expect(await rig.ended()).toMatchObject([{ close: { ending: "refused" }, response: { status: 400 } }]);
    expect(rig.taken()).toBe(0);
  });

  test.each(Object.entries(BROKEN_BODIES))("a chunked request is refused for %s", async (_, body) => {
    await using rig = await createRig();
    const { client, upstream } = await rig.exchange(
      `POST ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    client.say(body, `GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n`);
    await upstream.leaves();
    await client.leaves();
    expect(client.text).toStartWith("HTTP/1.1 400 Bad Request\r\n");
    expect(upstream.text).not.toContain("0\r\n\r\n");
    expect(upstream.text).not.toContain("smuggled");
    expect(await rig.ended()).toMatchObject([{ close: { ending: "refused" } }]);
  });

  test("a head without an end is refused at its limit", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    client.say(`GET ${rig.prefix}/ HTTP/1.1\r\nHost: x\r\nX-Endless: ${"x".repeat(300_000)}`);
    await client.hears("431 Request Header Fields Too Large");
    expect(await rig.ended()).toMatchObject([{ close: { ending: "refused" } }]);
  });

  test("a forward proxy's requests are told what this is", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    client.say("CONNECT api.openai.com:443 HTTP/1.1\r\nHost: api.openai.com:443\r\n\r\n");
    expect(await client.hears("base URL")).toStartWith("HTTP/1.1 405 ");
  });

  test("an upstream that nobody knows is named", async () => {
    await using rig = await createRig();
    const client = await rig.client();
    client.say("GET /@nobody/v1 HTTP/1.1\r\nHost: x\r\n\r\n");
    expect(await client.hears("nobody")).toStartWith("HTTP/1.1 404 ");
    expect(await rig.ended()).toMatchObject([{ path: "/@nobody/v1", close: { ending: "refused" } }]);
  });
}
