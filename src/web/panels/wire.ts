/** What passed: headers of both sides, and both bodies byte for byte with the time of each piece. A part each. */
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Panel } from "./panel.ts";
import { size } from "../../shown/numbers.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";
import { headers } from "./headers.ts";
import { rawBody } from "./raw.ts";
import { saidBefore } from "./socket.ts";

const PARTS = ["headers", "request", "response"] as const;
type Part = (typeof PARTS)[number];

export const wire: Panel = {
  name: "wire",
  title: "panel.wire",
  shows: () => true,
  draw(view, seen, part) {
    const { gaps } = seen.exchange;
    const chosen = chosenOf(seen, part);
    return html`<div class="wire" data-island="tabs">
      <div class="parts" role="tablist" aria-label="${view.t("wire.parts")}">
        ${PARTS.map((it) => tab(view, seen, it, chosen))}
      </div>
      ${gaps.map(({ from, lost, why }) => html`<p class="trouble">${icon("warn")} ${from}: ${lost >= 0 ? size(lost) : ""} ${why}</p>`)}
      ${PARTS.map(
        (it) =>
          html`<div
            class="wire-part wire-${it}"
            id="wire-${it}"
            role="tabpanel"
            aria-labelledby="wire-tab-${it}"
            ${it !== chosen && html`hidden`}
          >
            ${it === "headers" ? headers(view, seen) : html`${it === "request" && saidBefore(view, seen)}${rawBody(view, seen, it)}`}
          </div>`,
      )}
    </div>`;
  },
};

/** `raw` is where bodies used to be: what came back, or what was asked where nothing did. */
function chosenOf({ exchange, reading }: Seen, part: string): Part {
  const found = PARTS.find((it) => it === part);
  if (found) return found;
  if (part !== "raw" && reading.dialect !== "raw") return "headers";
  const came = (exchange.response?.pieces.length ?? 0) > 0;
  return came ? "response" : exchange.request.pieces.length > 0 ? "request" : "headers";
}

function tab({ t }: View, { exchange }: Seen, it: Part, chosen: Part): Html {
  const side = it === "headers" ? null : it === "request" ? exchange.request : exchange.response;
  const bytes = side?.pieces.reduce((sum, piece) => sum + piece.bytes.byteLength, 0) ?? 0;
  const title = it !== "headers" && exchange.wire === "websocket" ? t(`raw.messages.${it}`) : t(`wire.${it}`);
  return html`<button
    role="tab"
    id="wire-tab-${it}"
    aria-controls="wire-${it}"
    aria-selected="${it === chosen ? "true" : "false"}"
    tabindex="${it === chosen ? 0 : -1}"
  >
    ${title}${bytes > 0 && html` <small>${size(bytes)}</small>`}
  </button>`;
}
