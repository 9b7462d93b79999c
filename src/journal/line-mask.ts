/** The mask of lines: credentials by the key of the log folder, made when the first credential is seen. */
import type { Mask } from "../fact/mask.ts";
import { maskText, maskTextInParts } from "../fact/mask-text.ts";
import type { InParts } from "../fact/parts.ts";
import { maskFor } from "./mask-key.ts";

/** Takes text in which a credential may stand; gives it back masked. Called before anything is kept. */
export type LineMask = {
  (text: string): string;
  /** For a text that is long: others have their turn in between. */
  readonly inParts?: (text: string) => InParts<string>;
};

/** `secrets` kept writes them as they are: the user's own choice, LOG_SECRETS. */
export function lineMask(logDir: string, secrets: "masked" | "kept"): LineMask {
  if (secrets === "kept") return (text) => text;
  let mask: Mask | null = null;
  const secret = (credential: string) => (mask ??= maskFor(logDir)).secret(credential);
  const inParts = (text: string) => maskTextInParts(text, secret);
  return Object.assign((text: string) => maskText(text, secret), { inParts });
}
