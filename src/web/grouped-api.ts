/** The list in groups in the JSON API: conversations or runs, and under an exchange the calls that it asked for. */
import { Elysia, t } from "elysia";
import { filterOf } from "../filter/filter.ts";
import { fits } from "../filter/fits.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import type { Folds, GroupedQuery, GroupedRow } from "../index/index.ts";
import { ANSWERS, answers, answersIfThere } from "./answers.ts";
import { newestFirst } from "./list.ts";
import type { Sources } from "./sources.ts";
import { Id } from "./ids.ts";

const text = (name: string, most: number) =>
  t.Optional(t.String({ maxLength: most, error: `${name}: a text of at most ${most} characters` }));
/** Names of what was opened by hand, with commas between them. */
const names = (name: string) => text(name, 40_000);

const list = {
  by: t.UnionEnum(["conversation", "run"], { error: "by: conversation or run" }),
  q: text("q", 2000),
  order: t.Optional(
    t.UnionEnum(["newest last", "newest first"], { error: "order: newest last or newest first" }),
  ),
  fold: t.Optional(t.UnionEnum(["none", "all"], { error: "fold: none or all" })),
  except: names("except"),
  calls: names("calls"),
};
const Page = t.Object({
  ...list,
  from: t.Optional(t.Integer({ minimum: 0, error: "from: a rank, a whole number from 0" })),
  limit: t.Optional(t.Integer({ minimum: 1, maximum: 5000, error: "limit: a whole number from 1 to 5000" })),
});
const Rank = t.Object(list);

const says = `Groups stand where their first exchange stands, each with a head where more than one of its exchanges fits. \`fold=all\` gives heads alone; \`except\` names, by their \`id\`, the groups of which the opposite holds. \`calls\` names exchanges whose calls of tools are rows of their own, too.`;

export function groupedApi(sources: Sources) {
  const { index } = sources;
  return new Elysia({ prefix: "/api", detail: { tags: ["api"] } })
    .get(
      "/grouped",
      async ({ query }) => {
        const said = { ...askedOf(query), limit: query.limit ?? 200 };
        return pageFrom(sources, said, query.from ?? (await newestPage(sources, said)));
      },
      {
        query: Page,
        detail: {
          ...answers(ANSWERS.grouped),
          summary:
            "Exchanges in groups, by conversation or by run, from a rank on; the newest page without one",
          description: says,
        },
      },
    )
    .get(
      "/grouped/:id/rank",
      async ({ params, query, status }) => {
        const said = askedOf(query);
        const found = await index.groupedRank(params.id, said);
        if (!found) return status(404, { error: `the exchange ${params.id} is not in this list` });
        const above = said.order === "newest first" ? flyingOf(sources, said).length : 0;
        return { ...found, rank: found.rank + above };
      },
      {
        params: t.Object({ id: Id }),
        query: Rank,
        detail: {
          ...answersIfThere(ANSWERS.groupedRank),
          summary: "Where an exchange, or the folded head of its group, stands in the list in groups",
        },
      },
    );
}

type Asked = Omit<GroupedQuery, "from">;

/** The first rank of the page at the newest end. */
async function newestPage(sources: Sources, asked: Asked): Promise<number> {
  if (asked.order === "newest first") return 0;
  const { total } = await pageFrom(sources, { ...asked, limit: 1 }, 0);
  return Math.max(0, total - asked.limit);
}

/** What is in flight stands at the newest end: it comes to its group, and into the sums of its head, when it ends. */
async function pageFrom(sources: Sources, asked: Asked, from: number) {
  const { order, limit } = asked;
  const flying = flyingOf(sources, asked).map((row): GroupedRow => ({
    kind: "exchange",
    row,
    group: null,
    calls: 0,
    opened: false,
  }));
  const above = order === "newest first" ? flying.slice(from, from + limit) : [];
  const skipped = order === "newest first" ? flying.length : 0;
  const ask = { ...asked, from: Math.max(0, from - skipped), limit: Math.max(1, limit - above.length) };
  const page = await sources.index.grouped(ask);
  const items = above.length < limit ? page.items : [];
  const below =
    order === "newest last"
      ? flying.slice(Math.max(0, from - page.total), Math.max(0, from + limit - page.total))
      : [];
  return {
    from,
    items: [...above, ...items, ...below],
    total: page.total + flying.length,
    exchanges: page.exchanges + flying.length,
  };
}

/** In the order of the list. */
function flyingOf({ inFlight }: Sources, { filter, order }: Pick<Asked, "filter" | "order">): ExchangeRow[] {
  const all = inFlight().filter(
    (row) => filter === undefined || fits(row, filter, Date.now(), "story") === "yes",
  );
  return all.sort(order === "newest first" ? newestFirst : (a, b) => newestFirst(b, a));
}

function askedOf({
  by,
  q = "",
  order = "newest last",
  fold,
  except,
  calls,
}: typeof Rank.static): Omit<Asked, "limit"> {
  const folds: Folds = {
    folded: fold === "all" ? "all but these" : "these",
    ids: parts(except),
  };
  return { by, filter: filterOf({ q }), order, fold: folds, calls: parts(calls) };
}

function parts(joined: string | undefined): string[] {
  return joined === undefined || joined === "" ? [] : joined.split(",");
}
