/** One step of a run with both wires side by side, what its tools offer, and how its context grew. */
import { Elysia, t } from "elysia";
import type { Readings } from "../readings.ts";
import { exposure, pulled, stretches } from "./request-schemas.ts";
import { sentence, stepRow, tieRow } from "./run-schemas.ts";
import type { Sources } from "../sources.ts";
import { Id } from "../ids.ts";

const text = t.Union([t.String(), t.Null()]);

export function stepApi({ index }: Pick<Sources, "index">, see: Readings) {
  /** Loaded with the first step that is looked at. */
  const data = async () => (await import("./run-data.ts")).runData({ index }, see);
  return new Elysia({ prefix: "/api", detail: { tags: ["runs"] } })
    .get(
      "/runs/:id/step",
      async ({ params, query, status }) => {
        const found = await (await data()).step(params.id, query.id);
        return found ?? status(404, { error: `the run ${params.id} has no step ${query.id}` });
      },
      {
        params: t.Object({ id: Id }),
        query: t.Object({ id: t.String({ maxLength: 300 }) }),
        response: {
          200: t.Object({
            step: stepRow,
            ties: t.Array(tieRow),
            asked: t.Unknown({ description: "The call as the model wrote it" }),
            served: t.Array(t.Object({ request: t.Unknown(), answer: t.Unknown() })),
            seen: t.Unknown({ description: "The result as the model saw it" }),
            arguments: t.Union([stretches, t.Null()]),
            result: t.Union([stretches, t.Null()], {
              description: "From what the server gave to what the model saw; a known wrapper is taken off",
            }),
            wrapper: text,
          }),
          404: sentence,
        },
        detail: { summary: "A step with both wires side by side; differing parts are marked" },
      },
    )
    .get(
      "/runs/:id/exposure",
      async ({ params, query, status }) => {
        const run = await index.run(params.id);
        if (!run) return status(404, { error: `there is no run ${params.id}` });
        const found = await (await data()).exposure(run, query.step);
        if (found) return { ...found, pulled: await (await data()).pulled(run) };
        return status(404, { error: `no request of the run ${params.id} brings tools` });
      },
      {
        params: t.Object({ id: Id }),
        query: t.Object({ step: t.Optional(t.String({ maxLength: 300 })) }),
        response: {
          200: t.Object({ step: t.String(), exchange: t.String(), ...exposure.properties, pulled }),
          404: sentence,
        },
        detail: {
          summary: "What the servers of a run offer against what the model was given",
          description: "Of its last request with tools, or of the model step that `step` names.",
        },
      },
    )
    .get(
      "/runs/:id/ledger",
      async ({ params, status }) => {
        const run = await index.run(params.id);
        if (!run) return status(404, { error: `there is no run ${params.id}` });
        return (await data()).growth(run.id);
      },
      {
        params: t.Object({ id: Id }),
        response: {
          200: t.Object({
            steps: t.Array(
              t.Object({
                step: t.String(),
                at: t.Number(),
                lane: t.String(),
                input: t.Number(),
                cached: t.Union([t.Number(), t.Null()]),
                output: t.Union([t.Number(), t.Null()]),
                cost: t.Union([t.Number(), t.Null()]),
                context: t.Record(t.String(), t.Number()),
              }),
            ),
            totals: t.Record(t.String(), t.Number(), {
              description: "Tokens of each kind over all requests in which it was sent, again and again",
            }),
            blocks: t.Array(
              t.Object({
                kind: t.String(),
                name: t.String({ description: "The server of tools, the tool of a result" }),
                tokens: t.Number(),
                times: t.Number({ description: "In how many requests it was sent" }),
                cost: t.Union([t.Number(), t.Null()]),
              }),
              { description: "What each block has cost over all the requests in which it was sent again" },
            ),
            models: t.Array(
              t.Object({
                model: t.String(),
                calls: t.Number(),
                tokens_in: t.Number(),
                tokens_cached: t.Number(),
                tokens_out: t.Number(),
                cost_in: t.Union([t.Number(), t.Null()]),
                cost_out: t.Union([t.Number(), t.Null()]),
                cost: t.Union([t.Number(), t.Null()]),
              }),
            ),
            waited: t.Object(
              { model: t.Number(), tools: t.Number(), host: t.Number() },
              { description: "ms that the conversation itself waited for each" },
            ),
          }),
          404: sentence,
        },
        detail: { summary: "How the context of a run grew from step to step, and what each kind has cost" },
      },
    );
}
