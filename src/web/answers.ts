/** What each route answers, for the description of the API. Rows are described by the schemas that type them. */
import { type TSchema, Type } from "@sinclair/typebox";
import { ExchangeFile, Noted } from "../fact/exchange-format.ts";
import { Frame, Status, Together } from "../fact/frame.ts";
import { ExchangeRow, SessionRow, Star } from "../fact/rows.ts";
import { SessionLine } from "../fact/session-format.ts";
import { Reading } from "../read/reading-schema.ts";

/** What every error of the API is. */
const Sentence = Type.Object({ error: Type.String() });

export const Counted = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }));

export const page = (row: TSchema) =>
  Type.Object({
    items: Type.Array(row),
    next: Type.Union([Type.String(), Type.Null()]),
    total: Type.Integer(),
  });

const Under = Type.Union([Type.String(), Type.Null()], {
  description: "The id of the group whose head it stands under",
});

const Group = Type.Object({
  id: Type.String({ description: "Of the conversation or run" }),
  by: Type.Union([Type.Literal("conversation"), Type.Literal("run")]),
  title: Type.String(),
  folded: Type.Boolean(),
  n: Type.Integer({ description: "Exchanges that fit; all sums are theirs" }),
  at: Type.Number(),
  last_at: Type.Number(),
  clients: Type.Array(Type.String()),
  models: Type.Array(Type.String()),
  tokens_in: Type.Number(),
  tokens_out: Type.Number(),
  cost: Type.Number(),
  errors: Type.Integer(),
  problems: Type.Integer(),
});

const Sums = {
  n: Type.Integer(),
  errors: Type.Integer(),
  tokens_in: Type.Number(),
  tokens_out: Type.Number(),
  cost: Type.Number({ description: "US dollars" }),
};
const Time = Type.Union([Type.Number(), Type.Null()]);
const Spread = Type.Object({ p50: Time, p95: Time });

export const ANSWERS = {
  socket: Type.Union([Frame, Together]),
  healthz: Type.Object({ ok: Type.Literal(true) }),
  exchanges: page(ExchangeRow),
  rank: Type.Object({ rank: Type.Integer() }),
  grouped: Type.Object({
    items: Type.Array(
      Type.Union([
        Type.Object({ kind: Type.Literal("group"), group: Group }),
        Type.Object({
          kind: Type.Literal("exchange"),
          row: ExchangeRow,
          group: Under,
          calls: Type.Integer({ description: "Tools that it asked for" }),
          opened: Type.Boolean(),
        }),
        Type.Object({
          kind: Type.Literal("call"),
          step: Type.Object({ id: Type.String(), name: Type.String() }, { description: "A step of a run" }),
          group: Under,
        }),
      ]),
    ),
    from: Type.Integer({ description: "The rank of the first of them" }),
    total: Type.Integer({ description: "Rows, heads and calls included" }),
    exchanges: Type.Integer({ description: "Exchanges that fit" }),
  }),
  groupedRank: Type.Object({ rank: Type.Integer(), group: Under, folded: Type.Boolean() }),
  sessions: page(
    Type.Object({
      ...SessionRow.properties,
      pair: Type.Optional(Type.Union([Type.String(), Type.Null()])),
    }),
  ),
  session: Type.Object({
    session: SessionRow,
    changed: Type.Unknown({ description: "Tools that are others than in the session before, or null" }),
    messages: Type.Array(
      Type.Object({
        session_id: Type.String(),
        seq: Type.Integer(),
        at: Type.Number(),
        line: SessionLine,
      }),
    ),
    next: Type.Union([Type.Integer(), Type.Null()]),
  }),
  status: Status,
  overview: Type.Object({
    ...Sums,
    in_flight: Type.Integer({ description: "Of those that fit; in no sum until they end" }),
    first: Time,
    last: Time,
    step_ms: Type.Integer(),
    stretches: Type.Array(Type.Object({ at: Type.Number(), ...Sums })),
    models: Type.Array(
      Type.Object({
        model: Type.Union([Type.String(), Type.Null()]),
        ...Sums,
        ttft: Spread,
        total: Spread,
      }),
    ),
    ttft: Spread,
    total: Spread,
  }),
  star: Type.Object({ ...Star.properties, starred: Type.Boolean() }),
  deleted: Type.Object({
    deleted: Type.Integer(),
    kept: Type.Array(
      Type.Object({
        ...Star.properties,
        why: Type.String({ description: "`goes-on`, `gone`, or what the disk says" }),
      }),
    ),
  }),
  facets: Type.Object({
    model: Counted,
    dialect: Counted,
    upstream: Counted,
    status: Counted,
    client: Counted,
    tool: Counted,
    problem: Counted,
    expert: Counted,
  }),
  exchange: Type.Object(
    { ...ExchangeFile.properties, ...Noted.properties },
    { description: "The exchange file, see docs/format.md" },
  ),
  reading: Reading,
  glossary: Type.Union([
    Type.Object(
      {
        entries: Type.Array(
          Type.Object({
            key: Type.String({ description: "Unique and stable" }),
            kind: Type.String(),
            at: Type.Array(Type.String({ description: "What it explains: names, or paths of fields" })),
            where: Type.Array(Type.String({ description: "Dialects and providers; `any` holds for all" })),
            text: Type.String({ description: "In the visitor's language" }),
            source: Type.String({ description: "The document that defines it" }),
            same: Type.Optional(Type.String({ description: "Joins a concept across dialects" })),
            side: Type.Optional(Type.String()),
            below: Type.Optional(Type.String()),
          }),
        ),
      },
      { description: "Without `key`" },
    ),
    Type.Object(
      {
        name: Type.Optional(Type.String()),
        text: Type.String(),
        source: Type.String(),
        also: Type.Array(Type.String({ description: "What others call it" })),
      },
      { description: "With `key`" },
    ),
  ]),
  demo: Type.Object({ done: Type.Literal(true) }),
  demoProgress: Type.Object({
    running: Type.Boolean(),
    began: Type.Union([Type.Number({ description: "ms since 1970" }), Type.Null()]),
    steps: Type.Array(
      Type.Object({
        kind: Type.String({ description: "start, mcp, user, model, call, result, error" }),
        words: Type.String(),
        at: Type.Number({ description: "ms since 1970" }),
      }),
    ),
    failed: Type.Union([Type.String(), Type.Null()]),
  }),
} as const;

/** For `detail` of a route. Not checked while it answers, but by a test over all routes. */
export function answers(schema: TSchema) {
  return { responses: { 200: described("The answer", schema) } };
}

/** Of a route that may be asked for what is not there. */
export function answersIfThere(schema: TSchema) {
  const missing = described("There is no such thing", Sentence);
  return { responses: { 200: described("The answer", schema), 404: missing } };
}

/** Of a socket: what each of its messages is. */
export function tells(schema: TSchema) {
  return { responses: { 101: described("A WebSocket, each message of which is one of these", schema) } };
}

function described(description: string, schema: TSchema) {
  return { description, content: { "application/json": { schema: schema as object } } };
}
