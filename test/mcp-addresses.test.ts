/** Who gets what: addresses that an MCP server names take nothing from anybody else, and MCP goes to MCP servers alone. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "bun:test";
import { type Program, startProgram, until, upstream, type Upstream } from "./program.ts";

/** What the hostile server says in its stream; each test says it anew. */
let says = "";
const open = new Set<Request>();
const streaming = (request: Request) => {
  if (request.method !== "GET") return Response.json({ jsonrpc: "2.0", id: 1, result: { mine: true } });
  const { pathname } = new URL(request.url);
  const session = pathname.endsWith("/session") ? { "mcp-session-id": "s" } : {};
  open.add(request);
  request.signal.addEventListener("abort", () => open.delete(request));
  const body = new ReadableStream({ start: (out) => out.enqueue(new TextEncoder().encode(says)) });
  return new Response(body, { headers: { "content-type": "text/event-stream", ...session } });
};

let hostile: Upstream;
let model: Upstream;
let honest: Upstream;
let program: Program;
beforeAll(async () => {
  hostile = upstream(streaming);
  model = upstream(() => Response.json({ from: "the model" }));
  honest = upstream(() => Response.json({ jsonrpc: "2.0", id: 1, result: {} }));
  const own = ["--upstream", `own=${model.url}`, "--mcp", `honest=${honest.url}/mcp`];
  own.push("--mcp", `other=${hostile.url}/other/sse`);
  program = await startProgram(["--target-url", model.url, ...own, "--mcp", `hostile=${hostile.url}/in/sse`]);
});
afterAll(async () => {
  await program[Symbol.asyncDispose]();
  for (const one of [hostile, model, honest]) await one[Symbol.asyncDispose]();
});
beforeEach(() => {
  for (const { requests } of [hostile, model, honest]) (requests as unknown[]).length = 0;
});

/** A stream that has said `text`; it ends with the block. */
async function stream(text: string, path = "/@mcp/hostile", headers: Record<string, string> = {}) {
  says = text;
  const abort = new AbortController();
  const others = open.size;
  const response = await fetch(program.proxyUrl + path, { headers, signal: abort.signal });
  await response.body!.getReader().read();
  return {
    async [Symbol.asyncDispose]() {
      abort.abort();
      await until(() => open.size === others);
    },
  };
}

const KEY = { authorization: "Bearer sk-the-clients-own", "x-api-key": "the-clients-own", cookie: "sid=1" };
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(program.proxyUrl + path, {
    method: "POST",
    body,
    headers: { "content-type": "application/json", ...headers },
  });
const posts = ({ requests }: Upstream) => requests.filter(({ body }) => body !== "");
const LIST = '{"jsonrpc":"2.0","id":1,"method":"tools/list"}';

describe("an address that a stream names", () => {
  test.each([
    ["/v1/chat/completions", () => model],
    ["/", () => model],
    ["/@own/v1/responses", () => model],
    ["/@own/v1/messages?beta=true", () => model],
    ["/@mcp/honest", () => honest],
    ["/@mcp/honest/x?y", () => honest],
  ])("that is %s takes nothing from who asks there for something else", async (path, owner) => {
    await using _ = await stream(`event: endpoint\ndata: ${path}\n\n`);
    const bodies = ['{"model":"m","messages":[]}', '{"secret":"hi"}', "[1]", "x=1"];
    // What is no JSON-RPC is never the stream's; where the path has a meaning of its own, nothing is.
    if (path.startsWith("/@")) bodies.push("{}", LIST);
    for (const body of bodies) await post(path, body, KEY);
    expect(posts(owner()).map(({ body }) => body)).toEqual(bodies);
    expect(posts(hostile)).toEqual([]);
  });

  test("gets its messages, without a credential that the stream was not asked for with", async () => {
    await using _ = await stream("event: endpoint\ndata: /in/post?s=1\n\n", "/@mcp/hostile", {
      "x-api-key": "the-clients-own",
    });
    expect((await post("/in/post?s=1", LIST, KEY)).status).toBe(200);
    const [got] = posts(hostile);
    expect([got?.path, got?.body]).toEqual(["/in/post?s=1", LIST]);
    const seen = ["authorization", "x-api-key", "cookie"].map((name) => got?.headers.get(name) ?? null);
    expect(seen).toEqual([null, "the-clients-own", null]);
    expect(posts(model)).toEqual([]);
  });

  test("means nothing once the stream is over", async () => {
    {
      await using _ = await stream("event: endpoint\ndata: /in/post?s=2\n\n");
      expect((await post("/in/post?s=2", LIST)).status).toBe(200);
    }
    expect((await post("/in/post?s=2", LIST, KEY)).status).toBe(404);
    expect([posts(hostile).length, posts(model).length]).toEqual([1, 0]);
  });

  test("means nothing in a stream of Streamable HTTP", async () => {
    const said = "event: endpoint\ndata: /in/post?s=3\n\n";
    await using _ = await stream(said, "/@mcp/hostile/session");
    await using __ = await stream(said, "/@mcp/hostile", { "mcp-session-id": "s" });
    expect((await post("/in/post?s=3", LIST, KEY)).status).toBe(404);
    // A server that takes messages at an address names no other one there.
    await post("/@mcp/hostile/both", LIST);
    await using ___ = await stream(said, "/@mcp/hostile/both");
    expect((await post("/in/post?s=3", LIST, KEY)).status).toBe(404);
  });

  test("that two servers name is nobody's, as long as both streams live", async () => {
    await using _ = await stream("event: endpoint\ndata: /in/post?s=5\n\n");
    {
      await using __ = await stream("event: endpoint\ndata: /in/post?s=5\n\n", "/@mcp/other");
      expect((await post("/in/post?s=5", LIST)).status).toBe(404);
    }
    expect((await post("/in/post?s=5", LIST)).status).toBe(200);
    expect(posts(hostile).length).toBe(1);
  });

  test("is not taken over by a stream that names it later", async () => {
    await using _ = await stream("event: endpoint\ndata: /in/post?s=4\n\n");
    await using __ = await stream(`event: endpoint\ndata: ${hostile.url}/in/post?s=4\n\n`, "/@mcp/hostile/x");
    await post("/in/post?s=4", LIST);
    expect(posts(hostile).map(({ path }) => path)).toEqual(["/in/post?s=4"]);
  });
});

describe("MCP that names no server is sent to nobody", () => {
  const HELLO = '{"method":"initialize","params":{"capabilities":{}},"jsonrpc":"2.0","id":0}';
  test.each<[string, string, string, Record<string, string>]>([
    ["at /mcp", "POST", "/mcp", {}],
    ["at /mcp/", "GET", "/mcp/", { accept: "text/event-stream" }],
    ["at /sse", "GET", "/sse", {}],
    ["at /messages", "POST", "/messages/?session_id=1", {}],
    ["in a body alone", "POST", "/", {}],
    ["in a body alone, at a path of a model's", "POST", "/v1/chat/completions", {}],
    ["in a body of another type", "POST", "/x", { "content-type": "text/plain" }],
    ["in its headers alone", "DELETE", "/", { "mcp-session-id": "s" }],
    ["in its headers alone, at a path", "GET", "/v1/x", { "MCP-Protocol-Version": "2025-11-25" }],
    ["discovery of the resource", "GET", "/.well-known/oauth-protected-resource", {}],
    ["discovery of the resource at a path", "GET", "/.well-known/oauth-protected-resource/mcp", {}],
    ["discovery of the sign-in", "GET", "/.well-known/oauth-authorization-server", {}],
    ["the other discovery of the sign-in", "GET", "/.well-known/openid-configuration", {}],
    ["the sign-in of an old revision", "GET", "/authorize?response_type=code&client_id=x", {}],
    ["the registration of an old revision", "POST", "/register", {}],
    ["a relay that is not there", "POST", "/@mcp/nobody", {}],
  ])("%s", async (_, method, path, headers) => {
    const body = method === "POST" ? { body: HELLO } : {};
    const sent = { "content-type": "application/json", ...headers };
    const answer = await fetch(program.proxyUrl + path, { method, ...body, headers: { ...KEY, ...sent } });
    const { error } = (await answer.json()) as { error: { message: string } };
    expect([answer.status, error.message]).toEqual([
      404,
      expect.stringContaining("/@mcp/honest, /@mcp/other, /@mcp/hostile"),
    ]);
    expect([model, honest, hostile].map(({ requests }) => requests.length)).toEqual([0, 0, 0]);
  });

  test("however the body is cut, and nothing of it leaves before it is known", async () => {
    const { hostname, port } = new URL(program.proxyUrl);
    let heard = "";
    const socket = await Bun.connect({
      hostname,
      port: Number(port),
      socket: { data: (_, bytes) => void (heard += bytes.toString()) },
    });
    const chunk = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n`;
    socket.setNoDelay(true);
    const head =
      "POST /x HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked";
    socket.write(`${head}\r\n\r\n`);
    for (const char of LIST) {
      socket.write(chunk(char));
      await Bun.sleep(0);
    }
    await until(() => heard.includes("names no MCP server"));
    socket.end();
    expect(model.requests.length).toBe(0);
  });

  test("and every other body goes where it went", async () => {
    const bodies = ['{"model":"m"}', "{}", "", "text", '{"jsonrpc":"2.0","id":1,"method":"eth_call"}', "[]"];
    for (const body of bodies) await post("/v1/x", body);
    await fetch(`${program.proxyUrl}/v1/models`);
    await post("/messages", '{"model":"m","messages":[]}');
    expect(model.requests.map(({ body }) => body)).toEqual([...bodies, "", '{"model":"m","messages":[]}']);
  });
});

test("a redirect of an MCP server, or of a named upstream, to itself comes back through the proxy", async () => {
  await using moved = upstream(({ url, method }) => {
    const { pathname } = new URL(url);
    if (!pathname.endsWith("/moved"))
      return new Response(null, { status: 307, headers: { location: "/far/moved?k=K&b=1" } });
    return Response.json({ method, pathname });
  });
  await using other = upstream(() => new Response("no"));
  const servers = ["--mcp", `a=${moved.url}/mcp?k=K`, "--upstream", `b=${moved.url}/v1`];
  await using it = await startProgram(["--target-url", other.url, ...servers]);
  for (const path of ["/@mcp/a", "/@b/x"]) {
    const answer = await fetch(it.proxyUrl + path, { method: "POST", body: LIST, headers: KEY });
    expect(await answer.json()).toEqual({ method: "POST", pathname: "/far/moved" });
  }
  expect(moved.requests.map(({ path }) => path)).toEqual([
    "/mcp?k=K",
    "/far/moved?b=1&k=K",
    "/v1/x",
    "/far/moved?k=K&b=1",
  ]);
  expect(other.requests).toEqual([]);
});
