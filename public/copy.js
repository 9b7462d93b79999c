// Puts text on the clipboard, and says whether that could be done.
import { toast } from "./dom.js";
import { t } from "./words.js";

/** @param {string} text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    toast(t("copied"));
  } catch {
    toast(t("not-copied"));
  }
}
