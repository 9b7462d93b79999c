/**
 * Who asks the same again after an error or a cut, where no session says so: a client that tries a conversation's first
 * request once more. Only who comes right after the one that failed: after an answer the same words are another's.
 */
import { AGAIN_MS, MOST_ATTEMPTS } from "./attempts.ts";
import type { ModelEvidence } from "./evidence.ts";
import { TimeLists } from "./time-list.ts";
import { hasFailed, type Node } from "./world.ts";

/** Those that ask the same have the same name; null for who is known by more than what it asks, or asks nothing. */
export function nameOfAsked({
  run,
  session,
  request,
  purpose,
  agent,
  sub_agent,
}: ModelEvidence): string | null {
  if (run !== null || session !== null || request === "" || purpose !== "turn") return null;
  return JSON.stringify([agent, sub_agent, request]);
}

export function againLists() {
  const alike = new TimeLists<Node>();

  return {
    add(node: Node): void {
      const name = nameOfAsked(node.it);
      if (name !== null) alike.add(name, node);
    },
    remove(node: Node): void {
      const name = nameOfAsked(node.it);
      if (name !== null) alike.remove(name, node);
    },
    /** The one that failed and that this one asks again. */
    before(node: Node): Node | null {
      const list = alike.get(nameOfAsked(node.it) ?? "");
      if (!list) return null;
      const place = list.placeOf(node);
      const found = list.at(place - 1);
      if (!found || !follows(found, node)) return null;
      // A step has so many attempts: whoever goes on after them is tried anew each time.
      let tries = 1;
      while (tries < MOST_ATTEMPTS) {
        const [one, next] = [list.at(place - tries - 1), list.at(place - tries)];
        if (!one || !next || !follows(one, next)) return found;
        tries++;
      }
      return null;
    },
    /** Those after it whose answer to `before` may be another with it than without it. */
    after(node: Node): Node[] {
      const list = alike.get(nameOfAsked(node.it) ?? "");
      if (!list) return [];
      const place = list.placeOf(node);
      const found: Node[] = [];
      for (let n = 0; found.length < MOST_ATTEMPTS; n++) {
        const one = list.at(place + n);
        if (!one) break;
        if (one === node) continue;
        found.push(one);
        if (!hasFailed(one.it)) break;
      }
      return found;
    },
  };
}

/** Two that were asked at once do not try each other again. */
function follows(before: Node, after: Node): boolean {
  return hasFailed(before.it) && before.it.ended <= after.at && after.at - before.it.ended < AGAIN_MS;
}
