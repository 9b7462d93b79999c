/**
 * The book of runs: takes evidence of both wires in any order, a piece at a time, and gives the rows that are others by
 * it. The same evidence gives the same rows, whatever its order; a step costs the same in a long run as in a short one.
 */
import type { RunChanges, RunRow, StepRow } from "../../fact/rows.ts";
import { attempts } from "./attempts.ts";
import { askedOf, nodeOf } from "./begun.ts";
import { equalCalls } from "./equal-calls.ts";
import { newSession, type ModelEvidence, type ServedCall, type SessionEvidence } from "./evidence.ts";
import { lineage, runGroup } from "./lineage.ts";
import { offers } from "./offers.ts";
import { beginning, runs } from "./runs.ts";
import { isOutOfOrder, sightings } from "./sightings.ts";
import { givenRuns } from "./given-runs.ts";
import { goneRows } from "./gone-rows.ts";
import { flyingStep } from "./flying-step.ts";
import { laneOf, modelStep } from "./model-step.ts";
import { loneStep, tieRow } from "./served-rows.ts";
import { toolStep } from "./tool-step.ts";
import { subAgents } from "./sub-agents.ts";
import { ties } from "./ties.ts";
import { type Asked, type Node, rootOf, type Served, type Session } from "./world.ts";

export type RunBook = ReturnType<typeof runBook>;

export function runBook() {
  const nodes = new Map<string, Node>();
  const sessions = new Map<string, Session>();
  const served = new Map<string, Served>();
  const dirty = {
    nodes: new Set<Node>(),
    asked: new Set<Asked>(),
    served: new Set<Served>(),
    runs: new Set<string>(),
  };
  const gone = goneRows();
  const equals = equalCalls((asked) => dirty.asked.add(asked));
  let looked = 0;

  const lines = lineage((node) => {
    dirty.nodes.add(node);
    relink.add(node);
  });
  const relink = new Set<Node>();
  const tied = ties(sessions, {
    asked: (asked) => dirty.asked.add(asked),
    served: (one) => dirty.served.add(one),
  });
  const seen = sightings({
    before: (asked) => tied.touch(asked),
    after: (asked) => {
      tied.touch(asked);
      agents.seen(asked);
      dirty.asked.add(asked);
      dirty.nodes.add(asked.node);
    },
  });
  const agents = subAgents(lines, (node) => {
    relink.add(node);
    for (const each of node.group.nodes) dirty.nodes.add(each);
  });
  const tries = attempts();
  const rows = runs();
  const nameOf = (session: string): string | null => sessions.get(session)?.it.name ?? null;
  const offered = offers();
  const given = givenRuns((id) => rows.row(id, nameOf), gone.runs);

  return {
    /** Adds the evidence of an exchange, or puts it in place of what was known of it. */
    model(it: ModelEvidence): void {
      this.forget(it.id);
      const node = nodeOf(it);
      node.asked.push(...it.asked.map((call) => askedOf(call, node)));
      nodes.set(it.id, node);
      lines.add(node);
      for (const asked of node.asked) {
        seen.addAsked(asked);
        tied.addAsked(asked);
        agents.addAsked(asked);
        dirty.asked.add(asked);
      }
      seen.addNode(node);
      for (const child of node.children) seen.link(child);
      agents.addNode(node);
      dirty.nodes.add(node);
      settle();
    },

    session(it: SessionEvidence): void {
      const known = sessions.get(it.id);
      const before = known?.it ?? null;
      const fresh = offered.put(it, before);
      if (known) known.it = it;
      else sessions.set(it.id, { it, served: new Set() });
      const own = sessions.get(it.id)!;
      for (const tool of fresh) for (const asked of tied.named(tool, it.at)) dirty.asked.add(asked);
      const isOther = before === null || SESSION_KEYS.some((key) => before[key] !== it[key]);
      if (isOther || fresh.length > 0) for (const one of own.served) touch(one);
      settle();
    },

    served(it: ServedCall): void {
      if (!sessions.has(it.session))
        sessions.set(it.session, { it: newSession(it.session, "", it.at), served: new Set() });
      const known = served.get(it.key);
      if (known) {
        known.it = it;
        touch(known);
      } else {
        const one: Served = { key: it.key, at: it.at, it, session: it.session, tie: null };
        served.set(it.key, one);
        sessions.get(it.session)!.served.add(one);
        tied.addServed(one);
        dirty.served.add(one);
      }
      settle();
    },

    /** An exchange or a session is gone. */
    forget(id: string): void {
      const node = nodes.get(id);
      if (node) forgetNode(node);
      const session = sessions.get(id);
      if (session) {
        for (const one of session.served) {
          tied.removeServed(one);
          served.delete(one.key);
          dirty.served.delete(one);
          dropStep(one.key);
          gone.ties.add(one.key);
        }
        offered.drop(session.it);
        sessions.delete(id);
      }
      settle();
    },

    take,

    /** The step of a model that has not answered yet, and the run that it goes on with or begins. */
    flying(it: ModelEvidence): { step: StepRow; run: RunRow } {
      const node = nodeOf(it);
      const { parent, run } = lines.place(node);
      const lane = it.sub_agent ?? (parent ? laneOf(parent) : "main");
      return flyingStep(node, lane, rows.row(run, nameOf) ?? beginning(it, run));
    },

    isStep: (id: string): boolean => rows.step(id) !== undefined,
    has: (id: string): boolean => nodes.has(id) || served.has(id) || sessions.has(id),
    /** How much was looked at so far, for whoever counts. */
    looked: () => looked,
    size: () => ({ exchanges: nodes.size, calls: served.size, sessions: sessions.size }),
  };

  function touch(one: Served): void {
    tied.touchServed(one);
    dirty.served.add(one);
    for (const asked of one.tie?.asked ?? []) dirty.asked.add(asked);
  }

  function forgetNode(node: Node): void {
    nodes.delete(node.key);
    for (const asked of node.asked) {
      agents.removeAsked(asked);
      seen.removeAsked(asked);
      tied.removeAsked(asked);
      equals.remove(asked);
      dirty.asked.delete(asked);
      dropStep(asked.key);
    }
    const children = [...node.children];
    lines.remove(node);
    seen.removeNode(node);
    agents.removeNode(node);
    for (const near of tries.take(node)) dirty.nodes.add(near);
    for (const child of children) dirty.nodes.add(child);
    dropStep(node.key);
    const left = rows.house(node, null);
    if (left !== null) dirty.runs.add(left);
    dirty.nodes.delete(node);
    relink.delete(node);
  }

  function dropStep(id: string): void {
    const step = rows.drop(id);
    if (!step) return;
    gone.steps.add(id);
    dirty.runs.add(step.run);
  }

  /** What moved is linked anew, and then what is tied by it. */
  function settle(): void {
    for (let rounds = 0; rounds < 8 && relink.size > 0; rounds++) {
      const all = [...relink];
      relink.clear();
      for (const node of all) {
        if (nodes.get(node.key) !== node) continue;
        agents.start(node);
        seen.link(node);
        for (const child of node.children) seen.link(child);
        for (const asked of node.asked) {
          agents.moved(asked);
          seen.close(asked);
          tied.moved(asked);
        }
      }
      looked += all.length;
    }
    looked += tied.resolve();
  }

  function take(): RunChanges {
    const steps = new Map<string, StepRow>();
    const put = (step: StepRow) => {
      const before = rows.step(step.id);
      if (before) dirty.runs.add(before.run);
      rows.put(step);
      dirty.runs.add(step.run);
      steps.set(step.id, step);
      gone.steps.delete(step.id);
    };
    placeNodes();
    for (const node of dirty.nodes) {
      const all = tries.of(node);
      for (const other of all) if (other !== all[0]) dropStep(other.key);
      put(modelStep(all));
      for (const asked of node.asked) {
        dirty.asked.add(asked);
        for (const one of asked.served) dirty.served.add(one);
      }
    }
    for (const asked of dirty.asked) if (nodes.get(asked.node.key) === asked.node) equals.place(asked);
    for (const asked of dirty.asked) if (nodes.get(asked.node.key) === asked.node) put(toolStepOf(asked));
    const tieRows: RunChanges["ties"] = [];
    for (const one of dirty.served) {
      if (served.get(one.key) !== one) continue;
      const run = runOf(one);
      const tie = tieRow(one, run);
      if (tie) {
        tieRows.push(tie);
        gone.ties.delete(one.key);
      } else gone.ties.add(one.key);
      if (one.tie === null && run !== null) put(loneStep(one.it, sessions.get(one.session)?.it, run));
      else dropStep(one.key);
    }
    const changes = {
      runs: given.others(dirty.runs),
      steps: [...steps.values()],
      ties: tieRows,
      gone: gone.take(),
    };
    for (const set of Object.values(dirty)) set.clear();
    return changes;
  }

  function placeNodes(): void {
    // Those that are added meanwhile have their turn too.
    for (const node of dirty.nodes) {
      for (const near of tries.place(node)) if (nodes.get(near.key) === near) dirty.nodes.add(near);
      const run = rootOf(node.group).id;
      const left = rows.house(node, run);
      if (left !== null) dirty.runs.add(left);
      dirty.runs.add(run);
    }
  }

  function toolStepOf(asked: Asked): StepRow {
    return toolStep(asked, {
      parent: tries.of(asked.node)[0]!.key,
      session: (one) => sessions.get(one.session)?.it,
      isOffered: (one) => offered.has(one, (session, group) => tied.serves(session, group)),
      isRepeated: equals.isRepeated(asked),
      isOutOfOrder: isOutOfOrder(asked),
    });
  }

  /** Tied calls belong to the run of who asked, others to the one run that their session serves. */
  function runOf(one: Served): string | null {
    const asked = one.tie?.asked[0];
    if (asked) return rootOf(asked.node.group).id;
    const run = sessions.get(one.session)?.it.run ?? null;
    if (run !== null) {
      const group = lines.known(runGroup(run));
      return group && group.nodes.size > 0 ? rootOf(group).id : null;
    }
    const [only, ...more] = tied.servedBy(one.session);
    return only && more.length === 0 ? only.id : null;
  }
}

/** What of a session a tie or a row rests on. */
const SESSION_KEYS = ["name", "server", "family", "run", "closed"] as const;
