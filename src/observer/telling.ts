/** What the observer publishes, in the words of whoever counts it. */
import type { Feed } from "../feed/feed.ts";
import type { Call } from "../read/mcp/reading.ts";
import type { SpanCall, Telemetry } from "../telemetry/telemetry.ts";
import type { SessionNews } from "./session-follower.ts";

export function tellOfSession(telemetry: Telemetry, { row, at, calls, problems }: SessionNews): void {
  for (const call of calls) {
    const ended = endedCall(row, call);
    if (ended) telemetry.call(ended);
  }
  if (row.state === "closed") {
    const transport = row.transport === "http" ? "tcp" : "pipe";
    const { id, name: server, revision, last_at } = row;
    telemetry.session({ id, server, transport, revision, at: last_at, ms: Math.max(0, last_at - row.at) });
  }
  for (const { seq, rule } of problems) telemetry.problem("mcp", rule, `${row.id}/${seq}`, at);
}

/** Null for one that still waits. What a person or a task goes on with is not over either. */
export function endedCall(row: SessionNews["row"], call: Call): SpanCall | null {
  const { state, error, method, name, at, latency_ms: ms, cancelled } = call;
  if (state !== "ok" && state !== "error" && state !== "tool-error" && state !== "cancelled") return null;
  return {
    key: `${row.id}/${call.seq}`,
    at: cancelled?.at ?? at + (ms ?? 0),
    server: row.name,
    method,
    tool: method === "tools/call" ? name : null,
    outcome: state,
    errorType: errorTypeOf(state, error),
    transport: row.transport === "http" ? "tcp" : "pipe",
    revision: row.revision,
    ms: ms ?? (cancelled ? Math.max(0, cancelled.at - at) : null),
    session: row.id,
    seq: call.seq,
    answer: call.answer_seq,
    id: String(call.id),
    subject: name,
    code: error?.code ?? null,
    message: error?.message ?? cancelled?.reason ?? null,
    traceparent: call.trace,
    target: row.transport === "http" ? row.command : null,
  };
}

function errorTypeOf(state: Call["state"], error: Call["error"]): string | null {
  if (state === "ok") return null;
  if (state === "tool-error") return "tool_error";
  if (state === "cancelled") return "cancelled";
  return error?.code != null ? String(error.code) : (error?.name ?? "_OTHER");
}

/** What another process has put into the index is only told. */
export function counted(feed: Feed, telemetry: Telemetry): Feed {
  return {
    ...feed,
    publish(news) {
      if (news.type === "exchange.close") telemetry.exchange(news.row);
      feed.publish(news);
    },
  };
}
