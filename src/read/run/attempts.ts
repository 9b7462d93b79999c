/** A retry or a fallback asks the same again after an error or a cut: one step with attempts. */
import { TimeLists } from "./time-list.ts";
import { hasFailed, type Node } from "./world.ts";

/** Who asks the same later than this asks anew. */
export const AGAIN_MS = 600_000;
export const MOST_ATTEMPTS = 32;

export type Attempts = ReturnType<typeof attempts>;

export function attempts() {
  const alike = new TimeLists<Node>();
  /** Under which name it stands in the list, since its group may change. */
  const named = new Map<Node, string>();

  return {
    /** Puts it where it belongs now. Gives those whose step may be another by that. */
    place(node: Node): Node[] {
      const name = `${node.group.id} ${node.it.sub_agent ?? ""} ${node.it.request}`;
      const before = named.get(node);
      if (before === name) return [];
      const left = before === undefined ? [] : this.take(node);
      named.set(node, name);
      if (node.it.request !== "") alike.add(name, node);
      return [...left, ...around(name, node)];
    },
    take(node: Node): Node[] {
      const name = named.get(node);
      if (name === undefined) return [];
      named.delete(node);
      alike.remove(name, node);
      return around(name, node);
    },
    /** All attempts of its step, the first one first. */
    of(node: Node): Node[] {
      const list = alike.get(named.get(node) ?? "");
      if (!list) return [node];
      let place = list.placeOf(node);
      for (let n = 0; n < MOST_ATTEMPTS && place > 0 && follows(list.at(place - 1)!, list.at(place)!); n++)
        place--;
      const found = [list.at(place)!];
      while (found.length < MOST_ATTEMPTS) {
        const next = list.at(place + found.length);
        if (!next || !follows(found.at(-1)!, next)) break;
        found.push(next);
      }
      return found;
    },
  };

  function around(name: string, node: Node): Node[] {
    const list = alike.get(name);
    if (!list) return [];
    const place = list.placeOf(node);
    return [list.at(place - 1), list.at(place + 1), list.at(place)].filter((each) => each !== undefined);
  }
}

function follows(before: Node, after: Node): boolean {
  return hasFailed(before.it) && after.at - before.it.ended < AGAIN_MS && after.at >= before.at;
}
