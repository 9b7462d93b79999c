/** Lists of models, as OpenAI, Anthropic, OpenRouter, Gemini, Cohere and Ollama write them. */
import type { Dialect } from "../dialect.ts";
import { isObject, list, object, objects, text, type Json } from "../json.ts";

export const models: Dialect = {
  name: "models",
  provider: null,
  bid: ({ path, method, responseBody }) => {
    const kind = text(objects(object(responseBody)["data"])[0]?.["object"]);
    if (method === "GET" && /\/(models|tags)(\/[^:]*)?$/.test(path)) return 0.9;
    return kind === "model" ? 0.7 : 0;
  },
  asked: (_body, { path }) => {
    const model = /\/models\/([^:]+)$/.exec(path)?.[1] ?? null;
    return { model, system: [], messages: [], tools: [], settings: {}, streamed: false };
  },
  answered: (message) => {
    const body = object(message);
    const listed = Array.isArray(message) ? message : "data" in body ? body["data"] : body["models"];
    const one = text(body["object"]) === "model" || text(body["type"]) === "model";
    const ids = (one ? [body] : list(listed)).flatMap(idOf);
    const known = one || Array.isArray(listed);
    const answer = { model: null, choices: [], tool_calls: [], usage: null, error: null };
    return known ? { ...answer, extra: { models: { count: ids.length, ids } } } : answer;
  },
};

function idOf(model: unknown): string[] {
  if (!isObject(model)) return typeof model === "string" ? [model] : [];
  const id = firstText(model, "id", "name", "model");
  return id === null ? [] : [id];
}

function firstText(holder: Json, ...keys: string[]): string | null {
  for (const key of keys) if (typeof holder[key] === "string") return holder[key];
  return null;
}
