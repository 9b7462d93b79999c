/** Raw keep-alive connections that ask and measure: cheap enough not to be what is measured. Times in ms. */
import type { Socket } from "bun";

export type Answer = { ttfb: number; total: number; delays: number[] };
export type Client = { ask(path: string, body: Uint8Array): Promise<Answer>; close(): void };

type Pending = {
  start: number;
  ttfb: number;
  text: string;
  delays: number[];
  resolve: (answer: Answer) => void;
};

/** One connection; one request at a time. */
export async function connect(url: string): Promise<Client> {
  const { hostname, port, host } = new URL(url);
  let pending: Pending | null = null;
  let left: Uint8Array = new Uint8Array(0);
  const write = (socket: Socket) => {
    while (left.byteLength > 0) {
      const sent = socket.write(left);
      if (sent <= 0) return;
      left = left.subarray(sent);
    }
  };
  const socket = await Bun.connect({
    hostname,
    port: Number(port),
    socket: {
      drain: write,
      data(_, bytes) {
        if (!pending) return;
        const now = performance.now();
        if (pending.text === "") pending.ttfb = now - pending.start;
        const text = bytes.toString("latin1");
        pending.text += text;
        const wall = performance.timeOrigin + now;
        for (const [, sent] of text.matchAll(/"sent":([\d.]+)/g)) pending.delays.push(wall - Number(sent));
        if (!isWhole(pending.text)) return;
        const { start, ttfb, delays, resolve } = pending;
        pending = null;
        resolve({ ttfb, total: now - start, delays });
      },
    },
  });
  return {
    close: () => socket.end(),
    ask(path, body) {
      const head = `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.byteLength}\r\n\r\n`;
      const { promise, resolve } = Promise.withResolvers<Answer>();
      pending = { start: performance.now(), ttfb: 0, text: "", delays: [], resolve };
      left = Buffer.concat([Buffer.from(head), body]);
      write(socket);
      return promise;
    },
  };
}

function isWhole(text: string): boolean {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return false;
  const length = /\r\ncontent-length: (\d+)/i.exec(text)?.[1];
  return length
    ? text.length >= end + 4 + Number(length)
    : text.endsWith("\r\n0\r\n\r\n") || text.endsWith("0\r\n\r\n");
}

export function quantile(values: readonly number[], q: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * q))] ?? NaN;
}
