/** What was asked, turn by turn, and what came: the way a person reads it. Opened at what is new. */
import { count } from "../../shown/numbers.ts";
import { callsOf, type Calls } from "../calls.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { Panel } from "./panel.ts";
import { drawPart, drawTurn, numbered, type Numbers } from "../parts.ts";
import type { Part, Turn } from "../../read/reading.ts";
import type { Seen } from "../readings.ts";
import type { View } from "../view.ts";
import { drawAnswer, others } from "./answer.ts";
import { extras } from "./extras.ts";
import { responsesOf } from "./socket.ts";

/** Turns that stand open at most. An agent's request carries its whole past. */
const OPEN = 12;
/** Earlier turns that one click brings: a fragment stays small, however long the past. */
const STEP = 30;

export const story: Panel = {
  name: "story",
  title: "panel.story",
  shows: ({ reading, exchange, look }) =>
    (exchange.responses ?? 0) > 0 ||
    (reading.dialect !== "raw" &&
      (reading.messages.length > 0 ||
        reading.system.length > 0 ||
        reading.answer.parts.length > 0 ||
        look.stream !== null ||
        (exchange.close === null && exchange.wire === "http") ||
        extras({ reading }) !== null ||
        reading.error !== null)),
  draw(view, seen) {
    if (seen.exchange.responses) return responsesOf(view, seen);
    const { messages } = seen.reading;
    return storyFrom(
      view,
      seen,
      messages.length <= OPEN ? 0 : Math.max(lastSaid(seen), messages.length - OPEN),
    );
  },
};

/** All of its turns. */
export function wholeStory(view: View, seen: Seen): Promise<Html> {
  return storyFrom(view, seen, 0);
}

/** What came after the model's last word is this turn's; that word stays open, it is what the turn answers to. */
function lastSaid({ reading }: Seen): number {
  return reading.messages.findLastIndex(({ role }) => role === "assistant");
}

async function storyFrom(view: View, seen: Seen, start: number): Promise<Html> {
  const { t } = view;
  const { reading } = seen;
  const numbers = numbered(reading.tools);
  const { messages } = reading;
  const said = lastSaid(seen);
  const calls = await callsOf(view, seen, numbers);
  const isFresh = (n: number) => said >= 0 && n === said + 1;
  return html`<div class="conversation">
    ${reading.system.length > 0 && systemTurn(view, reading.system, numbers)}
    ${reading.tools.length > 0 && toolNames(view, seen)} ${earlier(view, seen, start)}
    ${messages.slice(start).map((turn, at) => html`${isFresh(start + at) && html`<p class="fresh-turn" id="fresh">${t("conversation.new")}</p>`}${drawn(view, seen, turn, calls, numbers, start + at + 1)}`)}
    ${messages.length === 0 && reading.system.length === 0 && extras({ reading }) === null && html`<p class="empty">${t("conversation.none")}</p>`}
    ${extras({ reading })?.(view)} ${drawAnswer(view, seen, calls)}${others(view, seen)}
  </div>`;
}

/** The turns before number `to`, as far as one click goes, and the way to those before them. */
export async function older(view: View, seen: Seen, to: number): Promise<Html> {
  const { messages, tools } = seen.reading;
  const from = Math.max(0, to - STEP);
  const numbers = numbered(tools);
  const calls = await callsOf(view, seen, numbers);
  const turns = messages
    .slice(from, to)
    .map((turn, at) => drawn(view, seen, turn, calls, numbers, from + at + 1));
  return html`${earlier(view, seen, from)}${turns}`;
}

/** What is wrong with a message stands at it, too. */
function marksOf({ reading }: Seen, n: number): string[] {
  const place = new RegExp(`^\\$\\.(?:messages|contents|input)\\[${n - 1}\\]`);
  return reading.problems.filter(({ where }) => place.test(where)).map(({ what }) => what);
}

/** A message that holds nothing but results which stand under their calls is shown there. */
function drawn(view: View, seen: Seen, turn: Turn, calls: Calls, numbers: Numbers, n: number): Html | false {
  const parts = turn.parts.filter((part) => part.type !== "tool_result" || !calls.isFolded(part));
  if (parts.length === 0 && turn.parts.length > 0) return false;
  const marks = marksOf(seen, n);
  const drawnTurn = drawTurn(view, { ...turn, parts }, numbers, n, calls.draw);
  if (marks.length === 0) return drawnTurn;
  return html`${drawnTurn}
    <p class="marked-problem">${icon("warn")} ${marks.join(" · ")}</p>`;
}

/** Two lines of it and its weight: the same thousand words stand above every turn. */
function systemTurn(view: View, parts: readonly Part[], numbers: Numbers): Html {
  const { t, lang } = view;
  const text = parts.map((part) => (part.type === "text" ? part.text : "")).join("\n");
  return html`<details class="turn role-system" ${text.length < 240 && html`open`}>
    <summary>
      <span class="role">${t("role.system")}</span
      ><small class="nth"
        >${t("story.weight", { n: count(Math.ceil(text.length / CHARS_PER_TOKEN), lang) })}</small
      >
      <span class="first-lines">${text.slice(0, 400)}</span>
    </summary>
    ${parts.map((part) => drawPart(view, part, numbers))}
  </details>`;
}

/** Of English and JSON alike; said as about. */
const CHARS_PER_TOKEN = 4;

function toolNames({ t }: View, { reading, exchange }: Seen): Html {
  const called = new Set(reading.tool_calls.map(({ name }) => name));
  const names = reading.tools.map(
    ({ name }, n) =>
      html`<span class="${called.has(name) && "called"}"
        ><i class="n">${n + 1}</i><code>${name}</code></span
      > `,
  );
  const address = `/llm/${exchange.id}/context`;
  return html`<section class="turn role-tools">
    <p class="tool-names">
      <a class="role" href="${address}" hx-get="${address}" hx-target="#detail" data-panel-link
        >${t("story.tools", { n: names.length })}</a
      >
      ${names.slice(0, MOST_NAMES)}
      ${names.length > MOST_NAMES && html`<small>+${names.length - MOST_NAMES}</small>`}
    </p>
  </section>`;
}

/** Agents offer fifty and more: the Context panel has them all. */
const MOST_NAMES = 16;

function earlier({ t }: View, { exchange }: Seen, n: number): Html | false {
  if (n === 0) return false;
  const address = `/llm/${exchange.id}/older?to=${n}`;
  return html`<p class="older">
    <button class="button" hx-get="${address}" hx-target="closest .older" hx-swap="outerHTML">
      ${t("conversation.older", { n })}
    </button>
    <span class="on-paper">${t("conversation.left-out", { n })}</span>
  </p>`;
}
