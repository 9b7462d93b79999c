/** Whether the model saw what the server gave. */
import { compare } from "./compare.ts";
import type { Asked, Served } from "./world.ts";

export function confirms(asked: Asked, served: Served): boolean {
  if (asked.seen === null || served.it.result === null) return false;
  const { likeness } = compare(served.it.result, asked.seen.result);
  return likeness === "equal" || likeness === "inside" || likeness === "cut";
}
