/** Which side of an exchange a fact belongs to, what its sides hold in memory, and when something of it came last. */
import type { Exchange } from "../fact/exchange.ts";
import type { Bytes, From } from "../fact/fact.ts";

export function sideOf({ from }: { from: From }): "request" | "response" {
  return from === "client" ? "request" : "response";
}

/** The last piece of its side is this one: a socket's record may have had no room for it. */
export function hasLast(exchange: Exchange, fact: Bytes): boolean {
  return exchange[sideOf(fact)]?.pieces.at(-1)?.bytes === fact.bytes;
}

/** Bytes in memory. */
export function heldBy({ request, response }: Exchange): number {
  let held = 0;
  for (const { bytes } of request.pieces) held += bytes.byteLength;
  for (const { bytes } of response?.pieces ?? []) held += bytes.byteLength;
  return held;
}

export function lastTime({ request, response }: Exchange): number {
  return Math.max(0, request.pieces.at(-1)?.t ?? 0, response?.ttfb ?? 0, response?.pieces.at(-1)?.t ?? 0);
}
