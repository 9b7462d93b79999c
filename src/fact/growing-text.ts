/** Credentials in a text that grows: what may still become one is held back until it is known, and at the end it is. */
import { maskOne } from "./mask-text.ts";
import { PieceScan } from "./secrets/pieces.ts";
import type { Found } from "./secrets/spans.ts";

export type GrowingText = {
  /** Gives as much as is decided; what comes later goes on behind it. */
  push(text: string): string;
  /** The rest. Half a credential is one too. */
  end(): string;
};

/** `secret` makes the mask of one, which begins as that does. */
export function growingText(secret: (credential: string) => string): GrowingText {
  const found: Found[] = [];
  const scan = new PieceScan("text", (one) => found.push(one));
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let waiting = new Uint8Array(0);
  /** Where in all of the text `waiting` begins. */
  let base = 0;
  /** Of a character whose second half comes with the next piece. */
  let half = "";

  function push(text: string): string {
    const whole = half + text;
    half = /[\uD800-\uDBFF]$/.exec(whole)?.[0] ?? "";
    return add(half === "" ? whole : whole.slice(0, -1));
  }

  function add(text: string): string {
    const bytes = encoder.encode(text);
    const both = new Uint8Array(waiting.byteLength + bytes.byteLength);
    both.set(waiting);
    both.set(bytes, waiting.byteLength);
    waiting = both;
    scan.push(bytes);
    return release(scan.safe);
  }

  function end(): string {
    const rest = half === "" ? "" : add(half);
    half = "";
    scan.end();
    return rest + release(base + waiting.byteLength);
  }

  function release(upTo: number): string {
    let text = "";
    let at = base;
    for (const { start, end: over, bytes } of found.splice(0)) {
      // What was told of one already is the beginning that its mask shows as well.
      text += plain(at, start) + maskOne(decoder.decode(bytes), secret).slice(Math.max(0, base - start));
      at = Math.max(at, over);
    }
    text += plain(at, Math.max(at, upTo));
    const done = Math.max(at, upTo);
    waiting = waiting.subarray(done - base);
    base = done;
    return text;
  }

  /** Boundaries stand beside ASCII: no character is cut by them. */
  function plain(start: number, over: number): string {
    return decoder.decode(waiting.subarray(Math.max(0, start - base), Math.max(0, over - base)));
  }

  return { push, end };
}

const encoder = new TextEncoder();
