/** The button that gives a star or takes it, in the head of what is open. `public/keeping.js` does it. */
import type { Star } from "../fact/rows.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import type { View } from "./view.ts";

export function starButton({ t }: View, { of, id }: Star, how: "given" | "none"): Html {
  return html`<button
    type="button"
    class="button quiet star-button"
    data-do="star"
    data-of="${of}"
    data-id="${id}"
    aria-pressed="${how === "given" ? "true" : "false"}"
    title="${t("star.why")} (s)"
    aria-label="${t("star.title")}"
  >
    ${icon("star")}
  </button>`;
}
