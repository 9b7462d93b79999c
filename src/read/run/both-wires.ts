/** A tool call on both wires, whole, with what differs between them marked. */
import type { StepRow } from "../../fact/rows.ts";
import { object, parseJson } from "../json.ts";
import type { Part, Reading } from "../reading.ts";
import { compare, textOf } from "./compare.ts";
import { canonical, canonicalText } from "./excerpt.ts";
import { seenResults } from "./seen.ts";
import { servedResult } from "./served-result.ts";
import { type Stretch, textDiff } from "./text-diff.ts";
import { unwrapped } from "./wrappers.ts";

export type BothWires = {
  asked: unknown;
  served: { request: unknown; answer: unknown }[];
  seen: unknown;
  arguments: Stretch[] | null;
  result: Stretch[] | null;
  wrapper: string | null;
};

/** Characters of a text that are compared: of more the beginning. */
const COMPARED = 200_000;

type Call = Extract<Part, { type: "tool_call" }>;
type Result = Extract<Part, { type: "tool_result" }>;

/** `calls`: the messages of the MCP calls that served it. The readings are those of the asking and the seeing exchange. */
export function bothWires(
  step: StepRow,
  asking: Reading | null,
  calls: readonly { request: unknown; answer: unknown }[],
  seeing: Reading | null,
): BothWires {
  const asked = askedIn(step, asking);
  const seen = seenIn(step, asked, seeing);
  const only = calls.length === 1 ? calls[0]! : null;
  const told =
    only && seen ? resultDiff(step, seen.place, only.answer, seeing!) : { result: null, wrapper: null };
  const params = object(object(only?.request)["params"]);
  return {
    asked: asked ?? null,
    served: [...calls],
    seen: seen?.part ?? null,
    arguments:
      asked && only
        ? textDiff(
            canonicalText(asked.arguments).slice(0, COMPARED),
            canonical(params["arguments"] ?? {}).slice(0, COMPARED),
          )
        : null,
    ...told,
  };
}

function askedIn({ id }: StepRow, asking: Reading | null): Call | undefined {
  const n = Number(/#(\d+)$/.exec(id)?.[1] ?? NaN);
  return asking?.answer.parts.filter((part): part is Call => part.type === "tool_call")[n];
}

/** By its id; where there is none by its name and its place among those of that name. */
function seenIn(
  { call, id }: StepRow,
  asked: Call | undefined,
  seeing: Reading | null,
): { part: Result; place: number } | null {
  if (!seeing) return null;
  const all = seeing.messages
    .flatMap(({ parts }) => parts)
    .filter((part): part is Result => part.type === "tool_result" && part.by === "client");
  const place = all.findLastIndex((part) =>
    call === null ? part.name !== null && part.name === asked?.name : part.id === call,
  );
  if (place < 0 || id === "") return null;
  return { part: all[place]!, place: place - all.length };
}

/** `place` counts from the end, as results are kept. */
function resultDiff(
  { fidelity }: StepRow,
  place: number,
  answer: unknown,
  seeing: Reading,
): Pick<BothWires, "result" | "wrapper"> {
  const result = object(answer)["result"];
  const seen = seenResults("", seeing.messages, COMPARED).at(place);
  if (typeof result !== "object" || result === null || !seen || fidelity === null)
    return { result: null, wrapper: null };
  const served = servedResult(result as Record<string, unknown>, COMPARED);
  const { form } = compare(served, seen);
  const { inner, wrapper } = unwrapped(textOf(seen.blocks).text);
  const { structured, written } = served;
  if (form !== "structured" || structured === null)
    return { result: textDiff(textOf(served.blocks).text, inner), wrapper };
  // Keys are sorted on both sides; what is no JSON any more, since it was cut, is compared as it was written.
  const isWhole = parseJson(inner) !== undefined;
  const [given, shown] = isWhole
    ? [structured.text, canonicalText(inner)]
    : [(written ?? structured).text, inner];
  return { result: textDiff(given, shown), wrapper };
}
