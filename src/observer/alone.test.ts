/** Exchanges that are all of their runs: nobody can tell their runs from those that have rows of their own. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { isDeepStrictEqual } from "node:util";
import type { News } from "../feed/feed.ts";
import { filterOf } from "../filter/filter.ts";
import { RUN_SORTABLE } from "../filter/sort.ts";
import { exchangeRow, fileOf } from "../index/contract-rows.testkit.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { openIndex } from "../index/sqlite.ts";
import { rowsOfOne } from "../read/run/alone.ts";
import { busy } from "../read/run/busy.testkit.ts";
import type { ModelEvidence } from "../read/run/evidence.ts";
import { excerpt } from "../read/run/excerpt.ts";
import { model, type Piece, sorted, told } from "../read/run/written.testkit.ts";
import { aloneOf } from "./evidence.ts";
import { makeRuns, type RunMaker } from "./runs.ts";
import { wakingAt } from "./log-index.ts";

const T0 = 1_700_000_000_000;
const PROMPT = "count the birds in the garden, please";

const opened = () => openIndex(":memory:", () => {}, undefined, aloneOf);
const chat = (id: string, at: number, about: object = {}) => model({ id, at: T0 + at, tools: 0, ...about });

function rowFor({
  id,
  at,
  dialect,
  model: name,
  tokens_in,
  tokens_out,
  tokens_cached,
  cost,
  ended,
}: ModelEvidence) {
  const figures = { dialect, tokens_in, tokens_out, tokens_cached, cost, duration_ms: ended - at };
  return exchangeRow(1, { id, at, model: name, conversation: null, parent: null, turn: null, ...figures });
}

/** As the recorder puts what ended just now. */
function put(index: LocalIndex, maker: RunMaker | null, { kind, it }: Piece): void {
  const json = JSON.stringify(it);
  if (kind === "served") {
    const { session: source, seq, at } = it;
    return index.putEvidence([{ source, part: `/${seq}`, kind, at, json }]);
  }
  if (kind === "session") return index.putEvidence([{ source: it.id, part: "", kind, at: it.at, json }]);
  const row = rowFor(it);
  const keys = {
    header: null,
    response_id: it.response,
    previous: it.previous,
    whole: it.whole,
    prefixes: it.prefixes,
  };
  const alone = maker?.isAlone(it) ? rowsOfOne(it) : null;
  const named = { ...row, run: alone?.run.id ?? null };
  index.putExchanges([{ row: named, text: "words", file: fileOf(row), keys, evidence: json, alone }]);
}

function making(found: Index & LocalIndex, news: News[] = []) {
  const maker = makeRuns({
    index: found,
    publish: (one) => news.push(one),
    isBusy: () => false,
    warn: (said) => expect(said).toBe(""),
  });
  const index = wakingAt(
    found,
    maker,
    () => {},
    () => {},
  );
  return { maker, index };
}

async function rowsIn(index: Index) {
  const runs = (await index.runs({ limit: 1000 })).items;
  const steps = (await Promise.all(runs.map(({ id }) => index.steps(id)))).flatMap(({ items }) => items);
  const ties = (await Promise.all(runs.map(({ id }) => index.ties(id)))).flat();
  const byId = <T extends { id: string }>(rows: T[]) => new Map(rows.map((row) => [row.id, row]));
  return sorted({ runs: byId(runs), steps: byId(steps), ties: byId(ties) });
}

/** A busy hour among people who only chat: some go on, one is the sub-agent of a call, twins say the same. */
function mixed(): Piece[] {
  const moved = busy().map((piece) => shifted(piece));
  const prompts = [excerpt(PROMPT)];
  return [
    ...moved,
    ...[0, 1, 2, 3].map((n) => chat(`lone-${n}`, 300 + n * 400)),
    chat("twin-a", 700, { whole: "whole twins" }),
    chat("twin-b", 1_700, { whole: "whole twins" }),
    chat("twin-on", 2_700, { after: "twins" }),
    chat("late", 900, { response: "resp_late" }),
    chat("late-on", 3_900, { previous: "resp_late" }),
    // Tried twice more, then asked anew: two runs. Another program said the same meanwhile.
    chat("refused", 600, { request: "again", status: 429, error: "slow down" }),
    chat("cut", 1_100, { request: "again", ending: "client-gone" }),
    chat("served", 1_900, { request: "again" }),
    chat("anew", 2_600, { request: "again" }),
    chat("elsewhere", 1_300, { request: "again", agent: "other/1" }),
    chat("asker", 2_000, { tools: 1, asked: [{ name: "Task", id: "t1", prompts }] }),
    chat("asked-for", 2_300, { openings: [excerpt(PROMPT).hash], first: excerpt(PROMPT) }),
    chat("asker-on", 5_000, { after: "asker", tools: 1, seen: [{ id: "t1", text: "three birds" }] }),
  ];
}

function shifted({ kind, it }: Piece): Piece {
  const by = <T extends { at: number }>(one: T): T => ({ ...one, at: one.at + T0 });
  switch (kind) {
    case "model":
      return { kind, it: { ...by(it), ended: it.ended + T0, asked: it.asked.map(by) } };
    case "session":
      return { kind, it: { ...by(it), last: it.last + T0 } };
    case "served":
      return { kind, it: { ...by(it), ended: it.ended === null ? null : it.ended + T0 } };
    default:
      return kind satisfies never;
  }
}

test("whoever stands alone when it comes and whoever joins it, in any order, the runs are the same", async () => {
  const pieces = mixed();
  const expected = sorted(told(pieces));
  let alone = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.shuffledSubarray(pieces, { minLength: pieces.length }),
      fc.array(fc.boolean(), { minLength: pieces.length, maxLength: pieces.length }),
      async (shuffled, pauses) => {
        const found = opened();
        const { maker, index } = making(found);
        for (const [n, piece] of shuffled.entries()) {
          if (piece.kind === "model" && maker.isAlone(piece.it)) alone++;
          put(index, maker, piece);
          if (pauses[n]) await maker.done();
        }
        await maker.done();
        const same = isDeepStrictEqual(await rowsIn(found), expected);
        await maker.close();
        found.close();
        return same;
      },
    ),
    { numRuns: 60 },
  );
  expect(alone).toBeGreaterThan(60);
});

/** Two folders with the same chats: in one they are alone, in the other they have rows. */
async function both(pieces: readonly Piece[]) {
  const [found, kept] = [opened(), opened()];
  const [a, b] = [making(found), making(kept)];
  const first = model({ id: "first", at: T0 - 7_200_000 });
  for (const one of [a, b]) {
    put(one.index, null, first);
    await one.maker.done();
  }
  for (const piece of pieces) put(a.index, a.maker, piece);
  for (const piece of pieces) put(b.index, null, piece);
  for (const one of [a, b]) await one.maker.done();
  return { found, kept, a, b };
}

const chats = (): Piece[] =>
  [0, 1, 2, 3, 4, 5, 6].map((n) =>
    chat(`0000000${n}`, n * 1_000, {
      model: ["gpt-5", "claude_x", null][n % 3],
      agent: n % 2 === 0 ? "curl/8" : null,
      tokens_in: n * 100,
      cost: n / 1_000,
      ended: T0 + n * 1_000 + (n % 4) * 100,
    }),
  );

test("runs of one exchange are found, ordered, paged and counted like runs with rows of their own", async () => {
  const { found, kept, a, b } = await both(chats());
  const asks = [
    "",
    "model:gpt-5",
    "client:curl/8",
    "run:chain-00000003",
    "state:done",
    "is:error",
    "tokens:>300",
    "cost:<0.004",
    "total:>=0.2s",
    "words",
    "id:00000002",
    "-model:claude_x",
    "is:starred",
  ];
  for (const index of [found, kept]) index.putStars([{ of: "run", id: "chain-00000002" }]);
  for (const q of asks) {
    const filter = filterOf({ q }, "runs");
    expect([q, await found.runs({ limit: 100, filter })]).toEqual([
      q,
      await kept.runs({ limit: 100, filter }),
    ]);
  }
  for (const by of RUN_SORTABLE)
    for (const order of ["ascending", "descending"] as const) {
      const pages = async (index: Index) => {
        const ids: string[] = [];
        for (let before: string | undefined; ;) {
          const page = await index.runs({ limit: 3, sort: { by, order }, ...(before && { before }) });
          ids.push(...page.items.map(({ id }) => id));
          if (page.next === null) return ids;
          before = page.next;
        }
      };
      expect([by, order, await pages(found)]).toEqual([by, order, await pages(kept)]);
    }
  expect(await found.runFacets()).toEqual(await kept.runFacets());
  for (const id of ["00000001", "00000002", "none"]) {
    expect(await found.step(id)).toEqual(await kept.step(id));
    expect(await found.stepsOf(id)).toEqual(await kept.stepsOf(id));
    expect(await found.run(`chain-${id}`)).toEqual(await kept.run(`chain-${id}`));
    expect(await found.steps(`chain-${id}`)).toEqual(await kept.steps(`chain-${id}`));
    expect(found.said(id, 5)).toEqual(kept.said(id, 5));
    expect((await found.exchange(id))?.run).toEqual((await kept.exchange(id))?.run);
  }
  for (const one of [a, b]) await one.maker.close();
  found.close();
  kept.close();
});

test("who is alone is told once, and is told to be gone with its file", async () => {
  const found = opened();
  const news: News[] = [];
  const { maker, index } = making(found, news);
  put(index, maker, model({ id: "first", at: T0 - 7_200_000 }));
  await maker.done();
  news.length = 0;
  const it = chat("00000001", 0);
  put(index, maker, it);
  await maker.done();
  expect(
    news.map((one) => (one.type === "run.step" || one.type === "run.row" ? one.row.id : one.type)),
  ).toEqual(["00000001", "chain-00000001"]);
  news.length = 0;
  index.forget(fileOf(exchangeRow(1, { id: "00000001" })).path);
  await maker.done();
  expect(news).toEqual([{ type: "run.gone", runs: ["chain-00000001"], steps: ["00000001"], ties: [] }]);
  expect(await found.run("chain-00000001")).toBe(null);
  // It comes again.
  put(index, maker, it);
  await maker.done();
  expect((await found.run("chain-00000001"))?.model_calls).toBe(1);
  await maker.close();
  found.close();
});

test("a model that is asked goes on with the run of who was alone until then", async () => {
  const found = opened();
  const { maker, index } = making(found);
  put(index, maker, model({ id: "first", at: T0 - 7_200_000 }));
  await maker.done();
  put(index, maker, chat("00000001", 0));
  expect(await found.run("chain-00000001")).not.toBe(null);
  expect(found.aloneBefore(T0 + 1, { previous: null, prefixes: ["whole 00000001"] })).toEqual(["00000001"]);
  put(index, maker, chat("00000002", 1_000, { after: "00000001" }));
  await maker.done();
  expect(found.aloneBefore(T0 + 1, { previous: null, prefixes: ["whole 00000001"] })).toEqual([]);
  expect((await found.run("chain-00000001"))?.model_calls).toBe(2);
  await maker.close();
  found.close();
});
