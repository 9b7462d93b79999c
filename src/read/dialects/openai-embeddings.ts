/** Embeddings of OpenAI, Azure, Mistral, Voyage, … : how many vectors, how long each. */
import type { Dialect } from "../dialect.ts";
import { list, number, object, objects, text, without } from "../json.ts";
import type { Part } from "../reading.ts";
import { contentParts } from "./openai-parts.ts";
import { chatUsage, statedCost } from "./openai-usage.ts";

export const openaiEmbeddings: Dialect = {
  name: "openai-embeddings",
  provider: null,
  bid: ({ path, responseBody }) => {
    if (/\/embeddings\/?$/.test(path)) return 0.9;
    return text(objects(object(responseBody)["data"])[0]?.["object"]) === "embedding" ? 0.8 : 0;
  },
  asked: (body) => {
    const request = object(body);
    const input = request["input"];
    const inputs = Array.isArray(input) && input.some((one) => typeof one !== "number") ? input : [input];
    return {
      model: text(request["model"]),
      system: [],
      messages: inputs
        .filter((one) => one !== undefined)
        .map((one, i) => ({ role: "user", parts: inputParts(one, i) })),
      tools: [],
      settings: without(request, "model", "input"),
      streamed: false,
    };
  },
  answered: (message) => {
    const body = object(message);
    const vectors = objects(body["data"]);
    const usage = chatUsage(body["usage"]);
    // Voyage counts only a total: all of it is input.
    const counted = usage && usage.input === null ? { ...usage, input: usage.total } : usage;
    const cost = statedCost(body["usage"]);
    return {
      model: text(body["model"]),
      choices: [],
      tool_calls: [],
      usage: counted,
      error: null,
      ...(cost !== null && { stated_cost: cost }),
      ...(vectors.length > 0 && {
        extra: { embedding: { count: vectors.length, dimensions: dimensions(vectors[0]?.["embedding"]) } },
      }),
    };
  },
};

function inputParts(input: unknown, i: number): Part[] {
  if (typeof input === "string") return [{ type: "text", text: input }];
  if (Array.isArray(input) && input.every((token) => number(token) !== null))
    return [{ type: "unknown", kind: "tokens", value: input }];
  return contentParts(object(input)["content"] ?? input, `$.input[${i}].content`);
}

/** A vector is a list of numbers or the base64 of 32-bit floats. */
function dimensions(vector: unknown): number | null {
  if (typeof vector === "string") {
    const padding = vector.endsWith("==") ? 2 : vector.endsWith("=") ? 1 : 0;
    return Math.floor(((vector.length * 3) / 4 - padding) / 4);
  }
  return Array.isArray(vector) ? list(vector).length : null;
}
