/**
 * MCP requests that are over, made of the lines that recorders tell: an answer says what became of its request, the session's row whose
 * server it was. A request that was given up without an answer is counted where it was recorded, and nowhere else.
 */
import type { SessionRow } from "../fact/rows.ts";
import type { ShownLine } from "../fact/live.ts";
import type { Frame } from "../fact/frame.ts";
import type { EndedSession } from "../telemetry/count.ts";
import type { SpanCall } from "../telemetry/telemetry.ts";

export type Calls = { hear(frame: Frame): void };

export type CallsOptions = {
  /** Of a session that began before this page did; null when the store does not know it yet. */
  session(id: string): Promise<SessionRow | null>;
  call(call: SpanCall): void;
  ended(session: EndedSession): void;
};

/** Sessions whose servers are remembered, and answers that wait for theirs. */
const MOST_SESSIONS = 5_000;
const MOST_WAITING = 1_000;

type Server = Pick<SessionRow, "id" | "name" | "transport" | "revision" | "command">;

export function callsOf({ session, call, ended }: CallsOptions): Calls {
  const servers = new Map<string, Server>();
  const waiting = new Map<string, ShownLine[]>();

  function know(row: SessionRow): void {
    servers.delete(row.id);
    servers.set(row.id, row);
    const [oldest] = servers.keys();
    if (servers.size > MOST_SESSIONS && oldest !== undefined) servers.delete(oldest);
    for (const line of waiting.get(row.id) ?? []) tell(row, line);
    waiting.delete(row.id);
    if (row.state !== "closed") return;
    const { id, name: server, revision, at, last_at } = row;
    ended({ id, server, transport: transportOf(row), revision, at: last_at, ms: Math.max(0, last_at - at) });
  }

  function tell(server: Server, line: ShownLine): void {
    const made = endedCall(server, line);
    if (made !== null) call(made);
  }

  function wait(line: ShownLine): void {
    const of = line.session_id;
    const known = waiting.get(of);
    if (known !== undefined) {
      if (known.length < MOST_WAITING) known.push(line);
      return;
    }
    if (waiting.size >= MOST_WAITING) return;
    waiting.set(of, [line]);
    session(of).then(
      (row) => row !== null && know(row),
      // The store is away: its row is told again when it changes.
      () => {},
    );
  }

  return {
    hear(frame) {
      if (frame.type === "mcp.session") return know(frame.row);
      if (frame.type !== "mcp.message" || !isAnswer(frame.row)) return;
      const server = servers.get(frame.row.session_id);
      if (server === undefined) wait(frame.row);
      else tell(server, frame.row);
    },
  };
}

const OUTCOMES = ["ok", "error", "tool-error", "cancelled"] as const;

/** A recorder may write anything. */
function isAnswer({ kind, of, state, method, name, at, ms, note }: ShownLine): boolean {
  return (
    (kind === "result" || kind === "error") &&
    Number.isSafeInteger(of) &&
    OUTCOMES.some((one) => one === state) &&
    typeof method === "string" &&
    (name === null || typeof name === "string") &&
    (note === null || typeof note === "string") &&
    (ms === null || Number.isFinite(ms)) &&
    Number.isFinite(at)
  );
}

function endedCall(server: Server, line: ShownLine): SpanCall | null {
  const outcome = OUTCOMES.find((one) => one === line.state);
  if (outcome === undefined || line.of === null || line.method === null) return null;
  const code = outcome === "error" ? codeIn(line.note) : null;
  return {
    key: `${server.id}/${line.of}`,
    at: line.at,
    server: server.name,
    method: line.method,
    tool: line.method === "tools/call" ? line.name : null,
    outcome,
    errorType: errorTypeOf(outcome, code),
    transport: transportOf(server),
    revision: server.revision,
    ms: line.ms,
    session: server.id,
    seq: line.of,
    answer: line.seq,
    id: String(line.id),
    subject: line.name,
    code,
    message: null,
    traceparent: null,
    target: server.transport === "http" ? server.command : null,
  };
}

/** The note of an error begins with its code. */
function codeIn(note: string | null): number | null {
  const found = /^-?\d{1,9}(?= |$)/.exec(note ?? "");
  return found && Number(found[0]);
}

function errorTypeOf(outcome: SpanCall["outcome"], code: number | null): string | null {
  if (outcome === "ok") return null;
  if (outcome === "tool-error") return "tool_error";
  if (outcome === "cancelled") return "cancelled";
  return code === null ? "_OTHER" : String(code);
}

function transportOf({ transport }: Pick<SessionRow, "transport">): "tcp" | "pipe" {
  return transport === "http" ? "tcp" : "pipe";
}
