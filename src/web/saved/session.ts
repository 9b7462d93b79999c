/** One MCP session to be kept: who spoke, what was offered, what is wrong, and every line in its order. */
import { isObject } from "../../read/json.ts";
import { problemList } from "../panels/problems.ts";
import { clock, ms } from "../../shown/numbers.ts";
import type { ShownLine } from "../../fact/live.ts";
import { html, type Html } from "../html.ts";
import { inventory } from "../mcp/inventory.ts";
import { sessionHead } from "../mcp/session-head.ts";
import { json } from "../parts.ts";
import type { Fold } from "../session-views.ts";
import type { View } from "../view.ts";

/** Lines that a browser lays out without a pause of seconds; the session's file has the rest. */
const MOST_LINES = 3_000;

export async function savedSession(view: View, fold: Fold): Promise<Html> {
  const { t } = view;
  const problems = fold.list.reader.problems().map((it) => ({ ...it, where: `#${it.seq} ${it.where}` }));
  const { lines, last } = await linesOf(view, fold);
  return html`<article class="session">
    ${await sessionHead(view, fold)}
    ${
      problems.length > 0 &&
      html`<section class="kept">
        <h2>${t("panel.problems")}</h2>
        ${problemList(view, problems)}
      </section>`
    }
    <section class="kept">
      <h2>${t("mcp.messages")}</h2>
      <ol class="kept-lines">
        ${lines}
      </ol>
      ${last !== null && html`<p class="cut">${t("saved.more-lines", { n: last })}</p>`}
    </section>
    <section class="kept">
      <h2>${t("mcp.inventory")}</h2>
      ${inventory(view, fold)}
    </section>
  </article>`;
}

/** `last`: the number of the last one that is drawn, where more come. */
async function linesOf(view: View, fold: Fold): Promise<{ lines: Html[]; last: number | null }> {
  const out: Html[] = [];
  let after: number | null = -1;
  while (after !== null && out.length < MOST_LINES) {
    const { items, next } = await view.sources.index.messages(fold.row.id, after, MOST_LINES);
    for (const stored of items) out.push(line(view, fold.list.shown(stored.line, stored.seq), stored.line));
    after = next;
  }
  return { lines: out, last: after };
}

function line(view: View, row: ShownLine, stored: unknown): Html {
  const { t } = view;
  const { message, text, raw } = isObject(stored) ? stored : {};
  // Of an event there is nothing but its line.
  const body = message ?? text ?? raw ?? stored;
  return html`<li class="kept-line from-${row.from}" value="${row.seq}">
    <p>
      <time>${clock(row.at)}</time>
      <b>${row.from === "event" ? "" : t(`mcp.from.${row.from}`)}</b> ${t(`ui.kind.${row.kind}`)}
      <code>${row.method}</code> ${row.name && html`<code class="name">${row.name}</code>`}
      ${row.ms !== null && row.ms !== undefined && ms(row.ms)}
    </p>
    ${typeof body === "string" ? html`<pre class="code">${body}</pre>` : json(view, body)}
  </li>`;
}
