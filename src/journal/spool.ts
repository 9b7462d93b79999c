/**
 * The spool: facts on their way from the capture thread to the observer, by way of the disk. So a killed process loses
 * nothing but what is younger than the outbox's pause, a burst waits on disk and not in memory, and a large body is
 * held by nobody. Written without ever waiting for the disk. A file of it goes when every exchange in it has a file of
 * its own; what a dead process left is read at the next start.
 *
 *     spool/<host>_<pid>_<life>_<n>.facts      records of src/fact/line.ts
 */
import * as fs from "node:fs";
import { join } from "node:path";
import { sizeOf } from "../fact/concat.ts";
import { HEARTBEAT_MS, ownerName } from "./owner.ts";
import { PRIVATE_FOLDER } from "./private.ts";

/** A file is changed for the next one at this size: small enough to go soon, large enough to be few. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** More than this on disk that is not finished means that the observer is stuck: the rest goes by memory, bounded. */
const MOST_UNFINISHED_BYTES = 8 * 1024 * 1024 * 1024;

type Segment = { path: string; fd: number; size: number; unfinished: Set<string> };

/** A batch of encoded facts, in parts that lie one behind the other; `opened` are the ids that begin in it. */
export type SpoolBatch = {
  readonly seq: number;
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly opened: readonly string[];
};

/** A file of the spool and how much of it is whole batches. */
export type SpoolFile = { readonly path: string; readonly size: number };

/** Where whole batches lie. */
export type SpoolRange = { readonly path: string; readonly at: number; readonly length: number };

/** Every batch ends in one of the two, in the order in which they were appended. */
export type SpoolEvents = {
  /** `seq` is that of the last batch in the range. */
  written(range: SpoolRange, seq: number): void;
  /** The disk did not take it: it must find another way. */
  refused(batch: SpoolBatch): void;
};

export class Spool {
  readonly #folder: string;
  readonly #name: string;
  #current: Segment | null = null;
  #count = 0;
  readonly #segments = new Set<Segment>();
  /** Exchanges that were told of and have no file yet. */
  readonly #unfinished = new Set<string>();
  #waiting: SpoolBatch[] = [];
  #writing: Promise<void> | null = null;
  #trouble: string | null = null;
  readonly #heartbeat: ReturnType<typeof setInterval>;
  /** Files on their way out: a program that ended before would leave them for good. */
  readonly #leaving = new Set<Promise<void>>();

  /** `life` tells one run of a process from the next: in a container the process number is always the same. */
  constructor(
    logDir: string,
    life: string,
    readonly events: SpoolEvents,
  ) {
    this.#folder = join(logDir, "spool");
    this.#name = ownerName(life);
    this.#heartbeat = setInterval(() => this.#beat(), HEARTBEAT_MS);
    this.#heartbeat.unref();
  }

  /** What the disk says, while it refuses. */
  get trouble(): string | null {
    return this.#trouble;
  }

  /** Never waits, never throws. What waits for the disk is bounded by the outbox. */
  append(batch: SpoolBatch): void {
    for (const id of batch.opened) this.#unfinished.add(id);
    this.#waiting.push(batch);
    this.#writing ??= this.#write().finally(() => (this.#writing = null));
  }

  /** These exchanges have their files, or never will have one. */
  finished(ids: readonly string[]): void {
    for (const id of ids) this.#unfinished.delete(id);
    // Nothing is in danger any more, whatever the disk would say now.
    if (this.#unfinished.size === 0) this.#trouble = null;
    for (const segment of this.#segments) {
      for (const id of ids) segment.unfinished.delete(id);
      if (segment.unfinished.size === 0 && segment !== this.#current) this.#remove(segment);
    }
  }

  /** Resolves when everything that was appended is with the disk; says where it lies, oldest first. */
  async settled(): Promise<SpoolFile[]> {
    while (this.#writing) await this.#writing;
    return [...this.#segments].map(({ path, size }) => ({ path, size }));
  }

  /** Removes what is finished, and resolves when it is gone; what is not stays for the next start. */
  async close(): Promise<void> {
    clearInterval(this.#heartbeat);
    await this.settled();
    for (const segment of this.#segments) {
      if (segment.unfinished.size === 0) this.#remove(segment);
      else fs.closeSync(segment.fd);
    }
    this.#segments.clear();
    this.#current = null;
    while (this.#leaving.size > 0) await Promise.all(this.#leaving);
  }

  async #write(): Promise<void> {
    // Everything that came in the same turn goes to the disk together.
    await new Promise<void>((resolve) => setImmediate(resolve));
    while (this.#waiting.length > 0) {
      const batches = this.#waiting.splice(0, groupOf(this.#waiting));
      try {
        const segment = await this.#writable();
        for (const { opened } of batches) {
          for (const id of opened) if (this.#unfinished.has(id)) segment.unfinished.add(id);
        }
        const at = segment.size;
        const end = await writeAll(
          segment.fd,
          batches.flatMap(({ parts }) => parts),
          at,
        );
        if (await isGone(segment.fd)) {
          this.#retire();
          throw new Error("the folder was deleted");
        }
        segment.size = end;
        this.#trouble = null;
        this.events.written({ path: segment.path, at, length: end - at }, batches.at(-1)!.seq);
      } catch (error) {
        // What was half written is written over by the next batch: only `size` counts.
        this.#trouble = error instanceof Error ? error.message : String(error);
        for (const batch of batches) this.events.refused(batch);
      }
    }
  }

  async #writable(): Promise<Segment> {
    if (this.#current && this.#current.size >= SEGMENT_BYTES) this.#retire();
    if (this.#current) return this.#current;
    let size = 0;
    for (const segment of this.#segments) size += segment.size;
    if (size > MOST_UNFINISHED_BYTES)
      throw new Error(`more than ${MOST_UNFINISHED_BYTES} bytes wait to be understood`);
    const path = join(this.#folder, `${this.#name}_${String(this.#count++).padStart(6, "0")}.facts`);
    const fd = await openNew(path, this.#folder);
    // What is in flight will have facts here too.
    const segment: Segment = { path, fd, size: 0, unfinished: new Set(this.#unfinished) };
    this.#segments.add(segment);
    return (this.#current = segment);
  }

  /** Says that this process lives; lets go of a finished file, and of one whose name is gone with its folder. */
  #beat(): void {
    const segment = this.#current;
    if (!segment || this.#writing) return;
    if (segment.unfinished.size === 0) return this.#remove(segment);
    const now = new Date();
    fs.utimes(segment.path, now, now, (error) => error && segment === this.#current && this.#retire());
  }

  #retire(): void {
    const segment = this.#current;
    this.#current = null;
    if (segment?.unfinished.size === 0) this.#remove(segment);
  }

  #remove(segment: Segment): void {
    if (this.#current === segment) this.#current = null;
    this.#segments.delete(segment);
    const gone = new Promise<void>((resolve) => {
      // Somebody else may have removed it: that was the aim.
      fs.close(segment.fd, () => fs.unlink(segment.path, () => resolve()));
    }).finally(() => this.#leaving.delete(gone));
    this.#leaving.add(gone);
  }
}

async function openNew(path: string, folder: string): Promise<number> {
  const open = () =>
    new Promise<number>((resolve, reject) =>
      fs.open(path, "wx", 0o600, (error, fd) => (error ? reject(error) : resolve(fd))),
    );
  try {
    return await open();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    await fs.promises.mkdir(folder, { recursive: true, mode: PRIVATE_FOLDER });
    return open();
  }
}

/** Its name was taken away: nobody could read what is written there. */
function isGone(fd: number): Promise<boolean> {
  return new Promise((resolve) => fs.fstat(fd, (error, stat) => resolve(error === null && stat.nlink === 0)));
}

/** What is written is said as often as this, however much waits. */
const GROUP_BYTES = 4 * 1024 * 1024;

/** How many of the batches go to the disk together. */
function groupOf(batches: readonly SpoolBatch[]): number {
  let size = 0;
  const last = batches.findIndex(({ parts }) => (size += sizeOf(parts)) >= GROUP_BYTES);
  return last < 0 ? batches.length : last + 1;
}

/** Far below what the system takes at once (IOV_MAX, 1024). */
const PARTS_AT_ONCE = 256;

/** Returns where the last byte lies. */
async function writeAll(fd: number, parts: readonly Uint8Array[], at: number): Promise<number> {
  for (let left = parts; left.length > 0;) {
    const written = await writev(fd, left.slice(0, PARTS_AT_ONCE), at);
    at += written;
    left = behind(left, written);
  }
  return at;
}

function writev(fd: number, parts: readonly Uint8Array[], at: number): Promise<number> {
  return new Promise((resolve, reject) =>
    fs.writev(fd, parts, at, (error, written) => (error ? reject(error) : resolve(written))),
  );
}

/** What is left of the parts behind so many bytes: a disk that is nearly full takes only some. */
function behind(parts: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let n = 0;
  while (n < parts.length && bytes >= parts[n]!.byteLength) bytes -= parts[n++]!.byteLength;
  return bytes === 0 ? parts.slice(n) : [parts[n]!.subarray(bytes), ...parts.slice(n + 1)];
}
