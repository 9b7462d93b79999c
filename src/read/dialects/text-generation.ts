/**
 * Hugging Face's text-generation-inference in its own shape (POST /generate, /generate_stream, or / with `inputs`): tokens
 * one by one, the whole text in the last event. https://huggingface.github.io/text-generation-inference/
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse } from "../dialect.ts";
import { isObject, number, object, text, without, type Json } from "../json.ts";
import type { Usage } from "../reading.ts";
import { keepAll } from "./keep.ts";
import { folded } from "./stream.ts";
import { plainUsage, toldError, word } from "./values.ts";

const SOURCE = "https://huggingface.github.io/text-generation-inference/";

export const textGeneration: Dialect = {
  name: "text-generation",
  provider: null,
  bid({ path, requestBody, responseBody }) {
    const asks = typeof object(requestBody)["inputs"] === "string";
    if (asks && /\/generate(_stream)?\/?$/.test(path)) return 0.96;
    const first = object(Array.isArray(responseBody) ? responseBody[0] : responseBody);
    const answers = typeof first["generated_text"] === "string" || isObject(first["token"]);
    return answers ? 0.85 : asks && isObject(object(requestBody)["parameters"]) ? 0.4 : 0;
  },
  asked,
  assembler,
  answered,
};

function asked(body: unknown, { path }: Glimpse): Asked {
  const request = object(body);
  const said = text(request["inputs"]);
  return {
    model: word(request["model"]),
    system: [],
    messages: said === null ? [] : [{ role: "user", parts: [{ type: "text", text: said }] }],
    tools: [],
    settings: {
      ...object(request["parameters"]),
      ...without(request, "model", "inputs", "parameters", "stream"),
    },
    streamed: request["stream"] === true || /\/generate_stream\/?$/.test(path),
  };
}

function assembler(glimpse: Glimpse): Assembler {
  const whole: Json = {};
  let pieces = "";
  let came = false;
  let over = false;

  function take(json: Json): Added[] | null {
    const token = object(json["token"]);
    if (!isObject(json["token"]) && typeof json["generated_text"] !== "string") return null;
    came = true;
    over ||= typeof json["generated_text"] === "string";
    keepAll(whole, json, "token", "index", "top_tokens", "error");
    const said = token["special"] === true ? "" : (text(token["text"]) ?? "");
    pieces += said;
    const details = object(json["details"]);
    return [
      ...(said === "" ? [] : [{ lane: "text" as const, text: said }]),
      ...(text(details["finish_reason"])
        ? [{ lane: "control" as const, text: text(details["finish_reason"]) ?? "" }]
        : []),
    ];
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message: () => (came ? { ...whole, generated_text: text(whole["generated_text"]) ?? pieces } : null),
    atEnd(tell) {
      if (!over)
        tell(null, "stream/no-terminator", "the stream ended before the event with the whole text", "error");
    },
  }));
}

function answered(message: unknown): Answered {
  const answer = object(Array.isArray(message) ? message[0] : message);
  const said = text(answer["generated_text"]);
  const details = object(answer["details"]);
  return {
    model: word(answer["model_id"]) ?? word(answer["model"]),
    choices:
      said === null
        ? []
        : [
            {
              parts: said === "" ? [] : [{ type: "text", text: said }],
              finish_reason: text(details["finish_reason"]),
            },
          ],
    tool_calls: [],
    usage: usageOf(answer["details"]),
    error: said === null || answer["error"] ? toldError(message) : null,
  };
}

function usageOf(wire: unknown): Usage | null {
  if (!isObject(wire)) return null;
  const prefill =
    Array.isArray(wire["prefill"]) && wire["prefill"].length > 0 ? wire["prefill"].length : null;
  const input = number(wire["input_length"]) ?? prefill;
  const output = number(wire["generated_tokens"]);
  return plainUsage(input, output, wire);
}
