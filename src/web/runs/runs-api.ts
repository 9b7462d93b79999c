/** Runs in the JSON API: the list, one run with its steps, ties and problems, and one step with both wires side by side. */
import { Elysia, t } from "elysia";
import { filterOf } from "../../filter/filter.ts";
import { runFits } from "../../filter/run-filter.ts";
import { parseRunSort, RUN_SORTABLE } from "../../filter/sort.ts";
import type { StepRow } from "../../fact/rows.ts";
import { answers, answersIfThere } from "../answers.ts";
import { limit, word } from "../parameters.ts";
import { hostsOf, TREATED } from "../../read/run/hosts.ts";
import { flyingRuns, runNow, waiting } from "./run-now.ts";
import { RUN_ANSWERS } from "./run-answers.ts";
import type { Sources } from "../sources.ts";
import { Id } from "../ids.ts";

export function runsApi({ index, flyingSteps = () => [] }: Pick<Sources, "index" | "flyingSteps">) {
  return new Elysia({ prefix: "/api", detail: { tags: ["runs"] } })
    .get(
      "/runs",
      async ({ query: { limit: most = 100, before, sort, ...said } }) => {
        const filter = filterOf(said, "runs");
        const now = Date.now();
        const flying = flyingRuns(flyingSteps());
        const order = sort === undefined ? null : parseRunSort(sort);
        const page = await index.runs({
          limit: most,
          ...(before !== undefined && { before }),
          ...(order !== null && { sort: order }),
          filter,
          now,
          asking: [...flying.keys()],
        });
        const items = page.items.map((row) => waiting(row, flying.get(row.id)));
        // A run whose first request is not answered yet is in no index.
        const known = new Set(items.map(({ id: one }) => one));
        const first = (before === undefined ? [...flying.values()] : [])
          .filter((run) => run.model_calls === 0 && !known.has(run.id))
          .filter((run) => runFits(run, filter, now) === "yes")
          .toSorted((a, b) => b.at - a.at);
        // Sorted by anything else they come first: they have nothing yet to be sorted by.
        const all = [...first, ...items];
        const isByTime = sort === undefined || sort === "-time";
        return {
          ...page,
          items: isByTime ? all.toSorted((a, b) => b.at - a.at) : all,
          total: page.total + first.length,
        };
      },
      {
        query: t.Object({
          limit: t.Optional(limit(5000, 100)),
          before: t.Optional(word("before")),
          sort: t.Optional(
            t.String({
              pattern: `^-?(?:${RUN_SORTABLE.join("|")})$`,
              error: `sort: one of ${RUN_SORTABLE.join(", ")}; with - before it the largest comes first`,
            }),
          ),
          q: t.Optional(word("q")),
          model: t.Optional(word("model")),
        }),
        detail: {
          ...answers(RUN_ANSWERS.runs),
          summary: "Runs, newest first",
          description:
            "A run is one conversation with its sub-agents, side requests and MCP sessions. `q` is a filter as the page takes it: `state:waiting server:weather agent:claude-code tool:get_* problem:* cost:>0.1 total:>1m steps:>10 errors:>0`; what a run has not itself (`status:500`, words) is asked of its exchanges: one of them fits, or none of them where a term is turned round.",
        },
      },
    )
    .get("/runs/facets", () => index.runFacets(), {
      detail: {
        ...answers(RUN_ANSWERS.facets),
        summary: "What runs can be filtered by, with the number of runs, the most frequent first",
      },
    })
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
        query: t.Object({ after: t.Optional(word("after")), limit: t.Optional(limit(10_000, 2000)) }),
        detail: {
          ...answersIfThere(RUN_ANSWERS.run),
          summary: "A run: its steps in the order of time, their ties with the rules, and what went wrong",
          description:
            "`next` is the `after` of the next page of steps; ties and problems are those of the page's steps.",
        },
      },
    )
    .get("/hosts", async () => ({ items: hostsOf(await index.treated(TREATED)) }), {
      detail: {
        ...answers(RUN_ANSWERS.hosts),
        summary: "How each host treats the results of tools",
        description: `From the latest ${TREATED} joined calls.`,
      },
    })
    .get("/exchanges/:id/steps", async ({ params }) => ({ items: await index.stepsOf(params.id) }), {
      params: t.Object({ id: Id }),
      detail: {
        ...answers(RUN_ANSWERS.steps),
        summary: "Steps that began in this exchange, or whose result it brought to the model",
      },
    })
    .get("/mcp/sessions/:id/ties", async ({ params }) => ({ items: await index.tiesOf(params.id) }), {
      params: t.Object({ id: Id }),
      detail: {
        ...answers(RUN_ANSWERS.ties),
        summary: "For the calls of an MCP session: which model asked, and where it saw the result",
      },
    });
}

/** Without what only the ledger of a run asks for: a page of thousands of steps is read at once. */
function lean({ blocks: _blocks, ...step }: StepRow): StepRow {
  return step;
}

function problemsOf({ id: step, problems, exchange, ties, seen }: StepRow) {
  return problems.map((problem) => ({ ...problem, step, asked: exchange, served: ties[0] ?? null, seen }));
}
