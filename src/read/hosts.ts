/** Who serves a host, by its name; a provider is not a dialect: many serve the same one. */

const HOSTS: readonly (readonly [RegExp, string])[] = [
  [
    /(^|\.)openai\.azure\.com$|\.cognitiveservices\.azure\.com$|\.services\.ai\.azure\.com$|\.inference\.ml\.azure\.com$|\.models\.ai\.azure\.com$/,
    "azure",
  ],
  [/(^|\.)openai\.com$|(^|\.)chatgpt\.com$/, "openai"],
  [/(^|\.)openrouter\.ai$/, "openrouter"],
  [/(^|\.)anthropic\.com$/, "anthropic"],
  [/aiplatform\.googleapis\.com$/, "vertex"],
  [/(^|\.)generativelanguage\.googleapis\.com$/, "gemini"],
  [/^bedrock.*\.(amazonaws\.com(\.cn)?|api\.aws)$/, "bedrock"],
  [/(^|\.)cohere\.(com|ai)$/, "cohere"],
  [/(^|\.)mistral\.ai$/, "mistral"],
  [/(^|\.)groq\.com$/, "groq"],
  [/(^|\.)deepseek\.com$/, "deepseek"],
  [/(^|\.)x\.ai$/, "xai"],
  [/(^|\.)perplexity\.ai$/, "perplexity"],
  [/(^|\.)together\.(xyz|ai)$/, "together"],
  [/(^|\.)fireworks\.ai$/, "fireworks"],
  [/(^|\.)cerebras\.ai$/, "cerebras"],
  [/(^|\.)moonshot\.(ai|cn)$/, "moonshotai"],
  [/(^|\.)z\.ai$|(^|\.)bigmodel\.cn$/, "zai"],
  [/(^|\.)aliyuncs\.com$/, "alibaba"],
  [/(^|\.)volces\.com$/, "volcengine"],
  [/(^|\.)minimax\.(io|chat)$|(^|\.)minimaxi\.com$/, "minimax"],
  [/(^|\.)siliconflow\.(cn|com)$/, "siliconflow"],
  [/(^|\.)githubcopilot\.com$/, "github-copilot"],
  [/(^|\.)models\.github\.ai$/, "github"],
  [/(^|\.)huggingface\.co$/, "huggingface"],
  [/(^|\.)nvidia\.com$/, "nvidia"],
  [/(^|\.)sambanova\.ai$/, "sambanova"],
  [/(^|\.)novita\.ai$/, "novita"],
  [/(^|\.)deepinfra\.com$/, "deepinfra"],
  [/(^|\.)voyageai\.com$/, "voyage"],
  [/(^|\.)ollama\.com$|^(localhost|127\.0\.0\.1|\[::1\]):11434$/, "ollama"],
  [/^(localhost|127\.0\.0\.1|\[::1\]):1234$/, "lmstudio"],
];

/** `host` may carry a port. Null when nobody known serves it. */
export function providerOf(host: string | null): string | null {
  if (host === null) return null;
  const known = found.get(host);
  if (known !== undefined) return known;
  const provider = matching(host);
  if (found.size >= MOST_HOSTS) found.clear();
  found.set(host, provider);
  return provider;
}

/** Few hosts are asked again and again. Bounded, since a recording may name any. */
const found = new Map<string, string | null>();
const MOST_HOSTS = 200;

function matching(host: string): string | null {
  const whole = host.toLowerCase();
  const name = whole.replace(/:\d+$/, "");
  return HOSTS.find(([pattern]) => pattern.test(name) || pattern.test(whole))?.[1] ?? null;
}

const NAMES = new Set(HOSTS.map(([, name]) => name));

/** The name of an upstream when it is a provider's: for addresses that say nothing (a gateway, a loopback server). */
export function providerNamed(upstream: string): string | null {
  return NAMES.has(upstream) ? upstream : null;
}
