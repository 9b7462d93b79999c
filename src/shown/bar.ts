/** The time of an exchange as a bar: pale while it waited, solid while it streamed, a notch at the first token. */
import type { ExchangeRow } from "../fact/rows.ts";

/** All in percent of the bar's width. `first` is where the first token came; null where none did. */
export type Bar = {
  readonly wait: number;
  readonly end: number;
  readonly first: number | null;
  readonly tone: "flying" | "done" | "failed";
};

/** A scale that all rows share, so that lengths can be compared: half of the width is a second, all of it five minutes. */
const KNEE_MS = 60;
const LONGEST_MS = 300_000;

export function place(time: number, knee = KNEE_MS, longest = LONGEST_MS): number {
  const share = Math.log1p(Math.max(0, time) / knee) / Math.log1p(longest / knee);
  return Math.round(Math.min(1, share) * 1000) / 10;
}

/** `now` in ms since 1970: what is in flight grows. */
export function barOf(row: ExchangeRow, now: number): Bar {
  const end = row.duration_ms ?? (row.state === "done" ? 0 : Math.max(0, now - row.at));
  const wait = Math.min(row.ttfb_ms ?? end, end);
  const isBad = row.state === "done" && ((row.status ?? 0) >= 400 || row.ending !== "complete");
  return {
    wait: place(wait),
    end: Math.max(place(end), 1),
    first: row.ttft_ms === null ? null : place(row.ttft_ms),
    tone: row.state !== "done" ? "flying" : isBad ? "failed" : "done",
  };
}
