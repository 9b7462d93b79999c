/** What the routes of runs answer. Rows are described by the schemas that type them. */
import { type TSchema, Type } from "@sinclair/typebox";
import { RunRow, StepProblem, StepRow, TieRow } from "../../fact/rows.ts";
import { Counted, page } from "../answers.ts";
import { cacheMissed, exposure, ledger, pulled, requestDiffed, stretches } from "./request-schemas.ts";

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const number = nullable(Type.Number());
const text = nullable(Type.String());
const counts = Type.Record(Type.String(), Type.Number());

const RunProblem = Type.Object({
  ...StepProblem.properties,
  step: Type.String(),
  asked: nullable(Type.String({ description: "The exchange in which the model asked" })),
  served: nullable(Type.String({ description: "`session/seq` of the MCP call" })),
  seen: text,
});

/** How a host treats what tools give. */
const Host = Type.Object({
  host: Type.String(),
  versions: Type.Array(Type.String()),
  calls: Type.Number(),
  forms: counts,
  choices: counts,
  likeness: counts,
  wrappers: counts,
  media: Type.Object({ served: Type.Number(), seen: Type.Number() }),
  rules: Type.Array(
    Type.Object({ rule: Type.String(), calls: Type.Number(), run: Type.String(), step: Type.String() }),
  ),
  says: Type.String({ description: "In a sentence" }),
});

/** How the context of a run grew. */
const Growth = Type.Object({
  steps: Type.Array(
    Type.Object({
      step: Type.String(),
      at: Type.Number(),
      lane: Type.String(),
      input: Type.Number(),
      cached: number,
      output: number,
      cost: number,
      context: counts,
    }),
  ),
  totals: Type.Record(Type.String(), Type.Number(), {
    description: "Tokens of each kind over all requests in which it was sent, again and again",
  }),
  blocks: Type.Array(
    Type.Object({
      kind: Type.String(),
      name: Type.String({ description: "The server of tools, the tool of a result" }),
      tokens: Type.Number(),
      times: Type.Number({ description: "In how many requests it was sent" }),
      cost: number,
    }),
    { description: "What each block has cost over all the requests in which it was sent again" },
  ),
  models: Type.Array(
    Type.Object({
      model: Type.String(),
      calls: Type.Number(),
      tokens_in: Type.Number(),
      tokens_cached: Type.Number(),
      tokens_out: Type.Number(),
      cost_in: number,
      cost_out: number,
      cost: number,
    }),
  ),
  waited: Type.Object(
    { model: Type.Number(), tools: Type.Number(), host: Type.Number() },
    { description: "ms that the conversation itself waited for each" },
  ),
});

export const RUN_ANSWERS = {
  runs: page(RunRow),
  facets: Type.Object({ model: Counted, client: Counted, server: Counted, tool: Counted, problem: Counted }),
  run: Type.Object({
    run: RunRow,
    steps: Type.Array(StepRow),
    ties: Type.Array(TieRow),
    problems: Type.Array(RunProblem),
    next: text,
  }),
  hosts: Type.Object({ items: Type.Array(Host) }),
  steps: Type.Object({ items: Type.Array(StepRow) }),
  ties: Type.Object({ items: Type.Array(TieRow) }),
  step: Type.Object({
    step: StepRow,
    ties: Type.Array(TieRow),
    asked: Type.Unknown({ description: "The call as the model wrote it" }),
    served: Type.Array(Type.Object({ request: Type.Unknown(), answer: Type.Unknown() })),
    seen: Type.Unknown({ description: "The result as the model saw it" }),
    arguments: nullable(stretches),
    result: Type.Union([stretches, Type.Null()], {
      description: "From what the server gave to what the model saw; a known wrapper is taken off",
    }),
    wrapper: text,
  }),
  exposure: Type.Object({
    step: Type.String(),
    exchange: Type.String(),
    ...exposure.properties,
    pulled,
  }),
  growth: Growth,
  diff: Type.Object({
    id: Type.String(),
    with: text,
    same: Type.Boolean(),
    diff: nullable(requestDiffed),
    cache: cacheMissed,
  }),
  ledger,
} as const;
