/** Which tables hold for a dialect, nearest first. A dialect without a line here has its own table and the shared one. */

const openai = ["openai-chat", "openrouter", "openai-compatible"] as const;
const claude = ["anthropic-messages"] as const;

const kin: Readonly<Record<string, readonly string[]>> = {
  "openai-chat": openai,
  "openai-completions": openai,
  "openai-embeddings": openai,
  "openai-images": openai,
  "openai-audio": ["openai-responses", ...openai],
  "openai-moderations": openai,
  "openai-responses": ["openrouter", "openai-compatible"],
  "openai-realtime": ["openai-responses"],
  models: openai,
  openrouter: openai,
  "openai-compatible": openai,
  "azure-openai": openai,
  deepseek: openai,
  groq: openai,
  mistral: openai,
  perplexity: openai,
  xai: openai,
  "vertex-anthropic": claude,
  "anthropic-count-tokens": claude,
  "anthropic-complete": claude,
  "vertex-gemini": ["gemini"],
  "gemini-code-assist": ["gemini"],
  "gemini-count-tokens": ["gemini"],
  "gemini-embeddings": ["gemini"],
  // Its bodies are those of the models' makers.
  "bedrock-invoke": ["anthropic-messages", "bedrock-converse", "cohere-v1", "cohere", "openai-chat"],
  "bedrock-count-tokens": ["bedrock-converse", "anthropic-messages"],
  "cohere-v1": ["cohere"],
  "mistral-conversations": openai,
  "mistral-ocr": openai,
  rerank: ["cohere-v1", "cohere"],
  "cohere-embeddings": ["cohere-v1", "cohere"],
  "ollama-embeddings": ["ollama"],
  batches: ["anthropic-messages", "openai-responses", ...openai],
  "openai-live": ["openai-realtime", "openai-responses"],
  "openai-agents": ["openai-responses", "openai-realtime"],
  "openai-assistants": ["openai-responses", ...openai],
  "openai-videos": ["openai-images", ...openai],
  "gemini-live": ["gemini"],
  "gemini-predict": ["gemini"],
  "bedrock-agent": ["bedrock-converse"],
  "text-generation": openai,
  "llama-cpp": openai,
};

export function tablesOf(dialect: string): readonly string[] {
  // The name may come from an address or a file: `constructor` is no dialect.
  const others = Object.hasOwn(kin, dialect) ? (kin[dialect] ?? []) : [];
  return [...new Set([dialect, ...others, "any"])];
}
