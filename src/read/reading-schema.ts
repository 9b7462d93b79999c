/**
 * A reading as the API describes it, member by member. The compiler holds that what is described is a `Reading`; a test
 * over all recordings, that every reading is what is described and has no member more.
 */
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import type { Reading as ReadingType } from "./reading.ts";

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const oneOf = <const T extends string[]>(...words: T) =>
  Type.Union(words.map((word) => Type.Literal(word as T[number])));
const number = nullable(Type.Number());
const text = nullable(Type.String());
const By = oneOf("client", "server");

const Media = Type.Object({
  type: oneOf("image", "audio", "video", "file"),
  mime: text,
  url: nullable(Type.String({ description: "Never holds inline data" })),
  data: nullable(Type.String({ description: "Where in the body the inline data stands, as a JSON path" })),
  bytes: nullable(Type.Number({ description: "Decoded, of inline data" })),
  name: text,
});

/** What a result of a tool is made of: no API puts a call or a result into one. */
const simple = [
  Type.Object({ type: Type.Literal("text"), text: Type.String() }),
  Type.Object({
    type: Type.Literal("reasoning"),
    text: nullable(
      Type.String({ description: "Null where it was there but hidden (`redacted`, `encrypted`)" }),
    ),
    redacted: Type.Optional(Type.Boolean()),
    encrypted: Type.Optional(Type.Boolean()),
    signature: Type.Optional(Type.Boolean()),
  }),
  Media,
  Type.Object({
    type: Type.Literal("tool_call"),
    id: text,
    name: Type.String(),
    arguments: Type.String(),
    by: By,
  }),
  Type.Object({ type: Type.Literal("refusal"), text: Type.String() }),
  Type.Object({
    type: Type.Literal("citation"),
    title: text,
    url: text,
    text,
    value: Type.Unknown(),
  }),
  Type.Object({
    type: Type.Literal("unknown"),
    kind: text,
    value: Type.Unknown({ description: "Whole, since no reader knows it yet" }),
  }),
] as const;

const Part = Type.Union([
  ...simple,
  Type.Object({
    type: Type.Literal("tool_result"),
    id: text,
    name: text,
    parts: Type.Array(Type.Union([...simple])),
    error: Type.Optional(Type.Boolean()),
    by: By,
  }),
]);
const Parts = Type.Array(Part);

const Turn = Type.Object({
  role: Type.String({
    description: "`system`, `developer`, `user`, `assistant`, `tool`, or the API's own word",
  }),
  parts: Parts,
  name: Type.Optional(Type.String()),
});

const Tool = Type.Object({
  name: Type.String(),
  description: text,
  schema: Type.Unknown({
    description: "JSON Schema of the arguments, or null where the API does not send one",
  }),
  kind: Type.String({ description: "`function`, `custom`, or the server tool's own type" }),
  by: By,
  namespace: Type.Optional(
    Type.String({ description: "The set of tools that it stands in: names are unique within one set only" }),
  ),
});

const Usage = Type.Object({
  input: nullable(Type.Number({ description: "All input tokens, cached ones included" })),
  output: nullable(Type.Number({ description: "All output tokens, reasoning included" })),
  total: number,
  cached: number,
  cache_write: number,
  reasoning: number,
  wire: Type.Unknown({ description: "The API's own object, untouched" }),
});

const Cost = Type.Object(
  {
    input: number,
    output: number,
    total: Type.Number(),
    source: Type.String({ description: "The price table, or `provider` when the API says it" }),
    as_of: text,
  },
  { description: "US dollars" },
);

const Timing = Type.Object(
  {
    ttfb_ms: number,
    ttft_ms: nullable(Type.Number({ description: "The first token, not the first byte" })),
    tokens_per_s: number,
    longest_gap_ms: number,
    duration_ms: number,
  },
  { description: "ms since the request" },
);

const Problem = Type.Object({
  where: Type.String({ description: "A JSON path, `stream`, or an event's number" }),
  what: Type.String(),
  rule: Type.String({ description: "Stable name of the rule" }),
  severity: oneOf("error", "warning", "note"),
  source: nullable(Type.String({ description: "The document whose rule it is" })),
});

const Thread = Type.Object({
  conversation: Type.String(),
  turn: Type.Number(),
  parent: text,
  how: oneOf("header", "id", "prefix", "new"),
});

export const Reading = Type.Object({
  dialect: Type.String(),
  provider: text,
  model: text,
  streamed: Type.Boolean(),
  system: Type.Array(Part, { description: "The system prompt, wherever the API keeps it" }),
  messages: Type.Array(Turn),
  tools: Type.Array(Tool),
  settings: Type.Record(Type.String(), Type.Unknown(), {
    description: "Everything else of the request that steers the answer",
  }),
  answer: Type.Object(
    {
      parts: Parts,
      choices: Type.Array(Type.Object({ parts: Parts, finish_reason: text })),
    },
    { description: "Every choice; `parts` are those of the first" },
  ),
  text: Type.String(),
  reasoning: Type.String(),
  refusal: text,
  tool_calls: Type.Array(
    Type.Object({
      id: text,
      name: Type.String(),
      arguments: Type.String({
        description: "The exact string where the API sends a string, else the compact JSON",
      }),
    }),
  ),
  finish_reason: text,
  usage: nullable(Usage),
  cost: nullable(Cost),
  timing: Timing,
  error: nullable(Type.Object({ status: number, type: text, message: Type.String() })),
  problems: Type.Array(Problem),
  notes: Type.Optional(
    Type.Array(Problem, {
      description: "What is no problem by any document and may surprise all the same",
    }),
  ),
  thread: nullable(Thread),
  embedding: Type.Optional(Type.Object({ count: Type.Number(), dimensions: number })),
  moderation: Type.Optional(Type.Object({ flagged: Type.Boolean(), categories: Type.Array(Type.String()) })),
  transcription: Type.Optional(Type.Object({ text: Type.String(), language: text, duration_s: number })),
  token_count: Type.Optional(Type.Object({ input: Type.Number() })),
  ranking: Type.Optional(
    Type.Object({
      count: Type.Number(),
      results: Type.Array(Type.Object({ index: Type.Number(), score: number }), {
        description: "Best first; `index` is the document's place in the request",
      }),
    }),
  ),
  models: Type.Optional(Type.Object({ count: Type.Number(), ids: Type.Array(Type.String()) })),
  images: Type.Optional(Type.Object({ count: Type.Number() })),
});

true satisfies Static<typeof Reading> extends ReadingType ? true : never;
