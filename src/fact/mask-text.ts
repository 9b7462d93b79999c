/** Credentials in a text that is whole: a line, a header's value, an address, a sentence. */
import { meant } from "./secrets/quotes.ts";
import { Scan, type Kind, type Span } from "./secrets/scan.ts";
import { SCHEME } from "./secrets/values.ts";

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { ignoreBOM: true });

/** Where they stand in these bytes, in order and without overlaps. `steps`: what the search took. */
export function secretsIn(bytes: Uint8Array, kind: Kind = "text"): { spans: Span[]; steps: number } {
  const scan = new Scan();
  scan.bytes = bytes;
  scan.end = bytes.byteLength;
  scan.kind = kind;
  scan.run(0);
  return { spans: scan.spans, steps: scan.steps };
}

/** `secret` makes the mask of one. JSON stays JSON, and each stays between the quotes in which it stood. */
export function maskText(text: string, secret: (credential: string) => string, kind: Kind = "text"): string {
  // A lone half of a character has no bytes; nothing that people sign in with is near one.
  const bytes = encoder.encode(text);
  const { spans } = secretsIn(bytes, kind);
  if (spans.length === 0) return text;
  let masked = "";
  let done = 0;
  for (const { start, end, kind: how } of spans) {
    masked += decoder.decode(bytes.subarray(done, start));
    masked +=
      how === "half" && end - start > LONGEST_HALF
        ? LONG
        : maskOne(decoder.decode(bytes.subarray(start, end)), secret);
    done = end;
  }
  return masked + decoder.decode(bytes.subarray(done));
}

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
