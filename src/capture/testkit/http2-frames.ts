/** For tests: an upstream of HTTP/2 that says frames as it is told (RFC 9113 section 4), right or wrong. */
import { join } from "node:path";
import type { Socket } from "bun";
import { FIXTURES } from "./rig.ts";

const PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length;
const SETTINGS = 4;
const DATA = 0;
const HEADERS = 1;
const ACK = 1;

export const frame = (type: number, flags: number, stream: number, payload: Uint8Array = Buffer.alloc(0)) => {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.byteLength, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
};

export const number = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** HPACK (RFC 7541): `:status: 200` is the static table's eighth; anything else a literal without an index. */
export const OK_HEAD = Buffer.from([0x88]);
export const literal = (name: string, value: string) =>
  Buffer.concat([
    Buffer.from([0, name.length]),
    Buffer.from(name, "latin1"),
    Buffer.from([value.length]),
    Buffer.from(value, "latin1"),
  ]);

export type FrameSocket = Pick<Socket<unknown>, "write" | "end" | "terminate">;

/** `answer` is called with each request's stream, `body` with what is said on it. */
export async function frameUpstream(
  answer: (socket: FrameSocket, stream: number) => void,
  body: (socket: FrameSocket, stream: number, bytes: Buffer) => void = () => {},
) {
  let taken = 0;
  const listener = Bun.listen<{ bytes: Buffer; begun: boolean }>({
    hostname: "127.0.0.1",
    port: 0,
    tls: {
      key: Bun.file(join(FIXTURES, "localhost-key.pem")),
      cert: Bun.file(join(FIXTURES, "localhost.pem")),
      ALPNProtocols: Buffer.from("\x02h2"),
    } as never,
    socket: {
      binaryType: "buffer",
      open(socket) {
        taken++;
        socket.data = { bytes: Buffer.alloc(0), begun: false };
      },
      data(socket, bytes) {
        const { data } = socket;
        data.bytes = Buffer.concat([data.bytes, bytes]);
        if (!data.begun) {
          if (data.bytes.byteLength < PREFACE) return;
          data.bytes = data.bytes.subarray(PREFACE);
          data.begun = true;
          socket.write(frame(SETTINGS, 0, 0));
        }
        while (data.bytes.byteLength >= 9) {
          const { bytes: held } = data;
          const end = 9 + held.readUIntBE(0, 3);
          if (held.byteLength < end) return;
          data.bytes = held.subarray(end);
          if (held[3] === SETTINGS && (held[4]! & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0));
          if (held[3] === DATA) body(socket, held.readUInt32BE(5), held.subarray(9, end));
          if (held[3] === HEADERS) answer(socket, held.readUInt32BE(5));
        }
      },
      end: (socket) => void socket.end(),
      error() {},
    },
  });
  return {
    url: `https://127.0.0.1:${listener.port}`,
    taken: () => taken,
    [Symbol.dispose]: () => listener.stop(true),
  };
}
