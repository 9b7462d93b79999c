/**
 * Masking: credentials are replaced before a fact leaves the thread that saw them. A mask keeps the prefix that says
 * what kind of key it is and a short keyed hash, so that the same key is seen to be the same and cannot be recovered:
 * `sk-or-v1-abcdef…` becomes `sk-or-v1-…#3f9a1c2b`.
 */
import type { Header } from "./fact.ts";
import { FORMS } from "./secrets/forms.ts";
import { isPlainName, isShortWord, maskHeader, type Secret } from "./secrets/headers.ts";
import type { Source } from "./secrets/spellings.ts";
import { isMasked } from "./secrets/values.ts";
import { maskText, maskTextInParts } from "./mask-text.ts";
import { atOnce, PART_BYTES, type InParts } from "./parts.ts";

/** A keyed hash of the secret: at least eight hexadecimal digits. */
export type Hash = (secret: string) => string;

/** Told of every credential, and how sure it is that it is one. */
export type Told = (credential: string, source: Source) => void;

export type Mask = {
  headers(headers: readonly Header[], found?: Told): Header[];
  /** A path or URL with the values of key-like query parameters and a password before `@` masked. */
  url(url: string, found?: Told): string;
  /** A text of which nothing is known: a sentence, a line of a pipe, a message. JSON stays JSON. */
  text(text: string): string;
  /** What a stranger may have made long. */
  headersInParts(headers: readonly Header[], found?: Told): InParts<Header[]>;
  urlInParts(url: string, found?: Told): InParts<string>;
  textInParts(text: string): InParts<string>;
  /** What is known of all of these, without a look at any: the same headers come again and again. Else null. */
  knownHeaders(headers: readonly Header[], found?: Told): Header[] | null;
  /** Whether this address was looked through, and there is no credential in it. */
  isPlainUrl(url: string): boolean;
  /** Any secret, by itself. */
  secret(secret: string): string;
};

export function createMask(hash: Hash): Mask {
  const known = new Map<string, string>();
  /** Headers that were looked through, and addresses in which nothing was found: they come again and again. */
  const seen = new Map<string, Map<string, Seen>>();
  let seenCount = 0;
  /** Names behind which a short word is no credential: its lengths and counts are others each time. */
  const plainNames = new Set<string>();
  const plainUrls = new Set<string>();
  const secret = (value: string): string => {
    if (value === "" || isMasked(value)) return value;
    const seen = known.get(value);
    if (seen) return seen;
    const masked = `${prefixOf(value)}…#${hash(value).slice(0, 8)}`;
    // A cache of every value would grow for ever where each request brings a new token.
    if (known.size >= REMEMBERED_TEXTS) known.clear();
    if (value.length < LONGEST_KEPT) known.set(value, masked);
    return masked;
  };
  function* headersInParts(headers: readonly Header[], found?: Told): InParts<Header[]> {
    const masked: Header[] = [];
    let looked = 0;
    for (const header of headers) {
      const [name, value] = header;
      const before = seen.get(name)?.get(value);
      if (before !== undefined) {
        masked.push(before.masked);
        if (found) for (const { credential, source } of before.told) found(credential, source);
        continue;
      }
      looked += name.length + value.length + HEADER_BYTES;
      if (looked > PART_BYTES) {
        yield;
        looked = 0;
      }
      masked.push(yield* headerInParts(header, found));
    }
    return masked;
  }
  function* headerInParts(header: Header, found?: Told): InParts<Header> {
    const [name, value] = header;
    const told: { credential: string; source: Source }[] = [];
    const telling: Secret = (credential, source) => {
      if (credential !== "" && !isMasked(credential)) {
        told.push({ credential, source });
        found?.(credential, source);
      }
      return secret(credential);
    };
    const masked = yield* maskHeader(name.toLowerCase(), value, telling);
    const kept: Seen = { masked: masked === value ? header : [name, masked], told };
    if (isShortWord(value) && isPlainName(name)) {
      if (plainNames.size >= REMEMBERED_TEXTS) plainNames.clear();
      plainNames.add(name);
    } else if (isKept(name + value)) remember(name, value, kept);
    return kept.masked;
  }
  function knownHeaders(headers: readonly Header[], found?: Told): Header[] | null {
    if (headers.length > KNOWN_AT_ONCE) return null;
    const masked: Header[] = [];
    for (const header of headers) {
      const [name, value] = header;
      const before = seen.get(name)?.get(value);
      if (before === undefined) {
        if (!plainNames.has(name) || !isShortWord(value)) return null;
        masked.push(header);
        continue;
      }
      masked.push(before.masked);
      if (found) for (const { credential, source } of before.told) found(credential, source);
    }
    return masked;
  }
  function remember(name: string, value: string, kept: Seen): void {
    if (seenCount >= REMEMBERED_TEXTS) {
      seen.clear();
      seenCount = 0;
    }
    seenCount++;
    const values = seen.get(name);
    if (values) values.set(value, kept);
    else seen.set(name, new Map([[value, kept]]));
  }
  function* urlInParts(url: string, found?: Told): InParts<string> {
    if (plainUrls.has(url)) return url;
    const told = telling(secret, found);
    const authority = USER_AND_PASSWORD.exec(url);
    const at = authority ? authority[1]!.length + 1 : 0;
    const before = authority ? `${authority[1]}:${told(authority[2]!, "signed in")}` : "";
    const rest = url.slice(authority ? at + authority[2]!.length : 0);
    const value = (one: string) => told(one, "signed in");
    const masked = before + (yield* maskTextInParts(rest, value, "parameters"));
    if (masked !== url || !isKept(url)) return masked;
    if (plainUrls.size >= REMEMBERED_TEXTS) plainUrls.clear();
    plainUrls.add(url);
    return url;
  }
  return {
    secret,
    text: (text) => maskText(text, secret),
    textInParts: (text) => maskTextInParts(text, secret),
    headers: (headers, found) => atOnce(headersInParts(headers, found)),
    headersInParts,
    knownHeaders,
    isPlainUrl: (url) => plainUrls.has(url),
    url: (url, found) => atOnce(urlInParts(url, found)),
    urlInParts,
  };
}

/** What `CONNECT user:password@host:443` asks for has no scheme in front of it. */
const USER_AND_PASSWORD = /^([^/?#@:\s]{1,256}):([^/?#@:\s]{1,1024})(?=@)/;

/** A header as it is recorded, and what was found in it. */
type Seen = {
  readonly masked: Header;
  readonly told: readonly { readonly credential: string; readonly source: Source }[];
};

const REMEMBERED_TEXTS = 1000;

/** Each may tell a credential, which costs a search. */
const KNOWN_AT_ONCE = 32;

/** What looking at a header costs beside its characters. */
const HEADER_BYTES = 32;
const LONGEST_KEPT = 1024;

/** What is long would fill the memory, and a mask in it may stand for what is none. */
function isKept(text: string): boolean {
  return text.length < LONGEST_KEPT && !text.includes("…");
}

function telling(secret: (value: string) => string, found: Told | undefined): Secret {
  return (value, source) => {
    if (found && value !== "" && !isMasked(value)) found(value, source);
    return secret(value);
  };
}

/** What says of what kind a key is; anything else keeps its first four characters at most. */
const PREFIXES = FORMS.map(({ starts }) => starts).toSorted((a, b) => b.length - a.length);
const NUMBERED = /^sk-ant-[a-z]+\d\d-/;

function prefixOf(value: string): string {
  const kind = NUMBERED.exec(value)?.[0] ?? PREFIXES.find((prefix) => value.startsWith(prefix));
  if (kind) return kind;
  // Four characters of a short secret would be much of it.
  return value.length >= 24 ? value.slice(0, 4) : "";
}
