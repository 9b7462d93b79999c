/**
 * Which exchange continues which, and which belong together. The same for every order of arrival: whatever comes late
 * is looked for by those that wait for it.
 */
import { chainOf, firstOfChain } from "../../fact/chain.ts";
import type { ModelEvidence } from "./evidence.ts";
import { againLists } from "./again.ts";
import { hashOf } from "./excerpt.ts";
import { TimeLists } from "./time-list.ts";
import { type Group, type Node, rootOf } from "./world.ts";

/** Of those with the same messages: conversations that begin alike. */
const ALIKE = 32;
/** An agent may ask on before the last byte of the answer was passed on. */
const OVERLAP = 1_000;
/** Deeper chains of sub-agents are a loop. */
const DEEPEST = 64;

export type Lineage = ReturnType<typeof lineage>;

/** `moved` is told of nodes whose group or parent is another now. */
export function lineage(moved: (node: Node) => void) {
  const groups = new Map<string, Group>();
  /** By what can be continued, and by what they wait for. */
  const ends = new TimeLists<Node>();
  const waiting = new TimeLists<Node>();
  const again = againLists();

  return {
    add(node: Node): void {
      for (const key of endsOf(node.it)) ends.add(key, node);
      for (const key of startsOf(node.it)) waiting.add(key, node);
      again.add(node);
      adopt(node);
      for (const key of endsOf(node.it)) {
        for (const child of waiting.get(key)?.from(node.at, ALIKE) ?? []) if (child !== node) adopt(child);
      }
      for (const one of again.after(node)) adopt(one);
    },

    remove(node: Node): void {
      for (const key of endsOf(node.it)) ends.remove(key, node);
      for (const key of startsOf(node.it)) waiting.remove(key, node);
      again.remove(node);
      node.parent?.children.delete(node);
      leave(node);
      for (const child of node.children) adopt(child);
      for (const one of again.after(node)) adopt(one);
    },

    /** Where it would belong, without being put there. */
    place(node: Node): { parent: Node | null; run: string } {
      const parent = parentOf(node);
      const id = groupOf(Object.assign(node, { parent }));
      const known = groups.get(id);
      return { parent, run: known ? rootOf(known).id : id };
    },

    group: (id: string): Group => groupAt(id),
    known: (id: string): Group | undefined => groups.get(id),

    /** The agent of `child` was started from `parent`'s. */
    hang(child: Group, parent: Group): boolean {
      if (rootOf(parent) === child || child.parent === parent || child === parent) return false;
      let depth = 0;
      for (let up: Group | null = parent; up; up = up.parent)
        if (up === child || ++depth > DEEPEST) return false;
      child.parent?.below.delete(child);
      child.parent = parent;
      parent.below.add(child);
      movedWhole(child);
      return true;
    },
    unhang(child: Group): void {
      child.parent?.below.delete(child);
      child.parent = null;
      movedWhole(child);
    },
  };

  /** With all that hangs below it: its run is another now, too. */
  function movedWhole(group: Group): void {
    const all = new Set([group]);
    for (const one of all) {
      for (const node of one.nodes) moved(node);
      for (const below of one.below) all.add(below);
    }
  }

  function groupAt(id: string): Group {
    const known = groups.get(id);
    if (known) return known;
    const group: Group = { id, parent: null, below: new Set(), nodes: new Set() };
    groups.set(id, group);
    return group;
  }

  function leave(node: Node): void {
    node.group.nodes.delete(node);
    if (node.group.nodes.size === 0 && firstOfChain(node.group.id) !== null) groups.delete(node.group.id);
  }

  /** Finds its parent anew, and with it its group, and those of all that hang on it. */
  function adopt(node: Node): void {
    const parent = parentOf(node);
    if (parent !== node.parent) {
      const before = node.parent;
      before?.children.delete(node);
      node.parent = parent;
      parent?.children.add(node);
      moved(node);
      // What it was thought to go on with is as open as before.
      if (before) moved(before);
    }
    settle(node);
  }

  function settle(first: Node): void {
    const left = [first];
    for (let node = left.pop(); node; node = left.pop()) {
      const group = groupAt(groupOf(node));
      const head = node.parent?.head ?? node;
      if (node.group === group && group.nodes.has(node) && node.head === head) continue;
      leave(node);
      node.group = group;
      node.head = head;
      group.nodes.add(node);
      moved(node);
      for (const child of node.children) left.push(child);
    }
  }

  function parentOf(node: Node): Node | null {
    for (const key of startsOf(node.it)) {
      const found = [...(ends.get(key)?.backFrom(node.at, ALIKE) ?? [])].filter(
        (before) => before !== node && mayContinue(before, node),
      );
      // Ids of calls may be used twice: then they say nothing.
      if (key.startsWith("c ") && found.length > 1) continue;
      let overlapping: Node | null = null;
      for (const before of found) {
        if (before.it.ended <= node.at + OVERLAP) return before;
        overlapping ??= before;
      }
      if (overlapping) return overlapping;
    }
    return again.before(node);
  }
}

function mayContinue(before: Node, node: Node): boolean {
  const { it: a } = before;
  const { it: b } = node;
  if (a.at === b.at && a.id >= b.id) return false;
  if (a.run !== b.run || a.session !== b.session) return false;
  return a.sub_agent === b.sub_agent;
}

/** A group is told by the strongest sign that there is; a chain by its first exchange. */
function groupOf({ it, parent }: Node): string {
  if (it.run !== null) return runGroup(it.run);
  if (it.session !== null) return sessionGroup(it.session);
  return parent ? parent.group.id : chainOf(it.id);
}

/** The groups that an exchange names itself: its own, and the one that started it. */
export function groupNamed({
  run,
  session,
  parent_session,
}: Pick<ModelEvidence, "run" | "session" | "parent_session">): string[] {
  if (run !== null) return [runGroup(run)];
  return [session, parent_session].flatMap((name) => (name === null ? [] : [sessionGroup(name)]));
}

export function runGroup(run: string): string {
  return plain(run);
}

export function sessionGroup(session: string): string {
  return `session-${plain(session)}`;
}

/** It stands in addresses. */
function plain(name: string): string {
  return /^[\w.-]{1,100}$/.test(name) ? name : hashOf(name);
}

function endsOf({ whole, response, asked }: ModelEvidence): string[] {
  const calls = asked.slice(0, 3).flatMap(({ id }) => (id === null ? [] : [`c ${id}`]));
  return [
    ...(response === null ? [] : [`r ${response}`]),
    ...(whole === null ? [] : [`w ${whole}`]),
    ...calls,
  ];
}

/** The strongest first. Results say whose calls they answer where the messages were rewritten in between. */
function startsOf({ previous, prefixes, seen }: ModelEvidence): string[] {
  const calls = seen.filter(({ fresh, id }) => fresh && id !== null).slice(0, 3);
  return [
    ...(previous === null ? [] : [`r ${previous}`]),
    ...prefixes.map((prefix) => `w ${prefix}`),
    ...calls.map(({ id }) => `c ${id}`),
  ];
}
