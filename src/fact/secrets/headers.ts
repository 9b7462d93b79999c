/** Credentials in headers: by the header's name, and by what stands in any other one as in any text. */
import type { Source } from "./spellings.ts";
import { LONGEST_NAME, strengthOf } from "./names.ts";
import { isMasked, isOpaque, SCHEME } from "./values.ts";
import { maskTextInParts } from "../mask-text.ts";
import type { InParts } from "../parts.ts";

/** Makes the mask of one credential, and is told how sure it is that it is one. */
export type Secret = (value: string, source: Source) => string;

/** `name` in small letters. */
export function* maskHeader(name: string, value: string, secret: Secret): InParts<string> {
  if (name === "cookie") return yield* eachPair(value, secret);
  if (name === "set-cookie") return yield* setCookie(value, secret);
  if (name === "sec-websocket-protocol") return yield* subprotocols(value, secret);
  const strength = strengthOf(name, "header");
  if (strength !== null && isCredential(value, strength)) {
    const scheme = SCHEME.exec(value)?.[0] ?? "";
    return scheme + secret(value.slice(scheme.length), strength === "weak" ? "weak" : "signed in");
  }
  if (isShortWord(value)) return value;
  // A redirect and a link carry their keys in the query as a request does.
  const kind = ADDRESSES.has(name) ? "parameters" : "text";
  return yield* maskTextInParts(value, (found) => secret(found, "signed in"), kind);
}

/** Whether a short word behind this name is a word: no credential is called so, and nothing is made of it. */
export function isPlainName(name: string): boolean {
  return (
    name.length <= LONGEST_NAME && !OF_PARTS.has(name.toLowerCase()) && strengthOf(name, "header") === null
  );
}

const OF_PARTS = new Set(["cookie", "set-cookie", "sec-websocket-protocol"]);

/** No form of a key is so short, and nothing in it parts a name from a value. */
export function isShortWord(value: string): boolean {
  return value.length <= 16 && /^[\w.]*$/.test(value);
}

function isCredential(value: string, strength: "strong" | "weak"): boolean {
  if (isMasked(value)) return false;
  // Challenges, numbers and switches have such names too.
  if (/^(?:true|false|null|none|\d{0,6})$/i.test(value)) return false;
  if (strength === "weak") return isOpaque(value);
  return !/^[[{]/.test(value);
}

const ADDRESSES = new Set(["location", "content-location", "referer", "link", "refresh", "origin"]);

/** Browsers can send a key in no other header: OpenAI's `openai-insecure-api-key.KEY`, Deepgram's `token, KEY`. */
function* subprotocols(value: string, secret: Secret): InParts<string> {
  let before = "";
  let masked = "";
  for (const [n, word] of value.split(/(,[ \t]*)/).entries()) {
    if (n % WORDS_AT_ONCE === WORDS_AT_ONCE - 1) yield;
    if (n % 2 === 0) {
      const follows = /^(?:token|bearer|key|api-?key|authorization)$/i.test(before);
      before = word;
      masked += follows ? secret(word, "signed in") : yield* subprotocol(word, secret);
    } else masked += word;
  }
  return masked;
}

function* subprotocol(word: string, secret: Secret): InParts<string> {
  const dot = keyIn(word);
  return dot < 0
    ? yield* maskTextInParts(word, (found) => secret(found, "signed in"))
    : word.slice(0, dot) + secret(word.slice(dot), "signed in");
}

/** Of what stands in a list. */
const WORDS_AT_ONCE = 128;

/** Where the key begins in `name.KEY`, or -1. The name says what it is, and may have a domain behind it. */
function keyIn(word: string): number {
  // `session-KEY`, where it looks like one.
  const sign = word.slice(0, LONGEST_NAME).search(/[-_:=]/);
  if (sign > 0 && SAYS.test(word.slice(0, sign)) && isOpaque(word.slice(sign + 1))) return sign + 1;
  const parts = word.slice(0, LONGEST_SUBPROTOCOL).split(".");
  const named = parts.slice(0, -1).findIndex((part) => SAYS.test(part));
  if (named < 0) return -1;
  let last = named;
  while (last + 2 < parts.length && isName(parts[last + 1]!)) last++;
  return parts.slice(0, last + 1).join(".").length + 1;
}

const SAYS = /key|tok|secret|bearer|auth|session/i;
const LONGEST_SUBPROTOCOL = 1024;

function isName(part: string): boolean {
  return part.length <= 16 && /^[a-z][a-z0-9-]*$/.test(part) && !/^e[yk]/i.test(part);
}

function* eachPair(value: string, secret: Secret): InParts<string> {
  const masked: string[] = [];
  for (const pair of value.split(/;[ \t]*/)) {
    if (masked.length % WORDS_AT_ONCE === WORDS_AT_ONCE - 1) yield;
    const at = pair.indexOf("=");
    masked.push(at < 0 ? secret(pair, "weak") : pair.slice(0, at + 1) + secret(pair.slice(at + 1), "weak"));
  }
  return masked.join("; ");
}

function* setCookie(value: string, secret: Secret): InParts<string> {
  const end = value.indexOf(";");
  const pair = end < 0 ? value : value.slice(0, end);
  return (yield* eachPair(pair, secret)) + (end < 0 ? "" : value.slice(end));
}
