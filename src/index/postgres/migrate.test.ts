/** A store of an older version is brought on with what stands in it, and takes what older programs go on writing. */
import { describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { filterOf } from "../../filter/filter.ts";
import { NO_FAULTS } from "../../filter/fits.ts";
import { FINE, LEAST_MS } from "../spread.ts";
import { exchangeRow, idOf, runRow } from "../contract-rows.testkit.ts";
import { postgresIndex } from "./asks.ts";
import { connectStore, openStore } from "./connect.ts";
import { SUMMED_BY } from "./lean.ts";
import { migrate, MIGRATIONS } from "./migrate.ts";
import { hasPostgres, sharedServer } from "./server.testkit.ts";
import { postgresWriter } from "./writes.ts";

/** What has been run somewhere is not changed: add a migration. */
const ONCE = [
  "4ca1f77e99928a1d",
  "e976f452d986e47d",
  "323f0b4dff73438a",
  "2fb2a84e32009c5b",
  "d707cf1d7f67ad11",
  "966255677168a547",
  "93d0c9b8110f91ee",
  "7bc98bc987e28da9",
  "5666bf9442c9b8f9",
  "627bfd01aa42aa19",
  "eeb8d6526a79701e",
];

test("what was run before stands as it was run", () => {
  const all = MIGRATIONS.map((text) =>
    new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 16),
  );
  expect(all).toEqual(ONCE);
  expect(SUMMED_BY).toEqual({ noFaults: [...NO_FAULTS], fine: FINE, leastMs: LEAST_MS });
});

describe.skipIf(!hasPostgres)("a store of version 1", () => {
  /** As a program of that time has made it. */
  async function ofVersion1(name: string): Promise<{ url: string; sql: SQL }> {
    const { url: shared } = await sharedServer();
    const admin = new SQL(shared, { max: 1 });
    await admin.unsafe(`create database ${name}`);
    await admin.close();
    const url = shared.replace(/\/postgres$/, `/${name}`);
    const sql = openStore(url);
    await sql.unsafe(
      "create schema mcpl; create table mcpl.migration (version int primary key, at timestamptz not null default now())",
    );
    await sql.unsafe(MIGRATIONS[0]!);
    await sql.unsafe("insert into mcpl.migration (version) values (1)");
    return { url, sql };
  }

  const origin = { project: "p", recorder: "a", user: "ann", host: "h" };
  const writer = (sql: SQL) => postgresWriter(sql, { token: "", origin });
  const found = async (sql: SQL, q: string) => {
    const page = await postgresIndex(sql, { token: "", projects: ["p"] }).exchanges({
      limit: 9,
      filter: filterOf({ q }),
    });
    return [page.items.map(({ id }) => id), page.total];
  };
  const put = (sql: SQL, n: number, about = {}) =>
    writer(sql).putExchanges([{ row: exchangeRow(n, { tools: ["Search"], ...about }), text: "kingfisher" }]);

  test("has its rows found by every kind of filter afterwards, and its counts as they were", async () => {
    const { url, sql } = await ofVersion1("from_1");
    await put(sql, 1, { model: "old", status: 500, conversation: "C1", at: 5 });
    await put(sql, 2, { model: "older", wire: "websocket" });
    await sql.close();
    const later = await connectStore(url);
    for (const q of [
      "model:old",
      "is:error",
      "conv:c1",
      "tool:search is:error",
      "kingfisher model:old",
      "status:>=400",
    ])
      expect([q, ...(await found(later, q))]).toEqual([q, [idOf(1)], 1]);
    expect(await found(later, "wire:websocket -tool:nothing")).toEqual([[idOf(2)], 1]);
    expect((await postgresIndex(later, { token: "", projects: ["p"] }).counts()).exchanges).toBe(2);
    await later.close();
  });

  test("is written to by older programs while and after it is brought on, and their rows are found", async () => {
    const { url, sql } = await ofVersion1("beside_1");
    const writing = (async () => {
      for (let n = 0; n < 60; n++) await put(sql, n, { model: "while" });
    })();
    const later = openStore(url);
    await migrate(later);
    await writing;
    expect((await found(later, "model:while"))[1]).toBe(60);
    // The very statement of an older program's function: straight into the wide table.
    const straight = (id: string, started: number) =>
      sql.unsafe(
        `insert into mcpl.exchange (project, id, started, recorder, status, ending, model, tools, words, row)
         values ('p', $1::text, $2::bigint, 'a', 429, 'complete', 'Straight', '{x,Y}', $3::tsvector, $4::text)`,
        [id, started, "'heron':1", JSON.stringify(exchangeRow(1, { id, socket: "s9" }))],
      );
    await straight("direct", Date.UTC(2001, 0, 1));
    for (const q of ["model:straight", "tool:y status:429", "heron", "socket:s9"])
      expect([q, ...(await found(later, q))]).toEqual([q, ["direct"], 1]);
    await sql.unsafe("delete from mcpl.exchange where id = 'direct'");
    expect(await found(later, "model:straight")).toEqual([[], 0]);
    // Shipped again it is there once, as it is now.
    await put(sql, 7, { model: "again" });
    expect([await found(later, "model:again"), (await found(later, "model:while"))[1]]).toEqual([
      [[idOf(7)], 1],
      59,
    ]);
    await sql.close();
    await later.close();
  });

  test("has its runs found by what their rows say", async () => {
    const { url, sql } = await ofVersion1("runs_1");
    await writer(sql).putRuns({
      runs: [
        runRow("run 1", { servers: ["weather"], tools: ["mcp__weather__x"], state: "failed" }),
        runRow("run 2"),
      ],
      steps: [],
      ties: [],
      gone: { runs: [], steps: [], ties: [] },
    });
    await sql.close();
    const later = await connectStore(url);
    const filter = filterOf({ q: "server:weather tool:x state:failed" }, "runs");
    const { items } = await postgresIndex(later, { token: "", projects: ["p"] }).runs({ limit: 9, filter });
    expect(items.map(({ id }) => id)).toEqual(["run 1"]);
    await later.close();
  });

  test("lets old days go from both tables", async () => {
    const { url, sql } = await ofVersion1("days_1");
    const day = Date.UTC(2025, 0, 5);
    await put(sql, 1, { at: day });
    const later = await connectStore(url);
    await put(sql, 2, { at: day + 86_400_000 });
    await later.unsafe("select mcpl.drop_days($1::bigint)", [day + 2 * 86_400_000]);
    const left = await later.unsafe(
      "select (select count(*) from mcpl.lean)::int as lean, (select count(*) from pg_class where relname ~ '^(lean|exchange)_20250')::int as tables",
    );
    expect({ ...left[0] }).toEqual({ lean: 0, tables: 0 });
    await sql.close();
    await later.close();
  });
});
