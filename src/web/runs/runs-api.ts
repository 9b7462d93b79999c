/** Runs in the JSON API: the list, one run with its steps, ties and problems, and one step with both wires side by side. */
import { Elysia, t } from "elysia";
import { filterOf, isEmpty } from "../../filter/filter.ts";
import type { StepRow } from "../../fact/rows.ts";
import { hostsOf, TREATED } from "../../read/run/hosts.ts";
import { flyingRuns, runNow, waiting } from "./run-now.ts";
import { runProblem, runRow, sentence, stepRow, tieRow } from "./run-schemas.ts";
import type { Sources } from "../sources.ts";
import { Id } from "../ids.ts";

const limit = (most: number) =>
  t.Optional(t.Integer({ minimum: 1, maximum: most, error: `limit: a whole number from 1 to ${most}` }));
const word = (name: string) =>
  t.Optional(t.String({ maxLength: 1000, error: `${name}: a text of at most 1000 characters` }));

export function runsApi({ index, flyingSteps = () => [] }: Pick<Sources, "index" | "flyingSteps">) {
  return new Elysia({ prefix: "/api", detail: { tags: ["runs"] } })
    .get(
      "/runs",
      async ({ query: { limit: most = 100, before, ...said } }) => {
        const filter = filterOf(said);
        const page = await index.runs({ limit: most, ...(before !== undefined && { before }), filter });
        const flying = flyingRuns(flyingSteps());
        const items = page.items.map((row) => waiting(row, flying.get(row.id)));
        // A run whose first request is not answered yet is in no index, and fits no filter.
        const known = new Set(items.map(({ id: one }) => one));
        const begun = before === undefined && isEmpty(filter) ? [...flying.values()] : [];
        const first = begun.filter(({ id: one, model_calls }) => model_calls === 0 && !known.has(one));
        const newest = [...first, ...items].toSorted((a, b) => b.at - a.at);
        return { ...page, items: newest, total: page.total + first.length };
      },
      {
        query: t.Object({ limit: limit(5000), before: word("before"), q: word("q"), model: word("model") }),
        response: t.Object({
          items: t.Array(runRow),
          next: t.Union([t.String(), t.Null()]),
          total: t.Number(),
        }),
        detail: {
          summary: "Runs, newest first",
          description:
            "A run is one conversation with its sub-agents, side requests and MCP sessions. `q` is the filter of exchanges: a run fits when one of its exchanges does.",
        },
      },
    )
    .get(
      "/runs/:id",
      async ({ params, query, status }) => {
        const now = await runNow({ index, flyingSteps }, params.id);
        if (!now)
          return status(404, { error: `there is no run ${params.id}; its files may have been deleted` });
        const { run, flying } = now;
        const { items: steps, next } = await index.steps(run.id, query.after, query.limit ?? 2000);
        if (next === null)
          for (const step of flying) if (!steps.some(({ id: one }) => one === step.id)) steps.push(step);
        const keys = new Set(steps.flatMap((step) => step.ties));
        const ties = (await index.ties(run.id)).filter((tie) => keys.has(tie.id));
        return { run, steps: steps.map(lean), ties, problems: steps.flatMap(problemsOf), next };
      },
      {
        params: t.Object({ id: Id }),
        query: t.Object({ after: word("after"), limit: limit(10_000) }),
        response: {
          200: t.Object({
            run: runRow,
            steps: t.Array(stepRow),
            ties: t.Array(tieRow),
            problems: t.Array(runProblem),
            next: t.Union([t.String(), t.Null()]),
          }),
          404: sentence,
        },
        detail: {
          summary: "A run: its steps in the order of time, their ties with the rules, and what went wrong",
          description:
            "`next` is the `after` of the next page of steps; ties and problems are those of the page's steps.",
        },
      },
    )
    .get("/hosts", async () => ({ items: hostsOf(await index.treated(TREATED)) }), {
      response: t.Object({
        items: t.Array(
          t.Object({
            host: t.String(),
            versions: t.Array(t.String()),
            calls: t.Number(),
            forms: t.Record(t.String(), t.Number()),
            choices: t.Record(t.String(), t.Number()),
            likeness: t.Record(t.String(), t.Number()),
            wrappers: t.Record(t.String(), t.Number()),
            media: t.Object({ served: t.Number(), seen: t.Number() }),
            rules: t.Array(
              t.Object({ rule: t.String(), calls: t.Number(), run: t.String(), step: t.String() }),
            ),
            says: t.String({ description: "In a sentence" }),
          }),
        ),
      }),
      detail: {
        summary: "How each host treats the results of tools",
        description: `From the latest ${TREATED} joined calls.`,
      },
    })
    .get("/exchanges/:id/steps", async ({ params }) => ({ items: await index.stepsOf(params.id) }), {
      params: t.Object({ id: Id }),
      response: t.Object({ items: t.Array(stepRow) }),
      detail: { summary: "Steps that began in this exchange, or whose result it brought to the model" },
    })
    .get("/mcp/sessions/:id/ties", async ({ params }) => ({ items: await index.tiesOf(params.id) }), {
      params: t.Object({ id: Id }),
      response: t.Object({ items: t.Array(tieRow) }),
      detail: { summary: "For the calls of an MCP session: which model asked, and where it saw the result" },
    });
}

/** Without what only the ledger of a run asks for: a page of thousands of steps is read at once. */
function lean({ blocks: _blocks, ...step }: StepRow): StepRow {
  return step;
}

function problemsOf({ id: step, problems, exchange, ties, seen }: StepRow) {
  return problems.map((problem) => ({ ...problem, step, asked: exchange, served: ties[0] ?? null, seen }));
}
