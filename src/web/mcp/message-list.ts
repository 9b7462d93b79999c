/** The frame of a session's messages: how they are shown, filtered and stepped through, and the list itself. */
import { MESSAGE_MILESTONES } from "../../fact/milestones.ts";
import { milestoneMeanings } from "../../read/milestones/meanings.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { View } from "../view.ts";

/** The frame of a session's messages; `public/mcp-messages.js` asks for its rows and draws them. */
export function messageList(view: View, session: string): Html {
  const { t } = view;
  return html`<div class="message-tools" id="message-tools">
      <span class="choice" role="group" aria-label="${t("mcp.view")}"
        ><button class="chip" data-view="sequence" aria-pressed="true">${t("mcp.view.sequence")}</button
        ><button class="chip" data-view="list" aria-pressed="false">${t("mcp.view.list")}</button></span
      >
      <input
        type="search"
        id="message-filter"
        aria-label="${t("mcp.filter")}"
        placeholder="${t("mcp.filter.hint")}"
        spellcheck="false"
        maxlength="200"
        list="message-offers"
      />
      <datalist id="message-offers"></datalist>
      <output class="shown" data-found></output>
      <span class="hit-steps" role="group" aria-label="${t("mcp.hits")}"
        ><button
          class="button quiet"
          data-hit="-1"
          aria-label="${t("mcp.hit.before")}"
          title="${t("mcp.hit.before")}"
        >
          ${icon("up")}</button
        ><button
          class="button quiet"
          data-hit="1"
          aria-label="${t("mcp.hit.next")}"
          title="${t("mcp.hit.next")}"
        >
          ${icon("down")}
        </button></span
      >
      <span class="grow"></span>
      <span class="steps-of" role="group" aria-label="${t("mcp.step")}"
        ><button
          class="button quiet"
          data-step="-1"
          aria-label="${t("mcp.step.before")}"
          title="${t("mcp.step.before")}"
        >
          ${icon("back")}</button
        ><output data-step-at></output
        ><button class="button quiet" data-step="1" title="${t("mcp.step.next")}">
          ${icon("play")} ${t("mcp.step")}
        </button></span
      >
    </div>
    <div
      id="list"
      class="grid messages sequence"
      role="treegrid"
      tabindex="0"
      aria-label="${t("mcp.messages")}"
      data-src="/mcp/${session}/rows"
      data-milestones="${stepNames(view)}"
    >
      <div class="row head" role="row" aria-rowindex="1">
        <span role="columnheader" class="c-time">${t("ui.column.time")}</span
        ><span role="columnheader" class="c-way"><span class="unseen">${t("mcp.way")}</span></span
        ><span role="columnheader" class="c-say"
          ><span class="end client">${t("mcp.client")}</span><span class="end server">${t("mcp.server")}</span
          ><span class="c-fold"></span><span class="c-id">id</span
          ><span class="c-method">${t("mcp.method")}</span><span class="c-note">${t("mcp.says")}</span></span
        ><span role="columnheader" class="c-state">${t("ui.column.state")}</span
        ><span role="columnheader" class="c-ms num">${t("mcp.ms")}</span>
      </div>
      <div class="rows" role="rowgroup"></div>
    </div>
    <button class="pill" id="follow-pill" data-do="follow" hidden></button>`;
}

/** What milestones are called, for the rows: they say them by their names. */
function stepNames({ lang }: View): string {
  const names = MESSAGE_MILESTONES.map((name) => [name, milestoneMeanings[name][lang]] as const);
  return JSON.stringify(
    Object.fromEntries(names.map(([name, { name: words, means }]) => [name, [words, means]])),
  );
}
