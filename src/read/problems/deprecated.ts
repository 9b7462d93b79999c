/** Parameters and endpoints that still work but have an heir. */
import { isObject } from "../json.ts";
import type { Problem } from "../reading.ts";
import { problem, type Rule } from "./rule.ts";

const CHAT = "https://platform.openai.com/docs/api-reference/chat/create";

/** `hosts`: only these providers call it deprecated; others take the field as it always was. */
type Old = { dialect: string; field: string; heir: string; providers?: readonly string[]; source: string };

const OPENAI = ["openai", "azure"];
const OLD: readonly Old[] = [
  { dialect: "openai-chat", field: "functions", heir: "tools", source: CHAT },
  { dialect: "openai-chat", field: "function_call", heir: "tool_choice", source: CHAT },
  {
    dialect: "openai-chat",
    field: "max_tokens",
    heir: "max_completion_tokens",
    providers: ["openai"],
    source: CHAT,
  },
  {
    dialect: "openai-chat",
    field: "user",
    heir: "safety_identifier and prompt_cache_key",
    providers: OPENAI,
    source: CHAT,
  },
  {
    dialect: "openai-responses",
    field: "user",
    heir: "safety_identifier and prompt_cache_key",
    providers: OPENAI,
    source: "https://platform.openai.com/docs/api-reference/responses/create",
  },
  {
    dialect: "anthropic-complete",
    field: "max_tokens_to_sample",
    heir: "the Messages API",
    source: "https://docs.claude.com/en/api/complete",
  },
];

export const deprecated: readonly Rule[] = [fields, legacyCompletions];

function fields({ reading, seen }: Parameters<Rule>[0]): Problem[] {
  const body = seen.glimpse.requestBody;
  if (!isObject(body)) return [];
  return OLD.filter(({ dialect, field, providers }) => {
    if (dialect !== reading.dialect || body[field] === undefined || body[field] === null) return false;
    return !providers || providers.includes(reading.provider ?? "");
  }).map(({ field, heir, source }) =>
    problem("note", "request/deprecated", `$.${field}`, `${field} is deprecated; use ${heir}`, source),
  );
}

function legacyCompletions({ reading }: Parameters<Rule>[0]): Problem[] {
  if (reading.dialect !== "openai-completions" || reading.provider !== "openai") return [];
  const what = "OpenAI calls this API legacy; use Chat Completions or Responses";
  return [
    problem(
      "note",
      "request/deprecated",
      "request",
      what,
      "https://platform.openai.com/docs/api-reference/completions",
    ),
  ];
}
