/** The mask of a value of a body, which has no room for more than there was. */
import type { Mask } from "./mask.ts";
import { meant } from "./secrets/quotes.ts";
import { isMasked, SCHEME } from "./secrets/values.ts";

/**
 * As long as it was in bytes, so that the borders of the pieces stay; one byte a character. `credential`: what the value
 * says, where it is written in another way.
 */
export function maskValue(value: string, size: number, mask: Mask, credential?: string): string {
  if (isMasked(value) && value.length === size) return value;
  const scheme = SCHEME.exec(value)?.[0] ?? "";
  const secret = value.slice(scheme.length);
  const plain = mask
    .secret(credential ?? meant(secret))
    .replace("…", "*")
    .replaceAll(/["\\]|[^ -~]/g, "*");
  const room = size - scheme.length;
  return scheme + (plain.length > room ? "*".repeat(room) : plain.padEnd(room, "*"));
}
