/** The variables in which SDKs and agents look for the address of an API, and which upstream each one means. */
import { KNOWN_UPSTREAMS } from "../../fact/upstreams.ts";

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

/** Pointed through us only where the user has set them: set by us, they would change which provider is chosen. */
const WHERE_SET = [
  "AZURE_OPENAI_ENDPOINT",
  "OPENAI_HOST",
  "ANTHROPIC_HOST",
  "OPENAI_API_ENDPOINT",
  "ANTHROPIC_API_ENDPOINT",
  "GEMINI_API_ENDPOINT",
  "COPILOT_PROVIDER_BASE_URL",
];

/** All that name an address. */
export const addressVariables: readonly string[] = [
  ...baseUrls.map(({ variable }) => variable),
  ...WHERE_SET,
];

/** An upstream that only this run needs: where the user's own variable points. */
export type Extra = Readonly<Record<string, string>>;

/** Upstreams for addresses that the user had set: what is asked there has to go there, through us. */
export function elsewhere(environment: NodeJS.ProcessEnv): Extra {
  const extra: Record<string, string> = {};
  for (const variable of addressVariables) {
    const url = trimmed(environment[variable]);
    // A run within a run: that is us already.
    if (url && isAddress(url) && !isOurs(url)) extra[nameOf(variable)] = url;
  }
  return extra;
}

/**
 * The variables with the proxy in front. `unset`: those of which nobody knows whether the program takes its own word
 * for them; they stay as they are.
 */
export function pointed(
  proxyUrl: string,
  environment: NodeJS.ProcessEnv,
  extra: Extra,
  unset: readonly string[] = [],
): NodeJS.ProcessEnv {
  const variables: NodeJS.ProcessEnv = {};
  for (const variable of addressVariables) {
    const known = baseUrls.find((each) => each.variable === variable);
    const said = trimmed(environment[variable]);
    // `localhost:1234`: the program knows what it means by that, and we do not.
    if (unset.includes(variable) || (said && !isAddress(said)) || (!said && !known)) continue;
    const own = nameOf(variable);
    const usual = known ? `${proxyUrl}/@${known.upstream}${known.path}` : undefined;
    variables[variable] = own in extra ? `${proxyUrl}/@${own}` : (ourPath(said, proxyUrl) ?? usual);
  }
  // A company's proxy must not be asked for an address on this machine.
  for (const name of ["NO_PROXY", "no_proxy"]) {
    const before = environment[name];
    variables[name] = before ? `${before},localhost,127.0.0.1` : "localhost,127.0.0.1";
  }
  return variables;
}

export function isAddress(url: string): boolean {
  return /^https?:\/\//i.test(url.trim()) && URL.canParse(url.trim());
}

/** Whether an address is where the variable leads without being set. */
export function isUsual(variable: string, url: string): boolean {
  const known = baseUrls.find((each) => each.variable === variable);
  const upstream = KNOWN_UPSTREAMS.find(({ name }) => name === known?.upstream);
  const usual = [upstream?.url, `${upstream?.url}${known?.path}`];
  return upstream !== undefined && usual.includes(trimmed(url));
}

/** An address of a proxy of ours: a run within a run, or what the user set by hand. */
export function isOurs(url: string): boolean {
  return isAddress(url) && new URL(url.trim()).pathname.startsWith("/@");
}

function trimmed(url: string | undefined): string | undefined {
  return url?.trim().replace(/\/+$/, "");
}

/**
 * An address that is a proxy's of ours already (`http://localhost:8000/@demo`, or a run within a run) keeps what it
 * asks for. What only the run around us knows is asked there, as before.
 */
export function ourPath(url: string | undefined, proxyUrl: string): string | undefined {
  if (!url || !isOurs(url)) return undefined;
  const { origin, pathname } = new URL(url.trim());
  // Of a run within a run the inner one counts.
  const asked = pathname.replace(/^\/@run:[^/]*/, "");
  const isTheirs = asked.startsWith("/@own-") && origin !== new URL(proxyUrl).origin;
  return isTheirs ? url : proxyUrl + asked.replace(/\/$/, "");
}

/** `OPENAI_BASE_URL` → `own-openai-base-url`. */
function nameOf(variable: string): string {
  return `own-${variable.toLowerCase().replaceAll("_", "-")}`;
}
