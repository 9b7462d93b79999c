/** Tokens, who opened what, and what is deleted: over a real store. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { bucket } from "../bodies/bucket.testkit.ts";
import { s3Bodies } from "../bodies/s3.ts";
import { exchangeRow, idOf, runRow, sessionRow, stepRow } from "../index/contract-rows.testkit.ts";
import { postgresIndex } from "../index/postgres/asks.ts";
import { connectStore } from "../index/postgres/connect.ts";
import { hasPostgres, sharedServer } from "../index/postgres/server.testkit.ts";
import { postgresWriter } from "../index/postgres/writes.ts";
import { auditSince, dropBefore, givePassword, makeToken, revoke, tokens } from "./admin.ts";
import { auditIn } from "./audit.ts";
import { countOf, forget, remainsOf } from "./forget.ts";

describe.skipIf(!hasPostgres)("the owner of a team's store", () => {
  let url: string;
  let sql: SQL;
  beforeAll(async () => {
    const shared = (await sharedServer()).url;
    const admin = new SQL(shared, { max: 1 });
    await admin.unsafe("create database owner");
    await admin.close();
    url = shared.replace(/\/postgres$/, "/owner");
    sql = await connectStore(url);
  });
  afterAll(() => sql?.close());

  test("deletes one person's traffic: rows, bodies, runs, lines; others' stay, and shipped again it stays away", async () => {
    const at = bucket();
    const bodies = s3Bodies(at.client());
    const of = (user: string) => ({ project: "p", recorder: "r", user, host: "h" });
    const writer = postgresWriter(sql, { token: "", origin: of("ann") });
    const bytes = new Uint8Array(3);
    const rows = [1, 2, 3, 4].map((n) => exchangeRow(n, { origin: of(n % 2 ? "ann" : "bob") }));
    await writer.putExchanges(rows.map((row) => ({ row, text: "said" })));
    for (const { id } of rows) await bodies.put({ of: "exchange", id }, bytes);
    await writer.putSession(sessionRow(1, { origin: of("ann") }));
    await writer.putMessages([{ session_id: "s1", seq: 0, at: 1, line: { secret: true } }]);
    await bodies.putPiece("s1", 0, bytes);
    await writer.putEvidence([{ source: idOf(1), part: "", kind: "model", at: 1, json: "{}" }]);
    const attempts = [{ exchange: idOf(1), at: 1, ended: 2, model: null, status: 200, error: null }];
    await writer.putRuns({
      runs: [runRow("r1", { at: rows[0]!.at })],
      steps: [stepRow("step of r1", "r1", { exchange: idOf(1), attempts })],
      ties: [],
      gone: { runs: [], steps: [], ties: [] },
    });
    const what = { person: "ann", project: null, before: rows[2]!.at };
    expect(await countOf(sql, what)).toEqual({ exchanges: 1, sessions: 1 });
    expect(await forget(sql, bodies, what)).toEqual({ exchanges: 1, sessions: 1 });
    expect(await remainsOf(sql, what)).toEqual({ exchanges: 1, sessions: 0 });
    const index = postgresIndex(sql, { token: "", projects: ["p"] });
    expect((await index.exchanges({ limit: 9 })).items.map(({ id }) => id)).toEqual([4, 3, 2].map(idOf));
    expect([await index.counts(), (await index.messages("s1")).items]).toEqual([
      { exchanges: 3, sessions: 0, messages: 0 },
      [],
    ]);
    expect([...at.objects.keys()].sort()).toEqual([2, 3, 4].map((n) => `b/other/${idOf(n)}.json.zst`));
    expect((await sql.unsafe("select 1 from mcpl.evidence")).length).toBe(0);
    expect(await writer.taken([rows[0]!, rows[1]!, sessionRow(1, { origin: of("ann") })])).toEqual([
      idOf(1),
      "s1",
    ]);
    await writer.putExchanges([{ row: rows[0]!, text: "" }]);
    expect((await index.counts()).exchanges).toBe(3);
    // Nor does any part of it, whatever was on its way and whoever ships it once more: lines, evidence, a run of theirs.
    await writer.putMessages([{ session_id: "s1", seq: 1, at: 1, line: { secret: true } }]);
    await writer.putEvidence([{ source: idOf(1), part: "", kind: "model", at: 1, json: "{}" }]);
    const changes = (id: string, at: number) => ({
      runs: [runRow(id, { at, title: "what ann said" })],
      steps: [stepRow(`step of ${id}`, id)],
      ties: [],
      gone: { runs: [], steps: [], ties: [] },
    });
    for (const id of ["r1", "r2"]) {
      const { steps, ...rest } = changes(id, rows[0]!.at);
      await writer.putRuns({ ...rest, runs: [], steps });
      await writer.putRuns({ ...rest, steps: [] });
      await writer.putRuns(changes(id, rows[0]!.at));
    }
    await writer.putRuns(changes("r3", rows[3]!.at));
    const left = await sql.unsafe(`select (select count(*) from mcpl.message)::int as messages,
      (select count(*) from mcpl.evidence)::int as evidence, (select string_agg(id, ' ') from mcpl.run) as runs,
      (select string_agg(run, ' ') from mcpl.step) as steps`);
    expect({ ...left[0] }).toEqual({ messages: 0, evidence: 0, runs: "r3", steps: "r3" });
    const [line] = await sql.unsafe("select person, exchanges, sessions from mcpl.forgotten");
    expect({ ...line }).toEqual({ person: "ann", exchanges: 1, sessions: 1 });
    at.stop();
  });

  test("lets old days go, and what began in them", async () => {
    const old = Date.UTC(2020, 0, 1);
    const writer = postgresWriter(sql, {
      token: "",
      origin: { project: "old", recorder: "r", user: null, host: null },
    });
    await writer.putExchanges([{ row: exchangeRow(1, { id: "old", at: old }), text: "" }]);
    await writer.putSession(sessionRow(7, { at: old }));
    const attempts = [{ exchange: "old", at: old, ended: old, model: null, status: 200, error: null }];
    const tie = { id: "s7/1", run: "r old", row: "{}" };
    await writer.putRuns({
      runs: [runRow("r old", { at: old })],
      steps: [stepRow("s old", "r old", { at: old, attempts })],
      ties: [],
      gone: { runs: [], steps: [], ties: [] },
    });
    await sql.unsafe("insert into mcpl.tie values ('old', $1, $2, $3)", [tie.id, tie.run, tie.row]);
    expect(await dropBefore(sql, old + 2 * 86_400_000)).toBeGreaterThan(0);
    expect(await postgresIndex(sql, { token: "", projects: ["old"] }).counts()).toEqual({
      exchanges: 0,
      sessions: 0,
      messages: 0,
    });
    const left = await sql.unsafe(
      `select ${["run", "step", "tie", "run_of", "slim"].map((name) => `(select count(*) from mcpl.${name} where project = 'old')::int as ${name}`).join(", ")}`,
    );
    expect({ ...left[0] }).toEqual({ run: 0, step: 0, tie: 0, run_of: 0, slim: 0 });
  });

  test("writes down each body that is opened, once for the same eyes, with who", async () => {
    const audit = auditIn(sql, { token: "", page: "here" });
    await Promise.all(
      ["10.0.0.1", "10.0.0.2"].map(async (address) => {
        audit.visit(address);
        for (let n = 0; n < 3; n++) await audit.opened("exchange", "x");
      }),
    );
    const lines = await auditSince(sql, 0);
    expect(lines.map(({ page, visitor, what, id }) => [page, visitor, what, id]).toSorted()).toEqual([
      ["here", "10.0.0.1", "exchange", "x"],
      ["here", "10.0.0.2", "exchange", "x"],
    ]);
  });

  test("gives tokens that the store does not know itself, and takes them back; passwords are passwords", async () => {
    const secret = await makeToken(sql, "page", "one", ["p"]);
    expect(secret).toMatch(/^mcpl_[\w-]{32}$/);
    expect(JSON.stringify(await sql.unsafe("select * from mcpl.token")).includes(secret)).toBe(false);
    const total = async () =>
      (await postgresIndex(sql, { token: secret, projects: null }).counts()).exchanges;
    expect(await total()).toBe(3);
    expect([await revoke(sql, "one"), await revoke(sql, "one"), await total()]).toEqual([1, 0, 0]);
    expect((await tokens(sql)).map(({ name, revoked }) => [name, revoked !== null])).toEqual([["one", true]]);
    await givePassword(sql, "mcpl_page", "it's \\ a 'password'");
    const page = new SQL(
      url.replace("postgres@", `mcpl_page:${encodeURIComponent("it's \\ a 'password'")}@`),
      { max: 1 },
    );
    await expect(page.unsafe("select 1 from mcpl.token")).rejects.toThrow("permission denied");
    await page.close();
  });
});
