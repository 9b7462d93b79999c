/** What one exchange asks of the index on its way to rest: so much, in few writes, however many come together. */
import { expect, test } from "bun:test";
import { concat } from "../fact/concat.ts";
import type { Fact } from "../fact/fact.ts";
import { encodeFacts } from "../fact/line.ts";
import { filterOf } from "../filter/filter.ts";
import { exchangeRow, runRow } from "../index/contract-rows.testkit.ts";
import { openIndex } from "../index/sqlite.ts";
import { watched } from "../index/statements.testkit.ts";
import { thread } from "./entry.ts";
import { aloneOf } from "./evidence.ts";
import { wakingAt } from "./log-index.ts";
import { makeRuns } from "./runs.ts";
import { createWay, until } from "./way.testkit.ts";

const COUNT = 600;
const bytes = (value: object) => new TextEncoder().encode(JSON.stringify(value));

/** A chat of its own each, answered in one piece. */
function chat(n: number): Fact[] {
  const at = 1_700_000_000_000 + Math.floor(n / 4);
  const id = Bun.randomUUIDv7("hex", at);
  const path = "/v1/chat/completions";
  const json: [string, string][] = [["content-type", "application/json"]];
  const message = { role: "assistant", content: `Answer ${n}.` };
  return [
    {
      fact: "open",
      id,
      at,
      wire: "http",
      method: "POST",
      path,
      upstream: "openai",
      target: `http://h${path}`,
      headers: json,
    },
    {
      fact: "bytes",
      id,
      t: 1,
      from: "client",
      bytes: bytes({ model: "m", messages: [{ role: "user", content: `Question ${n}?` }] }),
    },
    { fact: "head", id, t: 2, status: 200, headers: json },
    {
      fact: "bytes",
      id,
      t: 3,
      from: "server",
      bytes: bytes({
        id: `chatcmpl-${n}`,
        object: "chat.completion",
        model: "m",
        choices: [{ index: 0, message, finish_reason: "stop" }],
        usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
      }),
    },
    { fact: "close", id, t: 4, ending: "complete", error: null },
  ];
}

test("an exchange costs the index some twenty statements, and many are put in few writes", async () => {
  const { opened: index, since, counted } = watched(() => openIndex(":memory:"));
  await using way = createWay({
    index,
    thread: (reading, exchange, seen, pending) => thread(reading, exchange, seen, index, pending),
  });
  since();
  for (let n = 0; n < COUNT; n += 20)
    way.recorder.take(concat(encodeFacts(Array.from({ length: 20 }, (_, k) => chat(n + k)).flat())));
  // Whoever asks how things stand meanwhile costs no write.
  await until(() => {
    way.recorder.state();
    return way.settled.length === COUNT;
  });
  await until(() => way.recorder.state().waiting === 0);
  const recorded = counted();
  expect((await index.exchanges({ limit: 1 })).total).toBe(COUNT);
  expect(recorded.transactions).toBeLessThanOrEqual(COUNT / 100 + 2);
  expect(each(recorded.all)).toBeLessThanOrEqual(20);
  expect(ordered(recorded.all)).toBeLessThanOrEqual(COUNT / 10);

  since();
  const runs = makeRuns({ index, publish: () => {}, isBusy: () => false, warn: () => {} });
  await runs.done();
  const made = counted();
  expect((await index.runs({ limit: 1 })).total).toBe(COUNT);
  expect(made.transactions).toBeLessThanOrEqual(COUNT / 50 + 2);
  expect(each(made.all)).toBeLessThanOrEqual(9);
  expect(ordered(made.all)).toBeLessThanOrEqual(COUNT / 10);
  await runs.close();
});

test("an exchange that is all of its run costs no more than its row, and its run is there", async () => {
  const {
    opened: index,
    since,
    counted,
  } = watched(() => openIndex(":memory:", () => {}, undefined, aloneOf));
  const options = { index, publish: () => {}, isBusy: () => false, warn: () => {} };
  const runs = makeRuns(options);
  await using way = createWay({
    index: wakingAt(
      index,
      runs,
      () => {},
      () => {},
    ),
    thread: (reading, exchange, seen, pending) => thread(reading, exchange, seen, index, pending),
    isAlone: (it) => runs.isAlone(it),
  });
  const record = async (from: number, count: number) => {
    for (let n = from; n < from + count; n += 20)
      way.recorder.take(concat(encodeFacts(Array.from({ length: 20 }, (_, k) => chat(n + k)).flat())));
    await until(() => way.settled.length === from + count && way.recorder.state().waiting === 0);
    await runs.done();
  };
  // With the first ones it is known who else is there.
  await record(0, 20);
  since();
  await record(20, COUNT);
  const { all, transactions } = counted();
  expect((await index.runs({ limit: 1 })).total).toBe(COUNT + 20);
  expect(transactions).toBeLessThanOrEqual(COUNT / 100 + 2);
  expect(each(all)).toBeLessThanOrEqual(14);
  const written = [...all].filter(([sql]) => /^(insert|update|delete).* (evidence|runs|steps) /.test(sql));
  expect(written).toEqual([]);
  await runs.close();
});

test("runs of one busy moment stand one behind the other, and none looks at all before it", async () => {
  const { opened: index, since, counted } = watched(() => openIndex(":memory:"));
  const at = 1_700_000_000_000;
  const ids = Array.from({ length: 500 }, (_, n) => `run ${String(n).padStart(3, "0")}`);
  const none = { steps: [], ties: [], gone: { runs: [], steps: [], ties: [] } };
  since();
  for (const id of ids) index.putRuns({ ...none, runs: [runRow(id, { at })] });
  expect(each(counted().all, ids.length)).toBeLessThanOrEqual(8);
  const { items } = await index.runs({ limit: 1_000 });
  expect(items.map(({ id }) => id)).toEqual(ids.toReversed());
  index.close();
});

test("what fits a filter is counted once for all of its pages, and again when something was written", async () => {
  const { opened: index, since, counted } = watched(() => openIndex(":memory:"));
  const put = (n: number) => index.putExchanges([{ row: exchangeRow(n), text: "rain in Paris" }]);
  for (let n = 0; n < 10; n++) put(n);
  const filter = filterOf({ q: "Paris" });
  const page = async (from: number) => (await index.exchanges({ limit: 3, from, filter })).total;
  since();
  const totals = [await page(0), await page(3), await page(6)];
  put(10);
  totals.push(await page(0));
  const counts = [...counted().all].filter(([sql]) => sql.startsWith("select count"));
  expect([totals, counts.map(([, times]) => times)]).toEqual([[10, 10, 10, 11], [2]]);
  index.close();
});

/** Statements for each exchange. */
function each(all: ReadonlyMap<string, number>, count = COUNT): number {
  return [...all.values()].reduce((sum, one) => sum + one, 0) / count;
}

/** Questions for something in an order: the runtime takes ten times as long for each of these (measured, Bun 1.4.5). */
function ordered(all: ReadonlyMap<string, number>): number {
  return [...all].reduce((sum, [sql, count]) => sum + (/\border by\b/i.test(sql) ? count : 0), 0);
}
