/** What the book of runs holds: the evidence with what was found out about it, linked. */
import type { Certainty, TieRule } from "../../fact/rows.ts";
import type { AskedCall, ModelEvidence, SeenResult, ServedCall, SessionEvidence } from "./evidence.ts";

/** An exchange with a model. */
export type Node = {
  readonly key: string;
  readonly at: number;
  readonly it: ModelEvidence;
  readonly asked: Asked[];
  /** What it continues, and what continues it. */
  parent: Node | null;
  readonly children: Set<Node>;
  group: Group;
  /** Where its chain begins. */
  head: Node;
  /** The call that started the sub-agent whose first exchange this is. */
  startedBy: Asked | null;
  /** Calls whose results it brings. */
  brings: Set<Asked>;
};

/** Exchanges that surely belong together: of one run of ours, one session, or one chain of requests. */
export type Group = {
  readonly id: string;
  /** The group whose agent started this one's. */
  parent: Group | null;
  /** Those that this one's agents started. */
  readonly below: Set<Group>;
  readonly nodes: Set<Node>;
};

export type Asked = {
  readonly key: string;
  readonly at: number;
  readonly it: AskedCall;
  readonly node: Node;
  /** Its ids as both wires know them: see `idsOf`. */
  readonly ids: readonly string[];
  /** The result in the first request that brought it, and in some others. */
  seen: Sighting | null;
  sightings: Sighting[];
  /** When the conversation went on without it or with it: what is sent later is another call. */
  closed: number;
  /** MCP calls that served it. */
  readonly served: Set<Served>;
  /** It fits several equally well. */
  ambiguous: boolean;
};

export type Sighting = { node: Node; result: SeenResult };

export type Session = { it: SessionEvidence; readonly served: Set<Served> };

export type Served = {
  readonly key: string;
  readonly at: number;
  it: ServedCall;
  readonly session: string;
  tie: Tie | null;
};

export type Tie = { certainty: Certainty; rule: TieRule; asked: readonly Asked[]; how: Bond };

/** `firm` ties say which session serves which conversation; `bound` ones rest on that. */
export type Bond = "firm" | "loose" | "bound";

export function rootOf(group: Group): Group {
  let root = group;
  while (root.parent) root = root.parent;
  return root;
}

/** No answer came, or one that is an error: whoever asked asks again. */
export function hasFailed({ status, ending, error }: ModelEvidence): boolean {
  return ending !== "complete" || status === null || status >= 400 || error !== null;
}

export function isSameTie(a: Tie | null, b: Tie | null): boolean {
  if (a === null || b === null) return a === b;
  return (
    a.certainty === b.certainty &&
    a.rule === b.rule &&
    a.how === b.how &&
    a.asked.length === b.asked.length &&
    a.asked.every((asked, n) => asked === b.asked[n])
  );
}
