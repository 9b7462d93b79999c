/**
 * The upstream of all measurements: raw sockets, so that it costs little. The request's `model` says what to answer:
 *
 *     json                  a small chat completion
 *     sse-<events>-<ms>     a stream of that many events, one each so many ms; each holds the time at which it left
 *     bytes-<MB>            a stream of that many megabytes, as fast as it is taken
 *     clock                 this process's time in ns
 */
import { parseRequestHead, headEnd } from "../src/capture/http1/head.ts";
import { requestFraming, type Framing } from "../src/capture/http1/body.ts";

type Side = {
  held: Buffer;
  framing: Framing | null;
  model: string;
  send: (() => void) | null;
};

const MODEL = /"model":\s*"([^"]+)"/;
const JSON_BODY = JSON.stringify({
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "json",
  choices: [{ index: 0, message: { role: "assistant", content: "Hello there." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
});
const JSON_ANSWER = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${JSON_BODY.length}\r\n\r\n${JSON_BODY}`,
);
const SSE_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const EVENT = `data: {"id":"c","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"content":"${"word ".repeat(180)}"}}]}\n\n`;
const BLOCK = Buffer.alloc(64 * 1024, EVENT);

const server = Bun.listen<Side>({
  hostname: "127.0.0.1",
  port: 0,
  socket: {
    binaryType: "buffer",
    open(socket) {
      socket.setNoDelay(true);
      socket.data = { held: Buffer.alloc(0), framing: null, model: "", send: null };
    },
    data(socket, bytes) {
      const side = socket.data;
      let rest = bytes;
      if (side.framing === null) {
        side.held = side.held.byteLength === 0 ? bytes : Buffer.concat([side.held, bytes]);
        const end = headEnd(side.held);
        if (end < 0) return;
        const head = parseRequestHead(side.held.subarray(0, end));
        const framing = typeof head === "string" ? head : requestFraming(head);
        if (typeof framing === "string") return void socket.terminate();
        rest = side.held.subarray(end);
        side.held = Buffer.alloc(0);
        side.framing = framing;
        side.model = "";
      }
      const { body, done } = side.framing.take(rest);
      if (side.model === "")
        side.model = MODEL.exec(Buffer.from(body.subarray(0, 4096)).toString("latin1"))?.[1] ?? "";
      if (!done) return;
      side.framing = null;
      answer(socket, side.model);
    },
    drain: (socket) => socket.data.send?.(),
  },
});

function answer(socket: import("bun").Socket<Side>, model: string): void {
  const [kind, first, second] = model.split("-");
  if (kind === "sse") return events(socket, Number(first), Number(second));
  if (kind === "bytes") return stream(socket, Number(first) * 16);
  if (kind === "clock") {
    const time = String(Bun.nanoseconds());
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${time.length}\r\n\r\n${time}`);
    return;
  }
  socket.write(JSON_ANSWER);
}

function events(socket: import("bun").Socket<Side>, count: number, ms: number): void {
  let sent = 0;
  const next = () => {
    const delta = { index: 0, delta: { content: "word " }, finish_reason: null };
    const event = `data: {"id":"c","object":"chat.completion.chunk","ns":${Bun.nanoseconds()},"choices":[${JSON.stringify(delta)}]}\n\n`;
    const last = ++sent >= count;
    const chunk = `${event.length.toString(16)}\r\n${event}\r\n${last ? "0\r\n\r\n" : ""}`;
    socket.write(sent === 1 ? SSE_HEAD + chunk : chunk);
    if (last) clearInterval(timer);
  };
  const timer = setInterval(next, ms);
  next();
}

function stream(socket: import("bun").Socket<Side>, blocks: number): void {
  const framed = Buffer.concat([
    Buffer.from(`${BLOCK.byteLength.toString(16)}\r\n`),
    BLOCK,
    Buffer.from("\r\n"),
  ]);
  let waiting: Buffer = Buffer.from(SSE_HEAD);
  let left = blocks;
  const send = () => {
    for (;;) {
      if (waiting.byteLength === 0) {
        if (left < 0) {
          socket.data.send = null;
          return;
        }
        waiting = left-- > 0 ? framed : Buffer.from("0\r\n\r\n");
      }
      const sent = Math.max(0, socket.write(waiting));
      const whole = sent === waiting.byteLength;
      waiting = whole ? Buffer.alloc(0) : waiting.subarray(sent);
      if (!whole) return;
    }
  };
  socket.data.send = send;
  send();
}

process.stdout.write(`${server.port}\n`);
