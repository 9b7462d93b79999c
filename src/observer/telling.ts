/** What the observer publishes, in the words of whoever counts it. */
import type { RunChanges } from "../fact/rows.ts";
import type { Call } from "../read/mcp/reading.ts";
import type { EndedCall, Telemetry } from "../telemetry/telemetry.ts";
import type { SessionNews } from "./session-follower.ts";

export function tellOfSession(telemetry: Telemetry, { row, at, calls, problems }: SessionNews): void {
  for (const call of calls) {
    const ended = endedCall(row, call);
    if (ended) telemetry.call(ended);
  }
  for (const { seq, rule } of problems) telemetry.problem("mcp", rule, `${row.id}/${seq}`, at);
}

export function tellOfRuns(telemetry: Telemetry, { steps }: RunChanges, now: number): void {
  for (const { id, ended, problems } of steps)
    for (const { rule } of problems) telemetry.problem("run", rule, id, ended ?? now);
}

/** Null for one that still waits. What a person or a task goes on with is not over either. */
export function endedCall(row: SessionNews["row"], call: Call): EndedCall | null {
  const { state, error, method, name, at, latency_ms: ms } = call;
  if (state !== "ok" && state !== "error" && state !== "tool-error" && state !== "cancelled") return null;
  return {
    key: `${row.id}/${call.seq}`,
    at: at + (ms ?? 0),
    server: row.name,
    method,
    tool: method === "tools/call" ? name : null,
    outcome: state,
    errorType: errorTypeOf(state, error),
    transport: row.transport === "http" ? "tcp" : "pipe",
    revision: row.revision,
    ms,
  };
}

function errorTypeOf(state: Call["state"], error: Call["error"]): string | null {
  if (state === "ok") return null;
  if (state === "tool-error") return "tool_error";
  if (state === "cancelled") return "cancelled";
  return error?.code != null ? String(error.code) : (error?.name ?? "_OTHER");
}
