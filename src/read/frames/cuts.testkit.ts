/** For tests: feeds a framer with the bytes cut at these offsets and gives frames without what a cut may change. */
import type { Frame, Framer } from "./frame.ts";

export function framesOf(framer: Framer, bytes: Uint8Array, cuts: readonly number[] = []): Frame[] {
  const ends = [...new Set([...cuts, bytes.length])].sort((a, b) => a - b);
  const frames: Frame[] = [];
  let from = 0;
  for (const end of ends) {
    frames.push(...framer.feed(bytes.subarray(from, end), from));
    from = end;
  }
  frames.push(...framer.end());
  return frames.map((frame) => ({ ...frame, t: 0, first: 0, last: 0 }));
}

export function everyByte(bytes: Uint8Array): number[] {
  return Array.from(bytes, (_, i) => i);
}

export function encode(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}
