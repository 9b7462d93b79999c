/** In the head of an exchange: mark it, and compare it with the one that is marked, or with the turn before. */
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { View } from "../view.ts";

/** The way to two of them: what came first stands left. */
export const comparePath = (before: string, after: string) => `/diff/${before}..${after}`;

/** Without scripts it is the way to the turn before. */
export function compareButtons({ t }: View, id: string, parent: string | null): Html {
  const mark = t("compare.mark");
  return html`<button
      type="button"
      class="button quiet"
      data-do="mark"
      title="${t("compare.mark.why")} (x)"
      aria-label="${mark}"
    >
      ${icon("flag")}
    </button>
    <a
      class="button quiet"
      href="${parent === null ? `/llm/${id}` : comparePath(parent, id)}"
      data-do="compare"
      title="${t("compare.why")} (d)"
      aria-label="${t("compare.title")}"
      >${icon("columns")}</a
    >`;
}
