/** Anthropic's token count of a Messages request (POST /v1/messages/count_tokens): no answer, a number. */
import type { Dialect } from "../dialect.ts";
import { isObject, number } from "../json.ts";
import { asked } from "./anthropic-messages.ts";
import { toldError } from "./values.ts";

export const anthropicCountTokens: Dialect = {
  name: "anthropic-count-tokens",
  provider: "anthropic",
  bid({ path, requestBody, responseBody }) {
    if (/\/messages\/count_tokens\/?$/.test(path) || /\/models\/count-tokens[^/]*:rawPredict$/i.test(path))
      return 0.99;
    const counts = isObject(responseBody) && number(responseBody["input_tokens"]) !== null;
    const asks = isObject(requestBody) && Array.isArray(requestBody["messages"]);
    return counts && Object.keys(responseBody).length === 1 && (asks || requestBody == null) ? 0.6 : 0;
  },
  asked,
  answered(message) {
    const counted = isObject(message) ? number(message["input_tokens"]) : null;
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
