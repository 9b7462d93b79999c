/** Every dialect. The highest bid reads; among equal bids the first in this list. `raw` takes what nobody wants. */
import type { Dialect } from "./dialect.ts";
import { anthropicComplete } from "./dialects/anthropic-complete.ts";
import { anthropicCountTokens } from "./dialects/anthropic-count-tokens.ts";
import { anthropicMessages, vertexAnthropic } from "./dialects/anthropic-messages.ts";
import { batches } from "./dialects/batches.ts";
import { bedrockAgent } from "./dialects/bedrock-agent.ts";
import { bedrockConverse } from "./dialects/bedrock-converse.ts";
import { bedrockInvoke } from "./dialects/bedrock-invoke.ts";
import { bedrockCountTokens } from "./dialects/bedrock-count-tokens.ts";
import { cohereV1 } from "./dialects/cohere-v1.ts";
import { cohere } from "./dialects/cohere.ts";
import { cohereEmbeddings, geminiEmbeddings, ollamaEmbeddings } from "./dialects/embeddings.ts";
import { geminiCountTokens } from "./dialects/gemini-count-tokens.ts";
import { geminiInteractions } from "./dialects/gemini-interactions.ts";
import { geminiCodeAssist } from "./dialects/gemini-code-assist.ts";
import { geminiLive } from "./dialects/gemini-live.ts";
import { gemini, vertexGemini } from "./dialects/gemini.ts";
import { llamaCpp } from "./dialects/llama-cpp.ts";
import { mcp } from "./dialects/mcp.ts";
import { mistralConversations } from "./dialects/mistral-conversations.ts";
import { mistralOcr } from "./dialects/mistral-ocr.ts";
import { models } from "./dialects/models.ts";
import { ollama } from "./dialects/ollama.ts";
import { openaiAgents } from "./dialects/openai-agents.ts";
import { openaiAssistants } from "./dialects/openai-assistants.ts";
import { openaiAudio } from "./dialects/openai-audio.ts";
import { openaiChat } from "./dialects/openai-chat.ts";
import { openaiCompletions } from "./dialects/openai-completions.ts";
import { openaiEmbeddings } from "./dialects/openai-embeddings.ts";
import { openaiImages } from "./dialects/openai-images.ts";
import { openaiLive } from "./dialects/openai-live.ts";
import { openaiModerations } from "./dialects/openai-moderations.ts";
import { openaiRealtime } from "./dialects/openai-realtime.ts";
import { openaiResponses } from "./dialects/openai-responses.ts";
import { rerank } from "./dialects/rerank.ts";
import { textGeneration } from "./dialects/text-generation.ts";
import { geminiPredict, openaiVideos } from "./dialects/videos.ts";
import { raw } from "./dialects/raw.ts";

export const dialects: readonly Dialect[] = [
  openaiChat,
  anthropicMessages,
  vertexAnthropic,
  anthropicCountTokens,
  anthropicComplete,
  gemini,
  vertexGemini,
  geminiCodeAssist,
  openaiResponses,
  openaiRealtime,
  openaiCompletions,
  openaiEmbeddings,
  openaiImages,
  openaiAudio,
  openaiModerations,
  models,
  mcp,
  geminiInteractions,
  geminiCountTokens,
  geminiEmbeddings,
  bedrockConverse,
  bedrockInvoke,
  bedrockCountTokens,
  cohere,
  cohereV1,
  cohereEmbeddings,
  mistralConversations,
  mistralOcr,
  ollama,
  ollamaEmbeddings,
  rerank,
  batches,
  openaiLive,
  openaiAgents,
  openaiAssistants,
  openaiVideos,
  geminiLive,
  geminiPredict,
  bedrockAgent,
  textGeneration,
  llamaCpp,
  raw,
];
