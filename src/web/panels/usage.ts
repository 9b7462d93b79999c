/** Tokens and what they cost, with the arithmetic; times and sizes; the API's own usage object as it stands. */
import { sizeOf } from "../../fact/concat.ts";
import { count, dollars, ms, size } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { json } from "../parts.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

export function usage(view: View, { exchange, reading }: Seen): Html {
  const { t, lang } = view;
  const { usage: used, cost, timing } = reading;
  const tokens = (value: number | null) => count(value, lang);
  return html`<div class="sheets">
    <section>
      <h3>${t("usage.tokens")}</h3>
      ${
        used === null
          ? html`<p class="empty">${exchange.close ? t("usage.none") : t("usage.later")}</p>`
          : html`<table class="sheet">
              ${row(t("usage.input"), tokens(used.input), t("usage.input.why"))}
              ${used.cached !== null && row(t("usage.cached"), tokens(used.cached), t("usage.cached.why"))}
              ${used.cache_write !== null && row(t("usage.written"), tokens(used.cache_write))}
              ${row(t("usage.output"), tokens(used.output), t("usage.output.why"))}
              ${used.reasoning !== null && row(t("usage.reasoning"), tokens(used.reasoning))}
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
              ${row(t("usage.input"), sum(view, used?.input ?? null, cost.input))}
              ${row(t("usage.output"), sum(view, used?.output ?? null, cost.output))}
              ${row(t("usage.total"), dollars(cost.total))}
              ${row(t("usage.source"), `${cost.source}${cost.as_of ? ` · ${cost.as_of}` : ""}`)}
            </table>`
      }
    </section>
    <section>
      <h3>${t("usage.times")}</h3>
      <table class="sheet">
        ${row(t("timeline.ttfb"), ms(timing.ttfb_ms), t("usage.ttfb.why"))}
        ${row("TTFT", ms(timing.ttft_ms), t("detail.ttft.why"))}
        ${timing.tokens_per_s !== null && row(t("detail.speed"), `${timing.tokens_per_s.toFixed(1)} tok/s`)}
        ${row(t("timeline.gap"), ms(timing.longest_gap_ms))}
        ${row(t("timeline.total"), ms(timing.duration_ms))}
        ${row(t("usage.sent"), size(sizeOf(exchange.request.pieces.map(({ bytes }) => bytes))))}
        ${row(t("usage.received"), size(sizeOf((exchange.response?.pieces ?? []).map(({ bytes }) => bytes))))}
      </table>
    </section>
    ${
      used !== null &&
      used.wire != null &&
      html`<section class="wide">
        <details>
          <summary>${t("usage.wire")}</summary>
          ${json(view, used.wire, { dialect: reading.dialect, side: "response", path: "usage" })}
        </details>
      </section>`
    }
  </div>`;
}

function row(name: string, value: string, why: string | null = null): Html {
  return html`<tr>
    <th scope="row">${name}${why !== null && html`<small>${why}</small>`}</th>
    <td>${value}</td>
  </tr>`;
}

/** `tokens × price = $`: with cached tokens among them the price is what a million cost on the average. */
function sum({ lang }: View, tokens: number | null, cost: number | null): string {
  if (tokens === null || cost === null || tokens === 0) return dollars(cost);
  const each = (cost / tokens) * 1_000_000;
  return `${count(tokens, lang)} × $${each.toFixed(each < 1 ? 3 : 2)}/M = ${dollars(cost)}`;
}
