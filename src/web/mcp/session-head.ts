/** What stands above a session: who speaks, how it went, what is odd about it as a whole. */
import type { Fold } from "../session-views.ts";
import { clock, count, day } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { withPairs } from "../../read/mcp/probes.ts";
import { RULES } from "../../read/mcp/rules.ts";
import { toolChanges } from "../../read/mcp/tools-since.ts";
import { saveLink } from "../saved/document.ts";
import { keepingButtons } from "../keeping-buttons.ts";
import { saidIn } from "../two-sayings.ts";
import type { View } from "../view.ts";

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
      <a class="button quiet closes" href="/mcp" data-do="close" aria-label="${t("detail.close")}"
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
      ${keepingButtons(view, { of: "session", id: row.id }, row.starred ? "given" : "none")}
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
      .map(
        ({ what }) =>
          html`<div class="trouble">
            ${icon("err")}
            <div>
              <p><b>${t("mcp.not-started")}</b> ${saidIn(lang, what)}</p>
              <p class="advice">${RULES["mcp/not-started"][lang]}</p>
            </div>
          </div>`,
      )}
    ${
      changed &&
      html`<p class="trouble is-warn">
        ${icon("warn")} <a href="/mcp/${changed.since}">${t("mcp.changed")}</a> ${changed.tools.map(
          ({ name, parts }) =>
            html`<span
              ><code>${name}</code> ${parts.map((part) => t(`mcp.changed.${part}`)).join(", ")}</span
            > `,
        )}
        <a href="/mcp/${row.id}?part=problems">${t("pulled.show")}</a>
      </p>`
    }
    ${row.probe === true && html`<p class="trouble is-note">${icon("note")} ${t("mcp.probe")}</p>`}
    ${
      pair !== null &&
      html`<p class="trouble is-note">
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
