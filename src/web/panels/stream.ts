/** The answer in time: its text and its events side by side, one selection for both, played by `public/stream.js`. */
import { ms } from "../../shown/numbers.ts";
import { milestonesAt } from "../expert-line.ts";
import { html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Panel } from "./panel.ts";
import type { Seen } from "../readings.ts";

export const stream: Panel = {
  name: "stream",
  title: "panel.stream",
  shows: ({ exchange, look }) =>
    look.stream !== null || exchange.close === null || (exchange.response?.pieces.length ?? 0) > 1,
  draw(view, seen) {
    const { t } = view;
    const { reading } = seen;
    const { timing } = reading;
    const { frames = [], unread = 0 } = seen.look.stream ?? {};
    return html`<div
      class="timeline"
      data-island="stream"
      data-dialect="${reading.dialect}"
      data-problems="${problemsAt(seen)}"
      data-milestones="${milestonesAt(view, seen)}"
    >
      <div class="player" role="toolbar" aria-label="${t("stream.player")}">
        <button
          class="button quiet"
          data-play="back"
          title="${t("stream.back")} (←)"
          aria-label="${t("stream.back")}"
        >
          ${icon("back")}</button
        ><button class="button" data-play="1" aria-pressed="false" title="${t("stream.play")} (␣)">
          ${icon("play")} 1×</button
        ><button class="button" data-play="4" aria-pressed="false" title="${t("stream.play4")}">4×</button
        ><button
          class="button quiet"
          data-play="next"
          title="${t("stream.next")} (→)"
          aria-label="${t("stream.next")}"
        >
          ${icon("arrow")}
        </button>
        <output class="played"></output>
        <span class="grow"></span>
        <span class="timing">
          <span>${t("timeline.ttfb")} <b>${ms(timing.ttfb_ms)}</b></span
          ><span>TTFT <b>${ms(timing.ttft_ms)}</b></span
          ><span>${t("timeline.gap")} <b data-live="gap">${ms(timing.longest_gap_ms)}</b></span
          ><span>${t("timeline.total")} <b data-live="total">${ms(timing.duration_ms)}</b></span>
        </span>
      </div>
      ${
        unread > 0 &&
        html`<p class="trouble is-warn">
          ${icon("warn")} ${t("timeline.first", { n: frames.length, m: frames.length + unread })}
        </p>`
      }
      <div class="beside">
        <div class="stream-text" tabindex="0" role="region" aria-label="${t("stream.text")}"></div>
        <div class="grid chunks" role="grid" tabindex="0" aria-label="${t("timeline.table")}">
          <div class="row head" role="row" aria-rowindex="1">
            <span role="columnheader" class="num">#</span
            ><span role="columnheader" class="num">${t("timeline.at")}</span
            ><span role="columnheader" class="num" title="${t("stream.read.why")}"
              >${t("timeline.since")}</span
            ><span role="columnheader" class="num c-bytes">${t("timeline.bytes")}</span
            ><span role="columnheader">${t("timeline.event")}</span
            ><span role="columnheader">${t("timeline.adds")}</span>
          </div>
          <div class="rows" role="rowgroup"></div>
        </div>
      </div>
      <div class="chunk" aria-live="off">
        <p class="empty">${t("timeline.pick")} ${t("stream.legend")}</p>
      </div>
    </div>`;
  },
};

/** What is wrong with single events, by their number: `[[12, "error", "what"], …]`. */
function problemsAt({ reading }: Seen): string {
  const found = reading.problems.flatMap(({ where, severity, what }) => {
    const n = /^event (\d+)/.exec(where)?.[1];
    return n === undefined ? [] : [[Number(n), severity, what] as const];
  });
  return JSON.stringify(found.slice(0, MOST_ROWS));
}

const MOST_ROWS = 500;
