/**
 * Code Assist, Gemini CLI's own door to Gemini: the same request under `request`, the same answer (each chunk too) under
 * `response`, with the model, the project and a trace beside them.
 */
import type { Answered, Asked, Assembler, Dialect, Glimpse } from "../dialect.ts";
import { isObject, object, without, type Json } from "../json.ts";
import { gemini } from "./gemini.ts";
import { geminiStream } from "./gemini-stream.ts";
import { word } from "./values.ts";

export const geminiCodeAssist: Dialect = {
  ...gemini,
  name: "gemini-code-assist",
  bid: ({ path }) => (/\/v1internal:(stream)?generateContent$/i.test(path) ? 0.98 : 0),
  asked,
  assembler,
  answered: (message, glimpse) => placed(gemini.answered(inside(message), glimpse), "$.response"),
  lint: (asked, answered, body, message) => gemini.lint?.(asked, answered, body, inside(message)) ?? [],
};

function asked(body: unknown, glimpse: Glimpse): Asked {
  const outer = object(body);
  const inner = gemini.asked(outer["request"], glimpse);
  const settings = { ...inner.settings, ...without(outer, "request", "model") };
  return placed({ ...inner, model: word(outer["model"]), settings }, "$.request");
}

/** An error stands beside the wrapping, or alone. */
function inside(message: unknown): unknown {
  if (!isObject(message) || !isObject(message["response"])) return message;
  const { error, response } = message;
  return error === undefined ? response : { ...response, error };
}

/** Inline data is found by its path in the whole body. */
function placed<Read extends Asked | Answered>(read: Read, root: string): Read {
  return JSON.parse(JSON.stringify(read), (key, value: unknown) =>
    key === "data" && typeof value === "string" && value.startsWith("$.") ? root + value.slice(1) : value,
  ) as Read;
}

function assembler(glimpse: Glimpse): Assembler {
  const inner = geminiStream(glimpse);
  let beside: Json = {};
  return {
    ...inner,
    add(event) {
      if (!isObject(event.json) || !isObject(event.json["response"])) return inner.add(event);
      beside = { ...beside, ...without(event.json, "response") };
      return inner.add({ ...event, json: event.json["response"] });
    },
    message() {
      const message = inner.message();
      if (!isObject(message)) return message;
      const { error, ...response } = message;
      return { response, ...beside, ...(error !== undefined && { error }) };
    },
  };
}
