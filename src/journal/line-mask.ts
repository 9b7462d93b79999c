/** The mask of lines: credentials by the key of the log folder, made when the first credential is seen. */
import type { Mask } from "../fact/mask.ts";
import { maskText, maskTextInParts } from "../fact/mask-text.ts";
import { maskFor } from "./mask-key.ts";
import type { Mask as SessionMask } from "./session-file.ts";

/** `secrets` kept writes them as they are: the user's own choice, LOG_SECRETS. */
export function lineMask(logDir: string, secrets: "masked" | "kept"): SessionMask {
  if (secrets === "kept") return (text) => text;
  let mask: Mask | null = null;
  const secret = (credential: string) => (mask ??= maskFor(logDir)).secret(credential);
  const inParts = (text: string) => maskTextInParts(text, secret);
  return Object.assign((text: string) => maskText(text, secret), { inParts });
}
