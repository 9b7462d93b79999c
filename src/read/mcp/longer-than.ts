/** Whether a message is longer than a limit, without writing it again. */

/** Counts the characters of strings and keys until there are enough. */
export function isLongerThan(value: unknown, limit: number): boolean {
  let left = limit;
  count(value);
  return left < 0;

  function count(it: unknown): void {
    if (left < 0) return;
    if (typeof it === "string") left -= it.length + 2;
    else if (typeof it !== "object" || it === null) left -= 4;
    else if (Array.isArray(it)) for (const one of it) count(one);
    else
      for (const [key, one] of Object.entries(it)) {
        left -= key.length + 4;
        count(one);
      }
  }
}
