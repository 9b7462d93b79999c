/** How the answer ended: cut by a limit, stopped by a filter, a call that the model got wrong. */
import { object, text } from "../json.ts";
import type { Problem } from "../reading.ts";
import { problem, type Rule } from "./rule.ts";

const OPENAI = "https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-finish_reason";

const LENGTH = new Set([
  "length",
  "max_tokens",
  "model_length",
  "model_context_window_exceeded",
  "error_limit",
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
]);
const MALFORMED = new Set([
  "malformed_function_call",
  "unexpected_tool_call",
  "malformed_tool_use",
  "malformed_model_output",
]);

export const finish: readonly Rule[] = [finished];

function finished({ reading, seen }: Parameters<Rule>[0]): Problem[] {
  return reading.answer.choices.flatMap(({ finish_reason }, i) => {
    const said =
      finish_reason === "incomplete"
        ? text(object(object(seen.message)["incomplete_details"])["reason"])
        : finish_reason;
    const word = (said === "max_output_tokens" ? "length" : (said ?? "")).toLowerCase();
    const where = reading.answer.choices.length > 1 ? `choice ${i}` : "answer";
    if (LENGTH.has(word))
      return [
        problem("warning", "finish/length", where, lengthSentence(said ?? "", reading.settings), OPENAI),
      ];
    if (FILTER.has(word))
      return [
        problem(
          "warning",
          "finish/content-filter",
          where,
          `a content filter stopped the answer (${said})`,
          OPENAI,
        ),
      ];
    if (MALFORMED.has(word))
      return [
        problem(
          "error",
          "finish/malformed-call",
          where,
          `the model wrote a tool call that the API could not read (${said})`,
          OPENAI,
        ),
      ];
    return [];
  });
}

function lengthSentence(said: string, settings: Record<string, unknown>): string {
  if (said === "model_context_window_exceeded")
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
