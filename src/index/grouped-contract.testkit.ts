/** The contract of the list in groups, as a suite that every index's test calls: against a list made by hand. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { filterOf } from "../filter/filter.ts";
import { fits } from "../filter/fits.ts";
import type { ExchangeRow, StepRow } from "../fact/rows.ts";
import { exchangeRow, idOf, stepRow } from "./contract-rows.testkit.ts";
import type { Opened } from "./contract.testkit.ts";
import type { Folds, GroupBy, GroupedQuery, GroupedRow } from "./index.ts";

const NONE: Folds = { folded: "these", ids: [] };
const ALL: Folds = { folded: "all but these", ids: [] };

export function groupedContract(name: string, open: () => Opened | Promise<Opened>): void {
  describe(`${name}, in groups`, () => {
    let opened: Opened;
    beforeEach(async () => (opened = await open()));
    afterEach(() => opened.close());

    const put = (rows: readonly ExchangeRow[]) =>
      opened.writer.putExchanges(rows.map((row) => ({ row, text: "" })));
    const ask = (query: Partial<GroupedQuery> & { by: GroupBy }) =>
      opened.index.grouped({
        limit: 1000,
        from: 0,
        order: "newest last",
        fold: NONE,
        calls: [],
        ...query,
      });
    const said = async (query: Parameters<typeof ask>[0]) => (await ask(query)).items.map(wordOf);

    test("groups stand where their first exchange stands, each with a head; who is alone has none", async () => {
      await put([
        exchangeRow(1, { conversation: "a" }),
        exchangeRow(2),
        exchangeRow(3, { conversation: "b" }),
        exchangeRow(4, { conversation: "a" }),
        exchangeRow(5, { conversation: "c" }),
        exchangeRow(6, { conversation: "b" }),
      ]);
      const list = ["a(2)", idOf(1), idOf(4), idOf(2), "b(2)", idOf(3), idOf(6), idOf(5)];
      expect(await said({ by: "conversation" })).toEqual(list);
      expect(await said({ by: "conversation", order: "newest first" })).toEqual([
        idOf(5),
        "b(2)",
        idOf(6),
        idOf(3),
        idOf(2),
        "a(2)",
        idOf(4),
        idOf(1),
      ]);
    });

    test("an earlier exchange that comes late moves its group, and one that changes takes its leave", async () => {
      await put([exchangeRow(5, { run: "a" }), exchangeRow(6, { run: "b" }), exchangeRow(7, { run: "a" })]);
      await put([exchangeRow(2, { run: "b" })]);
      expect(await said({ by: "run" })).toEqual(["b(2)", idOf(2), idOf(6), "a(2)", idOf(5), idOf(7)]);
      await put([exchangeRow(2, { run: "a" })]);
      expect(await said({ by: "run" })).toEqual(["a(3)", idOf(2), idOf(5), idOf(7), idOf(6)]);
    });

    test("a head has the sums of what fits", async () => {
      const about = {
        conversation: "a",
        client: "agent 1.0",
        cost: 0.5,
        tokens_in: 10,
        tokens_out: 1,
      };
      await put([
        exchangeRow(1, { ...about, asked: "Rain?", duration_ms: 100 }),
        exchangeRow(2, { ...about, status: 500, problems: 2, duration_ms: 700 }),
        exchangeRow(3, { ...about, model: "other" }),
      ]);
      const [head] = (await ask({ by: "conversation", filter: filterOf({ model: "gpt-5" }) })).items;
      const { at } = exchangeRow(1);
      expect(head).toEqual({
        kind: "group",
        group: {
          id: "a",
          by: "conversation",
          title: "Rain?",
          folded: false,
          n: 2,
          at,
          last_at: at + 1700,
          clients: ["agent 1.0"],
          models: ["gpt-5"],
          tokens_in: 20,
          tokens_out: 2,
          cost: 1,
          errors: 1,
          problems: 2,
        },
      });
    });

    test("calls stand under the exchange that asked, where they are asked for", async () => {
      await put([exchangeRow(1, { run: "r" }), exchangeRow(2, { run: "r" })]);
      const steps = [1, 2].map((n) => toolStepRow(`${idOf(1)}#${n}`, { exchange: idOf(1), at: n }));
      const model = toolStepRow(idOf(1), { kind: "model", exchange: idOf(1) });
      await opened.writer.putRuns({
        runs: [],
        steps: [...steps, model],
        ties: [],
        gone: { runs: [], steps: [], ties: [] },
      });
      const { items } = await ask({ by: "run" });
      expect(items.map((it) => (it.kind === "exchange" ? [it.calls, it.opened] : it.kind))).toEqual([
        "group",
        [2, false],
        [0, false],
      ]);
      const calls = [idOf(1)];
      const [first, second] = steps.map(({ id }) => id);
      expect(await said({ by: "run", calls })).toEqual(["r(2)", idOf(1), first!, second!, idOf(2)]);
      expect(await said({ by: "run", calls, fold: ALL })).toEqual(["r(2) folded"]);
      expect((await ask({ by: "run", calls, from: 3, limit: 1 })).items.map(wordOf)).toEqual([second!]);
    });

    test("any filter, fold, order and page gives what a list made by hand has there, and each rank", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.array(
            fc.record({
              group: fc.option(fc.constantFrom("a", "b", "c")),
              status: fc.constantFrom(200, 500),
            }),
            {
              maxLength: 14,
            },
          ),
          fc.constantFrom<GroupBy>("conversation", "run"),
          fc.constantFrom("", "status:500"),
          fc.constantFrom<GroupedQuery["order"]>("newest last", "newest first"),
          fc.boolean(),
          fc.subarray([0, 1, 2]),
          fc.nat(12),
          fc.integer({ min: 1, max: 6 }),
          async (specs, by, q, order, allFolded, chosen, from, limit) => {
            const rows = specs.map(({ group, status }, n) => exchangeRow(n, { [by]: group, status }));
            opened = (await opened.close(), await open());
            await put(rows);
            const heads = (await ask({ by })).items.flatMap((it) => (it.kind === "group" ? [it.group] : []));
            const named = chosen.flatMap((n) => heads[n] ?? []);
            const fold: Folds = {
              folded: allFolded ? "all but these" : "these",
              ids: named.map(({ id }) => id),
            };
            const isFolded = (id: string) => named.some((group) => group.id === id) !== allFolded;
            const filter = filterOf({ q });
            const now = 0;
            const kept = rows.filter((row) => fits(row, filter, now) === "yes");
            const list = byHand(rows, kept, by, order, isFolded);
            const page = await ask({ by, filter, order, fold, from, limit });
            expect([page.items.map(wordOf), page.total, page.exchanges]).toEqual([
              list.slice(from, from + limit),
              list.length,
              kept.length,
            ]);
            for (const row of kept) {
              const at = await opened.index.groupedRank(row.id, {
                by,
                filter,
                order,
                fold,
                calls: [],
              });
              const head = list.findIndex((word) => word.startsWith(`${row[by]}(`));
              const here = list.indexOf(row.id);
              expect([at?.rank, at?.folded]).toEqual(here < 0 ? [head, true] : [here, false]);
            }
          },
        ),
        { numRuns: 60 },
      );
    });

    test("who does not fit has no rank", async () => {
      await put([exchangeRow(1, { conversation: "a" })]);
      const rest = { by: "conversation", order: "newest last", fold: NONE, calls: [] } as const;
      expect(await opened.index.groupedRank("unknown", rest)).toBeNull();
      const filter = filterOf({ q: "status:500" });
      expect(await opened.index.groupedRank(idOf(1), { ...rest, filter })).toBeNull();
    });
  });
}

function wordOf(row: GroupedRow): string {
  if (row.kind === "group") return `${row.group.id}(${row.group.n})${row.group.folded ? " folded" : ""}`;
  return row.kind === "exchange" ? row.row.id : row.step.id;
}

/** Groups stand by the first of all their exchanges, whether that fits or not. */
function byHand(
  rows: readonly ExchangeRow[],
  kept: readonly ExchangeRow[],
  by: GroupBy,
  order: GroupedQuery["order"],
  isFolded: (group: string) => boolean,
): string[] {
  const groups = new Map<string, ExchangeRow[]>();
  for (const row of rows) groups.set(row[by] ?? row.id, []);
  for (const row of kept) groups.get(row[by] ?? row.id)!.push(row);
  const blocks = [...groups].map(([id, members]) => {
    const ids = (order === "newest last" ? members : members.toReversed()).map((row) => row.id);
    if (members.length < 2) return ids;
    return isFolded(id) ? [`${id}(${ids.length}) folded`] : [`${id}(${ids.length})`, ...ids];
  });
  return (order === "newest last" ? blocks : blocks.toReversed()).flat();
}

export function toolStepRow(id: string, about: Partial<StepRow>): StepRow {
  const served = { kind: "tool", lane: "server weather", name: "get_weather", state: "served" } as const;
  return stepRow(id, "r", { ...served, at: 1, ended: 2, ...about });
}
