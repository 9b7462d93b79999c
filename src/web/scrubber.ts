/** The time of an exchange above its panels: drawn and kept growing by `public/scrubber.js`. */
import { ms } from "../shown/numbers.ts";
import { html, type Html } from "./html.ts";
import type { Seen } from "./readings.ts";
import type { View } from "./view.ts";

export function scrubber({ t }: View, { exchange, reading }: Seen): Html {
  const { timing } = reading;
  const words = t("scrub.words", {
    wait: ms(timing.ttfb_ms),
    first: ms(timing.ttft_ms),
    gap: ms(timing.longest_gap_ms),
    total: exchange.close ? ms(timing.duration_ms) : "…",
  });
  return html`<div class="scrub" data-island="scrub">
    <canvas role="img" aria-label="${words}"></canvas>
    <p class="stall" hidden></p>
  </div>`;
}
