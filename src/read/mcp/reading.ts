/**
 * What a reader makes of a session: who talks to whom, one call for each thing that was asked, what the server
 * offers, and what is wrong. Messages themselves stay in the file; a reading points at them by `seq`.
 */
import type { SessionRow } from "../../fact/rows.ts";
import type { Problem } from "../reading.ts";
import type { RequestId, Side } from "./line.ts";

/** `legacy`: up to 2025-11-25, opened with `initialize`. `modern`: stateless, from 2026-07-28 on. */
export type Era = "legacy" | "modern";

export type Party = {
  name: string | null;
  title: string | null;
  version: string | null;
  capabilities: Record<string, unknown> | null;
  /** Only the server's. */
  instructions?: string;
};

export type CallState = "pending" | "ok" | "error" | "tool-error" | "cancelled" | "input_required" | "task";

/** One request and its answer. A call has several when the server asked for input in between. */
export type Round = {
  id: RequestId;
  seq: number;
  answer_seq: number | null;
  latency_ms: number | null;
  /** What the server wants to know before it goes on, by the keys it chose. */
  asks: { key: string; method: string }[];
  /** Keys that the client answered with this round. */
  answers: string[];
};

export type Progress = {
  seq: number;
  at: number;
  progress: number | null;
  total: number | null;
  message: string | null;
};

export type TaskFacts = {
  id: string;
  status: string | null;
  /** Every status that was seen, in order. */
  history: { seq: number; at: number; status: string }[];
};

export type Call = {
  /** Unique in the session and stable while it grows. */
  key: string;
  from: Side;
  id: RequestId;
  method: string;
  /** The tool, prompt, resource URI, task or completion that it is about. */
  name: string | null;
  seq: number;
  at: number;
  answer_seq: number | null;
  /** First request to last answer; of a task: to its end. Null while open. */
  latency_ms: number | null;
  state: CallState;
  error: { code: number | null; name: string | null; message: string } | null;
  exchange: string | null;
  /** `progressToken` of the request, when it asked for progress. */
  progress_token: RequestId | null;
  progress: Progress[];
  /** Log messages and other notifications that belong to this call, by seq. */
  notes: number[];
  /** The call during which the other side asked this, and how that is known. */
  parent: { key: string; how: "exchange" | "task" | "only-one" } | null;
  rounds: Round[];
  task: TaskFacts | null;
  /** For `tasks/*`: the call whose task this is about. */
  about: string | null;
  /** A stream that is open on purpose (`subscriptions/listen`): silence is not a hang. */
  stream: { acknowledged: number | null; events: number[]; filter: unknown } | null;
  cancelled: {
    seq: number;
    at: number;
    by: Side;
    reason: string | null;
    how: "notification" | "hang-up";
  } | null;
  /** A `server/discover` that only asked which era the server speaks. */
  probe: boolean;
  /** W3C trace parent of the request, to join it with other traces. */
  trace: string | null;
};

export type Note = {
  seq: number;
  at: number;
  from: Side;
  method: string;
  /** URI, log level, progress token or whatever names the notification's object. */
  name: string | null;
  call: string | null;
};

/** Text that stands where only JSON-RPC may stand, or that a process wrote to stderr. Cut to its first words. */
export type Text = { seq: number; at: number; from: Side | "stderr"; text: string; bytes: number };

export type Offer = {
  name: string;
  title: string | null;
  description: string | null;
  /** The server's own object. */
  wire: Record<string, unknown>;
  /** Seq of the list that named it last. */
  seq: number;
  calls: number;
  errors: number;
  /** Median and worst latency of finished calls, ms. */
  p50_ms: number | null;
  max_ms: number | null;
  /** False when a later complete list does not name it any more. */
  listed: boolean;
};
export type ToolOffer = Offer & { input_schema: unknown; output_schema: unknown; annotations: unknown };

export type Inventory = {
  tools: ToolOffer[];
  prompts: Offer[];
  resources: Offer[];
  templates: Offer[];
  /** How often a list changed after it was first read. */
  changes: number;
};

/** A problem of a session; `where` is a JSON path inside the message that `seq` names. */
export type SessionProblem = Problem & { seq: number; call: string | null };

export type Counts = {
  messages: number;
  requests: number;
  notifications: number;
  errors: number;
  tool_errors: number;
  pending: number;
  stderr: number;
  pollution: number;
};

/** The line that a list of sessions shows, without what only the file's place can say (its folder's name). */
export type SessionSummary = Omit<SessionRow, "name">;

export type SessionReading = {
  session: SessionSummary;
  client: Party;
  server: Party;
  exit: { code: number | null; signal: string | null; seq: number } | null;
  calls: Call[];
  notifications: Note[];
  /** Lines on stdout (or stdin) that are not JSON-RPC. */
  pollution: Text[];
  stderr: Text[];
  inventory: Inventory;
  problems: SessionProblem[];
  counts: Counts;
};
