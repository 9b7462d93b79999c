/** When each piece came: drawn by `public/timeline.js` from `/llm/:id/events`, live too. The table is the twin. */
import { ms } from "../../shown/numbers.ts";
import { html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Panel } from "../panels.ts";

export const timeline: Panel = {
  name: "timeline",
  title: "panel.timeline",
  draw(view, seen) {
    const { t } = view;
    const { reading } = seen;
    const { timing } = reading;
    const { frames = [], unread = 0 } = seen.look.stream ?? {};
    return html`<div class="timeline" data-island="timeline" data-dialect="${reading.dialect}">
      <p class="timing">
        <span>${t("timeline.ttfb")} <b>${ms(timing.ttfb_ms)}</b></span
        ><span>TTFT <b>${ms(timing.ttft_ms)}</b></span
        ><span>${t("timeline.gap")} <b>${ms(timing.longest_gap_ms)}</b></span
        ><span>${t("timeline.total")} <b>${ms(timing.duration_ms)}</b></span>
      </p>
      ${
        unread > 0 &&
        html`<p class="trouble">
          ${icon("warn")} ${t("timeline.first", { n: frames.length, m: frames.length + unread })}
        </p>`
      }
      <div class="chart"><canvas role="img" aria-label="${t("timeline.chart")}"></canvas></div>
      <div class="grid chunks" role="grid" tabindex="0" aria-label="${t("timeline.table")}">
        <div class="row head" role="row" aria-rowindex="1">
          <span role="columnheader" class="num">#</span
          ><span role="columnheader" class="num">${t("timeline.at")}</span
          ><span role="columnheader" class="num">${t("timeline.since")}</span
          ><span role="columnheader" class="num">${t("timeline.bytes")}</span
          ><span role="columnheader">${t("timeline.event")}</span
          ><span role="columnheader">${t("timeline.adds")}</span>
        </div>
        <div class="rows" role="rowgroup"></div>
      </div>
      <div class="chunk" aria-live="off"><p class="empty">${t("timeline.pick")}</p></div>
    </div>`;
  },
};
