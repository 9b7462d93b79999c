/**
 * Whether the two recorders of a call had different clocks: a call that an id ties for sure cannot be sent before the
 * model was asked, and a result that the model saw cannot come after it was seen. Then times of the two are not taken together.
 */
import { EARLY } from "./plausible.ts";
import { confirms } from "./confirms.ts";
import type { Asked, Served } from "./world.ts";

/** How far the clock of the MCP side is ahead, ms, as far as the call itself tells; null where nothing speaks against it. */
export function clockAhead(asked: Asked, served: Served): number | null {
  if (served.tie?.certainty !== "exact") return null;
  const { at, ended } = served.it;
  if (at < asked.node.at - EARLY) return at - asked.at;
  const next = asked.seen?.result.fresh ? asked.seen.node : null;
  if (next === null) return null;
  // What is sent after its result was seen is a matter of clocks, whatever it brings.
  const isLate = at > next.at + EARLY || ((ended ?? at) > next.at + EARLY && confirms(asked, served));
  return isLate ? at - asked.at : null;
}
