/** One step of a run with both wires side by side, what its tools offer, and how its context grew. */
import { Elysia, t } from "elysia";
import { readSession } from "../read/mcp/session.ts";
import { exposureOf } from "../read/run/exposure.ts";
import { grown } from "../read/run/growth.ts";
import { offeredBy } from "../read/run/offered.ts";
import { bothWires } from "../read/run/both-wires.ts";
import type { Readings } from "./readings.ts";
import { exposure, stretches } from "./request-schemas.ts";
import { sentence, stepRow, tieRow } from "./run-schemas.ts";
import type { Sources } from "./sources.ts";

const id = t.String({ pattern: "^[\\w.:-]{1,128}$", error: "id: letters, digits and - _ . : only" });
const text = t.Union([t.String(), t.Null()]);

/** Lines of a session that are looked through for its lists of tools. */
const LINES = 10_000;
const STEPS = 10_000;
/** Sessions of one run. */
const SESSIONS = 50;

export function stepApi({ index }: Pick<Sources, "index">, see: Readings) {
  return new Elysia({ prefix: "/api", detail: { tags: ["runs"] } })
    .get(
      "/runs/:id/step",
      async ({ params, query, status }) => {
        const step = await index.step(query.id);
        if (!step || step.run !== params.id)
          return status(404, { error: `the run ${params.id} has no step ${query.id}` });
        const asking = step.exchange === null ? null : await see(step.exchange);
        const seeing = step.seen === null ? null : await see(step.seen);
        const ties = (await Promise.all(step.ties.slice(0, 20).map((key) => index.tie(key)))).filter(
          (tie) => tie !== null,
        );
        const calls = await Promise.all(step.ties.slice(0, 20).map((key) => callAt(key)));
        return { step, ties, ...bothWires(step, asking?.reading ?? null, calls, seeing?.reading ?? null) };
      },
      {
        params: t.Object({ id }),
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
        const { items: steps } = await index.steps(run.id, undefined, STEPS);
        const models = steps.filter(({ kind }) => kind === "model");
        const wanted = query.step ?? models.findLast(({ context }) => (context?.["tools"] ?? 0) > 0)?.id;
        const step = models.find((one) => one.id === wanted) ?? null;
        const asking = step?.exchange ? await see(step.exchange) : null;
        if (!step || !asking)
          return status(404, { error: `no request of the run ${params.id} brings tools` });
        const called = new Map<string, number>();
        for (const { kind, name } of steps)
          if (kind === "tool") called.set(name, (called.get(name) ?? 0) + 1);
        const offered = await Promise.all(run.sessions.slice(0, SESSIONS).map((session) => offers(session)));
        const told = exposureOf(
          asking.reading,
          asking.look.glimpse.requestBody,
          offered.flatMap((one) => one ?? []),
          called,
        );
        return { step: step.id, exchange: asking.exchange.id, ...told };
      },
      {
        params: t.Object({ id }),
        query: t.Object({ step: t.Optional(t.String({ maxLength: 300 })) }),
        response: {
          200: t.Object({ step: t.String(), exchange: t.String(), ...exposure.properties }),
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
        return grown((await index.steps(run.id, undefined, STEPS)).items);
      },
      {
        params: t.Object({ id }),
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

  async function callAt(key: string): Promise<{ request: unknown; answer: unknown }> {
    const at = key.lastIndexOf("/");
    const [session, seq] = [key.slice(0, at), Number(key.slice(at + 1))];
    const request = (await index.messages(session, seq - 1, 1)).items[0]?.line["message"] ?? null;
    const tie = await index.tie(key);
    const answer_seq = tie?.served.answer_seq ?? null;
    const answer = answer_seq === null ? null : (await index.messages(session, answer_seq - 1, 1)).items[0];
    return { request, answer: answer?.line["message"] ?? null };
  }

  async function offers(session: string) {
    const row = await index.session(session);
    if (!row) return null;
    const { items } = await index.messages(session, -1, LINES);
    return offeredBy(row, readSession(items.map(({ line }) => line)).inventory.tools);
  }
}
