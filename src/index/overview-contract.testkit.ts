/** The contract of the overview, as a suite that every index's test calls: against sums made by hand. */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { filterOf, parseFilter } from "../filter/filter.ts";
import { fits } from "../filter/fits.ts";
import { anyFilter, anyRow } from "../filter/random.testkit.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import { exchangeRow } from "./contract-rows.testkit.ts";
import type { Opened } from "./contract.testkit.ts";
import type { Sums } from "./index.ts";

export function overviewContract(name: string, open: () => Opened | Promise<Opened>): void {
  describe(`${name}, overview`, () => {
    let opened: Opened;
    beforeEach(async () => (opened = await open()));
    afterEach(() => opened.close());

    /** A star is no row's own word: it is given beside it. */
    const put = async (rows: readonly ExchangeRow[]) => {
      await opened.writer.putExchanges(rows.map((row) => ({ row, text: "" })));
      await opened.writer.putStars(
        rows.flatMap(({ id, starred }) => (starred ? [{ of: "exchange", id }] : [])),
      );
    };
    const sums = (n: number, about: Partial<Sums> = {}): Sums => ({
      n,
      errors: 0,
      tokens_in: 10 * n,
      tokens_out: 20 * n,
      cost: 0,
      ...about,
    });

    test("sums stand in stretches of time, each of a length that people count in", async () => {
      await put([
        exchangeRow(0, { cost: 0.5 }),
        exchangeRow(1, { status: 500 }),
        exchangeRow(9, { model: "other" }),
      ]);
      const at = exchangeRow(0).at;
      const found = await opened.index.overview({ stretches: 3 });
      expect(found).toMatchObject({
        ...sums(3, { errors: 1, cost: 0.5 }),
        step_ms: 5000,
        first: at,
        last: at + 9000,
      });
      expect(found.stretches).toEqual([
        { at, ...sums(2, { errors: 1, cost: 0.5 }) },
        { at: at + 5000, ...sums(1) },
      ]);
      expect(found.models.map(({ model, n }) => [model, n])).toEqual([
        ["gpt-5", 2],
        ["other", 1],
      ]);
    });

    test("half and nineteen of twenty are told for each model, within two hundredths", async () => {
      await put(
        Array.from({ length: 40 }, (_, n) =>
          exchangeRow(n, { model: n < 20 ? "slow" : "quick", ttft_ms: n < 20 ? 100 * (n + 1) : null }),
        ),
      );
      const { models, ttft } = await opened.index.overview({ stretches: 10 });
      const slow = models.find(({ model }) => model === "slow")!;
      for (const [is, should] of [
        [slow.ttft.p50, 1000],
        [slow.ttft.p95, 1900],
        [ttft.p50, 1000],
      ] as const)
        expect(Math.abs(is! / should - 1)).toBeLessThan(0.025);
      expect(models.find(({ model }) => model === "quick")!.ttft).toEqual({ p50: null, p95: null });
    });

    test("what nothing fits is empty", async () => {
      await put([exchangeRow(1)]);
      for (const q of ["status:599", "{}"]) {
        const found = await opened.index.overview({ filter: filterOf({ q }), stretches: 10 });
        expect([found.n, found.first, found.stretches, found.models, found.ttft.p50]).toEqual([
          0,
          null,
          [],
          [],
          null,
        ]);
      }
    });

    test("by any filter the sums are those of what fits, in all and over all stretches", async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyRow, { maxLength: 12 }), anyFilter, async (some, q) => {
          const rows = some.map((row, n) => exchangeRow(n, row));
          const filter = parseFilter(q);
          opened = (await opened.close(), await open());
          await put(rows);
          const now = 1_700_000_000_000;
          const kept = rows.filter((row) => fits(row, filter, now) === "yes");
          const found = await opened.index.overview({ filter, now, stretches: 8 });
          const over = (what: keyof Sums) => found.stretches.reduce((sum, one) => sum + one[what], 0);
          const isSame = (one: number, other: number) => Math.abs(one - other) <= Math.abs(other) * 1e-9;
          expect([found.n, over("n")]).toEqual([kept.length, kept.length]);
          expect(over("errors")).toBe(found.errors);
          expect(
            isSame(
              over("cost"),
              kept.reduce((sum, { cost }) => sum + (cost ?? 0), 0),
            ),
          ).toBe(true);
          expect(found.stretches.length).toBeLessThanOrEqual(8);
        }),
        { numRuns: 40 },
      );
    });
  });
}
