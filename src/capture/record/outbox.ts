/**
 * Facts on their way to the other thread. On the proxy's thread a fact costs a push to an array; every few
 * milliseconds what lies there becomes one block of bytes and leaves. Bounded: past the limit bodies, and past that
 * whole exchanges, are not told, and a gap or a count says so. The traffic never waits.
 */
import type { Fact, From, Tell } from "../../fact/fact.ts";
import { sizeOf } from "../../fact/concat.ts";
import { encodeFacts } from "../../fact/line.ts";
import { Collector } from "./collector.ts";
import { PausedSources } from "./paused-sources.ts";

/** `parts`: lines of src/fact/line.ts when they are joined. `opened`: the ids that begin in it. */
export type Batch = {
  readonly seq: number;
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly opened: readonly string[];
};

export type OutboxOptions = {
  /** Hands a batch over, which counts as waiting until `acked`. */
  readonly post: (batch: Batch) => void;
  /** Bytes that may wait here or at the other side. */
  readonly limit?: number;
  /** ms on a clock that only goes forward. */
  readonly now?: () => number;
};

export type Outbox = {
  readonly tell: Tell;
  /** Everything up to this batch has been taken. */
  acked(seq: number): void;
  /** True where a source should be stopped until `room` is called: more waits than the disk writes in a moment. */
  shouldPause(room: () => void): boolean;
  /** So many bytes that passed are kept by nobody any more. */
  released(bytes: number): void;
  /** Sends what waits at once. */
  flush(): void;
  /** The reader is gone: nothing waits for it any more. */
  forget(): void;
  state(): { waiting: number; lostBytes: number; lostExchanges: number };
};

/** A killed process loses at most what is younger than this, far below the 50 ms that are promised. */
const FLUSH_MS = 8;

/** What a flood costs where the disk has stopped; pieces hold the packets that they came in, which is half as much again. */
const DEFAULT_LIMIT = 128 * 1024 * 1024;

/**
 * Traffic that is faster than the disk is slowed down to it from here on, rather than filling the memory up to the
 * limit. Never for long, and never for a disk that has stopped: then the limit counts.
 */
const CROWDED = 24 * 1024 * 1024;
const DISK_STOPPED_MS = 500;

/** What a fact without a body weighs, about. */
const FACT_BYTES = 300;

/** Facts that are encoded at once, which takes some ms: many small ones must not wait to be a long stop. */
const FACTS_AT_ONCE = 2_000;

export function createOutbox({
  post,
  limit = DEFAULT_LIMIT,
  now = () => performance.now(),
}: OutboxOptions): Outbox {
  let facts: Fact[] = [];
  let queued = 0;
  let timer: ReturnType<typeof setTimeout> | null = null;
  let seq = 0;
  const unacked: { seq: number; size: number }[] = [];
  let unackedBytes = 0;
  const collector = new Collector();
  /** When the other side showed that it lives, or was given something after it had nothing. */
  let lastAlive = -Infinity;
  const stopped = new PausedSources();
  /** Exchanges of which nothing is told, and bytes that were left out of others. */
  const skipped = new Set<string>();
  const holes = new Map<string, Map<From, number>>();
  let lostBytes = 0;
  let lostExchanges = 0;

  function tell(fact: Fact): void {
    if (queued + unackedBytes > limit || skipped.size > 0 || holes.size > 0) {
      if (!hasRoomFor(fact)) return;
    }
    facts.push(fact);
    queued += fact.fact === "bytes" ? fact.bytes.byteLength + FACT_BYTES : FACT_BYTES;
    if (facts.length >= FACTS_AT_ONCE) flush();
    else timer ??= setTimeout(flush, FLUSH_MS);
  }

  /** The slow path, once something was or must be left out. */
  function hasRoomFor(fact: Fact): boolean {
    const full = queued + unackedBytes > limit;
    if (skipped.has(fact.id)) {
      if (fact.fact === "close") skipped.delete(fact.id);
      return false;
    }
    if (full && fact.fact === "open" && queued + unackedBytes > limit * 1.25) {
      skipped.add(fact.id);
      lostExchanges++;
      return false;
    }
    if (full && fact.fact === "bytes") {
      const lost = holes.get(fact.id) ?? new Map<From, number>();
      lost.set(fact.from, (lost.get(fact.from) ?? 0) + fact.bytes.byteLength);
      holes.set(fact.id, lost);
      lostBytes += fact.bytes.byteLength;
      return false;
    }
    const lost = holes.get(fact.id);
    if (lost && (fact.fact === "close" || !full) && fact.fact !== "open") {
      holes.delete(fact.id);
      const why = "more came than could be written; everything passed";
      for (const [from, bytes] of lost)
        facts.push({ fact: "gap", id: fact.id, t: fact.t, from, lost: bytes, why });
    }
    return true;
  }

  function flush(): void {
    if (timer) clearTimeout(timer);
    timer = null;
    if (facts.length === 0) return;
    const parts = encoded(facts);
    const opened = facts.flatMap(({ fact, id }) => (fact === "open" && !skipped.has(id) ? [id] : []));
    const size = sizeOf(parts);
    facts = [];
    queued = 0;
    if (unacked.length === 0) lastAlive = now();
    unacked.push({ seq: ++seq, size });
    unackedBytes += size;
    post({ seq, parts, opened });
  }

  /** A fact that cannot be written is counted as lost, and those beside it are written. */
  function encoded(batch: readonly Fact[]): Uint8Array<ArrayBuffer>[] {
    try {
      return encodeFacts(batch);
    } catch {
      const [only] = batch;
      if (batch.length !== 1 || !only) return batch.flatMap((fact) => encoded([fact]));
      lostBytes += only.fact === "bytes" ? only.bytes.byteLength : 0;
      if (only.fact !== "open") return [];
      lostExchanges++;
      skipped.add(only.id);
      return [];
    }
  }

  function shouldPause(room: () => void): boolean {
    const waiting = queued + unackedBytes;
    if (waiting < CROWDED || waiting > limit || now() - lastAlive > DISK_STOPPED_MS) return false;
    stopped.add(room);
    return true;
  }

  return {
    tell,
    flush,
    shouldPause,
    released: (bytes) => collector.released(bytes),
    acked(upTo) {
      lastAlive = now();
      let taken = 0;
      while (unacked[0] && unacked[0].seq <= upTo) taken += unacked.shift()!.size;
      unackedBytes -= taken;
      if (stopped.size > 0 && queued + unackedBytes < CROWDED / 2) stopped.release();
      collector.released(taken);
    },
    forget() {
      unacked.length = 0;
      unackedBytes = 0;
    },
    state: () => ({ waiting: queued + unackedBytes, lostBytes, lostExchanges }),
  };
}
