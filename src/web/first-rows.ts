/** The newest rows as HTML, for the first moment of the page: `public/list.js` draws the list itself as soon as it runs. */
import type { ExchangeRow } from "../fact/rows.ts";
import { barOf } from "../shown/bar.ts";
import { COLUMNS, socketMark, storyOf, type Column } from "../shown/columns.ts";
import { inChinese } from "../shown/said-in-chinese.ts";
import { standing } from "../shown/standing.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { listing } from "./list.ts";
import type { View } from "./view.ts";

/** More than a tall screen shows. */
const FIRST = 60;

/** Those of the usual columns; the style sheet hides what has no room. Hidden from readers of the screen, who get the list. */
export async function firstRows(view: View): Promise<Html | false> {
  const { items } = await listing(view.sources, { limit: FIRST });
  if (items.length === 0) return false;
  return html`<div class="first-rows" aria-hidden="true">
    ${items.toReversed().map((row) => drawn(view, row))}
  </div>`;
}

function drawn(view: View, row: ExchangeRow): Html {
  const cells = COLUMNS.filter(({ usual }) => usual).map((column) => cell(view, column, row));
  return html`<div
    class="row is-${standing(row).tone}${socketMark(row)}${row.starred === true && " starred"}"
  >
    ${cells}
  </div>`;
}

function cell({ t, lang }: View, { id, kind, align, text }: Column, row: ExchangeRow): Html {
  const name = `c-${id}${align ? " num" : ""}`;
  const { sign, status, word } = standing(row);
  switch (kind) {
    case "sign":
      return html`<span class="${name}">${icon(sign)}</span>`;
    case "status":
      return html`<span class="${name}">${status} ${word !== null && t(`ui.${word}`)}</span>`;
    case "text":
      return html`<span class="${name}">${text?.(row, { now: Date.now(), lang }) ?? ""}</span>`;
    case "bar":
      return html`<span class="${name}">${bar(row)}</span>`;
    case "story": {
      const { asked, tools, ...said } = storyOf(row);
      const answered = row.responses
        ? t("ui.socket.held", { n: row.responses })
        : said.tone === "broken" && lang === "zh"
          ? inChinese(said.answered)
          : said.answered;
      return html`<span class="${name}"
        ><span class="asked">${asked}</span>${answered !== "" && icon("arrow")}<span
          class="answered ${said.tone}"
          >${answered}</span
        ><span class="tools">${tools.join(", ")}</span></span
      >`;
    }
    default:
      return kind satisfies never;
  }
}

function bar(row: ExchangeRow): Html {
  const { wait, end, first, tone } = barOf(row, Date.now());
  return html`<svg class="timebar ${tone}" viewBox="0 0 100 12" preserveAspectRatio="none" aria-hidden="true">
    <rect class="wait" width="${wait}" height="12"></rect>
    <rect class="stream" x="${wait}" width="${Math.max(0, end - wait)}" height="12"></rect>
    ${first !== null && html`<rect class="first" x="${first}" width="1.5" height="12"></rect>`}
  </svg>`;
}
