/** What stands around the bodies of one exchange, masked: addresses, headers, sentences. What a client signs in with is noted. */
import type { Header, Open } from "../../fact/fact.ts";
import type { Mask, Told } from "../../fact/mask.ts";
import { atOnce, PART_BYTES, type InParts } from "../../fact/parts.ts";
import { isShortWord } from "../../fact/secrets/headers.ts";
import type { Echoes } from "./echoes.ts";

/** Each is looked through for all that the client has signed in with. */
const HEADERS_AT_ONCE = 32;

export type Asked = Pick<Open, "method" | "path" | "target" | "headers">;

export class HeadMasks {
  readonly #mask: Mask;
  readonly #echoes: Echoes;
  readonly #onFailed: (error: unknown) => void;

  /** `onFailed`: an error of our own costs this exchange a part of its record, and nobody anything else. */
  constructor(mask: Mask, echoes: Echoes, onFailed: (error: unknown) => void) {
    this.#mask = mask;
    this.#echoes = echoes;
    this.#onFailed = onFailed;
  }

  asked(open: Asked): Asked | InParts<Asked> {
    const { method, path, target } = open;
    if (isShortWord(method) && this.#mask.isPlainUrl(path) && this.#mask.isPlainUrl(target)) {
      const headers = this.#mask.knownHeaders(open.headers, this.#found);
      if (headers) return { method, path, target, headers };
    }
    const work = this.#askedInParts(open);
    return isSmall(open.headers, open.method.length + open.path.length + open.target.length)
      ? atOnce(work)
      : work;
  }

  *#askedInParts({ method, path, target, headers }: Asked): InParts<Asked> {
    const mask = this.#mask;
    return {
      method: isShortWord(method) ? method : yield* this.#safely("", () => mask.textInParts(method)),
      headers: yield* this.#safely([], () => mask.headersInParts(headers, this.#found)),
      path: yield* this.#safely("", () => mask.urlInParts(path, this.#found)),
      target: yield* this.#safely("", () => mask.urlInParts(target, this.#found)),
    };
  }

  /** Of an answer, or behind a body. `signsIn`: the client's own, which may say with what. */
  headers(headers: readonly Header[], from: "echoing" | "signing in"): Header[] | InParts<Header[]> {
    const known = this.#mask.knownHeaders(headers, from === "signing in" ? this.#found : undefined);
    if (known) {
      for (let n = 0; n < known.length; n++) known[n] = this.#echoed(known[n]!);
      return known;
    }
    const work = this.#safely([], () => this.#headersInParts(headers, from));
    return isSmall(headers, 0) ? atOnce(work) : work;
  }

  *#headersInParts(headers: readonly Header[], from: "echoing" | "signing in"): InParts<Header[]> {
    const masked = yield* this.#mask.headersInParts(headers, from === "signing in" ? this.#found : undefined);
    for (let n = 0; n < masked.length; n++) {
      if (n % HEADERS_AT_ONCE === HEADERS_AT_ONCE - 1) yield;
      masked[n] = this.#echoed(masked[n]!);
    }
    return masked;
  }

  #echoed(header: Header): Header {
    const [name, value] = header;
    const said = this.#echoes.masked(value, this.#mask.secret);
    return said === value ? header : [name, said];
  }

  /** A sentence of ours, or what a side gave as its reason. */
  sentence(text: string): string {
    try {
      return this.#echoes.masked(this.#mask.text(text), this.#mask.secret);
    } catch (error) {
      this.#onFailed(error);
      return "";
    }
  }

  readonly #found: Told = (credential, source) => this.#echoes.add(credential, source);

  *#safely<T>(instead: T, work: () => InParts<T>): InParts<T> {
    try {
      return yield* work();
    } catch (error) {
      this.#onFailed(error);
      return instead;
    }
  }
}

/** Then it is looked through in one turn. */
function isSmall(headers: readonly Header[], more: number): boolean {
  if (headers.length >= HEADERS_AT_ONCE) return false;
  let size = more;
  for (const [name, value] of headers) size += name.length + value.length;
  return size <= PART_BYTES;
}
