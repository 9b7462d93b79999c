/**
 * A feed over a ring of the last frames. Listeners read from the ring at their own pace: a slow one costs no memory,
 * and one that is too far behind is told to ask the API again. Bytes of exchanges in flight are many and are for
 * subscribers only, so they pass by the ring.
 */
import type { Feed, Frame, Listener, News } from "./feed.ts";

export type FeedOptions = {
  /** Frames kept for whoever comes back with `since`. */
  ring: number;
  /** Frames that a full connection may be behind when it has drained; beyond it is cheaper to ask the API. */
  queue: number;
  /**
   * Number of the last frame before the first. A clock, so that a number from before a restart is always older than
   * everything here, and is answered with `resync`.
   */
  after?: number;
};

/** 20 deliveries a second look live; one for each row would redraw the page for each. */
const ROWS_MS = 50;
/** A display's frame: text appears as it comes. */
const BYTES_MS = 16;
/** Deliver early from this size on, so that a burst does not become one long frame. */
const EARLY = 64 * 1024;
/** What a frame with a row weighs, roughly; only `EARLY` depends on it. */
const ROW_SIZE = 1024;

type BytesFrame = Extract<Frame, { type: "exchange.bytes" }>;

type Ear = {
  readonly send: (frames: readonly Frame[]) => "sent" | "full";
  readonly ids: Set<string>;
  /** The last frame that it has or does not need. */
  last: number;
  state: "ready" | "full";
  /** How far behind it may be; Infinity (the ring decides) while it resumes. */
  slack: number;
  /** Bytes of an exchange that it follows went past it: what the ring holds is not all. */
  missedBytes: boolean;
};

export function createFeed({ ring: size, queue, after = Date.now() * 1000 }: FeedOptions): Feed {
  let seq = after;
  /** Ascending by `seq`; cut to `size` when it reached twice that. */
  let ring: Frame[] = [];
  /** The last frame that is no longer in the ring. */
  let lost = after;
  let bytes: BytesFrame[] = [];
  let waiting = 0;
  let timer: { due: number; handle: ReturnType<typeof setTimeout> } | null = null;
  const ears = new Set<Ear>();

  function publish(news: News): void {
    const frame = { ...news, seq: ++seq } as Frame;
    if (frame.type === "exchange.bytes") {
      if (!followed(frame.id)) return;
      bytes.push(frame);
      waiting += (frame.text ?? frame.base64 ?? "").length;
      schedule(BYTES_MS);
    } else {
      ring.push(frame);
      if (ring.length >= size * 2) cut();
      if (ears.size === 0) return;
      waiting += ROW_SIZE;
      schedule(ROWS_MS);
    }
    if (waiting >= EARLY) schedule(0);
  }

  function followed(id: string): boolean {
    for (const ear of ears) if (ear.ids.has(id)) return true;
    return false;
  }

  function cut(): void {
    const gone = ring.length - size;
    lost = ring[gone - 1]?.seq ?? lost;
    ring = ring.slice(gone);
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
    const passing = bytes;
    bytes = [];
    for (const ear of ears) {
      if (ear.state === "full") ear.missedBytes ||= passing.some((frame) => ear.ids.has(frame.id));
      else hand(ear, passing);
    }
  }

  function hand(ear: Ear, passing: readonly BytesFrame[]): void {
    const frames = missing(ear, passing);
    if (frames.length === 0) return;
    try {
      if (ear.send(frames) === "sent") {
        Object.assign(ear, { last: seq, slack: queue, missedBytes: false });
        return;
      }
      ear.state = "full";
      ear.missedBytes ||= frames.some((frame) => frame.type === "exchange.bytes");
    } catch {
      // A connection that cannot even refuse is gone; its owner finds out by its own close event.
      ears.delete(ear);
    }
  }

  function missing(ear: Ear, passing: readonly BytesFrame[]): readonly Frame[] {
    const rows = ring.slice(firstAfter(ring, ear.last));
    const unknown = ear.last < lost || ear.last > seq;
    if (unknown || ear.missedBytes || rows.length > ear.slack) {
      return [{ type: "resync", seq, from: Math.min(ear.last, seq) + 1 }];
    }
    const own = passing.filter((frame) => frame.seq > ear.last && ear.ids.has(frame.id));
    return own.length === 0 ? rows : [...rows, ...own].sort((a, b) => a.seq - b.seq);
  }

  function listen(send: Ear["send"], since?: number): Listener {
    const ear: Ear = {
      send,
      ids: new Set(),
      last: since ?? seq,
      state: "ready",
      slack: since === undefined ? queue : Infinity,
      missedBytes: false,
    };
    ears.add(ear);
    if (since !== undefined && since !== seq) schedule(0);
    return {
      subscribe: (id) => void ear.ids.add(id),
      unsubscribe: (id) => void ear.ids.delete(id),
      drained() {
        if (ear.state !== "full" || !ears.has(ear)) return;
        ear.state = "ready";
        schedule(0);
      },
      close: () => void ears.delete(ear),
    };
  }

  return { publish, isFollowed: followed, listen, seq: () => seq };
}

/** Where the first frame younger than `seq` stands. */
function firstAfter(ring: readonly Frame[], seq: number): number {
  let [low, high] = [0, ring.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((ring[middle]?.seq ?? 0) <= seq) low = middle + 1;
    else high = middle;
  }
  return low;
}
