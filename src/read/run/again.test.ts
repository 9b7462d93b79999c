/** A conversation's first request that is tried again, and what looks like it. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import type { ModelEvidence } from "./evidence.ts";
import { runBook } from "./book.ts";
import { model, type Piece, sorted, told } from "./written.testkit.ts";

const ask = (id: string, at: number, how: Partial<Omit<ModelEvidence, "asked" | "seen">> = {}) =>
  model({ request: "hello", ...how, id, at });
const fail = (id: string, at: number, how: Partial<Omit<ModelEvidence, "asked" | "seen">> = {}) =>
  ask(id, at, { status: 503, error: "overloaded", ...how });

/** The attempts of each step, by its run. */
function runsOf(pieces: Piece[]): string[] {
  const { steps } = told(pieces);
  return [...steps.values()]
    .map(({ run, attempts }) => `${run}: ${attempts.map(({ exchange }) => exchange).join(" ")}`)
    .toSorted();
}

test("a first request that is tried again after an error or a cut is one step of one run", () => {
  const pieces = [
    fail("a", 0, { status: 429 }),
    fail("b", 1_000, { status: null, ending: "client-gone" }),
    ask("c", 5_000, { model: "fallback", upstream: "other" }),
    model({ id: "d", at: 9_000, after: "c" }),
  ];
  expect(runsOf(pieces)).toEqual(["chain-a: a b c", "chain-a: d"]);
});

test("the same words after an answer, of another program, much later, or at once are runs of their own", () => {
  expect(runsOf([ask("a", 0), ask("b", 1_000)])).toEqual(["chain-a: a", "chain-b: b"]);
  expect(runsOf([fail("a", 0), ask("b", 1_000), ask("c", 2_000)])).toEqual(["chain-a: a b", "chain-c: c"]);
  expect(runsOf([fail("a", 0), ask("b", 1_000, { agent: "other/2" })])).toEqual(["chain-a: a", "chain-b: b"]);
  expect(runsOf([fail("a", 0), ask("b", 900_000)])).toEqual(["chain-a: a", "chain-b: b"]);
  expect(runsOf([fail("a", 0), ask("b", 50)])).toEqual(["chain-a: a", "chain-b: b"]);
  expect(runsOf([fail("a", 0), ask("b", 1_000, { request: "other" })])).toEqual(["chain-a: a", "chain-b: b"]);
  expect(runsOf([fail("a", 0), ask("b", 1_000, { request: "" })])).toEqual(["chain-a: a", "chain-b: b"]);
});

test("who never stops trying has a step with its first attempts, and none is counted twice", () => {
  const pieces = Array.from({ length: 80 }, (_, n) => fail(`e${100 + n}`, n * 1_000));
  const exchanges = [...told(pieces).steps.values()].flatMap(({ attempts }) =>
    attempts.map(({ exchange }) => exchange),
  );
  expect(exchanges.toSorted()).toEqual(pieces.map(({ it }) => (it as ModelEvidence).id));
  expect(sorted(told(pieces.toReversed()))).toEqual(sorted(told(pieces)));
});

test("whoever comes and goes in any order, the runs are those of who is left", () => {
  const piece = fc.record({ at: fc.nat(12), failed: fc.boolean(), request: fc.constantFrom("x", "y") });
  fc.assert(
    fc.property(
      fc.array(piece, { maxLength: 12 }).chain((all) => {
        const pieces = all.map(({ at, failed, request }, n) =>
          (failed ? fail : ask)(`m${n}`, at * 60, { request }),
        );
        return fc.tuple(
          fc.constant(pieces),
          fc.shuffledSubarray(pieces, { minLength: pieces.length }),
          fc.subarray(pieces),
        );
      }),
      ([pieces, shuffled, left]) => {
        const steps = new Map<string, unknown>();
        const book = runBook();
        const look = () => {
          const { steps: put, gone } = book.take();
          for (const id of gone.steps) steps.delete(id);
          for (const step of put) steps.set(step.id, step);
        };
        for (const { it } of shuffled) {
          book.model(it as ModelEvidence);
          look();
        }
        for (const gone of pieces) {
          if (left.includes(gone)) continue;
          book.forget((gone.it as ModelEvidence).id);
          look();
        }
        const expected = told(left).steps;
        expect(Object.fromEntries([...steps].toSorted())).toEqual(
          Object.fromEntries([...expected].toSorted(([a], [b]) => (a < b ? -1 : 1))),
        );
      },
    ),
    { numRuns: 200 },
  );
});
