/**
 * Makes files, rows and news of facts: news at once, files and rows behind them in slices, so that a burst is taken in
 * first and written after.
 */
import { join } from "node:path";
import type { Exchange } from "../fact/exchange.ts";
import { decodeFacts } from "../fact/line.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import type { Passed } from "../journal/exchange-file.ts";
import { countSetAside } from "../journal/quarantine.ts";
import type { SpoolRange } from "../journal/spool.ts";
import { LargeBodies } from "../journal/large-bodies.ts";
import { SpoolReader } from "../journal/spool-reader.ts";
import { type Batch, Batches } from "./batches.ts";
import { lastTime } from "./exchange-sides.ts";
import { Faults } from "./faults.ts";
import { DEFAULT_LIMIT, Finished } from "./finished.ts";
import { Flight } from "./flight.ts";
import { FlyingRows } from "./flying-rows.ts";
import type { InFlight } from "./flying-steps.ts";
import { IntoIndex } from "./into-index.ts";
import { LetGo } from "./let-go.ts";
import { isOfTheDisk, reasonOf } from "./of-the-disk.ts";
import type { RecorderOptions } from "./recorder-options.ts";
import { recorderWarnings } from "./recorder-warnings.ts";
import { Recovered } from "./recovered.ts";
import { passedOf } from "./row.ts";
import { settle } from "./settle.ts";

/** How long one slice of work may keep the thread from the next batch of facts. */
const SLICE_MS = 8;
const RETRY_MS = 1000;
/** So many that wait are written before anybody could look. */
const AT_ONCE = 20;
const NOTHING_PASSED: Passed = { request: 0, response: 0 };
const DEFAULT_BODY = 32 * 1024 * 1024;

export type { Batch } from "./batches.ts";
export type { RecorderOptions } from "./recorder-options.ts";

export class Recorder {
  readonly #options: RecorderOptions;
  /** Drafts of files lie where nobody watches: each step of a file would be told to us by the system. */
  readonly #drafts: string;
  readonly #reader = new SpoolReader();
  readonly #letGo = new LetGo();
  readonly #large = new LargeBodies(this.#reader);
  readonly #rows = new FlyingRows();
  readonly #flight: Flight;
  readonly #finished: Finished;
  readonly #batches = new Batches(this.#reader);
  readonly #intoIndex: IntoIndex;
  #running: Promise<void> | null = null;
  #stopping = false;
  /** What the disk says, while it refuses. */
  #trouble: string | null = null;
  readonly #faults: Faults;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#drafts = join(options.logDir, "spool");
    this.#faults = new Faults(countSetAside(options.logDir));
    const { index, feed, mask, onFact, bodyLimit = DEFAULT_BODY, limit = DEFAULT_LIMIT } = options;
    const [rows, faults, large] = [this.#rows, this.#faults, this.#large];
    this.#intoIndex = new IntoIndex({ index, feed, rows, faults });
    this.#finished = new Finished(limit, (id) => large.forget(id));
    this.#flight = new Flight({
      feed,
      rows,
      faults,
      large,
      mask,
      bodyLimit,
      onFact,
      onEnded: (exchange) => this.#enqueue(exchange),
      onLost: (id, why) => this.#lose(id, why),
    });
  }

  /** A batch from the capture thread. Read at once, or when there is room for what it holds. */
  take(batch: Batch): void {
    this.#batches.add(batch);
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
    const recovered = new Recovered({
      flight: this.#flight,
      large: this.#large,
      isKnown,
      lose: (id, why) => this.#lose(id, why),
    });
    let torn = 0;
    for (const range of ranges) {
      for (const { part, bytes, decoded } of this.#reader.windows(range)) {
        if (decoded === null) torn += bytes;
        else recovered.take(decoded, part);
        // What follows goes on where this ends: then nothing may come in between.
        if (rest === "cut" && this.#finished.isFull()) await this.#run();
      }
    }
    const { left, ended } = recovered;
    for (const exchange of left.values()) {
      this.#rows.open(exchange);
      if (rest === "goes-on") this.#flight.goesOn(exchange);
      else {
        ended.add(exchange.id);
        this.#flight.interrupt(exchange, "the recorder was killed before this exchange ended");
      }
    }
    await this.#run();
    return { torn, settled: !this.#finished.all.some(({ id }) => ended.has(id)) };
  }

  flying(): InFlight[] {
    return this.#flight.all();
  }

  /** Also what ended just now: what is on its way into the index is there when somebody asks. */
  inFlight(): ExchangeRow[] {
    this.#intoIndex.put();
    return this.#rows.all();
  }

  /** In flight or not yet written. When it is neither, the index has it, or `pathOf` says where its file is. */
  exchange(id: string): Exchange | null {
    this.#intoIndex.put();
    const found = this.#flight.get(id) ?? this.#finished.find(id);
    return found ? this.#large.whole(found) : null;
  }

  /** What one in flight has come to, for who begins to follow it; null for any other. */
  live(id: string, from: number): ReturnType<Flight["live"]> {
    return this.#flight.live(id, from);
  }

  /** The file of an exchange that the index does not take at the moment. */
  pathOf(id: string): string | null {
    return this.#intoIndex.pending.pathOf(id);
  }

  /** Something that ended has no file yet. Asked often: it does nothing. */
  isBehind(): boolean {
    return this.#finished.length + this.#batches.length > 0;
  }

  state(): { inFlight: number; waiting: number; backlog: number; warnings: string[] } {
    // While more comes to rest, what has is put with that: asked often, it would be put in small writes.
    if (!this.isBehind()) this.#intoIndex.put();
    const warnings = recorderWarnings({
      faults: this.#faults.said(),
      index: this.#intoIndex.trouble,
      disk: this.#trouble,
      waiting: this.#finished.length,
      stripped: this.#finished.stripped,
      missed: this.#batches.missed,
      beheaded: this.#flight.beheaded,
    });
    return {
      inFlight: this.#flight.size,
      waiting: this.#finished.length + this.#intoIndex.pending.size,
      backlog: this.#finished.length + this.#batches.length,
      warnings,
    };
  }

  /** What was lost, and went wrong, since it began: by the reason. */
  losses(): {
    bytes: Record<string, number>;
    exchanges: Record<string, number>;
    faults: Record<string, number>;
  } {
    const { exchanges, bytes } = this.#finished.stripped;
    return {
      bytes: { "disk refused": bytes },
      exchanges: { "disk refused": exchanges, "beginning lost": this.#flight.beheaded },
      faults: { ...this.#faults.counts(), "spool unread": this.#batches.missed },
    };
  }

  /** Writes what is left. What the disk still refuses stays in the spool for the next start, when it took it. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#flight.stop("the program was stopped");
    await this.#run();
    this.#intoIndex.put();
    this.#reader.close();
  }

  /** As long as what is finished and not yet written is little: the rest waits in the spool, not in memory. */
  #readBatches(): void {
    while (!this.#finished.isFull()) {
      const read = this.#batches.next((error) => (this.#trouble = reasonOf(error)));
      if (!read) return;
      this.#applyAll(read.bytes, read.range);
    }
  }

  /** A fact that cannot be taken costs its own exchange a hole, and no other anything. */
  #applyAll(bytes: Uint8Array, range: SpoolRange | null): void {
    const { facts, broken } = decodeFacts(bytes);
    for (const fact of facts) {
      try {
        this.#flight.apply(fact, bytes, range);
      } catch (error) {
        this.#lose(fact.id, `a part of the record could not be taken in: ${reasonOf(error)}`);
      }
    }
    for (const id of broken) this.#lose(id, "a part of the record could not be read");
  }

  #lose(id: string, why: string): void {
    this.#faults.add("fact", why);
    const exchange = this.#flight.get(id) ?? this.#finished.find(id);
    exchange?.gaps.push({ t: lastTime(exchange), from: "server", lost: -1, why });
  }

  #enqueue(exchange: Exchange): void {
    // Most have their file, and the row of the whole, in the next moment: until then it is as it was told last.
    if (this.#finished.length >= AT_ONCE || this.#trouble !== null) this.#rows.ended(exchange);
    this.#finished.add(exchange);
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
      const exchange = this.#finished.all[0];
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
          if (this.#trouble === null) for (const waiting of this.#finished.all) this.#rows.ended(waiting);
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
      this.#finished.shift();
      this.#letGo.done(passed.request + passed.response);
      this.#intoIndex.putWhenMany(this.#finished.length);
      if (performance.now() - since < SLICE_MS) continue;
      await turn();
      since = performance.now();
    }
    this.#intoIndex.put();
  }

  /** Throws what the disk says. */
  #settle(raw: Exchange): Passed {
    const { thread, onSettled, onWritten } = this.#options;
    const passed = passedOf(raw);
    const { entry, why } = settle(this.#large.whole(raw), passed, {
      ...this.#options,
      drafts: this.#drafts,
      thread: (reading, exchange, seen) => thread(reading, exchange, seen, this.#intoIndex.pending),
    });
    if (entry) {
      onWritten(entry.file.path, entry.file);
      this.#intoIndex.add(entry);
    } else this.#rows.gone(raw.id);
    if (why !== null) this.#faults.add(entry ? "unread" : "set-aside", why);
    onSettled(raw.id);
    return passed;
  }
}

/** To the end of the loop's queue, so that messages that wait are handled first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
