/** The variables in which SDKs and agents look for the address of an API, and which upstream each one means. */

export type BaseUrl = {
  readonly variable: string;
  readonly upstream: string;
  /** What clients expect the address to end with, since they put only the rest of the path behind it. */
  readonly path: string;
};

export const baseUrls: readonly BaseUrl[] = [
  { variable: "OPENAI_BASE_URL", upstream: "openai", path: "/v1" },
  // LiteLLM, LangChain, aider and older clients.
  { variable: "OPENAI_API_BASE", upstream: "openai", path: "/v1" },
  { variable: "ANTHROPIC_BASE_URL", upstream: "anthropic", path: "" },
  { variable: "ANTHROPIC_API_BASE", upstream: "anthropic", path: "" },
  { variable: "GOOGLE_GEMINI_BASE_URL", upstream: "gemini", path: "" },
  { variable: "GROQ_BASE_URL", upstream: "groq", path: "" },
  { variable: "CO_API_URL", upstream: "cohere", path: "" },
];

/** An upstream that only this run needs: where the user's own variable points. */
export type Extra = Readonly<Record<string, string>>;

/** Upstreams for addresses that the user had set: what is asked there has to go there, through us. */
export function elsewhere(environment: NodeJS.ProcessEnv): Extra {
  const extra: Record<string, string> = {};
  for (const { variable } of baseUrls) {
    const url = environment[variable]?.trim().replace(/\/+$/, "");
    // A run within a run: that is us already.
    if (url && URL.canParse(url) && !new URL(url).pathname.startsWith("/@")) extra[nameOf(variable)] = url;
  }
  return extra;
}

/** The variables with the proxy in front. */
export function pointed(proxyUrl: string, environment: NodeJS.ProcessEnv, extra: Extra): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {};
  for (const { variable, upstream, path } of baseUrls) {
    const own = nameOf(variable);
    const ours = ourPath(environment[variable], proxyUrl);
    variables[variable] = own in extra ? `${proxyUrl}/@${own}` : (ours ?? `${proxyUrl}/@${upstream}${path}`);
  }
  // A company's proxy must not be asked for an address on this machine.
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const before = environment[name];
    variables[name] = before ? `${before},localhost,127.0.0.1` : "localhost,127.0.0.1";
  }
  return variables;
}

/**
 * An address that is a proxy's of ours already (`http://localhost:8000/@demo`, or a run within a run) keeps what it
 * asks for. What only the run around us knows is asked there, as before.
 */
function ourPath(url: string | undefined, proxyUrl: string): string | null {
  if (!url || !URL.canParse(url)) return null;
  const { origin, pathname } = new URL(url);
  if (!pathname.startsWith("/@")) return null;
  // Of a run within a run the inner one counts.
  const asked = pathname.replace(/^\/@run:[^/]*/, "");
  const isTheirs = asked.startsWith("/@own-") && origin !== new URL(proxyUrl).origin;
  return isTheirs ? url : proxyUrl + asked.replace(/\/$/, "");
}

/** `OPENAI_BASE_URL` → `own-openai-base-url`. */
function nameOf(variable: string): string {
  return `own-${variable.toLowerCase().replaceAll("_", "-")}`;
}
