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
