/** Every entry of the glossary, table by table. For learners: what each header, field, event, method and error means. */
import { anthropic } from "./entries/anthropic.ts";
import { any } from "./entries/any.ts";
import { http } from "./entries/http.ts";
import { jsonSchema } from "./entries/json-schema.ts";
import { mcp } from "./entries/mcp.ts";
import { openaiChat } from "./entries/openai-chat.ts";
import { openaiCompatible } from "./entries/openai-compatible.ts";
import { openrouter } from "./entries/openrouter.ts";
import type { Entry } from "./entry.ts";

export const glossary: readonly Entry[] = [
  ...openaiChat,
  ...openrouter,
  ...openaiCompatible,
  ...anthropic,
  ...mcp,
  ...http,
  ...jsonSchema,
  ...any,
];
