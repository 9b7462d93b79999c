/** How an exchange and what it asked stand in the book before anything is known around them. */
import type { ModelEvidence } from "./evidence.ts";
import { idsOf } from "./call-ids.ts";
import type { Asked, Group, Node } from "./world.ts";

/** With its calls. Alone, until its lineage is known. */
export function nodeOf(it: ModelEvidence): Node {
  const group: Group = { id: "", parent: null, below: new Set(), nodes: new Set() };
  const begun: Omit<Node, "head"> = {
    key: it.id,
    at: it.at,
    it,
    asked: [],
    parent: null,
    children: new Set(),
    group,
    startedBy: null,
    brings: new Set(),
  };
  return Object.assign(begun, { head: begun as Node });
}

export function askedOf(it: ModelEvidence["asked"][number], node: Node): Asked {
  return {
    key: it.key,
    at: it.at,
    it,
    node,
    ids: idsOf(it),
    seen: null,
    sightings: [],
    closed: Infinity,
    served: new Set(),
    ambiguous: false,
  };
}
