/** Calls with equal arguments in one run, in the order of time: from the third on a model repeats itself. */
import { TimeLists } from "./time-list.ts";
import { type Asked, type Group, rootOf } from "./world.ts";

/** Whose place among equals may be another one now: the first, and whoever follows the third. */
const MOST_TOUCHED = 4;

/** `onMoved`: it may be the third now, or no longer. */
export function equalCalls(onMoved: (asked: Asked) => void) {
  const lists = new TimeLists<Asked>();
  /** In which list each stands, and of which run. */
  const places = new Map<Asked, { root: Group; list: string }>();

  return {
    /** Again where its run is another one now. */
    place(asked: Asked): void {
      const root = rootOf(asked.node.group);
      if (places.get(asked)?.root === root) return;
      remove(asked);
      const { namespace, name, args } = asked.it;
      const list = `${root.id} ${namespace} ${name} ${args.hash}`;
      places.set(asked, { root, list });
      lists.add(list, asked);
      touch(list);
    },

    remove,

    isRepeated: (asked: Asked): boolean =>
      asked.it.kind === "call" && lists.get(places.get(asked)?.list ?? "")!.placeOf(asked) >= 2,
  };

  function remove(asked: Asked): void {
    const place = places.get(asked);
    if (place === undefined) return;
    lists.remove(place.list, asked);
    places.delete(asked);
    touch(place.list);
  }

  function touch(list: string): void {
    for (const each of lists.get(list)?.from(-Infinity, MOST_TOUCHED) ?? []) onMoved(each);
  }
}
