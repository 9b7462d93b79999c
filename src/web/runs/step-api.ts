/** One step of a run with both wires side by side, what its tools offer, and how its context grew. */
import { Elysia, t } from "elysia";
import type { Readings } from "../readings.ts";
import { answersIfThere } from "../answers.ts";
import { RUN_ANSWERS } from "./run-answers.ts";
import type { Sources } from "../sources.ts";
import { Id } from "../ids.ts";

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
        detail: {
          ...answersIfThere(RUN_ANSWERS.step),
          summary: "A step with both wires side by side; differing parts are marked",
        },
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
        detail: {
          ...answersIfThere(RUN_ANSWERS.exposure),
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
        detail: {
          ...answersIfThere(RUN_ANSWERS.growth),
          summary: "How the context of a run grew from step to step, and what each kind has cost",
        },
      },
    );
}
