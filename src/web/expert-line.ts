/** One line in the head: what happened and what went wrong, counted in four levels; all of them a click away. */
import { LEVEL_OF, LEVELS, type Level } from "../fact/milestones.ts";
import { milestonesOf, type Milestone } from "../read/milestones/exchange.ts";
import { milestoneMeanings } from "../read/milestones/meanings.ts";
import type { Problem } from "../read/reading.ts";
import { ms } from "../shown/numbers.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { meaningOf, problemList } from "./panels/problems.ts";
import type { Seen } from "./readings.ts";
import type { View } from "./view.ts";

/** `open` where the address asks for them. */
export function expertLine(view: View, seen: Seen, state: "open" | "folded"): Html | false {
  const problems = [...seen.reading.problems, ...(seen.reading.notes ?? [])];
  const milestones = milestonesOf(seen.exchange, seen.reading, seen.look);
  if (problems.length === 0 && milestones.length === 0) return false;
  const counts = countsOf(problems, milestones.length);
  const worst = LEVELS.findLast((level) => counts[level] > 0) ?? "chat";
  const [tone, sign] = TONES[worst];
  return html`<details class="problem-line ${tone}" ${state === "open" && html`open`}>
    <summary>
      ${icon(sign)}
      <span class="levels"
        >${LEVELS.filter((level) => counts[level] > 0).map((level) => html`<b class="level-${level}">${view.t(`expert.${level}`, { n: counts[level] })}</b>`)}</span
      >
      <span class="says"
        >${firstWords(view, problems) ?? milestones.map((it) => shortOf(view, it)).join(" · ")}</span
      >
    </summary>
    <div class="expert">
      ${
        milestones.length > 0 &&
        html`<ol class="milestones">
          ${milestones.map((it) => drawn(view, seen.exchange.id, it))}
        </ol>`
      }
      ${problems.length > 0 && problemList(view, problems)}
    </div>
  </details>`;
}

const TONES = {
  chat: ["calm", "flag"],
  note: ["noted", "note"],
  warn: ["warn", "warn"],
  error: ["bad", "warn"],
} as const;

function countsOf(problems: readonly Problem[], chat: number): Record<Level, number> {
  const counts = { chat, note: 0, warn: 0, error: 0 };
  for (const { severity } of problems) counts[LEVEL_OF[severity]]++;
  return counts;
}

/** What the error says is said above: the line is for what a reader would not have seen. */
function firstWords(view: View, problems: readonly Problem[]): string | null {
  const other = problems.find(({ rule }) => rule !== "request/rejected" && !rule.startsWith("transfer/"));
  if (!other) return null;
  return view.lang === "en" ? other.what : (meaningOf(view, other.rule) ?? other.what);
}

function shortOf({ lang }: View, { name, of }: Milestone): string {
  const words = milestoneMeanings[name][lang].name;
  return of === null || name === "retry" ? words : `${words} ${of.slice(0, MOST_NAME_CHARS)}`;
}

/** A tool's name may be anything. */
const MOST_NAME_CHARS = 60;

function drawn({ lang }: View, id: string, { name, where, t, of }: Milestone): Html {
  const { name: words, means } = milestoneMeanings[name][lang];
  const place = placeOf(id, where);
  const shown = place
    ? html`<a href="${place.path}" data-place="${place.place}">${words}</a>`
    : html`<b>${words}</b>`;
  return html`<li>
    <span class="at num">${t === null ? "" : ms(t)}</span>
    <p>
      ${shown} ${of !== null && html`<code>${of.slice(0, 200)}</code>`} <span class="means">${means}</span>
    </p>
  </li>`;
}

/** Where it stands on the page: an event of the stream, or a message of the story. */
function placeOf(id: string, where: string): { path: string; place: string } | null {
  const [, kind, n] = /^(event|message) (\d+)$/.exec(where) ?? [];
  if (kind === undefined) return null;
  const panel = kind === "event" ? "stream" : "story";
  return { path: `/llm/${id}/${panel}#${kind}-${n}`, place: `${kind}-${n}` };
}

/** Which events of the stream brought about what, for its table: `[[12, "First token"], …]`. */
export function milestonesAt({ lang }: View, { exchange, reading, look }: Seen): string {
  const found = milestonesOf(exchange, reading, look).flatMap(({ name, where }) => {
    const n = /^event (\d+)/.exec(where)?.[1];
    return n === undefined ? [] : [[Number(n), milestoneMeanings[name][lang].name] as const];
  });
  return JSON.stringify(found);
}
