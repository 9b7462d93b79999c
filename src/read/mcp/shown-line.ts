/** A line of a session as the list of its messages shows it: what it says, whom it belongs to, how that went. */
import { stringifyExact } from "../../fact/json-source.ts";
import type { ShownLine } from "../../fact/live.ts";
import type { Level } from "../../fact/milestones.ts";
import { milestoneOf } from "../milestones/message.ts";
import { eventNote } from "./event-note.ts";
import type { Line } from "./line.ts";
import { rpcOf, type Rpc } from "./message.ts";
import { askedNote, resultNote, shownText, toldNote } from "./message-notes.ts";
import type { Call, Note } from "./reading.ts";
import { withoutColours } from "./terminal-text.ts";

/** What the reader of the session knows about the line of a number. */
export type Known = {
  /** That it asks or answers. */
  readonly call: Call | null;
  readonly note: Note | null;
  /** Of a notification: what it is about. */
  readonly about: Call | null;
  readonly problems: number;
  /** The worst of them. */
  readonly worst: Level | null;
};

/** What a request says by itself, for showing it again when its call went on. */
export type Asked = {
  readonly seq: number;
  readonly at: number;
  readonly id: string;
  readonly note: string | null;
};

export function shownLine(session_id: string, line: Line, known: Known): ShownLine {
  const row = plain(session_id, line.seq, line.at, known);
  try {
    return marked(filled(row, line, known), known.call, known.about);
  } catch (error) {
    // Its own page shows the line as it is.
    return { ...row, note: error instanceof Error ? error.message : null };
  }
}

function filled(row: ShownLine, line: Line, known: Known): ShownLine {
  switch (line.kind) {
    case "message":
      return talk({ ...row, from: line.from }, rpcOf(line.message), known);
    case "raw":
      return { ...row, from: line.from, kind: "raw", note: shownText(withoutColours(line.text)) };
    case "stderr":
      return { ...row, from: "stderr", kind: "stderr", note: shownText(withoutColours(line.text)) };
    case "event":
      return { ...row, method: line.event, note: eventNote(line.event, line.fields) };
    case "other":
      return { ...row, note: shownText(stringifyExact(line.value)) };
    default:
      return line satisfies never;
  }
}

/** What a line asks by itself; null for one that asks nothing. */
export function askedOf(line: Line): Asked | null {
  const rpc = line.kind === "message" ? rpcOf(line.message) : null;
  if (rpc?.kind !== "request") return null;
  return { seq: line.seq, at: line.at, id: String(rpc.id), note: askedNote(rpc.method, rpc.params) };
}

/** The row of a request: what it asked, and how its call stands now. What came of it stands on its answer. */
export function requestLine(session_id: string, asked: Asked, call: Call, known: Blame): ShownLine {
  const { method, name, latency_ms: ms, state } = call;
  const row: ShownLine = {
    ...plain(session_id, asked.seq, asked.at, known),
    from: call.from,
    kind: "request",
    id: asked.id,
    method,
    name,
    note: asked.note,
    ms,
    state,
    progress: shownProgress(call.progress.at(-1)),
  };
  return marked(row, call, null);
}

/** What is wrong with a line. */
export type Blame = Pick<Known, "problems" | "worst">;

function marked(row: ShownLine, call: Call | null, about: Call | null): ShownLine {
  const milestone = milestoneOf(row, call, about);
  return { ...row, milestone, level: row.level ?? (milestone === null ? null : "chat") };
}

function plain(session_id: string, seq: number, at: number, { problems, worst }: Blame): ShownLine {
  return {
    session_id,
    seq,
    at,
    from: "event",
    kind: "event",
    id: null,
    method: null,
    name: null,
    note: null,
    ms: null,
    state: null,
    of: null,
    progress: null,
    problems,
    milestone: null,
    level: worst,
  };
}

function talk(row: ShownLine, rpc: Rpc, known: Known): ShownLine {
  const { call, note, about } = known;
  switch (rpc.kind) {
    case "request": {
      const { seq, at } = row;
      const asked = { seq, at, id: String(rpc.id), note: askedNote(rpc.method, rpc.params) };
      if (call) return requestLine(row.session_id, asked, call, known);
      return { ...row, kind: rpc.kind, id: asked.id, method: rpc.method, note: asked.note };
    }
    case "result":
    case "error": {
      const said =
        rpc.kind === "error" ? `${rpc.code ?? ""} ${rpc.message ?? ""}`.trim() : resultNote(rpc.result);
      const answer = { ...row, kind: rpc.kind, id: String(rpc.id ?? "–"), note: said };
      if (!call) return answer;
      const round = call.rounds.findLast(({ answer_seq }) => answer_seq === row.seq);
      return {
        ...answer,
        method: call.method,
        name: call.name,
        ms: round?.latency_ms ?? null,
        state: rpc.kind === "error" ? "error" : call.state,
        of: round?.seq ?? call.seq,
      };
    }
    case "notification": {
      const told = { ...row, kind: rpc.kind, method: rpc.method, note: toldNote(rpc.method, rpc.params) };
      if (!about) return { ...told, name: note?.name ?? null };
      const progress = shownProgress(progressAt(about, row.seq));
      return { ...told, name: about.name ?? note?.name ?? null, of: about.seq, progress };
    }
    case "invalid":
      return { ...row, kind: "invalid", note: rpc.why };
    default:
      return rpc satisfies never;
  }
}

type Progress = Call["progress"][number];

function shownProgress(it: Progress | undefined): ShownLine["progress"] {
  return it && it.progress !== null ? [it.progress, it.total] : null;
}

/** A call may have ten thousands, in the order of their lines. */
function progressAt({ progress }: Call, seq: number): Progress | undefined {
  let [low, high] = [0, progress.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (progress[middle]!.seq < seq) low = middle + 1;
    else high = middle;
  }
  return progress[low]?.seq === seq ? progress[low] : undefined;
}
