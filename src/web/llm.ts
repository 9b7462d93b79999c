/** The LLM view: the list (drawn by `public/llm.js`), the detail of one exchange beside it, the empty state. */
import { html, type Html } from "./html.ts";
import { detail } from "./detail.ts";
import { icon } from "./icons.ts";
import { welcome } from "./welcome.ts";
import type { Place } from "./shell.ts";
import type { View } from "./view.ts";

export type Chosen = { readonly id: string; readonly panel: string | null } | null;

export async function llm(view: View, chosen: Chosen, address: string, wish: "list" | "welcome") {
  const { t, status } = view;
  const { exchanges, waiting, in_flight } = status;
  const empty = exchanges + waiting + in_flight === 0;
  const found = chosen ? await detail(view, chosen.id, chosen.panel) : null;
  const place: Place = { tab: "llm", title: found?.title ?? `${t("shell.llm")} · MCP Proxy Logger`, address };
  const main = html`<main class="view" data-view="llm" ${chosen ? html`data-open="yes"` : false}>
    <h1 class="unseen">${t("shell.llm")}</h1>
    ${filters(view)}
    <div class="panes">
      <section class="pane list-pane" aria-label="${t("llm.list")}">
        <div
          id="list"
          class="grid llm"
          role="grid"
          tabindex="0"
          aria-label="${t("llm.list")}"
          ${empty || wish === "welcome" ? html`hidden` : false}
        >
          <div class="row head" role="row" aria-rowindex="1">
            <span role="columnheader"><span class="unseen">${t("llm.state")}</span></span>
            <span role="columnheader" class="c-time"
              ><button data-do="order" title="${t("llm.order")}">
                ${t("llm.time")} ${icon("down")}
              </button></span
            >
            <span role="columnheader" class="c-api">${t("llm.api")}</span>
            <span role="columnheader" class="c-model">${t("llm.model")}</span>
            <span role="columnheader" class="c-story">${t("llm.story")}</span>
            <span role="columnheader" class="c-status">${t("llm.status")}</span>
            <span role="columnheader" class="c-tokens num" title="${t("llm.tokens.why")}"
              >${t("llm.tokens")}</span
            >
            <span role="columnheader" class="c-ttft num" title="${t("llm.ttft.why")}">TTFT</span>
            <span role="columnheader" class="c-total num">${t("llm.total")}</span>
          </div>
          <div class="rows" role="rowgroup"></div>
        </div>
        <p class="nothing" id="none" hidden>
          ${t("llm.none")} <button class="button" data-do="clear-filter">${t("llm.clear")}</button>
        </p>
        <button class="pill" id="follow-pill" data-do="follow" hidden></button>
        ${(empty || wish === "welcome") && welcome(view)}
      </section>
      <div
        class="splitter"
        role="separator"
        aria-orientation="vertical"
        aria-label="${t("llm.splitter")}"
        tabindex="0"
        aria-valuenow="46"
        aria-valuemin="25"
        aria-valuemax="75"
      ></div>
      <section class="pane detail-pane" aria-label="${t("llm.detail")}">
        <div id="detail">${found?.html ?? (chosen && gone(view, chosen.id))}</div>
      </section>
    </div>
  </main>`;
  return { place, main, status: chosen && !found ? 404 : 200 };
}

export function gone({ t }: View, id: string): Html {
  return html`<div class="nothing">
    <p>${t("llm.gone")} <code>${id}</code></p>
    <a class="button" href="/">${t("llm.back")}</a>
  </div>`;
}

function filters({ t }: View): Html {
  const chips = ["streaming", "tools", "errors", "slow", "problems"] as const;
  const menus = ["model", "dialect", "upstream", "status"] as const;
  return html`<form class="bar filters" role="search" id="filter" autocomplete="off">
    <label class="search"
      >${icon("search")}<span class="unseen">${t("filter.text")}</span>
      <input type="search" name="q" placeholder="${t("filter.hint")}" spellcheck="false" maxlength="500"
    /></label>
    <span class="chips" role="group" aria-label="${t("filter.quick")}"
      >${chips.map(
        (chip) =>
          html`<button
            type="button"
            class="chip"
            data-chip="${chip}"
            aria-pressed="false"
            title="${t(`filter.${chip}.why`)}"
          >
            ${t(`filter.${chip}`)}
          </button>`,
      )}</span
    >
    <button
      type="button"
      class="button quiet narrow"
      data-do="menus"
      aria-expanded="false"
      aria-controls="menus"
      aria-label="${t("filter.more")}"
    >
      ${icon("funnel")}
    </button>
    <span class="menus" id="menus"
      >${menus.map(
        (menu) =>
          html`<label
            ><span class="unseen">${t(`filter.${menu}`)}</span
            ><select name="${menu}">
              <option value="">${t(`filter.${menu}`)}</option>
            </select></label
          >`,
      )}</span
    >
    <span class="grow"></span>
    <output class="shown" id="shown"></output>
  </form>`;
}
