/** Sessions that are on somebody's screen, read on as their lines come, and the rows that the message list shows. */
import { stringifyExact } from "../fact/json-source.ts";
import { eventNote } from "../read/mcp/event-note.ts";
import { lineOf, record, type Line } from "../read/mcp/line.ts";
import { rpcOf, type Rpc } from "../read/mcp/message.ts";
import type { Call, SessionReading } from "../read/mcp/reading.ts";
import { sessionReader, type SessionReader } from "../read/mcp/session.ts";
import type { SessionRow } from "../fact/rows.ts";
import type { Index } from "../index/index.ts";

/** One line of the message list. `of` is the seq of the request that it answers or tells about. */
export type Row = {
  seq: number;
  at: number;
  from: "client" | "server" | "stderr" | "event";
  kind: "request" | "result" | "error" | "notification" | "invalid" | "raw" | "stderr" | "event";
  id: string | null;
  method: string | null;
  name: string | null;
  note: string | null;
  ms: number | null;
  state: Call["state"] | null;
  of: number | null;
  progress: [done: number, total: number | null] | null;
  problems: number;
};

export type Fold = {
  readonly row: SessionRow;
  readonly lines: readonly Line[];
  readonly reading: SessionReading;
};

type Kept = { reader: SessionReader; lines: Line[]; last: number; reading: Promise<void> | null };

const KEPT = 8;
const PAGE = 1_000;

export type Folds = ReturnType<typeof folds>;

export function folds(index: Index) {
  const kept = new Map<string, Kept>();

  /** One at a time: two that read on at once would add the same lines twice. */
  function readOn(id: string, it: Kept): Promise<void> {
    return (it.reading ??= more(id, it).finally(() => (it.reading = null)));
  }

  async function more(id: string, it: Kept): Promise<void> {
    for (;;) {
      const { items, next } = await index.messages(id, it.last, PAGE);
      for (const { seq, line } of items) {
        it.reader.add(line);
        it.lines.push(lineOf(line, seq));
        it.last = seq;
      }
      if (next === null) return;
    }
  }

  return async function fold(id: string): Promise<Fold | null> {
    const row = await index.session(id);
    if (!row) return null;
    const it = kept.get(id) ?? { reader: sessionReader(), lines: [], last: -1, reading: null };
    kept.delete(id);
    kept.set(id, it);
    await readOn(id, it);
    const [oldest] = kept.keys();
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest);
    return { row, lines: it.lines, reading: it.reader.reading() };
  };
}

/** Rows after `after`, and the rows of older requests that something after it changed. */
export function rowsSince({ lines, reading }: Fold, after: number): { rows: Row[]; changed: Row[] } {
  const byRequest = new Map<number, Call>();
  const byAnswer = new Map<number, Call>();
  for (const call of reading.calls) {
    byRequest.set(call.seq, call);
    for (const round of call.rounds) {
      byRequest.set(round.seq, call);
      if (round.answer_seq !== null) byAnswer.set(round.answer_seq, call);
    }
  }
  const byKey = new Map(reading.calls.map((call) => [call.key, call]));
  const byNote = new Map(reading.notifications.map((note) => [note.seq, note]));
  const problems = new Map<number, number>();
  for (const { seq } of reading.problems) problems.set(seq, (problems.get(seq) ?? 0) + 1);

  const touched = new Set(
    reading.calls.filter((call) => call.seq <= after && lastSeq(call) > after).map(({ seq }) => seq),
  );
  const rows: Row[] = [];
  const changed: Row[] = [];
  for (const line of lines) {
    if (line.seq > after) rows.push(rowOf(line));
    else if (touched.has(line.seq)) changed.push(rowOf(line));
  }
  return { rows, changed };

  function rowOf(line: Line): Row {
    const row = emptyRow(line);
    try {
      return filled(row, line);
    } catch (error) {
      // Its own page shows the line as it is.
      return { ...row, note: error instanceof Error ? error.message : null };
    }
  }

  function emptyRow(line: Line): Row {
    return {
      seq: line.seq,
      at: line.at,
      from:
        line.kind === "stderr"
          ? "stderr"
          : line.kind === "event" || line.kind === "other"
            ? "event"
            : line.from,
      kind: "event",
      id: null,
      method: null,
      name: null,
      note: null,
      ms: null,
      state: null,
      of: null,
      progress: null,
      problems: problems.get(line.seq) ?? 0,
    };
  }

  function filled(row: Row, line: Line): Row {
    switch (line.kind) {
      case "message":
        return talk(row, rpcOf(line.message));
      case "raw":
      case "stderr":
        return { ...row, kind: line.kind, note: line.text.slice(0, 300) };
      case "event":
        return { ...row, method: line.event, note: eventNote(line.event, line.fields) };
      case "other":
        return { ...row, note: stringifyExact(line.value).slice(0, 300) };
      default:
        return line satisfies never;
    }
  }

  function talk(row: Row, rpc: Rpc): Row {
    switch (rpc.kind) {
      case "request": {
        const call = byRequest.get(row.seq);
        const open = {
          ...row,
          kind: rpc.kind,
          id: String(rpc.id),
          method: rpc.method,
          note: askedNote(rpc.method, rpc.params),
        };
        if (!call) return open;
        const { name, latency_ms, state, error, cancelled } = call;
        const note = error?.message ?? cancelled?.reason ?? open.note;
        return { ...open, name, ms: latency_ms, state, note, progress: progressOf(call, Infinity) };
      }
      case "result":
      case "error": {
        const call = byAnswer.get(row.seq);
        const round = call?.rounds.find(({ answer_seq }) => answer_seq === row.seq);
        const note =
          rpc.kind === "error" ? `${rpc.code ?? ""} ${rpc.message ?? ""}`.trim() : resultNote(rpc.result);
        const answer = { ...row, kind: rpc.kind, id: String(rpc.id ?? "–"), note };
        if (!call) return answer;
        const state = rpc.kind === "error" ? "error" : call.state;
        return {
          ...answer,
          method: call.method,
          name: call.name,
          ms: round?.latency_ms ?? null,
          state,
          of: round?.seq ?? call.seq,
        };
      }
      case "notification": {
        const note = byNote.get(row.seq);
        const call = note?.call ? byKey.get(note.call) : undefined;
        const told = { ...row, kind: rpc.kind, method: rpc.method, note: toldNote(rpc.method, rpc.params) };
        if (!call) return { ...told, name: note?.name ?? null };
        return {
          ...told,
          name: call.name ?? note?.name ?? null,
          of: call.seq,
          progress: progressOf(call, row.seq),
        };
      }
      case "invalid":
        return { ...row, kind: "invalid", note: rpc.why };
      default:
        return rpc satisfies never;
    }
  }
}

function progressOf(call: Call, seq: number): Row["progress"] {
  const last = call.progress.filter((it) => it.seq <= seq).at(-1);
  if (!last || last.progress === null || (seq !== Infinity && last.seq !== seq)) return null;
  return [last.progress, last.total];
}

/** The youngest line that says something about this call. */
function lastSeq(call: Call): number {
  const rounds = call.rounds.map(({ answer_seq }) => answer_seq ?? -1);
  const tasks = call.task?.history.map(({ seq }) => seq) ?? [];
  return Math.max(
    -1,
    call.answer_seq ?? -1,
    call.cancelled?.seq ?? -1,
    call.progress.at(-1)?.seq ?? -1,
    ...rounds,
    ...tasks,
  );
}

/** Those that are words: any of them may be anything. */
function words(...said: readonly unknown[]): string {
  return said.filter((it) => typeof it === "string" && it !== "").join(" · ");
}

/** What a request asks, in its own words: the arguments of a call, who says hello. */
function askedNote(method: string, params: Record<string, unknown>): string | null {
  const client = record(params.clientInfo);
  if (client) return words(client.name, client.version, params.protocolVersion);
  if (method.startsWith("resources/") && typeof params.uri === "string") return null; // it is the row's name
  const shown = Object.entries(params).filter(([name]) => name !== "_meta" && name !== "name");
  const said = record(params.arguments) ?? Object.fromEntries(shown);
  return Object.keys(said).length > 0 ? stringifyExact(said).slice(0, 300) : null;
}

/** The first words of a result: what a person wants to see in the row. */
function resultNote(result: Record<string, unknown> | null): string | null {
  const content = result?.content;
  if (Array.isArray(content)) {
    const texts = content.map((it) => record(it)?.text).filter((it) => typeof it === "string");
    if (texts.length > 0) return texts.join(" ").slice(0, 300);
  }
  for (const list of [
    "tools",
    "prompts",
    "resources",
    "resourceTemplates",
    "roots",
    "contents",
    "messages",
  ]) {
    const found = result?.[list];
    if (Array.isArray(found)) return `${found.length} ${list}`;
  }
  const server = record(result?.serverInfo);
  if (server) return words(server.name, server.version, result?.protocolVersion);
  return result && Object.keys(result).length > 0 ? stringifyExact(result).slice(0, 300) : null;
}

function toldNote(method: string, params: Record<string, unknown>): string | null {
  const said = params.message ?? params.reason ?? params.data ?? params.uri;
  if (typeof said === "string") return said.slice(0, 300);
  return method === "notifications/message" && said !== undefined ? stringifyExact(said).slice(0, 300) : null;
}
