/**
 * Makes files, rows and news of facts: news at once, files and rows behind them in slices, so that a burst is taken in
 * first and written after.
 */
import { join } from "node:path";
import { addFact, type Exchange } from "../fact/exchange.ts";
import type { Bytes, Fact, From, Part } from "../fact/fact.ts";
import { growingText } from "../fact/growing-text.ts";
import type { Mask } from "../fact/mask.ts";
import { type Decoded, decodeFacts } from "../fact/line.ts";
import type { Feed } from "../feed/feed.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import type { LocalIndex } from "../index/index.ts";
import type { Passed } from "../journal/exchange-file.ts";
import { LargeBodies } from "../journal/large-bodies.ts";
import { countSetAside } from "../journal/quarantine.ts";
import type { SpoolRange } from "../journal/spool.ts";
import { SpoolReader } from "../journal/spool-reader.ts";
import type { Look } from "../read/look.ts";
import { read } from "../read/read.ts";
import type { Reading } from "../read/reading.ts";
import { Faults } from "./faults.ts";
import { FlyingRows } from "./flying-rows.ts";
import type { InFlight } from "./flying-steps.ts";
import { LetGo } from "./let-go.ts";
import { LiveReadings } from "./live-readings.ts";
import { LiveText } from "./live-text.ts";
import { isOfTheDisk, reasonOf } from "./of-the-disk.ts";
import { beginningOf, isTimeToLook } from "./open-socket.ts";
import { Pending } from "./pending.ts";
import { putEntries } from "./put-entries.ts";
import { passedOf, rowOf } from "./row.ts";
import { settle } from "./settle.ts";
import { SocketLimits } from "./socket-limits.ts";
import { SocketParts } from "./socket-parts.ts";

export type RecorderOptions = {
  readonly logDir: string;
  readonly index: Pick<LocalIndex, "putExchanges" | "putUnreadable">;
  readonly feed: Feed;
  /** Puts the reading's thread in, from what the index knows; gives the keys to keep with the row. */
  readonly thread: (reading: Reading, exchange: Exchange, seen: Look, pending: Pending) => ThreadKeys | null;
  /** A file of ours was written: whoever watches the folder need not read it again. */
  readonly onWritten: (path: string, file: { mtime: number; size: number }) => void;
  /** Each fact, as it comes, for whoever makes more of it. When it throws, it has missed that fact. */
  readonly onFact: (fact: Fact) => void;
  /** It has its file: the spool need not keep it. */
  readonly onSettled: (id: string) => void;
  /** Null keeps credentials as they are. */
  readonly mask: Mask | null;
  /** Bytes that are kept of one side of a socket, and of each response on it. */
  readonly bodyLimit?: number;
  /** Bytes of finished exchanges that may wait for a disk that refuses them. */
  readonly limit?: number;
};

/** When the list is told what an exchange in flight asks: most are over by then, and their heads need no reading. */
const LOOK_MS = 100;

/** How long one slice of work may keep the thread from the next batch of facts. */
const SLICE_MS = 8;
const RETRY_MS = 1000;
/** Rows that go to the index together: more at once cost less each, when many wait. */
const INDEX_EVERY = { few: 100, many: 400 };
/** So many that wait are written before anybody could look. */
const AT_ONCE = 20;
const NOTHING_PASSED: Passed = { request: 0, response: 0 };
const DEFAULT_LIMIT = 512 * 1024 * 1024;
const DEFAULT_BODY = 32 * 1024 * 1024;

/** Finished exchanges that wait in memory; more wait in the spool. */
const FULL_BYTES = 64 * 1024 * 1024;
const FULL_COUNT = 2_000;

/** Entries that wait for an index that refuses them: each may hold a megabyte of text. */
const MOST_ENTRIES = 500;

/** Facts in the spool, or the encoded facts themselves. */
export type Batch = SpoolRange | Uint8Array;

export class Recorder {
  readonly #options: RecorderOptions;
  /** Drafts of files lie where nobody watches: each step of a file would be told to us by the system. */
  readonly #drafts: string;
  readonly #reader = new SpoolReader();
  readonly #letGo = new LetGo();
  readonly #large = new LargeBodies(this.#reader);
  readonly #inFlight = new Map<string, Exchange>();
  readonly #rows = new FlyingRows();
  readonly #live: LiveReadings;
  readonly #parts: SocketParts;
  readonly #limits: SocketLimits;
  /** By id and side, while somebody has subscribed to the bytes. */
  readonly #texts = new Map<string, LiveText>();
  /** Finished exchanges without a file, oldest first. */
  #queue: Exchange[] = [];
  #queued = 0;
  /** Told, and not read yet. */
  #batches: Batch[] = [];
  #missed = 0;
  /** In flight, not yet read for the list, and when they will be: the first one first. */
  readonly #unread = new Map<string, number>();
  #looking: ReturnType<typeof setTimeout> | null = null;
  readonly #entries = new Pending();
  #running: Promise<void> | null = null;
  #stopping = false;
  /** What the disk says, while it refuses. */
  #trouble: string | null = null;
  /** Exchanges of which only an end was told. */
  #beheaded = 0;
  #stripped = { exchanges: 0, bytes: 0 };
  /** What the disk says to the index, while it refuses. */
  #indexTrouble: string | null = null;
  readonly #faults: Faults;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#drafts = join(options.logDir, "spool");
    this.#faults = new Faults(countSetAside(options.logDir));
    this.#limits = new SocketLimits(options.bodyLimit ?? DEFAULT_BODY);
    this.#parts = new SocketParts((error) => this.#faults.add("listener", reasonOf(error)));
    const { mask } = options;
    this.#live = new LiveReadings({
      feed: options.feed,
      rows: this.#rows,
      ...(mask && { mask: () => growingText((credential) => mask.secret(credential)) }),
      whole: (id) => {
        const found = this.#inFlight.get(id);
        return found ? this.#large.whole(found) : null;
      },
    });
  }

  /** A batch from the capture thread. Read at once, or when there is room for what it holds. */
  take(batch: Batch): void {
    this.#batches.push(batch);
    this.#readBatches();
    this.#run();
  }

  /**
   * What an earlier life left in the spool. Exchanges that have no end in it were `cut`, or go on with what comes; these
   * are known when this returns. Resolves with the bytes at the end that were no whole record, and with whether all
   * have their files now.
   */
  async recover(
    ranges: readonly SpoolRange[],
    isKnown: (id: string) => boolean,
    rest: "cut" | "goes-on",
  ): Promise<{ torn: number; settled: boolean }> {
    const left = new Map<string, Exchange>();
    const ended = new Set<string>();
    let torn = 0;
    for (const range of ranges) {
      for (const { part, bytes, decoded } of this.#reader.windows(range)) {
        if (decoded === null) torn += bytes;
        else this.#recoverFrom(decoded, part, isKnown, left, ended);
        // What follows goes on where this ends: then nothing may come in between.
        if (rest === "cut" && (this.#queued > FULL_BYTES || this.#queue.length > FULL_COUNT))
          await this.#run();
      }
    }
    for (const exchange of left.values()) {
      this.#rows.open(exchange);
      if (rest === "goes-on") this.#inFlight.set(exchange.id, exchange);
      else {
        const error = "the recorder was killed before this exchange ended";
        exchange.close = { t: lastTime(exchange), ending: "interrupted", error };
        ended.add(exchange.id);
        this.#parts.forget(exchange.id);
        this.#enqueue(exchange);
      }
    }
    await this.#run();
    return { torn, settled: !this.#queue.some(({ id }) => ended.has(id)) };
  }

  #recoverFrom(
    { facts, broken, bytes }: Decoded & { bytes: Uint8Array },
    part: SpoolRange,
    isKnown: (id: string) => boolean,
    left: Map<string, Exchange>,
    ended: Set<string>,
  ): void {
    for (const id of broken) this.#lose(id, "a part of the spool is no record of ours");
    const take = (fact: Fact): void => {
      // Their open was lost with the start of the file, or is known: nothing can be made of the rest.
      if (fact.fact === "open" ? isKnown(fact.id) || ended.has(fact.id) : !left.has(fact.id)) return;
      try {
        const isOver = fact.fact === "close";
        if (isOver) this.#takeParts(fact, left.get(fact.id), take);
        const exchange = this.#add(left.get(fact.id), fact);
        left.set(fact.id, exchange);
        if (fact.fact === "bytes" && hasLast(exchange, fact))
          this.#large.added(exchange, sideOf(fact), bytes, part);
        if (!isOver) return this.#takeParts(fact, exchange, take);
        left.delete(fact.id);
        ended.add(fact.id);
        this.#enqueue(exchange);
      } catch (error) {
        this.#lose(fact.id, `a part of the spool could not be taken in: ${reasonOf(error)}`);
      }
    };
    for (const fact of facts) take(fact);
  }

  /** What a socket's record has no room for is counted, and told at its end. */
  #add(exchange: Exchange | undefined, fact: Fact): Exchange {
    return exchange && fact.fact === "bytes" && !this.#limits.hasRoom(fact)
      ? exchange
      : addFact(exchange, fact);
  }

  /** The responses of a socket are exchanges of their own: what this fact of the socket is for them. */
  #takeParts(fact: Fact, socket: Exchange | undefined, take: (fact: Fact) => void): void {
    const before = this.#parts.count(fact.id);
    const facts = this.#parts.take(fact);
    const count = Math.max(before, this.#parts.count(fact.id));
    if (socket && count > 0) socket.responses = count;
    for (const each of facts) {
      try {
        take(each);
      } catch (error) {
        this.#lose(each.id, `a part of the record could not be taken in: ${reasonOf(error)}`);
      }
    }
  }

  /** Who is in flight since when. */
  flying(): InFlight[] {
    return [...this.#inFlight.values()].map(({ id, at, wire, part }) => ({
      id,
      at,
      wire,
      ...(part && { part }),
    }));
  }

  /** Also what ended just now: what is on its way into the index is there when somebody asks. */
  inFlight(): ExchangeRow[] {
    this.#putEntries();
    return this.#rows.all();
  }

  /** In flight or not yet written. When it is neither, the index has it, or `pathOf` says where its file is. */
  exchange(id: string): Exchange | null {
    this.#putEntries();
    const found = this.#inFlight.get(id) ?? this.#queue.find((exchange) => exchange.id === id);
    return found ? this.#large.whole(found) : null;
  }

  /** What one in flight has come to, for who begins to follow it; null for any other. */
  live(id: string, from: number): ReturnType<LiveReadings["snapshot"]> {
    return this.#inFlight.has(id) ? this.#live.snapshot(id, from) : null;
  }

  /** The file of an exchange that the index does not take at the moment. */
  pathOf(id: string): string | null {
    return this.#entries.pathOf(id);
  }

  /** Something that ended has no file yet. Asked often: it does nothing. */
  isBehind(): boolean {
    return this.#queue.length + this.#batches.length > 0;
  }

  state(): { inFlight: number; waiting: number; backlog: number; warnings: string[] } {
    // While more comes to rest, what has is put with that: asked often, it would be put in small writes.
    if (!this.isBehind()) this.#putEntries();
    const warnings = this.#faults.said();
    if (this.#indexTrouble)
      warnings.push(`the index cannot be written (${this.#indexTrouble}): the files are; it is tried again`);
    if (this.#trouble)
      warnings.push(
        `the log folder cannot be written (${this.#trouble}): ${this.#queue.length} exchanges wait; traffic is not affected`,
      );
    const { exchanges, bytes } = this.#stripped;
    if (exchanges > 0)
      warnings.push(
        `${bytes} bytes of ${exchanges} exchanges were not kept while the log folder could not be written; traffic was not affected`,
      );
    if (this.#missed > 0)
      warnings.push(
        `${this.#missed} batches of facts could not be read from the spool; traffic was not affected`,
      );
    if (this.#beheaded > 0)
      warnings.push(
        `${this.#beheaded} exchanges were not recorded: their beginning was lost; traffic was not affected`,
      );
    const waiting = this.#queue.length + this.#entries.size;
    return {
      inFlight: this.#inFlight.size,
      waiting,
      backlog: this.#queue.length + this.#batches.length,
      warnings,
    };
  }

  /** What was lost, and went wrong, since it began: by the reason. */
  losses(): {
    bytes: Record<string, number>;
    exchanges: Record<string, number>;
    faults: Record<string, number>;
  } {
    const { exchanges, bytes } = this.#stripped;
    return {
      bytes: { "disk refused": bytes },
      exchanges: { "disk refused": exchanges, "beginning lost": this.#beheaded },
      faults: { ...this.#faults.counts(), "spool unread": this.#missed },
    };
  }

  /** Writes what is left. What the disk still refuses stays in the spool for the next start, when it took it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#looking) clearTimeout(this.#looking);
    this.#live.close();
    for (const exchange of this.#inFlight.values()) {
      exchange.close = { t: lastTime(exchange), ending: "interrupted", error: "the program was stopped" };
      this.#enqueue(exchange);
    }
    this.#inFlight.clear();
    await this.#run();
    this.#putEntries();
    this.#reader.close();
  }

  /** As long as what is finished and not yet written is little: the rest waits in the spool, not in memory. */
  #readBatches(): void {
    while (this.#batches.length > 0 && this.#queued < FULL_BYTES && this.#queue.length < FULL_COUNT) {
      const batch = this.#batches.shift()!;
      const range = batch instanceof Uint8Array ? null : batch;
      let bytes: Uint8Array;
      try {
        bytes = batch instanceof Uint8Array ? batch : this.#reader.read(batch);
      } catch (error) {
        this.#trouble = reasonOf(error);
        if (isPassing(error)) {
          // It lies in the spool as well as ever, and what follows must not be understood without it.
          this.#batches.unshift(batch);
          return;
        }
        this.#missed++;
        continue;
      }
      this.#applyAll(bytes, range);
    }
  }

  /** A fact that cannot be taken costs its own exchange a hole, and no other anything. */
  #applyAll(bytes: Uint8Array, range: SpoolRange | null): void {
    const { facts, broken } = decodeFacts(bytes);
    for (const fact of facts) {
      try {
        this.#apply(fact, bytes, range);
      } catch (error) {
        this.#lose(fact.id, `a part of the record could not be taken in: ${reasonOf(error)}`);
      }
    }
    for (const id of broken) this.#lose(id, "a part of the record could not be read");
  }

  #lose(id: string, why: string): void {
    this.#faults.add("fact", why);
    const exchange = this.#inFlight.get(id) ?? this.#queue.findLast((one) => one.id === id);
    exchange?.gaps.push({ t: lastTime(exchange), from: "server", lost: -1, why });
  }

  #tell(fact: Fact): void {
    try {
      this.#options.onFact(fact);
    } catch (error) {
      this.#faults.add("listener", reasonOf(error));
    }
  }

  #apply(fact: Fact, batch: Uint8Array, range: SpoolRange | null): void {
    const before = this.#inFlight.get(fact.id);
    if (!before && fact.fact !== "open") {
      // Its beginning was in the memory of an observer that died while the disk refused.
      if (fact.fact === "close") this.#beheaded++;
      return;
    }
    const takeParts = (socket: Exchange | undefined) =>
      this.#takeParts(fact, socket, (each) => this.#apply(each, batch, range));
    // What is still being made on a socket ends before it.
    if (fact.fact === "close") takeParts(before);
    const exchange = this.#add(before, fact);
    if (!exchange.part) this.#tell(fact);
    this.#take(fact, exchange, batch, range);
    if (fact.fact !== "close") takeParts(exchange);
  }

  #take(fact: Fact, exchange: Exchange, batch: Uint8Array, range: SpoolRange | null): void {
    const { feed } = this.#options;
    switch (fact.fact) {
      case "open":
        this.#inFlight.set(fact.id, exchange);
        feed.publish({ type: "exchange.open", row: this.#rows.open(exchange) });
        if (exchange.part) this.#countAt(exchange.part);
        this.#lookLater(exchange);
        return;
      case "head":
        feed.publish({
          type: "exchange.head",
          row: this.#rows.head(exchange) ?? rowOf(exchange, null),
          headers: fact.headers,
        });
        this.#lookLater(exchange);
        return;
      case "bytes":
        this.#rows.bytes(fact);
        if (feed.isFollowed({ what: "bytes", of: fact.id })) this.#show(exchange, fact);
        if (!hasLast(exchange, fact)) return;
        this.#large.added(exchange, sideOf(fact), batch, range);
        if (fact.frame && isTimeToLook(exchange)) this.#lookLater(exchange);
        if (fact.from !== "stderr") this.#live.piece(exchange, fact.from, fact);
        return;
      case "trailers":
      case "gap":
        return;
      case "close":
        this.#inFlight.delete(fact.id);
        this.#unread.delete(fact.id);
        for (const from of ["client", "server"]) this.#texts.delete(fact.id + from);
        this.#live.over(fact.id);
        this.#enqueue(exchange);
        return;
      default:
        fact satisfies never;
    }
  }

  /** The socket's row says how many it holds. */
  #countAt({ socket, n }: Part): void {
    const row = this.#rows.grow(socket, { responses: n });
    if (row) this.#options.feed.publish({ type: "exchange.row", row });
  }

  #lookLater({ id }: Exchange): void {
    this.#unread.delete(id);
    this.#unread.set(id, performance.now() + LOOK_MS);
    this.#looking ??= setTimeout(() => this.#lookAtNext(), LOOK_MS);
  }

  /** One at a time, behind everything that waits. */
  #lookAtNext(): void {
    this.#looking = null;
    const [next] = this.#unread;
    if (!next) return;
    const [id, due] = next;
    const wait = due - performance.now();
    if (wait <= 0) this.#lookAt(id);
    if (this.#unread.size > 0) this.#looking = setTimeout(() => this.#lookAtNext(), Math.max(2, wait));
  }

  #lookAt(id: string): void {
    this.#unread.delete(id);
    const exchange = this.#inFlight.get(id);
    if (!exchange) return;
    const row = this.#rows.read(soFar(exchange));
    const { feed } = this.#options;
    const headers = exchange.response?.headers;
    feed.publish(headers ? { type: "exchange.head", row, headers } : { type: "exchange.row", row });
  }

  #show(exchange: Exchange, { id, from, t, bytes, frame }: Extract<Fact, { fact: "bytes" }>): void {
    const key = id + from;
    const side = from === "client" ? exchange.request : exchange.response;
    const { feed } = this.#options;
    const live =
      this.#texts.get(key) ??
      new LiveText(side?.pieces.at(-2), (t_ms, shown) =>
        feed.publish({ type: "exchange.bytes", id, t_ms, from, ...shown }),
      );
    this.#texts.set(key, live);
    live.push({ t, bytes, ...(frame && { frame }) });
  }

  #enqueue(exchange: Exchange): void {
    for (const gap of this.#limits.over(exchange.id)) addFact(exchange, gap);
    // Most have their file, and the row of the whole, in the next moment: until then it is as it was told last.
    if (this.#queue.length >= AT_ONCE || this.#trouble !== null) this.#rows.ended(exchange);
    const held = heldBy(exchange);
    if (this.#queued + held > (this.#options.limit ?? DEFAULT_LIMIT)) this.#strip(exchange);
    else this.#queued += held;
    this.#queue.push(exchange);
  }

  /** Too much waits for the disk: that there was this exchange is kept, its bodies are not, and a gap says so. */
  #strip(exchange: Exchange): void {
    const { request, response } = passedOf(exchange);
    this.#large.forget(exchange.id);
    const why = "the log folder could not be written for too long; everything passed";
    const t = exchange.close?.t ?? 0;
    exchange.request.pieces.length = 0;
    if (exchange.response) exchange.response.pieces.length = 0;
    if (request > 0) exchange.gaps.push({ t, from: "client", lost: request, why });
    if (response > 0) exchange.gaps.push({ t, from: "server", lost: response, why });
    this.#stripped.exchanges++;
    this.#stripped.bytes += request + response;
  }

  #run(): Promise<void> {
    return (this.#running ??= this.#work().finally(() => (this.#running = null)));
  }

  async #work(): Promise<void> {
    // Behind the batch that is being taken.
    await turn();
    let since = performance.now();
    for (;;) {
      this.#readBatches();
      const exchange = this.#queue[0];
      if (!exchange) {
        if (this.#batches.length === 0 || this.#stopping) break;
        await Bun.sleep(RETRY_MS);
        continue;
      }
      let passed: Passed;
      try {
        passed = this.#settle(exchange);
        this.#trouble = null;
      } catch (error) {
        if (isOfTheDisk(error)) {
          if (this.#trouble === null) for (const waiting of this.#queue) this.#rows.ended(waiting);
          this.#trouble = reasonOf(error);
          if (this.#stopping) return;
          await Bun.sleep(RETRY_MS);
          continue;
        }
        // Nothing of it can be kept: it must not stand in the way of those behind it.
        this.#faults.add("lost", reasonOf(error));
        this.#rows.gone(exchange.id);
        this.#options.onSettled(exchange.id);
        passed = NOTHING_PASSED;
      }
      this.#queue.shift();
      this.#queued -= Math.min(this.#queued, heldBy(exchange));
      this.#large.forget(exchange.id);
      this.#letGo.done(passed.request + passed.response);
      const most = this.#queue.length > INDEX_EVERY.many ? INDEX_EVERY.many : INDEX_EVERY.few;
      if (this.#entries.size >= most) this.#putEntries();
      if (performance.now() - since < SLICE_MS) continue;
      await turn();
      since = performance.now();
    }
    this.#putEntries();
  }

  /** Throws what the disk says. */
  #settle(raw: Exchange): Passed {
    const { thread, onSettled, onWritten } = this.#options;
    const passed = passedOf(raw);
    const { entry, why } = settle(this.#large.whole(raw), passed, {
      ...this.#options,
      drafts: this.#drafts,
      thread: (reading, exchange, seen) => thread(reading, exchange, seen, this.#entries),
    });
    if (entry) {
      onWritten(entry.file.path, entry.file);
      this.#entries.add(entry);
    } else this.#rows.gone(raw.id);
    if (why !== null) this.#faults.add(entry ? "unread" : "set-aside", why);
    onSettled(raw.id);
    return passed;
  }

  #putEntries(): void {
    const entries = this.#entries.take();
    if (entries.length === 0) return;
    const { index, feed } = this.#options;
    const { waits, refused, trouble } = putEntries(index, entries);
    this.#indexTrouble = trouble;
    for (const [n, entry] of waits.entries()) {
      if (n < MOST_ENTRIES) {
        this.#entries.add(entry);
        continue;
      }
      this.#rows.gone(entry.row.id);
      this.#faults.add("not-indexed", `${trouble}; the next start takes them in`);
    }
    for (const { why } of refused) this.#faults.add("not-indexed", why);
    const without = new Set([...waits, ...refused.map(({ entry }) => entry)]);
    for (const { entry } of refused) this.#rows.gone(entry.row.id);
    for (const entry of entries) {
      if (without.has(entry)) continue;
      const { row } = entry;
      this.#rows.gone(row.id);
      feed.publish({ type: "exchange.close", row, ending: row.ending ?? "complete" });
    }
  }
}

/** The last piece of its side is this one: a socket's record may have had no room for it. */
function hasLast(exchange: Exchange, fact: Bytes): boolean {
  return exchange[sideOf(fact)]?.pieces.at(-1)?.bytes === fact.bytes;
}

function sideOf({ from }: { from: From }): "request" | "response" {
  return from === "client" ? "request" : "response";
}

/**
 * The row of what is in flight. An open WebSocket may go on for hours: its beginning says what it is about. One that
 * cannot be read has a row all the same: the list is everybody's.
 */
function soFar(exchange: Exchange): ExchangeRow {
  try {
    return rowOf(exchange, read(exchange.wire === "websocket" ? beginningOf(exchange) : exchange));
  } catch {
    return rowOf(exchange, null);
  }
}

/** Bytes in memory. */
function heldBy({ request, response }: Exchange): number {
  let held = 0;
  for (const { bytes } of request.pieces) held += bytes.byteLength;
  for (const { bytes } of response?.pieces ?? []) held += bytes.byteLength;
  return held;
}

function lastTime({ request, response }: Exchange): number {
  return Math.max(0, request.pieces.at(-1)?.t ?? 0, response?.ttfb ?? 0, response?.pieces.at(-1)?.t ?? 0);
}

/** Of this process's limits and of a disk that may come back, not of a file that is gone. */
function isPassing(error: unknown): boolean {
  return ["EMFILE", "ENFILE", "ENOMEM", "EAGAIN", "EIO"].includes(
    (error as NodeJS.ErrnoException).code ?? "",
  );
}

/** To the end of the loop's queue, so that messages that wait are handled first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
