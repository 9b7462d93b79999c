import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import type { News } from "../feed/feed.ts";
import { exchangeRow, fileOf, fileAt, sessionRow } from "../index/contract-rows.testkit.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { openIndex } from "../index/sqlite.ts";
import { busy } from "../read/run/busy.testkit.ts";
import { type Piece, sorted, told } from "../read/run/written.testkit.ts";
import { LoadedBook } from "./loaded-book.ts";
import { makeRuns } from "./runs.ts";

type Store = ReturnType<typeof openIndex>;

const HOUR_AT = 1_700_000_000_000;

/** In the index as the recorder, the sync and the follower of sessions put them there. */
function put(index: LocalIndex, piece: Piece): void {
  const json = JSON.stringify(piece.it);
  if (piece.kind === "served") {
    const { session: source, seq, at } = piece.it;
    return index.putEvidence([{ source, part: `/${seq}`, kind: "served", at: HOUR_AT + at, json }]);
  }
  const { id, at } = piece.it;
  if (piece.kind === "session") {
    index.putSession({ ...sessionRow(1), id }, fileAt(`mcp_weather/${id}.jsonl`));
    return index.putEvidence([{ source: id, part: "", kind: "session", at: HOUR_AT + at, json }]);
  }
  const row = exchangeRow(1, { id, at: HOUR_AT + at, conversation: null, parent: null, turn: null });
  index.putExchanges([{ row, text: "words", file: fileOf(row), evidence: json }]);
}

function making(index: LocalIndex, news: News[] = [], most = 1_000, mostBytes = 1_000_000) {
  return makeRuns({
    index,
    publish: (one) => news.push(one),
    isBusy: () => false,
    warn: (said) => expect(said).toBe(""),
    most,
    mostBytes,
  });
}

async function rowsIn(index: Index) {
  const runs = (await index.runs({ limit: 1000 })).items;
  const steps = (await Promise.all(runs.map(({ id }) => index.steps(id)))).flatMap(({ items }) => items);
  const ties = (await Promise.all(runs.map(({ id }) => index.ties(id)))).flat();
  const byId = <T extends { id: string }>(rows: T[]) => new Map(rows.map((row) => [row.id, row]));
  return sorted({ runs: byId(runs), steps: byId(steps), ties: byId(ties) });
}

test("a piece that cannot be understood costs itself, and is not tried again", async () => {
  const index = openIndex(":memory:");
  const said: string[] = [];
  const pieces = busy();
  for (const piece of pieces.slice(0, 30)) put(index, piece);
  const [at, part] = [HOUR_AT, ""];
  for (const json of ["{not json", "null", '{"calls":5,"seen":"x"}'])
    index.putEvidence([{ source: `odd ${json}`, part, kind: "session", at, json }]);
  for (const piece of pieces.slice(30, 60)) put(index, piece);
  const runs = makeRuns({ index, publish: () => {}, isBusy: () => false, warn: (one) => said.push(one) });
  await runs.done();
  expect(index.waiting(10)).toEqual([]);
  expect(said.length).toBeGreaterThan(0);
  expect(said.every((one) => /^what odd .* says of its run cannot be understood/.test(one))).toBe(true);
  expect((await index.runs({ limit: 100 })).items.length).toBeGreaterThan(0);
  await runs.close();
  index.close();
});

test("whatever comes in whatever order, with restarts in between and little memory, the index has the same runs", async () => {
  const pieces = busy();
  const expected = sorted(told(pieces));
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(pieces, { minLength: pieces.length }),
      fc.integer({ min: 1, max: pieces.length }),
      fc.constantFrom(5, 1_000),
      async (shuffled, cut, most) => {
        const index = openIndex(":memory:");
        for (const part of [shuffled.slice(0, cut), shuffled.slice(cut)]) {
          const maker = making(index, [], most);
          for (const piece of part) put(index, piece);
          await maker.done();
          await maker.close();
        }
        const same = isDeepStrictEqual(await rowsIn(index), expected);
        index.close();
        return same;
      },
    ),
    { numRuns: 40 },
  );
});

test("what the book holds is bounded by bytes too: it lets go, reads again, and the runs are the same", async () => {
  const pieces = busy();
  const asked = [1_000_000_000, 1].map(async (mostBytes) => {
    const store = openIndex(":memory:");
    let again = 0;
    const index: LocalIndex = new Proxy(store, {
      get(it, name) {
        const own = Reflect.get(it, name) as unknown;
        if (name === "evidence") again++;
        return typeof own === "function" ? own.bind(it) : own;
      },
    });
    const runs = making(index, [], 1_000_000, mostBytes);
    for (const piece of pieces) {
      put(store, piece);
      await runs.done();
    }
    const rows = await rowsIn(store);
    await runs.close();
    store.close();
    return { again, rows };
  });
  const [held, bounded] = await Promise.all(asked);
  expect(bounded!.rows).toEqual(held!.rows);
  expect(bounded!.again).toBeGreaterThan(held!.again);
});

test("the book weighs each piece that it holds once, and none that is gone", () => {
  const book = new LoadedBook({
    index: { evidence: () => [], aloneBefore: () => [] },
    warn: () => {},
    onModel: () => {},
  });
  const piece = (json: string, kind: "session" | "gone" = "session") =>
    ({ source: "s", part: "", kind, at: 1, run: null, parent: null, json }) as const;
  const weights = [piece("{}"), piece('{"id":"s"}'), piece("{}", "gone")].map((each) => {
    book.take(each);
    return book.bytes;
  });
  book.take(piece("[]"));
  book.forget();
  expect([...weights, book.bytes]).toEqual([2, 10, 0, 0]);
});

test("a file that is gone takes its part of the run with it, and brings it again", async () => {
  const pieces = busy();
  const index = openIndex(":memory:");
  const maker = making(index);
  for (const piece of pieces) put(index, piece);
  await maker.done();
  const whole = await rowsIn(index);
  const gone = pieces.filter(({ kind, it }) => kind === "model" && "id" in it && it.id === "0-2");
  index.forget(fileOf(exchangeRow(1, { id: "0-2" })).path);
  await maker.done();
  expect(await rowsIn(index)).toEqual(sorted(told(pieces.filter((piece) => !gone.includes(piece)))));
  for (const piece of gone) put(index, piece);
  await maker.done();
  expect(await rowsIn(index)).toEqual(whole as object);
  await maker.close();
  index.close();
});

test("two programs on one folder take turns, and the runs are whole", async () => {
  const folder = mkdtempSync(join(tmpdir(), "runs-"));
  const [mine, theirs] = [0, 1].map(() => openIndex(join(folder, "index.sqlite"))) as [Store, Store];
  const makers = [making(mine), making(theirs)] as const;
  const pieces = busy();
  for (const [n, piece] of pieces.entries()) {
    put(n % 3 === 0 ? mine : theirs, piece);
    if (n % 2 === 0) await makers[n % 4 === 0 ? 0 : 1]!.done();
  }
  for (const maker of makers) await maker.done();
  expect(await rowsIn(mine)).toEqual(sorted(told(pieces)) as object);
  for (const maker of makers) await maker.close();
  mine.close();
  theirs.close();
  rmSync(folder, { recursive: true });
});

test("what is new is told as it comes, row by row; what was there before is not told again", async () => {
  const pieces = busy();
  const index = openIndex(":memory:");
  const first = making(index);
  for (const piece of pieces.slice(0, -2)) put(index, piece);
  await first.done();
  await first.close();
  const news: News[] = [];
  const second = making(index, news);
  put(index, pieces.at(-2)!);
  await second.done();
  await second.close();
  expect(news.map((one) => (one.type === "run.step" ? one.row.id : one.type))).toEqual(["s1/99", "run.row"]);
  index.close();
});

test("runs are found by what their exchanges say, newest first, in pages; exchanges know their run", async () => {
  const index = openIndex(":memory:");
  const maker = making(index);
  for (const piece of busy()) put(index, piece);
  await maker.done();
  const { filterOf } = await import("../filter/filter.ts");
  const ids = async (query: object) => (await index.runs({ limit: 10, ...query })).items.map(({ id }) => id);
  expect(await ids({})).toEqual(["chain-sub", "chain-1-0", "chain-0-0"]);
  expect(await ids({ filter: filterOf({ q: "id:1-3" }) })).toEqual(["chain-1-0"]);
  expect(await ids({ filter: filterOf({ q: "run:chain-sub" }) })).toEqual(["chain-sub"]);
  expect(await ids({ filter: filterOf({ q: "nowhere" }) })).toEqual([]);
  expect(await ids({ filter: filterOf({ q: "words" }) })).toHaveLength(3);
  const page = await index.runs({ limit: 2 });
  expect([page.next, page.total]).toEqual(["chain-1-0", 3]);
  expect(await ids({ before: page.next })).toEqual(["chain-0-0"]);
  expect((await index.exchange("0-3"))?.run).toBe("chain-0-0");
  const steps = await index.steps("chain-0-0", undefined, 3);
  expect((await index.steps("chain-0-0", steps.next ?? "", 1)).items[0]?.at).toBeGreaterThanOrEqual(
    steps.items[2]!.at,
  );
  expect((await index.stepsOf("0-1")).map(({ id }) => id)).toEqual(["0-0#0", "0-1", "0-1#0"]);
  expect((await index.tiesOf("s0")).every(({ served }) => served.session === "s0")).toBe(true);
  await maker.close();
  index.close();
});
