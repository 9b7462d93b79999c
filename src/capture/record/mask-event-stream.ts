/**
 * Masks AWS's binary event streams (application/vnd.amazon.eventstream; Smithy, "Amazon Event Stream Specification"), as
 * Bedrock speaks: each message is looked through as what it says, also where that is base64 of what the model's own API
 * says, and gets the checksum of what is recorded of it.
 */
import { crc32 } from "node:zlib";
import { concat } from "../../fact/concat.ts";
import type { Mask } from "../../fact/mask.ts";
import { atOnce, type InParts } from "../../fact/parts.ts";
import type { Echoes } from "./echoes.ts";
import { HeldPieces } from "./held-pieces.ts";
import { BodyMask } from "./mask-body.ts";

/** Lengths and their checksum stand in front of a message, its own checksum behind it. */
const PRELUDE = 12;
const CHECKSUM = 4;
/** No message of a model is longer; what claims to be is no such stream. */
const LARGEST_MESSAGE_BYTES = 1024 * 1024;

/** `{"bytes":"…"}`, with what may stand behind it. */
const CODED = /^\s*\{\s*"bytes"\s*:\s*"([A-Za-z0-9+/]*={0,2})"/;

export class EventStreamMask {
  readonly #mask: Mask;
  readonly #echoes: Echoes;
  readonly #held = new HeldPieces();
  readonly #said: BodyMask;
  /** What is no message any more. */
  #rest: BodyMask | null = null;
  #waiting: Uint8Array[] = [];
  #size = 0;
  /** Where what waits begins, and up to where it is decided. */
  #at = 0;
  #decided = 0;

  constructor(mask: Mask, echoes: Echoes) {
    this.#mask = mask;
    this.#echoes = echoes;
    this.#said = new BodyMask(mask, "stream", echoes);
  }

  push(piece: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    atOnce(this.inParts("push", piece, tell));
  }

  /** A message of a socket, as the others have it: no socket speaks so. */
  message(bytes: Uint8Array, tell: (bytes: Uint8Array) => void): void {
    this.push(bytes, tell);
  }

  /** Others have their turn in between. */
  *inParts(_: "push" | "message", piece: Uint8Array, tell: (bytes: Uint8Array) => void): InParts {
    this.#held.push(piece, tell);
    if (this.#rest) yield* this.#pushRest(piece);
    else {
      // A copy: what passes belongs to the socket.
      this.#waiting.push(piece.slice());
      this.#size += piece.byteLength;
      yield* this.#takeMessages();
    }
    this.#held.release(this.#decided);
  }

  /** At once: what waits is less than a message. */
  end(): void {
    if (!this.#rest && this.#size > 0) atOnce(this.#giveUp());
    this.#said.end();
    this.#rest?.end();
    this.#held.release(Infinity);
  }

  *#takeMessages(): InParts {
    let bytes: Uint8Array | null = null;
    while (!this.#rest && this.#size >= PRELUDE) {
      bytes = this.#waiting.length === 1 ? this.#waiting[0]! : concat(this.#waiting);
      this.#waiting = [bytes];
      const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
      const [total, headers] = [view.getUint32(0), view.getUint32(4)];
      if (total > LARGEST_MESSAGE_BYTES || headers > total - PRELUDE - CHECKSUM) return yield* this.#giveUp();
      if (this.#size < total) return;
      yield* this.#message(bytes.subarray(0, total), this.#at, PRELUDE + headers);
      this.#waiting = [bytes.subarray(total)];
      this.#size -= total;
      this.#at += total;
    }
  }

  *#message(message: Uint8Array, start: number, from: number): InParts {
    const payload = message.subarray(from, message.byteLength - CHECKSUM);
    const coded = CODED.exec(Buffer.from(payload).toString("latin1"));
    const said = coded ? Buffer.from(coded[1]!, "base64") : payload;
    const write = (masked: Uint8Array) => {
      const text = coded ? Buffer.from(masked).toString("base64") : Buffer.from(masked).toString("latin1");
      const at = from + (coded ? coded[0].length - coded[1]!.length - 1 : 0);
      const told = new Uint8Array(message);
      told.set(Buffer.from(text, "latin1"), at);
      const sum = crc32(told.subarray(0, -CHECKSUM));
      new DataView(told.buffer).setUint32(told.byteLength - CHECKSUM, sum);
      this.#held.write(start, Buffer.from(told).toString("latin1"));
    };
    yield* this.#said.inParts("message", said, (masked) => {
      if (Buffer.compare(masked, said) !== 0) write(masked);
      this.#decided = start + message.byteLength;
      this.#held.release(this.#decided);
    });
  }

  /** It is something else, or broken: looked through as any bytes. */
  *#giveUp(): InParts {
    this.#rest = new BodyMask(this.#mask, "answer", this.#echoes);
    this.#said.end();
    this.#decided = this.#at;
    const left = concat(this.#waiting);
    this.#waiting = [];
    this.#size = 0;
    yield* this.#pushRest(left);
  }

  *#pushRest(bytes: Uint8Array): InParts {
    const start = this.#at;
    this.#at += bytes.byteLength;
    yield* this.#rest!.inParts("push", bytes, (masked) => {
      this.#decided = start + bytes.byteLength;
      if (masked !== bytes) this.#held.write(start, Buffer.from(masked).toString("latin1"));
      this.#held.release(this.#decided);
    });
  }
}
