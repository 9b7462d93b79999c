/** The answer put together; while it streams, `public/detail.js` writes it as it comes. Never folded: somebody reads it. */
import type { Calls } from "../calls.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { drawPart, numbered } from "../parts.ts";
import type { Part } from "../../read/reading.ts";
import { ending } from "../terms.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

export function drawAnswer(view: View, seen: Seen, calls: Calls): Html | false {
  const { t } = view;
  const { exchange, reading } = seen;
  const { parts } = reading.answer;
  if (!exchange.close) {
    return html`<section class="turn role-assistant answer" data-live-answer>
      <h3>
        <span class="role">${t("role.assistant")}</span><small class="flying">${t("ui.streaming")}</small>
      </h3>
      <div class="live-parts"></div>
    </section>`;
  }
  // What went wrong is said in the head, once.
  if (parts.length === 0 && (reading.error || !exchange.response || isOther(seen))) return false;
  return html`<section class="turn role-assistant answer">
    <h3>
      <span class="role">${t("role.assistant")}</span
      >${reading.finish_reason && html`<code class="finish" title="${t("answer.finish")}">${ending(reading.dialect, reading.finish_reason)}</code>`}<small
        class="nth"
        >${exchange.response && how(view, seen)}</small
      >${parts.length > 0 && tools(view, seen)}
    </h3>
    ${parts.length === 0 && html`<p class="empty">${exchange.response ? t("answer.none") : t("answer.no-response")}</p>`}
    ${parts.map((part) => drawOne(view, part, seen, calls))}
  </section>`;
}

function drawOne(view: View, part: Part, { reading }: Seen, calls: Calls): Html {
  return part.type === "tool_call"
    ? calls.draw(part)
    : drawPart(view, part, numbered(reading.tools), "whole");
}

/** Embeddings, lists of models and the like have no message to show; what they have stands beside. */
function isOther({ reading, look }: Seen): boolean {
  return look.stream === null && reading.messages.length === 0 && reading.system.length === 0;
}

function how({ t }: View, { look }: Seen): string {
  const n = look.stream?.frames.length ?? 0;
  const unread = look.stream?.unread ?? 0;
  if (unread > 0) return t("answer.assembled-first", { n, m: n + unread });
  return n > 0 ? t("answer.assembled", { n }) : t("answer.whole");
}

function tools({ t, as }: View, { exchange }: Seen): Html {
  return html`<span class="answer-do"
    ><button
      class="chip"
      data-source-switch
      aria-pressed="${as === "source" ? "true" : "false"}"
      title="${t("answer.source.why")}"
    >
      ${t("answer.source")}</button
    ><button
      class="button quiet"
      data-copy-text="/llm/${exchange.id}/text"
      title="${t("answer.copy")}"
      aria-label="${t("answer.copy")}"
    >
      ${icon("copy")}
    </button></span
  >`;
}

/** `n > 1`: more choices than the first. */
export function others(view: View, { reading }: Seen): Html[] {
  const { t } = view;
  return reading.answer.choices.slice(1).map(
    ({ parts, finish_reason }, n) =>
      html`<section class="turn role-assistant answer">
        <h3>
          <span class="role">${t("answer.choice", { n: n + 2 })}</span
          >${finish_reason && html`<code class="finish">${finish_reason}</code>`}
        </h3>
        ${parts.map((part) => drawPart(view, part, numbered(reading.tools), "whole"))}
      </section>`,
  );
}
