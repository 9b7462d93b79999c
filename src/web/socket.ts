/**
 * `/ws`: the feed, one JSON object a frame. Bounded: a connection that does not drain gets no more frames until it
 * does, then `resync`; the record is not touched by that.
 */
import { stringifyExact } from "../fact/json-source.ts";
import type { Frame, Together } from "../fact/frame.ts";
import type { Feed, Listener, Topic } from "../feed/feed.ts";

/** hx-ws cannot see a half-open connection: silence for two of these means that it is gone. */
const HEARTBEAT_MS = 15_000;
const MOST_CONNECTIONS = 64;
const MOST_SUBSCRIPTIONS = 16;
/** Frames that go in one message: about 256 KB of rows, so that none becomes a long task of the page. */
const MOST_TOGETHER = 256;
/** Bytes that may wait in one connection; more than any ring that is resumed at once. Beyond it closes. */
export const BACKPRESSURE_LIMIT = 64 * 1024 * 1024;

type Socket = {
  /** Bytes sent; 0: not taken; -1: taken, but the pipe is full. */
  send(text: string): number;
  close(code: number, reason: string): void;
  cork(send: () => void): void;
};
type Connection = { readonly listener: Listener; readonly topics: Set<string>; readonly pipe: Pipe };
/** One frame a message, or all that came at once. */
export type Packing = "single" | "together";
/** `full` from a send that had to wait until Bun says that it drained. */
type Pipe = { state: "free" | "full" };

export type Sockets = ReturnType<typeof sockets>;

export function sockets(feed: Feed) {
  const connections = new Map<Socket, Connection>();
  let heart: Timer | undefined;
  /** Set once: a connection that comes while we stop gets the same answer as the others. */
  let over = false;

  return { open, onMessage, drained, closed, stop };

  function open(socket: Socket, since: number | undefined, packing: Packing = "single"): void {
    if (over) return socket.close(1012, "restart");
    if (connections.size >= MOST_CONNECTIONS) return socket.close(1013, "too many connections");
    hello(socket);
    const pipe: Pipe = { state: "free" };
    const send = (frames: readonly Frame[]) =>
      sendAll(socket, pipe, packing === "single" ? frames : packed(frames));
    connections.set(socket, { listener: feed.listen(send, since), topics: new Set(), pipe });
    heart ??= setInterval(beat, HEARTBEAT_MS);
  }

  /** What a page says; anything else is not for us and changes nothing. */
  function onMessage(socket: Socket, message: unknown): void {
    const connection = connections.get(socket);
    if (!connection) return;
    const { listener, topics } = connection;
    for (const { wish, topic } of wishesIn(message)) {
      const key = `${topic.what} ${topic.of}`;
      if (wish === "end") {
        if (topics.delete(key)) listener.unsubscribe(topic);
      } else if (!topics.has(key) && topics.size < MOST_SUBSCRIPTIONS) {
        topics.add(key);
        listener.subscribe(topic);
      }
    }
  }

  function drained(socket: Socket): void {
    const connection = connections.get(socket);
    if (!connection) return;
    connection.pipe.state = "free";
    connection.listener.drained();
  }

  function closed(socket: Socket): void {
    connections.get(socket)?.listener.close();
    connections.delete(socket);
    if (connections.size > 0) return;
    clearInterval(heart);
    heart = undefined;
  }

  /** 1012 makes every page come back by itself; after 1000 none would. */
  function stop(): void {
    over = true;
    for (const socket of connections.keys()) {
      closed(socket);
      socket.close(1012, "restart");
    }
  }

  function beat(): void {
    for (const socket of connections.keys()) hello(socket);
  }

  function hello(socket: Socket): void {
    socket.send(JSON.stringify({ type: "hello", seq: feed.seq(), at: Date.now() } satisfies Frame));
  }
}

/** All or nothing: what went into a pipe that was free is on its way, even when it filled the pipe. */
function sendAll(socket: Socket, pipe: Pipe, frames: readonly (Frame | Together)[]): "sent" | "full" {
  if (pipe.state === "full") return "full";
  socket.cork(() => {
    for (const frame of frames) if (socket.send(stringifyExact(frame)) <= 0) pipe.state = "full";
  });
  return "sent";
}

/** In their order. What htmx swaps in goes alone: it reads the type of the whole message. */
function packed(frames: readonly Frame[]): (Frame | Together)[] {
  const all: (Frame | Together)[] = [];
  let some: Frame[] = [];
  for (const frame of frames) {
    if (frame.type !== "html") some.push(frame);
    if (frame.type !== "html" && some.length < MOST_TOGETHER) continue;
    all.push(...together(some));
    some = [];
    if (frame.type === "html") all.push(frame);
  }
  return [...all, ...together(some)];
}

function together(frames: Frame[]): (Frame | Together)[] {
  const last = frames.at(-1);
  return last && frames.length > 1 ? [{ type: "frames", seq: last.seq, frames }] : frames;
}

/**
 * `subscribe` and `unsubscribe` are about the bytes of an exchange, `follow` and `unfollow` about what is added to an
 * exchange or a session.
 */
const WISHES = [
  ["unsubscribe", "bytes", "end"],
  ["unfollow", "added", "end"],
  ["subscribe", "bytes", "begin"],
  ["follow", "added", "begin"],
] as const;

function wishesIn(message: unknown): { wish: "begin" | "end"; topic: Topic }[] {
  const said = (typeof message === "object" && message !== null ? message : {}) as Record<string, unknown>;
  return WISHES.flatMap(([name, what, wish]) => {
    const of = idOf(said[name]);
    return of === null ? [] : [{ wish, topic: { what, of } }];
  });
}

function idOf(value: unknown): string | null {
  return typeof value === "string" && value.length <= 128 ? value : null;
}
