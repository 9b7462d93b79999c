/** Every dialect. The highest bid reads; among equal bids the first in this list. `raw` takes what nobody wants. */
import type { Dialect } from "./dialect.ts";
import { anthropicComplete } from "./dialects/anthropic-complete.ts";
import { anthropicCountTokens } from "./dialects/anthropic-count-tokens.ts";
import { anthropicMessages, vertexAnthropic } from "./dialects/anthropic-messages.ts";
import { gemini, vertexGemini } from "./dialects/gemini.ts";
import { openaiChat } from "./dialects/openai-chat.ts";
import { raw } from "./dialects/raw.ts";

export const dialects: readonly Dialect[] = [
  openaiChat,
  anthropicMessages,
  vertexAnthropic,
  anthropicCountTokens,
  anthropicComplete,
  gemini,
  vertexGemini,
  raw,
];
