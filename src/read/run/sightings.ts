/** Which request brings the result of which call, and until when a call is open. */
import type { SeenResult } from "./evidence.ts";
import { TimeLists } from "./time-list.ts";
import { type Asked, type Node, rootOf, type Sighting } from "./world.ts";

/** Calls under one id: ids may be used twice. */
const ALIKE = 32;
/** Requests that bring the same result again. */
const KEPT_SIGHTINGS = 4;

export type Sightings = ReturnType<typeof sightings>;

/** `changed` is told of calls before and after they were seen or closed otherwise. */
export function sightings(changed: { before(asked: Asked): void; after(asked: Asked): void }) {
  const byId = new TimeLists<Asked>();
  /** Requests that bring a result of this id. */
  const brought = new TimeLists<Node>();

  return {
    addAsked(asked: Asked): void {
      const { id } = asked.it;
      if (id === null) return;
      byId.add(id, asked);
      for (const node of brought.get(id)?.from(asked.at, ALIKE) ?? []) this.link(node);
    },
    removeAsked(asked: Asked): void {
      if (asked.it.id !== null) byId.remove(asked.it.id, asked);
      for (const { node } of asked.sightings) node.brings.delete(asked);
    },
    addNode(node: Node): void {
      for (const { id } of node.it.seen) if (id !== null) brought.add(id, node);
      this.link(node);
    },
    removeNode(node: Node): void {
      for (const { id } of node.it.seen) if (id !== null) brought.remove(id, node);
      unlink(node);
      for (const asked of node.parent?.asked ?? []) close(asked);
    },

    /** Finds the calls whose results this request brings, anew. */
    link(node: Node): void {
      const found = new Map<Asked, SeenResult>();
      const unnamed = new Map<string, number>();
      for (const result of node.it.seen) {
        const asked = byIdOf(result, node) ?? inOrder(result, node, unnamed);
        if (asked) found.set(asked, result);
      }
      for (const asked of node.brings) if (!found.has(asked)) forget(asked, node);
      for (const [asked, result] of found) see(asked, { node, result });
      for (const asked of node.parent?.asked ?? []) close(asked);
    },
    close,
  };

  function unlink(node: Node): void {
    for (const asked of node.brings) forget(asked, node);
  }

  function byIdOf({ id }: SeenResult, node: Node): Asked | null {
    if (id === null) return null;
    const root = rootOf(node.group);
    // Agents of one run may use an id twice: each sees its own call's result.
    let near: { asked: Asked; by: number } | null = null;
    for (const asked of byId.get(id)?.backFrom(node.at, ALIKE) ?? []) {
      if (asked.node === node || rootOf(asked.node.group) !== root) continue;
      const by = nearness(asked.node, node);
      if (near === null || by > near.by) near = { asked, by };
    }
    return near?.asked ?? null;
  }

  function nearness(from: Node, to: Node): number {
    if (from.group !== to.group) return 0;
    return from.it.sub_agent === to.it.sub_agent ? (from === to.parent ? 3 : 2) : 1;
  }

  /** Where the answer has no ids, the client makes its own: results come in the order of the calls of one name. */
  function inOrder({ name, fresh }: SeenResult, node: Node, unnamed: Map<string, number>): Asked | null {
    if (!fresh || name === null || node.parent === null) return null;
    const place = unnamed.get(name) ?? 0;
    unnamed.set(name, place + 1);
    return node.parent.asked.filter(({ it }) => it.id === null && it.name === name)[place] ?? null;
  }

  function see(asked: Asked, sighting: Sighting): void {
    const known = asked.sightings.find(({ node }) => node === sighting.node);
    if (known?.result === sighting.result) return;
    const all = [...asked.sightings.filter((each) => each !== known), sighting]
      .toSorted(firstFresh)
      .slice(0, KEPT_SIGHTINGS);
    sighting.node.brings.add(asked);
    changed.before(asked);
    asked.sightings = all;
    asked.seen = all[0] ?? null;
    changed.after(asked);
    close(asked);
  }

  function forget(asked: Asked, node: Node): void {
    node.brings.delete(asked);
    changed.before(asked);
    asked.sightings = asked.sightings.filter((each) => each.node !== node);
    asked.seen = asked.sightings[0] ?? null;
    changed.after(asked);
    close(asked);
  }

  /** With the first request that goes on from the answer. */
  function close(asked: Asked): void {
    let closed = asked.seen?.result.fresh ? asked.seen.node.at : Infinity;
    for (const { at } of asked.node.children) closed = Math.min(closed, at);
    if (closed === asked.closed) return;
    changed.before(asked);
    asked.closed = closed;
    changed.after(asked);
  }
}

function firstFresh(a: Sighting, b: Sighting): number {
  if (a.result.fresh !== b.result.fresh) return a.result.fresh ? -1 : 1;
  return a.node.at - b.node.at || (a.node.key < b.node.key ? -1 : 1);
}

/** The model saw it before the result of a call that it had asked for earlier. */
export function isOutOfOrder({ seen, node, it }: Asked): boolean {
  if (!seen?.result.fresh) return false;
  return node.asked.some(
    (other) => other.seen?.node === seen.node && other.it.n < it.n && other.seen.result.n > seen.result.n,
  );
}
