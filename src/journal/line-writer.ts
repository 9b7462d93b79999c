/**
 * Appends lines to one file, in order, behind the caller's back: never blocks, never throws, never pushes back.
 * A disk that fails is asked again until it works; what did not fit in the queue meanwhile is counted, and told.
 */
import * as fs from "node:fs";
import { dirname } from "node:path";
import { promisify } from "node:util";
import { LineBlocks, type Block } from "./line-blocks.ts";
import { PRIVATE_FOLDER } from "./private.ts";

const open = promisify(fs.open);
const mkdir = promisify(fs.mkdir);
const close = promisify(fs.close);
const fstat = promisify(fs.fstat);

/** 96 MiB of bytes: a message of the largest size that a session keeps, its echo, and more. Beyond it lines are dropped, counted. */
const MOST_QUEUED_BYTES = 96 * 1024 * 1024;
const PIECE = 4 * 1024 * 1024;
/** Between two tries of a disk that failed; doubles up to the last. */
const RETRY_MS = [50, 100, 200, 400, 800, 1600];
/** A file to which nothing is written this long is closed: most sessions never say goodbye, and each held one open. */
const IDLE_MS = 1000;

/** A disk that owes an answer this long hangs. Hosts give a server that they end some two seconds. */
const HANGS_MS = 2000;
/** A flood waits so long for one that is slow. */
const STOPPED_MS = 500;
/** How often that is looked at. */
const LOOK_MS = 50;

export type Lost = { readonly lines: number; readonly bytes: number; readonly why: string };

export type LineWriter = {
  /** Takes one line without its line end. */
  append(line: string): void;
  /** Bytes that wait for a disk that takes some: none for one that refuses, or has stopped. */
  waiting(): number;
  /** Resolves when all is on disk, or `grace` ms after the disk last refused. Says how many lines were not kept. */
  close(grace?: number): Promise<{ lost: number }>;
};

/** `recovered` is asked for a line to write when lines were lost and the disk works again. */
export function openLines(
  path: string,
  recovered: (lost: Lost) => string,
  limit: number = MOST_QUEUED_BYTES,
): LineWriter {
  const queue = new LineBlocks();
  let lost = { lines: 0, bytes: 0, why: "" };
  let failure: string | null = null;
  let tries = 0;
  let fd: number | null = null;
  let pending: Block | null = null;
  let running: Promise<void> | null = null;
  /** Since when the disk owes us an answer; null while it owes none, however long we take ourselves. */
  let askedAt: number | null = null;
  let deadline = Infinity;
  let wake: (() => void) | null = null;
  let idle: ReturnType<typeof setTimeout> | undefined;

  function kick(): void {
    clearTimeout(idle);
    run(drain);
  }

  /** One thing at a time is done with the file. */
  function run(work: () => Promise<void>): void {
    running ??= work().finally(() => {
      running = null;
      if (fd === null) return;
      idle = setTimeout(run, IDLE_MS, letGo);
      idle.unref();
    });
  }

  async function letGo(): Promise<void> {
    const file = fd;
    fd = null;
    if (file !== null) await asked(close(file)).catch(() => {}); // all was written; the next line opens it again
    if (queue.lines > 0) await drain();
  }

  async function drain(): Promise<void> {
    // Lines of the same turn of the loop go to the disk together.
    await new Promise<void>((next) => setImmediate(next));
    while (pending !== null || queue.lines > 0 || (lost.lines > 0 && failure === null)) {
      pending ??= takeSome();
      try {
        fd = await usable(fd);
        while (pending.bytes.byteLength > 0) {
          // In pieces, so that a slow disk is told from one that hangs.
          const written: number = await asked(write(fd, pending.bytes.subarray(0, PIECE)));
          pending = { ...pending, bytes: pending.bytes.subarray(written) };
        }
        pending = null;
        failure = null;
        tries = 0;
      } catch (error) {
        failure = (error as Error).message;
        if (performance.now() >= deadline) return;
        await pause(Math.min(RETRY_MS[tries++] ?? 3200, Math.max(0, deadline - performance.now())));
      }
    }
  }

  /** The gap stands where the lines are missing: after what was queued before them, before what comes later. */
  function takeSome(): Block {
    const blocks = queue.take(PIECE);
    if (blocks) return blocks;
    const line = Buffer.from(`${recovered(lost)}\n`);
    lost = { lines: 0, bytes: 0, why: "" };
    return { bytes: line, lines: 1 };
  }

  function hasStopped(): boolean {
    return askedAt !== null && performance.now() - askedAt > STOPPED_MS;
  }

  async function asked<T>(answer: Promise<T>): Promise<T> {
    askedAt = performance.now();
    try {
      return await answer;
    } finally {
      askedAt = null;
    }
  }

  /** The open file, or a new one when somebody deleted it while we were writing. */
  async function usable(current: number | null): Promise<number> {
    if (current !== null) {
      if ((await asked(fstat(current))).nlink > 0) return current;
      fd = null;
      await asked(close(current));
    }
    await asked(mkdir(dirname(path), { recursive: true, mode: PRIVATE_FOLDER }));
    return asked(open(path, "a", 0o600));
  }

  function pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      timer.unref(); // a broken disk must not keep the process alive; close() has its own timer
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  return {
    append(line) {
      // Once one line is lost all are, until the queue is taken: so the gap stands exactly where the lines are missing.
      if (lost.lines > 0 || (queue.lines > 0 && queue.size + line.length > limit)) {
        const why = failure ?? "the disk is slower than the traffic";
        lost = { lines: lost.lines + 1, bytes: lost.bytes + line.length, why };
        return;
      }
      queue.push(line);
      kick();
    },
    waiting: () => (failure === null && !hasStopped() ? queue.size : 0),
    async close(grace = 2000) {
      deadline = performance.now() + grace;
      wake?.();
      clearTimeout(idle);
      const settled = (async () => {
        while (running !== null) await running;
        clearTimeout(idle);
        if (fd !== null) await asked(close(fd));
        return "settled" as const;
      })().catch(() => "settled" as const);
      // A disk that hangs answers nothing at all: then the time decides. That of our own work does not count.
      const patience = Math.max(grace, HANGS_MS);
      while ((await within(LOOK_MS, settled)) === "late") {
        // What it has answered while we were busy is heard first.
        await new Promise<void>((next) => setImmediate(next));
        if (askedAt !== null && performance.now() - askedAt > patience) break;
      }
      return { lost: lost.lines + queue.lines + (pending?.lines ?? 0) };
    },
  };
}

function write(fd: number, bytes: Uint8Array): Promise<number> {
  return new Promise((resolve, reject) => {
    fs.write(fd, bytes, 0, bytes.byteLength, null, (error, written) =>
      error ? reject(error) : resolve(written),
    );
  });
}

function within<T>(ms: number, work: Promise<T>): Promise<T | "late"> {
  return new Promise((resolve) => {
    const alarm = setTimeout(() => resolve("late"), ms);
    void work.then((value) => {
      clearTimeout(alarm);
      resolve(value);
    });
  });
}
