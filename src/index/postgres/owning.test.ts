/** What a recorder's and a page's own connection can do to the rows of others, whatever statements they send. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { filterOf } from "../../filter/filter.ts";
import { exchangeRow, idOf, runRow, sessionRow, stepRow } from "../contract-rows.testkit.ts";
import { postgresIndex } from "./asks.ts";
import { connectStore } from "./connect.ts";
import { hasPostgres, sharedServer } from "./server.testkit.ts";
import { postgresWriter } from "./writes.ts";

const GUARDED =
  "exchange lean shape manner cell hour spread tally facet session message run step tie run_of evidence frame recorder star slim".split(
    " ",
  );
const gone = { runs: [], steps: [], ties: [] };

describe.skipIf(!hasPostgres)("with a connection of its own", () => {
  let owner: SQL;
  let url: string;
  const open: SQL[] = [];
  beforeAll(async () => {
    const shared = (await sharedServer()).url;
    const admin = new SQL(shared, { max: 1 });
    await admin.unsafe("create database owning");
    await admin.close();
    url = shared.replace(/\/postgres$/, "/owning");
    owner = await connectStore(url);
    await owner.unsafe("alter role mcpl_recorder login; alter role mcpl_page login");
    for (const [kind, name, projects] of [
      ["recorder", "a", "{x}"],
      ["recorder", "b", "{x}"],
      ["recorder", "c", "{y}"],
      ["page", "of x", "{x}"],
      ["page", "of all", "{*}"],
    ])
      await owner.unsafe(
        "insert into mcpl.token (hash, kind, name, projects) values (sha256(convert_to($2, 'UTF8')), $1, $2, $3::text[])",
        [kind, name, projects],
      );
    for (const [name, project] of [
      ["a", "x"],
      ["c", "y"],
    ] as const) {
      const writer = recorder(name, project);
      await writer.putExchanges([
        { row: exchangeRow(1, { conversation: "c", model: `of ${name}` }), text: "kingfisher" },
      ]);
      await writer.putSession(sessionRow(1));
      await writer.putMessages([{ session_id: "s1", seq: 0, at: 1, line: { session_id: "s1", text: name } }]);
      await writer.putEvidence([{ source: idOf(1), part: "", kind: "model", at: 1, json: `"${name}"` }]);
      await writer.putRuns({ ...own(name), gone });
      await writer.putStars([{ of: "run", id: "r1" }]);
      await writer.report({
        now: 1,
        version: name,
        backlog: 0,
        lag_ms: 0,
        shipped: 0,
        errors: 0,
        held: 0,
        refused: 0,
        trouble: null,
      });
      await owner.unsafe("select mcpl.tell($1::text, $2::text, '{\"\"}', '{\"{}\"}')", [name, project]);
    }
  });
  afterAll(async () => {
    await Promise.all([...open, owner].map((sql) => sql?.close()));
  });

  /** In the role that recorders sign in with. */
  function recorder(name: string, project: string) {
    const sql = signedIn("mcpl_recorder");
    return postgresWriter(sql, {
      token: name,
      origin: { project, recorder: "whoever", user: null, host: null },
    });
  }

  function signedIn(role: string, token = ""): SQL {
    const sql = new SQL(url.replace("postgres@", `${role}@`), {
      max: 1,
      ...(token !== "" && { connection: { "mcpl.token": token } }),
    });
    open.push(sql);
    return sql;
  }

  const own = (name: string) => {
    const attempts = [{ exchange: idOf(1), at: 5, ended: 6, model: null, status: 200, error: null }];
    const tie = { id: "s1/0", run: "r1", session: "s1", seq: 0 };
    return {
      runs: [runRow("r1", { title: `of ${name}` })],
      steps: [stepRow("t1", "r1", { exchange: idOf(1), attempts, name })],
      ties: [tie] as never[],
    };
  };

  test("a page reads every table of its projects, and no row of another", async () => {
    const count = async (sql: SQL) =>
      Object.fromEntries(
        await Promise.all(
          GUARDED.map(async (table) => [
            table,
            (await sql.unsafe(`select array_agg(distinct project) as all from mcpl.${table}`))[0].all,
          ]),
        ),
      );
    const all = (projects: string[] | null) => Object.fromEntries(GUARDED.map((table) => [table, projects]));
    expect(await count(signedIn("mcpl_page", "of x"))).toEqual(all(["x"]));
    expect(await count(signedIn("mcpl_page", "of all"))).toEqual(all(["x", "y"]));
    for (const token of ["", "a", "unknown"])
      expect(await count(signedIn("mcpl_page", token))).toEqual(all(null));
  });

  test("a page finds by words and by run what it may read, and asks its functions for no more", async () => {
    const page = signedIn("mcpl_page", "of x");
    const index = postgresIndex(page, { token: "of x", projects: null });
    for (const q of ["kingfisher", "run:r1", "conv:c", "recorder:a"])
      expect([
        q,
        (await index.exchanges({ limit: 9, filter: filterOf({ q }) })).items.map(({ model }) => model),
      ]).toEqual([q, ["of a"]]);
    const asked = await page.unsafe(
      "select (select array_agg(project) from mcpl.worded('''kingfisher''', '{x,y}')) as words, (select array_agg(project) from mcpl.of_run('r%', 'like', '{x,y}')) as runs",
    );
    expect({ ...asked[0] }).toEqual({ words: ["x"], runs: ["x"] });
    await expect(page.unsafe("select mcpl.join_runs('of x', 'y', '{}')")).rejects.toThrow("may not join");
  });

  test("a page changes nothing, makes itself nobody else, and gets round no guard", async () => {
    const page = signedIn("mcpl_page", "of x");
    for (const statement of [
      "update mcpl.exchange set row = ''",
      "delete from mcpl.step",
      "insert into mcpl.tally values ('x', 'a', 'exchange', 0, 5)",
      "select * from mcpl.token",
      "select * from mcpl.audit",
      "select * from mcpl.buried",
      "select mcpl.put_runs('a', 'x', '{}')",
      "select mcpl.set_runs('x', 1::smallint, null, '{}')",
      "select mcpl.drop_days(0)",
      "alter table mcpl.exchange disable row level security",
      "select * from mcpl.exchange_20231114",
      "select * from mcpl.lean_20231114",
      "set role postgres",
      "set row_security = off; select count(*) from mcpl.exchange",
    ])
      expect([statement, await refused(page, statement)]).toEqual([statement, "refused"]);
    // A function that tells what it is shown sees nothing that the guard hides.
    const seen = await page.unsafe(
      "select count(*)::int as n from mcpl.lean where 1 / (case when project = 'y' then 0 else 1 end) = 1",
    );
    expect(seen[0].n).toBe(1);
  });

  test("a recorder reads nothing and writes by its functions alone, in its projects", async () => {
    const sql = signedIn("mcpl_recorder", "of all");
    for (const statement of [
      ...GUARDED.map((table) => `select * from mcpl.${table}`),
      "insert into mcpl.exchange (project, id, started, row) values ('x', 'i', 1, '{}')",
      "select mcpl.worded('''a''', '{x}')",
      "select mcpl.readable('of x')",
      "select mcpl.put_exchanges('a', 'y', '[]')",
      "select mcpl.put_exchanges('of x', 'x', '[]')",
      "select mcpl.put_runs('', 'x', '{}')",
      "select mcpl.tell('c', 'x', '{}', '{}')",
    ])
      expect([statement, await refused(sql, statement)]).toEqual([statement, "refused"]);
  });

  test("a recorder overwrites, takes over and deletes nothing of another in the same project", async () => {
    const other = recorder("b", "x");
    const before = await rows();
    expect(await other.share([{ row: exchangeRow(1, { model: "mine" }), text: "" }])).toEqual([idOf(1)]);
    // With an id of theirs that tells its time, at another time than theirs.
    const id = "018bcfe5-687b-7000-8000-000000000001";
    await recorder("a", "x").putExchanges([{ row: exchangeRow(1, { id, at: 1_700_000_000_123 }), text: "" }]);
    const far = exchangeRow(1, { id, at: 1_700_000_000_123 + 40 * 86_400_000, model: "mine" });
    expect(await other.share([{ row: far, text: "" }])).toEqual([id]);
    expect(await other.taken([far])).toEqual([id]);
    await owner.unsafe("delete from mcpl.exchange where id = $1", [id]);
    await expect(other.putSession(sessionRow(1, { name: "mine" }))).rejects.toThrow("another recorder");
    await other.putMessages([{ session_id: "s1", seq: 0, at: 1, line: { text: "mine" } }]);
    await other.putMessages([{ session_id: "s1", seq: 1, at: 1, line: { text: "mine" } }]);
    for (const source of [idOf(1), "s1"])
      for (const part of ["", "/7"])
        await other.putEvidence([{ source, part, kind: "gone", at: 1, json: "{}" }]);
    await other.putRuns({ ...own("b"), gone });
    // Into a run of its own: their step, their tie, their exchange.
    const { steps, ties } = own("b");
    const stolen = steps.map((step) => ({ ...step, run: "mine" }));
    await other.putRuns({
      runs: [runRow("mine")],
      steps: stolen,
      ties: ties.map((tie) => ({ ...(tie as object), run: "mine" })) as never[],
      gone,
    });
    await other.putRuns({
      runs: [],
      steps: [],
      ties: [],
      gone: { runs: ["r1"], steps: ["t1"], ties: ["s1/0"] },
    });
    await owner.unsafe("delete from mcpl.run where id = 'mine'");
    expect(await rows()).toEqual(before);
    // Its own it changes as before.
    await recorder("a", "x").putRuns({ ...own("again"), gone });
    expect((await owner.unsafe("select row from mcpl.run where project = 'x'"))[0].row).toContain("of again");
  });

  async function rows() {
    const all = "exchange session message evidence run step tie run_of".split(" ");
    return Promise.all(
      all.map(async (table) =>
        owner
          .unsafe(`select * from mcpl.${table} where project = 'x'`)
          .then((found) => found.map((row: object) => ({ ...row }))),
      ),
    );
  }

  async function refused(sql: SQL, statement: string): Promise<string> {
    try {
      await sql.unsafe(statement);
      return "may";
    } catch {
      return "refused";
    }
  }
});
