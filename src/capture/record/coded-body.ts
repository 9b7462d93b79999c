/**
 * What passes in a coding, told as what it means: only so can it be looked through for credentials before it leaves this
 * thread. What cannot be decoded is told where it is readable as it is, and is a gap where it is not: nobody knows what
 * is in it.
 */
import type { Bytes } from "../../fact/fact.ts";
import { concat } from "../../fact/concat.ts";
import type { InParts } from "../../fact/parts.ts";
import { Decoder } from "./decoder.ts";

export type Say = {
  /** `passed`: how many bytes on the wire these were. */
  bytes(t: number, bytes: Uint8Array, passed: number): void;
  /** A message, which may be long. */
  message(t: number, bytes: Uint8Array, passed: number, frame: Bytes["frame"]): void | InParts;
  gap(t: number, lost: number, why: string): void;
};

/** Nobody applies more of them. */
const MOST_CODINGS = 3;

/** What is kept for the case that it is no such coding: the first block of a zstd body is no larger. */
const MOST_UNREAD = 256 * 1024;

/** No coding needs more to say that there is nothing. */
const EMPTY = 32;

const NOTHING = new Uint8Array(0);

/** One side's body. Its calls are made one at a time. */
export class CodedBody {
  readonly #say: Say;
  readonly #unreadable: "kept" | "lost";
  /** The last coding that was applied comes off first. */
  readonly #decoders: readonly Decoder[];
  /** How it is told; a server may name a coding that it does not use. */
  #as: "decoded" | "text" | "nothing" = "decoded";
  /** All that came, as long as nothing could be read. */
  #unread: { t: number; bytes: Uint8Array }[] | null = [];
  /** Bytes that made nothing readable yet, and with `why` all that never will. */
  #passed = 0;
  #lost: { t: number; why: string } | null = null;
  readonly #text = new TextDecoder("utf-8", { fatal: true });

  /** `limit`: bytes that each coding may come to. `unreadable`: kept where nothing has to be looked through. */
  constructor(codings: readonly string[], limit: number, unreadable: "kept" | "lost", say: Say) {
    this.#say = say;
    this.#unreadable = unreadable;
    const names = codings.length > MOST_CODINGS ? [codings.join(", ").slice(0, 80)] : codings.toReversed();
    this.#decoders = names.map((coding) => new Decoder(coding, limit));
  }

  async take(t: number, bytes: Uint8Array): Promise<void> {
    if (this.#as === "text") return this.#tellText(t, bytes);
    this.#passed += bytes.byteLength;
    if (this.#as === "nothing") return;
    this.#unread?.push({ t, bytes });
    if (this.#passed > MOST_UNREAD) this.#unread = null;
    const broken = await this.#decode(0, bytes, (part) => {
      this.#unread = null;
      this.#say.bytes(t, part, this.#passed);
      this.#passed = 0;
    });
    if (broken !== null) this.#break(t, broken);
  }

  /** `whole`: all of the body has passed. */
  async end(t: number, how: "whole" | "cut"): Promise<void> {
    if (this.#as === "decoded" && (how === "whole" || this.#unread !== null)) {
      let broken: string | null = null;
      for (const decoder of this.#decoders) broken ??= await decoder.end();
      if (this.#unread !== null && this.#passed > EMPTY) broken ??= "nothing of it can be read";
      if (broken !== null) this.#break(t, broken);
    }
    if (this.#lost) this.#say.gap(this.#lost.t, this.#passed, this.#lost.why);
    else if (this.#passed > 0 && this.#as === "decoded") this.#say.bytes(t, NOTHING, this.#passed);
    this.#passed = 0;
    this.#as = "nothing";
    for (const decoder of this.#decoders) decoder.reset();
  }

  async #decode(n: number, bytes: Uint8Array, told: (part: Uint8Array) => void): Promise<string | null> {
    const decoder = this.#decoders[n]!;
    if (n === this.#decoders.length - 1) return await decoder.take(bytes, told);
    const parts: Uint8Array[] = [];
    const broken = await decoder.take(bytes, (part) => parts.push(part));
    return (await this.#decode(n + 1, concat(parts), told)) ?? broken;
  }

  #break(t: number, broken: string): void {
    const why = `the body could not be decoded: ${broken}`;
    const pieces = this.#unread ?? [];
    this.#unread = null;
    const came = concat(pieces.map(({ bytes }) => bytes));
    if (came.byteLength === 0 || !this.#mayBeTold(came, new TextDecoder("utf-8", { fatal: true })))
      return this.#lose(t, why);
    this.#as = "text";
    this.#passed = 0;
    this.#say.gap(t, 0, why);
    for (const piece of pieces) this.#tellText(piece.t, piece.bytes);
  }

  #tellText(t: number, bytes: Uint8Array): void {
    if (this.#as === "text" && this.#mayBeTold(bytes, this.#text))
      return this.#say.bytes(t, bytes, bytes.byteLength);
    this.#passed += bytes.byteLength;
    if (this.#as === "text") this.#lose(t, "the body could not be decoded: it is no text");
  }

  #mayBeTold(bytes: Uint8Array, text: TextDecoder): boolean {
    return this.#unreadable === "kept" || isText(bytes, text);
  }

  /** What of it could not be read is counted to its end. */
  #lose(t: number, why: string): void {
    this.#as = "nothing";
    const because = this.#unreadable === "lost" ? ", since a credential may be in it" : "";
    this.#lost = { t, why: `${why}; what follows was not kept${because}` };
  }
}

/** What ends every message of permessage-deflate and is left off on the wire (RFC 7692 7.2.1). */
const TAIL = Uint8Array.of(0x00, 0x00, 0xff, 0xff);

/** It is held whole: a few bytes on the wire must not fill the memory. */
const LARGEST_MESSAGE = 8 * 1024 * 1024;

/** The compressed messages of one side of a WebSocket. Its calls are made one at a time. */
export class CodedMessages {
  readonly #say: Say;
  readonly #decoder: Decoder;
  readonly #isEachFresh: boolean;
  #isLost = false;

  /** `extensions`: what both sides agreed on. */
  constructor(from: "client" | "server", extensions: string, limit: number, say: Say) {
    this.#say = say;
    this.#decoder = new Decoder("messages", limit);
    this.#isEachFresh = extensions.includes(`${from}_no_context_takeover`);
  }

  *take(t: number, message: Uint8Array, frame: Bytes["frame"]): InParts {
    const parts: Uint8Array[] = [];
    let size = 0;
    if (this.#isEachFresh) this.#decoder.reset();
    const decoding = this.#decoder.take(concat([message, TAIL]), (part) => {
      size += part.byteLength;
      if (size <= LARGEST_MESSAGE) parts.push(part);
    });
    let broken: string | null = "the recorder failed";
    yield decoding.then((why) => (broken = why));
    if (broken === null && size > LARGEST_MESSAGE) {
      const why = `a compressed message has more than ${LARGEST_MESSAGE} bytes; it was not kept`;
      return this.#say.gap(t, message.byteLength, why);
    }
    if (broken === null) {
      const told = this.#say.message(t, concat(parts), message.byteLength, frame);
      if (told) yield* told;
      return;
    }
    const why = `a compressed message could not be read: ${broken}; it`;
    if (this.#isEachFresh) this.#say.gap(t, message.byteLength, `${why} was not kept`);
    else if (!this.#isLost) this.#say.gap(t, -1, `${why} and those behind it were not kept`);
    this.#isLost = true;
  }

  close(): void {
    this.#decoder.reset();
  }
}

/** Text of no other characters than those that are written. */
function isText(bytes: Uint8Array, decoder: TextDecoder): boolean {
  try {
    // oxlint-disable-next-line no-control-regex
    return !/[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/.test(decoder.decode(bytes, { stream: true }));
  } catch {
    return false;
  }
}
