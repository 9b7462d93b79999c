/** What an exchange says about its run, as the index keeps it; and the rows of a run that is nothing but this exchange. */
import type { Exchange } from "../fact/exchange.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import type { Alone } from "../index/index.ts";
import type { Look } from "../read/look.ts";
import type { Reading } from "../read/reading.ts";
import { rowsOfOne } from "../read/run/alone.ts";
import type { ModelEvidence } from "../read/run/evidence.ts";
import { modelEvidence } from "../read/run/from-exchange.ts";

export type Said = { readonly it: ModelEvidence; readonly json: string };

/** Null for what belongs to no run. A reader of ours that fails costs the exchange its place in a run, and nothing else. */
export function evidenceOf(
  exchange: Exchange,
  seen: Look,
  reading: Reading,
  keys: ThreadKeys | null,
  told: { asked: string; answered: string },
): Said | null {
  if (keys === null) return null;
  try {
    const it = modelEvidence(exchange, seen, reading, keys, told);
    return it && { it, json: JSON.stringify(it) };
  } catch {
    return null; // nested beyond what can be walked: the exchange itself is kept and shown
  }
}

export function aloneOf(evidence: string): Alone {
  return rowsOfOne(JSON.parse(evidence) as ModelEvidence);
}
