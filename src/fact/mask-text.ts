/** Credentials in a text that is whole: a line, a header's value, an address, a sentence. */
import { atOnce, type InParts } from "./parts.ts";
import { meant } from "./secrets/quotes.ts";
import { Scan } from "./secrets/scan.ts";
import type { Kind, Span } from "./secrets/spans.ts";
import { SCHEME } from "./secrets/values.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where they stand in these bytes, in order and without overlaps. `steps`: what the search took. */
export function secretsIn(bytes: Uint8Array, kind: Kind = "text"): { spans: Span[]; steps: number } {
  const scan = scanOf(bytes, kind);
  scan.run(0);
  return { spans: scan.spans, steps: scan.steps };
}

function scanOf(bytes: Uint8Array, kind: Kind): Scan {
  const scan = new Scan();
  scan.bytes = bytes;
  scan.end = bytes.byteLength;
  scan.kind = kind;
  return scan;
}

/** `secret` makes the mask of one. JSON stays JSON, and each stays between the quotes in which it stood. */
export function maskText(text: string, secret: (credential: string) => string, kind: Kind = "text"): string {
  // A lone half of a character has no bytes; nothing that people sign in with is near one.
  const scan = scanOf(encoder.encode(text), kind);
  scan.run(0);
  return scan.spans.length === 0 ? text : atOnce(written(scan, secret));
}

/** The same for a text that may be long. */
export function* maskTextInParts(
  text: string,
  secret: (credential: string) => string,
  kind: Kind = "text",
): InParts<string> {
  const scan = scanOf(encoder.encode(text), kind);
  yield* scan.inParts(0);
  return scan.spans.length === 0 ? text : yield* written(scan, secret);
}

function* written({ bytes, spans }: Scan, secret: (credential: string) => string): InParts<string> {
  let masked = "";
  let done = 0;
  for (const [n, { start, end, kind: how }] of spans.entries()) {
    if (n % SPANS_AT_ONCE === SPANS_AT_ONCE - 1) yield;
    masked += decoder.decode(bytes.subarray(done, start));
    masked +=
      how === "half" && end - start > LONGEST_HALF
        ? LONG
        : maskOne(decoder.decode(bytes.subarray(start, end)), secret);
    done = end;
  }
  return masked + decoder.decode(bytes.subarray(done));
}

/** Each costs a keyed hash. */
const SPANS_AT_ONCE = 128;

const LONGEST_HALF = 8192;
const LONG = "…(not looked through)";

/** The way of signing in stays in front of it. */
export function maskOne(value: string, secret: (credential: string) => string): string {
  const scheme = SCHEME.exec(value)?.[0] ?? "";
  return scheme + secret(meant(value.slice(scheme.length))).replaceAll(UNQUOTABLE, "*");
}

/** What the beginning of a credential may hold and a string of JSON must not. */
// oxlint-disable-next-line no-control-regex
const UNQUOTABLE = /["\\\0-\x1f]/g;
