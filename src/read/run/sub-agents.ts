/**
 * Which call started which sub-agent: by the id that the call's result names, else by the call's arguments that are
 * the sub-agent's first message.
 */
import type { Lineage } from "./lineage.ts";
import { sessionGroup } from "./lineage.ts";
import { isWhole } from "./excerpt.ts";
import { EARLY, LATE } from "./plausible.ts";
import { TimeLists, TimeList } from "./time-list.ts";
import { type Asked, type Group, type Node, rootOf } from "./world.ts";

const ALIKE = 8;
/** Calls with a long text among their arguments, before a first message that may hold one of them. */
const LATEST = 32;
const TELLING = 32;

export type SubAgents = ReturnType<typeof subAgents>;

export function subAgents(lines: Lineage, moved: (node: Node) => void) {
  const prompts = new TimeLists<Asked>();
  const prompting = new TimeList<Asked>();
  const openings = new TimeLists<Node>();
  /** First exchanges by the id of their agent or session. */
  const agents = new TimeLists<Node>();
  const naming = new TimeLists<Asked>();
  /** Threads of one session that has another name. */
  const threads = new Map<string, Group>();
  /** First exchanges by the call that started them, and whose start had their group hung where it hangs. */
  const started = new Map<Asked, Set<Node>>();
  const hung = new WeakMap<Group, Node>();

  return {
    addNode(node: Node): void {
      const { thread, session, sub_agent } = node.it;
      for (const hash of node.it.openings) openings.add(hash, node);
      for (const id of new Set([sub_agent, session])) if (id !== null) agents.add(id, node);
      if (thread !== null && thread !== session && sub_agent === null) alias(thread, node.group);
      start(node);
    },
    removeNode(node: Node): void {
      for (const hash of node.it.openings) openings.remove(hash, node);
      for (const id of new Set([node.it.sub_agent, node.it.session]))
        if (id !== null) agents.remove(id, node);
      if (node.startedBy) started.get(node.startedBy)?.delete(node);
    },
    addAsked(asked: Asked): void {
      if (asked.it.prompts.length === 0) return;
      prompting.add(asked);
      for (const { hash } of asked.it.prompts) {
        prompts.add(hash, asked);
        for (const node of openings.get(hash)?.from(asked.at - EARLY, ALIKE) ?? []) start(node);
      }
    },
    removeAsked(asked: Asked): void {
      started.delete(asked);
      prompting.remove(asked);
      for (const { hash } of asked.it.prompts) prompts.remove(hash, asked);
      for (const id of asked.seen?.result.agents ?? []) naming.remove(id, asked);
    },
    /** Its result was seen: it may name an agent. */
    seen(asked: Asked): void {
      for (const id of asked.seen?.result.agents ?? []) {
        naming.add(id, asked);
        const first = agents.get(id)?.at(0);
        if (first) start(first);
      }
    },
    start,
    /** Whoever asked belongs to another group now: those that it started go with it. */
    moved(asked: Asked): void {
      for (const node of started.get(asked) ?? []) {
        const own = node.group;
        if (hung.get(own) !== node || own.parent === asked.node.group) continue;
        lines.unhang(own);
        hang(node, asked);
      }
    },
  };

  function hang(node: Node, by: Asked): void {
    const own = node.group;
    if (by.node.group === own || own.parent !== null || !isHangable(own)) return;
    if (lines.hang(own, by.node.group)) hung.set(own, node);
  }

  function alias(thread: string, group: Group): void {
    threads.set(thread, group);
    const placeholder = lines.known(sessionGroup(thread));
    if (placeholder && placeholder !== group && placeholder.nodes.size === 0) lines.hang(placeholder, group);
  }

  /** Only where a chain begins: what continues another is no beginning. */
  function start(node: Node): void {
    const { parent_session, session } = node.it;
    if (parent_session !== null && parent_session !== session && node.group.parent === null) {
      const parent = threads.get(parent_session) ?? lines.group(sessionGroup(parent_session));
      lines.hang(node.group, parent);
    }
    if (node.parent !== null) return;
    const by = named(node) ?? prompted(node);
    if (by === node.startedBy) return;
    const own = node.group;
    if (node.startedBy && own.parent === node.startedBy.node.group && parent_session === null)
      lines.unhang(own);
    if (node.startedBy) started.get(node.startedBy)?.delete(node);
    node.startedBy = by;
    if (by) {
      started.set(by, (started.get(by) ?? new Set()).add(node));
      hang(node, by);
    }
    moved(node);
  }

  function named({ it, group }: Node): Asked | null {
    for (const id of [it.sub_agent, it.session]) {
      if (id === null) continue;
      for (const asked of naming.get(id)?.from(-Infinity, ALIKE) ?? [])
        if (asked.node.group !== group || it.sub_agent !== asked.node.it.sub_agent) return asked;
    }
    return null;
  }

  function prompted(node: Node): Asked | null {
    if (node.it.purpose !== "turn") return null;
    const exact = new Set<Asked>();
    for (const hash of node.it.openings)
      for (const asked of prompts.get(hash)?.backFrom(node.at + EARLY, ALIKE) ?? [])
        if (mayStart(asked, node)) exact.add(asked);
    const found = exact.size > 0 ? exact : containing(node);
    const [only, ...more] = found;
    return only && more.length === 0 ? only : null;
  }

  function containing(node: Node): Set<Asked> {
    const words = node.it.first?.text ?? "";
    const found = new Set<Asked>();
    // Agents with sessions say themselves who started whom.
    if (words.length < TELLING || node.it.session !== null) return found;
    for (const asked of prompting.backFrom(node.at + EARLY, LATEST)) {
      const isIn = asked.it.prompts.some(
        (prompt) => isWhole(prompt) && prompt.chars >= TELLING && words.includes(prompt.text),
      );
      if (isIn && mayStart(asked, node)) found.add(asked);
    }
    return found;
  }
}

function mayStart(asked: Asked, node: Node): boolean {
  const { it: child } = node;
  const { it: model } = asked.node;
  if (asked.node === node || asked.node.head === node) return false;
  if (node.at < asked.at - EARLY || node.at > Math.min(asked.closed, asked.at + LATE)) return false;
  if (child.run !== model.run || child.family !== model.family || child.agent !== model.agent) return false;
  // Two sessions that the client names and does not connect are two conversations.
  return child.session === model.session || child.parent_session !== null || child.session === null;
}

function isHangable(group: Group): boolean {
  return rootOf(group) === group;
}
