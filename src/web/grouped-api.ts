/** The list in groups in the JSON API: conversations or runs, and under an exchange the calls that it asked for. */
import { Elysia, t } from "elysia";
import { filterOf } from "../filter/filter.ts";
import { fits } from "../filter/fits.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import type { Folds, GroupedQuery, GroupedRow } from "../index/index.ts";
import { answers } from "./answers.ts";
import { newestFirst } from "./list.ts";
import type { Sources } from "./sources.ts";

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
const Id = t.Object({
  id: t.String({ pattern: "^[\\w.:-]{1,128}$", error: "id: letters, digits and - _ . : only" }),
});

const says = `Groups stand where their first exchange stands, each with a head where more than one of its exchanges fits. \`fold=all\` gives heads alone; \`except\` names, by their \`id\`, the groups of which the opposite holds. \`calls\` names exchanges whose calls of tools are rows of their own, too.`;

export function groupedApi(sources: Sources) {
  const { index } = sources;
  return new Elysia({ prefix: "/api", detail: { tags: ["api"] } })
    .get(
      "/grouped",
      async ({ query }) => {
        const asked = { ...askedOf(query), from: query.from ?? 0, limit: query.limit ?? 200 };
        return withFlying(sources, asked, await index.grouped(asked));
      },
      {
        query: Page,
        detail: {
          ...answers("grouped"),
          summary: "Exchanges in groups, by conversation or by run, from a rank on",
          description: says,
        },
      },
    )
    .get(
      "/grouped/:id/rank",
      async ({ params, query, status }) =>
        (await index.groupedRank(params.id, askedOf(query))) ??
        status(404, { error: `the exchange ${params.id} is not in this list` }),
      {
        params: Id,
        query: Rank,
        detail: {
          ...answers("groupedRank"),
          summary: "Where an exchange, or the folded head of its group, stands in the list in groups",
        },
      },
    );
}

function askedOf({
  by,
  q = "",
  order = "newest last",
  fold,
  except,
  calls,
}: typeof Rank.static): Omit<GroupedQuery, "limit" | "from"> {
  const folds: Folds = {
    folded: fold === "all" ? "all but these" : "these",
    ids: parts(except),
  };
  return { by, filter: filterOf({ q }), order, fold: folds, calls: parts(calls) };
}

function parts(joined: string | undefined): string[] {
  return joined === undefined || joined === "" ? [] : joined.split(",");
}

/**
 * What is in flight stands at the newest end, under its group where that is on the page. It is in no index and so in no
 * head's sums, and has no rank before it ends.
 */
function withFlying(
  { inFlight, flyingSteps }: Sources,
  { by, filter, order, from, limit }: GroupedQuery,
  page: { items: GroupedRow[]; total: number; exchanges: number },
) {
  const atEnd = order === "newest last" ? from + limit >= page.total : from === 0;
  if (!atEnd) return page;
  const known = new Set(page.items.flatMap((it) => (it.kind === "exchange" ? [it.row.id] : [])));
  const flying = inFlight()
    .filter((row) => !known.has(row.id))
    .filter((row) => filter === undefined || fits(row, filter, Date.now(), "story") === "yes")
    .sort((a, b) => newestFirst(b, a));
  if (flying.length === 0) return page;
  const runs = new Map((flyingSteps?.() ?? []).map(({ step, run }) => [step.exchange ?? step.id, run.id]));
  const items = [...page.items];
  for (const row of flying)
    put(items, row, by === "run" ? (runs.get(row.id) ?? row.run) : row.conversation, order);
  return { items, total: page.total + flying.length, exchanges: page.exchanges + flying.length };
}

function put(items: GroupedRow[], row: ExchangeRow, id: string | null, order: GroupedQuery["order"]): void {
  const head = items.findIndex((it) => it.kind === "group" && it.group.id === id);
  const of = items[head];
  const group = of?.kind === "group" && !of.group.folded ? of.group.id : null;
  const one: GroupedRow = { kind: "exchange", row, group, calls: 0, opened: false };
  if (group === null) return void (order === "newest last" ? items.push(one) : items.unshift(one));
  let at = head + 1;
  while (order === "newest last" && at < items.length && groupOf(items[at]!) === group) at += 1;
  items.splice(at, 0, one);
}

function groupOf(row: GroupedRow): string | null {
  return row.kind === "group" ? null : row.group;
}
