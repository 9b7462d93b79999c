/** What looks like a question and is none. */
import { isPrewarm } from "../prewarm.ts";
import { problem, type Rule } from "./rule.ts";

const SOURCE = "https://platform.openai.com/docs/guides/websocket-mode";

export const prewarm: readonly Rule[] = [warmsUp];

function warmsUp({ reading }: Parameters<Rule>[0]) {
  if (!isPrewarm(reading)) return [];
  const what =
    "a prewarm (generate: false): what it brings is kept for the request that goes on from it, and nothing is generated";
  return [problem("note", "request/prewarm", "$.generate", what, SOURCE)];
}
