/**
 * What the lists show, a row each: made where the traffic is recorded, kept by the index, told by the feed, drawn by the page.
 * Schemas where the API describes them: the types are made of these.
 */
import { type Static, Type } from "@sinclair/typebox";

const Ending = Type.Union([
  Type.Literal("complete"),
  Type.Literal("client-gone"),
  Type.Literal("upstream-error"),
  Type.Literal("refused"),
  Type.Literal("interrupted"),
]);

/** Where a row comes from, in a store that many recorders fill. What this machine keeps for itself has none. */
export const Origin = Type.Object({
  project: Type.String(),
  recorder: Type.Union([Type.String(), Type.Null()]),
  user: Type.Union([Type.String(), Type.Null()]),
  host: Type.Union([Type.String(), Type.Null()]),
});
export type Origin = Static<typeof Origin>;

/** What somebody wants to find again: it is kept when old records go. */
export type Star = { readonly of: "exchange" | "session" | "run"; readonly id: string };

/** Said by who keeps the stars, never by a file or by who puts the row. */
const Starred = Type.Optional(Type.Literal(true));

/** One line of the LLM list. `state` is `done` for everything that has a file. */
export const ExchangeRow = Type.Object({
  id: Type.String(),
  /** ms since 1970 UTC. */
  at: Type.Number(),
  state: Type.Union([Type.Literal("waiting"), Type.Literal("streaming"), Type.Literal("done")]),
  wire: Type.Union([Type.Literal("http"), Type.Literal("websocket")]),
  /** Of a response that was made on a WebSocket: the exchange of the socket, and which of its responses it is. */
  socket: Type.Optional(Type.String()),
  n: Type.Optional(Type.Number()),
  /** Of a WebSocket: how many responses were made on it, each an exchange of its own. */
  responses: Type.Optional(Type.Number()),
  upstream: Type.String(),
  method: Type.String(),
  path: Type.String(),
  target: Type.String(),
  status: Type.Union([Type.Number(), Type.Null()]),
  ending: Type.Union([Ending, Type.Null()]),
  error: Type.Union([Type.String(), Type.Null()]),
  dialect: Type.Union([Type.String(), Type.Null()]),
  provider: Type.Union([Type.String(), Type.Null()]),
  model: Type.Union([Type.String(), Type.Null()]),
  streamed: Type.Boolean(),
  ttfb_ms: Type.Union([Type.Number(), Type.Null()]),
  ttft_ms: Type.Union([Type.Number(), Type.Null()]),
  duration_ms: Type.Union([Type.Number(), Type.Null()]),
  tokens_in: Type.Union([Type.Number(), Type.Null()]),
  tokens_out: Type.Union([Type.Number(), Type.Null()]),
  tokens_cached: Type.Union([Type.Number(), Type.Null()]),
  /** Of the input what was written into the provider's cache, of the output what was reasoning; where the API says so. */
  tokens_written: Type.Optional(Type.Number()),
  tokens_reasoning: Type.Optional(Type.Number()),
  /** US dollars. */
  cost: Type.Union([Type.Number(), Type.Null()]),
  /** Why the model stopped, and what kind of error it was, in the API's own words. */
  finish: Type.Optional(Type.String()),
  error_type: Type.Optional(Type.String()),
  /** The span of the client's own trace in which it asked (W3C `traceparent`). */
  traceparent: Type.Optional(Type.String()),
  /** Bytes of the bodies as they passed. */
  bytes_in: Type.Number(),
  bytes_out: Type.Number(),
  /** The story: what was asked (first words) and what came (first words or tool names). */
  asked: Type.String(),
  answered: Type.String(),
  tools: Type.Array(Type.String()),
  /** What asked, by name and version (`claude-code 2.1.197`), as far as it says so. */
  client: Type.Union([Type.String(), Type.Null()]),
  /** What stands in request and answer: `tool_call`, `tool_result`, `image`, `audio`, `file`, `thinking`. */
  has: Type.Array(Type.String()),
  problems: Type.Number(),
  /** Names of the rules of all problems, notes included. */
  rules: Type.Array(Type.String()),
  /** Levels of what happened (`chat`, `note`, `warn`, `error`), then names of milestones: see `fact/milestones.ts`. */
  expert: Type.Array(Type.String()),
  conversation: Type.Union([Type.String(), Type.Null()]),
  turn: Type.Union([Type.Number(), Type.Null()]),
  parent: Type.Union([Type.String(), Type.Null()]),
  /** The run of an agent that it belongs to. */
  run: Type.Union([Type.String(), Type.Null()]),
  origin: Type.Optional(Origin),
  /** SHA-256 of its file, where that is in a bucket that others fill too. */
  sum: Type.Optional(Type.String()),
  starred: Starred,
});
export type ExchangeRow = Static<typeof ExchangeRow>;

/** One line of the MCP list: a session. */
export const SessionRow = Type.Object({
  id: Type.String(),
  /** Server's name: the folder `logs/mcp_<name>/`. */
  name: Type.String(),
  at: Type.Number(),
  last_at: Type.Number(),
  state: Type.Union([Type.Literal("open"), Type.Literal("closed")]),
  transport: Type.Union([Type.Literal("stdio"), Type.Literal("http")]),
  command: Type.Union([Type.String(), Type.Null()]),
  era: Type.Union([Type.Literal("legacy"), Type.Literal("modern"), Type.Null()]),
  revision: Type.Union([Type.String(), Type.Null()]),
  client: Type.Union([Type.String(), Type.Null()]),
  server: Type.Union([Type.String(), Type.Null()]),
  messages: Type.Number(),
  requests: Type.Number(),
  errors: Type.Number(),
  problems: Type.Number(),
  /** Nothing but the question which era the server speaks. */
  probe: Type.Optional(Type.Boolean()),
  /** What the server's tools are called, with marks of their definitions: see `read/mcp/tools.ts`. */
  tools: Type.Optional(Type.Array(Type.String())),
  origin: Type.Optional(Origin),
  starred: Starred,
});
export type SessionRow = Static<typeof SessionRow>;

/**
 * One line of a session file, whatever its kind, with where it stands. `line` is the parsed JSON of the line. Of a long
 * one, which comes with its `place` in the file, the index keeps the outline (see `outline.ts`) and gives the line as
 * the file has it.
 */
export type MessageRow = {
  session_id: string;
  seq: number;
  at: number;
  line: Record<string, unknown>;
  place?: LinePlace;
};
/** In bytes. `sum`: SHA-256 of the line, where it is in a bucket that others fill too. */
export type LinePlace = { offset: number; size: number; sum?: string };

/** A file in `logs/` that is not one of ours or is broken; shown on the page, never a reason to stop. */
export type UnreadableFile = { path: string; why: string };

/** One conversation of an agent with its sub-agents, side requests and the MCP sessions that served it. */
export type RunRow = {
  id: string;
  /** When it began, and when the last thing of it was seen; ms since 1970 UTC. */
  at: number;
  last_at: number;
  /** The user's first words. */
  title: string;
  /** The program by its own name, and the run that `run` gave it. */
  agent: string | null;
  run: string | null;
  models: string[];
  /** MCP sessions that served it, and their names. */
  sessions: string[];
  servers: string[];
  model_calls: number;
  tool_calls: number;
  /** Sub-agents that were started. */
  agents: number;
  tokens_in: number;
  tokens_out: number;
  tokens_cached: number;
  /** US dollars. */
  cost: number;
  errors: number;
  problems: number;
  /** Tools as the model called them, and rules of the problems of its steps, notes included; the most frequent first. */
  tools?: string[];
  rules?: string[];
  ties: { exact: number; inferred: number; ambiguous: number };
  /** Who is waited for: the model, a tool (`state_of`), the host (which may wait for a person); or that it ended. */
  state: "model" | "tool" | "host" | "done" | "failed";
  state_of: string | null;
  state_since: number;
  origin?: Origin;
  starred?: true;
};

export type Certainty = "exact" | "inferred" | "ambiguous";

/** The name of the evidence that a tie rests on, the strongest first. */
export type TieRule =
  | "meta-tool-use-id"
  | "codex-call-id"
  | "codex-item-id"
  | "traceparent"
  | "thread-id"
  | "run-id"
  | "name+arguments+order"
  | "name+result-text";

/** Joins a model's tool call, the MCP call that served it, and the result that the model saw. */
export type TieRow = {
  /** That of the MCP call: `session/seq`. */
  id: string;
  run: string | null;
  at: number;
  certainty: Certainty;
  rule: TieRule;
  /** The result was found again in what the model saw. */
  confirmed: boolean;
  /** `exchange#n`; of an ambiguous tie all that fit equally. */
  asked: string[];
  served: { session: string; seq: number; answer_seq: number | null; request: string | number };
  /** The request in which the model saw the result. */
  seen: string | null;
};

export type StepState =
  | "asked"
  | "not-sent"
  | "unrecorded"
  | "running"
  | "served"
  | "cancelled"
  | "no-answer"
  | "host"
  | "provider"
  | "nobody"
  | "ok"
  | "failed";

/** What became of a tool's result on its way to the model. */
export type Fidelity = {
  form: "content" | "structured" | "both" | "neither" | "unknown";
  likeness: "equal" | "inside" | "cut" | "rewritten" | "unrelated" | "unknown";
  /** The host whose known wrapper was taken off before comparing. */
  wrapper: string | null;
  /** Characters of the text as it was served and as it was seen; of a cut one those that were kept. */
  served: number;
  seen: number;
  kept: number | null;
  /** Images, sound, links: how many were served, how many came through as such. */
  media: { served: number; seen: number };
};

/** A stretch of a streamed answer; of a step in ms since 1970. */
export type Phase = { kind: "reasoning" | "text" | "tool"; from: number; to: number };

/** What came while an MCP call ran, ms since 1970. */
export type StepMarks = { progress: number[]; cancelled: number | null };

export type StepProblem = { rule: string; severity: "error" | "warning" | "note"; what: string };

export type Attempt = {
  exchange: string;
  at: number;
  ended: number;
  model: string | null;
  status: number | null;
  error: string | null;
};

/** One model call or one tool call of a run, with its attempts. */
export type StepRow = {
  /** Of a model call its first exchange's; of a tool call `exchange#n`, or `session/seq` where nobody asked. */
  id: string;
  run: string;
  kind: "model" | "tool";
  at: number;
  ended: number | null;
  /** `main`, a sub-agent, `server NAME`, `provider` or `host`. */
  lane: string;
  /** The step that started it: of a tool call the answer that asked, of a sub-agent the tool call. */
  parent: string | null;
  /** The model, or the tool as the model calls it. */
  name: string;
  /** First words: what was asked or the arguments, what was answered. */
  asked: string;
  answered: string;
  state: StepState;
  /** The exchange with the answer that asked for it, and the requests that brought the result. */
  exchange: string | null;
  call: string | null;
  seen: string | null;
  /** The MCP calls that served it; several where a script made them. */
  ties: string[];
  certainty: Certainty | null;
  rule: TieRule | null;
  attempts: Attempt[];
  /** Of a tool call, ms: asked → sent → answered → seen → first token of the next answer. Null where it is not known. */
  split: { host: number | null; server: number | null; back: number | null; model: number | null } | null;
  first_token: number | null;
  tokens_in: number | null;
  tokens_out: number | null;
  tokens_cached: number | null;
  cost: number | null;
  fidelity: Fidelity | null;
  /** Of a model call: tokens of its request by kind (`system`, `tools`, `results`, …); shared out by estimate. */
  context: Record<string, number> | null;
  /** The largest of them by kind and name: `tools weather`, `results get_forecast`. */
  blocks?: Record<string, number>;
  phases?: Phase[];
  marks?: StepMarks;
  /** The part of the cost that the request is. */
  cost_in?: number | null;
  problems: StepProblem[];
};

/** Rows that are others now, and the ids of those that are gone. */
export type RunChanges = {
  runs: RunRow[];
  steps: StepRow[];
  ties: TieRow[];
  gone: { runs: string[]; steps: string[]; ties: string[] };
};
