/** Every entry of the glossary, table by table. For learners: what each header, field, event, method and error means. */
import { anthropic } from "./entries/anthropic.ts";
import { any } from "./entries/any.ts";
import { bedrock } from "./entries/bedrock.ts";
import { cohere } from "./entries/cohere.ts";
import { geminiCodeAssist } from "./entries/gemini-code-assist.ts";
import { geminiInteractions } from "./entries/gemini-interactions.ts";
import { gemini } from "./entries/gemini.ts";
import { http } from "./entries/http.ts";
import { jobsAndSessions } from "./entries/jobs-and-sessions.ts";
import { jsonSchema } from "./entries/json-schema.ts";
import { localAndLive } from "./entries/local-and-live.ts";
import { mcp } from "./entries/mcp.ts";
import { mistral } from "./entries/mistral.ts";
import { ollama } from "./entries/ollama.ts";
import { openaiChat } from "./entries/openai-chat.ts";
import { openaiCompatible } from "./entries/openai-compatible.ts";
import { openaiOthers } from "./entries/openai-others.ts";
import { openaiRealtime } from "./entries/openai-realtime.ts";
import { openaiResponses } from "./entries/openai-responses.ts";
import { openrouter } from "./entries/openrouter.ts";
import { rarer } from "./entries/rarer.ts";
import { serverTools } from "./entries/server-tools.ts";
import type { Entry } from "./entry.ts";

export const glossary: readonly Entry[] = [
  ...openaiChat,
  ...openrouter,
  ...openaiCompatible,
  ...openaiResponses,
  ...openaiRealtime,
  ...openaiOthers,
  ...anthropic,
  ...gemini,
  ...geminiInteractions,
  ...geminiCodeAssist,
  ...bedrock,
  ...cohere,
  ...mistral,
  ...ollama,
  ...serverTools,
  ...jobsAndSessions,
  ...localAndLive,
  ...rarer,
  ...mcp,
  ...http,
  ...jsonSchema,
  ...any,
];
