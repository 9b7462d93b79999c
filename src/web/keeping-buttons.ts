/** The buttons that keep what is open, or throw it away, in its head. `public/keeping.js` and `public/trash.js` do it. */
import type { Star } from "../fact/rows.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import type { View } from "./view.ts";

export function keepingButtons({ t }: View, { of, id }: Star, star: "given" | "none"): Html {
  return html`<button
      type="button"
      class="button quiet star-button"
      data-do="star"
      data-of="${of}"
      data-id="${id}"
      aria-pressed="${star === "given" ? "true" : "false"}"
      title="${t("star.why")} (s)"
      aria-label="${t("star.title")}"
    >
      ${icon("star")}</button
    ><button
      type="button"
      class="button quiet trash-button"
      data-do="trash"
      data-of="${of}"
      data-id="${id}"
      title="${t("trash.why")} (Del)"
      aria-label="${t("trash.title")}"
    >
      ${icon("trash")}
    </button>`;
}
