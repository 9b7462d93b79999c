/** What an exchange says about its run, as the index keeps it. */
import type { Exchange } from "../fact/exchange.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import type { Look } from "../read/look.ts";
import type { Reading } from "../read/reading.ts";
import { modelEvidence } from "../read/run/from-exchange.ts";

/** Null for what belongs to no run. A reader of ours that fails costs the exchange its place in a run, and nothing else. */
export function evidenceOf(
  exchange: Exchange,
  seen: Look,
  reading: Reading,
  keys: ThreadKeys | null,
  told: { asked: string; answered: string },
): string | null {
  if (keys === null) return null;
  try {
    const evidence = modelEvidence(exchange, seen, reading, keys, told);
    return evidence && JSON.stringify(evidence);
  } catch {
    return null; // nested beyond what can be walked: the exchange itself is kept and shown
  }
}
