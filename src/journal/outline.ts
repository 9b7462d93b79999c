/**
 * What is small of an exchange file that is too large to be read: its outside, with a gap in place of the bodies. The
 * file goes by in parts, and no more than a few of its members is ever held.
 */
import { closeSync, openSync, readSync } from "node:fs";
import type { InParts } from "../fact/parts.ts";

/**
 * 40 MiB: the largest body that is kept, and what stands around it. What is made of a file takes six to nine times its
 * size for a moment.
 */
export const LARGEST_READ = 40 * 1024 * 1024;

/** What bodies stand in. */
const LARGE = new Set([
  "body",
  "body_raw",
  "response_body",
  "response_body_raw",
  "request_chunks",
  "response_chunks",
  "before_chunks",
]);

/** Of all that is kept; headers have 256 KB each way at the most. */
const MOST_KEPT = 4 * 1024 * 1024;
const PART = 1024 * 1024;

/** The text of an exchange file without its bodies, or a sentence about what it is not. */
export function* outlineOf(
  parts: Iterable<Uint8Array>,
  size: number,
): InParts<{ text: string } | { error: string }> {
  const members = new Members();
  for (const part of parts) {
    members.take(part);
    if (members.kept > MOST_KEPT) return { error: "it is too large, and no exchange of ours" };
    yield;
  }
  if (!members.isWhole) return { error: "it is not JSON: it ends in the middle" };
  const why = `the file has ${size} bytes, more than is read at once: it can be downloaded as it is`;
  try {
    const known = Object.fromEntries(
      [...members.found].map(([name, text]): [string, unknown] => [name, JSON.parse(text)]),
    );
    const gaps = Array.isArray(known["gaps"]) ? (known["gaps"] as unknown[]) : [];
    const gap = { t_ms: 0, from: "server", bytes: -1, why };
    return { text: JSON.stringify({ ...known, body: null, response_body: null, gaps: [...gaps, gap] }) };
  } catch (error) {
    return { error: `it is not JSON: ${(error as Error).message}` };
  }
}

/** Each is good until the next one is asked for. */
export function* partsOfFile(path: string): Generator<Uint8Array> {
  const file = openSync(path, "r");
  try {
    const buffer = new Uint8Array(PART);
    for (let read = readSync(file, buffer); read > 0; read = readSync(file, buffer))
      yield buffer.subarray(0, read);
  } finally {
    closeSync(file);
  }
}

export function* partsOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += PART) yield bytes.subarray(at, at + PART);
}

const [QUOTE, BACKSLASH, COLON, COMMA] = [34, 92, 58, 44];

/** The members of the one object that the bytes are, in one pass and without a stack. */
class Members {
  readonly found = new Map<string, string>();
  kept = 0;
  #depth = 0;
  #hasBegun = false;
  #isString = false;
  /** The byte that comes next has a backslash before it. */
  #isEscaped = false;
  #name: string | null = null;
  /** What came of the name or the value that is being kept. */
  #parts: Uint8Array[] | null = null;

  get isWhole(): boolean {
    return this.#depth === 0 && this.#hasBegun;
  }

  take(bytes: Uint8Array): void {
    let from = 0;
    const keep = (end: number) => {
      if (this.#parts === null) return;
      this.#parts.push(bytes.slice(from, end));
      this.kept += end - from;
    };
    for (let at = 0; at < bytes.byteLength; at++) {
      if (this.#isString) {
        at = this.#stringEnd(bytes, at);
        continue;
      }
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        this.#isString = true;
        if (this.#depth === 1 && this.#name === null && this.#parts === null) {
          this.#parts = [];
          from = at;
        }
      } else if (byte === 0x7b || byte === 0x5b) {
        this.#depth++;
        this.#hasBegun = true;
      } else if (this.#depth === 1 && byte === COLON && this.#name === null) {
        keep(at);
        this.#name = this.#said();
        this.#parts = LARGE.has(this.#name) ? null : [];
        from = at + 1;
      } else if ((byte === 0x7d || byte === 0x5d || byte === COMMA) && this.#depth === 1) {
        keep(at);
        this.#endMember();
        if (byte !== COMMA) this.#depth--;
      } else if (byte === 0x7d || byte === 0x5d) this.#depth--;
    }
    keep(bytes.byteLength);
  }

  /** The place of the quote that ends the string, or the last one of the bytes. */
  #stringEnd(bytes: Uint8Array, start: number): number {
    let from = start;
    if (this.#isEscaped) {
      this.#isEscaped = false;
      from++;
    }
    for (;;) {
      const quote = bytes.indexOf(QUOTE, from);
      const end = quote < 0 ? bytes.byteLength : quote;
      let slashes = 0;
      while (end - slashes > from && bytes[end - slashes - 1] === BACKSLASH) slashes++;
      const isEscaped = slashes % 2 === 1;
      if (quote < 0) {
        this.#isEscaped = isEscaped;
        return bytes.byteLength - 1;
      }
      if (!isEscaped) {
        this.#isString = false;
        return quote;
      }
      from = quote + 1;
    }
  }

  #said(): string {
    const text = Buffer.concat(this.#parts ?? []).toString();
    try {
      return String(JSON.parse(text));
    } catch {
      return text; // no name of ours, whatever it is
    }
  }

  #endMember(): void {
    if (this.#name !== null && this.#parts !== null)
      this.found.set(this.#name, Buffer.concat(this.#parts).toString());
    this.#name = null;
    this.#parts = null;
  }
}
