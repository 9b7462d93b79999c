/** What was asked, turn by turn, and what came: the way a person reads it. */
import { html, type Html } from "../html.ts";
import type { Panel } from "../panels.ts";
import { drawTurn, json, numbered } from "../parts.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";
import { drawAnswer } from "./answer.ts";

/** Turns that stand open; the older ones fold. An agent's request carries its whole past. */
const OPEN = 12;

export const conversation: Panel = {
  name: "conversation",
  title: "panel.conversation",
  draw(view, seen) {
    const { t } = view;
    const { reading } = seen;
    const numbers = numbered(reading.tools);
    const { messages } = reading;
    const old = messages.slice(0, Math.max(0, messages.length - OPEN));
    const turn = (n: number) => (it: (typeof messages)[number], at: number) =>
      drawTurn(view, it, numbers, n + at + 1);
    return html`<div class="conversation">
      ${reading.system.length > 0 && drawTurn(view, { role: "system", parts: reading.system }, numbers, null)}
      ${
        reading.tools.length > 0 &&
        html`<section class="turn role-tools">
          <h3><span class="role">${t("conversation.tools")}</span></h3>
          <p class="tool-names">
            ${reading.tools.map(({ name }, n) => html`<span><i class="n">${n + 1}</i><code>${name}</code></span> `)}
          </p>
        </section>`
      }
      ${
        old.length > 0 &&
        html`<details class="older">
          <summary>${t("conversation.older", { n: old.length })}</summary>
          ${old.map(turn(0))}
        </details>`
      }
      ${messages.slice(old.length).map(turn(old.length))}
      ${messages.length === 0 && reading.system.length === 0 && html`<p class="empty">${t("conversation.none")}</p>`}
      ${extras(view, seen)} ${drawAnswer(view, seen)}
      ${
        Object.keys(reading.settings).length > 0 &&
        html`<details class="settings">
          <summary>
            ${t("conversation.settings")} <small>${Object.keys(reading.settings).join(" · ")}</small>
          </summary>
          ${json(view, reading.settings)}
        </details>`
      }
    </div>`;
  },
};

/** Answers that are not messages. */
function extras(view: View, { reading }: Seen): Html | false {
  const { embedding, moderation, transcription, token_count, ranking, models, images } = reading;
  const found = { embedding, moderation, transcription, token_count, ranking, models, images };
  const told = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return (
    Object.keys(told).length > 0 && html`<section class="turn role-assistant">${json(view, told)}</section>`
  );
}
