/** Tool calls with what became of them: who served it, how long that took, how sure we are, and what the model saw. */
import type { StepRow } from "../fact/rows.ts";
import { stepStates, tieRules } from "../read/run/explain.ts";
import { ms } from "../shown/numbers.ts";
import { givenBy } from "./across.ts";
import { html, type Html } from "./html.ts";
import { icon } from "./icons.ts";
import { drawCall, drawResult, type Call, type Numbers, type Result } from "./parts.ts";
import type { Seen } from "./readings.ts";
import type { View } from "./view.ts";

export type Calls = {
  draw(call: Call): Html;
  /** Whether a result stands under its call. */
  isFolded(result: Result): boolean;
};

export async function callsOf(view: View, { exchange, reading }: Seen, numbers: Numbers): Promise<Calls> {
  const steps = new Map<string, StepRow>();
  for (const step of await view.sources.index.stepsOf(exchange.id))
    if (step.kind === "tool" && step.call !== null) steps.set(step.call, step);
  const results = new Map<string, Result>();
  const called = new Set<string>();
  for (const part of reading.messages.flatMap(({ parts }) => parts)) {
    // An id that is used twice belongs to its first call; the second result keeps its own place.
    if (part.type === "tool_result" && part.id !== null && !results.has(part.id)) results.set(part.id, part);
    if (part.type === "tool_call" && part.id !== null) called.add(part.id);
  }
  return {
    draw(call) {
      const step = call.id === null ? undefined : steps.get(call.id);
      const result = call.id === null ? undefined : results.get(call.id);
      const beside = html`${step && served(view, step)}${result && drawResult(view, result, numbers)}`;
      // An answer's own calls have a place in the address.
      const place =
        step && step.exchange === exchange.id ? step.id.slice(step.id.lastIndexOf("#") + 1) : null;
      return drawCall(view, call, numbers, beside, place);
    },
    isFolded: (result) => result.id !== null && called.has(result.id) && results.get(result.id) === result,
  };
}

/** One line with the way to both: the MCP call, and the step of the run. */
function served(view: View, step: StepRow): Html {
  const { t, lang } = view;
  const [tie] = step.ties;
  const server = step.lane.startsWith("server ") ? step.lane.slice(7) : null;
  const [session, seq] = tie?.split(/\/(?=\d+$)/) ?? [];
  const name =
    server ?? t(`call.${step.state === "host" || step.state === "provider" ? step.state : "nobody"}`);
  const took = step.split?.server ?? null;
  return html`<p class="served certainty-${step.certainty ?? "none"}" title="${stepStates[step.state][lang]}">
      ${icon("server")}${server === null ? html`<span>${name}</span>` : html`<span>${t("call.by")} <b>${server}</b></span>`}
      ${took !== null && html`<span>${ms(took)}</span>`}
      ${step.certainty && step.rule && html`<span title="${tieRules[step.rule][lang]}">${t(`call.${step.certainty}`)} <code>${step.rule}</code></span>`}
      ${session !== undefined && seq !== undefined && html`<a data-across href="/mcp/${encodeURIComponent(session)}/${seq}">${t("call.mcp")} ${icon("right")}</a>`}
      <a href="/run/${encodeURIComponent(step.run)}?step=${encodeURIComponent(step.id)}"
        >${t("call.run")} ${icon("right")}</a
      >
    </p>
    ${tie !== undefined && givenBy(view, tie, step)}`;
}
