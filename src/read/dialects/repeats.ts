/** Whether the last piece of a text is the whole text once more, as some gateways close a stream. */

/** After fewer pieces a repetition may be meant: "no", "no". */
export const LEAST_REPEATS = 2;

/** Shorter texts may repeat themselves. */
const SHORTEST = 12;

export function repeatsAll(before: unknown, now: unknown): boolean {
  return typeof now === "string" && now.length >= SHORTEST && now === before;
}
