/** What is wrong in a run, and what is only worth knowing: each saying once, with the steps of which it is said. */
import type { RunRow, StepProblem, StepRow } from "../../fact/rows.ts";
import { runProblems } from "../../read/run/explain.ts";
import { clock, count } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { icon } from "../icons.ts";
import { twoSayings } from "../two-sayings.ts";
import type { View } from "../view.ts";

const MOST_PROBLEMS = 50;
/** Steps of which one thing is said that are named; the others are counted. */
const MOST_LINKS = 8;

type Found = StepProblem & { readonly steps: StepRow[] };

/** What is wrong is counted as the run's head counts it; what is only worth knowing stands below. */
export function problemsOf(view: Pick<View, "t" | "lang">, row: RunRow, steps: readonly StepRow[]): Html {
  const { t, lang } = view;
  const found = sameTogether(steps);
  const of = (...severities: StepProblem["severity"][]) =>
    severities.flatMap((severity) => found.filter((one) => one.severity === severity));
  const times = (all: readonly Found[]) => all.reduce((sum, one) => sum + one.steps.length, 0);
  const [wrong, notes] = [of("error", "warning"), of("note")];
  return html`<section>
      <h2>${t("run.problems")} ${wrong.length > 0 && html`<b>${count(times(wrong), lang)}</b>`}</h2>
      ${wrong.length === 0 ? html`<p class="empty">${t("run.no-problems")}</p>` : problemList(view, row, wrong)}
    </section>
    ${
      notes.length > 0 &&
      html`<section>
        <h2>${t("run.notes")} <b>${count(times(notes), lang)}</b></h2>
        ${problemList(view, row, notes)}
      </section>`
    }`;
}

/** Each saying once, with all steps of which it is said. */
function sameTogether(steps: readonly StepRow[]): Found[] {
  const found = new Map<string, Found>();
  for (const step of steps)
    for (const problem of step.problems) {
      const key = JSON.stringify([problem.rule, problem.what]);
      const one = found.get(key);
      if (one) one.steps.push(step);
      else found.set(key, { ...problem, steps: [step] });
    }
  return [...found.values()];
}

function problemList(view: Pick<View, "t" | "lang">, row: RunRow, found: readonly Found[]): Html {
  return html`<ul class="step-problems">
    ${found.slice(0, MOST_PROBLEMS).map(({ steps, rule, severity, what }) => {
      const { first, second } = twoSayings(view, what, runProblems[rule]?.[view.lang] ?? null);
      return html`<li class="is-${severity}">
        ${icon(severity === "note" ? "note" : "warn")}
        <div>
          ${steps.slice(0, MOST_LINKS).map((step) => stepLink(row, step))}
          ${steps.length > MOST_LINKS && html`<small>+${count(steps.length - MOST_LINKS, view.lang)}</small>`}
          <b>${first}</b>
          <p>${second ?? rule}</p>
        </div>
      </li>`;
    })}
  </ul>`;
}

function stepLink(row: RunRow, step: StepRow): Html {
  return html`<a
    href="/run/${row.id}?step=${encodeURIComponent(step.id)}"
    data-step-link="${step.id}"
    title="${clock(step.at)}"
    ><code>${step.name}</code></a
  > `;
}
