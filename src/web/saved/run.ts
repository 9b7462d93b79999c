/** One run to be kept: its head, what stands out in it, and each step with both sides of every call. */
import type { RunRow } from "../../fact/rows.ts";
import { count } from "../../shown/numbers.ts";
import { html, type Html } from "../html.ts";
import { overview } from "../runs/run-overview.ts";
import { runHead } from "../runs/run-page.ts";
import { stepDetail } from "../runs/run-step.ts";
import type { View } from "../view.ts";

/** Each is read from the recordings of both wires. */
const MOST_STEPS = 200;

export async function savedRun(view: View, row: RunRow): Promise<Html> {
  const { t, lang, sources } = view;
  const { items } = await sources.index.steps(row.id, undefined, MOST_STEPS);
  const steps: (Html | null)[] = [];
  for (const { id } of items) steps.push(await stepDetail(view, row.id, id));
  const left = row.model_calls + row.tool_calls - items.length;
  return html`<article class="run-detail">
    ${runHead(view, row)}
    <section class="kept">${await overview(view, row)}</section>
    <section class="kept">
      <h2>${t("run.story")}</h2>
      ${steps} ${left > 0 && html`<p class="cut">${t("saved.more-steps", { n: count(left, lang) })}</p>`}
    </section>
  </article>`;
}
