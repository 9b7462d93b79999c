/**
 * Anthropic's legacy Text Completions (POST /v1/complete). A stream sends the text in pieces; the last event has the
 * stop reason. (Its first versions sent the whole text so far with every event; those servers are gone.)
 * https://platform.claude.com/docs/en/api/completions
 */
import type { Added, Answered, Asked, Assembler, Dialect, StreamEvent } from "../dialect.ts";
import { isObject, object, text, without, type Json } from "../json.ts";
import { streamProblems } from "./stream-problems.ts";
import { brief, toldError, word } from "./values.ts";

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

export function completionStream(): Assembler {
  const problems = streamProblems(SOURCE);
  let message: Json | null = null;
  let error: unknown = null;
  let token: number | null = null;

  function add({ n, name, data, json }: StreamEvent): Added[] {
    if (!isObject(json)) {
      if (data.trim() !== "")
        problems.tell(n, "stream/not-json", `data that is not a JSON object: ${brief(data)}`);
      return [];
    }
    const type = text(json["type"]) ?? name;
    if (type === "ping") return [];
    if (type === "error" || isObject(json["error"])) {
      error = json["error"] ?? without(json, "type");
      const why = text(object(error)["message"]) ?? brief(data);
      problems.tell(n, "stream/error-event", `the API broke the stream off: ${why}`, "error");
      return [{ lane: "error", text: why }];
    }
    if (type !== "completion" && !("completion" in json)) {
      problems.unknown(n, json);
      return [];
    }
    const piece = text(json["completion"]) ?? "";
    if (piece !== "" && token === null) token = n;
    message = { ...message, ...json, completion: (text(message?.["completion"]) ?? "") + piece };
    const reason = text(json["stop_reason"]);
    return [
      ...(piece === "" ? [] : [{ lane: "text" as const, text: piece }]),
      ...(reason === null ? [] : [{ lane: "control" as const, text: reason }]),
    ];
  }

  function found(ended: boolean): ReturnType<Assembler["problems"]> {
    const late = streamProblems(SOURCE);
    const open = message !== null && message["stop_reason"] == null && error === null;
    if (ended && open) {
      late.tell(null, "stream/no-terminator", "the stream ended before an event with a stop reason", "error");
    }
    return [...problems.found(), ...late.found()];
  }

  function whole(): unknown {
    if (error === null) return message;
    return message === null ? { type: "error", error } : { ...message, error };
  }

  return { add, message: whole, problems: found, firstToken: () => token };
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
    error: completion === null || isObject(answer["error"]) ? toldError(message) : null,
  };
}
