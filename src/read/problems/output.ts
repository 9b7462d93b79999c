/** An answer that was asked for as JSON, or by a schema, and is not. */
import { isTooMuch } from "../../fact/nesting.ts";
import { isObject, object, parseJson, text } from "../json.ts";
import type { Problem, Reading } from "../reading.ts";
import { problem, type Rule } from "./rule.ts";
import { validate } from "./tools.ts";

const SOURCE = "https://platform.openai.com/docs/guides/structured-outputs";

export const output: readonly Rule[] = [asAsked];

function asAsked(read: Parameters<Rule>[0]): Problem[] {
  const wanted = askedFor(read);
  if (wanted === null) return [];
  const { value } = wanted;
  if (value === undefined)
    return [
      problem(
        "warning",
        "answer/not-the-json-asked",
        "answer",
        "JSON was asked for, but the answer is not JSON",
        SOURCE,
      ),
    ];
  const errors = validate(wanted.schema, value);
  return errors
    .slice(0, 3)
    .map((error) =>
      problem(
        "warning",
        "answer/not-the-schema-asked",
        "answer",
        `the answer does not match the schema that was asked for: ${error}`,
        SOURCE,
      ),
    );
}

/** The schema, if any, that a whole answer was to be of, and what came; null where no such answer was due. */
export function askedFor({
  exchange,
  reading,
}: Parameters<Rule>[0]): { schema: unknown; value: unknown } | null {
  const wanted = wantedFormat(reading);
  const whole = exchange.close?.ending === "complete" && reading.error === null && reading.refusal === null;
  // Beside tool calls the text is talk; an answer that was cut off has its own problem.
  if (!wanted || !whole || reading.text === "" || reading.tool_calls.length > 0) return null;
  if (!/^(stop|end_turn|completed|STOP|COMPLETE)$/.test(reading.finish_reason ?? "")) return null;
  if (isTooMuch(reading.text)) return null;
  return { ...wanted, value: parseJson(reading.text) ?? lastOf(reading) };
}

/** A model may say what it is about to do before it gives what was asked for: the last of its texts counts. */
function lastOf({ answer }: Reading): unknown {
  const last = answer.parts.findLast((part) => part.type === "text" && part.text.trim() !== "");
  return last?.type === "text" ? parseJson(last.text) : undefined;
}

/** OpenAI's `response_format`, Responses' `text.format`, Gemini's `responseMimeType`, Anthropic's `output_config`, Bedrock's `outputConfig`, Ollama's `format`. */
function wantedFormat({ settings }: Reading): { schema: unknown } | null {
  const format = object(
    settings["response_format"] ??
      object(settings["text"])["format"] ??
      object(settings["output_config"])["format"] ??
      settings["output_format"],
  );
  const type = text(format["type"]);
  if (type === "json_schema") {
    const inside = object(format["json_schema"]);
    return { schema: inside["schema"] ?? format["schema"] ?? null };
  }
  if (type === "json_object") return { schema: null };
  if ((settings["responseMimeType"] ?? settings["response_mime_type"]) === "application/json")
    return { schema: geminiSchema(settings) };
  const bedrock = object(object(settings["outputConfig"])["textFormat"]);
  if (bedrock["type"] === "json_schema") {
    const written = object(object(bedrock["structure"])["jsonSchema"])["schema"];
    return { schema: typeof written === "string" ? parseJson(written) : written };
  }
  if (settings["format"] === "json") return { schema: null };
  return isObject(settings["format"]) ? { schema: settings["format"] } : null;
}

/** In either spelling of protobuf's JSON. */
function geminiSchema(settings: Reading["settings"]): unknown {
  const names = ["responseJsonSchema", "response_json_schema", "responseSchema", "response_schema"];
  return names.map((name) => settings[name]).find((schema) => isObject(schema)) ?? null;
}
