/** What is told of something while it passes: rows and pieces that are added to what was told before. */
import type { Level, MessageMilestone } from "./milestones.ts";
import type { SessionRow } from "./rows.ts";

/** One event of a stream as the page's table shows it; an array keeps ten thousand of them small. */
export type EventRow = [
  n: number,
  t: number,
  gap: number,
  bytes: number,
  type: string,
  lane: string,
  adds: string,
  first: number,
  last: number,
  whole: boolean,
  data: string,
  /** Who said it; null where only the server speaks. */
  from: "client" | "server" | null,
  /** Of which part of the answer, where the stream says it. */
  part?: string | null,
  /** The name of a part that begins with it: of a tool call. */
  begins?: string | null,
];

/** A part of the answer as it grows. */
export type LivePart = {
  readonly kind: "text" | "reasoning" | "tool_call";
  /** Of a tool call, when the stream has said it apart from its arguments. */
  readonly name: string | null;
  readonly text: string;
};

/** `append` comes at `at` characters of part `n`: who has more of it already has this, too. */
export type PartAdded = {
  n: number;
  kind: LivePart["kind"];
  name: string | null;
  at: number;
  append: string;
};

export type LiveAdded = {
  /** Number of the first of `events`; a row that was told before and grew since is told again. */
  from_n: number;
  events: EventRow[];
  parts: PartAdded[];
  /** True when everything that was told before is void: the bytes are something else than they looked like. */
  fresh: boolean;
};

/** One line of a session's message list. `of` is the seq of the request that it answers or tells about. */
export type ShownLine = {
  session_id: string;
  seq: number;
  at: number;
  from: "client" | "server" | "stderr" | "event";
  kind: "request" | "result" | "error" | "notification" | "invalid" | "raw" | "stderr" | "event";
  id: string | null;
  method: string | null;
  name: string | null;
  note: string | null;
  ms: number | null;
  state: "pending" | "input_required" | "task" | "ok" | "tool-error" | "error" | "cancelled" | null;
  of: number | null;
  progress: [done: number, total: number | null] | null;
  problems: number;
  /** What it brings about, where that is a step to look for: see `milestones.ts`. */
  milestone: MessageMilestone | null;
  /** The worst of its problems, else `chat` where it is a milestone. */
  level: Level | null;
};

/** What stands above the messages of a session and changes as they come. */
export type SessionHead = {
  state: SessionRow["state"];
  client: string | null;
  server: string | null;
  revision: string | null;
  era: SessionRow["era"];
  messages: number;
  requests: number;
  pending: number;
  errors: number;
  problems: number;
  /** Messages that brought about a step to look for. */
  milestones: number;
  offers: number;
  stderr: number;
  pollution: number;
  exit: string | null;
};
