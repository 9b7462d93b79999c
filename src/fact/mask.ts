/**
 * Masking: credentials are replaced before a fact leaves the thread that saw them. A mask keeps the prefix that says
 * what kind of key it is and a short keyed hash, so that the same key is seen to be the same and cannot be recovered:
 * `sk-or-v1-abcdef…` becomes `sk-or-v1-…#3f9a1c2b`.
 */
import type { Header } from "./fact.ts";
import { isSecretParameter, maskShapes } from "./secrets.ts";

/** A keyed hash of the secret: at least eight hexadecimal digits. */
export type Hash = (secret: string) => string;

export type Mask = {
  /** `found` is told every credential. */
  headers(headers: readonly Header[], found?: (credential: string) => void): Header[];
  /** A path or URL with the values of key-like query parameters and a password before `@` masked. */
  url(url: string, found?: (credential: string) => void): string;
  /** A sentence in which a key may stand. */
  sentence(text: string): string;
  /** Any secret, by itself. */
  secret(secret: string): string;
};

const SECRET_HEADERS = new Set([
  "authorization",
  "proxy-authorization",
  "x-api-key",
  "api-key",
  "apikey",
  "x-goog-api-key",
  "x-goog-iam-authorization-token",
  "x-amz-security-token",
  "x-auth-token",
  "x-access-token",
  "openai-api-key",
  "anthropic-api-key",
  "ocp-apim-subscription-key",
  "cf-aig-authorization",
  "helicone-auth",
  "x-portkey-api-key",
  "mcp-session-id",
  "cookie",
  "set-cookie",
]);

const SECRET_HEADER = /(?:^|-)(?:api-?key|subscription-key|secret|token|auth|password|signature|jwt)$/;
/** Prefixes that say what kind of key it is; anything else keeps its first four characters at most. */
const PREFIX =
  /^(?:sk-or-v1-|sk-ant-[a-z]+\d\d-|sk-proj-|sk-svcacct-|sk-|gsk_|csk-|xai-|pplx-|nvapi-|AIza|ya29\.|hf_|r8_|gh[pos]_|github_pat_|glpat-|xox[a-z]-|AKIA|ASIA|ek_|eyJ)/;

export function createMask(hash: Hash): Mask {
  const known = new Map<string, string>();
  /** Headers and addresses in which nothing was found, which come again and again. */
  const plain = new Map<string, string>();
  const plainUrls = new Set<string>();
  const secret = (value: string): string => {
    if (value === "" || isMasked(value)) return value;
    const seen = known.get(value);
    if (seen) return seen;
    const masked = `${prefixOf(value)}…#${hash(value).slice(0, 8)}`;
    // A cache of every value would grow for ever where each request brings a new token.
    if (known.size >= REMEMBERED) known.clear();
    known.set(value, masked);
    return masked;
  };
  return {
    secret,
    sentence: (text) => maskShapes(text, secret),
    headers: (headers, found) => {
      const told = telling(secret, found);
      return headers.map((header) => {
        const [name, value] = header;
        if (plain.get(name) === value) return header;
        const masked = maskHeader(name.toLowerCase(), value, told);
        if (masked !== value) return [name, masked] as const;
        if (plain.size >= REMEMBERED) plain.clear();
        if (isKept(name + value)) plain.set(name, value);
        return header;
      });
    },
    url: (url, found) => {
      if (plainUrls.has(url)) return url;
      const told = telling(secret, found);
      const masked = maskShapes(maskUrl(url, told), told);
      if (masked !== url || !isKept(url)) return masked;
      if (plainUrls.size >= REMEMBERED) plainUrls.clear();
      plainUrls.add(url);
      return url;
    },
  };
}

type Secret = (value: string) => string;

const REMEMBERED = 1000;

/** What is long would fill the memory, and a mask in it may stand for what is none. */
function isKept(text: string): boolean {
  return text.length < 1024 && !text.includes("…");
}

function telling(secret: Secret, found: ((credential: string) => void) | undefined): Secret {
  if (!found) return secret;
  return (value) => {
    if (value !== "" && !isMasked(value)) found(value);
    return secret(value);
  };
}

function maskHeader(name: string, value: string, secret: Secret): string {
  if (name === "cookie") return eachPair(value, "; ", secret);
  if (name === "set-cookie") return setCookie(value, secret);
  if (name === "sec-websocket-protocol") return subprotocols(value, secret);
  if (SECRET_HEADERS.has(name) || (SECRET_HEADER.test(name) && !NO_SECRET.has(name))) {
    const scheme = SCHEME.exec(value)?.[0] ?? "";
    return scheme + secret(value.slice(scheme.length));
  }
  // A redirect and a link carry their keys in the query as a request does.
  const withoutKeys = value.includes("=") || value.includes("@") ? maskUrl(value, secret) : value;
  return value.length < SHORTEST_KEY ? withoutKeys : maskShapes(withoutKeys, secret);
}

/** How the client signs in, which is no secret: one word before the credential, or one that is known. */
const SCHEME =
  /^(?:(?:Bearer|Basic|Digest|Token|AWS4-HMAC-SHA256|Negotiate|DPoP)\s+|[A-Za-z][\w-]{0,30}\s+(?=\S+$))/i;

/** Names that end like a credential's and are none. */
const NO_SECRET = new Set(["next-token", "x-next-token", "sync-token"]);

const SHORTEST_KEY = 20;

/** Browsers can send a key in no other header: OpenAI's `openai-insecure-api-key.KEY`, Deepgram's `token, KEY`. */
function subprotocols(value: string, secret: Secret): string {
  let before = "";
  return value
    .split(/(,\s*)/)
    .map((word, n) => {
      if (n % 2 === 1) return word;
      const named =
        /^(?:[\w-]+\.)*[\w-]*(?:key|token|secret|bearer|authorization|auth)[\w-]*\.(?:[\w-]+\.io\.)?/i.exec(
          word,
        )?.[0];
      const follows = /^(?:token|bearer|key|api-?key|authorization)$/i.test(before);
      before = word;
      if (named) return named + secret(word.slice(named.length));
      return follows ? secret(word) : maskShapes(word, secret);
    })
    .join("");
}

function isMasked(value: string): boolean {
  return /…#[0-9a-f]{8}$/.test(value);
}

function prefixOf(value: string): string {
  const kind = PREFIX.exec(value)?.[0];
  if (kind) return kind;
  // Four characters of a short secret would be much of it.
  return value.length >= 24 ? value.slice(0, 4) : "";
}

function eachPair(value: string, separator: string, secret: Secret): string {
  const masked = value.split(/;\s*/).map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? secret(pair) : pair.slice(0, at + 1) + secret(pair.slice(at + 1));
  });
  return masked.join(separator);
}

function setCookie(value: string, secret: Secret): string {
  const end = value.indexOf(";");
  const pair = end < 0 ? value : value.slice(0, end);
  return eachPair(pair, "; ", secret) + (end < 0 ? "" : value.slice(end));
}

/** Every query in the text, and every password before `@`. */
function maskUrl(text: string, secret: Secret): string {
  return text
    .replace(
      /\b([a-z][a-z0-9+.-]*:\/\/[^/@:?#\s]*):([^/@?#\s]+)@/gi,
      (_, user, word) => `${user}:${secret(word)}@`,
    )
    .replace(/([?&#])([^?&=#\s]+)=((?:[^&#\s>"…]|…(?:#[0-9a-f]{8})?)+)/g, (whole, sign, name, value) =>
      isSecretParameter(decoded(name)) ? `${sign}${name}=${secret(value)}` : whole,
    );
}

function decoded(name: string): string {
  if (!name.includes("%")) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name; // not what it looks like
  }
}
