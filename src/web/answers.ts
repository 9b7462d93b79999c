/** What each route answers, for the description of the API. Rows are described by the schemas that type them. */
import { type TSchema, Type } from "@sinclair/typebox";
import { ExchangeRow, SessionRow } from "../fact/rows.ts";

const Counted = Type.Array(Type.Object({ value: Type.String(), count: Type.Integer() }));

const page = (row: TSchema) =>
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
    Type.Intersect([
      SessionRow,
      Type.Object({ pair: Type.Optional(Type.Union([Type.String(), Type.Null()])) }),
    ]),
  ),
  session: Type.Object({
    session: SessionRow,
    changed: Type.Unknown({ description: "Tools that are others than in the session before, or null" }),
    messages: Type.Array(
      Type.Object({
        session_id: Type.String(),
        seq: Type.Integer(),
        at: Type.Number(),
        line: Type.Record(Type.String(), Type.Unknown(), {
          description: "The line of the session's file, see docs/format.md",
        }),
      }),
    ),
    next: Type.Union([Type.Integer(), Type.Null()]),
  }),
  status: Type.Object({
    exchanges: Type.Integer(),
    sessions: Type.Integer(),
    in_flight: Type.Integer(),
    waiting: Type.Integer(),
    backlog: Type.Integer(),
    warnings: Type.Array(Type.String()),
    unreadable: Type.Array(Type.Object({ path: Type.String(), why: Type.String() })),
    recorders: Type.Optional(
      Type.Array(
        Type.Object({
          project: Type.String(),
          recorder: Type.String(),
          user: Type.Union([Type.String(), Type.Null()]),
          host: Type.Union([Type.String(), Type.Null()]),
          version: Type.String(),
          now: Type.Number({ description: "Its own clock, ms since 1970" }),
          silent_ms: Type.Number({ description: "Since it was heard last" }),
          skew_ms: Type.Number({ description: "How far its clock is before that of the store" }),
          backlog: Type.Number({ description: "What waits to be shipped" }),
          lag_ms: Type.Number({ description: "Age of the oldest that waits" }),
          shipped: Type.Number({ description: "Since its program began" }),
          errors: Type.Number({ description: "Attempts to ship that failed, since its program began" }),
          held: Type.Number({ description: "Held back for what looks like a credential" }),
          refused: Type.Number({ description: "Refused by the store" }),
          trouble: Type.Union([Type.String(), Type.Null()]),
        }),
        { description: "Of a team's store: the recorders that were heard in the last day" },
      ),
    ),
  }),
  overview: Type.Object({
    ...Sums,
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
  star: Type.Object({
    of: Type.String({ description: "exchange, session, run" }),
    id: Type.String(),
    starred: Type.Boolean(),
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
    { format: Type.Literal(1), id: Type.String() },
    { description: "The exchange file, see docs/format.md" },
  ),
  reading: Type.Object(
    { dialect: Type.String(), model: Type.Union([Type.String(), Type.Null()]) },
    { description: "Conversation, tool calls, usage, timing, problems: `Reading` in src/read/reading.ts" },
  ),
  glossary: Type.Object({
    entries: Type.Optional(
      Type.Array(Type.Object({ text: Type.String() }), {
        description: "Without `key`: all entries; with it the one entry itself",
      }),
    ),
  }),
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
export function answers(name: keyof typeof ANSWERS) {
  const schema = ANSWERS[name] as object;
  return {
    responses: {
      200: { description: "The answer", content: { "application/json": { schema } } },
      404: {
        description: "There is no such thing",
        content: { "application/json": { schema: Type.Object({ error: Type.String() }) as object } },
      },
    },
  };
}
