/** What is wrong with a tool call as a whole: that it was not sent, not answered, answered late, repeated, out of order. */
import type { StepProblem, StepState } from "../../fact/rows.ts";
import { cut, wordsOf } from "./excerpt.ts";
import { EARLY } from "./plausible.ts";
import type { ToolContext } from "./tool-context.ts";
import type { Asked, Served } from "./world.ts";

export function stateProblems(
  { it, seen, closed }: Asked,
  served: readonly Served[],
  state: StepState,
  { isSure, ahead }: { isSure: boolean; ahead: number | null },
): StepProblem[] {
  const problems: StepProblem[] = [];
  if (state === "not-sent")
    problems.push({
      rule: "join/not-sent",
      severity: "warning",
      what: `the model asked for ${it.name}, and the host did not send it to the server${seen ? `: ${cut(wordsOf(seen.result.blocks), 120)}` : ""}`,
    });
  if (state === "no-answer")
    problems.push({ rule: "join/no-answer", severity: "error", what: "the server never answered" });
  if (!isSure || it.kind === "script") return problems;
  const answered = served.filter(({ it: call }) => call.ended !== null && call.state !== "cancelled");
  if (state === "served" && answered.length > 0 && seen === null && Number.isFinite(closed))
    problems.push({
      rule: "join/never-sent-back",
      severity: "error",
      what: "the server answered, and the conversation went on without the result",
    });
  const late =
    ahead === null &&
    seen?.result.fresh &&
    served.length === 1 &&
    (served[0]?.it.ended ?? 0) > seen.node.at + EARLY;
  if (late)
    problems.push({
      rule: "join/answered-late",
      severity: "warning",
      what: "the server answered after the model had already been told something else",
    });
  return problems;
}

export function clockProblems(ahead: number | null): StepProblem[] {
  if (ahead === null) return [];
  const what = `the recorder of the MCP side had another clock, about ${(Math.abs(ahead) / 1000).toFixed(1)} s ${ahead > 0 ? "ahead" : "behind"}: times of both sides are not taken together`;
  return [{ rule: "join/clocks-differ", severity: "note", what }];
}

export function orderProblems({
  isRepeated,
  isOutOfOrder,
}: Pick<ToolContext, "isRepeated" | "isOutOfOrder">): StepProblem[] {
  const problems: StepProblem[] = [];
  if (isOutOfOrder)
    problems.push({
      rule: "join/order-changed",
      severity: "note",
      what: "the results stand in another order than their calls",
    });
  if (isRepeated)
    problems.push({
      rule: "join/repeated",
      severity: "warning",
      what: "the same call with the same arguments, three times or more in this run",
    });
  return problems;
}
