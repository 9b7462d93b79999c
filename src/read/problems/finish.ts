/** How the answer ended: cut by a limit, stopped by a filter, a call that the model got wrong, or in no way that is normal. */
import { list, object, objects, text, type Json } from "../json.ts";
import type { Problem, Reading } from "../reading.ts";
import { problem, type Rule } from "./rule.ts";

const OPENAI = "https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-finish_reason";

const LENGTH = new Set([
  "length",
  "max_tokens",
  "max_output_tokens",
  "model_length",
  "model_context_window_exceeded",
  "error_limit",
  "limit",
]);
const FILTER = new Set([
  "content_filter",
  "content_filtered",
  "guardrail_intervened",
  "safety",
  "recitation",
  "blocklist",
  "prohibited_content",
  "spii",
  "language",
  "image_safety",
  "image_prohibited_content",
  "image_recitation",
  "error_toxic",
  "sensitive",
]);
const MALFORMED = new Set([
  "malformed_function_call",
  "unexpected_tool_call",
  "malformed_tool_use",
  "malformed_model_output",
  "malformed_response",
]);

/** The ends that are as they should be, of all APIs together: none of them means something bad elsewhere. */
const GOOD = new Set([
  // OpenAI's chat and all who speak it; text-generation-inference, Together, Baidu, Databricks.
  "stop",
  "tool_calls",
  "function_call",
  "eos",
  "eos_token",
  "stop_sequence",
  "normal",
  "finish_reason_unspecified",
  // Anthropic, Bedrock.
  "end_turn",
  "tool_use",
  "pause_turn",
  "refusal",
  "compaction",
  "finish",
  "finished",
  "endoftext",
  "end_of_text",
  // Responses, Realtime, Interactions: the status of the whole.
  "completed",
  "requires_action",
  "queued",
  "in_progress",
  "cancelled",
  // Cohere.
  "complete",
  "tool_call",
  // Ollama.
  "load",
  "unload",
  // llama.cpp's own shape: a stop word was met.
  "word",
  // Jobs: batches, videos, agents.
  "ended",
  "validating",
  "finalizing",
  "succeeded",
  "cancelling",
  "canceling",
  "canceled",
  "idle",
]);

export const finish: readonly Rule[] = [finished];

function finished({ reading, seen }: Parameters<Rule>[0]): Problem[] {
  return reading.answer.choices.flatMap(({ finish_reason }, i) => {
    const said =
      finish_reason === "incomplete"
        ? (text(object(object(seen.message)["incomplete_details"])["reason"]) ?? finish_reason)
        : (finish_reason ?? "");
    const where = reading.answer.choices.length > 1 ? `choice ${i}` : "answer";
    const found = endOf(said, reading);
    if (found === null) return [];
    const [severity, rule, what] = found;
    const words = ownWords(object(seen.message), i);
    const isNew = words !== null && words.toLowerCase() !== said.toLowerCase();
    return [problem(severity, rule, where, !isNew ? what : `${what}: ${words}`, OPENAI)];
  });
}

type End = [severity: Problem["severity"], rule: string, what: string];

function endOf(wire: string, { settings, error }: Reading): End | null {
  const numbered = /^\d+$/.test(wire) ? GOOGLE[Number(wire)] : undefined;
  const word = (numbered ?? wire).toLowerCase();
  const said = numbered === undefined ? wire : `${wire} is ${numbered}`;
  if (word === "" || GOOD.has(word)) return null;
  if (LENGTH.has(word)) return ["warning", "finish/length", lengthSentence(word, said, settings)];
  if (FILTER.has(word))
    return ["warning", "finish/content-filter", `a content filter stopped the answer (${said})`];
  if (MALFORMED.has(word)) {
    const what = `the model wrote a tool call that the API could not read (${said})`;
    return ["error", "finish/malformed-call", what];
  }
  // The error itself has been told.
  if (error !== null && /^(failed|error|incomplete)$/.test(word)) return null;
  return ["warning", "finish/not-normal", `the answer did not end as answers do (${said})`];
}

/** What the provider says of this end: Gemini, Anthropic, OpenRouter, Bedrock's guardrails, … each in a place of its own. */
function ownWords(message: Json, i: number): string | null {
  const candidate =
    objects(message["candidates"])[i] ?? object(list(object(message["response"])["candidates"])[i]);
  const choice = objects(message["choices"])[i] ?? {};
  const places = [
    candidate["finishMessage"],
    candidate["finish_message"],
    choice["finish_message"],
    choice["stop_reason"],
    object(choice["error"])["message"],
    object(message["stop_details"])["explanation"],
    object(message["status_details"])["reason"],
    choice["native_finish_reason"],
  ];
  const found = places.map(text).find((words) => words !== null && words !== "");
  return found?.slice(0, 500) ?? null;
}

/** Vertex may write the number of its enum. */
const GOOGLE = [
  "",
  "STOP",
  "MAX_TOKENS",
  "SAFETY",
  "RECITATION",
  "OTHER",
  "BLOCKLIST",
  "PROHIBITED_CONTENT",
  "SPII",
  "MALFORMED_FUNCTION_CALL",
];

function lengthSentence(word: string, said: string, settings: Record<string, unknown>): string {
  if (word === "model_context_window_exceeded")
    return `the answer is cut off: there is no more room in the model's context window (${said})`;
  const generation = object(settings["generationConfig"]);
  const inference = object(settings["inferenceConfig"]);
  for (const holder of [settings, generation, inference])
    for (const key of [
      "max_completion_tokens",
      "max_output_tokens",
      "max_tokens",
      "maxOutputTokens",
      "maxTokens",
      "num_predict",
    ])
      if (typeof holder[key] === "number")
        return `the answer is cut off: it reached ${key} = ${holder[key]} (${said})`;
  return `the answer is cut off: it reached the most tokens that it may have (${said})`;
}
