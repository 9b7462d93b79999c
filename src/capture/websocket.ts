/**
 * Reads the messages out of a WebSocket's bytes as they pass (RFC 6455 section 5), for the record only: the bytes
 * themselves are relayed untouched, so that subprotocols, compression, pings and close codes are the two sides' own.
 */
import type { Bytes } from "../fact/fact.ts";

/** `deflated`: compressed (RFC 7692) as both sides have agreed. */
export type Kind = { readonly frame: NonNullable<Bytes["frame"]>; readonly deflated?: true };

export type Message = { readonly bytes: Uint8Array; readonly kind: Kind };

/** A message that is longer than this is told in parts: the reader must not hold what the wire does not. */
const LONGEST_HELD = 32 * 1024 * 1024;

/** Frames that are read at once: 20 million empty ones fit into 40 MB, and others must have their turn between them. */
const FRAMES_AT_ONCE = 500;

/** RFC 6455 5.5: no control frame is longer. */
const LONGEST_CONTROL = 125;

const CONTINUATION = 0;
const TEXT = 1;
const CLOSE = 8;

export class MessageReader {
  /** The close frame that this side sent, and when. */
  closed: { code: number; reason: string; t: number } | null = null;
  /** What came and was not read yet; the beginning of a frame's header may be left of it. */
  #bytes: Buffer = NOTHING;
  #at = 0;
  #t = 0;
  /** The frame whose payload is passing, and how much of it is still to come. */
  #frame: Frame | null = null;
  #left = 0;
  /** Read in this turn. */
  #frames = 0;
  readonly #message = new Growing();
  readonly #control = new Growing();
  #kind: Kind = { frame: "binary" };

  /** Only when `next` has nothing left. */
  add(bytes: Buffer, t = 0): void {
    this.#bytes = this.#bytes.byteLength === 0 ? bytes : Buffer.concat([this.#bytes, bytes]);
    this.#t = t;
  }

  /** The next message of what came. `again`: there may be more, after others had their turn. */
  next(): Message | "again" | null {
    while (this.#frames++ < FRAMES_AT_ONCE) {
      if (this.#frame === null) {
        const frame = frameAt(this.#bytes, this.#at);
        if (frame === null) return this.#nothing();
        this.#frame = frame;
        this.#left = frame.length;
        this.#at += frame.header;
      }
      const message = this.#payload(this.#frame);
      if (this.#left === 0) this.#frame = null;
      if (message !== null) return message;
      if (this.#left > 0) return this.#nothing();
    }
    this.#frames = 0;
    return "again";
  }

  /** What was read is let go of: a few bytes must not hold a whole packet. */
  #nothing(): null {
    this.#bytes = this.#at === this.#bytes.byteLength ? NOTHING : Buffer.from(this.#bytes.subarray(this.#at));
    this.#at = 0;
    return null;
  }

  #payload(frame: Frame): Message | null {
    const start = this.#at;
    this.#at = Math.min(start + this.#left, this.#bytes.byteLength);
    const offset = frame.length - this.#left;
    this.#left -= this.#at - start;
    const isDone = this.#left === 0;
    if (frame.opcode >= CLOSE) {
      // One that says so is not worth keeping.
      if (frame.length <= LONGEST_CONTROL) this.#control.add(this.#bytes, start, this.#at, frame.key, offset);
      if (isDone) this.#controlled(frame);
      return null;
    }
    this.#message.add(this.#bytes, start, this.#at, frame.key, offset);
    if (frame.opcode !== CONTINUATION)
      this.#kind = {
        frame: frame.opcode === TEXT ? "text" : "binary",
        ...(frame.compressed && { deflated: true }),
      };
    if (!(isDone && frame.final) && this.#message.size < LONGEST_HELD) return null;
    return { bytes: this.#message.take(), kind: this.#kind };
  }

  /** Pings and pongs are the connection's, not the conversation's. */
  #controlled({ opcode }: Frame): void {
    const payload = this.#control.take();
    if (opcode !== CLOSE) return;
    const code = payload.byteLength >= 2 ? payload.readUInt16BE(0) : 1005;
    this.closed ??= { code, reason: payload.toString("utf8", 2), t: this.#t };
  }
}

/** What comes in fragments, put together: each byte is copied a fixed number of times, however small they are. */
class Growing {
  #bytes: Buffer = NOTHING;
  size = 0;

  /** Copies what passes, which may still wait to be sent, and unmasks the copy. `offset`: where in its frame it stands. */
  add(bytes: Buffer, start: number, end: number, key: Buffer | null, offset: number): void {
    if (start === end) return;
    const at = this.size;
    this.size += end - start;
    if (this.size > this.#bytes.byteLength) {
      // A message that is whole in its first piece is copied once.
      const larger = Buffer.allocUnsafeSlow(at === 0 ? this.size : this.size * 2);
      this.#bytes.copy(larger, 0, 0, at);
      this.#bytes = larger;
    }
    bytes.copy(this.#bytes, at, start, end);
    if (key) unmask(this.#bytes, at, this.size, key, offset);
  }

  take(): Buffer {
    const whole = this.#bytes.subarray(0, this.size);
    this.#bytes = NOTHING;
    this.size = 0;
    return whole;
  }
}

type Frame = {
  /** Bytes of the header, and of the payload that follows it. */
  header: number;
  length: number;
  opcode: number;
  final: boolean;
  compressed: boolean;
  key: Buffer | null;
};

const NOTHING = Buffer.alloc(0);

/** The header of the frame that begins here, or null when it is not complete. */
function frameAt(bytes: Buffer, at: number): Frame | null {
  if (bytes.byteLength - at < 2) return null;
  const [first, second] = [bytes[at]!, bytes[at + 1]!];
  const short = second & 0x7f;
  const keyAt = short === 127 ? 10 : short === 126 ? 4 : 2;
  const header = keyAt + ((second & 0x80) !== 0 ? 4 : 0);
  if (bytes.byteLength - at < header) return null;
  const length =
    short === 127
      ? Number(bytes.readBigUInt64BE(at + 2))
      : short === 126
        ? bytes.readUInt16BE(at + 2)
        : short;
  return {
    header,
    length,
    opcode: first & 0x0f,
    final: (first & 0x80) !== 0,
    compressed: (first & 0x40) !== 0,
    key: header === keyAt ? null : Buffer.from(bytes.subarray(at + keyAt, at + header)),
  };
}

/** Below this a view costs more than it saves. */
const WORTH_WORDS = 64;

/** Four bytes at once where they lie so. */
function unmask(bytes: Buffer, start: number, end: number, key: Buffer, offset: number): void {
  let at = start;
  let n = offset;
  if (end - start < WORTH_WORDS) {
    for (; at < end; at++, n++) bytes[at]! ^= key[n & 3]!;
    return;
  }
  for (; at < end && ((bytes.byteOffset + at) & 3) !== 0; at++, n++) bytes[at]! ^= key[n & 3]!;
  const words = new Uint32Array(bytes.buffer, bytes.byteOffset + at, (end - at) >> 2);
  const turned = new Uint32Array(Uint8Array.from([0, 1, 2, 3], (k) => key[(n + k) & 3]!).buffer)[0]!;
  for (let w = 0; w < words.length; w++) words[w]! ^= turned;
  for (at += words.length * 4, n += words.length * 4; at < end; at++, n++) bytes[at]! ^= key[n & 3]!;
}
