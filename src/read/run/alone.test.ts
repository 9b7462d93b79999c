import { expect, test } from "bun:test";
import { rowsOfOne, standsAlone } from "./alone.ts";
import { runBook } from "./book.ts";
import type { ModelEvidence } from "./evidence.ts";
import { excerpt } from "./excerpt.ts";
import { model } from "./written.testkit.ts";

const one = (about: Partial<ModelEvidence> = {}) =>
  model({ id: "x", at: 5_000, tools: 0, ...about } as { id: string; at: number }).it as ModelEvidence;

test("the rows of who is alone are those that the book gives", () => {
  const all = [
    one(),
    one({ model: null, cost: null, tokens_in: null, tokens_out: null, tokens_cached: null }),
    one({ model: null, dialect: null, first: null, last: "the last words", agent: null, first_token: null }),
    one({
      first: excerpt("many   words\n".repeat(40)),
      blocks: { "tools weather": 3 },
      phases: [{ kind: "text", from: 5, to: 9 }],
      cost: 0.1 + 0.2,
      cost_in: 0.1,
      answered: "Hello.",
    }),
  ];
  for (const it of all) {
    expect(standsAlone(it)).toBe(true);
    const book = runBook();
    book.model(it);
    const { run, step } = rowsOfOne(it);
    expect(book.take()).toEqual({
      runs: [run],
      steps: [step],
      ties: [],
      gone: { runs: [], steps: [], ties: [] },
    });
  }
});

test("whoever names others, may be asked for by others or may ask again is not alone", () => {
  const others: Partial<ModelEvidence>[] = [
    { tools: 1 },
    { prefixes: ["whole y"] },
    { previous: "resp_1" },
    { run: "mine" },
    { session: "s" },
    { parent_session: "s" },
    { thread: "t" },
    { sub_agent: "a" },
    { purpose: "count" },
    { status: 500 },
    { ending: "client-gone" },
    { error: "no" },
    { model: "a\0b" },
    { model: "m".repeat(1_001) },
  ];
  expect(others.filter((about) => standsAlone(one(about)))).toEqual([]);
  const asked = model({ id: "x", at: 1, tools: 0, asked: [{ name: "look" }] }).it as ModelEvidence;
  const seen = model({ id: "x", at: 1, tools: 0, seen: [{ text: "18 degrees" }] }).it as ModelEvidence;
  expect([standsAlone(asked), standsAlone(seen)]).toEqual([false, false]);
});
