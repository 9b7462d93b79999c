/** The LLM view: the list (drawn by `public/llm.js`), the detail of one exchange beside it, the empty state. */
import { COLUMNS } from "../shown/columns.ts";
import { firstRows } from "./first-rows.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { welcome } from "./welcome.ts";
import type { Place } from "./shell.ts";
import type { View } from "./view.ts";
import type { Key } from "./words.ts";

export type Chosen = { readonly id: string; readonly panel: string | null } | null;

export async function llm(view: View, chosen: Chosen, address: string, wish: "list" | "welcome") {
  const { t, status } = view;
  const { exchanges, waiting, in_flight } = status;
  const empty = exchanges + waiting + in_flight === 0;
  const first = await firstRows(view);
  const found = chosen ? await (await import("./detail.ts")).detail(view, chosen.id, chosen.panel) : null;
  const place: Place = {
    tab: "llm",
    script: "llm",
    title: found?.title ?? `${t("shell.llm")} · MCP Proxy Logger`,
    address,
  };
  const main = html`<main class="view" data-view="llm" ${chosen ? html`data-open="yes"` : false}>
    <h1 class="unseen">${t("shell.llm")}</h1>
    ${filterBar(view)} ${overview(view, empty || wish === "welcome" ? "later" : "now")}
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
            ${COLUMNS.filter(({ usual }) => usual).map(
              ({ id, title, align }) =>
                html`<span role="columnheader" class="c-${id}${align ? " num" : ""}"
                  >${t(`ui.column.${title}` as Key)}</span
                >`,
            )}
          </div>
          <div class="rows" role="rowgroup"></div>
          ${first}
        </div>
        <p class="nothing" id="none" hidden>
          ${t("llm.none")} <button class="button" data-do="clear-filter">${t("llm.clear")}</button>
        </p>
        <button class="pill" id="follow-pill" data-do="follow" hidden></button>
        ${(empty || wish === "welcome") && welcome(view)}
      </section>
      ${splitter(view)}
      <section class="pane detail-pane" aria-label="${t("llm.detail")}">
        <div id="detail">${found?.html ?? (chosen && gone(view, chosen.id))}</div>
        ${phoneBar(view)}
      </section>
    </div>
  </main>`;
  return { place, main, status: chosen && !found ? 404 : 200 };
}

/** Below what is open, where there is no room for the list beside it. */
function phoneBar({ t }: View): Html {
  return html`<div class="phone-bar" role="group" aria-label="${t("llm.list")}">
    <button type="button" class="button quiet" data-do="prev">${icon("up")} ${t("phone.previous")}</button>
    <button type="button" class="button quiet" data-do="close">${t("phone.back")}</button>
    <button type="button" class="button quiet" data-do="next">${icon("down")} ${t("phone.next")}</button>
  </div>`;
}

/** The strip above the list; `public/overview.js` fills it. */
function overview({ t }: View, when: "now" | "later"): Html {
  return html`<section
    class="overview"
    id="overview"
    aria-label="${t("overview.title")}"
    ${when === "later" && html`hidden`}
  >
    <div class="overview-charts"></div>
    <div class="overview-figures"></div>
    <button type="button" class="button quiet" data-do="whole-time" hidden>${t("overview.whole")}</button>
    <details class="popup by-model" name="popup">
      <summary>${t("overview.models")} ${icon("down")}</summary>
      <div class="overview-models" tabindex="0" role="region" aria-label="${t("overview.models")}"></div>
    </details>
  </section>`;
}

export function gone({ t }: View, id: string): Html {
  return html`<div class="nothing">
    <p>${t("llm.gone")} <code>${id}</code></p>
    <a class="button" href="/">${t("llm.back")}</a>
  </div>`;
}

/** What people ask all day, as words of the filter. */
const CHIPS = {
  llm: [
    ["filter.streaming", "is:streaming"],
    ["filter.tools", "has:tool_call"],
    ["filter.errors", "is:error"],
    ["filter.slow", "is:slow"],
    ["filter.problems", "has:problem"],
  ],
  runs: [
    ["runs.filter.running", "state:running"],
    ["runs.filter.errors", "is:error"],
    ["runs.filter.problems", "has:problem"],
  ],
} as const;

/** The line above a list; `what` decides which quick filters make sense. */
export function filterBar({ t }: View, what: "llm" | "runs" = "llm"): Html {
  return html`<form class="bar filters" role="search" id="filter" autocomplete="off">
    <div class="search">
      ${icon("search")}
      <input
        type="text"
        name="q"
        aria-label="${t("filter.text")}"
        placeholder="${t(what === "runs" ? "runs.filter.hint" : "filter.hint")}"
        spellcheck="false"
        autocapitalize="off"
        maxlength="2000"
        role="combobox"
        aria-expanded="false"
        aria-autocomplete="list"
        aria-controls="completions"
        aria-describedby="meaning"
      />
      <button
        type="button"
        class="button quiet has-filter"
        data-do="save-filter"
        title="${t("filter.save")}"
        aria-label="${t("filter.save")}"
        hidden
      >
        ${icon("star")}
      </button>
      <button
        type="button"
        class="button quiet has-filter"
        data-do="clear-filter"
        title="${t("llm.clear")}"
        aria-label="${t("llm.clear")}"
        hidden
      >
        ${icon("err")}
      </button>
      <div id="completions" role="listbox" aria-label="${t("filter.offers")}" hidden></div>
    </div>
    <span class="hit-steps" role="group" aria-label="${t("mcp.hits")}" hidden
      ><button
        type="button"
        class="button quiet"
        data-do="previous-hit"
        title="${t("mcp.hit.before")} (N)"
        aria-label="${t("mcp.hit.before")}"
      >
        ${icon("up")}</button
      ><button
        type="button"
        class="button quiet"
        data-do="next-hit"
        title="${t("mcp.hit.next")} (n)"
        aria-label="${t("mcp.hit.next")}"
      >
        ${icon("down")}
      </button></span
    >
    <span class="chips" role="group" aria-label="${t("filter.quick")}"
      >${CHIPS[what].map(
        ([name, word]) =>
          html`<button
            type="button"
            class="chip"
            data-chip="${word}"
            aria-pressed="false"
            title="${t(`${name}.why`)} · ${word}"
          >
            ${t(name)}
          </button>`,
      )}</span
    >
    <span class="grow"></span>
    <output class="shown" id="shown"></output>
    ${
      what === "llm" &&
      html`<button
          type="button"
          class="button quiet"
          data-do="follow"
          aria-pressed="true"
          title="${t("list.follow")} (f)"
          aria-label="${t("list.follow")}"
        >
          ${icon("bottom")}
        </button>
        <button
          type="button"
          class="button quiet overview-switch"
          data-do="overview"
          title="${t("overview.fold")} (o)"
          aria-label="${t("overview.fold")}"
          aria-controls="overview"
        >
          ${icon("chart")}
        </button>`
    }
    <details class="popup columns" name="popup">
      <summary title="${t("llm.columns")}" aria-label="${t("llm.columns")}">${icon("columns")}</summary>
      <div id="columns-menu"></div>
    </details>
    ${what === "runs" && html`<a class="button quiet" href="/hosts">${t("hosts.link")}</a>`}
    <output class="meaning" id="meaning" hidden></output>
  </form>`;
}

/** Between a list and what stands beside it; in hundredths of the width. */
export function splitter({ t }: View): Html {
  return html`<div
    class="splitter"
    role="separator"
    aria-orientation="vertical"
    aria-label="${t("llm.splitter")}"
    tabindex="0"
    aria-valuenow="46"
    aria-valuemin="25"
    aria-valuemax="75"
  ></div>`;
}
