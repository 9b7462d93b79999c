/**
 * A second search for credentials before anything leaves this machine. They were masked when they were captured; what is found here
 * anyway was recorded unmasked, copied in, or is something that the first search has learnt since.
 */
import { secretsIn } from "../fact/mask-text.ts";
import { holdsMask } from "../fact/secrets/values.ts";

/** Bytes between two turns of the loop: some ms. */
const WINDOW = 256 * 1024;
/** No credential is longer than what two windows have in common. */
const OVERLAP = 8 * 1024;

const decoder = new TextDecoder();

/** What was found, without saying it; null when nothing was. */
export async function credentialIn(bytes: Uint8Array): Promise<string | null> {
  for (let at = 0; at < bytes.byteLength; at += WINDOW - OVERLAP) {
    const window = bytes.subarray(at, at + WINDOW);
    for (const { start, end } of secretsIn(window).spans) {
      const found = decoder.decode(window.subarray(start, end));
      if (!holdsMask(found))
        return `what looks like a credential of ${end - start} characters stands at byte ${at + start}`;
    }
    if (at + WINDOW >= bytes.byteLength) break;
    await new Promise((resolve) => setImmediate(resolve));
  }
  return null;
}
