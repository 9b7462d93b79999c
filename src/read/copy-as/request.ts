/** A recorded request as something to send again: without what belongs to one connection, its keys as environment variables. */
import { header, joined, type Exchange } from "../../fact/exchange.ts";
import { decode } from "../frames/frame.ts";
import { isObject, parseJson, type Json } from "../json.ts";

export type Request = {
  readonly method: string;
  readonly url: string;
  /** A value is a text with a key's variable in it, or none: `["Bearer ", "OPENAI_API_KEY"]`. */
  readonly headers: readonly { readonly name: string; readonly value: string; readonly key: string | null }[];
  /** Null where the body is no text. */
  readonly text: string | null;
  readonly bytes: Uint8Array;
  readonly json: Json | null;
  readonly beta: string | null;
};

/** Of one hop, or what the next client says by itself. RFC 9110 7.6.1, 7.8, 8.6. */
const OWN =
  /^(?:host|connection|content-length|accept-encoding|transfer-encoding|keep-alive|proxy-.*|te|trailer|upgrade|expect|x-stainless-.*|sec-fetch-.*|cookie)$/i;
const CREDENTIAL = /^(?:authorization|x-api-key|api-key|x-goog-api-key)$/i;
/** How a masked credential looks: see `src/fact/mask.ts`. */
const MASKED = /\*\*\*/;

export function requestOf(exchange: Exchange): Request {
  const bytes = joined(exchange.request.pieces);
  const text = textOf(bytes);
  const value = text === null ? null : parseJson(text);
  const key = keyName(exchange);
  return {
    method: exchange.method,
    url: withoutKey(exchange.target),
    headers: exchange.request.headers
      .filter(([name]) => !OWN.test(name))
      .map(([name, said]) => {
        if (!CREDENTIAL.test(name) && !MASKED.test(said)) return { name, value: said, key: null };
        const scheme = /^(?:Bearer|Basic|token)\s/i.exec(said)?.[0] ?? "";
        return { name, value: scheme, key: CREDENTIAL.test(name) ? key : variable(name) };
      }),
    text,
    bytes,
    json: isObject(value) ? value : null,
    beta: header(exchange.request.headers, "anthropic-beta") ?? null,
  };
}

/** By what the upstream is called: people have these already. */
function keyName({ upstream, target }: Exchange): string {
  const host = /^[a-z]+:\/\/([^/?#]+)/i.exec(target)?.[1] ?? "";
  if (/anthropic/.test(host)) return "ANTHROPIC_API_KEY";
  if (/googleapis/.test(host)) return "GEMINI_API_KEY";
  if (host.endsWith("openai.com")) return "OPENAI_API_KEY";
  return variable(upstream === "default" ? "" : upstream);
}

function variable(name: string): string {
  const word = name
    .toUpperCase()
    .replace(/[^A-Z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "");
  if (word === "") return "API_KEY";
  return word.endsWith("_KEY")
    ? `${/^\d/.test(word) ? "_" : ""}${word}`
    : `${/^\d/.test(word) ? "_" : ""}${word}_API_KEY`;
}

/** Keys in an address are masked already; the parameter goes, since a header can carry the key. */
function withoutKey(target: string): string {
  const [path = "", query] = target.split(/\?(.*)/s);
  if (query === undefined) return target;
  const kept = query
    .split("&")
    .filter((pair) => !/^(?:key|api[_-]?key|access_token)=/i.test(pair) && !MASKED.test(pair));
  return kept.length > 0 ? `${path}?${kept.join("&")}` : path;
}

function textOf(bytes: Uint8Array): string | null {
  const text = decode(bytes);
  return text.includes("\ufffd") || text.includes("\0") ? null : text;
}
