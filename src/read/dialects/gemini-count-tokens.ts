/** Gemini's and Vertex AI's token count of a request (`:countTokens`). https://ai.google.dev/api/tokens */
import type { Dialect } from "../dialect.ts";
import { isObject, number, object } from "../json.ts";
import { asked } from "./gemini.ts";
import { toldError } from "./values.ts";

export const geminiCountTokens: Dialect = {
  name: "gemini-count-tokens",
  provider: "gemini",
  bid: ({ path }) => (path.endsWith(":countTokens") ? 0.95 : 0),
  asked(body, glimpse) {
    const inner = object(body)["generateContentRequest"];
    return asked(isObject(inner) ? inner : body, glimpse);
  },
  answered(message) {
    const counted = number(object(message)["totalTokens"]);
    return {
      model: null,
      choices: [],
      tool_calls: [],
      usage: null,
      error: counted === null ? toldError(message) : null,
      ...(counted !== null && { extra: { token_count: { input: counted } } }),
    };
  },
};
