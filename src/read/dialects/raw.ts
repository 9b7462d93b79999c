/** The reader of everything that no dialect knows: it says nothing wrong because it says almost nothing. */
import type { Dialect } from "../dialect.ts";
import { isObject } from "../json.ts";

export const raw: Dialect = {
  name: "raw",
  provider: null,
  bid: () => 0.01,
  asked: (body) => {
    const model = isObject(body) && typeof body["model"] === "string" ? body["model"] : null;
    return { model, system: [], messages: [], tools: [], settings: {}, streamed: false };
  },
  answered: () => ({ model: null, choices: [], tool_calls: [], usage: null, error: null }),
};
