/** Where two pieces of a text meet: how much of the second a first look at it sees together with the first. */
import { BETWEEN } from "./name-ends.ts";
import { nextAnchor } from "./anchors.ts";

/** In front of a value stand its name, a gap and an indent: see the limits of `members.ts` and `pairs.ts`. */
export const CONTEXT = 768;
/** How far behind a sign a first look goes, and in front of it beside a name and what may stand behind that. */
export const LOOKS_AHEAD = 4;
const LOOKS_BACK = 5;

/** Two pieces where they meet; used for a moment. */
const SEAM = new Uint8Array(2 * CONTEXT + LOOKS_AHEAD);

/** Up to where a first look at what stands from `from` on sees what stands in front of it. */
export function bordersOf(bytes: Uint8Array, from: number, end: number): number {
  let at = from;
  while (at < end && BETWEEN[bytes[at]!] === 1) at++;
  at += LOOKS_BACK;
  while (at < end && BETWEEN[bytes[at]!] === 1) at++;
  return at + LOOKS_AHEAD;
}

/** Whether nothing in the first `seam` bytes of a piece is worth a closer look, with what stands in front of it. */
export function isQuietSeam(before: Uint8Array, piece: Uint8Array, seam: number): boolean {
  const start = before.byteLength;
  SEAM.set(before);
  SEAM.set(piece.subarray(0, seam + LOOKS_AHEAD), start);
  return nextAnchor(SEAM, start, start + seam, start + seam + LOOKS_AHEAD) === start + seam;
}
