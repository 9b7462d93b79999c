/**
 * How long the proxy itself worked on exchanges, as many took how long: a histogram that one thread fills and another one
 * tells. Milliseconds are long for a proxy; most of what it adds lies far below one.
 */

/** Upper bounds in seconds; one more bucket holds what is above. */
export const ADDED_BOUNDS = [
  0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1,
] as const;

/** The sum in seconds. */
export type AddedTime = { readonly buckets: readonly number[]; readonly sum: number; readonly count: number };

/**
 * In ms, to two digits: half of all, and all but a hundredth, took no longer. Within a bucket they are taken to lie evenly; what is
 * above the last bound is said to be it. Null before the first.
 */
export function addedSpread({
  buckets,
  count,
}: AddedTime): { n: number; p50_ms: number; p99_ms: number } | null {
  if (count === 0) return null;
  const at = (share: number) => {
    let left = count * share;
    for (const [place, many] of buckets.entries()) {
      const [from, to] = [ADDED_BOUNDS[place - 1] ?? 0, ADDED_BOUNDS[place] ?? ADDED_BOUNDS.at(-1)!];
      if (many >= left && many > 0)
        return Number(((from + (to - from) * (left / many)) * 1000).toPrecision(2));
      left -= many;
    }
    return ADDED_BOUNDS.at(-1)! * 1000;
  };
  return { n: count, p50_ms: at(0.5), p99_ms: at(0.99) };
}
