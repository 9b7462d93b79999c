/** What Cohere's v1 and v2 chat have in common: tools, citations, token counts. */
import { isObject, list, number, object, objects, text, type Json } from "../json.ts";
import type { Part, Usage } from "../reading.ts";
import { both } from "./values.ts";

/** A citation names its sources: documents, or results of tools. */
export function citation(value: unknown): Part {
  const given = object(value);
  const [source] = objects(given["sources"]);
  const about = object(source?.["document"] ?? source?.["tool_output"]);
  return {
    type: "citation",
    title: text(about["title"]) ?? text(source?.["id"]),
    url: text(about["url"]),
    text: text(given["text"]),
    value,
  };
}

/**
 * `tokens` are what the model saw and made, `billed_units` what is paid for (without what Cohere adds to the prompt).
 * `wire` is v2's `usage` or v1's `meta`.
 */
export function usageOf(wire: unknown): Usage | null {
  if (!isObject(wire)) return null;
  const tokens = isObject(wire["tokens"]) ? wire["tokens"] : object(wire["billed_units"]);
  const legacy = object(wire["token_count"]);
  const input = number(tokens["input_tokens"]) ?? number(legacy["prompt_tokens"]);
  const output = number(tokens["output_tokens"]) ?? number(legacy["response_tokens"]);
  if (input === null && output === null && list(Object.keys(tokens)).length === 0) return null;
  const cached = number(wire["cached_tokens"]) ?? number(tokens["cached_tokens"]);
  const reasoning = number(tokens["reasoning_tokens"]);
  return { input, output, total: both(input, output), cached, cache_write: null, reasoning, wire };
}

/** A document of a request: text, or an object with an id and fields. */
export function documentPart(value: unknown, path: string): Part {
  const given = object(value);
  const fields: Json = isObject(given["data"]) ? given["data"] : given;
  const said = typeof value === "string" ? value : JSON.stringify(value);
  const name = text(fields["title"]) ?? text(given["id"]);
  const bytes = new TextEncoder().encode(said).byteLength;
  return { type: "file", mime: null, url: text(fields["url"]), data: path, bytes, name };
}
