// A recorded picture or sound, shown after a click where it is named.
import { failed } from "./dom.js";
import { shownMedia } from "./viewer-bytes.js";

/** The bytes come from `address`; what is no picture and no sound by its first bytes stays named. @param {HTMLElement} button @param {string} address */
export async function showMedia(button, address) {
  const around = button.parentElement;
  try {
    const answer = await fetch(address);
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const bytes = new Uint8Array(await answer.arrayBuffer());
    const it = shownMedia(bytes, around?.querySelector("b")?.textContent ?? "");
    if (it) around?.querySelector(".media-place")?.replaceChildren(it);
    button.hidden = it !== null;
  } catch (error) {
    failed(/** @type {Error} */ (error));
  }
}
