/**
 * llama.cpp's server in its own shape (POST /completion, /infill): text in pieces, counts and timings in the last one.
 * https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse } from "../dialect.ts";
import { number, object, text, without, type Json } from "../json.ts";
import type { Part, Usage } from "../reading.ts";
import { keepAll } from "./keep.ts";
import { folded } from "./stream.ts";
import { both, toldError, word } from "./values.ts";

const SOURCE = "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md";

export const llamaCpp: Dialect = {
  name: "llama-cpp",
  provider: null,
  bid({ path, responseBody }) {
    if (/\/(completion|infill)\/?$/.test(path)) return 0.95;
    const answer = object(responseBody);
    return typeof answer["content"] === "string" && typeof answer["stop"] === "boolean" ? 0.9 : 0;
  },
  asked,
  assembler,
  answered,
};

function asked(body: unknown): Asked {
  const request = object(body);
  const said = ["prompt", "input_prefix", "input_suffix"].flatMap((key): Part[] => {
    const words = text(request[key]) ?? text(object(request[key])["prompt_string"]);
    return words === null || words === "" ? [] : [{ type: "text", text: words }];
  });
  return {
    model: word(request["model"]),
    system: [],
    messages: said.length > 0 ? [{ role: "user", parts: said }] : [],
    tools: [],
    settings: without(request, "model", "prompt", "input_prefix", "input_suffix", "stream"),
    streamed: request["stream"] === true,
  };
}

function assembler(glimpse: Glimpse): Assembler {
  const whole: Json = {};
  let content = "";
  let came = false;

  function take(json: Json): Added[] | null {
    if (typeof json["content"] !== "string" && typeof json["stop"] !== "boolean") return null;
    came = true;
    keepAll(whole, json, "content", "error");
    const said = text(json["content"]) ?? "";
    content += said;
    const added: Added[] = said === "" ? [] : [{ lane: "text", text: said }];
    return json["stop"] === true ? [...added, { lane: "control", text: endOf(json) ?? "stop" }] : added;
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message: () => (came ? { content, ...whole } : null),
    atEnd(tell) {
      if (whole["stop"] !== true)
        tell(null, "stream/no-terminator", `the stream ended before an event with "stop": true`, "error");
    },
  }));
}

/** Today one word, before that three truths. */
function endOf(answer: Json): string | null {
  const said = text(answer["stop_type"]);
  if (said !== null && said !== "none") return said;
  if (answer["stopped_limit"] === true) return "limit";
  if (answer["stopped_eos"] === true) return "eos";
  return answer["stopped_word"] === true ? "word" : null;
}

function answered(message: unknown): Answered {
  const answer = object(message);
  const said = text(answer["content"]);
  return {
    model: word(answer["model"]),
    choices:
      said === null
        ? []
        : [{ parts: said === "" ? [] : [{ type: "text", text: said }], finish_reason: endOf(answer) }],
    tool_calls: [],
    usage: usageOf(answer),
    error: said === null || answer["error"] ? toldError(message) : null,
  };
}

function usageOf(answer: Json): Usage | null {
  const { tokens_evaluated, tokens_predicted, tokens_cached } = answer;
  const wire = { tokens_evaluated, tokens_predicted, tokens_cached };
  const [input, output] = [number(tokens_evaluated), number(tokens_predicted)];
  if (input === null && output === null) return null;
  // `tokens_cached` is what is in the cache afterwards; what came from it is said by the timings alone.
  const cached = number(object(answer["timings"])["cache_n"]);
  return { input, output, total: both(input, output), cached, cache_write: null, reasoning: null, wire };
}
