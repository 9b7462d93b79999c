/** MCP over HTTP through the proxy, against servers that say exactly what a test wants: the corners of both eras. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { readSession } from "../src/read/mcp/session.ts";
import { exchangeFiles, type Json, type Program, pushed, root, startProgram, until } from "./program.ts";

type Answer = (request: Request) => Response | Promise<Response>;
const NAMES = ["guarded", "resumed", "asking", "batch", "twins", "left", "listen", "rounds", "path", "far"];
const answers: Record<string, Answer> = {};
let plain: Bun.Server<undefined>;
let secure: Bun.Server<undefined>;
let program: Program;

beforeAll(async () => {
  const fetch = (request: Request) => {
    const name = new URL(request.url).pathname.replace(/^\/\.well-known\/[^/]+/, "").split("/")[1] ?? "";
    return answers[name]?.(request) ?? new Response("nothing here", { status: 404 });
  };
  const fixtures = join(root, "src/capture/fixtures");
  plain = Bun.serve({ hostname: "127.0.0.1", port: 0, idleTimeout: 0, fetch });
  secure = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch,
    tls: {
      key: Bun.file(join(fixtures, "localhost-key.pem")),
      cert: Bun.file(join(fixtures, "localhost.pem")),
    },
  });
  const servers = NAMES.flatMap((name) => {
    const base = name === "far" ? `https://localhost:${secure.port}` : `http://127.0.0.1:${plain.port}`;
    return ["--mcp", `${name}=${base}/${name}`];
  });
  program = await startProgram([...servers, "--insecure-tls"]);
});
afterAll(async () => {
  await program[Symbol.asyncDispose]();
  await Promise.all([plain.stop(true), secure.stop(true)]);
});

const MODERN = "2026-07-28";
const meta = {
  "io.modelcontextprotocol/protocolVersion": MODERN,
  "io.modelcontextprotocol/clientCapabilities": {},
  "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
};
const rpc = (more: Json) => ({ jsonrpc: "2.0", ...more });
const sse = (message: Json, id?: string) =>
  `${id === undefined ? "" : `id: ${id}\n`}event: message\ndata: ${JSON.stringify(message)}\n\n`;
const events = (...texts: string[]) =>
  new Response(texts.join(""), { headers: { "content-type": "text/event-stream" } });

/** A stream whose head is out already: the server sends it with the first bytes. */
function opened() {
  const stream = pushed();
  stream.push(": open\n\n");
  return stream;
}

/** Reads on until `words` came. */
function listener(response: Response): (words: string) => Promise<void> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let heard = "";
  return async (words) => {
    while (!heard.includes(words)) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`the stream ended before ${words}; heard: ${heard}`);
      heard += value;
    }
  };
}

const at = (name: string, rest = "") => `${program.proxyUrl}/@mcp/${name}${rest}`;
function post(name: string, body: Json, headers: Record<string, string> = {}, init: RequestInit = {}) {
  return fetch(at(name), {
    method: "POST",
    body: JSON.stringify(body),
    headers: {
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    ...init,
  });
}
const get = (name: string, headers: Record<string, string> = {}, init: RequestInit = {}) =>
  fetch(at(name), { headers: { accept: "text/event-stream", ...headers }, ...init });

/** What is recorded of the one session of a server, when it is as wanted. */
function recorded(name: string, isDone: (lines: Json[]) => boolean): Promise<Json[]> {
  const folder = join(program.logDir, `mcp_${name}`);
  return until(() => {
    try {
      const [file, ...more] = readdirSync(folder);
      if (file === undefined) return false;
      expect(more).toEqual([]);
      const lines = readFileSync(join(folder, file), "utf8").trimEnd().split("\n");
      const parsed = lines.map((line) => JSON.parse(line) as Json);
      return isDone(parsed) && parsed;
    } catch (error) {
      if (error instanceof SyntaxError || (error as { code?: string }).code === "ENOENT") return false;
      throw error;
    }
  });
}
const closed = (count: number) => (lines: Json[]) =>
  lines.filter((line) => line.event === "close").length >= count;
const said = (lines: Json[]) =>
  lines.map((line) => line.event ?? `${line.from} ${line.message?.method ?? line.message?.id ?? line.raw}`);

describe("a challenge", () => {
  test("reaches the client as it was sent, is recorded, and the token that answers it is not", async () => {
    const challenge =
      'Bearer resource_metadata="https://far.example/.well-known/oauth-protected-resource", scope="tools"';
    const seen: string[] = [];
    answers["guarded"] = (request) => {
      const { pathname } = new URL(request.url);
      seen.push(`${request.method} ${pathname} ${request.headers.get("authorization")}`);
      if (pathname.includes(".well-known")) return Response.json({ resource: "https://far.example/mcp" });
      if (request.headers.get("authorization") === "Bearer good-token-0123456789")
        return Response.json(rpc({ id: 2, result: {} }));
      return new Response("no", { status: 401, headers: { "www-authenticate": challenge } });
    };
    const refused = await post("guarded", rpc({ id: 1, method: "ping" }));
    expect([refused.status, refused.headers.get("www-authenticate"), await refused.text()]).toEqual([
      401,
      challenge,
      "no",
    ]);
    const wellKnown = "/.well-known/oauth-protected-resource/@mcp/guarded";
    const known = await fetch(new URL(wellKnown, program.proxyUrl));
    expect(await known.json()).toEqual({ resource: "https://far.example/mcp" });
    const headers = { authorization: "Bearer good-token-0123456789" };
    expect(await (await post("guarded", rpc({ id: 2, method: "ping" }), headers)).json()).toMatchObject({
      id: 2,
    });
    expect(seen).toEqual([
      "POST /guarded null",
      "GET /.well-known/oauth-protected-resource/guarded null",
      "POST /guarded Bearer good-token-0123456789",
    ]);
    // Who is told to sign in and does is one session.
    const lines = await recorded("guarded", closed(3));
    expect(lines.find((line) => line.status === 401)).toMatchObject({ event: "close", challenge });
    const { calls, problems } = readSession(lines);
    expect(calls.map(({ state, error }) => [state, error?.name])).toEqual([
      ["error", "HTTP 401"],
      ["ok", undefined],
    ]);
    expect(new Set(problems.map(({ rule }) => rule))).toEqual(new Set(["mcp/oauth-resource"]));
    expect(JSON.stringify(lines)).not.toContain("good-token");
    expect(JSON.stringify(await exchangeFiles(program.logDir, 3))).not.toContain("good-token");
  });
});

describe("up to 2025-11-25", () => {
  test("a stream that is resumed is the same session, and what was missed belongs to its call", async () => {
    const first = opened();
    const headers = { "mcp-session-id": "s-resumed" };
    const asked: (string | null)[] = [];
    answers["resumed"] = (request) => {
      if (request.method === "POST") return first.response();
      asked.push(request.headers.get("last-event-id"));
      return events(
        sse(rpc({ method: "notifications/progress", params: { progressToken: 7, progress: 2 } }), "e-2"),
        sse(rpc({ id: 7, result: { content: [] } }), "e-3"),
      );
    };
    const call = rpc({ id: 7, method: "tools/call", params: { name: "slow", _meta: { progressToken: 7 } } });
    const broken = post("resumed", call, headers).then((response) => response.text());
    first.push("id: e-0\ndata:\n\n");
    first.push(
      sse(rpc({ method: "notifications/progress", params: { progressToken: 7, progress: 1 } }), "e-1"),
    );
    first.end();
    expect(await broken).toContain("id: e-1");
    const rest = await (await get("resumed", { ...headers, "last-event-id": "e-1" })).text();
    expect([asked, rest.includes('"id":7')]).toEqual([["e-1"], true]);
    const lines = await recorded("resumed", closed(2));
    expect(lines.flatMap((line) => line.event_id ?? [])).toEqual(["e-1", "e-2", "e-3"]);
    expect(lines.find((line) => line.event === "stream").http.headers["last-event-id"]).toBe("e-1");
    const { calls, problems } = readSession(lines);
    expect(calls.map(({ state, progress }) => [state, progress.length])).toEqual([["ok", 2]]);
    expect(problems.filter(({ severity }) => severity !== "note")).toEqual([]);
  });

  test("the server asks on its own stream and inside a call; the client's answers are posted", async () => {
    const own = opened();
    const inside = opened();
    const headers = { "mcp-session-id": "s-asking", "mcp-protocol-version": "2025-11-25" };
    const answered: Json[] = [];
    answers["asking"] = async (request) => {
      if (request.method === "GET") return own.response();
      const message = (await request.json()) as Json;
      if (message.method === "tools/call") return inside.response();
      answered.push(message);
      return new Response(null, { status: 202 });
    };
    const stream = await get("asking", headers);
    const call = await post(
      "asking",
      rpc({ id: 1, method: "tools/call", params: { name: "plan" } }),
      headers,
    );
    const sampling = { messages: [], maxTokens: 5 };
    own.push(sse(rpc({ id: "a", method: "roots/list" })));
    inside.push(sse(rpc({ id: "b", method: "sampling/createMessage", params: sampling })));
    await listener(stream)("roots/list");
    await listener(call)("sampling/createMessage");
    await post("asking", rpc({ id: "a", result: { roots: [] } }), headers);
    const content = { type: "text", text: "hi" };
    await post("asking", rpc({ id: "b", result: { role: "assistant", content, model: "m" } }), headers);
    inside.push(sse(rpc({ id: 1, result: { content: [content] } })));
    inside.end();
    own.end();
    expect(answered.map(({ id }) => id)).toEqual(["a", "b"]);
    const { calls } = readSession(await recorded("asking", closed(4)));
    const mine = calls.find(({ from }) => from === "client");
    expect(calls.map(({ from, method, state }) => [from, method, state]).toSorted()).toEqual([
      ["client", "tools/call", "ok"],
      ["server", "roots/list", "ok"],
      ["server", "sampling/createMessage", "ok"],
    ]);
    expect(calls.find(({ method }) => method.startsWith("sampling"))?.parent).toEqual({
      key: mine!.key,
      how: "exchange",
    });
  });

  test("a batch is one exchange of many messages, answered as JSON or as a stream", async () => {
    const each = (ids: number[]) => ids.map((id) => rpc({ id, result: {} }));
    answers["batch"] = async (request) => {
      const [first] = (await request.json()) as Json[];
      if (first.id === 1) return Response.json(each([2, 1]));
      return events(sse(each([4])), sse(each([3])));
    };
    const headers = { "mcp-session-id": "s-batch", "mcp-protocol-version": "2025-03-26" };
    const ask = (ids: number[]) => [
      ...ids.map((id) => rpc({ id, method: "ping" })),
      rpc({ method: "notifications/x" }),
    ];
    expect(await (await post("batch", ask([1, 2]), headers)).json()).toHaveLength(2);
    await (await post("batch", ask([3, 4]), headers)).text();
    const lines = await recorded("batch", closed(2));
    expect(lines.flatMap((line) => (line.batch && line.from === "client" ? [line.batch] : []))).toEqual(
      [0, 1, 2, 0, 1, 2].map((index) => ({ index, size: 3 })),
    );
    expect(readSession(lines).calls.map(({ id, state }) => [id, state])).toEqual(
      [1, 2, 3, 4].map((id) => [id, "ok"]),
    );
  });

  test("equal ids at the same time are paired by their exchanges", async () => {
    const held: Record<string, ReturnType<typeof pushed>> = { one: opened(), two: opened() };
    answers["twins"] = async (request) => held[((await request.json()) as Json).params.name]!.response();
    const call = (name: string) => rpc({ id: 1, method: "tools/call", params: { name } });
    const both = ["one", "two"].map((name) => post("twins", call(name)));
    const responses = await Promise.all(both);
    for (const name of ["two", "one"]) {
      held[name]!.push(sse(rpc({ id: 1, result: { content: [{ type: "text", text: name }] } })));
      held[name]!.end();
    }
    expect((await responses[0]!.text()).includes('"one"')).toBe(true);
    await responses[1]!.text();
    const lines = await recorded("twins", closed(2));
    for (const call of readSession(lines).calls) {
      const answer = lines.find((line) => line.seq === call.answer_seq);
      expect(answer.message.result.content[0].text).toBe(call.name);
    }
  });

  test("an address to post to that holds no session's id is of its stream's session", async () => {
    const stream = opened();
    answers["path"] = async (request) => {
      if (request.method === "GET") return stream.response();
      const { id } = (await request.json()) as Json;
      if (id !== undefined) stream.push(sse(rpc({ id, result: {} })));
      return new Response("Accepted", { status: 202 });
    };
    const heard = listener(await get("path"));
    stream.push("event: endpoint\ndata: /path/messages/77\n\n");
    await heard("event: endpoint\ndata: /path/messages/77\n\n");
    for (const [id, method] of ["initialize", "ping"].entries()) {
      const body = JSON.stringify(rpc({ id, method, params: {} }));
      const answer = await fetch(new URL("/path/messages/77", program.proxyUrl), { method: "POST", body });
      expect(answer.status).toBe(202);
      await heard(`"id":${id}`);
    }
    stream.end();
    const lines = await recorded("path", closed(3));
    expect(readSession(lines).calls.map(({ method, state }) => [method, state])).toEqual([
      ["initialize", "ok"],
      ["ping", "ok"],
    ]);
  });
});

describe("2026-07-28", () => {
  const headers = (method: string, name?: string) => ({
    "mcp-protocol-version": MODERN,
    "mcp-method": method,
    ...(name !== undefined && { "mcp-name": name }),
  });

  test("a client that hangs up hangs up the server, and that is the cancel", async () => {
    const stream = opened();
    const gone = Promise.withResolvers<string>();
    answers["left"] = (request) => {
      request.signal.addEventListener("abort", () => gone.resolve("aborted"));
      return stream.response();
    };
    const hangUp = new AbortController();
    const params = { name: "slow", arguments: {}, _meta: { ...meta, progressToken: 1 } };
    const response = await post(
      "left",
      rpc({ id: 5, method: "tools/call", params }),
      headers("tools/call", "slow"),
      { signal: hangUp.signal },
    );
    stream.push(sse(rpc({ method: "notifications/progress", params: { progressToken: 1, progress: 1 } })));
    await listener(response)("notifications/progress");
    hangUp.abort();
    expect(await gone.promise).toBe("aborted");
    const lines = await recorded("left", closed(1));
    expect(lines.at(-1)).toMatchObject({ event: "close", ending: "client-gone" });
    const { calls, problems } = readSession(lines);
    expect(calls[0]).toMatchObject({ state: "cancelled", cancelled: { by: "client", how: "hang-up" } });
    expect(problems).toEqual([]);
  });

  test("subscriptions/listen is a stream with events of its own, not a call that hangs", async () => {
    const stream = opened();
    answers["listen"] = () => stream.response();
    const hangUp = new AbortController();
    const params = { notifications: { toolsListChanged: true }, _meta: meta };
    const response = await post(
      "listen",
      rpc({ id: "sub", method: "subscriptions/listen", params }),
      headers("subscriptions/listen"),
      { signal: hangUp.signal },
    );
    const heard = listener(response);
    const _meta = { "io.modelcontextprotocol/subscriptionId": "sub" };
    for (const method of ["subscriptions/acknowledged", "tools/list_changed", "prompts/list_changed"]) {
      const notifications = method.endsWith("acknowledged") ? params.notifications : undefined;
      stream.push(
        sse(
          rpc({
            method: `notifications/${method}`,
            params: { _meta, ...(notifications && { notifications }) },
          }),
        ),
      );
      await heard(method);
    }
    const live = readSession(await recorded("listen", (lines) => lines.length === 5));
    expect(live.counts.pending).toBe(0);
    expect(live.calls[0]).toMatchObject({
      state: "pending",
      stream: { acknowledged: 3, events: [4, 5], filter: { toolsListChanged: true } },
    });
    hangUp.abort();
    const over = readSession(await recorded("listen", closed(1)));
    expect(over.calls[0]).toMatchObject({ state: "cancelled", cancelled: { how: "hang-up" } });
    expect(over.problems).toEqual([]);
  });

  test("a call of two rounds is one call; a header that says otherwise than the body is found", async () => {
    const result = { resultType: "complete", content: [{ type: "text", text: "done" }] };
    const unit = {
      method: "elicitation/create",
      params: { mode: "form", message: "unit?", requestedSchema: { type: "object", properties: {} } },
    };
    answers["rounds"] = async (request) => {
      const { id, params } = (await request.json()) as Json;
      if (params.inputResponses) return Response.json(rpc({ id, result }));
      return Response.json(
        rpc({ id, result: { resultType: "input_required", inputRequests: { unit }, requestState: "st" } }),
      );
    };
    const capable = { ...meta, "io.modelcontextprotocol/clientCapabilities": { elicitation: { form: {} } } };
    const params = { name: "plan", arguments: {}, _meta: capable };
    await (
      await post("rounds", rpc({ id: 1, method: "tools/call", params }), headers("tools/call", "plan"))
    ).text();
    const more = { inputResponses: { unit: { action: "accept", content: {} } }, requestState: "st" };
    const again = rpc({ id: 2, method: "tools/call", params: { ...params, ...more } });
    await (await post("rounds", again, headers("tools/call", "other"))).text();
    const { calls, problems } = readSession(await recorded("rounds", closed(2)));
    expect(calls.map(({ state, rounds }) => [state, rounds.length])).toEqual([["ok", 2]]);
    expect(problems.map(({ rule }) => rule)).toEqual(["mcp/header-mismatch"]);
  });
});

test("a server far away is asked over TLS, by its own name; what it says about itself passes", async () => {
  const seen: (string | null)[] = [];
  answers["far"] = (request) => {
    seen.push(request.headers.get("host"), request.headers.get("mcp-method"));
    const headers = { "mcp-session-id": "secret-session-1", "x-own": "kept" };
    return Response.json(rpc({ id: 1, result: { resultType: "complete" } }), { headers });
  };
  const response = await post("far", rpc({ id: 1, method: "server/discover", params: { _meta: meta } }), {
    "mcp-protocol-version": MODERN,
    "mcp-method": "server/discover",
  });
  expect([response.headers.get("mcp-session-id"), response.headers.get("x-own")]).toEqual([
    "secret-session-1",
    "kept",
  ]);
  await response.text();
  expect(seen).toEqual([`localhost:${secure.port}`, "server/discover"]);
  const lines = await recorded("far", closed(1));
  expect(said(lines)).toEqual(["start", "client server/discover", "server 1", "close"]);
  expect(lines[0].target).toStartWith("https://localhost:");
  expect(JSON.stringify(lines)).not.toContain("secret-session-1");
});
