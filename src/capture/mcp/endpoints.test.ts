import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { expect, test } from "bun:test";
import { createRig, type Rig } from "../testkit/rig.ts";
import type { Peer } from "../testkit/peer.ts";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;

/** A stream that was asked for by `path` and says `body`. */
async function stream(rig: Rig, path: string, ...body: string[]): Promise<{ client: Peer; upstream: Peer }> {
  const opened = await rig.exchange(
    `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n`,
  );
  opened.upstream.say(HEAD);
  for (const piece of body) {
    opened.upstream.say(chunk(piece));
    await opened.client.hears(piece.slice(-4));
  }
  return opened;
}

/** What the upstream is asked when a client posts to `path`; null when nobody asks it. */
async function postedTo(rig: Rig, path: string): Promise<string> {
  const post = `POST ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}`;
  const { client, upstream } = await rig.exchange(post);
  upstream.say("HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n");
  await client.hears("202");
  return upstream.text.split("\r\n")[0] ?? "";
}

const rig = (url = "/api") => createRig({ prefix: "/@mcp/old", base: url });

test.each([
  [
    "an absolute path",
    "/@mcp/old",
    "/messages?sessionId=a",
    "/messages?sessionId=a",
    "/messages?sessionId=a",
  ],
  ["a path without a session", "/@mcp/old/sse", "/api/messages/77", "/api/messages/77", "/api/messages/77"],
  ["a relative path", "/@mcp/old/sse", "messages?s=1", "/@mcp/old/messages?s=1", "/api/messages?s=1"],
  ["a relative path beside the name", "/@mcp/old", "messages?s=1", "/@mcp/messages?s=1", "/messages?s=1"],
])(
  "%s that a stream names leads to its server, and the stream is unchanged",
  async (_, path, endpoint, post, asked) => {
    await using it = await rig();
    const event = `event: endpoint\r\ndata: ${endpoint}\r\n\r\n`;
    const { client } = await stream(it, path, event);
    expect(client.text).toEndWith(chunk(event));
    expect(await postedTo(it, post)).toBe(`POST ${asked} HTTP/1.1`);
  },
);

test("an absolute address of the server itself leads through the proxy; nothing else of the stream moves", async () => {
  await using it = await rig("");
  const address = `http://localhost:${it.upstreamPort}/messages?sessionId=a`;
  const event = `: hello\n\nevent: endpoint\ndata: ${address}\n\nevent: message\ndata: {}\n\n`;
  const { client } = await stream(it, "/@mcp/old/sse", event);
  const comment = `:${"mcp-proxy-logger".padEnd(`http://localhost:${it.upstreamPort}`.length - 2)}\n`;
  const seen = `: hello\n\nevent: endpoint\n${comment}data: /messages?sessionId=a\n\nevent: message\ndata: {}\n\n`;
  expect(client.text).toEndWith(chunk(seen));
  expect(seen.length).toBe(event.length);
  expect(await postedTo(it, "/messages?sessionId=a")).toBe("POST /messages?sessionId=a HTTP/1.1");
  const post = (await it.ended()).find(({ method }) => method === "POST");
  expect(post).toMatchObject({ upstream: "mcp/old", path: "/messages?sessionId=a" });
});

test("an address of somebody else, and a stream of no MCP server, stay as they are", async () => {
  await using it = await rig("");
  const foreign = "event: endpoint\ndata: https://elsewhere.example/messages\n\n";
  const { client } = await stream(it, "/@mcp/old/sse", foreign);
  expect(client.text).toEndWith(chunk(foreign));
  await using plain = await createRig();
  const own = `event: endpoint\ndata: http://${plain.host}/messages\n\n`;
  const other = await stream(plain, "/events", own);
  expect(other.client.text).toEndWith(chunk(own));
});

test("an address that comes in two pieces is understood as far as nothing has to change", async () => {
  await using it = await rig("");
  await stream(it, "/@mcp/old/sse", "event: endpoint\nda", "ta: /mess", "ages?sessionId=b\n\n");
  expect(await postedTo(it, "/messages?sessionId=b")).toBe("POST /messages?sessionId=b HTTP/1.1");
});

test("what no stream has named is not sent to a model's API", async () => {
  await using it = await createRig();
  const client = await it.client();
  client.say("POST /messages?sessionId=x HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 2\r\n\r\n{}");
  expect(await client.hears("names no MCP server")).toStartWith("HTTP/1.1 404 ");
  expect(it.taken()).toBe(0);
});

test.each([
  ["no blank behind the colons", "event:endpoint\ndata:/m?s=1\n\n"],
  ["other fields between", "event: endpoint\nid: 0\nretry: 3000\ndata: /m?s=1\n\n"],
  ["the address before the event's name", "data: /m?s=1\nid: 9\nevent: endpoint\n\n"],
  ["comments and a ping before it", ": hi\n\nevent: ping\ndata: 1\n\nevent: endpoint\ndata: /m?s=1\n\n"],
  ["lines that end with CR", "event: endpoint\rdata: /m?s=1\r\r"],
  ["lines that end with CR LF", "id: 1\r\nevent: endpoint\r\ndata: /m?s=1\r\n\r\n"],
  ["a mark of the encoding", "\xef\xbb\xbfevent: endpoint\ndata: /m?s=1\n\n"],
  ["blanks around the address", "event: endpoint\ndata:   /m?s=1  \n\n"],
])("an endpoint is read as event streams are: %s, in any cut", async (_, event) => {
  await using it = await rig("");
  const { client } = await it.exchange("GET /@mcp/old HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n").then((both) => {
    both.upstream.say(HEAD);
    for (const byte of event) both.upstream.say(`1\r\n${byte}\r\n`);
    return both;
  });
  await client.hears(
    event
      .split("")
      .map((byte) => `1\r\n${byte}\r\n`)
      .join(""),
  );
  expect(await postedTo(it, "/m?s=1")).toBe("POST /m?s=1 HTTP/1.1");
});

test.each([
  ["without a scheme", "//localhost:PORT/m?s=1", "/m?s=1"],
  ["in capitals", "HTTP://LOCALHOST:PORT/m?s=1", "/m?s=1"],
  ["without a path", "http://localhost:PORT?s=1", "/?s=1"],
])("an address of the server itself %s comes through the proxy", async (_, written, place) => {
  await using it = await rig("");
  const address = written.replace("PORT", String(it.upstreamPort));
  const event = `event: endpoint\ndata: ${address}\n\n`;
  const { client } = await stream(it, "/@mcp/old/sse", event);
  const seen = client.text.slice(client.text.indexOf("event: endpoint"));
  expect(seen).toMatch(new RegExp(`^event: endpoint\\n:mcp-[^\\n]*\\ndata: ${RegExp.escape(place)}\\n\\n`));
  expect(seen.length).toBe(event.length + 2);
  expect(await postedTo(it, place)).toBe(`POST ${place} HTTP/1.1`);
});

test.each([
  ["gzip", gzipSync],
  ["deflate", deflateSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
] as const)(
  "an endpoint that comes in %s is understood, and the stream is unchanged",
  async (coding, pack) => {
    await using it = await rig("");
    const { client, upstream } = await it.exchange("GET /@mcp/old HTTP/1.1\r\nHost: localhost\r\n\r\n");
    const body = pack("event: endpoint\ndata: /m?s=1\n\n");
    upstream.say(HEAD.replace("\r\n\r\n", `\r\nContent-Encoding: ${coding}\r\n\r\n`));
    for (const part of [body.subarray(0, 7), body.subarray(7)])
      upstream.say(
        Buffer.concat([Buffer.from(`${part.length.toString(16)}\r\n`), part, Buffer.from("\r\n")]),
      );
    await client.hears(() => client.bytes.includes(body.subarray(7)));
    expect(await postedTo(it, "/m?s=1")).toBe("POST /m?s=1 HTTP/1.1");
  },
);
