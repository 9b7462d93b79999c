/**
 * Whether a web page may be behind a request. Any page can reach a port of this machine; it must neither spend a key of
 * ours nor become a page of ours. Browsers say where a request comes from: `Origin`, Fetch metadata, `Referer`.
 * https://www.w3.org/TR/fetch-metadata/
 */
import { header } from "../fact/exchange.ts";
import type { Header } from "../fact/fact.ts";
import type { RequestHead } from "./http1/head.ts";

/**
 * Our own origin is no better than others: what has it was sent by an upstream. A browser's user who types an address
 * (`none`) is no page; programs on Node say `Sec-Fetch-Mode` alone, and are none either.
 */
export function isFromPage(headers: readonly Header[], allowedOrigins: ReadonlySet<string>): boolean {
  const origins = valuesOf(headers, "origin");
  if (origins.length > 0) return !origins.every((origin) => allowedOrigins.has(origin.toLowerCase()));
  const referers = valuesOf(headers, "referer");
  if (referers.some((referer) => !allowedOrigins.has(originOf(referer)))) return true;
  return referers.length === 0 && valuesOf(headers, "sec-fetch-site").some((site) => site !== "none");
}

/** Whether a browser sent it, as far as it says so. In the clear it sends no Fetch metadata to any name but localhost. */
export function isFromBrowser(headers: readonly Header[]): boolean {
  return headers.some(([key, value]) => {
    const name = key.toLowerCase();
    if (name === "user-agent") return value.startsWith("Mozilla/");
    return name === "origin" || name === "referer" || name === "sec-fetch-site";
  });
}

const DOCUMENTS = new Set(["document", "iframe", "frame", "embed", "object", "fencedframe"]);

/**
 * Whether a browser is to show the answer as a page. No client of an API does that; Java's says `Accept: text/html` all the
 * same, so that without Fetch metadata it has to be a request that a link or a form can make.
 */
export function isNavigation({ method, headers }: Pick<RequestHead, "method" | "headers">): boolean {
  const to = header(headers, "sec-fetch-dest");
  if (to !== undefined) return DOCUMENTS.has(to);
  if (header(headers, "sec-fetch-mode") === "navigate") return true;
  if (!/\btext\/html\b/i.test(header(headers, "accept") ?? "")) return false;
  return method !== "POST" || FORM.test(header(headers, "content-type") ?? "text/plain");
}

const FORM = /^(?:application\/x-www-form-urlencoded|multipart\/form-data|text\/plain)\b/i;

/** A page through the proxy has no origin and runs nothing: whoever sent it must not ask other upstreams with our keys. */
export const SANDBOX: Header = ["Content-Security-Policy", "sandbox"];

function valuesOf(headers: readonly Header[], name: string): string[] {
  return headers.filter(([key]) => key.toLowerCase() === name).map(([, value]) => value);
}

function originOf(referer: string): string {
  return URL.canParse(referer) ? new URL(referer).origin : referer;
}
