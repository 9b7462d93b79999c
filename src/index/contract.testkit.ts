/** The contract of an index, as a suite that every implementation's test calls. */
import { parseExact, stringifyExact } from "../fact/json-source.ts";
import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import fc from "fast-check";
import type { ExchangeRow, SessionRow } from "../fact/rows.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import type { ExchangeQuery, FileAt, Index } from "./index.ts";

export function indexContract(name: string, newIndex: () => Index): void {
  describe(name, () => {
    let index: Index;
    beforeEach(() => {
      index = newIndex();
    });
    afterEach(() => index.close());

    const put = (row: ExchangeRow, text = "", file = fileOf(row)) =>
      index.putExchanges([{ row, text, file }]);
    const ids = (query: Partial<ExchangeQuery>) =>
      index.exchanges({ limit: 100, ...query }).items.map((row) => row.id);
    const found = (q: string) => ids({ q });

    test("gives back the row and the file that were put", () => {
      const row = exchangeRow(1, {
        tools: ["get_weather"],
        conversation: "c",
        turn: 2,
        parent: "p",
        cost: 0.25,
      });
      const file = { path: "llm_proxy/a.json", mtime: 1_700_000_000_123.456, size: 12 };
      put(row, "", file);
      expect(index.exchange(row.id)).toEqual({ row, file });
      expect(index.exchanges({ limit: 10 })).toEqual({ items: [row], next: null });
      expect(index.exchange("unknown")).toBeNull();
    });

    test("lists newest first, in whatever order rows came", () => {
      for (const n of [3, 1, 5, 2, 4]) put(exchangeRow(n));
      expect(ids({})).toEqual([5, 4, 3, 2, 1].map(idOf));
    });

    test("pages through everything once, also where rows share a millisecond", () => {
      const rows = Array.from({ length: 25 }, (_, n) => exchangeRow(n, { at: 1_000 + Math.floor(n / 10) }));
      for (const row of rows) put(row);
      const seen: string[] = [];
      let before: string | undefined;
      do {
        const page = index.exchanges({ limit: 7, ...(before && { before }) });
        seen.push(...page.items.map((row) => row.id));
        before = page.next ?? undefined;
      } while (before);
      expect(seen.toSorted()).toEqual(rows.map((row) => row.id).toSorted());
      expect(seen.map((id) => rows.find((row) => row.id === id)?.at)).toEqual(
        rows.map((row) => row.at).toReversed(),
      );
    });

    test("a page goes on where it was although its last row is gone", () => {
      const at = 1_700_000_000_000;
      const rows = [0, 1, 2, 3].map((n) => exchangeRow(n, { id: v7(at + n, n), at: at + n }));
      for (const row of rows) put(row);
      const next = index.exchanges({ limit: 2 }).next;
      expect(next).toBe(rows[2]?.id ?? "");
      index.forget(fileOf(rows[2] as ExchangeRow).path);
      expect(ids({ before: next ?? "" })).toEqual([rows[1], rows[0]].map((row) => row?.id ?? ""));
    });

    test("a second put of an id replaces the first, its text included", () => {
      put(exchangeRow(1, { status: 200 }), "apples");
      put(exchangeRow(1, { status: 500, at: 99 }), "pears");
      expect(index.exchanges({ limit: 10 }).items.map((row) => row.status)).toEqual([500]);
      expect([found("apples"), found("pears")]).toEqual([[], [idOf(1)]]);
    });

    test("filters by each field, and by all at once", () => {
      put(exchangeRow(1, { dialect: "openai-chat", model: "gpt-5", upstream: "openai", conversation: "x" }));
      put(exchangeRow(2, { dialect: "openai-chat", model: "gpt-5-mini", upstream: "openrouter" }));
      put(exchangeRow(3, { dialect: "gemini", model: null, upstream: "gemini" }));
      expect(ids({ dialect: "openai-chat" })).toEqual([idOf(2), idOf(1)]);
      expect(ids({ model: "gpt-5" })).toEqual([idOf(1)]);
      expect(ids({ upstream: "gemini" })).toEqual([idOf(3)]);
      expect(ids({ conversation: "x" })).toEqual([idOf(1)]);
      expect(
        ids({ dialect: "openai-chat", model: "gpt-5-mini", upstream: "openrouter", status: "2xx" }),
      ).toEqual([idOf(2)]);
      expect(ids({ dialect: "", model: "", status: "", q: "", upstream: "" })).toHaveLength(3);
    });

    test("filters by status: a number, a family, a comparison, an ending", () => {
      put(exchangeRow(1, { status: 200 }));
      put(exchangeRow(2, { status: 404 }));
      put(exchangeRow(3, { status: 503, ending: "client-gone" }));
      put(exchangeRow(4, { status: null, ending: "refused" }));
      const numbers = (status: string) => ids({ status }).map((id) => Number(id.slice(-2)));
      expect(
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
      ).toEqual([[1], [2], [3], [3, 2], [3], [1], [2, 1], [3, 2], [1], [3], [4]]);
      expect(["abc", "99xx", "200; drop table exchanges", "constructor"].map(numbers)).toEqual([
        [],
        [],
        [],
        [],
      ]);
    });

    test("finds words in any order, beginnings of words, and phrases in quotes", () => {
      put(exchangeRow(1), "The weather in Shanghai is sunny. get_weather({city})");
      put(exchangeRow(2), "Shanghai Weather report of yesterday");
      expect(found("shanghai weather")).toEqual([idOf(2), idOf(1)]);
      expect(found("wea")).toEqual([idOf(2), idOf(1)]);
      expect(found('"weather in shanghai"')).toEqual([idOf(1)]);
      expect(found('"Shanghai weather" report')).toEqual([idOf(2)]);
      expect(found('"weather in')).toEqual([idOf(1)]);
      expect(found("get_weather")).toEqual([idOf(1)]);
      expect(found('"wea"')).toEqual([]);
      expect(found("sunny yesterday")).toEqual([]);
    });

    test("finds Chinese, Japanese and Korean of any length, inside of sentences", () => {
      put(exchangeRow(1), "请问明天上海天气怎么样？用get_weather查。");
      put(exchangeRow(2), "上海明天有雨");
      put(exchangeRow(3), "東京の天気は晴れです。서울 날씨");
      expect(found("海")).toEqual([idOf(2), idOf(1)]);
      expect(found("上海")).toEqual([idOf(2), idOf(1)]);
      expect(found("海上")).toEqual([]);
      expect(found("上海天气")).toEqual([idOf(1)]);
      expect(found("天气 明天")).toEqual([idOf(1)]);
      expect(found('"上海天气怎么样"')).toEqual([idOf(1)]);
      expect(found("用get_wea")).toEqual([idOf(1)]);
      expect([found("天気は"), found("날씨"), found("울")]).toEqual([[idOf(3)], [idOf(3)], [idOf(3)]]);
    });

    test("words of one and two letters are found", () => {
      put(exchangeRow(1), "a go program");
      expect([found("a"), found("go"), found("g"), found("a go")]).toEqual([
        [idOf(1)],
        [idOf(1)],
        [],
        [idOf(1)],
      ]);
    });

    test("search pages and filters like the list", () => {
      for (let n = 0; n < 10; n++) put(exchangeRow(n, { model: n % 2 ? "odd" : "even" }), "same words");
      const first = index.exchanges({ limit: 3, q: "same", model: "odd" });
      expect(first.items.map((row) => row.id)).toEqual([9, 7, 5].map(idOf));
      expect(ids({ q: "same", model: "odd", before: first.next ?? "" })).toEqual([3, 1].map(idOf));
    });

    test("what holds no word finds nothing and breaks nothing", () => {
      put(exchangeRow(1), "something");
      expect(["{}", '"', '""', "!!!", "* ^ :", "-"].map(found)).toEqual([[], [], [], [], [], []]);
      expect(found("   ")).toEqual([idOf(1)]);
      expect(found("something {} ***")).toEqual([idOf(1)]);
      expect(found("NEAR(a b) text:something a OR b -x some*")).toEqual([]);
      expect(found("x ".repeat(5_000))).toEqual([]);
    });

    test("any text in any filter is safe", () => {
      put(exchangeRow(1), "something");
      const text = fc.oneof(
        fc.string({ unit: "binary" }),
        fc.string(),
        fc.constantFrom('a"b', "'; --", "\0", "\ud800"),
      );
      fc.assert(
        fc.property(text, text, fc.integer(), (typed, other, limit) => {
          index.exchanges({ limit, q: typed, status: other, model: other, before: typed });
          index.exchanges({ limit, q: `some ${typed}` });
          index.sessions({ limit, name: typed, before: other });
        }),
      );
    });

    test("any text that is put is safe and found by each of its words", () => {
      fc.assert(
        fc.property(fc.string({ unit: "binary" }), fc.stringMatching(/^[a-z]{5,9}$/), (noise, word) => {
          put(exchangeRow(1), `${noise} ${word} ${noise}`);
          expect(found(word)).toEqual([idOf(1)]);
        }),
        { numRuns: 50 },
      );
    });

    test("counts what there is to filter by", () => {
      put(exchangeRow(1, { model: "a", dialect: "openai-chat", upstream: "openai", status: 200 }));
      put(exchangeRow(2, { model: "a", dialect: "openai-chat", upstream: "openai", status: 429 }));
      put(
        exchangeRow(3, { model: null, dialect: null, upstream: "ollama", status: null, ending: "refused" }),
      );
      expect(index.facets()).toEqual({
        model: [{ value: "a", count: 2 }],
        dialect: [{ value: "openai-chat", count: 2 }],
        upstream: [
          { value: "openai", count: 2 },
          { value: "ollama", count: 1 },
        ],
        status: [
          { value: "200", count: 1 },
          { value: "429", count: 1 },
          { value: "refused", count: 1 },
        ],
      });
    });

    test("finds the exchange that another one continues, only among those before it", () => {
      const keyed = (n: number, keys: Partial<ThreadKeys>, about: Partial<ExchangeRow> = {}) => {
        const row = exchangeRow(n, about);
        index.putExchanges([{ row, text: "", file: fileOf(row), keys: { ...NO_KEYS, ...keys } }]);
      };
      keyed(1, { whole: "w", header: "x:1" }, { conversation: "c", turn: 4 });
      keyed(2, { whole: "w", response_id: "resp" });
      const lookup = index.threads(exchangeRow(3));
      expect([lookup.byWhole(["w"]), lookup.byHeader("x:1"), lookup.byResponse("resp")]).toEqual([
        { id: idOf(2), conversation: idOf(2), turn: 1 },
        { id: idOf(1), conversation: "c", turn: 4 },
        { id: idOf(2), conversation: idOf(2), turn: 1 },
      ]);
      expect([lookup.byWhole(["x:1"]), lookup.byHeader("w")]).toEqual([null, null]);
      expect(index.threads(exchangeRow(2)).byWhole(["w"])?.id).toBe(idOf(1));
      keyed(3, { whole: "v" });
      const later = index.threads(exchangeRow(4));
      expect(later.byWhole([])).toBeNull();
      expect(later.byWhole(["a", "b", "w", "v"])?.id).toBe(idOf(2));
      expect(later.byWhole(["a", "v", "w"])?.id).toBe(idOf(3));
      index.forget(fileOf(exchangeRow(2)).path);
      expect(lookup.byWhole(["w"])?.id).toBe(idOf(1));
    });

    test("threads are resolved again in the order of time, in slices", () => {
      for (const n of [3, 1, 2]) {
        const row = exchangeRow(n);
        const keys = { ...NO_KEYS, whole: `w${n}`, prefixes: [`w${n - 1}`] };
        index.putExchanges([{ row, text: "", file: fileOf(row), keys }]);
      }
      put(exchangeRow(4));
      const resolve: Parameters<Index["rethread"]>[2] = (id, keys, lookup) => {
        const parent = lookup.byWhole(keys.prefixes);
        if (!parent) return { conversation: id, turn: 1, parent: null };
        return { conversation: parent.conversation, turn: parent.turn + 1, parent: parent.id };
      };
      const first = index.rethread(null, 2, resolve);
      expect(first.changed).toBe(2);
      expect(index.rethread(first.next, 2, resolve)).toEqual({ next: null, changed: 1 });
      expect(index.rethread(null, 100, resolve)).toEqual({ next: null, changed: 0 });
      const rows = index.exchanges({ limit: 9 }).items;
      expect(rows.map(({ conversation, turn, parent }) => [conversation, turn, parent])).toEqual([
        [null, null, null],
        [idOf(1), 3, idOf(2)],
        [idOf(1), 2, idOf(1)],
        [idOf(1), 1, null],
      ]);
      expect(ids({ conversation: idOf(1) })).toEqual([3, 2, 1].map(idOf));
    });

    test("keeps the outline of a long line, not its contents", () => {
      const row = sessionRow(1);
      index.putSession(row, { path: "mcp_x/a.jsonl", mtime: 1, size: 1 });
      const params = { text: "x".repeat(100_000) };
      const line = { seq: 1, message: { jsonrpc: "2.0", id: 1, method: "m", params } };
      const place = { offset: 7, size: 100_100 };
      index.putMessages([{ session_id: row.id, seq: 1, at: 1, line, place }]);
      expect(index.messages(row.id)).toEqual([
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

    test("keeps numbers of messages as they were written", () => {
      const row = sessionRow(1);
      index.putSession(row, { path: "mcp_x/a.jsonl", mtime: 1, size: 1 });
      const text = '{"message":{"id":9007199254740993,"result":{"price":1.10}}}';
      const line = parseExact(text) as Record<string, unknown>;
      index.putMessages([
        { session_id: row.id, seq: 1, at: 1, line },
        { session_id: row.id, seq: 2, at: 1, line, place: { offset: 7, size: 100_100 } },
      ]);
      const [whole, outline] = index.messages(row.id).map((message) => stringifyExact(message.line));
      expect(whole).toBe(text);
      expect(outline).toContain('"id":9007199254740993');
    });

    test("keeps sessions and their messages in order", () => {
      const row = sessionRow(1);
      const file = { path: "mcp_weather/1.jsonl", mtime: 1, size: 2 };
      index.putSession({ ...row, messages: 1 }, file);
      index.putSession(row, file);
      index.putMessages([2, 0, 1].map((seq) => ({ session_id: row.id, seq, at: seq, line: { n: seq } })));
      index.putMessages([{ session_id: row.id, seq: 1, at: 1, line: { n: "again" } }]);
      expect(index.session(row.id)).toEqual({ row, file });
      expect(index.sessions({ limit: 10 })).toEqual({ items: [row], next: null });
      expect(index.messages(row.id).map(({ seq, line }) => [seq, line["n"]])).toEqual([
        [0, 0],
        [1, "again"],
        [2, 2],
      ]);
      expect(index.messages(row.id, 0, 1).map(({ seq }) => seq)).toEqual([1]);
      expect(index.counts()).toEqual({ exchanges: 0, sessions: 1, messages: 3 });
    });

    test("lists sessions newest first, by name, in pages", () => {
      for (const n of [2, 1, 3]) {
        index.putSession(sessionRow(n, { name: n === 2 ? "files" : "weather" }), fileAt(`mcp/${n}.jsonl`));
      }
      const first = index.sessions({ limit: 2 });
      expect(first.items.map((row) => row.id)).toEqual(["s3", "s2"]);
      expect(index.sessions({ limit: 2, before: first.next ?? "" }).items.map((row) => row.id)).toEqual([
        "s1",
      ]);
      expect(index.sessions({ limit: 9, name: "files" }).items.map((row) => row.id)).toEqual(["s2"]);
    });

    test("forgets all that came from a file, and nothing else", () => {
      put(exchangeRow(1), "words");
      put(exchangeRow(2), "words");
      index.putSession(sessionRow(1), fileAt("mcp/1.jsonl"));
      index.putMessages([{ session_id: "s1", seq: 0, at: 0, line: {} }]);
      expect(index.forget(fileOf(exchangeRow(1)).path)).toEqual([idOf(1)]);
      expect(index.forget("mcp/1.jsonl")).toEqual(["s1"]);
      expect(index.forget("unknown")).toEqual([]);
      expect(found("words")).toEqual([idOf(2)]);
      expect([...index.files().keys()]).toEqual([fileOf(exchangeRow(2)).path]);
      expect(index.counts()).toEqual({ exchanges: 1, sessions: 0, messages: 0 });
    });

    test("an exchange in two files survives the loss of one: the other has to be taken in again", () => {
      put(exchangeRow(1), "", fileAt("llm_proxy/a.json"));
      put(exchangeRow(1), "", fileAt("llm_proxy/copy.json"));
      expect([...index.files().keys()].toSorted()).toEqual(["llm_proxy/a.json", "llm_proxy/copy.json"]);
      expect(index.file("llm_proxy/a.json")?.ids).toEqual([]);
      expect(index.forget("llm_proxy/a.json")).toEqual([]);
      put(exchangeRow(1), "", fileAt("llm_proxy/a.json"));
      expect(index.forget("llm_proxy/a.json")).toEqual([idOf(1)]);
      expect(index.again()).toEqual(["llm_proxy/copy.json"]);
      put(exchangeRow(1), "", fileAt("llm_proxy/copy.json"));
      expect(index.again()).toEqual([]);
    });

    test("says of each file what it holds", () => {
      put(exchangeRow(1), "", fileAt("llm_proxy/a.json"));
      index.putSession(sessionRow(1), fileAt("mcp/1.jsonl"));
      const { mtime, size } = fileAt("");
      expect(index.file("llm_proxy/a.json")).toEqual({ mtime, size, ids: [idOf(1)] });
      expect(index.file("mcp/1.jsonl")).toEqual({ mtime, size, ids: ["s1"] });
      expect(index.file("unknown")).toBeNull();
      expect([...index.files().keys()]).toEqual(["llm_proxy/a.json", "mcp/1.jsonl"]);
      expect([...index.files("", 1).keys()]).toEqual(["llm_proxy/a.json"]);
      expect([...index.files("llm_proxy/a.json", 9).keys()]).toEqual(["mcp/1.jsonl"]);
    });

    test("many exchanges stand in one packed file and are forgotten with it", () => {
      const pack = { path: "llm_proxy/packed/x.json.zst", mtime: 5, size: 6 };
      for (const n of [1, 2]) put(exchangeRow(n), "", { ...pack, path: `${pack.path}#${n}00` });
      expect(index.exchange(idOf(2))?.file).toEqual({ ...pack, path: `${pack.path}#200` });
      expect(index.files()).toEqual(new Map([[pack.path, { mtime: 5, size: 6 }]]));
      expect(index.forget(pack.path).toSorted()).toEqual([idOf(1), idOf(2)]);
    });

    test("a file that could not be read is known, named, and forgotten when it can be", () => {
      const file = fileAt("llm_proxy/bad.json");
      index.putUnreadable({ ...file, why: "not JSON" });
      expect(index.unreadable()).toEqual([{ path: file.path, why: "not JSON" }]);
      expect(index.file(file.path)).toEqual({ mtime: file.mtime, size: file.size, ids: [] });
      put(exchangeRow(1), "", file);
      expect(index.unreadable()).toEqual([]);
      index.putUnreadable({ ...file, why: "a part is broken" });
      expect([index.unreadable().length, index.exchange(idOf(1))?.row]).toEqual([1, exchangeRow(1)]);
      index.forget(file.path);
      expect(index.unreadable()).toEqual([]);
    });
  });
}

const NO_KEYS: ThreadKeys = { header: null, response_id: null, previous: null, whole: null, prefixes: [] };

const idOf = (n: number): string => `0000000${n < 10 ? "0" : ""}${n}`.slice(-8);

const v7 = (at: number, n: number): string => {
  const hex = at.toString(16).padStart(12, "0");
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7${n.toString(16).padStart(3, "0")}-8000-000000000000`;
};

const fileAt = (path: string): FileAt => ({ path, mtime: 1_700_000_000_000.5, size: 100 });
const fileOf = (row: ExchangeRow): FileAt => fileAt(`llm_proxy/${row.id}.json`);

/** A row of the second `n` of time; give it what the test is about. */
export function exchangeRow(n: number, about: Partial<ExchangeRow> = {}): ExchangeRow {
  return {
    id: idOf(n),
    at: 1_700_000_000_000 + n * 1000,
    state: "done",
    wire: "http",
    upstream: "openrouter",
    method: "POST",
    path: "/v1/chat/completions",
    target: "https://openrouter.ai/api/v1/chat/completions",
    status: 200,
    ending: "complete",
    error: null,
    dialect: "openai-chat",
    provider: "openrouter",
    model: "gpt-5",
    streamed: true,
    ttfb_ms: 100,
    ttft_ms: 120,
    duration_ms: 900,
    tokens_in: 10,
    tokens_out: 20,
    tokens_cached: 0,
    cost: null,
    bytes_in: 1_000,
    bytes_out: 2_000,
    asked: "What is the weather?",
    answered: "Sunny.",
    tools: [],
    client: null,
    has: [],
    rules: [],
    run: null,
    problems: 0,
    conversation: null,
    turn: null,
    parent: null,
    ...about,
  };
}

function sessionRow(n: number, about: Partial<SessionRow> = {}): SessionRow {
  return {
    id: `s${n}`,
    name: "weather",
    at: 1_700_000_000_000 + n * 1000,
    last_at: 1_700_000_000_000 + n * 1000,
    state: "open",
    transport: "stdio",
    command: "bun weather.ts",
    era: "legacy",
    revision: "2025-11-25",
    client: "inspector",
    server: "weather",
    messages: 3,
    requests: 1,
    errors: 0,
    problems: 0,
    ...about,
  };
}
