/**
 * Hands numbered frames to whoever listens, from a ring of the last ones. Listeners read from it at their own pace: a slow one
 * costs no memory, and one that is too far behind is told to ask the API again. What is only for those who follow something
 * is much: it passes by the ring. Who gives the numbers is another's affair.
 */
import { type Frame } from "../fact/frame.ts";
import { topicOf, type Feed, type Listener, type Topic } from "./feed.ts";
import { createRing } from "./frames.ts";
import { weightOf } from "./weight.ts";

export type FeedOptions = {
  /** Frames kept for whoever comes back with `since`, as long as they are not too many bytes. */
  ring: number;
  /** Frames that a full connection may be behind when it has drained; beyond it is cheaper to ask the API. */
  queue: number;
  /** Bytes that the ring may hold; beyond them it holds fewer frames. */
  ringBytes?: number;
  /** Bytes that a full connection may be behind. */
  queueBytes?: number;
  /**
   * Number of the last frame before the first. A clock, so that a number from before a restart is always older than
   * everything here, and is answered with `resync`.
   */
  after?: number;
};

/** 20 deliveries a second look live; one for each row would redraw the page for each. */
const ROWS_MS = 50;
/** A display's frame: text appears as it comes. */
const PASSING_MS = 16;
/** Deliver early from this size on, so that a burst does not become one long frame. */
const EARLY_BYTES = 64 * 1024;
/** Eight thousand rows of exchanges. It is full all the time, and nobody asks for it most of the time. */
const RING_BYTES = 8 * 1024 * 1024;
const QUEUE_BYTES = 8 * 1024 * 1024;

type Ear = {
  readonly send: (frames: readonly Frame[]) => "sent" | "full";
  readonly topics: Set<string>;
  /** The last frame that it has or does not need. */
  last: number;
  state: "ready" | "full";
  /** How far behind it may be, in frames and in bytes; Infinity (the ring decides) while it resumes. */
  slack: { frames: number; bytes: number };
  /** Something that it follows went past it: what the ring holds is not all. */
  hasMissed: boolean;
};

type Passing = { frame: Frame; topic: string };

export type Delivery = Omit<Feed, "publish"> & {
  /** Numbers grow. Never blocks, never throws. */
  take(frame: Frame): void;
};

export function createDelivery(options: FeedOptions & { after: number }): Delivery {
  const { ring: size, queue, after } = options;
  const { ringBytes = RING_BYTES, queueBytes = QUEUE_BYTES } = options;
  const slack = { frames: queue, bytes: queueBytes };
  const ring = createRing({ frames: size, bytes: ringBytes, after });
  let seq = after;
  let passing: Passing[] = [];
  let waiting = 0;
  let timer: { due: number; handle: ReturnType<typeof setTimeout> } | null = null;
  const ears = new Set<Ear>();

  function take(frame: Frame): void {
    seq = frame.seq;
    const topic = topicOf(frame);
    if (topic) {
      if (!isFollowed(topic)) return;
      passing.push({ frame, topic: keyOf(topic) });
      waiting += weightOf(frame);
      schedule(PASSING_MS);
    } else {
      const weight = weightOf(frame);
      ring.push(frame, weight);
      if (ears.size === 0) return;
      waiting += weight;
      schedule(ROWS_MS);
    }
    if (waiting >= EARLY_BYTES) schedule(0);
  }

  function isFollowed(topic: Topic): boolean {
    const key = keyOf(topic);
    for (const ear of ears) if (ear.topics.has(key)) return true;
    return false;
  }

  function schedule(ms: number): void {
    const due = performance.now() + ms;
    if (timer !== null && timer.due <= due) return;
    if (timer !== null) clearTimeout(timer.handle);
    const handle = setTimeout(deliver, ms);
    handle.unref();
    timer = { due, handle };
  }

  function deliver(): void {
    timer = null;
    waiting = 0;
    const some = passing;
    passing = [];
    for (const ear of ears) {
      if (ear.state === "full") ear.hasMissed ||= some.some(({ topic }) => ear.topics.has(topic));
      else hand(ear, some);
    }
  }

  function hand(ear: Ear, some: readonly Passing[]): void {
    const frames = missing(ear, some);
    if (frames.length === 0) return;
    try {
      if (ear.send(frames) === "sent") {
        Object.assign(ear, { last: seq, slack, hasMissed: false });
        return;
      }
      ear.state = "full";
      ear.hasMissed ||= frames.some((frame) => topicOf(frame) !== null);
    } catch {
      // A connection that cannot even refuse is gone; its owner finds out by its own close event.
      ears.delete(ear);
    }
  }

  function missing(ear: Ear, some: readonly Passing[]): readonly Frame[] {
    const rows = ear.last > seq || ear.hasMissed ? null : ring.after(ear.last, ear.slack);
    if (!rows) return [{ type: "resync", seq, from: Math.min(ear.last, seq) + 1 }];
    const own = some.filter(({ frame, topic }) => frame.seq > ear.last && ear.topics.has(topic));
    if (own.length === 0) return rows;
    return [...rows, ...own.map(({ frame }) => frame)].sort((a, b) => a.seq - b.seq);
  }

  function listen(send: Ear["send"], since?: number): Listener {
    const ear: Ear = {
      send,
      topics: new Set(),
      last: since ?? seq,
      state: "ready",
      slack: since === undefined ? slack : { frames: Infinity, bytes: Infinity },
      hasMissed: false,
    };
    ears.add(ear);
    if (since !== undefined && since !== seq) schedule(0);
    return {
      subscribe: (topic) => void ear.topics.add(keyOf(topic)),
      unsubscribe: (topic) => void ear.topics.delete(keyOf(topic)),
      drained() {
        if (ear.state !== "full" || !ears.has(ear)) return;
        ear.state = "ready";
        schedule(0);
      },
      close: () => void ears.delete(ear),
    };
  }

  return { take, isFollowed, isHeard: () => ears.size > 0, listen, seq: () => seq };
}

function keyOf({ what, of }: Topic): string {
  return `${what} ${of}`;
}
