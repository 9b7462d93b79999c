/** One message: what it is, whom it belongs to, and its line as it stands in the file. */
import { lineOf } from "../../read/mcp/line.ts";
import { coloured, withoutColours } from "../../read/mcp/terminal-text.ts";
import { clock, ms } from "../../shown/numbers.ts";
import { askedBy } from "../across.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { problemList } from "../panels/problems.ts";
import { json } from "../parts.ts";
import { mediaOf } from "./media.ts";
import type { Fold } from "../session-views.ts";
import { named } from "../terms.ts";
import type { View } from "../view.ts";

const MESSAGE = { dialect: "mcp", side: "stream" } as const;

/** Null where the session has no such message. */
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
    ${line.kind === "message" && mediaOf(view, line.message, `/mcp/${session.id}/${seq}/media`)}
    <div class="code-block">
      ${typeof body === "string" ? html`<pre class="code" tabindex="0">${written(body)}</pre>` : json(view, body, line.kind === "message" ? MESSAGE : undefined)}
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

/** Text for a terminal in the colours that it asks for. A page of it, then as words alone: a piece for each word costs more than it tells. */
function written(text: string): (Html | string)[] {
  const pieces = coloured(text.slice(0, MOST_COLOURED));
  const drawn = pieces.map(({ text: words, tones }) =>
    tones.length === 0
      ? words
      : html`<span class="${tones.map((tone) => `as-${tone}`).join(" ")}">${words}</span>`,
  );
  return [...drawn, withoutColours(text.slice(MOST_COLOURED))];
}

const MOST_COLOURED = 32 * 1024;
