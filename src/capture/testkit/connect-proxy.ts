/** For tests: an HTTP proxy that knows CONNECT alone and remembers what it was asked. */
import type { Socket } from "bun";

type Side = { other: Socket<Side> | null; early: Buffer[]; opened: boolean; unsent: Buffer[] };

const side = (): Side => ({ other: null, early: [], opened: false, unsent: [] });

/** `answer`: what it says to CONNECT; anything but a 200 is also the end. */
export function connectProxy(answer = "HTTP/1.1 200 Connection established\r\n\r\n"): {
  url: URL;
  requests: string[];
  stop(): void;
} {
  const requests: string[] = [];
  const listener = Bun.listen<Side>({
    hostname: "127.0.0.1",
    port: 0,
    allowHalfOpen: true,
    socket: {
      binaryType: "buffer",
      open: (socket) => void (socket.data = side()),
      async data(socket, bytes) {
        if (socket.data.other) return pass(socket.data.other, bytes, socket);
        if (socket.data.opened) return void socket.data.early.push(Buffer.from(bytes));
        socket.data.opened = true;
        const request = bytes.toString("latin1");
        requests.push(request);
        if (!answer.includes(" 200 ")) return void socket.end(answer);
        const other = await Bun.connect<Side>({
          hostname: "127.0.0.1",
          port: Number(/^CONNECT [^ ]*:(\d+) /.exec(request)![1]),
          allowHalfOpen: true,
          data: { ...side(), other: socket, opened: true },
          socket: {
            binaryType: "buffer",
            data: (to, more) => pass(socket, more, to),
            drain: drained,
            end: (to) => void to.data.other?.shutdown(),
            close: gone,
          },
        });
        socket.write(answer);
        socket.data.other = other;
        for (const early of socket.data.early) pass(other, early, socket);
      },
      drain: drained,
      end: (socket) => void socket.data.other?.shutdown(),
      close: gone,
    },
  });
  return {
    url: new URL(`http://user:word@127.0.0.1:${listener.port}`),
    requests,
    stop: () => listener.stop(true),
  };
}

function pass(to: Socket<Side>, bytes: Buffer, from: Socket<Side>): void {
  const { unsent } = to.data;
  const sent = unsent.length > 0 ? 0 : Math.max(0, to.write(bytes));
  if (sent === bytes.byteLength) return;
  unsent.push(Buffer.from(bytes.subarray(sent)));
  from.pause();
}

function drained(socket: Socket<Side>): void {
  const { unsent, other } = socket.data;
  while (unsent[0]) {
    const sent = Math.max(0, socket.write(unsent[0]));
    if (sent < unsent[0].byteLength) {
      unsent[0] = unsent[0].subarray(sent);
      return;
    }
    unsent.shift();
  }
  other?.resume();
}

function gone(socket: Socket<Side>, error?: Error | null): void {
  if (error) socket.data.other?.terminate();
  else socket.data.other?.end();
}
