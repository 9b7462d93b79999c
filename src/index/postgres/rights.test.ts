/** Who may do what in the store of a team, and what is true of it beside the contract. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { SQL } from "bun";
import { filterOf } from "../../filter/filter.ts";
import { exchangeRow, idOf, runRow as run, sessionRow, stepRow } from "../contract-rows.testkit.ts";
import { connectStore } from "./connect.ts";
import { migrate, VERSION } from "./migrate.ts";
import { hasPostgres, sharedServer } from "./server.testkit.ts";
import { asker } from "./asking.ts";
import { postgresIndex } from "./asks.ts";
import { recorders } from "./recorders.ts";
import { postgresWriter } from "./writes.ts";

const originOf = (project: string, recorder: string) => ({ project, recorder, user: null, host: null });

async function database(name: string): Promise<string> {
  const { url } = await sharedServer();
  const admin = new SQL(url, { max: 1 });
  await admin.unsafe(`create database ${name}`);
  await admin.close();
  return url.replace(/\/postgres$/, `/${name}`);
}

const step = (id: string, of: string, exchange: string) =>
  stepRow(id, of, {
    exchange,
    attempts: [{ exchange, at: 5, ended: 6, model: null, status: 200, error: null }],
  });

const none = { runs: [], steps: [], ties: [] };

describe.skipIf(!hasPostgres)("the store of a team", () => {
  let url: string;
  let sql: SQL;
  beforeAll(async () => {
    url = await database("rights");
    sql = await connectStore(url);
  });
  afterAll(() => sql?.close());

  const asks = (project: string) => postgresIndex(sql, { token: "", projects: [project] });
  const writes = (project: string, recorder = "a") =>
    postgresWriter(sql, { token: "", origin: originOf(project, recorder) });

  test("many that come at once make it once, and who is older than it leaves it alone", async () => {
    const fresh = await database("fresh");
    const all = await Promise.all([1, 2, 3].map(() => connectStore(fresh)));
    const version = () => all[0]!.unsafe("select array_agg(version) as all from mcpl.migration");
    expect((await version())[0].all).toHaveLength(VERSION);
    await all[0]!.unsafe("insert into mcpl.migration (version) values (999)");
    await migrate(all[1]!);
    expect((await version())[0].all).toHaveLength(VERSION + 1);
    await Promise.all(all.map((one) => one.close()));
  });

  test("an older recorder that leaves out what it does not know is as welcome", async () => {
    const entry = [
      { id: "old", started: 5, row: JSON.stringify(exchangeRow(1, { id: "old" })), a_later_member: [1] },
    ];
    await sql.unsafe("select mcpl.put_exchanges('', 'older', $1)", [JSON.stringify(entry)]);
    expect((await asks("older").exchanges({ limit: 5 })).items.map(({ id }) => id)).toEqual(["old"]);
  });

  test("an id that another recorder has stays theirs, and whose it is is said", async () => {
    const first = writes("same", "a");
    const second = writes("same", "b");
    await first.putExchanges([{ row: exchangeRow(1, { model: "theirs" }), text: "" }]);
    const entries = [1, 2].map((n) => ({ row: exchangeRow(n, { model: "mine" }), text: "" }));
    expect(await second.share(entries)).toEqual([idOf(1)]);
    const { items, total } = await asks("same").exchanges({ limit: 5 });
    expect([items.map(({ model }) => model), total]).toEqual([["mine", "theirs"], 2]);
    await first.putSession(sessionRow(1));
    await expect(second.putSession(sessionRow(1))).rejects.toThrow("another recorder has the session s1");
  });

  test("stars are each recorder's own, and its project's alone", async () => {
    const [one, two] = [writes("stars", "a"), writes("stars", "b")];
    await one.putExchanges([{ row: exchangeRow(1), text: "" }]);
    await writes("starless").putExchanges([{ row: exchangeRow(1), text: "" }]);
    await one.putStars([{ of: "exchange", id: idOf(1) }]);
    await two.putStars([{ of: "exchange", id: idOf(1) }]);
    await two.putStars([]);
    const starred = async (project: string) => [
      (await asks(project).exchange(idOf(1)))?.starred,
      (await asks(project).exchanges({ limit: 5, filter: filterOf({ q: "is:starred" }) })).total,
      await asks(project).stars(),
    ];
    expect([await starred("stars"), await starred("starless")]).toEqual([
      [true, 1, [{ of: "exchange", id: idOf(1) }]],
      [undefined, 0, []],
    ]);
    const many = Array.from({ length: 10_001 }, (_, n) => ({ of: "run", id: String(n) }) as const);
    await expect(one.putStars(many)).rejects.toThrow("at most 10000 stars");
  });

  test("a long line is read where its sum is right, or where nobody else has a session of this id", async () => {
    const line = JSON.stringify({ session_id: "long", text: "what is whose" });
    const sum = new Bun.CryptoHasher("sha256").update(line).digest("hex");
    const read = async () => line;
    const message = { session_id: "long", seq: 0, at: 1, line: { session_id: "long" } };
    const place = { offset: 0, size: line.length };
    const seen = async (project: string) =>
      (await postgresIndex(sql, { token: "", projects: [project] }, read).messages("long")).items.map(
        (row) => "text" in row.line,
      );
    await writes("alone").putMessages([{ ...message, place }]);
    expect(await seen("alone")).toEqual([true]);
    await writes("theirs").putMessages([{ ...message, place: { ...place, sum } }]);
    await writes("spy").putMessages([{ ...message, place }]);
    await writes("liar").putMessages([{ ...message, place: { ...place, sum: "0".repeat(64) } }]);
    expect(await Promise.all(["theirs", "spy", "liar", "alone"].map(seen))).toEqual([
      [true],
      [false],
      [false],
      [false],
    ]);
  });

  test("two that put the same at the same time put it once", async () => {
    const entries = Array.from({ length: 200 }, (_, n) => ({ row: exchangeRow(n), text: `words ${n}` }));
    await Promise.all([1, 2, 3].map(() => writes("twice").putExchanges(entries)));
    const index = asks("twice");
    expect((await index.counts()).exchanges).toBe(200);
    expect((await index.exchanges({ limit: 1, filter: filterOf({ q: "words" }) })).total).toBe(200);
    expect((await index.facets()).model).toEqual([{ value: "gpt-5", count: 200 }]);
  });

  test("what a row says of its origin is not believed; filters and lists go by who put it", async () => {
    const origin = { project: "elsewhere", recorder: "a", user: "ann", host: "h" };
    await writes("own").putExchanges([{ row: exchangeRow(1, { origin }), text: "" }]);
    const { items } = await asks("own").exchanges({
      limit: 1,
      filter: filterOf({ q: "user:ann host:h project:own" }),
    });
    expect(items[0]?.origin).toEqual({ project: "own", recorder: "a", user: "ann", host: "h" });
    expect(await asks("elsewhere").exchange(idOf(1))).toBeNull();
  });

  test("a row with what no JSON of Postgres takes fails nobody's question", async () => {
    const odd = { asked: 'a\0b\ud800 "wire":"http"', wire: "websocket" as const, socket: "s1" };
    await writes("odd").putExchanges(
      [1, 2].map((n) => ({ row: exchangeRow(n, n === 1 ? odd : {}), text: "" })),
    );
    const found = async (q: string) =>
      (await asks("odd").exchanges({ limit: 5, filter: filterOf({ q }) })).items.map(({ id }) => id);
    expect([await found("wire:websocket"), await found("socket:s*"), await found("wire:http")]).toEqual([
      [idOf(1)],
      [idOf(1)],
      [idOf(2)],
    ]);
    expect((await asks("odd").exchange(idOf(1)))?.asked).toBe(odd.asked);
    const fold = { folded: "these" as const, ids: [] };
    const list = {
      by: "conversation" as const,
      limit: 9,
      from: 0,
      order: "newest last" as const,
      fold,
      calls: [idOf(1)],
    };
    await writes("odd").putExchanges(
      [3, 4].map((n) => ({ row: exchangeRow(n, { ...odd, conversation: "c" }), text: "" })),
    );
    const { items } = await asks("odd").grouped(list);
    expect(items.flatMap((item) => (item.kind === "group" ? [item.group.title] : []))).toEqual([odd.asked]);
  });

  test("rows of which nothing can be believed fail nobody's question, and keep the id that they stand under", async () => {
    const odd = [
      "no JSON",
      "null",
      "[]",
      '{"id":"other","tools":5,"at":"x","origin":7,"asked":{},"has":[1,"image"]}',
    ];
    const of = (rows: object) => JSON.stringify(rows);
    await sql.unsafe("select mcpl.put_exchanges('', 'unread', $1)", [
      of(odd.map((row, n) => ({ id: `o${n}`, started: n, conversation: "c", row }))),
    ]);
    for (const [n, row] of odd.entries()) {
      await sql.unsafe("select mcpl.put_session('', 'unread', $1)", [
        of({ id: `s${n}`, at: n, name: "n", row }),
      ]);
      const home = { exchange: `o${n}`, run: `r${n}` };
      const step = { id: `t${n}`, run: `r${n}`, at: n, exchange: `o${n}`, treated: true, row };
      const tie = { id: `s${n}/1`, run: `r${n}`, row };
      await sql.unsafe("select mcpl.put_runs('', 'unread', $1)", [
        of({ runs: [{ id: `r${n}`, at: n, row }], steps: [step], ties: [tie], homes: [home], gone: none }),
      ]);
    }
    await sql.unsafe("select mcpl.put_messages('', 'unread', $1)", [
      of(["{", "7", '{"a":1}'].map((line, seq) => ({ session: "s0", seq, at: 1, line }))),
    ]);
    const index = asks("unread");
    const ids = odd.map((_, n) => n).toReversed();
    const { items } = await index.exchanges({ limit: 9 });
    expect(items.map(({ id }) => id)).toEqual(ids.map((n) => `o${n}`));
    expect(items[0]).toMatchObject({ tools: [], at: 0, asked: "", has: ["image"] });
    expect((await index.sessions({ limit: 9 })).items.map(({ id }) => id)).toEqual(ids.map((n) => `s${n}`));
    expect((await index.runs({ limit: 9 })).items.map(({ id }) => id)).toEqual(ids.map((n) => `r${n}`));
    expect([(await index.steps("r3")).items.length, (await index.ties("r3")).length]).toEqual([1, 1]);
    expect((await index.treated(9)).length).toBe(4);
    expect((await index.messages("s0")).items.map(({ line }) => line)).toEqual([
      { raw: "{" },
      { raw: "7" },
      { a: 1 },
    ]);
    const fold = { folded: "these" as const, ids: [] };
    const grouped = {
      by: "conversation" as const,
      limit: 9,
      from: 0,
      order: "newest last" as const,
      fold,
      calls: [],
    };
    expect((await index.grouped(grouped)).total).toBe(5);
  });

  test("many projects are one list, in order, in pages, each with its total", async () => {
    for (let n = 0; n < 9; n++)
      await writes(`many ${n % 3}`).putExchanges([{ row: exchangeRow(n, { id: `m${n}` }), text: "" }]);
    const index = postgresIndex(sql, { token: "", projects: ["many 0", "many 1", "many 2"] });
    const seen: string[] = [];
    for (let before: string | undefined; ;) {
      const page = await index.exchanges({ limit: 4, ...(before && { before }) });
      expect(page.total).toBe(9);
      seen.push(...page.items.map(({ id }) => id));
      if (page.next === null) break;
      before = page.next;
    }
    expect(seen).toEqual([8, 7, 6, 5, 4, 3, 2, 1, 0].map((n) => `m${n}`));
  });

  test("a run is its exchanges' once it is known, and what was joined is not taken back", async () => {
    const writer = writes("runs");
    const index = asks("runs");
    await writer.putExchanges([1, 2].map((n) => ({ row: exchangeRow(n), text: "" })));
    await writer.putRuns({ ...none, runs: [run("r1")], steps: [step("s1", "r1", idOf(1))], gone: none });
    expect((await index.exchange(idOf(1)))?.run).toBe("r1");
    expect(
      (await index.runs({ limit: 5, filter: filterOf({ model: "gpt-5" }) })).items.map(({ id }) => id),
    ).toEqual(["r1"]);
    expect((await index.exchanges({ limit: 5, filter: filterOf({ run: "r1" }) })).total).toBe(1);
    const joined = { runs: [{ id: "r1", at: 5, row: JSON.stringify(run("r1", { title: "joined" })) }] };
    const rest = { steps: [], ties: [], homes: [], gone: { runs: ["r2"], steps: [], ties: [] } };
    await sql.unsafe("select mcpl.join_runs('', 'runs', $1)", [JSON.stringify({ ...joined, ...rest })]);
    await writer.putRuns({
      ...none,
      runs: [run("r1"), run("r2")],
      steps: [step("s2", "r2", idOf(2))],
      gone: { ...none, runs: ["r1"] },
    });
    expect((await index.runs({ limit: 5 })).items.map(({ title }) => title)).toEqual(["joined"]);
    expect(await index.steps("r2")).toEqual({ items: [], next: null });
    expect((await index.steps("r1")).items.map(({ id }) => id)).toEqual(["s1"]);
  });

  test("a run that an older recorder puts is found by what its row says, whatever letters stand in it", async () => {
    const title = 'a\0b \ud83d "c" \\u0000 \\\\u0000';
    const row = run("old", {
      title,
      servers: ["weather", "b\0"],
      state: "host",
      state_since: Date.now(),
      cost: 2,
    });
    const changes = {
      runs: [
        { id: "old", at: 5, row: JSON.stringify(row) },
        { id: "odd", at: 6, row: '{"id":"odd","models":"none"}' },
      ],
      steps: [],
      ties: [],
      homes: [],
      gone: { runs: [], steps: [], ties: [] },
    };
    await sql.unsafe("select mcpl.put_runs('', 'older', $1)", [JSON.stringify(changes)]);
    const ids = async (q: string) =>
      (await asks("older").runs({ limit: 5, filter: filterOf({ q }, "runs") })).items.map(({ id }) => id);
    expect(await ids("server:weather state:waiting cost:>1 steps:1")).toEqual(["old"]);
    expect(await ids("-server:weather")).toEqual(["odd"]);
  });

  test("each recorder says how it does, and pages are told in their projects; what is odd is made plain or left out", async () => {
    const state = {
      now: Date.now() + 3_600_000,
      version: "1",
      backlog: 7,
      lag_ms: 1_500,
      shipped: 3,
      errors: 2,
      held: 1,
      refused: 0,
      trouble: "the bucket does not answer",
    };
    await writes("told", "a").report({ ...state, backlog: 1 });
    await writes("told", "a").report(state);
    await writes("told elsewhere", "a").report(state);
    const put = (recorder: string, said: string) =>
      sql.unsafe("select mcpl.report('', 'told', $1)", [JSON.stringify({ recorder, state: said })]);
    await put("b", '{"backlog":"many","trouble":{}}');
    await put("c", "no JSON");
    await expect(put("d", "x".repeat(4_001))).rejects.toThrow("4000 characters");
    const all = await recorders(asker(sql), ["told"]);
    expect(all.map(({ recorder }) => recorder).toSorted()).toEqual(["a", "b"]);
    const [a, b] = all.toSorted((one, other) => (one.recorder < other.recorder ? -1 : 1));
    expect(a).toMatchObject({ ...state, project: "told" });
    expect([Math.round(a!.skew_ms / 60_000), b!.backlog, b!.trouble]).toEqual([60, 0, null]);
  });

  test("old days go at once, and the counts with them", async () => {
    const day = (n: number) => Date.UTC(2025, 0, n);
    const writer = writes("days");
    await writer.putExchanges(
      [1, 2, 3].map((n) => ({ row: exchangeRow(n, { at: day(n), model: `day ${n}` }), text: "" })),
    );
    await sql.unsafe("select mcpl.drop_days($1)", [day(3)]);
    const index = asks("days");
    expect([
      (await index.counts()).exchanges,
      (await index.exchanges({ limit: 5 })).items.map(({ model }) => model),
    ]).toEqual([1, ["day 3"]]);
    expect((await index.facets()).model).toEqual([{ value: "day 3", count: 1 }]);
  });

  test("sessions of which a row says nothing sensible are sorted last, and stop nobody", async () => {
    const rows = [
      "no JSON",
      "[]",
      '{"errors":1e400,"client":7}',
      '{"errors":"9"}',
      '{"errors":2,"client":"a\\u0000"}',
    ];
    for (const [n, row] of rows.entries())
      await sql.unsafe(
        "insert into mcpl.session (project, id, at, name, row) values ('odd', $1, $2::float8, 'x', $3)",
        [`s${n}`, n, row],
      );
    for (const sort of [
      { by: "errors", order: "descending" },
      { by: "client", order: "ascending" },
      { by: "total", order: "ascending" },
    ] as const) {
      const { items, next } = await asks("odd").sessions({ limit: 4, sort });
      const rest = await asks("odd").sessions({ limit: 4, sort, before: next! });
      expect([sort.by, items.length, rest.items.length, rest.next]).toEqual([sort.by, 4, 1, null]);
      if (sort.by === "errors") expect(items[0]?.id).toBe("s4");
    }
  });

  test("a recorder's role puts and reads nothing, a page's reads and puts nothing", async () => {
    const as = async (role: string, statement: string) => {
      try {
        await sql.begin(async (own) => {
          await own.unsafe(`set local role ${role}`);
          await own.unsafe(statement);
        });
        return "may";
      } catch (error) {
        return (error as { errno: string }).errno;
      }
    };
    const refused = "42501";
    const put = "select mcpl.put_exchanges('', 'roles', '[]')";
    expect(await Promise.all(["mcpl_recorder", "mcpl_page"].map((role) => as(role, put)))).toEqual([
      "may",
      refused,
    ]);
    const say = `select mcpl.report('', 'roles', '{"state":"{}"}')`;
    expect([await as("mcpl_recorder", say), await as("mcpl_page", say)]).toEqual(["may", refused]);
    const read = "select 1 from mcpl.exchange, mcpl.slim, mcpl.recorder";
    expect(await Promise.all(["mcpl_recorder", "mcpl_page"].map((role) => as(role, read)))).toEqual([
      refused,
      "may",
    ]);
    const sorted = "select mcpl.number_in(row, 'errors'), mcpl.text_in(row, 'client') from mcpl.session";
    expect([await as("mcpl_page", sorted), await as("mcpl_recorder", sorted)]).toEqual(["may", refused]);
    for (const role of ["mcpl_recorder", "mcpl_page"])
      for (const statement of [
        "select 1 from mcpl.token",
        "delete from mcpl.exchange",
        "select mcpl.drop_days(0)",
        "insert into mcpl.frame (seq, project, frame) values (0, '', '')",
      ])
        expect([role, statement, await as(role, statement)]).toEqual([role, statement, refused]);
  });

  test("once there are tokens, each does what it is for, in its projects, until it is taken back", async () => {
    const own = await connectStore(await database("tokens"));
    const give = (kind: string, name: string, secret: string, projects: string) =>
      own.unsafe(
        "insert into mcpl.token (hash, kind, name, projects) values (sha256(convert_to($1, 'UTF8')), $2, $3, $4::text[])",
        [secret, kind, name, projects],
      );
    await give("recorder", "laptop", "r-secret", "{x}");
    await give("page", "page", "p-secret", "{x}");
    const writer = (token: string, project: string) =>
      postgresWriter(own, { token, origin: originOf(project, "somebody") });
    const put = (token: string, project: string) =>
      writer(token, project)
        .share([{ row: exchangeRow(1), text: "" }])
        .then(
          () => "put",
          (error: { errno: string }) => error.errno,
        );
    expect(
      await Promise.all([put("r-secret", "y"), put("p-secret", "x"), put("", "x"), put("r-secret", "x")]),
    ).toEqual(["28000", "28000", "28000", "put"]);
    const total = async (token: string) =>
      (await postgresIndex(own, { token, projects: null }).exchanges({ limit: 1 })).total;
    expect(await Promise.all(["p-secret", "r-secret", "", "p-secret"].map(total))).toEqual([1, 0, 0, 1]);
    // In the name of its token, whatever it calls itself.
    expect((await own.unsafe("select recorder from mcpl.exchange"))[0].recorder).toBe("laptop");
    await own.unsafe("update mcpl.token set revoked = now()");
    expect([await put("r-secret", "x"), await total("p-secret")]).toEqual(["28000", 0]);
    await own.close();
  });
});
