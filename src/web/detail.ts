/** One exchange: its head with the numbers, its time, the tabs, the chosen panel. Sent whole for each panel; it is small. */
import { compareButtons } from "./compare/buttons.ts";
import { copyMenu } from "./copy-menu.ts";
import { attempts, badge, facts, originOf, ofSocket, stateOf, turns } from "./detail-head.ts";
import { drawnSoon } from "./drawn.ts";
import { expertLine } from "./expert-line.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { panelAt, panels } from "./panels.ts";
import type { Panel } from "./panels/panel.ts";
import type { Seen } from "./readings.ts";
import { saveLink } from "./saved/document.ts";
import { scrubber } from "./scrubber.ts";
import { keepingButtons } from "./keeping-buttons.ts";
import { trouble } from "./trouble.ts";
import type { View } from "./view.ts";

/** A panel's fragment stays under what htmx swaps at once without a pause (measured: 100 KB in about 25 ms). */
export async function detail(view: View, id: string, wanted: string | null) {
  const seen = await view.see(id);
  if (!seen) return null;
  const panel = panelAt(wanted, seen);
  const { exchange, reading } = seen;
  const { t } = view;
  const known = await view.sources.index.exchange(id);
  const row = known ?? view.sources.inFlight().find((one) => one.id === id);
  const parent = known?.parent ?? null;
  const title = `${reading.model ?? exchange.path} · ${t(panel.title)} · MCP Proxy Logger`;
  const body = html`<article
    class="exchange"
    data-id="${id}"
    data-panel="${panel.name}"
    data-state="${stateOf(seen)}"
    data-at="${exchange.at}"
    data-parent="${parent ?? ""}"
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
        ${keepingButtons(view, { of: "exchange", id }, row?.starred ? "given" : "none")}
        ${compareButtons(view, id, parent)} ${copyMenu(view, seen)} ${saveLink(view, `/llm/${id}`)}
        ${step(view, "prev", "up", "k")} ${step(view, "next", "down", "j")}
      </div>
      <dl class="facts">
        ${facts(view, seen)}${await originOf(view, id)}${await turns(view, id)}${await attempts(view, seen)}${await ofSocket(view, seen)}
      </dl>
      ${trouble(view, seen)} ${expertLine(view, seen, wanted === "problems" ? "open" : "folded")}
    </header>
    ${scrubber(view, seen)}
    <div class="panel-tabs" role="tablist" aria-label="${t("detail.panels")}">
      ${panels.map((it) => it.shows(seen) && tab(view, seen, it, panel))}
    </div>
    <div
      id="panel"
      class="panel panel-${panel.name}"
      role="tabpanel"
      aria-labelledby="tab-${panel.name}"
      tabindex="0"
    >
      ${await drawnSoon(view, () => panel.draw(view, seen, wanted ?? ""))}
    </div>
  </article>`;
  return { title, html: body };
}

function step({ t }: View, way: "prev" | "next", sign: "up" | "down", key: string): Html {
  const name = t(`detail.${way}`);
  return html`<button class="button quiet" data-do="${way}" title="${name} (${key})" aria-label="${name}">
    ${icon(sign)}
  </button>`;
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
