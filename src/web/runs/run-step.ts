/** One step of a run: what was asked, sent, answered and seen, side by side, with what differs marked. */
import { runProblems, stepStates, tieRules } from "../../read/run/explain.ts";
import type { StepRow, TieRow } from "../../fact/rows.ts";
import { clock, count, dollars, ms, tokens } from "../../shown/numbers.ts";
import { toneOfStep } from "../../shown/run-shown.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { json, written } from "../parts.ts";
import { runData, type StepData } from "./run-data.ts";
import { twoSayings } from "../two-sayings.ts";
import type { View } from "../view.ts";
import type { Key } from "../words.ts";

type Stretch = { kind: "same" | "gone" | "new"; text: string };

/** Characters of a difference that are shown; the rest is in the panels of both sides. */
const SHOWN_CHARS = 20_000;

/** Null when the run has no such step. */
export async function stepDetail(view: View, run: string, id: string): Promise<Html | null> {
  const found = await runData(view.sources, view.see).step(run, id);
  if (!found) return null;
  const { step } = found;
  return html`<article class="run-step is-${toneOfStep(step)}" data-step="${step.id}">
    ${head(view, step)} ${problems(view, step)}
    ${step.kind === "model" ? modelStep(view, step) : toolStep(view, found)}
  </article>`;
}

function head({ t, lang }: View, step: StepRow): Html {
  const state = stepStates[step.state];
  return html`<header class="step-head">
    <h2>${icon(step.kind === "model" ? "stream" : "tool")} <code>${step.name}</code></h2>
    <p class="step-state" title="${state[lang]}">
      <b>${t(`run.step.${step.state}` as Key)}</b> · ${step.lane} · ${clock(step.at)} ·
      ${ms(step.ended === null ? null : step.ended - step.at)}
    </p>
    <p class="why">${state[lang]}</p>
    ${step.certainty && step.rule && html`<p class="tie certainty-${step.certainty}"><b>${t(`run.${step.certainty}` as Key)}</b> <code>${step.rule}</code> ${tieRules[step.rule][lang]}</p>`}
  </header>`;
}

function problems(view: View, { problems: found }: StepRow): Html | false {
  const { t, lang } = view;
  return (
    found.length > 0 &&
    html`<ul class="step-problems">
      ${found.map(({ rule, severity, what }) => {
        const { first, second } = twoSayings(view, what, runProblems[rule]?.[lang] ?? null);
        return html`<li class="is-${severity}">
          ${icon(severity === "note" ? "note" : "warn")}
          <div>
            <b>${first}</b> <code>${rule}</code>
            <p>${second ?? t("run.problem")}</p>
          </div>
        </li>`;
      })}
    </ul>`
  );
}

function modelStep({ t, lang }: View, step: StepRow): Html {
  const context = Object.entries(step.context ?? {}).toSorted(([, a], [, b]) => b - a);
  const whole = context.reduce((sum, [, n]) => sum + n, 0);
  return html`<section class="side">
      <h3>${t("run.asked")}</h3>
      <div class="prose">${step.asked}</div>
      <h3>${t("run.answered")}</h3>
      <div class="prose">${step.answered || "–"}</div>
      <p>
        ${step.exchange && html`<a class="button" href="/llm/${step.exchange}">${icon("right")} ${t("run.open-exchange")}</a>`}
      </p>
    </section>
    <section class="side">
      <h3>${t("run.attempts")}</h3>
      <ol class="attempts">
        ${step.attempts.map(
          ({ exchange, at, ended, model, status, error }) =>
            html`<li>
              <a href="/llm/${exchange}">${clock(at)}</a> ${model ?? ""}
              <b class="${error !== null && "bad"}">${status ?? "–"}</b> ${ms(ended - at)}
              ${error !== null && html`<span class="bad">${error}</span>`}
            </li>`,
        )}
      </ol>
      <h3>${t("run.context")}</h3>
      <p>${tokens(step.tokens_in, lang)} → ${tokens(step.tokens_out, lang)} · ${dollars(step.cost)}</p>
      <table class="context">
        ${context.map(
          ([kind, n]) =>
            html`<tr>
              <th>${t(`run.kind.${kind}` as Key)}</th>
              <td class="num">${count(n, lang)}</td>
              <td>${share(n, whole)}</td>
            </tr>`,
        )}
      </table>
    </section>`;
}

export function share(part: number, whole: number): Html {
  const width = whole === 0 ? 0 : Math.round((part / whole) * 1000) / 10;
  return html`<svg class="share" viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">
    <rect width="100" height="8" class="all"></rect>
    <rect width="${width}" height="8" class="part"></rect>
  </svg>`;
}

function toolStep(view: View, found: StepData): Html {
  const { t } = view;
  const { step, ties, served, asked, seen, wrapper } = found;
  const tie = ties[0];
  return html`${split(view, step)}
    <div class="four">
      <section class="side">
        <h3>
          ${t("run.asked")} ${step.exchange && html`<a href="/llm/${step.exchange}">LLM ${icon("right")}</a>`}
        </h3>
        ${asked ? part(view, asked, "arguments") : html`<p class="empty">${t("run.nobody-asked")}</p>`}
      </section>
      <section class="side">
        <h3>${t("run.sent")} ${tie && messageLink(tie, tie.served.seq)}</h3>
        ${served.length > 0 ? served.map(({ request }) => json(view, request)) : html`<p class="empty">${t("run.nothing-sent")}</p>`}
      </section>
      <section class="side">
        <h3>
          ${t("run.served")} ${tie?.served.answer_seq != null && messageLink(tie, tie.served.answer_seq)}
        </h3>
        ${served.some(({ answer }) => answer !== null) ? served.map(({ answer }) => json(view, answer)) : html`<p class="empty">${t("run.no-answer")}</p>`}
      </section>
      <section class="side">
        <h3>${t("run.seen")} ${step.seen && html`<a href="/llm/${step.seen}">LLM ${icon("right")}</a>`}</h3>
        ${seen ? part(view, seen, "parts") : html`<p class="empty">${t("run.not-seen")}</p>`}
      </section>
    </div>
    ${difference(view, "run.diff.arguments", found.arguments)}
    ${wrapper !== null && html`<p class="why">${t("run.wrapper", { host: wrapper })}</p>`}
    ${difference(view, "run.diff.result", found.result)}`;
}

function messageLink({ served: { session } }: TieRow, seq: number): Html {
  return html`<a data-across href="/mcp/${session}/${seq}">MCP ${icon("right")}</a>`;
}

/** What stands in a call or a result of a reading. */
function part(view: View, value: unknown, member: "arguments" | "parts"): Html {
  const held = (value as Record<string, unknown>)[member];
  return typeof held === "string" ? written(view, held) : json(view, held ?? value);
}

/** Where the time of a call went. */
function split({ t }: View, { split: found }: StepRow): Html | false {
  if (!found) return false;
  const parts = (["host", "server", "back", "model"] as const).map((name) => [name, found[name]] as const);
  const whole = parts.reduce((sum, [, time]) => sum + (time ?? 0), 0);
  let at = 0;
  const bars = parts.map(([name, time]) => {
    const width = whole === 0 ? 0 : ((time ?? 0) / whole) * 100;
    const bar = html`<rect
      class="split-${name}"
      x="${at.toFixed(2)}"
      width="${width.toFixed(2)}"
      height="10"
    ></rect>`;
    at += width;
    return bar;
  });
  return html`<figure class="split">
    <svg viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>
    <figcaption>
      ${parts.map(([name, time]) => html`<span><i class="split-${name}"></i>${t(`run.split.${name}` as Key)} <b>${ms(time)}</b></span>`)}
    </figcaption>
  </figure>`;
}

function difference({ t }: View, title: Key, stretches: readonly Stretch[] | null): Html | false {
  if (!stretches || stretches.every(({ kind }) => kind === "same")) return false;
  let left = SHOWN_CHARS;
  return html`<section class="difference">
    <h3>${t(title)}</h3>
    <pre class="code" tabindex="0">
${stretches.map(({ kind, text }) => {
        const shown = text.slice(0, Math.max(0, left));
        left -= shown.length;
        if (shown === "") return false;
        return kind === "same"
          ? shown
          : kind === "gone"
            ? html`<del>${shown}</del>`
            : html`<ins>${shown}</ins>`;
      })}</pre>
  </section>`;
}
