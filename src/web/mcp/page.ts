/** The MCP view: sessions at the left, the messages of one session, one message. */
import type { Fold } from "../session-views.ts";
import { SESSION_COLUMNS } from "../../shown/session-columns.ts";
import { html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Place } from "../shell.ts";
import type { View } from "../view.ts";
import { mcpWelcome } from "../welcome.ts";
import type { Key } from "../words.ts";
import { message } from "./message.ts";
import { sessionHead } from "./session-head.ts";
import { session, type Part } from "./session.ts";

/** All that the addresses below /mcp show, loaded with the first of them. */
export { message, session, sessionHead };

export type Opened = { readonly fold: Fold; readonly seq: number | null; readonly part: Part } | null;

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
          <details class="popup columns" name="popup">
            <summary title="${t("llm.columns")}" aria-label="${t("llm.columns")}">${icon("columns")}</summary>
            <div id="columns-menu"></div>
          </details>
        </div>
        <div
          id="sessions"
          class="grid sessions${wanted !== null && " cards"}"
          role="grid"
          tabindex="0"
          aria-label="${t("mcp.sessions")}"
        >
          <div class="row head" role="row" aria-rowindex="1">
            ${SESSION_COLUMNS.filter(({ usual }) => usual).map(
              ({ id, title, align }) =>
                html`<span role="columnheader" class="c-${id}${align ? " num" : ""}"
                  >${t(`ui.mcp.column.${title}` as Key)}</span
                >`,
            )}
          </div>
          <div class="rows" role="rowgroup"></div>
        </div>
      </section>
      <section class="pane session-pane" aria-label="${t("mcp.session")}">
        <div id="session">
          ${opened ? await session(view, opened.fold, opened.part) : wanted !== null ? html`<p class="nothing">${t("mcp.gone")} <code>${wanted}</code></p>` : html`<p class="nothing">${none ? false : t("mcp.pick")}</p>`}
        </div>
      </section>
      <section class="pane message-pane" aria-label="${t("mcp.message")}">
        <div id="message">${opened?.seq != null && (await message(view, opened.fold, opened.seq))}</div>
      </section>
      ${none && wanted === null && mcpWelcome(view)}
    </div>
  </main>`;
  return { place, main, status: wanted !== null && !opened ? 404 : 200 };
}
