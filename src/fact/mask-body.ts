/** Masks credentials in a body that is whole and readable: as the capture thread does piece by piece, for what was coded. */
import type { Mask } from "./mask.ts";
import { isSecretValue, maskShapes, SECRET_MEMBER } from "./secrets.ts";

const MEMBER = new RegExp(`(?<=^|[{,\\s])("(${SECRET_MEMBER})"\\s*:\\s*")((?:[^"\\\\]|\\\\.)*)`, "gi");
const WORTH_A_LOOK = /(?:key|token|secret|password|authorization)"\s*:/i;

export const SCHEME = /^(?:Bearer|Basic|Token) +/i;

/** As long as before, so that the borders of the pieces stay. */
export function maskBody(text: string, mask: Mask): string {
  const members = WORTH_A_LOOK.test(text)
    ? text.replace(MEMBER, (whole, before: string, name: string, value: string) =>
        isSecretValue(name, value) ? before + maskValue(value, mask) : whole,
      )
    : text;
  return maskShapes(members, (key) => maskValue(key, mask));
}

/** The mask of a value of a body, which has no room for more than there was. */
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
