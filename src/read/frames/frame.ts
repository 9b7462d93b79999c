/** What every framer gives: one frame with its place in the body, so that frame, byte range and read stay joined. */
import type { StreamEvent } from "../dialect.ts";

export type Frame = StreamEvent & {
  /** `event` carries data; `comment` and `control` (an SSE block with only `id:`, `event:` or `retry:`) do not. */
  readonly kind: "event" | "comment" | "control";
  /** Byte range [start, end) in the body after content-decoding; for a socket in all messages of that side. */
  readonly start: number;
  readonly end: number;
  /** Numbers of the pieces (reads) in which its first and its last byte came. */
  readonly first: number;
  readonly last: number;
  /** False when the stream ended inside this frame. */
  readonly whole: boolean;
};

/** A frame that is data and nothing else: a line, an element of an array. It has no name and no id. */
export function dataFrame(
  about: Pick<Frame, "n" | "t" | "data" | "json" | "whole">,
  place: Pick<Frame, "start" | "end" | "first" | "last">,
): Frame {
  return { ...about, name: null, id: null, kind: "event", ...place };
}

/** The mark that OpenAI and all who speak its chat end a stream with; some write it in small letters. */
export function isEndMark(data: string): boolean {
  return data.length < LONGEST_MARK && /^\s*\[done\]\s*$/i.test(data);
}

/** With white space around it. */
const LONGEST_MARK = 32;

/** Something wrong with the framing itself. `at` is the byte offset. */
export type Trouble = { readonly at: number; readonly rule: string; readonly what: string };

/**
 * A fold over the pieces of one body. Any cut of the same bytes gives the same frames (but for `t`, `first` and
 * `last`). `end` gives what was unfinished; after it the framer is spent.
 */
export interface Framer {
  feed(bytes: Uint8Array, t: number): Frame[];
  end(): Frame[];
  troubles(): Trouble[];
  /** How many frames came beyond the first ones that are read: they were counted and nothing else. */
  unread(): number;
}

/**
 * Frames that are read of one body. Each costs about 1 KB and some microseconds, and a body of 32 MiB may have
 * millions; the longest answers of models have some ten thousands. The rest is only counted, which the reading says.
 */
export const MOST_FRAMES = 100_000;

/** A body of nonsense must not fill the page: the first troubles are told, the rest is counted. */
const MOST_TROUBLES = 50;

export function troubleList() {
  const first: Trouble[] = [];
  let more: Trouble | null = null;
  let count = 0;
  return {
    push(trouble: Trouble): void {
      if (first.length < MOST_TROUBLES) first.push(trouble);
      else {
        more ??= trouble;
        count++;
      }
    },
    all(): Trouble[] {
      if (more === null) return first;
      const what = `${count} further problems of this stream are not listed`;
      return [...first, { at: more.at, rule: "stream/more", what }];
    },
  };
}

const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** Decodes a whole frame or line; broken UTF-8 becomes U+FFFD, as the protocols ask. */
export function decode(bytes: Uint8Array): string {
  return utf8.decode(bytes);
}

export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const only = parts[0];
  if (parts.length === 1 && only) return only;
  let size = 0;
  for (const part of parts) size += part.byteLength;
  const whole = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}
