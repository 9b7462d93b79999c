/**
 * Reranking: a query and documents in, their order and scores out. Cohere (POST /v1/rerank, /v2/rerank) and those who
 * took its shape over: Voyage, Jina, vLLM, Together, Azure. https://docs.cohere.com/reference/rerank
 */
import type { Dialect } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import type { Part, Turn, Usage } from "../reading.ts";
import { usageOf } from "./cohere-parts.ts";
import { chatUsage } from "./openai-usage.ts";
import { toldError, word, written } from "./values.ts";

export const rerank: Dialect = {
  name: "rerank",
  provider: null,
  bid({ path, requestBody, responseBody }) {
    if (/\/rerank\/?$/.test(path)) return 0.9;
    const asks = isObject(requestBody) && "query" in requestBody && Array.isArray(requestBody["documents"]);
    return asks && resultsOf(object(responseBody)).length > 0 ? 0.7 : 0;
  },
  asked(body) {
    const request = object(body);
    const query = text(request["query"]);
    const documents = list(request["documents"] ?? request["texts"]).map(documentPart);
    const parts: Part[] = query === null ? documents : [{ type: "text", text: query }, ...documents];
    const messages: Turn[] = parts.length > 0 ? [{ role: "user", parts }] : [];
    const settings = without(request, "model", "query", "documents", "texts");
    return { model: word(request["model"]), system: [], messages, tools: [], settings, streamed: false };
  },
  answered(message) {
    const answer = object(message);
    const results = resultsOf(answer).map((result) => ({
      index: number(result["index"]) ?? 0,
      score: scoreOf(result),
    }));
    const ranked = results.length > 0 || Array.isArray(answer["results"]);
    return {
      model: word(answer["model"]),
      choices: [],
      tool_calls: [],
      usage: counted(answer["usage"]) ?? usageOf(answer["meta"]),
      error: ranked ? null : toldError(message),
      ...(ranked && { extra: { ranking: { count: results.length, results } } }),
    };
  },
};

/** Nothing is generated: where only a total is told, all of it was read. */
function counted(wire: unknown): Usage | null {
  const usage = chatUsage(wire);
  return usage && { ...usage, input: usage.input ?? usage.total };
}

/** Cohere, Jina and vLLM say `results`, Voyage `data`. */
function resultsOf(answer: Json): Json[] {
  return objects(answer["results"] ?? answer["data"]).filter((result) => scoreOf(result) !== null);
}

function scoreOf(result: Json): number | null {
  return number(result["relevance_score"]) ?? number(result["relevanceScore"]) ?? number(result["score"]);
}

/** A document is a text, or an object with one among other fields. */
function documentPart(document: unknown): Part {
  const said = text(document) ?? text(object(document)["text"]) ?? written(document);
  return { type: "text", text: said };
}
