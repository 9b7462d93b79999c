/** The upstreams that are known by name: their addresses, and where each takes its key. */

/** In which header an upstream takes its key. `bearer` is `authorization: Bearer …`, `basic` the same with `Basic …`. */
export type KeyHeader = "bearer" | "basic" | "x-api-key" | "api-key" | "x-goog-api-key";

/** The first word of a path, and the version that stands before it where a client left it out. */
export type Unversioned = Readonly<Record<string, string>>;

/** The built-in upstreams; `variables` are the environment's names for the key, the first one set wins. */
export const KNOWN_UPSTREAMS: readonly {
  name: string;
  url: string | null;
  keyHeader: KeyHeader;
  variables: readonly string[];
  unversioned?: Unversioned;
}[] = [
  {
    name: "openrouter",
    url: "https://openrouter.ai/api/v1",
    keyHeader: "bearer",
    variables: ["OPENROUTER_API_KEY"],
  },
  { name: "openai", url: "https://api.openai.com/v1", keyHeader: "bearer", variables: ["OPENAI_API_KEY"] },
  {
    name: "anthropic",
    url: "https://api.anthropic.com",
    keyHeader: "x-api-key",
    variables: ["ANTHROPIC_API_KEY"],
    unversioned: { messages: "/v1", models: "/v1", complete: "/v1", files: "/v1", skills: "/v1" },
  },
  {
    name: "gemini",
    url: "https://generativelanguage.googleapis.com",
    keyHeader: "x-goog-api-key",
    variables: ["GEMINI_API_KEY", "GOOGLE_API_KEY"],
    unversioned: { models: "/v1beta", cachedContents: "/v1beta", files: "/v1beta" },
  },
  { name: "azure", url: null, keyHeader: "api-key", variables: ["AZURE_OPENAI_API_KEY"] },
  { name: "ollama", url: "http://127.0.0.1:11434", keyHeader: "bearer", variables: ["OLLAMA_API_KEY"] },
  { name: "lmstudio", url: "http://127.0.0.1:1234", keyHeader: "bearer", variables: ["LMSTUDIO_API_KEY"] },
  { name: "deepseek", url: "https://api.deepseek.com", keyHeader: "bearer", variables: ["DEEPSEEK_API_KEY"] },
  { name: "groq", url: "https://api.groq.com/openai/v1", keyHeader: "bearer", variables: ["GROQ_API_KEY"] },
  { name: "mistral", url: "https://api.mistral.ai/v1", keyHeader: "bearer", variables: ["MISTRAL_API_KEY"] },
  { name: "xai", url: "https://api.x.ai/v1", keyHeader: "bearer", variables: ["XAI_API_KEY"] },
  {
    name: "perplexity",
    url: "https://api.perplexity.ai",
    keyHeader: "bearer",
    variables: ["PERPLEXITY_API_KEY"],
  },
  { name: "cohere", url: "https://api.cohere.com", keyHeader: "bearer", variables: ["COHERE_API_KEY"] },
];

/** Every variable of the environment that holds a key of a known upstream. */
export const KEY_VARIABLES: readonly string[] = KNOWN_UPSTREAMS.flatMap(({ variables }) => variables);

/** The demo speaks every dialect; `models` belongs to more than one of them. */
export const DEMO_UNVERSIONED: Unversioned = {
  messages: "/v1",
  chat: "/v1",
  responses: "/v1",
  embeddings: "/v1",
};
