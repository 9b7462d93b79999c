/**
 * Bedrock's CountTokens (POST /model/NAME/count-tokens): the input of Converse or of InvokeModel, and a number.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html
 */
import type { Dialect } from "../dialect.ts";
import { number, object } from "../json.ts";
import { asked } from "./bedrock-converse.ts";
import { awsError } from "./bedrock-error.ts";

export const bedrockCountTokens: Dialect = {
  name: "bedrock-count-tokens",
  provider: "bedrock",
  bid: ({ path }) => (/\/model\/.+\/count-tokens\/?$/.test(path) ? 0.99 : 0),
  asked: (body, glimpse) => asked(object(object(body)["input"])["converse"], glimpse),
  answered(message, glimpse) {
    const counted = number(object(message)["inputTokens"]);
    return {
      model: null,
      choices: [],
      tool_calls: [],
      usage: null,
      error: awsError(message, glimpse),
      ...(counted !== null && { extra: { token_count: { input: counted } } }),
    };
  },
};
