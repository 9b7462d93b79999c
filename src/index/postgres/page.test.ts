/** Pages of so many rows that they are found by sums, by indexes and in some days, against one plain question. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { filterOf } from "../../filter/filter.ts";
import { SORTABLE } from "../../filter/sort.ts";
import { exchangeRow } from "../contract-rows.testkit.ts";
import { postgresIndex } from "./asks.ts";
import { connectStore } from "./connect.ts";
import { hasPostgres, sharedServer } from "./server.testkit.ts";

const ROWS = 6_000;
const COLUMN: Record<(typeof SORTABLE)[number], string> = {
  time: "w.started",
  model: "lower(w.model)",
  dialect: "w.dialect",
  upstream: "w.upstream",
  client: "w.client",
  status: "w.status",
  ttft: "w.ttft_ms",
  total: "w.duration_ms",
  in: "w.tokens_in",
  out: "w.tokens_out",
  cached: "w.tokens_cached",
  cost: "w.cost",
  problems: "w.problems",
};

describe.skipIf(!hasPostgres)("many rows in a store", () => {
  let sql: SQL;
  beforeAll(async () => {
    const shared = (await sharedServer()).url;
    const admin = new SQL(shared, { max: 1 });
    await admin.unsafe("create database pages");
    await admin.close();
    sql = await connectStore(shared.replace(/\/postgres$/, "/pages"));
    await sql.unsafe(
      "select mcpl.ensure_days(array(select 1700000000000 + d * 86400000::bigint from generate_series(0, 9) d))",
    );
    await sql.unsafe(
      `insert into mcpl.exchange (project, id, started, recorder, status, ending, model, client, tools, problems, ttft_ms, duration_ms,
         tokens_in, tokens_out, tokens_cached, cost, words, row)
       select 'p', 'i' || lpad(n::text, 5, '0'), 1700000000000 + (n * 7919 % 700) * 1000000::bigint, 'r' || n % 3, case when n % 9 = 0 then 500 else 200 end,
         'complete', case when n % 4 > 0 then 'm' || n % 4 end, 'c' || n % 5, case when n % 2 = 0 then '{t}'::text[] else '{}' end, n % 3,
         n % 700, nullif(n % 800, 0), n % 900, n % 11, case when n % 50 = 0 then n end, case when n % 100 < 99 then n % 99 end,
         case when n % 3 = 0 then '''often'':1'::tsvector else '''seldom'':1'::tsvector end, $1::text
       from generate_series(1, ${ROWS}) n`,
      [JSON.stringify(exchangeRow(1))],
    );
    await sql.unsafe("analyze mcpl.lean; analyze mcpl.exchange");
  });
  afterAll(() => sql?.close());

  const plainly = async (where: string, order: string, skip: number, most: number): Promise<string[]> =>
    (
      await sql.unsafe(
        `select id from mcpl.exchange w where ${where} order by ${order}, w.started desc, w.id desc limit ${most} offset ${skip}`,
      )
    ).map(({ id }: { id: string }) => id);

  test("stand in every order, at the beginning, in the middle and at the end, under filters of every kind", async () => {
    const index = postgresIndex(sql, { token: "", projects: ["p"] });
    for (const [q, where] of [
      ["", "true"],
      ["in:<850 -model:m1", "w.tokens_in < 850 and w.model is distinct from 'm1'"],
      ["-seldom", "not w.words @@ 'seldom'"],
    ] as const)
      for (const by of SORTABLE)
        for (const order of ["ascending", "descending"] as const) {
          const [{ n: total }] = await sql.unsafe(
            `select count(*)::int as n from mcpl.exchange w where ${where}`,
          );
          const way = `${COLUMN[by]} ${order === "ascending" ? "asc" : "desc"} nulls last`;
          const sorted = by === "time" && order === "ascending" ? `${way}, w.id asc` : way;
          for (const skip of [0, Math.floor(total / 3), total - 20]) {
            const page = await index.exchanges({
              limit: 20,
              from: total - skip - 20,
              sort: { by, order },
              filter: filterOf({ q }),
            });
            expect([q, by, order, skip, page.total, page.items.map(({ id }) => id)]).toEqual([
              q,
              by,
              order,
              skip,
              total,
              await plainly(where, sorted, skip, 20),
            ]);
          }
        }
  });

  test("with a common word, and without one, come page by page, each once", async () => {
    const index = postgresIndex(sql, { token: "", projects: ["p"] });
    for (const [q, where] of [
      ["often", "w.words @@ 'often'"],
      ["-often model:m1", "not w.words @@ 'often' and w.model = 'm1'"],
      ["often recorder:r0", "w.words @@ 'often' and w.recorder = 'r0'"],
    ] as const) {
      const seen: string[] = [];
      for (let before: string | undefined; ;) {
        const { items, next } = await index.exchanges({
          limit: 250,
          filter: filterOf({ q }),
          ...(before && { before }),
        });
        seen.push(...items.map(({ id }) => id));
        if (next === null) break;
        before = next;
      }
      expect([q, seen]).toEqual([q, await plainly(where, "w.project", 0, ROWS)]);
    }
  });

  test("come to what their rows come to, by any part of them", async () => {
    const index = postgresIndex(sql, { token: "", projects: ["p"] });
    for (const [q, where] of [
      ["", "true"],
      ["status:200", "w.status = 200"],
      ["model:m2", "w.model = 'm2'"],
      ["-tool:t", "w.tools = '{}'"],
      ["cost:>50 often", "w.cost > 50 and w.words @@ 'often'"],
      ["until:2023-11-18", "w.started <= 1700265600000"],
    ] as const) {
      const found = await index.overview({ stretches: 100, filter: filterOf({ q }) });
      const [{ n, errors, tokens }] = await sql.unsafe(
        `select count(*)::int as n, count(*) filter (where status >= 400)::int as errors, sum(tokens_in)::float8 as tokens from mcpl.exchange w where ${where}`,
      );
      const over = (what: "n" | "errors" | "tokens_in") =>
        found.stretches.reduce((sum, one) => sum + one[what], 0);
      expect([q, found.n, over("n"), over("errors"), over("tokens_in")]).toEqual([q, n, n, errors, tokens]);
    }
  });
});
