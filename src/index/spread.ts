/** How long things took, as counts of logarithmic bins: one pass over any number of rows, in any engine that has `ln`. */
import type { Spread } from "./index.ts";

/** Bins for each e-fold: neighbours are 4 % apart, so the middle of one is right within 2 %. */
export const FINE = 25;
/** Below this all is the same: half a millisecond. */
export const LEAST_MS = 0.5;

export type Bin = { bin: number; n: number };

/** In any order; of the same bin there may be several. */
export function spreadOf(bins: readonly Bin[]): Spread {
  const sorted = bins.toSorted((a, b) => a.bin - b.bin);
  const all = sorted.reduce((sum, { n }) => sum + n, 0);
  const at = (share: number) => {
    let seen = 0;
    const found = sorted.find(({ n }) => (seen += n) >= all * share);
    return found ? Number(Math.exp((found.bin + 0.5) / FINE).toPrecision(3)) : null;
  };
  return { p50: at(0.5), p95: at(0.95) };
}

/** Lengths that people count in, in ms. */
const STEPS = [
  1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 120_000, 300_000, 600_000, 900_000, 1_800_000,
  3_600_000, 7_200_000, 14_400_000, 21_600_000, 43_200_000, 86_400_000,
];

/** The shortest with which so many stretches hold all of it; beyond days, whole days. */
export function stepOf(span: number, stretches: number): number {
  const least = span / Math.max(1, stretches - 1);
  const day = STEPS.at(-1)!;
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / day) * day;
}

/** Names in a table of models: more are not read. */
export const MOST_MODELS = 12;
