/** Why the prompt cache did not help, in the provider's own diagnosis: given only to who asked for it. */
import { number, object, text } from "../json.ts";
import type { Problem } from "../reading.ts";
import { problem, type Rule } from "./rule.ts";

const ANTHROPIC = "https://platform.claude.com/docs/en/build-with-claude/prompt-caching";
const OPENAI = "https://platform.openai.com/docs/guides/prompt-caching";

export const cache: readonly Rule[] = [missed];

function missed({ seen }: Parameters<Rule>[0]): Problem[] {
  const message = object(seen.message);
  const anthropic = object(object(message["diagnostics"])["cache_miss_reason"]);
  const openai = object(message["prompt_cache_diagnostics"]);
  const reason = text(anthropic["type"]) ?? text(openai["reason"]) ?? text(openai["type"]);
  if (reason === null || reason === "cache_hit") return [];
  const lost = number(anthropic["cache_missed_input_tokens"]) ?? number(openai["cache_missed_tokens"]);
  const reusable = number(openai["comparison_reusable_tokens"]);
  const counts = [
    ...(lost === null ? [] : [`${lost} tokens were read anew`]),
    ...(reusable === null ? [] : [`${reusable} could have been reused`]),
  ];
  const what = `the prompt cache was missed: ${MEANS[reason] ?? reason} (${reason})${counts.length > 0 ? `; ${counts.join(", ")}` : ""}`;
  return [problem("note", "usage/cache-missed", "usage", what, text(anthropic["type"]) ? ANTHROPIC : OPENAI)];
}

const MEANS: Readonly<Record<string, string>> = {
  model_changed: "another model was asked than before",
  system_changed: "the system prompt is another than before",
  tools_changed: "the tools are others than before, or in another order",
  messages_changed: "an earlier message is not as it was",
  input_changed: "an earlier item of the input is not as it was",
  previous_message_not_found: "the message to compare with is not known any more",
  comparison_response_not_found: "the response to compare with is not known any more",
  prompt_cache_key_changed: "the prompt_cache_key is another",
  text_format_changed: "the format that is asked for the text is another",
  reasoning_effort_changed: "the reasoning effort is another",
  verbosity_changed: "the verbosity is another",
  context_compacted: "the conversation was summed up",
  service_tier_changed: "the service tier is another",
  unavailable: "the provider cannot say why",
};
