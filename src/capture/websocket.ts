/**
 * Reads the messages out of a WebSocket's bytes as they pass (RFC 6455 section 5), for the record only: the bytes
 * themselves are relayed untouched, so that subprotocols, compression, pings and close codes are the two sides' own.
 */
import type { Bytes } from "../fact/fact.ts";

/** `deflated`: compressed (RFC 7692) as both sides have agreed. */
export type Kind = { readonly frame: NonNullable<Bytes["frame"]>; readonly deflated?: true };
type TellMessage = (message: Uint8Array, kind: Kind | undefined) => void;

/** A message that is longer than this is told in parts: the reader must not hold what the wire does not. */
const LONGEST_HELD = 32 * 1024 * 1024;

const CONTINUATION = 0;
const TEXT = 1;
const CLOSE = 8;

export class MessageReader {
  /** False for an upgrade to another protocol: its bytes are told as they come. */
  readonly sockets: boolean;
  /** The close frame that this side sent, and when. */
  closed: { code: number; reason: string; at: number } | null = null;
  /** The beginning of a frame's header. */
  #header: Buffer = NOTHING;
  /** The frame whose payload is passing, and how much of it is still to come. */
  #frame: Frame | null = null;
  #left = 0;
  #message: Buffer[] = [];
  #control: Buffer[] = [];
  #held = 0;
  #kind: Kind = { frame: "binary" };

  constructor(sockets: boolean) {
    this.sockets = sockets;
  }

  read(bytes: Buffer, tell: TellMessage): void {
    if (!this.sockets) return tell(bytes, undefined);
    let at = 0;
    for (;;) {
      if (this.#frame === null) {
        const rest = at === 0 ? bytes : bytes.subarray(at);
        const known = this.#header.byteLength;
        const header = known === 0 ? rest : Buffer.concat([this.#header, rest.subarray(0, LONGEST_HEADER)]);
        this.#frame = frameAt(header);
        if (this.#frame === null) {
          this.#header = Buffer.from(header);
          return;
        }
        this.#header = NOTHING;
        this.#left = this.#frame.length;
        at += this.#frame.header - known;
      }
      const end = Math.min(at + this.#left, bytes.byteLength);
      this.#payload(this.#frame, bytes.subarray(at, end), tell);
      at = end;
      if (this.#left > 0) return;
      this.#frame = null;
      if (at === bytes.byteLength) return;
    }
  }

  #payload(frame: Frame, passing: Buffer, tell: TellMessage): void {
    const payload = unmasked(passing, frame.key, frame.length - this.#left);
    this.#left -= passing.byteLength;
    const isDone = this.#left === 0;
    if (frame.opcode >= CLOSE) {
      // RFC 6455 5.5: no control frame is longer; one that says so is not worth keeping.
      if (frame.length <= 125) this.#control.push(payload);
      if (isDone) this.#controlled(frame);
      return;
    }
    this.#message.push(payload);
    this.#held += payload.byteLength;
    if (frame.opcode !== CONTINUATION)
      this.#kind = {
        frame: frame.opcode === TEXT ? "text" : "binary",
        ...(frame.compressed && { deflated: true }),
      };
    if (!(isDone && frame.final) && this.#held < LONGEST_HELD) return;
    const [only] = this.#message;
    tell(this.#message.length === 1 ? only! : Buffer.concat(this.#message), this.#kind);
    this.#message = [];
    this.#held = 0;
  }

  /** Pings and pongs are the connection's, not the conversation's. */
  #controlled({ opcode }: Frame): void {
    const payload = Buffer.concat(this.#control);
    this.#control = [];
    if (opcode !== CLOSE) return;
    const code = payload.byteLength >= 2 ? payload.readUInt16BE(0) : 1005;
    this.closed ??= { code, reason: payload.subarray(2).toString("utf8"), at: performance.now() };
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
const LONGEST_HEADER = 14;

/** The header of the first frame, or null when it is not complete. */
function frameAt(bytes: Buffer): Frame | null {
  if (bytes.byteLength < 2) return null;
  const [first, second] = [bytes[0]!, bytes[1]!];
  const short = second & 0x7f;
  const keyAt = short === 127 ? 10 : short === 126 ? 4 : 2;
  const header = keyAt + ((second & 0x80) !== 0 ? 4 : 0);
  if (bytes.byteLength < header) return null;
  return {
    header,
    length: short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short,
    opcode: first & 0x0f,
    final: (first & 0x80) !== 0,
    compressed: (first & 0x40) !== 0,
    key: header === keyAt ? null : Buffer.from(bytes.subarray(keyAt, header)),
  };
}

/** A copy, since what passes may still wait to be sent. `offset`: where in the payload it stands. */
function unmasked(passing: Buffer, key: Buffer | null, offset: number): Buffer {
  const payload = Buffer.from(passing);
  if (key) for (let n = 0; n < payload.byteLength; n++) payload[n]! ^= key[(offset + n) & 3]!;
  return payload;
}
