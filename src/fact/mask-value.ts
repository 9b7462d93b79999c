/** The mask of a value of a body, which has no room for more than there was. */
import type { Mask } from "./mask.ts";

export const SCHEME = /^(?:Bearer|Basic|Token) +/i;

/** As long as before, so that the borders of the pieces stay. */
export function maskValue(value: string, mask: Mask): string {
  if (/^\*+$|\*#[0-9a-f]{8}\**$/.test(value)) return value;
  const scheme = SCHEME.exec(value)?.[0] ?? "";
  const secret = value.slice(scheme.length);
  const plain = mask.secret(unescaped(secret)).replace("…", "*");
  return (
    scheme + (plain.length > secret.length ? "*".repeat(secret.length) : plain.padEnd(secret.length, "*"))
  );
}

/** The same key has the same mask however it is written. */
function unescaped(secret: string): string {
  if (!secret.includes("\\")) return secret;
  try {
    return String(JSON.parse(`"${secret}"`));
  } catch {
    return secret; // half a value, or one that is no JSON
  }
}
