/** A WebSocket that responses were made on: which, in their order, each with the way to it. */
import { filterOf } from "../../filter/filter.ts";
import type { ExchangeRow } from "../../fact/rows.ts";
import { count, ms, size, tokens } from "../../shown/numbers.ts";
import { storyOf } from "../../shown/columns.ts";
import { standing } from "../../shown/standing.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { listing } from "../list.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";

/** A run of an agent has some dozens; the list has all. */
const MOST_RESPONSES = 100;

export async function responsesOf(view: View, { exchange }: Seen): Promise<Html> {
  const { t, sources } = view;
  const q = `socket:${exchange.id}`;
  const { items, total } = await listing(sources, { limit: MOST_RESPONSES, filter: filterOf({ q }) });
  const n = Math.max(total, exchange.responses ?? 0);
  return html`<section class="held">
    <h3>${t("socket.title")} <small>${t("ui.socket.held", { n })}</small></h3>
    <p class="why">${t("socket.why")}</p>
    ${items.length < n && html`<p><a href="/?q=${encodeURIComponent(q)}">${t("socket.all", { n })}</a></p>`}
    <ol class="held-rows" start="${items.at(-1)?.n ?? 1}">
      ${items.toReversed().map((row) => drawn(view, row, exchange.at))}
    </ol>
  </section>`;
}

/** Characters of one message that are shown, and messages: the socket's own record has all of them. */
const MOST_SHOWN = { chars: 4_000, messages: 50 };

/** Messages of the socket before this response, on which it rests. */
export function saidBefore({ t, lang }: View, { exchange: { before = [], part } }: Seen): Html | false {
  if (before.length === 0 || !part) return false;
  const decoder = new TextDecoder();
  const line = ({ t: at, from, bytes }: (typeof before)[number]) => {
    const text = decoder.decode(bytes.subarray(0, MOST_SHOWN.chars));
    return html`<li>
      <small>${from} −${ms(-at)} · ${size(bytes.byteLength)}</small>
      <pre>${text}${bytes.byteLength > MOST_SHOWN.chars && "…"}</pre>
    </li>`;
  };
  return html`<details class="said-before">
    <summary>${t("socket.before", { n: count(before.length, lang) })}</summary>
    <p class="why">${t("socket.before.why")}</p>
    <ol>
      ${before.slice(0, MOST_SHOWN.messages).map(line)}
    </ol>
  </details>`;
}

function drawn({ t, lang }: View, row: ExchangeRow, since: number): Html {
  const { asked, answered, tone } = storyOf(row);
  const { tone: state, sign, status, word } = standing(row);
  return html`<li class="is-${state}" value="${row.n ?? 0}">
    <a href="/llm/${row.id}" data-do="turn" data-to="${row.id}"
      >${icon(sign)} <span class="unseen">${status} ${word !== null && t(`ui.${word}`)}</span
      ><span class="asked">${asked}</span>${answered !== "" && icon("arrow")}<span class="answered ${tone}"
        >${answered}</span
      ></a
    >
    <small
      >+${ms(row.at - since)} · ${row.duration_ms === null ? t("ui.streaming") : ms(row.duration_ms)} ·
      ${tokens(row.tokens_in, lang)} → ${tokens(row.tokens_out, lang)}</small
    >
  </li>`;
}
