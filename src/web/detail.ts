/** One exchange: its head with the numbers, the tabs, the chosen panel. Sent whole for each panel; it is small. */
import type { Exchange } from "../fact/exchange.ts";
import { filterOf } from "../filter/filter.ts";
import { count, dollars, ms, size } from "../shown/numbers.ts";
import { drawn } from "./drawn.ts";
import { html, type Html } from "./html.ts";
import { icon, type Icon } from "./icons.ts";
import { ownAnswer } from "../read/own-answer.ts";
import { panels, type Panel } from "./panels.ts";
import type { Seen } from "./readings.ts";
import { named } from "./terms.ts";
import type { View } from "./view.ts";
import { warningIn } from "./warnings.ts";

/** A panel's fragment stays under what htmx swaps at once without a pause (measured: 100 KB in about 25 ms). */
export async function detail(view: View, id: string, wanted: string | null) {
  const seen = await view.see(id);
  if (!seen) return null;
  const panel = panels.find(({ name }) => name === wanted) ?? usual(seen);
  const { exchange, reading } = seen;
  const { t } = view;
  const title = `${reading.model ?? exchange.path} · ${t(panel.title)} · MCP Proxy Logger`;
  const body = html`<article
    class="exchange"
    data-id="${id}"
    data-panel="${panel.name}"
    data-state="${stateOf(seen)}"
    data-at="${exchange.at}"
  >
    <header class="exchange-head">
      <div class="line">
        <a
          class="button quiet"
          href="/"
          data-do="close"
          title="${t("detail.close")} (Esc)"
          aria-label="${t("detail.close")}"
          >${icon("back")}</a
        >
        ${badge(view, seen)}
        <h2 tabindex="-1">
          <span class="method">${exchange.method}</span> <span class="path">${exchange.path}</span>
        </h2>
        <span class="grow"></span>
        <button
          class="button quiet"
          data-do="prev"
          title="${t("detail.prev")} (k)"
          aria-label="${t("detail.prev")}"
        >
          ${icon("up")}
        </button>
        <button
          class="button quiet"
          data-do="next"
          title="${t("detail.next")} (j)"
          aria-label="${t("detail.next")}"
        >
          ${icon("down")}
        </button>
      </div>
      <dl class="facts">${facts(view, seen)}${await turns(view, id)}</dl>
      ${trouble(view, seen)}
    </header>
    <div class="panel-tabs" role="tablist" aria-label="${t("detail.panels")}">
      ${panels.map((it) => tab(view, seen, it, panel))}
    </div>
    <div
      id="panel"
      class="panel panel-${panel.name}"
      role="tabpanel"
      aria-labelledby="tab-${panel.name}"
      tabindex="0"
    >
      ${drawn(view, () => panel.draw(view, seen))}
    </div>
  </article>`;
  return { title, html: body };
}

/** What asks a question shows the conversation; what is no conversation shows its bytes. */
function usual({ reading }: Seen): Panel {
  const name = reading.dialect === "raw" ? "raw" : "conversation";
  const [first] = panels;
  const found = panels.find((it) => it.name === name) ?? first;
  if (!found) throw new Error("there are no panels");
  return found;
}

function tab({ t }: View, seen: Seen, it: Panel, chosen: Panel): Html {
  const address = `/llm/${seen.exchange.id}/${it.name}`;
  const n = it.count?.(seen) ?? 0;
  return html`<a
    role="tab"
    id="tab-${it.name}"
    href="${address}"
    hx-get="${address}"
    hx-target="#detail"
    data-panel-tab="${it.name}"
    aria-selected="${it === chosen ? "true" : "false"}"
    aria-controls="panel"
    tabindex="${it === chosen ? 0 : -1}"
    >${t(it.title)}${n > 0 && html` <b class="${it.tone?.(seen) ?? ""}">${n}</b>`}</a
  >`;
}

export function stateOf({ exchange }: Seen): "waiting" | "streaming" | "done" {
  if (exchange.close) return "done";
  return exchange.response ? "streaming" : "waiting";
}

function badge({ t }: View, seen: Seen): Html {
  const { close, response } = seen.exchange;
  const [tone, sign, words] = standing(seen);
  const code = response && html`<b>${response.status}</b> `;
  const ending = close?.ending === "complete" && response ? false : t(`ending.${words}`);
  return html`<span class="state ${tone}">${icon(sign)}${code}${ending}</span>`;
}

type Standing =
  "waiting" | "streaming" | "complete" | "client-gone" | "upstream-error" | "refused" | "interrupted";

function standing(seen: Seen): [tone: string, sign: Icon, words: Standing] {
  const { close, response } = seen.exchange;
  const state = stateOf(seen);
  if (close === null || state !== "done")
    return ["flying", state === "waiting" ? "wait" : "stream", state === "waiting" ? "waiting" : "streaming"];
  const has = (rule: string) => seen.reading.problems.some((problem) => problem.rule === rule);
  // Left behind the last event, or only tried what there is: neither is a fault.
  if (has("transfer/client-left")) return ["fine", "ok", close.ending];
  if (has("request/probe-failed")) return ["warned", "ok", "complete"];
  if (close.ending === "client-gone") return ["warned", "aborted", close.ending];
  if (close.ending === "interrupted") return ["warned", "cut", close.ending];
  if (close.ending !== "complete") return ["failed", "err", close.ending];
  return response && response.status >= 400 ? ["failed", "err", "complete"] : ["fine", "ok", "complete"];
}

/** What is quicker came in one network read, so the measured time says nothing. */
const FASTEST = 10_000;

function facts({ t, lang }: View, { exchange, reading }: Seen): Hole[] {
  const { timing, usage, cost } = reading;
  const fact = (
    name: string,
    value: string | Html | null,
    more: string | null = null,
    why: string | null = null,
  ) =>
    value !== null &&
    value !== "–" &&
    html`<div ${why !== null && html`title="${why}"`}>
      <dt>${name}</dt>
      <dd>${value}${more !== null && html` <small>${more}</small>`}</dd>
    </div>`;
  const closed = exchange.close?.socket;
  const bytesOut = (exchange.response?.pieces ?? []).reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  const cached = usage?.cached ? t("detail.cached", { n: count(usage.cached, lang) }) : null;
  return [
    fact(t("detail.model"), reading.model, reading.provider ?? exchange.upstream),
    fact(t("detail.api"), reading.dialect),
    fact("TTFT", ms(timing.ttft_ms), null, t("detail.ttft.why")),
    exchange.close
      ? fact(t("detail.total"), ms(timing.duration_ms))
      : html`<div>
          <dt>${t("detail.total")}</dt>
          <dd data-since="${exchange.at}">…</dd>
        </div>`,
    fact(t("detail.in"), usage?.input == null ? null : count(usage.input, lang), cached),
    fact(t("detail.out"), usage?.output == null ? null : count(usage.output, lang)),
    timing.tokens_per_s !== null &&
      timing.tokens_per_s < FASTEST &&
      fact(t("detail.speed"), `${timing.tokens_per_s.toFixed(0)} tok/s`),
    cost !== null && fact(t("detail.cost"), dollars(cost.total)),
    fact(t("detail.bytes"), size(bytesOut)),
    closed !== undefined &&
      fact(t("detail.closed"), `${closed.code} ${closed.reason}`, t(`detail.closed.${closed.from}`)),
  ];
}

/** Where it stands in its conversation, and the way to the turns beside it. */
async function turns({ t, sources }: View, id: string): Promise<Html | false> {
  const conversation = (await sources.index.exchange(id))?.conversation ?? null;
  if (conversation === null) return false;
  const at = await sources.index.standing(id, { filter: filterOf({ conv: conversation }) });
  if (at === null || at.of < 2) return false;
  const way = (to: string | null, name: "prev" | "next") =>
    to !== null &&
    html`<a class="turn-link" href="/llm/${to}" data-do="turn" data-to="${to}" data-turn="${name}"
      >${t(`detail.turn.${name}`)}</a
    > `;
  return html`<div>
    <dt>${t("detail.turn")}</dt>
    <dd>${t("detail.turn.of", { n: at.n, m: at.of })} ${way(at.older, "prev")}${way(at.newer, "next")}</dd>
  </div>`;
}

/** What went wrong, in a sentence, before anything else. */
function trouble({ t, lang }: View, { exchange, reading }: Seen): Html | false {
  const said = exchange.close?.error ?? null;
  const { error } = reading;
  const own = ownAnswer(exchange);
  const advice = own ? OWN_ADVICE[own.why] : adviceFor(exchange);
  const gaps = exchange.gaps.map(({ from, lost, why }) => {
    const who = from === "stderr" ? from : t(`mcp.from.${from}`);
    const words = { from: who, n: count(lost, lang), why: warningIn(lang, why) };
    return lost < 0 ? t("detail.gap.unknown", words) : t("detail.gap", words);
  });
  if (said === null && error === null && advice === null && gaps.length === 0) return false;
  return html`<div class="trouble">
    ${icon("warn")}
    <div>
      ${error && !own && html`<p><b>${error.type ? named(reading.dialect, `error:${error.type}`, error.type) : t("detail.error")}</b> ${error.message}</p>`}${said !== null && html`<p>${said}</p>`}${advice !== null && html`<p class="advice">${t(advice)}</p>`}${gaps.map((gap) => html`<p>${gap}</p>`)}
    </div>
  </div>`;
}

/** What to do where the answer is the proxy's own. */
const OWN_ADVICE = {
  "not-running": "advice.not-running",
  unreachable: "advice.unreachable",
  broken: "advice.broken",
  "unknown-upstream": "advice.upstream",
  refused: "advice.refused",
} as const;

function adviceFor({ close, response }: Exchange) {
  if (!close) return null;
  const status = response?.status ?? null;
  if (status === null && close.ending === "upstream-error") return "advice.broken";
  if (status === 401 || status === 403) return "advice.key";
  if (status === 404) return "advice.path";
  if (status === 429) return "advice.rate";
  return close.ending === "client-gone" ? "advice.gone" : null;
}
type Hole = Html | false;
