/**
 * What could not even be written as a file of its own: its facts as they came and, beside them, why. Nothing reads the
 * folder again; a person may, or may send it to whoever mends the program.
 *
 *     quarantine/<UTC time>_<id>.facts     records of src/fact/line.ts
 *     quarantine/<UTC time>_<id>.txt       the reason, and what it was
 */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import type { Exchange, Piece } from "../fact/exchange.ts";
import type { Bytes, Fact } from "../fact/fact.ts";
import { encodeFacts } from "../fact/line.ts";
import { writeWhole } from "./write-file.ts";

export const QUARANTINE = "quarantine";

/** Throws what the disk says, and nothing else. What of it cannot be written is left out, and the text says so. */
export function setAside(logDir: string, exchange: Exchange, reason: string): void {
  const path = join(logDir, QUARANTINE, nameOf(exchange));
  const kept = encoded(exchange);
  const facts = "parts" in kept ? "its facts are in the .facts file beside this one" : kept.why;
  const { id, method, target, at } = exchange;
  const lines = [
    reason,
    "",
    `${String(method)} ${String(target)}`,
    `id ${String(id)}, at ${String(at)}`,
    facts,
  ];
  writeWhole(`${path}.txt`, [`${lines.join("\n").toWellFormed()}\n`]);
  if ("parts" in kept) writeWhole(`${path}.facts`, kept.parts);
}

/** How many exchanges lie there, of this run and of others. */
export function countSetAside(logDir: string): number {
  try {
    return readdirSync(join(logDir, QUARANTINE)).filter((name) => name.endsWith(".txt")).length;
  } catch {
    return 0; // there is none: the usual case
  }
}

/** The exchange may be here because of its id or its time. */
function nameOf({ id, at }: Exchange): string {
  const time = new Date(Number.isFinite(at) && Math.abs(at) < 8.64e15 ? at : 0).toISOString();
  return `${time.replaceAll(":", "-")}_${String(id)
    .replaceAll(/[^0-9A-Za-z-]/g, "-")
    .slice(0, 100)}`;
}

function encoded(exchange: Exchange): { parts: Uint8Array[] } | { why: string } {
  try {
    return { parts: encodeFacts([...factsOf(exchange)]) };
  } catch (error) {
    return { why: `its facts could not be written: ${error instanceof Error ? error.message : error}` };
  }
}

/** The exchange taken apart again, in an order in which it could have come. */
function* factsOf({ request, response, gaps, close, ...open }: Exchange): Generator<Fact> {
  const { id, at, wire, method, path, upstream, target } = open;
  yield { fact: "open", id, at, wire, method, path, upstream, target, headers: request.headers };
  yield* request.pieces.map((piece) => bytesOf(id, "client", piece));
  if (response) {
    const { status, headers, ttfb } = response;
    yield { fact: "head", id, t: ttfb, status, headers };
    yield* response.pieces.map((piece) => bytesOf(id, "server", piece));
  }
  yield* gaps.map((gap): Fact => ({ fact: "gap", id, ...gap }));
  if (close) yield { fact: "close", id, ...close };
}

function bytesOf(id: string, from: Bytes["from"], piece: Piece): Bytes {
  return { fact: "bytes", id, from, ...piece };
}
