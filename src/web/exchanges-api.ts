/** Exchanges in the JSON API: the list, where one stands in it, its file, its reading. */
import { Elysia, t } from "elysia";
import { filterOf } from "../filter/filter.ts";
import { parseSort, SORTABLE } from "../filter/sort.ts";
import { ANSWERS, answers, answersIfThere } from "./answers.ts";
import { Id } from "./ids.ts";
import { listing } from "./list.ts";
import { limit, unknown, word } from "./parameters.ts";
import type { Readings } from "./readings.ts";
import type { Sources } from "./sources.ts";

export function exchangesApi(sources: Sources, see: Readings) {
  const { index } = sources;
  return new Elysia({ prefix: "/api", detail: { tags: ["api"] } })
    .get(
      "/exchanges",
      ({ query: { limit: most = 100, before, from, sort, ...said } }) =>
        listing(sources, {
          limit: most,
          ...(before !== undefined && { before }),
          ...(from !== undefined && { from }),
          ...(sort !== undefined && { sort: parseSort(sort)! }),
          filter: filterOf(said),
        }),
      {
        query: t.Object({
          limit: t.Optional(limit(5000, 100)),
          before: t.Optional(word("before")),
          from: t.Optional(t.Integer({ minimum: 0, error: "from: a rank, a whole number from 0" })),
          sort: t.Optional(
            t.String({
              pattern: `^-?(?:${SORTABLE.join("|")})$`,
              error: `sort: one of ${SORTABLE.join(", ")}; with - before it the largest comes first`,
            }),
          ),
          q: t.Optional(word("q")),
          dialect: t.Optional(word("dialect")),
          model: t.Optional(word("model")),
          status: t.Optional(word("status")),
          upstream: t.Optional(word("upstream")),
          conversation: t.Optional(word("conversation")),
        }),
        detail: {
          ...answers(ANSWERS.exchanges),
          summary: "Exchanges, newest first; those in flight are on the first page",
          description:
            '`from` gives the rows of the ranks from there on, 0 being the oldest. `next` is the `before` of the next page, `total` counts all pages. `q` is a filter, as the page takes it: `model:gpt* status:>=400 has:tool_call ttft:>2s since:10m -tool:bash "free text"`. The other parameters are single values of it.',
        },
      },
    )
    .get(
      "/exchanges/:id/rank",
      async ({ params, query, status }) => {
        const rank = await index.rank(params.id, { filter: filterOf(query) });
        return rank === null ? status(404, unknown("exchange", params.id)) : { rank };
      },
      {
        params: t.Object({ id: Id }),
        query: t.Object({ q: t.Optional(word("q")) }),
        detail: {
          ...answersIfThere(ANSWERS.rank),
          summary:
            "Where it stands among those that fit a filter, in the order of time, for `from` of the list",
        },
      },
    )
    .get(
      "/exchanges/:id",
      async ({ params, status }) => {
        const text = await sources.file(params.id);
        if (text === null) return status(404, unknown("exchange", params.id));
        return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
      },
      {
        params: t.Object({ id: Id }),
        detail: { ...answersIfThere(ANSWERS.exchange), summary: "The exchange file" },
      },
    )
    .get(
      "/exchanges/:id/reading",
      async ({ params, status }) =>
        (await see(params.id))?.reading ?? status(404, unknown("exchange", params.id)),
      {
        params: t.Object({ id: Id }),
        detail: { ...answersIfThere(ANSWERS.reading), summary: "What the reader makes of the exchange" },
      },
    );
}
