/** Token counts that contradict each other. */
import type { Problem } from "../reading.ts";
import { problem, type Rule } from "./rule.ts";

const SOURCE = "https://platform.openai.com/docs/api-reference/chat/object#chat-object-usage";

export const usage: readonly Rule[] = [addsUp];

function addsUp({ reading: { usage: counts } }: Parameters<Rule>[0]): Problem[] {
  if (!counts) return [];
  const { input, output, total, cached, cache_write, reasoning } = counts;
  const found: string[] = [];
  if (input !== null && output !== null && total !== null && input + output !== total)
    found.push(`${input} input and ${output} output tokens are ${input + output}, the API says ${total}`);
  if (cached !== null && input !== null && cached > input)
    found.push(`${cached} cached tokens are more than all ${input} input tokens`);
  else if (input !== null && (cached ?? 0) + (cache_write ?? 0) > input)
    found.push(
      `${cached ?? 0} cached and ${cache_write} newly cached tokens are more than all ${input} input tokens`,
    );
  if (reasoning !== null && output !== null && reasoning > output)
    found.push(`${reasoning} reasoning tokens are more than all ${output} output tokens`);
  const negative = [input, output, total, cached, reasoning].some((count) => count !== null && count < 0);
  if (negative) found.push("a token count is negative");
  return found.map((what) => problem("warning", "usage/does-not-add-up", "usage", what, SOURCE));
}
