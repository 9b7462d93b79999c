/** The page of runs: their list, and one run with its lanes in time, its story, and what is known of each step. */
import type { RunRow } from "../../fact/rows.ts";
import { clock, count, dollars, ms, tokens } from "../../shown/numbers.ts";
import { isOver, standOf, toolName } from "../../filter/run-state.ts";
import { toneOfRun } from "../../shown/run-shown.ts";
import { filterBar, splitter } from "../llm.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { hostName } from "../../read/run/hosts.ts";
import { anchorOf } from "./hosts-page.ts";
import { overview } from "./run-overview.ts";
import { stepDetail } from "./run-step.ts";
import { saveLink } from "../saved/document.ts";
import { keepingButtons } from "../keeping-buttons.ts";
import { runNow } from "./run-now.ts";
import type { Place } from "../shell.ts";
import type { View } from "../view.ts";
import type { Key } from "../words.ts";

export async function runs(view: View, address: string) {
  const { t, sources } = view;
  const { total } = await sources.index.runs({ limit: 1 });
  const place: Place = {
    tab: "runs",
    script: "runs",
    title: `${t("shell.runs")} · MCP Proxy Logger`,
    address,
  };
  const main = html`<main class="view" data-view="runs">
    <h1 class="unseen">${t("shell.runs")}</h1>
    ${filterBar(view, "runs")}
    <div class="panes">
      <section class="pane list-pane whole" aria-label="${t("shell.runs")}">
        <div
          id="list"
          class="grid runs"
          role="grid"
          tabindex="0"
          aria-label="${t("shell.runs")}"
          ${total === 0 && html`hidden`}
        >
          <div class="row head" role="row" aria-rowindex="1">
            <span role="columnheader"><span class="unseen">${t("ui.column.state")}</span></span>
            ${(
              ["time", "client", "story", "state", "calls", "total", "tokens", "cost", "problems"] as const
            ).map(
              (name) =>
                html`<span
                  role="columnheader"
                  class="c-${name}${["total", "tokens", "cost", "problems"].includes(name) && " num"}"
                  >${t(`ui.runs.column.${name}`)}</span
                >`,
            )}
          </div>
          <div class="rows" role="rowgroup"></div>
        </div>
        <p class="nothing" id="none" ${total > 0 && html`hidden`}>
          ${t("runs.none")} <a href="/?welcome">${t("runs.begin")}</a>
        </p>
        <p class="nothing" id="none-fit" hidden>
          ${t("runs.none-fit")}
          <button type="button" class="button" data-do="clear-filter">${t("llm.clear")}</button>
        </p>
        <button class="pill" id="follow-pill" data-do="follow" hidden></button>
      </section>
    </div>
  </main>`;
  return { place, main, status: 200 };
}

export async function run(view: View, id: string, chosen: string | null, address: string) {
  const { t, sources } = view;
  const row = (await runNow(sources, id))?.run ?? null;
  const title = row ? `${row.title || row.id} · ${t("shell.runs")}` : t("shell.runs");
  const place: Place = { tab: "runs", script: "run", title: `${title} · MCP Proxy Logger`, address };
  if (!row) {
    const main = html`<main class="view" data-view="still">
      <p class="nothing">
        ${t("runs.gone")} <code>${id}</code> <a class="button" href="/runs">${t("runs.back")}</a>
      </p>
    </main>`;
    return { place, main, status: 404 };
  }
  const main = html`<main
    class="view"
    data-view="run"
    data-run="${row.id}"
    data-open="yes"
    ${chosen !== null && html`data-step="${chosen}"`}
  >
    ${early(row.id)} ${runHead(view, row)}
    <section class="run-time" aria-label="${t("run.time")}">
      <canvas
        id="lanes"
        tabindex="0"
        role="img"
        aria-label="${t("run.lanes")}"
        aria-describedby="lanes-help"
      ></canvas>
      <p class="lanes-legend" aria-hidden="true">
        ${(["waits", "thinks", "writes", "calls", "host"] as const).map((name) => html`<span><i class="lane-${name}"></i>${t(`run.lanes.${name}`)}</span>`)}
        <span>${t("run.lanes.arrows")}</span>
      </p>
      <p class="unseen" id="lanes-help">${t("run.lanes.help")}</p>
      <div class="run-zoom" role="group" aria-label="${t("run.zoom")}">
        <button
          class="button quiet"
          data-do="zoom-out"
          title="${t("run.zoom.out")} (-)"
          aria-label="${t("run.zoom.out")}"
        >
          ${icon("minus")}
        </button>
        <button
          class="button quiet"
          data-do="zoom-in"
          title="${t("run.zoom.in")} (+)"
          aria-label="${t("run.zoom.in")}"
        >
          ${icon("plus")}
        </button>
        <button
          class="button quiet"
          data-do="zoom-all"
          title="${t("run.zoom.all")} (0)"
          aria-label="${t("run.zoom.all")}"
        >
          ${icon("fit")}
        </button>
      </div>
    </section>
    <div class="panes">
      <section class="pane list-pane" aria-label="${t("run.story")}">
        <div id="list" class="grid steps" role="grid" tabindex="0" aria-label="${t("run.story")}">
          <div class="rows" role="rowgroup"></div>
        </div>
        <button class="pill" id="follow-pill" data-do="follow" hidden></button>
      </section>
      ${splitter(view)}
      <section class="pane detail-pane" aria-label="${t("run.step")}">
        <div id="detail" class="run-detail">
          ${chosen ? await stepPart(view, row.id, chosen) : isLong(row) ? overviewLater(view, row.id) : await overview(view, row)}
        </div>
      </section>
    </div>
  </main>`;
  return { place, main, status: 200 };
}

/** Of a long run the picture comes first: looking through all of its steps takes some hundred ms. */
const LONG = 300;

function isLong({ model_calls, tool_calls }: RunRow): boolean {
  return model_calls + tool_calls > LONG;
}

function overviewLater({ t }: View, id: string): Html {
  return html`<p
    class="empty"
    hx-get="/run/${encodeURIComponent(id)}/part"
    hx-trigger="load"
    hx-target="#detail"
  >
    ${t("run.looking")}
  </p>`;
}

/** What the page's script asks for at once is asked for while the script is on its way. */
function early(id: string): Html {
  return html`<link
    rel="preload"
    as="fetch"
    crossorigin="anonymous"
    href="/run/${encodeURIComponent(id)}/steps"
  />`;
}

/** The fragment for one step, or for none. */
export async function runPart(view: View, id: string, chosen: string | null): Promise<Html | null> {
  const row = (await runNow(view.sources, id))?.run;
  if (!row) return null;
  return chosen ? stepPart(view, id, chosen) : overview(view, row);
}

async function stepPart(view: View, run: string, id: string): Promise<Html> {
  return (
    (await stepDetail(view, run, id)) ??
    html`<p class="nothing">${view.t("run.no-step")} <code>${id}</code></p>`
  );
}

/** The head as it stands now; null where there is no such run. */
export async function runHeadNow(view: View, id: string): Promise<Html | null> {
  const row = (await runNow(view.sources, id))?.run;
  return row ? runHead(view, row) : null;
}

export function runHead(view: View, row: RunRow): Html {
  const { t, lang } = view;
  const { exact, inferred, ambiguous } = row.ties;
  const fact = (name: Key, value: Html | string | number, title = "") =>
    html`<div ${title !== "" && html`title="${title}"`}>
      <dt>${t(name)}</dt>
      <dd>${value}</dd>
    </div>`;
  return html`<header class="run-head" id="run-head">
    <a class="button quiet" href="/runs" aria-label="${t("runs.back")}" title="${t("runs.back")}"
      >${icon("back")}</a
    >
    <h1>${row.title || row.id}</h1>
    <span
      class="run-state is-${toneOfRun(row)}"
      id="run-state"
      data-state="${standOf(row, Date.now())}"
      data-of="${toolName(row.state_of ?? "")}"
      data-since="${row.state_since}"
      >${stateOf(view, row)}</span
    >
    ${keepingButtons(view, { of: "run", id: row.id }, row.starred ? "given" : "none")}
    ${saveLink(view, `/run/${row.id}`)}
    <dl class="facts">
      ${fact("run.agent", row.agent === null ? "–" : html`<a href="/hosts#${anchorOf(hostName(row.agent))}" title="${t("hosts.link")}">${row.agent}</a>`)}
      ${fact("run.models", row.models.join(", ") || "–")} ${fact("run.began", clock(row.at))}
      ${fact("run.took", isOver(row, Date.now()) ? ms(row.last_at - row.at) : html`<span data-began="${row.at}">${ms(Date.now() - row.at)}</span>`)}
      ${fact("run.calls", t("run.calls.n", { models: count(row.model_calls, lang), tools: count(row.tool_calls, lang), agents: row.agents }))}
      ${fact("run.tokens", html`${tokens(row.tokens_in, lang)} → ${tokens(row.tokens_out, lang)}${row.tokens_cached > 0 && html` <small>${t("run.cached", { n: tokens(row.tokens_cached, lang) })}</small>`}`)}
      ${fact("run.cost", row.cost > 0 ? dollars(row.cost) : "–")}
      ${row.servers.length > 0 && fact("run.servers", row.servers.join(", "))}
      ${exact + inferred + ambiguous > 0 && fact("run.ties", t("run.ties.n", { exact, inferred, ambiguous }), t("run.ties.why"))}
      ${row.problems > 0 && fact("run.problems", html`<b class="warn">${count(row.problems, lang)}</b>`)}
    </dl>
  </header>`;
}

/** Who is waited for, in a sentence. */
function stateOf({ t }: View, run: RunRow): string {
  const { state_of, state_since } = run;
  const since = ms(Math.max(0, Date.now() - state_since));
  const words = { of: toolName(state_of ?? ""), since, at: clock(state_since) };
  return t(`ui.runs.state.${standOf(run, Date.now())}`, words);
}
