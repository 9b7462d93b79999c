/**
 * Values that miss nothing but a `format` of their schema. It is an annotation: no problem, and worth a word, since many a
 * validator takes it for more.
 */
import { isTooMuch } from "../../fact/nesting.ts";
import { parseJson } from "../json.ts";
import type { Problem } from "../reading.ts";
import { askedFor } from "./output.ts";
import { problem, quoted, type Read } from "./rule.ts";
import { validate } from "./tools.ts";

const SOURCE = "https://json-schema.org/draft/2020-12/json-schema-validation#section-7.2.1";
/** Of one answer; the rest is of the same kind. */
const MOST_PROBLEMS = 9;

export function formatNotes(read: Read): Problem[] {
  const { exchange, reading } = read;
  if (exchange.close === null) return [];
  const byName = Map.groupBy(reading.tools, ({ name }) => name);
  const calls = reading.tool_calls.slice(0, MOST_PROBLEMS).flatMap((call) => {
    const [tool, ...others] = byName.get(call.name) ?? [];
    if (tool?.kind !== "function" || others.length > 0 || isTooMuch(call.arguments)) return [];
    const missed = validate(tool.schema, parseJson(call.arguments || "{}"), "format");
    return missed.map((what) =>
      note(`tool ${call.id ?? call.name}`, `the arguments of ${quoted(call.name)}`, what),
    );
  });
  const wanted = askedFor(read);
  const answer = wanted?.value === undefined ? [] : validate(wanted.schema, wanted.value, "format");
  return [...calls, ...answer.map((what) => note("answer", "the answer", what))].slice(0, MOST_PROBLEMS);
}

function note(where: string, who: string, what: string): Problem {
  const words = `${who} ${who === "the answer" ? "misses" : "miss"} only a format of the schema, which is an annotation: ${what}`;
  return problem("note", "schema/format", where, words, SOURCE);
}
