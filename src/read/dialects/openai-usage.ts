/** Token counts of the OpenAI-shaped APIs, brought to one meaning: input with cached, output with reasoning. */
import { isObject, number, object } from "../json.ts";
import type { Usage } from "../reading.ts";

/** Chat, completions, embeddings: `prompt_tokens`, `completion_tokens` and their details. Null when there is none. */
export function chatUsage(wire: unknown): Usage | null {
  if (!isObject(wire)) return null;
  const prompt = object(
    wire["prompt_tokens_details"] ??
      wire["prompt_token_details"] ??
      wire["input_tokens_details"] ??
      wire["input_token_details"],
  );
  const completion = object(
    wire["completion_tokens_details"] ?? wire["output_tokens_details"] ?? wire["output_token_details"],
  );
  const input = number(wire["prompt_tokens"]) ?? number(wire["input_tokens"]);
  const said = number(wire["completion_tokens"]) ?? number(wire["output_tokens"]);
  const total = number(wire["total_tokens"]);
  const reasoning = number(completion["reasoning_tokens"]) ?? number(wire["reasoning_tokens"]);
  // Perplexity's research counts its reasoning nowhere but in a field of its own.
  const apart = "citation_tokens" in wire && said !== null && reasoning !== null && reasoning > said;
  const output = apart ? said + reasoning : withReasoning(input, said, total, reasoning);
  return {
    input,
    output,
    total:
      apart && total !== null
        ? total + reasoning
        : (total ?? (input !== null && output !== null ? input + output : null)),
    cached:
      number(prompt["cached_tokens"]) ??
      number(wire["prompt_cache_hit_tokens"]) ??
      number(wire["cached_tokens"]) ??
      number(wire["num_cached_tokens"]),
    cache_write: number(prompt["cache_write_tokens"]) ?? number(wire["cache_creation_input_tokens"]),
    reasoning,
    wire,
  };
}

/** xAI counts reasoning beside the completion, not in it; its total says so. */
function withReasoning(
  input: number | null,
  output: number | null,
  total: number | null,
  reasoning: number | null,
) {
  if (input === null || output === null || total === null || !reasoning) return output;
  return total === input + output + reasoning ? output + reasoning : output;
}

/**
 * Gemini behind OpenAI's shape counts its thoughts in the total only, and names them nowhere: what the total has more
 * than input and output is output.
 */
export function withUnnamedThoughts(usage: Usage | null): Usage | null {
  if (!usage || usage.reasoning !== null) return usage;
  const { input, output, total } = usage;
  if (input === null || output === null || total === null || total <= input + output) return usage;
  return { ...usage, output: total - input, reasoning: total - input - output };
}

/** What the API itself says it costs, in US dollars: OpenRouter (a number), Perplexity (an object), xAI (ticks). */
export function statedCost(wire: unknown): number | null {
  if (!isObject(wire)) return null;
  const cost: unknown = wire["cost"];
  const stated = number(cost) ?? number(object(cost)["total_cost"]);
  // With a key of one's own (BYOK) OpenRouter states its fee; the provider's bill stands beside it.
  const upstream =
    wire["is_byok"] === true ? number(object(wire["cost_details"])["upstream_inference_cost"]) : null;
  if (stated !== null) return stated + (upstream ?? 0);
  // 10^10 ticks are a dollar (docs.x.ai). Azure serves the field with a zero that means nothing.
  const ticks = number(wire["cost_in_usd_ticks"]);
  return ticks === null || ticks === 0 ? null : ticks / 1e10;
}
