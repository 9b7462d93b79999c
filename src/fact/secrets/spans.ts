/** Where a search found credentials, and where it must wait for more of the text. */
import type { Chars } from "./chars.ts";

/** `half`: nobody knows all of it, so nothing of it may be kept that could be known again. */
export type Span = {
  readonly start: number;
  readonly end: number;
  readonly kind: "secret" | "half";
  /** What it says, where it is written in another way. */
  readonly credential?: string;
};

/** The bytes end before it is known. `from`: where to search again; `hold`: from here on it may be a credential. */
export type Open = { readonly from: number; readonly hold: number; readonly until: Chars };

/** What a value goes on until, where it went on for too long to wait for its end. */
export type Inside = { readonly quote: number; readonly slashes: number };

/** `parameters`: an address, or a form. There is no code in it and no prose, so a name says more. */
export type Kind = "text" | "parameters" | "form";

/** Other things that are looked for in the same bytes; `start`s below `from` are known already. */
export type Also = {
  /** Bytes behind `end` are none of the text. */
  find(
    bytes: Uint8Array,
    from: number,
    end: number,
    isOver: boolean,
  ): { readonly spans: readonly Span[]; readonly hold: number };
  /** Whether the last bytes before `end`, which are not held back, may be the beginning of one. */
  mayGoOn(bytes: Uint8Array, end: number): boolean;
};

/** A credential that was found. Places are counted from the beginning of all pieces; `bytes` are what it was. */
export type Found = Span & { readonly bytes: Uint8Array };

/** In order and without overlaps: of two that overlap the first stays, and of the other what it does not cover. */
export function merged(spans: readonly Span[]): Span[] {
  const out: Span[] = [];
  let done = 0;
  for (const { start, end, kind } of spans.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (end <= done) continue;
    out.push(start >= done ? { start, end, kind } : { start: done, end, kind: "half" });
    done = end;
  }
  return out;
}
