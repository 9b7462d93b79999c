/** Whether an MCP call may be the one that a model asked for, when no id says so. One sign against it is enough. */
import type { SessionEvidence } from "./evidence.ts";
import { compare } from "./compare.ts";
import type { Pair } from "./matching.ts";
import { fitOf } from "./tool-names.ts";
import type { Asked, Served } from "./world.ts";

/** Two recorders of one machine agree to some ms; what fits without this grace goes before what needs it. */
export const EARLY = 100;
/** Times are whole milliseconds. */
const EXACT = 2;
/** A call that waits longer for a person's word is another day's. */
export const LATE = 3_600_000;

export function mayServe(asked: Asked, served: Served, session: SessionEvidence | null): Pair | null {
  const { it: call } = served;
  const { it: model } = asked.node;
  const fit = fitOf(asked.it, call.name, [session?.name ?? null, session?.server ?? null]);
  if (fit === 0) return null;
  if (served.at < asked.at - EARLY || served.at > Math.min(asked.closed, asked.at + LATE) + EARLY)
    return null;
  // It carries ids of the model's wire, and they are another call's.
  if (asked.it.id !== null && (call.tool_use !== null || call.call !== null || call.item !== null))
    return null;
  if (model.run !== null && session?.run && model.run !== session.run) return null;
  if (model.family !== null && session?.family && model.family !== session.family) return null;
  if (call.trace !== null && model.trace !== null && call.trace !== model.trace) return null;
  const thread = call.thread !== null && (model.session !== null || model.thread !== null);
  if (thread && call.thread !== model.session && call.thread !== model.thread) return null;
  // The model saw a result before the server gave one.
  if (asked.seen && call.ended !== null && call.ended > asked.seen.node.at + EARLY) return null;
  const likeness = call.result && asked.seen ? compare(call.result, asked.seen.result).likeness : "unknown";
  return {
    asked,
    served,
    fit,
    isWithin: served.at >= asked.at - EXACT && served.at <= asked.closed + EXACT,
    contradicts: likeness === "unrelated",
    confirmed: likeness === "equal" || likeness === "inside",
    rule:
      call.trace !== null && call.trace === model.trace
        ? "traceparent"
        : thread
          ? "thread-id"
          : model.run !== null && session?.run === model.run
            ? "run-id"
            : "name+arguments+order",
  };
}
