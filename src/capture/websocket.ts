/**
 * Reads the messages out of a WebSocket's bytes as they pass (RFC 6455 section 5), for the record only: the bytes
 * themselves are relayed untouched, so that subprotocols, compression, pings and close codes are the two sides' own.
 */
import type { Bytes } from "../fact/fact.ts";

type Kind = Pick<Bytes, "frame" | "deflated">;
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
  #buffer: Buffer = Buffer.alloc(0);
  #message: Buffer[] = [];
  #held = 0;
  #kind: Kind = { frame: "binary" };

  constructor(sockets: boolean) {
    this.sockets = sockets;
  }

  read(bytes: Buffer, tell: TellMessage): void {
    if (!this.sockets) return tell(bytes, undefined);
    this.#buffer = this.#buffer.byteLength === 0 ? bytes : Buffer.concat([this.#buffer, bytes]);
    for (;;) {
      const frame = frameAt(this.#buffer);
      if (!frame) return;
      this.#buffer = this.#buffer.subarray(frame.size);
      this.#frame(frame, tell);
    }
  }

  #frame({ opcode, final, compressed, payload }: Frame, tell: TellMessage): void {
    if (opcode === CLOSE) {
      const code = payload.byteLength >= 2 ? payload.readUInt16BE(0) : 1005;
      this.closed ??= { code, reason: payload.subarray(2).toString("utf8"), at: performance.now() };
      return;
    }
    // Pings and pongs are the connection's, not the conversation's.
    if (opcode > CLOSE) return;
    if (opcode !== CONTINUATION)
      this.#kind = { frame: opcode === TEXT ? "text" : "binary", ...(compressed && { deflated: true }) };
    this.#message.push(payload);
    this.#held += payload.byteLength;
    if (!final && this.#held < LONGEST_HELD) return;
    const [only] = this.#message;
    tell(this.#message.length === 1 ? only! : Buffer.concat(this.#message), this.#kind);
    this.#message = [];
    this.#held = 0;
  }
}

type Frame = { size: number; opcode: number; final: boolean; compressed: boolean; payload: Buffer };

/** The first frame, or null when it is not complete. Its payload is a copy, unmasked. */
function frameAt(bytes: Buffer): Frame | null {
  if (bytes.byteLength < 2) return null;
  const [first, second] = [bytes[0]!, bytes[1]!];
  const short = second & 0x7f;
  let at = short === 127 ? 10 : short === 126 ? 4 : 2;
  const masked = (second & 0x80) !== 0;
  if (bytes.byteLength < at + (masked ? 4 : 0)) return null;
  const length =
    short === 127 ? Number(bytes.readBigUInt64BE(2)) : short === 126 ? bytes.readUInt16BE(2) : short;
  const key = masked ? bytes.subarray(at, at + 4) : null;
  if (masked) at += 4;
  if (bytes.byteLength < at + length) return null;
  const payload = Buffer.from(bytes.subarray(at, at + length));
  if (key) for (let n = 0; n < payload.byteLength; n++) payload[n]! ^= key[n & 3]!;
  return {
    size: at + length,
    opcode: first & 0x0f,
    final: (first & 0x80) !== 0,
    compressed: (first & 0x40) !== 0,
    payload,
  };
}
