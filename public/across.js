// One key from a call to its other side: from the model's words to the MCP message, and back.
import { $, toast } from "./dom.js";
import { t } from "./words.js";

/** That of the call in focus or in the address, else the first one in sight, else the last there is. */
export function across() {
  const all = /** @type {HTMLElement[]} */ ([...document.querySelectorAll("[data-across]")]).filter(
    (it) => it.offsetParent !== null,
  );
  const near = document.activeElement?.closest(".call") ?? $(".call:target");
  const link = all.find((it) => near?.contains(it)) ?? all.find(isInSight) ?? all.at(-1);
  if (link) link.click();
  else toast(t("across.none"));
}

/** @param {HTMLElement} it */
function isInSight(it) {
  const { top, bottom } = it.getBoundingClientRect();
  const panel = it.closest("#panel, .run-detail, #message")?.getBoundingClientRect();
  return top >= (panel?.top ?? 0) && bottom <= (panel?.bottom ?? innerHeight);
}
