/**
 * Masking: credentials are replaced before a fact leaves the thread that saw them. A mask keeps the prefix that says
 * what kind of key it is and a short keyed hash, so that the same key is seen to be the same and cannot be recovered:
 * `sk-or-v1-abcdef…` becomes `sk-or-v1-…#3f9a1c2b`.
 */
import type { Header } from "./fact.ts";

/** A keyed hash of the secret: at least eight hexadecimal digits. */
export type Hash = (secret: string) => string;

export type Mask = {
  headers(headers: readonly Header[]): Header[];
  /** A path or URL with the values of key-like query parameters and a password before `@` masked. */
  url(url: string): string;
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

const SECRET_HEADER = /(?:^|-)(?:api-?key|secret|access-token|auth-token|session-token)$/;
const SECRET_PARAMETER =
  /^(?:key|api[-_]?key|apikey|access[-_]?token|auth[-_]?token|token|sig|signature|x-amz-signature|x-amz-security-token|x-amz-credential|x-goog-signature|client_secret|password|code)$/i;

/** Prefixes that say what kind of key it is; anything else keeps its first four characters at most. */
const PREFIX =
  /^(?:sk-or-v1-|sk-ant-[a-z]+\d\d-|sk-proj-|sk-svcacct-|sk-|gsk_|xai-|pplx-|AIza|ya29\.|hf_|r8_|ghp_|ek_|eyJ)/;

export function createMask(hash: Hash): Mask {
  const known = new Map<string, string>();
  const secret = (value: string): string => {
    if (value === "" || isMasked(value)) return value;
    const seen = known.get(value);
    if (seen) return seen;
    const masked = `${prefixOf(value)}…#${hash(value).slice(0, 8)}`;
    // A cache of every value would grow for ever where each request brings a new token.
    if (known.size >= 1000) known.clear();
    known.set(value, masked);
    return masked;
  };
  const header = (name: string, value: string): string => {
    const key = name.toLowerCase();
    if (!SECRET_HEADERS.has(key) && !SECRET_HEADER.test(key)) return value;
    if (key === "cookie") return eachPair(value, "; ", secret);
    if (key === "set-cookie") return setCookie(value, secret);
    const scheme =
      /^(?:Bearer|Basic|Digest|Token|AWS4-HMAC-SHA256|Negotiate|DPoP)\s+/i.exec(value)?.[0] ?? "";
    return scheme + secret(value.slice(scheme.length));
  };
  return {
    secret,
    headers: (headers) =>
      headers.map(([name, value]) => [name, maskedLocation(name, header(name, value), secret)] as const),
    url: (url) => maskUrl(url, secret),
  };
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

function eachPair(value: string, separator: string, secret: (value: string) => string): string {
  const masked = value.split(/;\s*/).map((pair) => {
    const at = pair.indexOf("=");
    return at < 0 ? secret(pair) : pair.slice(0, at + 1) + secret(pair.slice(at + 1));
  });
  return masked.join(separator);
}

function setCookie(value: string, secret: (value: string) => string): string {
  const end = value.indexOf(";");
  const pair = end < 0 ? value : value.slice(0, end);
  return eachPair(pair, "; ", secret) + (end < 0 ? "" : value.slice(end));
}

/** A redirect carries its keys in the query as a request does. */
function maskedLocation(name: string, value: string, secret: (value: string) => string): string {
  const key = name.toLowerCase();
  return key === "location" || key === "referer" || key === "content-location"
    ? maskUrl(value, secret)
    : value;
}

function maskUrl(url: string, secret: (value: string) => string): string {
  const withoutPassword = url.replace(
    /^([a-z][a-z0-9+.-]*:\/\/[^/@:?#]*):([^/@?#]+)@/i,
    (_, user, word) => `${user}:${secret(word)}@`,
  );
  const start = withoutPassword.indexOf("?");
  if (start < 0) return withoutPassword;
  const query = withoutPassword
    .slice(start + 1)
    .split("&")
    .map((pair) => {
      const at = pair.indexOf("=");
      if (at < 0 || !SECRET_PARAMETER.test(pair.slice(0, at))) return pair;
      return pair.slice(0, at + 1) + secret(pair.slice(at + 1));
    });
  return withoutPassword.slice(0, start + 1) + query.join("&");
}
