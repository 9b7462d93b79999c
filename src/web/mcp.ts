/** The MCP view: sessions at the left, the messages of one session, one message. */
import { askedBy } from "./across.ts";
import type { Fold } from "./session-views.ts";
import { clock, count, day, ms } from "../shown/numbers.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { MESSAGE_MILESTONES } from "../fact/milestones.ts";
import { milestoneMeanings } from "../read/milestones/meanings.ts";
import { json } from "./parts.ts";
import { problemList } from "./panels/problems.ts";
import { lineOf } from "../read/mcp/line.ts";
import { withPairs } from "../read/mcp/probes.ts";
import { RULES, sourceOf } from "../read/mcp/rules.ts";
import { changedSentence, toolChanges } from "../read/mcp/tools-since.ts";
import type { Offer, ToolOffer } from "../read/mcp/reading.ts";
import { pulledTools } from "./runs/pulled-tools.ts";
import { pulledBanner } from "./runs/tool-changes.ts";
import { saveLink } from "./saved/document.ts";
import type { Place } from "./shell.ts";
import { named } from "./terms.ts";
import type { View } from "./view.ts";

export type Opened = { readonly fold: Fold; readonly seq: number | null; readonly part: Part } | null;
export type Part = "messages" | "inventory" | "problems";

export async function mcp(view: View, wanted: string | null, opened: Opened, address: string) {
  const { t, status } = view;
  const title = opened ? `${opened.fold.row.name} · MCP` : t("shell.mcp");
  const place: Place = { tab: "mcp", script: "mcp", title: `${title} · MCP Proxy Logger`, address };
  const none = status.sessions === 0;
  const main = html`<main
    class="view"
    data-view="mcp"
    ${wanted !== null && html`data-open="yes"`}
    ${opened?.seq != null && html`data-message="yes"`}
  >
    <h1 class="unseen">${t("shell.mcp")}</h1>
    <div class="panes three">
      <section class="pane sessions-pane" aria-label="${t("mcp.sessions")}">
        <div class="pane-title">
          <h2>${t("mcp.sessions")}</h2>
          <input
            type="search"
            id="session-filter"
            placeholder="${t("mcp.sessions.filter")}"
            aria-label="${t("mcp.sessions.filter")}"
            spellcheck="false"
            maxlength="200"
          />
        </div>
        <div id="sessions" class="grid sessions" role="grid" tabindex="0" aria-label="${t("mcp.sessions")}">
          <div class="rows" role="rowgroup"></div>
        </div>
        ${
          none &&
          html`<div class="welcome small" id="welcome">
            <h2>${t("mcp.none")}</h2>
            <p>${t("welcome.mcp.why")}</p>
            <pre class="code" tabindex="0">
bun run tap --name weather -- \\
  bun src/mcp/weather.ts
bun run wire</pre>
          </div>`
        }
      </section>
      <section class="pane session-pane" aria-label="${t("mcp.session")}">
        <div id="session">
          ${opened ? await session(view, opened.fold, opened.part) : wanted !== null ? html`<p class="nothing">${t("mcp.gone")} <code>${wanted}</code></p>` : html`<p class="nothing">${none ? false : t("mcp.pick")}</p>`}
        </div>
      </section>
      <section class="pane message-pane" aria-label="${t("mcp.message")}">
        <div id="message">${opened?.seq != null && (await message(view, opened.fold, opened.seq))}</div>
      </section>
    </div>
  </main>`;
  return { place, main, status: wanted !== null && !opened ? 404 : 200 };
}

export async function session(view: View, fold: Fold, part: Part): Promise<Html> {
  const { t } = view;
  const { row, list } = fold;
  const { offers, problems } = list.head();
  const tabs: [Part, string, number][] = [
    ["messages", t("mcp.messages"), row.messages],
    ["inventory", t("mcp.inventory"), offers],
    ["problems", t("panel.problems"), problems],
  ];
  return html`<article class="session" data-id="${row.id}" data-part="${part}">
    ${await sessionHead(view, fold)}
    <div class="panel-tabs" role="tablist" aria-label="${t("mcp.parts")}">
      ${tabs.map(
        ([name, title, n]) =>
          html`<a
            role="tab"
            id="tab-${name}"
            href="/mcp/${row.id}?part=${name}"
            hx-get="/mcp/${row.id}?part=${name}"
            hx-target="#session"
            data-part-tab="${name}"
            aria-selected="${name === part ? "true" : "false"}"
            aria-controls="part"
            tabindex="${name === part ? 0 : -1}"
            >${title}
            <b data-n="${name}" class="${name === "problems" && "warn"}" ${n === 0 && html`hidden`}
              >${count(n, view.lang)}</b
            ></a
          >`,
      )}
    </div>
    <div
      id="part"
      role="tabpanel"
      aria-labelledby="tab-${part}"
      class="part part-${part}"
      ${part !== "messages" && html`tabindex="0"`}
    >
      ${part === "problems" ? await problemsPart(view, fold) : partOf(view, fold, part)}
    </div>
  </article>`;
}

export async function sessionHead(view: View, { row, list }: Fold): Promise<Html> {
  const { t, lang, sources } = view;
  const head = list.head();
  const { server, client } = list.reader.who();
  const party = (who: typeof server, otherwise: string | null) =>
    who.name ? `${who.title ?? who.name} ${who.version ?? ""}`.trim() : (otherwise ?? "–");
  // A probe comes before its session, so it is among the last few of that server's.
  const before = (await sources.index.sessions({ limit: 5, before: row.id, name: row.name })).items;
  const changed = toolChanges(row, before);
  const pair = row.probe === true ? null : (withPairs([row, ...before])[0]?.pair ?? null);
  return html`<header class="exchange-head" id="session-head">
    <div class="line">
      <a class="button quiet only-narrow" href="/mcp" data-do="close" aria-label="${t("detail.close")}"
        >${icon("back")}</a
      >
      <span class="state ${row.state === "open" ? "flying" : "still"}"
        >${icon(row.state === "open" ? "stream" : "dot")}${t(`ui.session.${row.state}`)}</span
      >
      <h2 tabindex="-1">${row.name}</h2>
      <small
        >${row.transport}${row.revision && ` · ${row.revision}`}${row.era && ` · ${t(`ui.era.${row.era}`)}`}</small
      >
      <span class="grow"></span>
      ${saveLink(view, `/mcp/${row.id}`)}
    </div>
    <dl class="facts">
      <div>
        <dt>${t("mcp.client")}</dt>
        <dd>${party(client, row.client)}</dd>
      </div>
      <div>
        <dt>${t("mcp.server")}</dt>
        <dd>${party(server, row.server)}</dd>
      </div>
      <div>
        <dt>${t("mcp.started")}</dt>
        <dd><time>${day(row.at, lang)} ${clock(row.at)}</time></dd>
      </div>
      <div>
        <dt>${t("mcp.requests")}</dt>
        <dd>
          <span data-head="requests">${count(head.requests, lang)}</span>
          <small class="flying" data-head="pending" ${head.pending === 0 && html`hidden`}
            >${t("ui.pending", { n: head.pending })}</small
          >
        </dd>
      </div>
      <div>
        <dt>${t("mcp.errors")}</dt>
        <dd data-head="errors" ${head.errors > 0 && html`class="bad"`}>${count(head.errors, lang)}</dd>
      </div>
      <div ${head.milestones === 0 && html`hidden`}>
        <dt>${t("mcp.milestones")}</dt>
        <dd data-head="milestones">${count(head.milestones, lang)}</dd>
      </div>
      ${
        head.stderr > 0 &&
        html`<div>
          <dt>stderr</dt>
          <dd data-head="stderr">${count(head.stderr, lang)}</dd>
        </div>`
      }
      ${
        head.pollution > 0 &&
        html`<div>
          <dt>${t("mcp.pollution")}</dt>
          <dd class="bad" data-head="pollution">${count(head.pollution, lang)}</dd>
        </div>`
      }
      ${
        head.exit !== null &&
        html`<div>
          <dt>${t("mcp.exit")}</dt>
          <dd>${head.exit}</dd>
        </div>`
      }
    </dl>
    ${list.reader
      .problems()
      .filter(({ rule }) => rule === "mcp/not-started")
      .map(({ what }) => html`<p class="trouble">${icon("err")} ${what}</p>`)}
    ${
      changed &&
      html`<p class="trouble">
        ${icon("warn")} <a href="/mcp/${changed.since}">${t("mcp.changed")}</a> ${changed.tools.map(
          ({ name, parts }) =>
            html`<span
              ><code>${name}</code> ${parts.map((part) => t(`mcp.changed.${part}`)).join(", ")}</span
            > `,
        )}
        <a href="/mcp/${row.id}?part=problems">${t("pulled.show")}</a>
      </p>`
    }
    ${row.probe === true && html`<p class="trouble">${icon("note")} ${t("mcp.probe")}</p>`}
    ${
      pair !== null &&
      html`<p class="trouble">
        ${icon("note")} ${t("mcp.probed")} <a href="/mcp/${pair}"><code>server/discover</code></a>
      </p>`
    }
    ${row.command && html`<p class="command"><code>${row.command}</code></p>`}
    <p class="capabilities">
      ${capabilities(t("mcp.client"), client.capabilities)}${capabilities(t("mcp.server"), server.capabilities)}
    </p>
  </header>`;
}

function capabilities(who: string, offered: Record<string, unknown> | null): Html | false {
  const names = Object.keys(offered ?? {});
  return names.length > 0 && html`<span>${who} ${names.map((name) => html`<code>${name}</code> `)}</span>`;
}

/** Those of the messages, and what is only seen beside the session before. */
async function problemsPart(view: View, { row, list }: Fold): Promise<Html> {
  const pulled = await pulledTools(view.sources.index, row);
  const before = await view.sources.index.sessions({ limit: 5, before: row.id, name: row.name });
  const changed = toolChanges(row, before.items);
  const what = changed && changedSentence(changed);
  const [severity, source] = [RULES["mcp/changed-tool"].severity, sourceOf("mcp/changed-tool", row.era)];
  const since = what ? [{ rule: "mcp/changed-tool", where: "inventory", what, severity, source }] : [];
  const own = list.reader.problems().map((it) => ({ ...it, where: `#${it.seq} ${it.where}` }));
  return html`${pulled && pulledBanner(view, pulled)}${problemList(view, [...since, ...own])}`;
}

function partOf(view: View, fold: Fold, part: Exclude<Part, "problems">): Html {
  const { t } = view;
  switch (part) {
    case "messages":
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
          data-src="/mcp/${fold.row.id}/rows"
          data-milestones="${stepNames(view)}"
        >
          <div class="row head" role="row" aria-rowindex="1">
            <span role="columnheader" class="c-time">${t("ui.column.time")}</span
            ><span role="columnheader" class="c-way"><span class="unseen">${t("mcp.way")}</span></span
            ><span role="columnheader" class="c-say"
              ><span class="end client">${t("mcp.client")}</span
              ><span class="end server">${t("mcp.server")}</span><span class="c-fold"></span
              ><span class="c-id">id</span><span class="c-method">${t("mcp.method")}</span
              ><span class="c-note">${t("mcp.says")}</span></span
            ><span role="columnheader" class="c-state">${t("ui.column.state")}</span
            ><span role="columnheader" class="c-ms num">${t("mcp.ms")}</span>
          </div>
          <div class="rows" role="rowgroup"></div>
        </div>
        <button class="pill" id="follow-pill" data-do="follow" hidden></button>`;
    case "inventory":
      return inventory(view, fold);
    default:
      return html`${part satisfies never}`;
  }
}

/** What milestones are called, for the rows: they say them by their names. */
function stepNames({ lang }: View): string {
  const names = MESSAGE_MILESTONES.map((name) => [name, milestoneMeanings[name][lang]] as const);
  return JSON.stringify(
    Object.fromEntries(names.map(([name, { name: words, means }]) => [name, [words, means]])),
  );
}

export function inventory(view: View, { list }: Pick<Fold, "list">): Html {
  const { t } = view;
  const { tools, prompts, resources, templates, changes } = list.reader.reading().inventory;
  const shelf = (title: string, offers: readonly Offer[]) =>
    offers.length > 0 &&
    html`<h3>${title} <small>${offers.length}</small></h3>
      ${offers.map((offer) => drawOffer(view, offer))}`;
  const none = tools.length + prompts.length + resources.length + templates.length === 0;
  return html`<div class="tools">
    ${none && html`<p class="empty">${t("inventory.none")}</p>`}
    ${changes > 0 && html`<p class="trouble">${icon("note")} ${t("inventory.changes", { n: changes })}</p>`}
    ${shelf(t("inventory.tools"), tools)}${shelf(t("inventory.prompts"), prompts)}${shelf(t("inventory.resources"), resources)}${shelf(t("inventory.templates"), templates)}
  </div>`;
}

const MESSAGE = { dialect: "mcp", side: "stream" } as const;
const OFFER = { ...MESSAGE, path: "result.tools" } as const;

function drawOffer(view: View, offer: Offer | ToolOffer): Html {
  const { t } = view;
  const hints =
    "annotations" in offer && typeof offer.annotations === "object" && offer.annotations !== null
      ? Object.entries(offer.annotations).filter(([, yes]) => yes === true)
      : [];
  return html`<details class="offer">
    <summary>
      <code class="name">${offer.name}</code>
      ${hints.map(([hint]) => html`<small>${hint}</small> `)}${offer.calls > 0 && html`<b>${t("inventory.calls", { n: offer.calls })}</b> `}${offer.errors > 0 && html`<b class="bad">${t("inventory.errors", { n: offer.errors })}</b> `}${offer.p50_ms !== null && html`<small>p50 ${ms(offer.p50_ms)}</small>`}<span
        class="says"
        >${offer.description ?? offer.title}</span
      >
    </summary>
    ${offer.description && html`<div class="prose">${offer.description}</div>`}${json(view, offer.wire, OFFER)}
  </details>`;
}

/** One message: what it is, whom it belongs to, and its line as it stands in the file. */
export async function message(view: View, fold: Fold, seq: number): Promise<Html | null> {
  const { t } = view;
  const { row: session, list } = fold;
  const stored = (await view.sources.index.messages(session.id, seq - 1, 1)).items[0];
  if (stored?.seq !== seq) return null;
  const line = lineOf(stored.line, seq);
  const row = list.shown(stored.line, seq);
  const about = list.reader.noteAt(seq)?.call;
  const call = list.reader.callAt(seq) ?? (about ? list.reader.call(about) : null);
  const problems = list.problemsAt(seq) > 0 ? list.reader.problems().filter((it) => it.seq === seq) : [];
  const body =
    line.kind === "message"
      ? line.message
      : line.kind === "raw" || line.kind === "stderr"
        ? line.text
        : stored.line;
  const link = (at: number, words: string) =>
    html`<a href="/mcp/${session.id}/${at}" data-message="${at}">${words} <code>#${at}</code></a>`;
  return html`<article class="message" data-seq="${seq}">
    <header class="exchange-head">
      <div class="line">
        <button
          class="button quiet"
          data-do="close-message"
          aria-label="${t("detail.close")}"
          title="${t("detail.close")} (Esc)"
        >
          ${icon("back")}
        </button>
        <h2 tabindex="-1">
          <span class="method">${t(`ui.kind.${row?.kind ?? "event"}`)}</span>
          ${row?.method && named("mcp", `method:${row.method}`, row.method)}${row?.name && html` <code class="name">${row.name}</code>`}
        </h2>
        <span class="grow"></span
        ><button
          class="button quiet"
          data-do="copy-next"
          title="${t("ui.copy")}"
          aria-label="${t("ui.copy")}"
        >
          ${icon("copy")}
        </button>
      </div>
      <dl class="facts">
        <div>
          <dt>#</dt>
          <dd>${seq}</dd>
        </div>
        <div>
          <dt>${t("ui.column.time")}</dt>
          <dd><time>${Number.isNaN(line.at) ? "–" : clock(line.at)}</time></dd>
        </div>
        ${
          row &&
          row.from !== "event" &&
          html`<div>
            <dt>${t("mcp.from")}</dt>
            <dd>${t(`mcp.from.${row.from}`)}</dd>
          </div>`
        }${
          row?.id &&
          html`<div>
            <dt>id</dt>
            <dd>${row.id}</dd>
          </div>`
        }${
          call &&
          html`<div>
              <dt>${t("ui.column.state")}</dt>
              <dd>${t(`ui.call.${call.state}`)}</dd>
            </div>
            <div>
              <dt>${t("mcp.ms")}</dt>
              <dd>${ms(call.latency_ms)}</dd>
            </div>`
        }
      </dl>
      ${call && html`<p class="related">${call.seq !== seq && link(call.seq, t("mcp.request"))} ${call.answer_seq !== null && call.answer_seq !== seq && link(call.answer_seq, t("mcp.answer"))} ${call.cancelled && call.cancelled.seq !== seq && link(call.cancelled.seq, t("mcp.cancel"))} ${call.progress.length > 0 && html`<span>${t("mcp.progress", { n: call.progress.length })}</span>`}</p>`}
    </header>
    ${call?.method === "tools/call" && (await askedBy(view, `${session.id}/${call.seq}`))}
    ${problems.length > 0 && problemList(view, problems)}
    <div class="code-block">
      ${typeof body === "string" ? html`<pre class="code" tabindex="0">${body}</pre>` : json(view, body, line.kind === "message" ? MESSAGE : undefined)}
    </div>
    ${
      line.kind === "message" &&
      html`<details class="line-as-kept">
        <summary>${t("mcp.line")}</summary>
        ${json(view, stored.line)}
      </details>`
    }
  </article>`;
}
