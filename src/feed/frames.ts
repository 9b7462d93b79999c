/** The last frames, bounded in number and in bytes, found by their number. */
import type { Frame } from "../fact/frame.ts";

export type RingOptions = {
  readonly frames: number;
  readonly bytes: number;
  /** Number of the last frame before the first. */
  readonly after: number;
};

const SPARE = 1.25;

export function createRing({ frames: most, bytes: mostBytes, after: first }: RingOptions) {
  /** Ascending by `seq`. */
  let frames: Frame[] = [];
  /** For each frame: bytes of all frames that there ever were, it included. */
  let sums: number[] = [];
  let sum = 0;
  /** The last frame that is no longer here. */
  let lost = first;
  let before = 0;

  /** Cut when it holds a quarter more than it promises: to cut at each frame would cost what it holds. */
  function push(frame: Frame, weight: number): void {
    frames.push(frame);
    sums.push((sum += weight));
    if (frames.length >= most * SPARE || sum - before > mostBytes * SPARE) cut();
  }

  function cut(): void {
    let gone = Math.max(0, frames.length - most);
    while (gone < frames.length - 1 && sum - (sums[gone - 1] ?? before) > mostBytes) gone++;
    lost = frames[gone - 1]?.seq ?? lost;
    before = sums[gone - 1] ?? before;
    frames = frames.slice(gone);
    sums = sums.slice(gone);
  }

  /** All behind this one; null when some of them are gone, or they are more than `slack`. */
  function after(seq: number, slack: { frames: number; bytes: number }): Frame[] | null {
    if (seq < lost) return null;
    const at = firstAfter(frames, seq);
    const behind = sum - (sums[at - 1] ?? before);
    return frames.length - at > slack.frames || behind > slack.bytes ? null : frames.slice(at);
  }

  return { push, after, bytes: () => sum - before };
}

/** Where the first frame younger than `seq` stands. */
function firstAfter(frames: readonly Frame[], seq: number): number {
  let [low, high] = [0, frames.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((frames[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
