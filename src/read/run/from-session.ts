/**
 * What the lines of an MCP session say about runs: a fold, a line at a time. `add` gives the calls that the line began
 * or changed; the evidence of a call is replaced as its answer, its progress and its cancellation come.
 */
import { familyOfClient } from "./families.ts";
import { lineOf, record, text, type MessageLine } from "../mcp/line.ts";
import { META, nameOf } from "../mcp/identity.ts";
import { rpcOf, type RpcError, type RpcRequest, type RpcResult } from "../mcp/message.ts";
import { list } from "../json.ts";
import { newSession, type ServedCall, type SessionEvidence } from "./evidence.ts";
import { canonical, excerpt } from "./excerpt.ts";
import { exactValue } from "./exact-numbers.ts";
import { traceOf } from "./from-exchange.ts";
import { servedResult } from "./served-result.ts";

/** Open requests of one session, of each kind; a server that never answers must not fill the memory. */
const OPEN = 10_000;
const TOOLS = 5_000;
/** Notifications of progress of one call whose time is kept: more are a line on a picture. */
const MARKS = 32;

export type SessionFold = {
  /** The calls that this line began or changed, and whether it says something new of the session. */
  add(line: unknown): { calls: ServedCall[]; session: boolean };
  session(): SessionEvidence | null;
};

type Open = { call: ServedCall; token: string | null };

export function sessionFold(name: string, most?: number): SessionFold {
  let session: SessionEvidence | null = null;
  let lines = 0;
  const open = new Map<string, Open>();
  const byRequest = new Map<string | number, Open>();
  const byToken = new Map<string, Open>();
  const byTask = new Map<string, Open>();
  /** Requests for the list of tools, and questions after a task, by id. */
  const lists = new Map<string, "first" | "next">();
  const tasks = new Map<string, Open>();
  /** A call whose server wants to know something first: the next request of that name goes on with it. */
  let asking: Open | null = null;

  return { add, session: () => session };

  function add(value: unknown): ReturnType<SessionFold["add"]> {
    const line = lineOf(value, lines++);
    const id = text(record(value)?.["session_id"]) ?? "";
    const at = Number.isNaN(line.at) ? (session?.last ?? 0) : line.at;
    const begins = session === null;
    session ??= newSession(id, name, at);
    session.last = Math.max(session.last, at);
    if (line.kind === "event") return { calls: [], session: happened(line.event, line.fields) || begins };
    if (line.kind !== "message") return { calls: [], session: begins };
    const rpc = rpcOf(line.message);
    switch (rpc.kind) {
      case "request":
        return line.from === "client" ? asked(rpc, line, at, begins) : { calls: [], session: begins };
      case "notification":
        return { calls: noted(rpc.method, rpc.params, at), session: begins };
      case "result":
      case "error":
        return line.from === "server" ? answered(rpc, line, at, begins) : { calls: [], session: begins };
      default:
        return { calls: [], session: begins };
    }
  }

  function happened(event: string, fields: Readonly<Record<string, unknown>>): boolean {
    if (session === null) return false;
    if (event === "start") session.run = text(fields["run"]);
    if (event === "exit") session.closed = true;
    return event === "start" || event === "exit";
  }

  function asked(
    rpc: RpcRequest,
    line: MessageLine,
    at: number,
    begins: boolean,
  ): ReturnType<SessionFold["add"]> {
    const { method, params, meta } = rpc;
    const key = keyOf(line.exchange, rpc.id);
    const who = record(params["clientInfo"]) ?? record(meta[`${META}clientInfo`]);
    const news = who !== null && introduce(who);
    if (method === "tools/list") keep(lists, key, params["cursor"] === undefined ? "first" : "next");
    if (method === "tasks/get" || method === "tasks/result") {
      const task = byTask.get(text(params["taskId"]) ?? "");
      if (task) keep(tasks, key, task);
    }
    if (method !== "tools/call") return { calls: [], session: news || begins };
    const calls = [goesOn(params, key) ?? begin(rpc, line, at, key)];
    return { calls, session: news || begins };
  }

  /** The next round of a call that was asked for more: not another call. */
  function goesOn(params: Record<string, unknown>, key: string): ServedCall | null {
    if (asking === null || (params["requestState"] === undefined && params["inputResponses"] === undefined))
      return null;
    if (asking.call.name !== params["name"]) return null;
    keep(open, key, asking);
    return asking.call;
  }

  function begin({ id, params, meta }: RpcRequest, line: MessageLine, at: number, key: string): ServedCall {
    const turn = record(meta["x-codex-turn-metadata"]);
    const exact = exactValue(params["arguments"]);
    const call: ServedCall = {
      key: `${session?.id}/${line.seq}`,
      session: session?.id ?? "",
      seq: line.seq,
      answer_seq: null,
      request: id,
      name: text(params["name"]) ?? "",
      args: excerpt(canonical(params["arguments"] ?? {}), most),
      ...(exact !== null && { exact }),
      at,
      ended: null,
      state: "open",
      error: null,
      tool_use: text(meta["claudecode/toolUseId"]),
      call: text(meta["callId"]),
      item: text(meta["itemId"]),
      thread: text(meta["threadId"]) ?? text(meta["sessionId"]) ?? text(turn?.["thread_id"]),
      trace: traceOf(text(meta["traceparent"])),
      progress: 0,
      result: null,
    };
    const token = meta["progressToken"];
    const entry: Open = { call, token: token === undefined ? null : String(token) };
    keep(open, key, entry);
    keep(byRequest, id, entry);
    if (entry.token !== null) keep(byToken, entry.token, entry);
    return call;
  }

  function answered(
    rpc: RpcResult | RpcError,
    line: MessageLine,
    at: number,
    begins: boolean,
  ): ReturnType<SessionFold["add"]> {
    const key = rpc.id === null ? "" : keyOf(line.exchange, rpc.id);
    const result = rpc.kind === "result" ? rpc.result : null;
    const page = lists.get(key);
    if (page) {
      lists.delete(key);
      return { calls: [], session: listed(result, page) || begins };
    }
    const news = serverNamed(result);
    const task = tasks.get(key);
    if (task) return { calls: followed(task, key, result, line, at), session: begins };
    const entry = open.get(key);
    if (!entry) return { calls: [], session: news || begins };
    open.delete(key);
    return { calls: settled(entry, rpc, line, at), session: news || begins };
  }

  function settled(entry: Open, rpc: RpcResult | RpcError, line: MessageLine, at: number): ServedCall[] {
    const result = rpc.kind === "result" ? rpc.result : null;
    if (result?.["resultType"] === "input_required") {
      asking = entry;
      return [];
    }
    const task = text((result?.["resultType"] === "task" ? result : record(result?.["task"]))?.["taskId"]);
    if (task !== null) {
      keep(byTask, task, entry);
      return [];
    }
    return [finish(entry, result, rpc.kind === "error" ? rpc.message || String(rpc.code) : null, line, at)];
  }

  function followed(
    entry: Open,
    key: string,
    result: Record<string, unknown> | null,
    line: MessageLine,
    at: number,
  ): ServedCall[] {
    tasks.delete(key);
    const whole = result && Array.isArray(result["content"]) ? result : record(result?.["result"]);
    if (whole) return [finish(entry, whole, null, line, at)];
    const status = text(result?.["status"]);
    if (status !== "failed" && status !== "cancelled") return [];
    return [finish(entry, null, text(result?.["statusMessage"]) ?? status, line, at)];
  }

  function finish(
    { call, token }: Open,
    result: Record<string, unknown> | null,
    error: string | null,
    line: MessageLine,
    at: number,
  ): ServedCall {
    if (token !== null) byToken.delete(token);
    const said = result && servedResult(result, most);
    // A cancelled call stays cancelled, whatever came after.
    const state = error !== null ? "error" : said?.error ? "tool-error" : "ok";
    Object.assign(call, { ended: at, answer_seq: line.seq, error, result: said });
    if (call.state !== "cancelled") call.state = state;
    return call;
  }

  function noted(method: string, params: Record<string, unknown>, at: number): ServedCall[] {
    if (method === "notifications/progress") {
      const entry = byToken.get(String(params["progressToken"]));
      if (!entry) return [];
      entry.call.progress++;
      const marks = (entry.call.marks ??= { progress: [], cancelled: null });
      if (marks.progress.length < MARKS) marks.progress.push(at);
      return [entry.call];
    }
    if (method !== "notifications/cancelled") return [];
    const id = params["requestId"];
    const entry = typeof id === "string" || typeof id === "number" ? byRequest.get(id) : undefined;
    if (entry?.call.state !== "open") return [];
    const marks = { progress: entry.call.marks?.progress ?? [], cancelled: at };
    Object.assign(entry.call, { state: "cancelled", ended: at, error: text(params["reason"]), marks });
    return [entry.call];
  }

  function introduce(who: Record<string, unknown>): boolean {
    const client = nameOf({
      name: text(who["name"]),
      version: text(who["version"]),
      title: null,
      capabilities: null,
    });
    if (session === null || client === null || session.client === client) return false;
    Object.assign(session, { client, family: familyOfClient(client) });
    return true;
  }

  function serverNamed(result: Record<string, unknown> | null): boolean {
    const info = record(result?.["serverInfo"]) ?? record(record(result?.["_meta"])?.[`${META}serverInfo`]);
    const server = text(info?.["name"]);
    if (session === null || server === null || session.server === server) return false;
    session.server = server;
    return true;
  }

  function listed(result: Record<string, unknown> | null, page: "first" | "next"): boolean {
    if (session === null || result === null) return false;
    const names = list(result["tools"]).flatMap((tool) => text(record(tool)?.["name"]) ?? []);
    const before = page === "first" ? [] : session.tools;
    session.tools = [...new Set([...before, ...names])].slice(0, TOOLS);
    return true;
  }
}

/** Ids repeat across exchanges of one HTTP session; over a pipe there is none. */
function keyOf(exchange: string | null, id: string | number): string {
  return `${exchange ?? ""} ${typeof id} ${id}`;
}

/** Bounded, the oldest ones go together: a map is searched for its first entry through all that have gone before it. */
function keep<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
  map.set(key, value);
  if (map.size <= OPEN) return;
  let gone = OPEN / 10;
  for (const oldest of map.keys()) {
    if (gone-- === 0) return;
    map.delete(oldest);
  }
}
