/** What a model did while its answer streamed: it thought, it wrote, it asked for tools. In ms since the request. */
import type { Phase } from "../../fact/rows.ts";
import type { Look } from "../look.ts";

/** An answer that turns more often is told by its first turns, the last of which lasts to its end. */
const MOST_PHASES = 24;

export function phasesOf({ stream, added }: Look): Phase[] {
  const phases: Phase[] = [];
  for (const { n, t } of stream?.frames ?? []) {
    for (const { lane } of added.get(n) ?? []) {
      if (lane !== "reasoning" && lane !== "text" && lane !== "tool") continue;
      const last = phases.at(-1);
      if (last && (last.kind === lane || phases.length >= MOST_PHASES)) last.to = t;
      else phases.push({ kind: lane, from: t, to: t });
    }
  }
  return phases;
}
