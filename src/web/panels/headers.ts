/** Headers and trailers of both sides in the order in which they came, and where the request went. */
import type { Header } from "../../fact/fact.ts";
import { ms } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import type { Seen } from "../readings.ts";
import { named } from "../terms.ts";
import type { View } from "../view.ts";

export function headers(view: View, { exchange, reading }: Seen): Html {
  const { t } = view;
  const { request, response } = exchange;
  return html`<div class="sheets one">
    <section>
      <h3>${t("headers.way")}</h3>
      <table class="sheet wire">
        <tr>
          <th scope="row">${t("headers.asked")}</th>
          <td><code>${exchange.method} ${exchange.path}</code></td>
        </tr>
        <tr>
          <th scope="row">${t("headers.upstream")}</th>
          <td><code>${exchange.upstream}</code></td>
        </tr>
        <tr>
          <th scope="row">${t("headers.target")}</th>
          <td><code>${exchange.target}</code></td>
        </tr>
        <tr>
          <th scope="row">id</th>
          <td><code>${exchange.id}</code></td>
        </tr>
        <tr>
          <th scope="row">${t("headers.at")}</th>
          <td><time>${new Date(exchange.at).toISOString()}</time></td>
        </tr>
      </table>
    </section>
    <section>
      <h3>${t("headers.request")}</h3>
      ${table(view, reading.dialect, request.headers)}
      ${request.trailers && html`<h3>${t("headers.request-trailers")}</h3>`}
      ${request.trailers && table(view, reading.dialect, request.trailers)}
    </section>
    <section>
      <h3>
        ${t("headers.response")}
        ${response && html`<small>${[response.protocol, response.status, ms(response.ttfb)].filter(Boolean).join(" · ")}</small>`}
      </h3>
      ${response ? table(view, reading.dialect, response.headers) : html`<p class="empty">${t("answer.no-response")}</p>`}
      ${response?.trailers && html`<h3>${t("headers.response-trailers")}</h3>`}
      ${response?.trailers && table(view, reading.dialect, response.trailers)}
    </section>
    ${view.sources.about.masked && html`<p class="empty">${t("headers.note")}</p>`}
  </div>`;
}

function table({ t }: View, dialect: string, list: readonly Header[]): Html {
  if (list.length === 0) return html`<p class="empty">${t("headers.none")}</p>`;
  return html`<table class="sheet wire">
    ${list.map(
      ([name, value]) =>
        html`<tr>
          <th scope="row"><code>${named(dialect, `header:${name}`, name)}</code></th>
          <td><code>${value.slice(0, 4000)}</code></td>
        </tr>`,
    )}
  </table>`;
}
