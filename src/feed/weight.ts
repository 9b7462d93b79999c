/** What a frame weighs in memory, roughly: to know it must cost less than to hold it. */

/** Of a value with its name. */
const FIELD = 24;
/** Frames are flat; what stands deeper is not weighed. */
const DEEPEST = 5;

export function weightOf(value: object, depth = 0): number {
  const values: readonly unknown[] = Array.isArray(value) ? value : Object.values(value);
  let weight = FIELD * (values.length + 1);
  for (const one of values) {
    if (typeof one === "string") weight += one.length;
    else if (typeof one === "object" && one !== null && depth < DEEPEST) weight += weightOf(one, depth + 1);
  }
  return weight;
}
