/** Runs of random agents, their evidence in random order: the same runs, steps and ties, at once or as it comes. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { excerpt } from "./excerpt.ts";
import { model, type Piece, served, session, sorted, told } from "./written.testkit.ts";

const HOUR = 3_600_000;

/** One turn of an agent: what is asked, how it goes on the MCP wire, and what the model is told. */
const turn = fc.record({
  args: fc.constantFrom({ n: 1 }, { n: 2 }),
  id: fc.constantFrom("own", "twice", "none"),
  wire: fc.constantFrom("same", "changed", "nothing", "cancelled", "no answer"),
  twin: fc.boolean(),
  told: fc.constantFrom("result", "cut", "other", "nothing"),
  /** A first attempt that failed, so many ms before; one of 60 still went on when it was asked again. */
  retried: fc.constantFrom(null, 60, 160),
});

const agents = fc.array(
  fc.record({
    turns: fc.array(turn, { minLength: 1, maxLength: 3 }),
    /** Below whose call it hangs. */
    child: fc.boolean(),
    ahead: fc.constantFrom(0, 0, 900, -HOUR),
    ends: fc.boolean(),
  }),
  { minLength: 1, maxLength: 4 },
);

type Agent = typeof agents extends fc.Arbitrary<(infer One)[]> ? One : never;

function piecesOf(all: readonly Agent[]): Piece[] {
  const pieces: Piece[] = [session({ id: "s" }), session({ id: "t", name: "files" })];
  all.forEach(({ turns, child, ahead, ends }, who) => {
    let before: { after: string; seen: { id: string | null; name: string; text: string }[] } | null = null;
    const above = child && who > 0 ? `start agent ${who} with this long prompt` : null;
    turns.forEach((one, n) => {
      const id = `${who}-${n}`;
      const at = 1_000 * n + 137 * who;
      const call = one.id === "none" ? null : one.id === "twice" ? "c" : `c${id}`;
      const text = `what came of call ${n} of agent ${who}, in some words`;
      const asked = [
        { name: "look", arguments: one.args, id: call },
        ...(one.twin ? [{ name: "look", arguments: one.args, id: call === null ? null : `d${id}` }] : []),
        ...(all[who + 1]?.child
          ? [
              {
                name: "Task",
                arguments: { prompt: `start agent ${who + 1} with this long prompt` },
                id: `task${id}`,
                prompts: [excerpt(`start agent ${who + 1} with this long prompt`)],
              },
            ]
          : []),
      ];
      const how = {
        id,
        at,
        ...before,
        asked,
        ...(above !== null && n === 0 && { openings: [excerpt(above).hash], first: excerpt(above) }),
      };
      pieces.push(model(how));
      if (one.retried !== null)
        pieces.push(
          model({
            ...how,
            id: `${id}r`,
            at: at - one.retried,
            request: `request ${id}`,
            status: 500,
            error: "no",
            asked: [],
          }),
        );
      const mcp = {
        session: who % 2 ? "t" : "s",
        name: "look",
        arguments: one.wire === "changed" ? { ...one.args, x: 0 } : one.args,
        at: at + 150 + ahead,
        text,
        ...(one.id === "own" && { tool_use: call }),
        ...(one.wire === "cancelled" && { state: "cancelled" as const, ended: at + 300 + ahead }),
        ...(one.wire === "no answer" && { state: "open" as const, ended: null, answer_seq: null }),
      };
      const seq = 100 * who + 10 * n + 1;
      if (one.wire !== "nothing") pieces.push(served({ ...mcp, seq }));
      if (one.twin && one.wire !== "nothing")
        pieces.push(
          served({ ...mcp, seq: seq + 4, at: mcp.at + 1, ...(one.id === "own" && { tool_use: `d${id}` }) }),
        );
      const words = {
        result: text,
        cut: text.slice(0, 20),
        other: "nothing of the kind was there",
        nothing: "",
      };
      before = {
        after: id,
        seen: one.told === "nothing" ? [] : [{ id: call, name: "look", text: words[one.told] }],
      };
    });
    if (ends && before !== null)
      pieces.push(model({ id: `${who}-end`, at: 9_000 + who, ...(before as object) }));
  });
  return pieces;
}

test("whatever agents do, any order of arrival gives the same runs, steps and ties", () => {
  fc.assert(
    fc.property(
      agents.chain((all) => {
        const pieces = piecesOf(all);
        return fc.tuple(fc.constant(pieces), fc.shuffledSubarray(pieces, { minLength: pieces.length }));
      }),
      fc.constantFrom("each" as const, "at-the-end" as const),
      ([pieces, shuffled], when) => {
        expect(sorted(told(shuffled, when))).toEqual(sorted(told(pieces)));
      },
    ),
    { numRuns: 200 },
  );
});
