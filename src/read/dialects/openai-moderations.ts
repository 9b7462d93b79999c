/** Moderations: what was flagged, and as what. */
import type { Dialect } from "../dialect.ts";
import { list, object, objects, text, without } from "../json.ts";
import { contentParts } from "./openai-parts.ts";

export const openaiModerations: Dialect = {
  name: "openai-moderations",
  provider: null,
  bid: ({ path, responseBody }) => {
    if (/\/moderations\/?$/.test(path)) return 0.95;
    const result = objects(object(responseBody)["results"])[0];
    return result && "flagged" in result && "categories" in result ? 0.8 : 0;
  },
  asked: (body) => {
    const request = object(body);
    const input = request["input"];
    const texts = list(input).every((one) => typeof one === "string");
    const inputs = Array.isArray(input) && texts ? input : input === undefined ? [] : [input];
    return {
      model: text(request["model"]),
      system: [],
      messages: inputs.map((one) => ({ role: "user", parts: contentParts(one, "$.input") })),
      tools: [],
      settings: without(request, "model", "input"),
      streamed: false,
    };
  },
  answered: (message) => {
    const body = object(message);
    const results = objects(body["results"]);
    const categories = results.flatMap((result) =>
      Object.entries(object(result["categories"])).flatMap(([name, hit]) => (hit === true ? [name] : [])),
    );
    const flagged = results.some((result) => result["flagged"] === true);
    return {
      model: text(body["model"]),
      choices: [],
      tool_calls: [],
      usage: null,
      error: null,
      ...(results.length > 0 && { extra: { moderation: { flagged, categories: [...new Set(categories)] } } }),
    };
  },
};
