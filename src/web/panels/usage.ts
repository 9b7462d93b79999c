/** Tokens, cost and times, and the API's own usage object as it stands. */
import { count, dollars, ms, size } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import type { Panel } from "../panels.ts";
import { json } from "../parts.ts";
import { joined } from "../../fact/exchange.ts";

export const usage: Panel = {
  name: "usage",
  title: "panel.usage",
  draw(view, { exchange, reading }) {
    const { t, lang } = view;
    const { usage: used, cost, timing } = reading;
    const row = (name: string, value: string, why: string | null = null): Html =>
      html`<tr>
        <th scope="row">${name}${why !== null && html`<small>${why}</small>`}</th>
        <td>${value}</td>
      </tr>`;
    const tokens = (value: number | null) => count(value, lang);
    return html`<div class="sheets">
      <section>
        <h3>${t("usage.tokens")}</h3>
        ${
          used === null
            ? html`<p class="empty">${exchange.close ? t("usage.none") : t("usage.later")}</p>`
            : html`<table class="sheet">
                ${row(t("usage.input"), tokens(used.input), t("usage.input.why"))}
                ${row(t("usage.cached"), tokens(used.cached), t("usage.cached.why"))}
                ${row(t("usage.written"), tokens(used.cache_write))}
                ${row(t("usage.output"), tokens(used.output), t("usage.output.why"))}
                ${row(t("usage.reasoning"), tokens(used.reasoning))}
                ${row(t("usage.total"), tokens(used.total))}
              </table>`
        }
      </section>
      <section>
        <h3>${t("usage.cost")}</h3>
        ${
          cost === null
            ? html`<p class="empty">${t("usage.no-cost")}</p>`
            : html`<table class="sheet">
                ${row(t("usage.input"), dollars(cost.input))}${row(t("usage.output"), dollars(cost.output))}${row(t("usage.total"), dollars(cost.total))}
                ${row(t("usage.source"), `${cost.source}${cost.as_of ? ` · ${cost.as_of}` : ""}`)}
              </table>`
        }
      </section>
      <section>
        <h3>${t("usage.times")}</h3>
        <table class="sheet">
          ${row(t("timeline.ttfb"), ms(timing.ttfb_ms), t("usage.ttfb.why"))}
          ${row("TTFT", ms(timing.ttft_ms), t("detail.ttft.why"))}
          ${row(t("detail.speed"), timing.tokens_per_s === null ? "–" : `${timing.tokens_per_s.toFixed(1)} tok/s`)}
          ${row(t("timeline.gap"), ms(timing.longest_gap_ms))}
          ${row(t("timeline.total"), ms(timing.duration_ms))}
          ${row(t("usage.sent"), size(joined(exchange.request.pieces).byteLength))}
          ${row(t("usage.received"), size(joined(exchange.response?.pieces ?? []).byteLength))}
        </table>
      </section>
      ${
        used !== null &&
        used.wire != null &&
        html`<section class="wide">
          <h3>${t("usage.wire")}</h3>
          ${json(view, used.wire, { dialect: reading.dialect, side: "response", path: "usage" })}
        </section>`
      }
    </div>`;
  },
};
