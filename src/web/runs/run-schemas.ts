/** The rows of runs as the API describes them. What they mean is said where they are made (`fact/rows.ts`). */
import { t } from "elysia";

const nullable = <T extends Parameters<typeof t.Union>[0][number]>(schema: T) => t.Union([schema, t.Null()]);
const number = nullable(t.Number());
const text = nullable(t.String());
const oneOf = <const T extends string[]>(...words: T) => t.UnionEnum(words as unknown as [T[0], ...T]);

export const certainty = oneOf("exact", "inferred", "ambiguous");
const rule = oneOf(
  "meta-tool-use-id",
  "codex-call-id",
  "codex-item-id",
  "traceparent",
  "thread-id",
  "run-id",
  "name+arguments+order",
  "name+result-text",
);
const severity = oneOf("error", "warning", "note");

export const runRow = t.Object({
  id: t.String(),
  at: t.Number({ description: "When it began, ms since 1970 UTC" }),
  last_at: t.Number(),
  title: t.String({ description: "The user's first words" }),
  agent: text,
  run: nullable(t.String({ description: "The id that `run` gave it" })),
  models: t.Array(t.String()),
  sessions: t.Array(t.String({ description: "Ids of MCP sessions" })),
  servers: t.Array(t.String()),
  model_calls: t.Number(),
  tool_calls: t.Number(),
  agents: t.Number({ description: "Sub-agents" }),
  tokens_in: t.Number(),
  tokens_out: t.Number(),
  tokens_cached: t.Number(),
  cost: t.Number({ description: "US dollars" }),
  errors: t.Number(),
  problems: t.Number(),
  tools: t.Optional(t.Array(t.String({ description: "As the model called them, the most used first" }))),
  rules: t.Optional(t.Array(t.String({ description: "Of the problems of its steps, notes included" }))),
  ties: t.Object({ exact: t.Number(), inferred: t.Number(), ambiguous: t.Number() }),
  state: oneOf("model", "tool", "host", "done", "failed"),
  state_of: text,
  state_since: t.Number(),
});

export const stepProblem = t.Object({ rule: t.String(), severity, what: t.String() });

export const fidelity = t.Object({
  form: oneOf("content", "structured", "both", "neither", "unknown"),
  likeness: oneOf("equal", "inside", "cut", "rewritten", "unrelated", "unknown"),
  wrapper: text,
  served: t.Number({ description: "Characters as the server gave them" }),
  seen: t.Number({ description: "Characters as the model saw them" }),
  kept: number,
  media: t.Object({ served: t.Number(), seen: t.Number() }),
});

export const stepRow = t.Object({
  id: t.String({
    description: "An exchange's id; `exchange#n` of a tool call; `session/seq` of one that nobody asked for",
  }),
  run: t.String(),
  kind: oneOf("model", "tool"),
  at: t.Number(),
  ended: number,
  lane: t.String({ description: "`main`, a sub-agent, `server NAME`, `provider` or `host`" }),
  parent: nullable(t.String({ description: "The step that started it" })),
  name: t.String(),
  asked: t.String(),
  answered: t.String(),
  state: oneOf(
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
  ),
  exchange: text,
  call: text,
  seen: nullable(t.String({ description: "The request in which the model saw the result" })),
  ties: t.Array(t.String({ description: "`session/seq` of each MCP call that served it" })),
  certainty: nullable(certainty),
  rule: nullable(rule),
  attempts: t.Array(
    t.Object({
      exchange: t.String(),
      at: t.Number(),
      ended: t.Number(),
      model: text,
      status: number,
      error: text,
    }),
  ),
  split: nullable(
    t.Object(
      { host: number, server: number, back: number, model: number },
      { description: "ms: asked → sent → answered → seen → first token of the next answer" },
    ),
  ),
  first_token: number,
  tokens_in: number,
  tokens_out: number,
  tokens_cached: number,
  cost: number,
  fidelity: nullable(fidelity),
  context: nullable(
    t.Record(t.String(), t.Number(), {
      description: "Tokens of the request by kind; shared out by estimate",
    }),
  ),
  blocks: t.Optional(
    t.Record(t.String(), t.Number(), {
      description: "The largest of them by kind and name: `tools weather`, `results get_forecast`",
    }),
  ),
  phases: t.Optional(
    t.Array(t.Object({ kind: oneOf("reasoning", "text", "tool"), from: t.Number(), to: t.Number() }), {
      description: "Of a streamed answer: when the model thought, wrote, asked for tools; ms since 1970",
    }),
  ),
  marks: t.Optional(
    t.Object(
      { progress: t.Array(t.Number()), cancelled: number },
      { description: "Of an MCP call: when progress came, when it was called off; ms since 1970" },
    ),
  ),
  cost_in: t.Optional(nullable(t.Number({ description: "The part of the cost that the request is" }))),
  problems: t.Array(stepProblem),
});

export const tieRow = t.Object({
  id: t.String({ description: "`session/seq` of the MCP call" }),
  run: text,
  at: t.Number(),
  certainty,
  rule,
  confirmed: t.Boolean({ description: "The result was found again in what the model saw" }),
  asked: t.Array(t.String({ description: "`exchange#n`; of an ambiguous tie all that fit equally" })),
  served: t.Object({
    session: t.String(),
    seq: t.Number(),
    answer_seq: number,
    request: t.Union([t.String(), t.Number()]),
  }),
  seen: text,
});

export const runProblem = t.Object({
  ...stepProblem.properties,
  step: t.String(),
  asked: nullable(t.String({ description: "The exchange in which the model asked" })),
  served: nullable(t.String({ description: "`session/seq` of the MCP call" })),
  seen: text,
});

export const sentence = t.Object({ error: t.String() });
