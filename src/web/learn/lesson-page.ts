/** One lesson: what passed on one side, the step that points into it on the other. */
import { ms } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import type { View } from "../view.ts";
import { lines, prose } from "./card.ts";
import { explainedAt, type Frame, framesOf, type Mark, marksOf } from "./frames.ts";
import type { Lesson, Question } from "./lesson.ts";
import { lessons } from "./lessons.ts";
import type { Played } from "./recorded.ts";

/** `wanted` counts from 1. */
export function lessonPage(view: View, lesson: Lesson, items: readonly Played[], wanted: number): Html {
  const { t, lang, sources } = view;
  const frames = framesOf(items);
  const marks = marksOf(frames, lesson.steps);
  const now = Math.min(lesson.steps.length, Math.max(1, wanted)) - 1;
  const n = lessons.indexOf(lesson);
  const following = lessons[n + 1];
  return html`<main class="view lesson" data-view="lesson" data-step="${now}" data-lesson="${lesson.name}">
    <header class="lesson-head">
      <a class="button quiet" href="/learn" aria-label="${t("lessons.all")}" title="${t("lessons.all")}"
        >${icon("back")}</a
      >
      <div class="grow">
        <h1>${lesson.title[lang]}</h1>
        <p>${prose(lesson.about[lang])}</p>
      </div>
      ${
        sources.runLesson !== undefined &&
        html`<button class="button primary" data-run="${lesson.name}">
          ${icon("play")} ${t("lessons.run")}
        </button>`
      }
      <a class="button" href="/learn/${lesson.name}/recording.json" download>${t("lessons.download")}</a>
    </header>
    <div class="lesson-body">
      <section class="frames" tabindex="0" aria-label="${t("lessons.passed")}">
        ${items.map((item, of) => drawItem(view, item, of, frames, marks, now))}
      </section>
      <section class="steps" id="lesson" aria-label="${t("lessons.steps")}">
        <ol class="dots">
          ${lesson.steps.map(
            ({ lead }, at) =>
              html`<li>
                <a
                  href="?step=${at + 1}"
                  data-go="${at}"
                  ${at === now && html`aria-current="step"`}
                  title="${lead[lang]}"
                  ><span class="unseen">${t("lessons.step", { n: at + 1, m: lesson.steps.length })}</span></a
                >
              </li>`,
          )}
        </ol>
        <div class="told" aria-live="polite">
          ${marks.map((mark, at) => drawStep(view, lesson, items, frames, mark, at, now))}
        </div>
        <nav class="ways" aria-label="${t("lessons.ways")}">
          <button class="button" data-way="-1" title="${t("lessons.before")} (←)">
            ${icon("back")} ${t("lessons.before")}
          </button>
          <span class="grow"></span>
          <button class="button primary" data-way="1" title="${t("lessons.after")} (→)">
            ${t("lessons.after")} ${icon("arrow")}
          </button>
          ${following ? html`<a class="button next-lesson" href="/learn/${following.name}">${following.title[lang]} ${icon("arrow")}</a>` : html`<a class="button next-lesson" href="/learn">${t("lessons.all")}</a>`}
        </nav>
      </section>
    </div>
  </main>`;
}

function drawItem(
  view: View,
  item: Played,
  of: number,
  frames: readonly Frame[],
  marks: readonly (Mark | null)[],
  now: number,
): Html {
  const { t } = view;
  const title =
    item.kind === "exchange"
      ? html`${item.exchange.method} <code>${item.exchange.path.replace("/@demo", "")}</code>
          <small
            >${item.raw.ending === "complete" ? item.raw.response.status : t(`ending.${item.raw.ending}`)}</small
          >`
      : html`MCP
          <small>${item.list.reader.row().transport} · ${item.list.reader.row().revision ?? ""}</small>`;
  const own = frames.flatMap((frame, n) => (frame.of === of ? [[n, frame] as const] : []));
  return html`<div class="item">
    <h2>${of + 1}. ${title}</h2>
    ${own.map(([n, frame]) => drawFrame(view, frame, n, marks, now))}
  </div>`;
}

function drawFrame({ t }: View, frame: Frame, n: number, marks: readonly (Mark | null)[], now: number): Html {
  const own = marks.flatMap((mark, step) => (mark?.frame === n ? [{ ...mark, step }] : []));
  const isOn = own.some(({ step }) => step === now);
  return html`<div
    class="frame from-${frame.from} at-${frame.at} ${isOn && "on"}"
    data-steps="${own.map(({ step }) => step).join(" ")}"
  >
    <span class="way"
      >${icon(frame.from === "client" ? "right" : "left")}<span class="unseen"
        >${t(`mcp.from.${frame.from}`)}</span
      ></span
    ><span class="at num">${frame.t === null ? "" : ms(frame.t)}</span>
    <pre>${pieces(frame.text, own, now)}</pre>
    ${frame.adds && html`<span class="adds" data-lane="${frame.adds.lane}">${frame.adds.text.replaceAll("\n", "⏎")}</span>`}
  </div>`;
}

/** The text in pieces, cut wherever a mark begins or ends: each says which steps it belongs to. */
function pieces(text: string, marks: readonly (Mark & { step: number })[], now: number): Html[] {
  const cuts = [...new Set([0, text.length, ...marks.flatMap(({ start, end }) => [start, end])])].toSorted(
    (a, b) => a - b,
  );
  return cuts.slice(0, -1).map((start, n) => {
    const words = text.slice(start, cuts[n + 1]);
    const steps = marks.filter((mark) => mark.start <= start && mark.end > start).map(({ step }) => step);
    if (steps.length === 0) return html`${words}`;
    return html`<mark data-steps="${steps.join(" ")}" class="${steps.includes(now) && "on"}">${words}</mark>`;
  });
}

function drawStep(
  view: View,
  { steps, question }: Lesson,
  items: readonly Played[],
  frames: readonly Frame[],
  mark: Mark | null,
  at: number,
  now: number,
): Html | false {
  const step = steps[at];
  const frame = mark && frames[mark.frame];
  const item = step && items[step.of];
  if (!step) return false;
  const told = frame && item ? explainedAt(item, frame, step) : null;
  return html`<article class="step-told" data-at="${at}" ${at !== now && html`hidden`}>
    <p class="nth">${view.t("lessons.step", { n: at + 1, m: steps.length })}</p>
    <p class="lead">${prose(step.lead[view.lang])}</p>
    ${told && lines(view, told)} ${question?.before === at + 1 && ask(view, question)}
  </article>`;
}

/** Predict, then look. The order of the answers follows their words, which says nothing of which is right. */
function ask({ t, lang }: View, { ask: asked, answers }: Question): Html {
  const shown = answers.toSorted((a, b) => (a.words.en < b.words.en ? -1 : 1));
  return html`<fieldset class="predict">
    <legend>${t("lessons.predict")}</legend>
    <p>${prose(asked[lang])}</p>
    ${shown.map(
      ({ words, right, why }) =>
        html`<details class="${right ? "right" : "wrong"}" name="predict">
          <summary>${prose(words[lang])}</summary>
          <p>${icon(right ? "ok" : "err")} ${prose(why[lang])}</p>
        </details>`,
    )}
  </fieldset>`;
}
