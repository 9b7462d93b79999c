/** Recorded things may be odder than any drawing of ours is prepared for: one that fails costs its own place on the page. */
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import type { View } from "./view.ts";

export function drawn({ t }: View, draw: () => Html): Html {
  try {
    return draw();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return html`<p class="trouble">${icon("warn")} ${t("part.undrawable", { why: why.slice(0, 300) })}</p>`;
  }
}

/** The same for a drawing that has to ask something first. */
export async function drawnSoon(view: View, draw: () => Html | Promise<Html>): Promise<Html> {
  try {
    return await draw();
  } catch (error) {
    return drawn(view, () => {
      throw error;
    });
  }
}
