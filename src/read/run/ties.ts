/**
 * Ties between what a model asked and what an MCP server served. Exact where an id stands on both wires; else by what
 * fits, and only where nothing else fits as well. The same for every order of arrival: what a new piece of evidence
 * touches is thought through again, and nothing more.
 */
import { bonds } from "./bonds.ts";
import { idsIn } from "./call-ids.ts";
import { compare } from "./compare.ts";
import { matched, type Pair } from "./matching.ts";
import { EARLY, LATE, mayServe } from "./plausible.ts";
import { TimeLists } from "./time-list.ts";
import { fitOf, lastWord } from "./tool-names.ts";
import { type Asked, isSameTie, type Served, type Session, type Tie } from "./world.ts";

/** Calls with equal arguments around one moment; of more nothing can be said. */
const MOST_AROUND = 32;
const MOST_EQUAL = 256;
const BY_TEXT: Tie["rule"] = "name+result-text";

export type Ties = ReturnType<typeof ties>;

/** `changed` is told of the calls of both sides whose tie is another now. */
export function ties(
  sessions: ReadonlyMap<string, Session>,
  changed: { asked(asked: Asked): void; served(served: Served): void },
) {
  const askedById = new TimeLists<Asked>();
  const askedByArgs = new TimeLists<Asked>();
  const askedNamed = new TimeLists<Asked>();
  const servedById = new TimeLists<Served>();
  const servedByArgs = new TimeLists<Served>();
  const servedNamed = new TimeLists<Served>();
  const dirty = new Set<Served>();
  const held = bonds((served) => {
    dirty.add(served);
    changed.served(served);
  });

  return {
    addAsked(asked: Asked): void {
      for (const id of asked.ids) askedById.add(id, asked);
      if (asked.it.kind === "call") {
        askedByArgs.add(asked.it.args.hash, asked);
        askedNamed.add(lastWord(asked.it.name), asked);
      }
      touch(asked);
    },
    removeAsked(asked: Asked): void {
      touch(asked);
      for (const id of asked.ids) askedById.remove(id, asked);
      askedByArgs.remove(asked.it.args.hash, asked);
      askedNamed.remove(lastWord(asked.it.name), asked);
      for (const served of asked.served) dirty.add(served);
    },
    addServed(served: Served): void {
      for (const id of idsIn(served)) servedById.add(id, served);
      servedByArgs.add(served.it.args.hash, served);
      servedNamed.add(lastWord(served.it.name), served);
      touchServed(served);
    },
    removeServed(served: Served): void {
      touchServed(served);
      for (const id of idsIn(served)) servedById.remove(id, served);
      servedByArgs.remove(served.it.args.hash, served);
      servedNamed.remove(lastWord(served.it.name), served);
      settle(served, null);
      dirty.delete(served);
      held.forget(served);
    },
    touch,
    touchServed,

    /** Thinks everything through that was touched. Gives how many calls were looked at. */
    resolve(): number {
      let looked = 0;
      held.settle();
      for (let rounds = 0; dirty.size > 0 && rounds < 8; rounds++) {
        const seeds = [...dirty];
        dirty.clear();
        const done = new Set<Served>();
        for (const served of seeds) {
          if (done.has(served)) continue;
          const exact = exactTie(served);
          looked++;
          if (exact) {
            done.add(served);
            settle(served, exact);
            continue;
          }
          looked += component(served, done);
        }
      }
      return looked;
    },
    serves: held.isBound,
    servedBy: held.servedBy,

    /** Its exchange belongs to another conversation now. */
    moved(asked: Asked): void {
      for (const served of asked.served) held.moved(served);
      touch(asked);
    },

    /** Calls without a tie whose tool may be this one. */
    named(tool: string, from: number): Asked[] {
      const all = [...(askedNamed.get(lastWord(tool))?.from(from, MOST_AROUND) ?? [])];
      return all.filter(({ served }) => served.size === 0);
    },
  };

  /** What may be tied otherwise now: all that are served with its arguments near its time. */
  function touch(asked: Asked): void {
    for (const id of asked.ids)
      for (const served of servedById.get(id)?.from(-Infinity, MOST_AROUND) ?? []) touchServed(served);
    const near = servedByArgs.get(asked.it.args.hash)?.from(asked.at - EARLY, MOST_AROUND) ?? [];
    for (const served of near) {
      if (served.at > Math.min(asked.closed, asked.at + LATE) + EARLY) break;
      dirty.add(served);
    }
    for (const served of asked.served) dirty.add(served);
    for (const served of namesakes(asked)) dirty.add(served);
  }

  /** Another call of its name may be the one whose result a model saw, or no longer the only one. */
  function touchServed(served: Served): void {
    dirty.add(served);
    for (const other of servedNamed.get(lastWord(served.it.name))?.from(served.at - LATE, MOST_AROUND) ??
      []) {
      if (other.at > served.at + LATE) break;
      if (other.tie?.rule === BY_TEXT) dirty.add(other);
    }
  }

  /** Calls near it that nothing ties to a model, or the text of their results alone. */
  function namesakes(asked: Asked): Served[] {
    if (asked.it.kind !== "call") return [];
    const found: Served[] = [];
    const all = servedNamed.get(lastWord(asked.it.name))?.from(asked.at - EARLY, MOST_AROUND) ?? [];
    for (const served of all) {
      if (served.at > Math.min(asked.closed, asked.at + LATE) + EARLY) break;
      if (served.tie === null || served.tie.rule === BY_TEXT) found.push(served);
    }
    return found;
  }

  function exactTie(served: Served): Tie | null {
    const { tool_use, call, item } = served.it;
    return (
      byId(served, `c ${tool_use}`, tool_use === null ? null : "meta-tool-use-id") ??
      byId(served, `c ${call}`, call === null ? null : "codex-call-id") ??
      byId(served, `i ${item}`, item === null ? null : "codex-item-id")
    );
  }

  function byId(served: Served, id: string, rule: Tie["rule"] | null): Tie | null {
    if (rule === null) return null;
    let found = [...(askedById.get(id)?.from(-Infinity, MOST_AROUND) ?? [])];
    if (found.length === 0) return null;
    // Ids that are used twice: what else fits decides, or nothing does.
    if (found.length > 1)
      found = narrowed(found, (asked) => nameFits(asked, served) || asked.it.kind === "script");
    if (found.length > 1) found = narrowed(found, (asked) => sameRun(asked, served));
    if (found.length > 1)
      found = narrowed(found, (asked) => asked.at - EARLY <= served.at && served.at <= asked.closed + EARLY);
    return { certainty: found.length === 1 ? "exact" : "ambiguous", rule, asked: found, how: "firm" };
  }

  function nameFits(asked: Asked, served: Served): boolean {
    const session = sessions.get(served.session)?.it;
    return fitOf(asked.it, served.it.name, [session?.name ?? null, session?.server ?? null]) > 0;
  }

  function sameRun({ node }: Asked, served: Served): boolean {
    const run = sessions.get(served.session)?.it.run ?? null;
    return run !== null && run === node.it.run;
  }

  function pairs(served: Served): Pair[] {
    const session = sessions.get(served.session)?.it ?? null;
    const found: Pair[] = [];
    for (const asked of askedByArgs.get(served.it.args.hash)?.backFrom(served.at + EARLY, MOST_AROUND) ??
      []) {
      if (asked.at < served.at - LATE) break;
      if (asked.closed + EARLY < served.at || isExact(asked)) continue;
      const pair = mayServe(asked, served, session);
      if (pair) found.push(pair);
    }
    const within = found.filter(({ isWithin }) => isWithin);
    return within.length > 0 ? within : found;
  }

  function isExact(asked: Asked): boolean {
    for (const { tie } of asked.served) if (tie?.certainty === "exact" && tie.how === "firm") return true;
    return false;
  }

  /** All calls of both sides that compete with this one, settled together. */
  function component(first: Served, done: Set<Served>): number {
    const servedOnes = new Set([first]);
    const askedOnes = new Set<Asked>();
    const all: Pair[] = [];
    for (const served of servedOnes) {
      done.add(served);
      if (servedOnes.size > MOST_EQUAL) break;
      for (const pair of pairs(served)) {
        all.push(pair);
        if (askedOnes.has(pair.asked)) continue;
        askedOnes.add(pair.asked);
        for (const rival of rivals(pair.asked)) servedOnes.add(rival);
      }
    }
    if (all.length === 0) {
      for (const served of servedOnes) settle(served, byText(served));
      return servedOnes.size;
    }
    const found = servedOnes.size > MOST_EQUAL ? new Map<Served, Tie>() : matched(all, held.isBound);
    for (const served of servedOnes) settle(served, found.get(served) ?? null);
    return servedOnes.size + all.length;
  }

  function rivals(asked: Asked): Served[] {
    const found: Served[] = [];
    for (const served of servedByArgs.get(asked.it.args.hash)?.from(asked.at - EARLY, MOST_AROUND) ?? []) {
      if (served.at > Math.min(asked.closed, asked.at + LATE) + EARLY) break;
      if (hasExact(served)) continue;
      found.push(served);
    }
    return found;
  }

  function hasExact({ it, tie }: Served): boolean {
    if (tie?.certainty === "exact" && tie.how === "firm" && tie.rule !== "traceparent") return true;
    return (
      (it.tool_use !== null && askedById.get(`c ${it.tool_use}`) !== undefined) ||
      (it.call !== null && askedById.get(`c ${it.call}`) !== undefined)
    );
  }

  /** The host changed the arguments: the name fits, nothing else does, and the result came back to the model. */
  function byText(served: Served): Tie | null {
    const found: Asked[] = [];
    for (const asked of askedNamed.get(lastWord(served.it.name))?.backFrom(served.at + EARLY, MOST_AROUND) ??
      []) {
      if (asked.at < served.at - LATE) break;
      if (sawTextOf(served, asked)) found.push(asked);
    }
    const [only] = found;
    if (!only || found.length > 1) return null;
    // Another whose result reads the same may be the one.
    if (namesakes(only).some((other) => other !== served && sawTextOf(other, only))) return null;
    return { certainty: "inferred", rule: BY_TEXT, asked: found, how: "bound" };
  }

  function sawTextOf(served: Served, asked: Asked): boolean {
    const { result } = served.it;
    if (result === null || asked.seen === null) return false;
    for (const other of asked.served) if (other !== served && other.tie?.rule !== BY_TEXT) return false;
    if (!mayServe(asked, served, sessions.get(served.session)?.it ?? null)) return false;
    const { likeness, served: chars } = compare(result, asked.seen.result);
    return (likeness === "equal" || likeness === "inside") && chars >= 16;
  }

  function settle(served: Served, tie: Tie | null): void {
    const before = served.tie;
    held.waits(served, tie);
    if (isSameTie(before, tie)) return;
    served.tie = tie;
    if (before) for (const asked of before.asked) unlink(asked, served);
    for (const asked of tie?.asked ?? []) {
      asked.served.add(served);
      asked.ambiguous = [...asked.served].some((each) => each.tie?.certainty === "ambiguous");
      changed.asked(asked);
    }
    held.rebond(served);
    changed.served(served);
    // Who is tied for sure is no candidate of others any more, and one that is free is again.
    for (const asked of new Set([...(before?.asked ?? []), ...(tie?.asked ?? [])]))
      for (const rival of [...rivals(asked), ...namesakes(asked)]) if (rival !== served) dirty.add(rival);
  }

  function unlink(asked: Asked, served: Served): void {
    asked.served.delete(served);
    asked.ambiguous = [...asked.served].some((each) => each.tie?.certainty === "ambiguous");
    changed.asked(asked);
  }
}

function narrowed(all: Asked[], fits: (asked: Asked) => boolean): Asked[] {
  const some = all.filter(fits);
  return some.length > 0 ? some : all;
}
