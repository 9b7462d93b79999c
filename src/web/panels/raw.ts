/** The bytes as they passed. `public/viewer.js` fetches them and draws the lines that can be seen. */
import { header, type Piece } from "../../fact/exchange.ts";
import { size } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Seen } from "../readings.ts";
import type { T } from "../language.ts";
import { namesIn } from "../terms.ts";
import type { View } from "../view.ts";

/** Null where nothing of this side came. */
export function rawBody(view: View, seen: Seen, side: "request" | "response"): Html {
  const { exchange } = seen;
  const it = side === "request" ? exchange.request : exchange.response;
  if (!it) return html`<p class="empty">${view.t("answer.no-response")}</p>`;
  return body(
    view,
    seen,
    side,
    it.pieces,
    header(it.headers, "content-type"),
    header(it.headers, "content-encoding"),
  );
}

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
  return html`<section
    class="raw"
    data-island="viewer"
    data-src="${address}"
    data-side="${side}"
    data-times="${pieces.length > 1 && `${address}/times`}"
    data-socket="${isSocket && "yes"}"
  >
    <div class="raw-head">
      <small
        >${size(bytes)} · ${!isSocket && html`${type ?? t("raw.no-type")} ·`}
        ${isSocket ? t("ui.messages", { n: pieces.length }) : t("raw.pieces", { n: pieces.length })} ·
        ${fidelity}</small
      >
      ${bytes > 0 && controls(t, side, address)}
    </div>
    ${names(t, seen, side)}
    ${
      bytes > 0
        ? html`<div class="media-place"></div>
            <div class="lines" tabindex="0" role="region" aria-label="${title}"><div class="rows"></div></div>
            <div class="raw-foot" hidden>
              <code></code>
              <button class="chip" data-copy-at="path">${t("raw.copy-path")}</button>
              <button class="chip" data-copy-at="value">${t("raw.copy-value")}</button>
            </div>`
        : html`<p class="empty">${t("raw.empty")}</p>`
    }
  </section>`;
}

/** Ways to show it that fit this body only (hex, decoded escapes, a picture) are shown when it is here. */
function controls(t: T, side: string, address: string): Html {
  const modes = ["exact", "indented", "decoded", "hex"] as const;
  return html`<span class="raw-do"
    ><span class="choice" role="group" aria-label="${t("raw.how")}"
      >${modes.map((mode) => html`<button class="chip" data-raw="${mode}" aria-pressed="${mode === "exact" ? "true" : "false"}" ${mode === "decoded" && html`hidden`}>${t(`raw.mode.${mode}`)}</button>`)}</span
    >
    <input
      type="search"
      class="find"
      placeholder="${t("raw.find")}"
      aria-label="${t("raw.find")}"
      maxlength="200"
    />
    <output class="found"></output>
    <button class="chip" data-show-media hidden>${t("part.show")}</button>
    <button class="button quiet" data-copy-body title="${t("raw.copy")}" aria-label="${t("raw.copy")}">
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
  >`;
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
