/** Embeddings of the APIs that do not speak OpenAI's shape: Gemini and Vertex, Cohere, Ollama. */
import type { Answered, Asked, Dialect } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import { fromUrl } from "../media.ts";
import type { Part, Turn, Usage } from "../reading.ts";
import * as coherePart from "./cohere-parts.ts";
import { contentParts } from "./gemini-content.ts";
import { modelOf } from "./gemini.ts";
import * as ollama from "./ollama.ts";
import { first, sum, toldError, word } from "./values.ts";

/** https://ai.google.dev/api/embeddings, and Vertex AI's `:predict` of text embedding models. */
export const geminiEmbeddings: Dialect = {
  name: "gemini-embeddings",
  provider: "gemini",
  bid({ path, responseBody }) {
    if (/:(batch)?embedContents?$/i.test(path)) return 0.95;
    const answer = object(responseBody);
    const one = object(answer["embedding"]);
    const [many] = objects(answer["embeddings"]);
    const [predicted] = objects(answer["predictions"]);
    if (path.endsWith(":predict") && isObject(predicted?.["embeddings"])) return 0.9;
    return Array.isArray(one["values"]) || Array.isArray(many?.["values"]) ? 0.8 : 0;
  },
  asked(body, { path }) {
    const request = object(body);
    const requests = objects(request["requests"]);
    const contents =
      requests.length > 0
        ? requests.map((one, i) => contentParts(one["content"], `$.requests[${i}].content`))
        : "content" in request
          ? [contentParts(request["content"], "$.content")]
          : objects(request["instances"]).map((one) => contentParts(one["content"], "$.instances"));
    const model = word(request["model"]) ?? word(requests[0]?.["model"]);
    return {
      ...asking(contents, without(request, "model", "content", "requests", "instances")),
      model: model?.replace(/^models\//, "") ?? modelOf(path),
      settings: { ...without(requests[0] ?? request, "model", "content", "instances", "requests") },
    };
  },
  answered(message) {
    const answer = object(message);
    const predictions = objects(answer["predictions"]).map((one) => object(one["embeddings"]));
    const one = isObject(answer["embedding"]) ? [answer["embedding"]] : [];
    const made = [...one, ...objects(answer["embeddings"]), ...predictions];
    const statistics = predictions.map(({ statistics: said }) => object(said)["token_count"]);
    const wire =
      answer["usageMetadata"] ?? (predictions.length > 0 ? predictions[0]?.["statistics"] : undefined);
    const input = number(object(wire)["promptTokenCount"]) ?? sum(...statistics);
    return answering(
      answer,
      made.map((each) => each["values"]),
      counting(wire, input),
    );
  },
};

/** POST /v2/embed and /v1/embed: https://docs.cohere.com/reference/embed */
export const cohereEmbeddings: Dialect = {
  name: "cohere-embeddings",
  provider: "cohere",
  bid({ path, host, responseBody }) {
    if (/\/v[12]\/embed\/?$/.test(path)) return host?.includes("cohere") === true ? 0.98 : 0.85;
    return String(object(responseBody)["response_type"]).startsWith("embeddings_") ? 0.9 : 0;
  },
  asked(body) {
    const request = object(body);
    const texts = list(request["texts"]).map((said): Part[] => [{ type: "text", text: String(said) }]);
    const images = list(request["images"]).map((image, i): Part[] => [
      fromUrl("image", image, `$.images[${i}]`),
    ]);
    const inputs = objects(request["inputs"]).map((input, i) => inputParts(input, `$.inputs[${i}]`));
    return asking([...texts, ...images, ...inputs], without(request, "texts", "images", "inputs"));
  },
  answered(message) {
    const answer = object(message);
    const embeddings = answer["embeddings"];
    // By type (`float`, `int8`, …): the same vectors in each.
    const made = Array.isArray(embeddings)
      ? embeddings
      : list(Object.values(object(embeddings)).find(Array.isArray));
    const billed = object(object(answer["meta"])["billed_units"]);
    const input = sum(billed["input_tokens"], billed["image_tokens"]);
    return answering(answer, made, coherePart.usageOf(answer["meta"]) && counting(answer["meta"], input));
  },
};

/** POST /api/embed, and the older /api/embeddings: https://github.com/ollama/ollama/blob/main/docs/api.md */
export const ollamaEmbeddings: Dialect = {
  name: "ollama-embeddings",
  provider: "ollama",
  bid({ path, responseBody }) {
    if (/\/api\/embed(dings)?\/?$/.test(path)) return 0.9;
    const answer = object(responseBody);
    return Array.isArray(list(answer["embeddings"])[0]) && "total_duration" in answer ? 0.8 : 0;
  },
  asked(body) {
    const request = object(body);
    const input = request["input"] ?? request["prompt"];
    const inputs = Array.isArray(input) ? input : input === undefined ? [] : [input];
    const { options, ...rest } = without(request, "input", "prompt");
    const texts = inputs.map((said): Part[] => [{ type: "text", text: String(said) }]);
    return asking(texts, { ...rest, ...object(options) });
  },
  answered(message) {
    const answer = object(message);
    const one = Array.isArray(answer["embedding"]) ? [answer["embedding"]] : [];
    return answering(answer, [...one, ...list(answer["embeddings"])], ollama.usageOf(answer));
  },
};

function inputParts(input: Json, path: string): Part[] {
  return list(input["content"]).map((block, i): Part => {
    const given = object(block);
    const image = object(given["image_url"])["url"];
    if (image !== undefined) return fromUrl("image", image, `${path}.content[${i}].image_url.url`);
    return { type: "text", text: text(given["text"]) ?? "" };
  });
}

/** Each input is a message of its own. */
function asking(inputs: Part[][], { model, ...settings }: Json): Asked {
  const messages = inputs.map((parts): Turn => ({ role: "user", parts }));
  return { model: word(model), system: [], messages, tools: [], settings, streamed: false };
}

function counting(wire: unknown, input: number | null): Usage | null {
  if (!isObject(wire)) return null;
  const total = number(first(wire, "totalTokenCount", "total_tokens")) ?? input;
  return { input, output: null, total, cached: null, cache_write: null, reasoning: null, wire };
}

function answering(answer: Json, vectors: unknown[], usage: Usage | null): Answered {
  const dimensions = Array.isArray(vectors[0]) ? vectors[0].length : null;
  const embedding = { count: vectors.length, dimensions };
  return {
    model: word(answer["model"]),
    choices: [],
    tool_calls: [],
    usage,
    error: vectors.length === 0 || answer["error"] ? toldError(answer) : null,
    ...(vectors.length > 0 && { extra: { embedding } }),
  };
}
