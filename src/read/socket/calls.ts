/**
 * Calls that the responses of a socket have asked for: a request that brings results says by ids alone which calls they
 * answer.
 */
import { object, text, type Json } from "../json.ts";
import type { Said } from "./said.ts";

/** A result comes with one of the next requests. A longer call, and of more calls the older, are not kept. */
const MOST_KEPT = { calls: 200, bytes: 64 * 1024 };

export function callList() {
  const calls = new Map<string, Said>();

  return { add, answered };

  function add(said: Said): void {
    if (said.type !== "response.output_item.done") return;
    const item = object(said.json["item"]);
    const id = text(item["call_id"]);
    if (id === null || !isCall(item) || said.bytes.byteLength > MOST_KEPT.bytes) return;
    calls.delete(id);
    calls.set(id, { ...said, bytes: said.bytes.slice() });
    const [oldest] = calls.keys();
    if (calls.size > MOST_KEPT.calls && oldest !== undefined) calls.delete(oldest);
  }

  /** The messages that asked for what these items of a request answer. */
  function answered(input: readonly Json[]): Said[] {
    const found = new Set<Said>();
    for (const item of input) {
      const call = text(item["type"])?.endsWith("_output")
        ? calls.get(text(item["call_id"]) ?? "")
        : undefined;
      if (call) found.add(call);
    }
    return [...found];
  }
}

function isCall(item: Json): boolean {
  return text(item["type"])?.endsWith("_call") === true;
}
