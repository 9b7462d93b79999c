/** Sources of the page with believable data, made by hand: exchanges, MCP sessions, and a way to go on live. */
import { addFact, joined, type Exchange } from "../src/fact/exchange.ts";
import type { Ending, Header } from "../src/fact/fact.ts";
import type { Status } from "../src/fact/frame.ts";
import { createFeed } from "../src/feed/ring.ts";
import type { ExchangeRow, SessionRow } from "../src/fact/rows.ts";
import { openIndex } from "../src/index/sqlite.ts";
import { sessionList, type SessionList } from "../src/read/mcp/session-list.ts";
import { liveReading, liveSnapshot } from "../src/read/live.ts";
import { expertOf } from "../src/read/milestones/exchange.ts";
import { read } from "../src/read/read.ts";
import type { Sources } from "../src/web/sources.ts";

export type Spec = {
  at?: number;
  upstream?: string;
  method?: string;
  path?: string;
  target?: string;
  headers?: Header[];
  body?: unknown;
  status?: number;
  responseHeaders?: Header[];
  /** Pieces as they come, with ms since the request. */
  pieces?: [t: number, text: string][];
  ttfb?: number;
  ending?: Ending;
  error?: string | null;
};

const bytes = (text: string) => new TextEncoder().encode(text);
let made = 0;

/** A UUID v7 of this time, unique in this process and in order. */
export function idAt(at: number): string {
  const time = Math.floor(at).toString(16).padStart(12, "0");
  made += 1;
  const slot = (made % 4096).toString(16).padStart(3, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${slot}-8000-${made.toString(16).padStart(12, "0")}`;
}

export function exchangeOf(spec: Spec): Exchange {
  const exchange = openingOf(spec);
  const { id } = exchange;
  const pieces = spec.pieces ?? [];
  const ttfb = spec.ttfb ?? pieces[0]?.[0] ?? 120;
  const headers = spec.responseHeaders ?? [["content-type", "text/event-stream; charset=utf-8"]];
  if (spec.ending !== "refused")
    addFact(exchange, { fact: "head", id, t: ttfb, status: spec.status ?? 200, headers });
  for (const [t, text] of pieces)
    addFact(exchange, { fact: "bytes", id, t, from: "server", bytes: bytes(text) });
  const t = (pieces.at(-1)?.[0] ?? ttfb) + 3;
  addFact(exchange, { fact: "close", id, t, ending: spec.ending ?? "complete", error: spec.error ?? null });
  return exchange;
}

export function openingOf(spec: Spec): Exchange {
  const at = spec.at ?? Date.now();
  const id = idAt(at);
  const path = spec.path ?? "/v1/chat/completions";
  const exchange = addFact(undefined, {
    fact: "open",
    id,
    at,
    wire: "http",
    method: spec.method ?? "POST",
    path,
    upstream: spec.upstream ?? "openrouter",
    target: spec.target ?? `https://openrouter.ai/api${path}`,
    headers: spec.headers ?? [
      ["host", "127.0.0.1:8000"],
      ["user-agent", "OpenAI/JS 7.57.0"],
      ["content-type", "application/json"],
      ["authorization", "Bearer sk-or-***3f9a"],
    ],
  });
  if (spec.body !== undefined)
    addFact(exchange, { fact: "bytes", id, t: 1, from: "client", bytes: bytes(JSON.stringify(spec.body)) });
  return exchange;
}

export function rowOf(exchange: Exchange): ExchangeRow {
  const reading = read(exchange);
  const { id, at, upstream, method, path, target, close, response } = exchange;
  const asked = (reading.messages.at(-1)?.parts ?? [])
    .map((part) => (part.type === "text" ? part.text : part.type === "tool_result" ? "tool result" : ""))
    .join(" ");
  return {
    id,
    at,
    state: close ? "done" : response ? "streaming" : "waiting",
    wire: "http",
    upstream,
    method,
    path,
    target,
    status: response?.status ?? null,
    ending: close?.ending ?? null,
    error: close?.error ?? reading.error?.message ?? null,
    dialect: reading.dialect,
    provider: reading.provider,
    model: reading.model,
    streamed: reading.streamed,
    ttfb_ms: reading.timing.ttfb_ms,
    ttft_ms: reading.timing.ttft_ms,
    duration_ms: close?.t ?? null,
    tokens_in: reading.usage?.input ?? null,
    tokens_out: reading.usage?.output ?? null,
    tokens_cached: reading.usage?.cached ?? null,
    cost: reading.cost?.total ?? null,
    bytes_in: joined(exchange.request.pieces).byteLength,
    bytes_out: joined(response?.pieces ?? []).byteLength,
    asked: asked.slice(0, 200),
    answered: reading.text.slice(0, 200),
    tools: reading.tool_calls.map(({ name }) => name),
    client: null,
    has: [],
    rules: [],
    expert: expertOf(exchange, reading),
    run: null,
    problems: reading.problems.filter(({ severity }) => severity !== "note").length,
    conversation: null,
    turn: null,
    parent: null,
  };
}

type Flight = ReturnType<ReturnType<typeof believable>["begin"]>;
export type Believable = ReturnType<typeof believable>;
export type { Flight };

/** `change` replaces single sources. */
export function believable(change: Partial<Sources> = {}) {
  const index = openIndex(":memory:");
  const feed = createFeed({ ring: 2000, queue: 1000 });
  const exchanges = new Map<string, Exchange>();
  const flying = new Map<string, Exchange>();
  const sessions = new Map<string, { list: SessionList; seq: number }>();
  const status = async (): Promise<Status> => ({
    exchanges: (await index.counts()).exchanges,
    sessions: (await index.counts()).sessions,
    in_flight: flying.size,
    waiting: 0,
    backlog: 0,
    warnings: [],
    unreadable: await index.unreadable(),
  });
  const sources: Sources = {
    index,
    feed,
    load: async (id) => exchanges.get(id) ?? null,
    file: async (id) => {
      const found = exchanges.get(id);
      return found
        ? JSON.stringify({ format: 1, id, method: found.method, path: found.path }, null, 2)
        : null;
    },
    live(id, from) {
      const exchange = flying.get(id);
      if (!exchange) return null;
      const { events, ...facts } = liveSnapshot(exchange);
      return { ...facts, events: events.slice(from), ttfb: exchange.response?.ttfb ?? null };
    },
    inFlight: () => [...flying.values()].map(rowOf),
    session: (id) => sessions.get(id)?.list ?? null,
    status,
    about: {
      version: "0.1.0",
      proxyUrl: "http://127.0.0.1:8000",
      dashboardUrl: "http://127.0.0.1:8080",
      upstreams: [
        { name: "openrouter", url: "https://openrouter.ai/api" },
        { name: "anthropic", url: "https://api.anthropic.com" },
      ],
      defaultUpstream: "openrouter",
      logDir: "logs",
      masked: true,
    },
    token: null,
    allowedHosts: [],
    ...change,
  };
  return { sources, index, feed, keep, begin, line };

  /** As if these were in `logs/` before the page opened. */
  function keep(...finished: Exchange[]): void {
    for (const exchange of finished) exchanges.set(exchange.id, exchange);
    index.putExchanges(
      finished.map((exchange) => {
        const row = rowOf(exchange);
        const file = { path: `llm_proxy/${exchange.id}.json`, mtime: exchange.at, size: 1000 };
        return { row, text: [row.asked, row.answered, row.model].join("\n"), file };
      }),
    );
  }

  /** A request comes; the functions let it go on. */
  function begin(spec: Spec) {
    const exchange = openingOf(spec);
    const { id } = exchange;
    exchanges.set(id, exchange);
    flying.set(id, exchange);
    const live = liveReading(exchange, { whole: () => exchange });
    feed.publish({ type: "exchange.open", row: rowOf(exchange) });
    return {
      id,
      head(t: number, code = 200, headers: Header[] = [["content-type", "text/event-stream"]]) {
        addFact(exchange, { fact: "head", id, t, status: code, headers });
        feed.publish({ type: "exchange.head", row: rowOf(exchange), headers });
      },
      say(t: number, text: string) {
        addFact(exchange, { fact: "bytes", id, t, from: "server", bytes: bytes(text) });
        feed.publish({ type: "exchange.bytes", id, t_ms: t, from: "server", text });
        live.take("server", { t, bytes: bytes(text) });
        const added = live.added();
        const times = { ttfb: exchange.response?.ttfb ?? null, ttft: live.facts().ttft };
        if (added) feed.publish({ type: "exchange.added", id, ...times, ...added });
      },
      end(t: number, ending: Ending = "complete", error: string | null = null) {
        addFact(exchange, { fact: "close", id, t, ending, error });
        flying.delete(id);
        keep(exchange);
        feed.publish({ type: "exchange.close", row: rowOf(exchange), ending });
      },
    };
  }

  /** A line of a session file; the first of its session makes the session. */
  function line(name: string, session: string, at: number, rest: Record<string, unknown>): void {
    const it = sessions.get(session) ?? { list: sessionList(session), seq: 0 };
    sessions.set(session, it);
    const value = { session_id: session, timestamp: new Date(at).toISOString(), seq: it.seq, ...rest };
    it.list.add(value, it.seq);
    const row: SessionRow = { ...it.list.reader.row(), id: session, name };
    const message = { session_id: session, seq: it.seq, at, line: value };
    index.putSession(row, { path: `mcp_${name}/${session}.jsonl`, mtime: at, size: it.seq });
    index.putMessages([message]);
    it.seq += 1;
    const { rows, changed } = it.list.news();
    feed.publish({ type: "mcp.session", row });
    for (const shown of rows) feed.publish({ type: "mcp.message", row: shown });
    if (changed.length > 0) feed.publish({ type: "mcp.row", session_id: session, rows: changed });
    feed.publish({ type: "mcp.head", session_id: session, head: it.list.head() });
  }
}

/** Server-sent events of Chat Completions: text in pieces, then a finish and usage. */
export function chatStream(
  words: readonly string[],
  { from = 300, gap = 25, model = "gpt-4o-mini" }: { from?: number; gap?: number; model?: string } = {},
): [t: number, text: string][] {
  const base = { id: "chatcmpl-9f3", object: "chat.completion.chunk", created: 1770000000, model };
  const event = (delta: unknown, finish: string | null = null) =>
    `data: ${JSON.stringify({ ...base, choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;
  const pieces: [number, string][] = [[from, event({ role: "assistant", content: "" })]];
  for (const [n, content] of words.entries()) pieces.push([from + (n + 1) * gap, event({ content })]);
  const t = from + (words.length + 1) * gap;
  const usage = { prompt_tokens: 41, completion_tokens: words.length, total_tokens: 41 + words.length };
  pieces.push([t, event({}, "stop")]);
  pieces.push([t + 2, `data: ${JSON.stringify({ ...base, choices: [], usage })}\n\ndata: [DONE]\n\n`]);
  return pieces;
}
