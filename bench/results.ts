/** What a run has found, and the figures that are made of it. */
import type { Drawing } from "./drawing.ts";
import type { Joining } from "./joining.ts";
import type { Streams } from "./load.ts";
import type { Memory } from "./memory.ts";
import type { PageFigures } from "./page.ts";
import type { ReadingSpeed } from "./reading-speeds.ts";
import type { Recording, Searching } from "./recorder.ts";

export type Results = {
  machine: string;
  names: readonly string[];
  sizes: readonly number[];
  rates: ReadonlyMap<string, Record<number, number[]>>;
  /** By `name|streams at once|bytes of the request`. */
  times: ReadonlyMap<string, Streams>;
  memories: ReadonlyMap<string, Memory>;
  startMs: ReadonlyMap<string, number[]>;
  recording: Recording;
  searching: readonly Searching[];
  joined: readonly Joining[];
  read: readonly ReadingSpeed[];
  /** Null where there is no chromium. */
  page: PageFigures | null;
  drawn: readonly Drawing[];
};

/** p50, p95 and p99 of the first byte, then of each chunk, less the same without a proxy. */
export function addedTo(times: Results["times"], name: string, at: number, size: number): number[] {
  const own = times.get(`${name}|${at}|${size}`)!;
  const direct = times.get(`direct|${at}|${size}`)!;
  return (["ttfb", "chunks"] as const).flatMap((kind) =>
    [0.5, 0.95, 0.99].map((part) => quantile(own[kind], part) - quantile(direct[kind], part)),
  );
}

export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

function quantile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}
