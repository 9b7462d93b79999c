/** The answer put together; while it streams, `public/detail.js` writes it as it comes. */
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Panel } from "../panels.ts";
import { drawPart, numbered } from "../parts.ts";
import { ending } from "../terms.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

export const answer: Panel = {
  name: "answer",
  title: "panel.answer",
  draw: (view, seen) => html`<div class="conversation">${drawAnswer(view, seen)}${others(view, seen)}</div>`,
};

export function drawAnswer(view: View, seen: Seen): Html {
  const { t } = view;
  const { exchange, reading } = seen;
  const { parts } = reading.answer;
  const n = seen.look.stream?.frames.length ?? 0;
  const unread = seen.look.stream?.unread ?? 0;
  const assembled =
    unread > 0 ? t("answer.assembled-first", { n, m: n + unread }) : t("answer.assembled", { n });
  const how = n > 0 ? assembled : t("answer.whole");
  if (!exchange.close) {
    return html`<section class="turn role-assistant answer" data-live-answer>
      <h3>
        <span class="role">${t("role.assistant")}</span><small class="flying">${t("ui.streaming")}</small>
      </h3>
      <div class="live-parts"></div>
    </section>`;
  }
  return html`<section class="turn role-assistant answer">
    <h3>
      <span class="role">${t("role.assistant")}</span
      >${reading.finish_reason && html`<code class="finish" title="${t("answer.finish")}">${ending(reading.dialect, reading.finish_reason)}</code>`}<small
        class="nth"
        >${exchange.response && how}</small
      >
    </h3>
    ${
      reading.error &&
      html`<p class="trouble">
        ${icon("warn")}<span><b>${reading.error.type ?? t("detail.error")}</b> ${reading.error.message}</span>
      </p>`
    }
    ${parts.length === 0 && !reading.error && html`<p class="empty">${exchange.response ? t("answer.none") : t("answer.no-response")}</p>`}
    ${parts.map((part) => drawPart(view, part, numbered(reading.tools)))}
  </section>`;
}

/** `n > 1`: more choices than the first. */
function others(view: View, { reading }: Seen): Html[] {
  const { t } = view;
  return reading.answer.choices.slice(1).map(
    ({ parts, finish_reason }, n) =>
      html`<section class="turn role-assistant answer">
        <h3>
          <span class="role">${t("answer.choice", { n: n + 2 })}</span
          >${finish_reason && html`<code class="finish">${finish_reason}</code>`}
        </h3>
        ${parts.map((part) => drawPart(view, part, numbered(reading.tools)))}
      </section>`,
  );
}
