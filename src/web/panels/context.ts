/** What the model was given and what it cost: what filled the window, the arithmetic, the cache, tools and settings. */
import { html, type Html } from "../html.ts";
import type { Panel } from "./panel.ts";
import { json } from "../parts.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";
import { before } from "./before.ts";
import { drawLedger } from "./ledger.ts";
import { offered } from "./offered.ts";
import { usage } from "./usage.ts";

export const context: Panel = {
  name: "context",
  title: "panel.context",
  count: ({ reading }) => reading.tool_calls.length,
  shows: ({ reading }) =>
    reading.usage !== null ||
    reading.tools.length > 0 ||
    reading.messages.length > 0 ||
    Object.keys(reading.settings).length > 0,
  async draw(view, seen) {
    return html`<div class="given">
      ${drawLedger(view, seen)} ${usage(view, seen)} ${await before(view, seen)} ${offered(view, seen)}
      ${settings(view, seen)}
    </div>`;
  },
};

function settings(view: View, { reading }: Seen): Html | false {
  const names = Object.keys(reading.settings);
  return (
    names.length > 0 &&
    html`<section>
      <h3>${view.t("conversation.settings")}</h3>
      ${json(view, reading.settings, { dialect: reading.dialect, side: "request" })}
    </section>`
  );
}
