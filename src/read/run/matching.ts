/**
 * Of calls that compete for each other, which belong together: a pair is tied when nothing else fits as well. Equal
 * calls that stand side by side stay ambiguous.
 */
import type { TieRule } from "../../fact/rows.ts";
import type { Fit } from "./tool-names.ts";
import type { Asked, Bond, Group, Served, Tie } from "./world.ts";

export type Pair = {
  asked: Asked;
  served: Served;
  fit: Fit;
  rule: TieRule;
  /** By the clocks it was sent while the call was open, without any grace. */
  isWithin: boolean;
  /** The result that the model saw has nothing of what the server gave. */
  contradicts: boolean;
  confirmed: boolean;
};

/** `isBound`: other ties say that this session serves this conversation. */
export function matched(
  all: readonly Pair[],
  isBound: (session: string, group: Group) => boolean,
): Map<Served, Tie> {
  const ties = new Map<Served, Tie>();
  const [only, ...others] = all;
  if (only && others.length === 0 && !only.contradicts) return ties.set(only.served, tieOf(only, "firm"));
  const credible = all.filter(({ contradicts }) => !contradicts);
  const left = peel(credible, ties, "firm");
  const bound = narrowed([...left, ...all.filter(isLeft(ties))], ({ asked, served }) =>
    isBound(served.session, asked.node.group),
  );
  const rest = peel(bound, ties, "bound");
  for (const [served, pairs] of Map.groupBy(rest, (pair) => pair.served)) {
    const asked = pairs.map((pair) => pair.asked).toSorted((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
    ties.set(served, { certainty: "ambiguous", rule: weakest(pairs), asked, how: "loose" });
  }
  return ties;
}

/** Takes off pairs of which the served call fits one alone, which no other such call fits; and again, until none is left. */
function peel(pairs: readonly Pair[], ties: Map<Served, Tie>, how: Bond): Pair[] {
  let left = bestFits([...pairs]);
  for (;;) {
    const bySide = Map.groupBy(left, ({ served }) => served);
    const single = [...bySide.values()].flatMap((found) => (found.length === 1 ? found : []));
    const claims = Map.groupBy(single, ({ asked }) => asked);
    const taken = [...claims.values()].flatMap((found) => (found.length === 1 ? found : []));
    if (taken.length === 0) return left;
    for (const pair of taken) ties.set(pair.served, tieOf(pair, how));
    const asked = new Set(taken.map((pair) => pair.asked));
    const served = new Set(taken.map((pair) => pair.served));
    left = left.filter((pair) => !asked.has(pair.asked) && !served.has(pair.served));
  }
}

/** A name with the server's in it fits better than one that merely ends alike. */
function bestFits(pairs: Pair[]): Pair[] {
  const best = new Map<Served, number>();
  for (const { served, fit } of pairs) best.set(served, Math.max(best.get(served) ?? 0, fit));
  return pairs.filter(({ served, fit }) => fit === best.get(served));
}

/** Of each served call the pairs that fit, where there are any; what contradicts needs to. */
function narrowed(pairs: readonly Pair[], fits: (pair: Pair) => boolean): Pair[] {
  const found = new Set<Pair>();
  for (const own of Map.groupBy(new Set(pairs), ({ served }) => served).values()) {
    const some = own.filter(fits);
    const kept = some.length > 0 ? some : own.filter(({ contradicts }) => !contradicts);
    for (const pair of kept) found.add(pair);
  }
  return [...found];
}

/** Pairs of contradicting results whose two calls have no tie yet. */
function isLeft(ties: ReadonlyMap<Served, Tie>): (pair: Pair) => boolean {
  const asked = new Set([...ties.values()].flatMap((tie) => tie.asked));
  return (pair) => pair.contradicts && !ties.has(pair.served) && !asked.has(pair.asked);
}

function tieOf({ asked, rule, confirmed }: Pair, how: Bond): Tie {
  const certain = rule === "traceparent";
  // One that rests on name and order alone binds nothing until the result was seen again.
  const firm = how === "firm" && (rule !== "name+arguments+order" || confirmed);
  return {
    certainty: certain ? "exact" : "inferred",
    rule,
    asked: [asked],
    how: firm ? "firm" : how === "firm" ? "loose" : "bound",
  };
}

const RULES: readonly TieRule[] = ["traceparent", "thread-id", "run-id", "name+arguments+order"];

function weakest(pairs: readonly Pair[]): TieRule {
  return RULES.findLast((rule) => pairs.some((pair) => pair.rule === rule)) ?? "name+arguments+order";
}
