/** What was asked, turn by turn, and what came: the way a person reads it. */
import { html, type Html } from "../html.ts";
import type { Panel } from "../panels.ts";
import { drawTurn, json, numbered } from "../parts.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";
import { drawAnswer } from "./answer.ts";

/** Turns that stand open at most. An agent's request carries its whole past. */
const OPEN = 12;
/** Earlier turns that one click brings: a fragment stays small, however long the past. */
const STEP = 30;

export const conversation: Panel = {
  name: "conversation",
  title: "panel.conversation",
  draw(view, seen) {
    const { t } = view;
    const { reading } = seen;
    const numbers = numbered(reading.tools);
    const { messages } = reading;
    // What came after the model's last word is this turn's; that word stays open, it is what the turn answers to.
    const said = messages.findLastIndex(({ role }) => role === "assistant");
    const open = Math.max(said, messages.length - OPEN, 0);
    const start = open < 2 ? 0 : open;
    const turns = messages.slice(start).map((it, at) => {
      const n = start + at;
      const fresh = said >= 0 && n === said + 1 && html`<p class="fresh-turn">${t("conversation.new")}</p>`;
      return html`${fresh}${drawTurn(view, it, numbers, n + 1)}`;
    });
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
      ${earlier(view, seen, start)} ${turns}
      ${messages.length === 0 && reading.system.length === 0 && html`<p class="empty">${t("conversation.none")}</p>`}
      ${extras(view, seen)} ${drawAnswer(view, seen)}
      ${
        Object.keys(reading.settings).length > 0 &&
        html`<details class="settings">
          <summary>
            ${t("conversation.settings")} <small>${Object.keys(reading.settings).join(" · ")}</small>
          </summary>
          ${json(view, reading.settings, { dialect: reading.dialect, side: "request" })}
        </details>`
      }
    </div>`;
  },
};

/** The turns before number `to`, as far as one click goes, and the way to those before them. */
export function older(view: View, seen: Seen, to: number): Html {
  const { messages, tools } = seen.reading;
  const from = Math.max(0, to - STEP);
  const numbers = numbered(tools);
  const turns = messages.slice(from, to).map((it, at) => drawTurn(view, it, numbers, from + at + 1));
  return html`${earlier(view, seen, from)}${turns}`;
}

function earlier({ t }: View, { exchange }: Seen, n: number): Html | false {
  if (n === 0) return false;
  const address = `/llm/${exchange.id}/older?to=${n}`;
  return html`<p class="older">
    <button class="button" hx-get="${address}" hx-target="closest .older" hx-swap="outerHTML">
      ${t("conversation.older", { n })}
    </button>
  </p>`;
}

/** Answers that are not messages. */
function extras(view: View, { reading }: Seen): Html | false {
  const { embedding, moderation, transcription, token_count, ranking, models, images } = reading;
  const found = { embedding, moderation, transcription, token_count, ranking, models, images };
  const told = Object.fromEntries(Object.entries(found).filter(([, value]) => value !== undefined));
  return (
    Object.keys(told).length > 0 && html`<section class="turn role-assistant">${json(view, told)}</section>`
  );
}
