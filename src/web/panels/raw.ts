/** The bytes as they passed. `public/viewer.js` fetches them and draws the lines that can be seen. */
import { header, type Piece } from "../../fact/exchange.ts";
import { size } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Panel } from "../panels.ts";
import type { Seen } from "../readings.ts";
import type { T } from "../language.ts";
import { namesIn } from "../terms.ts";
import type { View } from "../view.ts";

export const raw: Panel = {
  name: "raw",
  title: "panel.raw",
  draw(view, seen) {
    const { request, response, gaps } = seen.exchange;
    const { t } = view;
    return html`<div class="raws">
      ${gaps.map(({ from, lost, why }) => html`<p class="trouble">${icon("warn")} ${from}: ${lost >= 0 ? size(lost) : ""} ${why}</p>`)}
      ${body(view, seen, "request", request.pieces, header(request.headers, "content-type"), header(request.headers, "content-encoding"))}
      ${response ? body(view, seen, "response", response.pieces, header(response.headers, "content-type"), header(response.headers, "content-encoding")) : html`<p class="empty">${t("answer.no-response")}</p>`}
    </div>`;
  },
};

function body(
  { t }: View,
  seen: Seen,
  side: "request" | "response",
  pieces: readonly Piece[],
  type: string | undefined,
  coding: string | undefined,
): Html {
  const { exchange } = seen;
  const bytes = pieces.reduce((sum, piece) => sum + piece.bytes.byteLength, 0);
  const address = `/llm/${exchange.id}/body/${side}`;
  const isSocket = exchange.wire === "websocket";
  const title = isSocket ? t(`raw.messages.${side}`) : t(`raw.${side}`);
  const decoded = coding && coding !== "identity" ? t("raw.decoded", { coding }) : t("raw.exact");
  const fidelity = isSocket ? t("raw.lines") : decoded;
  return html`<section class="raw" data-island="viewer" data-src="${address}" data-side="${side}">
    <div class="raw-head">
      <h3>${title}</h3>
      <small
        >${size(bytes)} · ${!isSocket && html`${type ?? t("raw.no-type")} ·`}
        ${isSocket ? t("ui.messages", { n: pieces.length }) : t("raw.pieces", { n: pieces.length })} ·
        ${fidelity}</small
      >${
        bytes > 0 &&
        html`<span class="raw-do"
          ><span class="choice" role="group" aria-label="${t("raw.how")}"
            ><button class="chip" data-raw="exact" aria-pressed="true">${t("raw.as-passed")}</button
            ><button class="chip" data-raw="indented" aria-pressed="false">${t("raw.indented")}</button></span
          >
          <button
            class="button quiet"
            data-do="copy-body"
            data-src="${address}"
            title="${t("raw.copy")}"
            aria-label="${t("raw.copy")}"
          >
            ${icon("copy")}
          </button>
          <a
            class="button quiet"
            href="${address}?save"
            download="${side}.txt"
            title="${t("raw.save")}"
            aria-label="${t("raw.save")}"
            >${icon("save")}</a
          ></span
        >`
      }
    </div>
    ${names(t, seen, side)}
    ${bytes > 0 ? html`<div class="lines" tabindex="0" role="region" aria-label="${title}"><div class="rows"></div></div>` : html`<p class="empty">${t("raw.empty")}</p>`}
  </section>`;
}

/** What the glossary knows of this body. In the indented view the same names can be asked about where they stand. */
function names(t: T, { exchange, look, reading }: Seen, side: "request" | "response"): Html | false {
  const { glimpse, stream } = look;
  const isStream = exchange.wire === "websocket" || side === "response";
  const own = stream?.frames.filter(({ from = "server" }) => (from === "client") === (side === "request"));
  const whole = side === "request" ? glimpse.requestBody : glimpse.responseBody;
  const bodies = stream && isStream ? own?.map(({ json }) => json) : [whole];
  const found = namesIn(bodies ?? [], {
    dialect: reading.dialect,
    side: stream && isStream ? "stream" : side,
  });
  return (
    found.length > 0 &&
    html`<details class="names">
      <summary>${t("raw.names", { n: found.length })}</summary>
      <p>${found}</p>
    </details>`
  );
}
