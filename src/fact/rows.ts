/**
 * What the lists show, a row each: made where the traffic is recorded, kept by the index, told by the feed, drawn by the page.
 * Schemas where the API describes them: the types are made of these.
 */
import { type Static, type TSchema, Type } from "@sinclair/typebox";

export const Ending = Type.Union([
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
export const Star = Type.Object({
  of: Type.Union([Type.Literal("exchange"), Type.Literal("session"), Type.Literal("run")]),
  id: Type.String(),
});
export type Star = Readonly<Static<typeof Star>>;

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
  sending: Type.Optional(
    Type.Number({
      description:
        "While the request's body is on its way up: how many bytes it has, of which `bytes_in` came",
    }),
  ),
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
export const UnreadableFile = Type.Object({ path: Type.String(), why: Type.String() });
export type UnreadableFile = Static<typeof UnreadableFile>;

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const oneOf = <const T extends string[]>(...words: T) =>
  Type.Union(words.map((word) => Type.Literal(word as T[number])));
const number = nullable(Type.Number());
const text = nullable(Type.String());

/** One conversation of an agent with its sub-agents, side requests and the MCP sessions that served it. */
export const RunRow = Type.Object({
  id: Type.String(),
  at: Type.Number({ description: "When it began, ms since 1970 UTC" }),
  last_at: Type.Number({ description: "When the last thing of it was seen" }),
  title: Type.String({ description: "The user's first words" }),
  agent: nullable(Type.String({ description: "The program by its own name" })),
  run: nullable(Type.String({ description: "The id that `run` gave it" })),
  models: Type.Array(Type.String()),
  sessions: Type.Array(Type.String({ description: "Ids of the MCP sessions that served it" })),
  servers: Type.Array(Type.String({ description: "Their names" })),
  model_calls: Type.Number(),
  tool_calls: Type.Number(),
  agents: Type.Number({ description: "Sub-agents that were started" }),
  tokens_in: Type.Number(),
  tokens_out: Type.Number(),
  tokens_cached: Type.Number(),
  cost: Type.Number({ description: "US dollars" }),
  errors: Type.Number(),
  problems: Type.Number(),
  tools: Type.Optional(
    Type.Array(Type.String({ description: "As the model called them, the most frequent first" })),
  ),
  rules: Type.Optional(
    Type.Array(Type.String({ description: "Of the problems of its steps, notes included" })),
  ),
  ties: Type.Object({ exact: Type.Number(), inferred: Type.Number(), ambiguous: Type.Number() }),
  took: Type.Optional(
    Type.Object(
      { model: Type.Number(), tool: Type.Number() },
      {
        description:
          "ms that were waited for answers of models and of MCP servers, side by side ones each; what is left of its time is the host's",
      },
    ),
  ),
  /** Who is waited for: the model, a tool (`state_of`), the host (which may wait for a person); or that it ended. */
  state: oneOf("model", "tool", "host", "done", "failed"),
  state_of: text,
  state_since: Type.Number(),
  origin: Type.Optional(Origin),
  starred: Starred,
});
export type RunRow = Static<typeof RunRow>;

export const Certainty = oneOf("exact", "inferred", "ambiguous");
export type Certainty = Static<typeof Certainty>;

/** The name of the evidence that a tie rests on, the strongest first. */
export const TieRule = oneOf(
  "meta-tool-use-id",
  "codex-call-id",
  "codex-item-id",
  "traceparent",
  "thread-id",
  "run-id",
  "name+arguments+order",
  "name+result-text",
);
export type TieRule = Static<typeof TieRule>;

/** Joins a model's tool call, the MCP call that served it, and the result that the model saw. */
export const TieRow = Type.Object({
  id: Type.String({ description: "`session/seq` of the MCP call" }),
  run: text,
  at: Type.Number(),
  certainty: Certainty,
  rule: TieRule,
  confirmed: Type.Boolean({ description: "The result was found again in what the model saw" }),
  asked: Type.Array(Type.String({ description: "`exchange#n`; of an ambiguous tie all that fit equally" })),
  served: Type.Object({
    session: Type.String(),
    seq: Type.Number(),
    answer_seq: number,
    request: Type.Union([Type.String(), Type.Number()]),
  }),
  seen: nullable(Type.String({ description: "The request in which the model saw the result" })),
});
export type TieRow = Static<typeof TieRow>;

export const StepState = oneOf(
  "asked",
  "not-sent",
  "unrecorded",
  "running",
  "served",
  "cancelled",
  "no-answer",
  "host",
  "provider",
  "nobody",
  "ok",
  "failed",
);
export type StepState = Static<typeof StepState>;

/** What became of a tool's result on its way to the model. */
export const Fidelity = Type.Object({
  form: oneOf("content", "structured", "both", "neither", "unknown"),
  likeness: oneOf("equal", "inside", "cut", "rewritten", "unrelated", "unknown"),
  wrapper: nullable(
    Type.String({ description: "The host whose known wrapper was taken off before comparing" }),
  ),
  served: Type.Number({ description: "Characters as the server gave them" }),
  seen: Type.Number({ description: "Characters as the model saw them" }),
  kept: nullable(Type.Number({ description: "Of a cut one: characters that were kept" })),
  media: Type.Object(
    { served: Type.Number(), seen: Type.Number() },
    { description: "Images, sound, links: how many were served, how many came through as such" },
  ),
});
export type Fidelity = Static<typeof Fidelity>;

/** A stretch of a streamed answer; of a step in ms since 1970. */
export const Phase = Type.Object({
  kind: oneOf("reasoning", "text", "tool"),
  from: Type.Number(),
  to: Type.Number(),
});
export type Phase = Static<typeof Phase>;

/** What came while an MCP call ran, ms since 1970. */
export const StepMarks = Type.Object({ progress: Type.Array(Type.Number()), cancelled: number });
export type StepMarks = Static<typeof StepMarks>;

export const StepProblem = Type.Object({
  rule: Type.String(),
  severity: oneOf("error", "warning", "note"),
  what: Type.String(),
});
export type StepProblem = Static<typeof StepProblem>;

export const Attempt = Type.Object({
  exchange: Type.String(),
  at: Type.Number(),
  ended: Type.Number(),
  model: text,
  status: number,
  error: text,
});
export type Attempt = Static<typeof Attempt>;

/** One model call or one tool call of a run, with its attempts. */
export const StepRow = Type.Object({
  id: Type.String({
    description: "An exchange's id; `exchange#n` of a tool call; `session/seq` of one that nobody asked for",
  }),
  run: Type.String(),
  kind: oneOf("model", "tool"),
  at: Type.Number(),
  ended: number,
  lane: Type.String({ description: "`main`, a sub-agent, `server NAME`, `provider` or `host`" }),
  /** Of a tool call the answer that asked, of a sub-agent the tool call. */
  parent: nullable(Type.String({ description: "The step that started it" })),
  name: Type.String({ description: "The model, or the tool as the model calls it" }),
  asked: Type.String({ description: "First words of what was asked, or of the arguments" }),
  answered: Type.String({ description: "First words of what was answered" }),
  state: StepState,
  exchange: nullable(Type.String({ description: "The exchange with the answer that asked for it" })),
  call: text,
  seen: nullable(Type.String({ description: "The request in which the model saw the result" })),
  ties: Type.Array(
    Type.String({ description: "`session/seq` of each MCP call that served it; several from a script" }),
  ),
  certainty: nullable(Certainty),
  rule: nullable(TieRule),
  attempts: Type.Array(Attempt),
  /** Of a tool call. Null where it is not known. */
  split: nullable(
    Type.Object(
      { host: number, server: number, back: number, model: number },
      { description: "ms: asked → sent → answered → seen → first token of the next answer" },
    ),
  ),
  first_token: number,
  tokens_in: number,
  tokens_out: number,
  tokens_cached: number,
  cost: number,
  fidelity: nullable(Fidelity),
  context: nullable(
    Type.Record(Type.String(), Type.Number(), {
      description: "Tokens of the request by kind (`system`, `tools`, `results`, …); shared out by estimate",
    }),
  ),
  blocks: Type.Optional(
    Type.Record(Type.String(), Type.Number(), {
      description: "The largest of them by kind and name: `tools weather`, `results get_forecast`",
    }),
  ),
  phases: Type.Optional(
    Type.Array(Phase, {
      description: "Of a streamed answer: when the model thought, wrote, asked for tools; ms since 1970",
    }),
  ),
  marks: Type.Optional(StepMarks),
  cost_in: Type.Optional(nullable(Type.Number({ description: "The part of the cost that the request is" }))),
  problems: Type.Array(StepProblem),
});
export type StepRow = Static<typeof StepRow>;

/** Rows that are others now, and the ids of those that are gone. */
export type RunChanges = {
  runs: RunRow[];
  steps: StepRow[];
  ties: TieRow[];
  gone: { runs: string[]; steps: string[]; ties: string[] };
};
