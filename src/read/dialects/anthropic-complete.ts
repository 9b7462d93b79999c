/**
 * Anthropic's legacy Text Completions (POST /v1/complete). A stream sends the text in pieces; the last event has the
 * stop reason. (Its first versions sent the whole text so far with every event; those servers are gone.)
 * https://platform.claude.com/docs/en/api/completions
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { isObject, object, text, without, type Json } from "../json.ts";
import { isEmpty, keepAll } from "./keep.ts";
import { folded } from "./stream.ts";
import { errorBeside, toldError, word } from "./values.ts";

const SOURCE = "https://platform.claude.com/docs/en/api/completions";

export const anthropicComplete: Dialect = {
  name: "anthropic-complete",
  provider: "anthropic",
  bid({ path, requestBody, responseBody }) {
    if (/\/v1\/complete\/?$/.test(path)) return 0.95;
    if (isObject(responseBody) && responseBody["type"] === "completion" && "completion" in responseBody)
      return 0.85;
    const asks = isObject(requestBody) && "max_tokens_to_sample" in requestBody;
    return asks && typeof requestBody["prompt"] === "string" ? 0.7 : 0;
  },
  asked,
  assembler: completionStream,
  answered,
};

export function asked(body: unknown): Asked {
  const request = object(body);
  const prompt = text(request["prompt"]);
  return {
    model: word(request["model"]),
    system: [],
    messages: prompt === null ? [] : [{ role: "user", parts: [{ type: "text", text: prompt }] }],
    tools: [],
    settings: without(request, "model", "prompt", "stream"),
    streamed: request["stream"] === true,
  };
}

export function completionStream(glimpse: Glimpse | null = null): Assembler {
  let message: Json | null = null;

  function take(json: Json, { name }: StreamEvent): Added[] | null {
    const type = text(json["type"]) ?? name;
    if (type !== "completion" && !("completion" in json)) return null;
    const piece = text(json["completion"]) ?? "";
    message ??= {};
    keepAll(message, json, "completion", "error");
    message["completion"] = (text(message["completion"]) ?? "") + piece;
    const reason = text(json["stop_reason"]);
    return [
      ...(piece === "" ? [] : [{ lane: "text" as const, text: piece }]),
      ...(reason === null ? [] : [{ lane: "control" as const, text: reason }]),
    ];
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message: () => message,
    atEnd(tell) {
      if (message === null || !isEmpty(message["stop_reason"])) return;
      tell(null, "stream/no-terminator", "the stream ended before an event with a stop reason", "error");
    },
  }));
}

export function answered(message: unknown): Answered {
  const answer = object(message);
  const completion = text(answer["completion"]);
  return {
    model: word(answer["model"]),
    choices:
      completion === null
        ? []
        : [
            {
              parts: completion === "" ? [] : [{ type: "text", text: completion }],
              finish_reason: text(answer["stop_reason"]),
            },
          ],
    tool_calls: [],
    usage: null,
    error: completion === null ? toldError(message) : errorBeside(answer["error"]),
  };
}
