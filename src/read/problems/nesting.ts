/** JSON that is too deep, or too much, to be taken for a value: it is shown as the text that it is, and that is said. */
import { DEEPEST, isTooMuch, MOST_VALUES } from "../../fact/nesting.ts";
import type { Problem } from "../reading.ts";
import { deepEvents, isDeepBody } from "../too-deep.ts";
import { problem, type Rule } from "./rule.ts";

export const nesting: readonly Rule[] = [tooDeep];

function tooDeep({ seen, reading }: Parameters<Rule>[0]): Problem[] {
  const places: string[] = [];
  if (isDeepBody(seen.glimpse.requestBody)) places.push("request");
  if (!seen.stream && isDeepBody(seen.message)) places.push("response");
  const events = deepEvents(seen.stream);
  if (events.length > 0) places.push(`event ${events[0]}`);
  for (const call of reading.tool_calls)
    if (isTooMuch(call.arguments)) places.push(call.id === null ? `call of ${call.name}` : `call ${call.id}`);
  const what = `JSON nested deeper than ${DEEPEST} levels, or of more than ${MOST_VALUES} values, is kept as text`;
  return places.map((where) => problem("note", "record/too-deep", where, what));
}
