/** The way from one wire to the other: an MCP call says which model asked for it, a model's call what the server gave. */
import type { StepRow } from "../fact/rows.ts";
import { stepStates, tieRules } from "../read/run/explain.ts";
import { ms } from "../shown/numbers.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { json } from "./parts.ts";
import type { View } from "./view.ts";

/** Of an ambiguous tie, calls that are named; of more nobody reads. */
const MOST_ASKED = 5;

/** Where the n-th call of an answer stands in its Story panel. */
export function callAt(exchange: string, n: string | number): string {
  return `/llm/${encodeURIComponent(exchange)}#call-${n}`;
}

/** `call`: the key of an MCP call, `session/seq`. */
export async function askedBy(view: View, call: string): Promise<Html | false> {
  const { t, lang, sources } = view;
  const { index } = sources;
  const tie = await index.tie(call);
  if (tie === null) {
    const lone = await index.step(call);
    return (
      lone !== null &&
      html`<p class="asked-by" title="${stepStates.nobody[lang]}">
        ${icon("note")} ${t("across.nobody")} ${inRun(view, lone)}
      </p>`
    );
  }
  const steps = (await Promise.all(tie.asked.slice(0, MOST_ASKED).map((id) => index.step(id)))).filter(
    (step) => step !== null,
  );
  const seen = tie.seen === null ? null : await index.exchange(tie.seen);
  return html`<div class="asked-by certainty-${tie.certainty}">
    ${await Promise.all(steps.map((step) => asking(view, step)))}
    <p title="${tieRules[tie.rule][lang]}">
      <b>${t(`call.${tie.certainty}`)}</b> <code>${tie.rule}</code>
      ${tie.confirmed && t("across.confirmed")}
      ${
        tie.seen !== null &&
        html`<a href="/llm/${encodeURIComponent(tie.seen)}"
          >${seen?.turn == null ? t("across.seen") : t("across.seen-in", { n: seen.turn })}
          ${icon("right")}</a
        >`
      }
    </p>
  </div>`;
}

async function asking(view: View, step: StepRow): Promise<Html> {
  const { t, sources } = view;
  const [run, row] = await Promise.all([
    sources.index.run(step.run),
    step.exchange === null ? null : sources.index.exchange(step.exchange),
  ]);
  const title = run?.title || step.run;
  const words = row?.turn == null ? t("across.asked", { title }) : t("across.turn", { n: row.turn, title });
  const n = step.id.slice(step.id.lastIndexOf("#") + 1);
  return html`<p>
    ${icon("tool")}
    ${step.exchange === null ? words : html`<a data-across href="${callAt(step.exchange, n)}">${words}</a>`}
    ${row?.model && html`<small>${row.model}</small>`} <kbd>m</kbd> ${inRun(view, step)}
  </p>`;
}

function inRun({ t }: View, { run, id }: StepRow): Html {
  return html`<a href="/run/${encodeURIComponent(run)}?step=${encodeURIComponent(id)}"
    >${t("call.run")} ${icon("right")}</a
  >`;
}

/** What the server gave, as it gave it, fetched when somebody opens it; what the model saw of it stands beside it. */
export function givenBy({ t }: View, tie: string, { fidelity }: StepRow): Html {
  const [session, seq] = tie.split(/\/(?=\d+$)/);
  const differs = fidelity !== null && !["equal", "unknown"].includes(fidelity.likeness);
  return html`<details class="given-by">
    <summary
      hx-get="/mcp/${encodeURIComponent(session ?? "")}/${seq}/given"
      hx-trigger="click once"
      hx-target="next .given-place"
    >
      ${t("across.given")}
      ${differs && html`<b class="warn">${t(`across.${fidelity.likeness}` as "across.cut", { n: fidelity.seen, m: fidelity.served })}</b>`}
    </summary>
    <div class="given-place"></div>
  </details>`;
}

/** The fragment: the answer of an MCP call, its result alone. Null when it is not known, or was never answered. */
export async function given(view: View, session: string, seq: number): Promise<Html | null> {
  const { index } = view.sources;
  const tie = await index.tie(`${session}/${seq}`);
  const answer = tie?.served.answer_seq ?? null;
  if (answer === null) return null;
  const [request, found] = await Promise.all(
    [seq, answer].map(async (at) => (await index.messages(session, at - 1, 1)).items[0]),
  );
  const message = found?.line["message"];
  if (found?.seq !== answer || typeof message !== "object" || message === null) return null;
  const { result, error } = message as { result?: unknown; error?: unknown };
  const took = request?.seq === seq ? found.at - request.at : null;
  return html`${took !== null && html`<p class="why">${view.t("across.took", { time: ms(took) })}</p>`}
  ${json(view, result ?? error ?? message, { dialect: "mcp", side: "stream" })}`;
}
