/**
 * The contract of asking and writing, as a suite that every index's test calls: one in this process or one far away.
 * `local-contract.testkit.ts` holds what stands beside the files to more.
 */
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import { filterOf, parseFilter } from "../filter/filter.ts";
import { fits } from "../filter/fits.ts";
import { anyFilter, anyRow } from "../filter/random.testkit.ts";
import { parseExact, stringifyExact } from "../fact/json-source.ts";
import type { ExchangeRow, SessionRow } from "../fact/rows.ts";
import { asking, exchangeRow, idOf, runRow, sessionRow, type Asked } from "./contract-rows.testkit.ts";
import { sessionOrder } from "../filter/session-order.ts";
import { parseSessionSort, SESSION_SORTABLE, SORTABLE, type Sort } from "../filter/sort.ts";
import type { Index, IndexWriter } from "./index.ts";

/** Empty, and gone with `close`. */
export type Opened = {
  readonly index: Index;
  readonly writer: IndexWriter;
  close(): void | Promise<void>;
};

export function indexContract(name: string, open: () => Opened | Promise<Opened>): void {
  describe(name, () => {
    let opened: Opened;
    let index: Index;
    let writer: IndexWriter;
    beforeEach(async () => {
      opened = await open();
      ({ index, writer } = opened);
    });
    afterEach(() => opened.close());

    const put = async (row: ExchangeRow, text = "") => writer.putExchanges([{ row, text }]);
    const ids = async (query: Asked) => (await index.exchanges(asking(query))).items.map((row) => row.id);
    const found = (q: string) => ids({ q });

    test("says where an exchange stands among those that fit", async () => {
      await Promise.all(
        [1, 2, 3, 4].map((n) => put(exchangeRow(n, { conversation: n === 3 ? "other" : "c" }))),
      );
      const standing = (n: number, conv = "c") => index.standing(idOf(n), { filter: filterOf({ conv }) });
      expect([await standing(1), await standing(2), await standing(4)]).toEqual([
        { n: 1, of: 3, older: null, newer: idOf(2) },
        { n: 2, of: 3, older: idOf(1), newer: idOf(4) },
        { n: 3, of: 3, older: idOf(2), newer: null },
      ]);
      expect(await standing(3, "other")).toEqual({ n: 1, of: 1, older: null, newer: null });
      expect(await index.standing("unknown", {})).toBeNull();
    });

    test("gives back the row that was put", async () => {
      const row = exchangeRow(1, {
        tools: ["get_weather"],
        conversation: "c",
        turn: 2,
        parent: "p",
        cost: 0.25,
      });
      await put(row);
      expect(await index.exchange(row.id)).toEqual(row);
      expect(await index.exchanges({ limit: 10 })).toEqual({
        items: [row],
        next: null,
        total: 1,
      });
      expect(await index.exchange("unknown")).toBeNull();
    });

    test("lists newest first, in whatever order rows came", async () => {
      for (const n of [3, 1, 5, 2, 4]) await put(exchangeRow(n));
      expect(await ids({})).toEqual([5, 4, 3, 2, 1].map(idOf));
    });

    test("pages through everything once, also where rows share a millisecond", async () => {
      const rows = Array.from({ length: 25 }, (_, n) => exchangeRow(n, { at: 1_000 + Math.floor(n / 10) }));
      for (const row of rows) await put(row);
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const page = await index.exchanges({
          limit: 7,
          ...(before && { before }),
        });
        seen.push(...page.items.map((row) => row.id));
        before = page.next ?? undefined;
      } while (before);
      expect(seen.toSorted()).toEqual(rows.map((row) => row.id).toSorted());
      expect(seen.map((id) => rows.find((row) => row.id === id)?.at)).toEqual(
        rows.map((row) => row.at).toReversed(),
      );
    });

    test("a second put of an id replaces the first, its text included", async () => {
      await put(exchangeRow(1, { status: 200 }), "apples");
      await put(exchangeRow(1, { status: 500, at: 99 }), "pears");
      expect((await index.exchanges({ limit: 10 })).items.map((row) => row.status)).toEqual([500]);
      expect([await found("apples"), await found("pears")]).toEqual([[], [idOf(1)]]);
    });

    test("filters by each field, and by all at once", async () => {
      await put(
        exchangeRow(1, {
          dialect: "openai-chat",
          model: "gpt-5",
          upstream: "openai",
          conversation: "x",
        }),
      );
      await put(
        exchangeRow(2, {
          dialect: "openai-chat",
          model: "gpt-5-mini",
          upstream: "openrouter",
        }),
      );
      await put(exchangeRow(3, { dialect: "gemini", model: null, upstream: "gemini" }));
      expect(await ids({ dialect: "openai-chat" })).toEqual([idOf(2), idOf(1)]);
      expect(await ids({ model: "gpt-5" })).toEqual([idOf(1)]);
      expect(await ids({ upstream: "gemini" })).toEqual([idOf(3)]);
      expect(await ids({ conversation: "x" })).toEqual([idOf(1)]);
      expect(
        await ids({
          dialect: "openai-chat",
          model: "gpt-5-mini",
          upstream: "openrouter",
          status: "2xx",
        }),
      ).toEqual([idOf(2)]);
      expect(await ids({ dialect: "", model: "", status: "", q: "", upstream: "" })).toHaveLength(3);
    });

    test("filters by status: a number, a family, a comparison, an ending", async () => {
      await put(exchangeRow(1, { status: 200 }));
      await put(exchangeRow(2, { status: 404 }));
      await put(exchangeRow(3, { status: 503, ending: "client-gone" }));
      await put(exchangeRow(4, { status: null, ending: "refused" }));
      const numbers = async (status: string) => (await ids({ status })).map((id) => Number(id.slice(-2)));
      expect(
        await Promise.all(
          [
            "200",
            "4xx",
            "5XX",
            ">=400",
            "> 404",
            "<300",
            "<=404",
            "!=200",
            "=200",
            "client-gone",
            "refused",
          ].map(numbers),
        ),
      ).toEqual([[1], [2], [3], [3, 2], [3], [1], [2, 1], [3, 2], [1], [3], [4]]);
      expect(
        await Promise.all(["abc", "99xx", "200; drop table exchanges", "constructor"].map(numbers)),
      ).toEqual([[], [], [], []]);
    });

    test("finds words in any order, beginnings of words, and phrases in quotes", async () => {
      await put(exchangeRow(1), "The weather in Shanghai is sunny. get_weather({city})");
      await put(exchangeRow(2), "Shanghai Weather report of yesterday");
      expect(await found("shanghai weather")).toEqual([idOf(2), idOf(1)]);
      expect(await found("wea")).toEqual([idOf(2), idOf(1)]);
      expect(await found('"weather in shanghai"')).toEqual([idOf(1)]);
      expect(await found('"Shanghai weather" report')).toEqual([idOf(2)]);
      expect(await found('"weather in')).toEqual([idOf(1)]);
      expect(await found("get_weather")).toEqual([idOf(1)]);
      expect(await found('"wea"')).toEqual([]);
      expect(await found("sunny yesterday")).toEqual([]);
    });

    test("finds Chinese, Japanese and Korean of any length, inside of sentences", async () => {
      await put(exchangeRow(1), "请问明天上海天气怎么样？用get_weather查。");
      await put(exchangeRow(2), "上海明天有雨");
      await put(exchangeRow(3), "東京の天気は晴れです。서울 날씨");
      expect(await found("海")).toEqual([idOf(2), idOf(1)]);
      expect(await found("上海")).toEqual([idOf(2), idOf(1)]);
      expect(await found("海上")).toEqual([]);
      expect(await found("上海天气")).toEqual([idOf(1)]);
      expect(await found("天气 明天")).toEqual([idOf(1)]);
      expect(await found('"上海天气怎么样"')).toEqual([idOf(1)]);
      expect(await found("用get_wea")).toEqual([idOf(1)]);
      expect([await found("天気は"), await found("날씨"), await found("울")]).toEqual([
        [idOf(3)],
        [idOf(3)],
        [idOf(3)],
      ]);
    });

    test("words of one and two letters are found", async () => {
      await put(exchangeRow(1), "a go program");
      expect([await found("a"), await found("go"), await found("g"), await found("a go")]).toEqual([
        [idOf(1)],
        [idOf(1)],
        [],
        [idOf(1)],
      ]);
    });

    test("search pages and filters like the list", async () => {
      for (let n = 0; n < 10; n++) await put(exchangeRow(n, { model: n % 2 ? "odd" : "even" }), "same words");
      const first = await index.exchanges(asking({ limit: 3, q: "same", model: "odd" }));
      expect(first.items.map((row) => row.id)).toEqual([9, 7, 5].map(idOf));
      expect(await ids({ q: "same", model: "odd", before: first.next ?? "" })).toEqual([3, 1].map(idOf));
    });

    test("what holds no word finds nothing and breaks nothing", async () => {
      await put(exchangeRow(1), "something");
      expect(await Promise.all(["{}", '"', '""', "!!!", "* ^ :", "-"].map(found))).toEqual([
        [],
        [],
        [],
        [],
        [],
        [],
      ]);
      expect(await found("   ")).toEqual([idOf(1)]);
      expect(await found("something {} ***")).toEqual([idOf(1)]);
      expect(await found("NEAR(a b) text:something a OR b -x some*")).toEqual([]);
      expect(await found("x ".repeat(5_000))).toEqual([]);
    });

    test("any text in any filter is safe", async () => {
      await put(exchangeRow(1), "something");
      const text = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string(),
        fc.constantFrom('a"b', "'; --", "\0", "\ud800"),
      );
      await fc.assert(
        fc.asyncProperty(text, text, fc.integer(), async (typed, other, limit) => {
          const query = { limit, q: typed, status: other, model: other, before: typed };
          await index.exchanges(asking(query));
          await index.exchanges(asking({ limit, q: `some ${typed}` }));
          await index.sessions({ limit, name: typed, before: other });
        }),
      );
    });

    test("any text that is put is safe and found by each of its words", async () => {
      await fc.assert(
        fc.asyncProperty(
          fc.string({ unit: "binary" }),
          fc.stringMatching(/^[a-z]{5,9}$/),
          async (noise, word) => {
            await put(exchangeRow(1), `${noise} ${word} ${noise}`);
            expect(await found(word)).toEqual([idOf(1)]);
          },
        ),
        { numRuns: 50 },
      );
    });

    test("counts what there is to filter by", async () => {
      await put(
        exchangeRow(1, {
          model: "a",
          dialect: "openai-chat",
          upstream: "openai",
          status: 200,
        }),
      );
      await put(
        exchangeRow(2, {
          model: "a",
          dialect: "openai-chat",
          upstream: "openai",
          status: 429,
        }),
      );
      await put(
        exchangeRow(3, {
          model: null,
          dialect: null,
          upstream: "ollama",
          status: null,
          ending: "refused",
          client: "curl 8",
          tools: ["get_weather", "get_weather"],
          rules: ["answer/cut"],
          expert: ["chat", "error", "first-token"],
        }),
      );
      await put(exchangeRow(4, { client: "gone 1", tools: ["gone"] }));
      await put(exchangeRow(4, { model: null, dialect: null, upstream: "ollama", status: null }));
      expect(await index.facets()).toEqual({
        model: [{ value: "a", count: 2 }],
        dialect: [{ value: "openai-chat", count: 2 }],
        upstream: [
          { value: "ollama", count: 2 },
          { value: "openai", count: 2 },
        ],
        status: [
          { value: "200", count: 1 },
          { value: "429", count: 1 },
          { value: "refused", count: 1 },
        ],
        client: [{ value: "curl 8", count: 1 }],
        tool: [{ value: "get_weather", count: 1 }],
        problem: [{ value: "answer/cut", count: 1 }],
        expert: [
          { value: "chat", count: 1 },
          { value: "error", count: 1 },
          { value: "first-token", count: 1 },
        ],
      });
    });

    test("finds by every field what fits the filter, and counts it", async () => {
      const rows = fc.sample(anyRow, { numRuns: 60, seed: 7 }).map((about, n) => exchangeRow(n, about));
      for (const row of rows) await put(row);
      await writer.putStars(rows.flatMap(({ id, starred }) => (starred ? [{ of: "exchange", id }] : [])));
      const now = 1_700_000_000_000 + 60_000;
      await fc.assert(
        fc.asyncProperty(anyFilter, async (typed) => {
          const filter = parseFilter(typed);
          const fitting = rows.filter((row) => fits(row, filter, now) === "yes").map(({ id }) => id);
          const { items, total } = await index.exchanges({ limit: 100, filter, now });
          const found = items.map(({ id }) => id);
          expect({ typed, found, total }).toEqual({
            typed,
            found: fitting.toReversed(),
            total: fitting.length,
          });
        }),
        { numRuns: 300 },
      );
    });

    test("says of each row whether it is starred, whatever comes first, until it is not", async () => {
      const [one, two] = [exchangeRow(1, { conversation: "c" }), exchangeRow(2, { conversation: "c" })];
      const session = sessionRow(3);
      const run = runRow("r1");
      const runs = {
        runs: [run, runRow("r2")],
        steps: [],
        ties: [],
        gone: { runs: [], steps: [], ties: [] },
      };
      const starred = async () => ({
        listed: (await index.exchanges({ limit: 9 })).items.map((row) => row.starred ?? false),
        one: [(await index.exchange(one.id))?.starred, (await index.exchange(two.id))?.starred],
        grouped: (
          await index.grouped({
            by: "conversation",
            from: 0,
            limit: 9,
            order: "newest last",
            fold: { folded: "these", ids: [] },
            calls: [],
          })
        ).items.flatMap((it) => (it.kind === "exchange" ? [it.row.starred ?? false] : [])),
        found: await found("is:starred"),
        rest: await found("-is:starred"),
        sessions: (await index.sessions({ limit: 9 })).items.map((row) => row.starred ?? false),
        session: (await index.session(session.id))?.starred,
        runs: (await index.runs({ limit: 9, filter: parseFilter("is:starred", "runs") })).items.map(
          ({ id, starred: is }) => [id, is],
        ),
        run: [(await index.run("r1"))?.starred, (await index.run("r2"))?.starred],
        all: await index.stars(),
      });
      const stars = [
        { of: "exchange", id: one.id },
        { of: "run", id: "r1" },
        { of: "session", id: session.id },
      ] as const;
      // One before its row is here, and one that says of itself what nobody has said.
      await writer.putStars(stars);
      await put(one);
      await put({ ...two, starred: true });
      await writer.putSession(session);
      await writer.putRuns(runs);
      expect(await starred()).toEqual({
        listed: [false, true],
        one: [true, undefined],
        grouped: [true, false],
        found: [one.id],
        rest: [two.id],
        sessions: [true],
        session: true,
        runs: [["r1", true]],
        run: [true, undefined],
        all: [...stars],
      });
      // It stays when the row is put again, and goes when it is not named any more.
      await put({ ...one, status: 500 });
      expect((await index.exchange(one.id))?.starred).toBe(true);
      await writer.putStars([{ of: "exchange", id: two.id }]);
      expect(await found("is:starred")).toEqual([two.id]);
      // What was starred is no run's or session's of the same name.
      await writer.putStars([{ of: "run", id: one.id }]);
      expect(await found("is:starred")).toEqual([]);
    });

    test("keeps the outline of a long line, not its contents", async () => {
      const row = sessionRow(1);
      await writer.putSession(row);
      const params = { text: "x".repeat(100_000) };
      const line = {
        seq: 1,
        message: { jsonrpc: "2.0", id: 1, method: "m", params },
      };
      const place = { offset: 7, size: 100_100 };
      await writer.putMessages([{ session_id: row.id, seq: 1, at: 1, line, place }]);
      expect((await index.messages(row.id)).items).toEqual([
        {
          session_id: row.id,
          seq: 1,
          at: 1,
          line: {
            seq: 1,
            outline: { bytes: 100_100 },
            message: { jsonrpc: "2.0", id: 1, method: "m", params: {} },
          },
        },
      ]);
    });

    test("keeps numbers of messages as they were written", async () => {
      const row = sessionRow(1);
      await writer.putSession(row);
      const text = '{"message":{"id":9007199254740993,"result":{"price":1.10}}}';
      const line = parseExact(text) as Record<string, unknown>;
      await writer.putMessages([
        { session_id: row.id, seq: 1, at: 1, line },
        { session_id: row.id, seq: 2, at: 1, line, place: { offset: 7, size: 100_100 } },
      ]);
      const { items } = await index.messages(row.id);
      const [whole, outline] = items.map((message) => stringifyExact(message.line));
      expect(whole).toBe(text);
      expect(outline).toContain('"id":9007199254740993');
    });

    test("keeps sessions and their messages in order", async () => {
      const row = sessionRow(1);
      await writer.putSession({ ...row, messages: 1 });
      await writer.putSession(row);
      await writer.putMessages(
        [2, 0, 1].map((seq) => ({
          session_id: row.id,
          seq,
          at: seq,
          line: { n: seq },
        })),
      );
      await writer.putMessages([{ session_id: row.id, seq: 1, at: 1, line: { n: "again" } }]);
      expect(await index.session(row.id)).toEqual(row);
      expect(await index.session("unknown")).toBeNull();
      expect(await index.sessions({ limit: 10 })).toEqual({
        items: [row],
        next: null,
        total: 1,
      });
      expect((await index.messages(row.id)).items.map(({ seq, line }) => [seq, line["n"]])).toEqual([
        [0, 0],
        [1, "again"],
        [2, 2],
      ]);
      expect((await index.messages(row.id, 0, 1)).items.map(({ seq }) => seq)).toEqual([1]);
      expect(await index.counts()).toEqual({
        exchanges: 0,
        sessions: 1,
        messages: 3,
      });
    });

    test("lists sessions newest first, by name, in pages", async () => {
      for (const n of [2, 1, 3]) {
        await writer.putSession(sessionRow(n, { name: n === 2 ? "files" : "weather" }));
      }
      const first = await index.sessions({ limit: 2 });
      expect(first.items.map((row) => row.id)).toEqual(["s3", "s2"]);
      expect(
        (await index.sessions({ limit: 2, before: first.next ?? "" })).items.map((row) => row.id),
      ).toEqual(["s1"]);
      expect((await index.sessions({ limit: 9, name: "files" })).items.map((row) => row.id)).toEqual(["s2"]);
    });

    test("lists sessions in any order, in pages, and what is not there last", async () => {
      const about: Partial<SessionRow>[] = [
        { errors: 10, client: "zed", last_at: 1_700_000_000_000 },
        { errors: 9, client: null, name: "Files", state: "closed" },
        { errors: 9, client: "amp", revision: null, messages: 40 },
        { errors: 0, client: "zed", revision: "2026-07-28", last_at: 1_700_000_099_000, problems: 2 },
      ];
      for (const [n, one] of about.entries()) await writer.putSession(sessionRow(n, one));
      const inOrder = async (said: string) => {
        const all: string[] = [];
        for (let before: string | null = ""; before !== null;) {
          const page = await index.sessions({
            limit: 1,
            sort: parseSessionSort(said)!,
            ...(before && { before }),
          });
          expect(page.total).toBe(4);
          all.push(...page.items.map(({ id }) => id.slice(1)));
          before = page.next;
        }
        const { items } = await index.sessions({ limit: 9, sort: parseSessionSort(said)! });
        const kept = items.toSorted(sessionOrder(parseSessionSort(said)!));
        expect([kept, items.map(({ id }) => id.slice(1))]).toEqual([items, all]);
        return all.join("");
      };
      expect(await inOrder("-time")).toBe("3210");
      expect(await inOrder("time")).toBe("0123");
      expect(await inOrder("-errors")).toBe("0213");
      expect(await inOrder("errors")).toBe("3210");
      expect(await inOrder("client")).toBe("2301");
      expect(await inOrder("-client")).toBe("3021");
      expect(await inOrder("server")).toBe("1320");
      expect(await inOrder("-state")).toBe("3201");
      expect(await inOrder("revision")).toBe("1032");
      expect(await inOrder("-total")).toBe("3210");
      expect(await inOrder("-messages")).toBe("2310");
      expect(await inOrder("-problems")).toBe("3210");
      for (const by of SESSION_SORTABLE)
        expect([by, (await inOrder(by)).length, (await inOrder(`-${by}`)).length]).toEqual([by, 4, 4]);
      const gone = { limit: 9, sort: parseSessionSort("client")!, before: "nobody" };
      expect((await index.sessions(gone)).items).toEqual([]);
    });

    test("says how many there are, on every page, by every filter", async () => {
      for (let n = 0; n < 12; n++)
        await put(
          exchangeRow(n, {
            model: n % 2 ? "odd" : "even",
            status: n % 3 ? 200 : 429,
          }),
          "same words",
        );
      await put(exchangeRow(12, { model: null }), "others");
      const total = async (query: Asked) => (await index.exchanges(asking({ limit: 2, ...query }))).total;
      const { next } = await index.exchanges({ limit: 2 });
      const asked: Asked[] = [
        {},
        { before: next ?? "" },
        { model: "odd" },
        { model: "odd", status: "4xx" },
        { status: "4xx" },
        { q: "same" },
        { q: "same", model: "even" },
        { q: "nothing" },
        { model: "nobody" },
        { limit: 100 },
      ];
      expect(await Promise.all(asked.map(total))).toEqual([13, 13, 6, 2, 4, 12, 6, 0, 0, 13]);
      await put(exchangeRow(1, { model: "even" }), "same words");
      expect([await total({ model: "odd" }), await total({ model: "even" }), await total({})]).toEqual([
        5, 7, 13,
      ]);
    });

    test("gives rows by their rank, and the rank of a row, under any filter", async () => {
      for (let n = 0; n < 20; n++) await put(exchangeRow(n, { model: n % 2 ? "odd" : "even" }), "same words");
      const at = async (from: number, said: Asked = {}) => {
        const page = await index.exchanges({ ...asking({ limit: 3, ...said }), from });
        return [page.items.map((row) => row.id), page.total];
      };
      expect(await at(0)).toEqual([[2, 1, 0].map(idOf), 20]);
      expect(await at(18)).toEqual([[19, 18].map(idOf), 20]);
      expect(await at(20)).toEqual([[], 20]);
      expect(await at(-5)).toEqual([[2, 1, 0].map(idOf), 20]);
      expect(await at(4, { model: "odd" })).toEqual([[13, 11, 9].map(idOf), 10]);
      expect(await at(4, { q: "same model:odd" })).toEqual([[13, 11, 9].map(idOf), 10]);
      const rank = (n: number, said: Asked = {}) => index.rank(idOf(n), asking(said));
      expect([await rank(0), await rank(19), await rank(9, { model: "odd" }), await rank(99)]).toEqual([
        0,
        19,
        4,
        null,
      ]);
    });

    test("sorts by every column that can be sorted by; what is not there comes last", async () => {
      await put(exchangeRow(1, { cost: 2, model: "b", status: null }), "same");
      await put(exchangeRow(2, { cost: null, model: "a", status: 200 }), "same");
      await put(exchangeRow(3, { cost: 1, model: "C", status: 500 }), "same");
      const by = async (sort: Sort, said: Asked = {}) =>
        (await index.exchanges({ ...asking(said), sort })).items.map((row) => Number(row.id.slice(-2)));
      expect(await by({ by: "cost", order: "ascending" })).toEqual([3, 1, 2]);
      expect(await by({ by: "cost", order: "descending" })).toEqual([1, 3, 2]);
      expect(await by({ by: "model", order: "ascending" }, { q: "same" })).toEqual([2, 1, 3]);
      expect(await by({ by: "status", order: "descending" }, { q: "status:>=200" })).toEqual([3, 2]);
      expect(await by({ by: "time", order: "ascending" })).toEqual([1, 2, 3]);
      for (const column of SORTABLE)
        expect((await by({ by: column, order: "descending" })).toSorted()).toEqual([1, 2, 3]);
    });

    test("a store that is put to again and again holds each once", async () => {
      const row = sessionRow(1);
      const message = { session_id: row.id, seq: 0, at: 0, line: {} };
      for (let n = 0; n < 3; n++) {
        await writer.putSession(row);
        await writer.putMessages([message]);
        await put(exchangeRow(1), "words");
      }
      expect(await index.counts()).toEqual({
        exchanges: 1,
        sessions: 1,
        messages: 1,
      });
      expect((await index.facets()).model).toEqual([{ value: "gpt-5", count: 1 }]);
      expect(await index.unreadable()).toEqual([]);
    });

    test("messages come in pages", async () => {
      const row = sessionRow(1);
      await writer.putSession(row);
      await writer.putMessages(
        [0, 1, 2, 3].map((seq) => ({
          session_id: row.id,
          seq,
          at: 0,
          line: {},
        })),
      );
      const seen: number[][] = [];
      for (let after: number | null = -1; after !== null;) {
        const page: Awaited<ReturnType<Index["messages"]>> = await index.messages(row.id, after, 3);
        seen.push(page.items.map(({ seq }) => seq));
        after = page.next;
      }
      expect(seen).toEqual([[0, 1, 2], [3]]);
    });
  });
}
