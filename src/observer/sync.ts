/**
 * Keeps the index in step with `logs/`: takes in what is new, changed or gone since the last run, newest first, then
 * what happens while we run, whoever writes it. Works in slices of some ms, so that the thread serves others between.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Feed } from "../feed/feed.ts";
import type { ThreadAt, ThreadKeys, ThreadLookup } from "../fact/thread.ts";
import type { FiledEntry, IndexEntry, LocalIndex } from "../index/index.ts";
import { filesIn, kindOf, LARGEST_FILE, logFolders, oddity, PACKS, standing } from "../journal/files.ts";
import { packed } from "../journal/pack-file.ts";
import { watchLogs, type WatchOptions } from "../journal/watch.ts";
import type { SessionList } from "../read/mcp/session-list.ts";
import { createBacklog } from "./backlog.ts";
import { RecentMap } from "./recent-map.ts";
import { Pending } from "./pending.ts";
import { followSessions } from "./session-follower.ts";

export type SyncOptions = {
  /** The folder `logs/`. */
  logs: string;
  index: LocalIndex;
  feed: Feed;
  /** Makes a row and searchable text of an exchange file's text, or says why it cannot. `pending` are about to be put. */
  understand: (text: string, pending: Pending) => Omit<IndexEntry, "file"> | { error: string };
  resolve: (id: string, keys: ThreadKeys, lookup: ThreadLookup) => ThreadAt | null;
  /** Told when `state` changed, after each slice of work. */
  changed?: (state: SyncState) => void;
  watch?: WatchOptions;
};

export type SyncState = {
  /** Files that wait to be taken in, of how many when this began. */
  waiting: number;
  of: number;
  /** A sentence when the index or the disk refuses; null when all is well. */
  trouble: string | null;
};

export type Sync = {
  /** Resolves when all that was there at the start is taken in. */
  caughtUp: Promise<void>;
  /** This process wrote the file and puts it into the index itself: it need not be read. */
  known(path: string, file: { mtime: number; size: number }): void;
  /** An exchange of this time came after others that go on from it: from there on threads are resolved again. */
  late(at: number): void;
  /** A session that is followed, as its list of messages shows it. */
  session(id: string): SessionList | null;
  /** The index is empty again: everything is compared anew. */
  again(): void;
  state(): SyncState;
  /** Stops. `last`: session files whose last lines were written just now. */
  close(last?: readonly string[]): Promise<void>;
};

/** A slice: less than a frame of a display, so that the page's requests do not feel it. */
const SLICE_MS = 8;
/** Rows of one transaction: so many are written in one slice or some. */
const BATCH = 100;
/** Files that are asked of the index at once. */
const PAGE = 2_000;
/** While many are taken in, the page sees them this often: a transaction for each slice would take as long again. */
const FLUSH_MS = 200;
/** Up to here each row is news of its own; a larger batch is one `resync`, since the page asks for what it shows. */
const NEWS = 200;
/** The system tells of what we wrote within this time, or did not tell at all. */
const OWN_MS = 250;
/** Files whose last state we remember to have told, or to have written ourselves. */
const REMEMBERED = 20_000;
/** A file that was written this recently and cannot be read may be half-written: it is looked at again. */
const YOUNG_MS = 1_000;
/** How often open sessions, and young files, are looked at where nobody tells of changes. */
const LOOK_MS = 500;
/** An exchange that is older than this when it comes may be continued by one that is here already. */
const LATE_MS = 60_000;
/** What a large file leaves behind is many times its size, and the next one would be put on top of it. */
const LARGE = 4 * 1024 * 1024;

type How = "quiet" | "live";
type File = { mtime: number; size: number };

export function startSync(options: SyncOptions): Sync {
  const { logs, index, feed, understand, resolve } = options;
  const sessions = followSessions(logs, index, feed);
  const backlog = createBacklog();
  const fresh = new Set<string>();
  /** Gone from the disk: looked at last, since what they held may have moved to a file that is about to be taken in. */
  const missing = new Set<string>();
  const folders = new Set<string>();
  /** When we wrote a file ourselves, until the system says so. */
  const written = new RecentMap<number>(REMEMBERED);
  /** Path to `mtime/size`. */
  const told = new RecentMap<string>(REMEMBERED);
  const young = new Set<string>();
  let packsSeen = false;
  const entries = new Pending<FiledEntry & { how: How }>();
  let gone: string[] = [];
  let of = 0;
  /** The time of the oldest exchange that came after younger ones: from there on threads are resolved again. */
  let oldest = Infinity;
  let newest = 0;
  let trouble: string | null = null;
  /** False until everything has been compared once. */
  let live = false;
  let first = true;
  let flushed = 0;
  let stopped = false;
  let running: Promise<void> | null = null;

  const startedAt = Date.now() - YOUNG_MS;

  const watching = watchLogs(logs, notice, { ...options.watch, isKnown: isOwnWrite });
  const looking = setInterval(lookAround, LOOK_MS);
  looking.unref();
  return {
    caughtUp: run(),
    known(path, file) {
      remember(path, file);
      written.set(path, performance.now());
    },
    late(at) {
      oldest = Math.min(oldest, at);
      void run();
    },
    session: (id) => sessions.list(id),
    again() {
      told.clear();
      for (const folder of logFolders(logs)) folders.add(folder);
      void run();
    },
    state,
    async close(last = []) {
      stopped = true;
      clearInterval(looking);
      watching.close();
      await running;
      for (const path of new Set([...sessions.moved(), ...last])) {
        const steps = takeSession(path, "live");
        while (step(steps)) await turn();
      }
    },
  };

  function notice(seen: { files: readonly string[]; folders: readonly string[] }): void {
    for (const folder of seen.folders) folders.add(folder);
    for (const path of seen.files) fresh.add(path);
    void run();
  }

  function lookAround(): void {
    for (const path of [...sessions.moved(), ...young]) fresh.add(path);
    young.clear();
    if (fresh.size > 0) void run();
  }

  function run(): Promise<void> {
    if (stopped) return Promise.resolve();
    return (running ??= work().finally(() => {
      running = null;
      if (fresh.size + folders.size + missing.size > 0 || oldest !== Infinity) void run();
    }));
  }

  async function work(): Promise<void> {
    await turn();
    let since = performance.now();
    let steps = next();
    while (steps && !stopped) {
      if (!step(steps)) steps = next();
      if (performance.now() - since < SLICE_MS) continue;
      if (performance.now() - flushed > FLUSH_MS) flush();
      await turn();
      since = performance.now();
    }
    live = true;
    flush();
    const moved = await rethread();
    if (of > NEWS || moved) feed.publish({ type: "resync", from: 0 });
    of = 0;
    options.changed?.(state());
  }

  /** What just happened before what waits; folders before either, since they say what there is. */
  function next(): Iterator<void> | null {
    if (first) {
      first = false;
      return begin();
    }
    const [folder] = folders;
    if (folder !== undefined) {
      folders.delete(folder);
      return compare(folder);
    }
    const [path] = fresh;
    if (path !== undefined) {
      fresh.delete(path);
      return look(path, "live");
    }
    const [absent] = missing;
    if (absent !== undefined) {
      // The disk is ahead of its notices: the pack into which the file went may not be told yet.
      if (!packsSeen) for (const pack of newPacks()) fresh.add(pack);
      packsSeen = true;
      if (fresh.size > 0) return next();
      missing.delete(absent);
      packsSeen = missing.size > 0;
      return drop(absent);
    }
    const waiting = backlog.next();
    return waiting === undefined ? null : look(waiting, "quiet");
  }

  function newPacks(): string[] {
    return filesIn(logs, PACKS)
      .map(({ path }) => path)
      .filter((path) => {
        const file = standing(join(logs, path));
        return file !== null && !isTold(path, file) && !isSame(index.file(path), file);
      });
  }

  /** One step; false when there are no more of these. What fails is told, and left to the next look at its folder. */
  function step(steps: Iterator<void>): boolean {
    try {
      return steps.next().done !== true;
    } catch (error) {
      trouble = `files cannot be taken in: ${(error as Error).message}`;
      return false;
    }
  }

  /** Every folder that is there, or was. */
  function* begin(): Generator<void> {
    for (const folder of logFolders(logs)) folders.add(folder);
    for (const [path] of knownFiles("")) {
      folders.add(folderOf(path));
      yield;
    }
  }

  function* knownFiles(prefix: string): Generator<[string, File]> {
    for (let after = prefix; ;) {
      const page = [...index.files(after, PAGE)];
      for (const [path, file] of page) {
        if (!path.startsWith(prefix)) return;
        yield [path, file];
      }
      const last = page.at(-1);
      if (page.length < PAGE || !last) return;
      after = last[0];
    }
  }

  function* compare(folder: string): Generator<void> {
    const before = new Map<string, File>();
    for (const [path, file] of knownFiles(`${folder}/`)) {
      if (folderOf(path) === folder) before.set(path, file);
      yield;
    }
    const waiting: string[] = [];
    for (const { path, kind } of filesIn(logs, folder)) {
      yield;
      const known = before.get(path) ?? null;
      before.delete(path);
      if (!known && kind === "exchange") {
        if (told.get(path) === undefined) waiting.push(path);
        continue;
      }
      const file = standing(join(logs, path));
      if (!file && !known) waiting.push(path);
      if (!file || isTold(path, file)) continue;
      if (kind === "session" && !live) sessions.before(path, file.size);
      // Known although we did not take it in: another process did, and our page is not told.
      if (!isSame(known, file) || (live && file.mtime > startedAt && !sessions.follows(path)))
        waiting.push(path);
    }
    for (const path of before.keys()) missing.add(path);
    if (waiting.length === 0) return;
    if (live && waiting.length <= NEWS) {
      for (const path of waiting) fresh.add(path);
      return;
    }
    backlog.add(waiting);
    of = Math.max(of, backlog.size());
  }

  function* look(path: string, how: How): Generator<void> {
    const kind = kindOf(path);
    const file = standing(join(logs, path));
    const odd = kind && !file ? oddity(join(logs, path)) : null;
    if (odd) return unreadable(path, odd, odd.why);
    if (!kind || !file) return void missing.add(path);
    if (isTold(path, file)) return;
    const known = index.file(path);
    if (isSame(known, file) && kind !== "session") return tellKnown(path, file, how);
    switch (kind) {
      case "exchange":
        return takeExchange(path, file, known?.ids ?? [], how);
      case "pack":
        return yield* takePack(path, file);
      case "session":
        return yield* takeSession(path, how);
      case "other":
        return unreadable(path, file, "it is none of our files: its name does not end as theirs do");
      default:
        kind satisfies never;
    }
  }

  /** Another process that shares this index has taken it in: only our page does not know yet. */
  function tellKnown(path: string, file: File, how: How): void {
    remember(path, file);
    if (how === "quiet") return;
    for (const row of index.rowsIn(path).exchanges)
      feed.publish({ type: "exchange.close", row, ending: row.ending ?? "complete" });
  }

  function takeExchange(path: string, file: File, before: readonly string[], how: How): void {
    if (file.size > LARGEST_FILE)
      return unreadable(path, file, `it is too large: ${file.size} bytes, more than any exchange of ours`);
    const text = textOf(path);
    if (text === null) return void missing.add(path);
    const made = "error" in text ? text : entryOf(text.text);
    if ("error" in made) {
      // Somebody may be copying it here just now.
      if (Date.now() - file.mtime < YOUNG_MS) return void young.add(path);
      return unreadable(path, file, made.error);
    }
    if (before.some((id) => id !== made.row.id)) forget(path);
    take({ ...made, file: { path, ...file } }, how);
    remember(path, file);
    if (file.size > LARGE) Bun.gc(true);
  }

  function textOf(path: string): { text: string } | { error: string } | null {
    try {
      return { text: readFileSync(join(logs, path), "utf8") };
    } catch (error) {
      const { code, message } = error as NodeJS.ErrnoException;
      return code === "ENOENT" ? null : { error: `it cannot be read: ${message}` };
    }
  }

  function entryOf(text: string): ReturnType<SyncOptions["understand"]> {
    try {
      return understand(text, entries);
    } catch (error) {
      return { error: `it cannot be understood: ${(error as Error).message}` };
    }
  }

  function* takePack(path: string, file: File): Generator<void> {
    forget(path);
    let broken: string | null = null;
    try {
      for (const { n, bytes } of packed(join(logs, path))) {
        const made = entryOf(decoder.decode(bytes));
        if ("error" in made) broken = `exchange ${n}: ${made.error}`;
        else take({ ...made, file: { path: `${path}#${n}`, ...file } }, "quiet");
        yield;
      }
    } catch (error) {
      broken = (error as Error).message;
    }
    // What could be read of it is shown; it is named all the same.
    flush();
    if (broken !== null) index.putUnreadable({ path, ...file, why: broken });
    remember(path, file);
  }

  function* takeSession(path: string, how: How): Generator<void> {
    for (;;) {
      const came = sessions.take(path, how);
      if (came === "gone") return void missing.add(path);
      if (came === "end") return;
      if (came !== "more") {
        const file = standing(join(logs, path));
        return file ? unreadable(path, file, came.unreadable) : void missing.add(path);
      }
      yield;
    }
  }

  function take(entry: FiledEntry, how: How): void {
    entries.add({ ...entry, how });
    const { at } = entry.row;
    if (how === "quiet" || at < newest || at < Date.now() - LATE_MS) oldest = Math.min(oldest, at);
    newest = Math.max(newest, at);
    if (entries.size >= BATCH) flush();
  }

  function flush(): void {
    const taken = entries.take();
    const lost = gone;
    gone = [];
    flushed = performance.now();
    try {
      if (taken.length > 0) index.putExchanges(taken);
      trouble = null;
    } catch (error) {
      trouble = `the index cannot be written: ${(error as Error).message}`;
      for (const { file } of taken) told.delete(file.path);
    }
    const news = of > NEWS ? [] : taken;
    for (const { row } of news)
      feed.publish({ type: "exchange.close", row, ending: row.ending ?? "complete" });
    if (lost.length > 0) {
      feed.publish({ type: "exchange.gone", ids: lost });
      for (const path of index.again()) fresh.add(path);
    }
    options.changed?.(state());
  }

  function unreadable(path: string, file: File, why: string): void {
    forget(path);
    index.putUnreadable({ path, ...file, why });
    remember(path, file);
  }

  function* drop(path: string): Generator<void> {
    if (!standing(join(logs, path))) yield forget(path);
  }

  function forget(path: string): void {
    // What waits may be the same exchange in another file: it must be there before this one goes.
    if (entries.size > 0) flush();
    told.delete(path);
    sessions.drop(path);
    if (index.file(path)) gone.push(...index.forget(path));
  }

  /** The system's one word about a file that we wrote. What is said of it after that was somebody else. */
  function isOwnWrite(path: string): boolean {
    const at = written.get(path);
    if (at === undefined) return false;
    written.delete(path);
    return performance.now() - at < OWN_MS;
  }

  function isTold(path: string, file: File): boolean {
    return told.get(path) === stamp(file);
  }

  function remember(path: string, file: File): void {
    told.set(path, stamp(file));
  }

  /** True when rows that the page may show have changed. */
  async function rethread(): Promise<boolean> {
    if (oldest === Infinity) return false;
    let after: { at: number; id: string } | null = { at: oldest - 1, id: "" };
    let changes = 0;
    oldest = Infinity;
    while (after && !stopped) {
      const { next, changed }: ReturnType<LocalIndex["rethread"]> = index.rethread(after, BATCH, resolve);
      after = next;
      changes += changed;
      await turn();
    }
    return changes > 0;
  }

  function state(): SyncState {
    return { waiting: backlog.size() + fresh.size, of, trouble };
  }
}

const decoder = new TextDecoder();

function isSame(known: File | null, file: File): boolean {
  return known?.mtime === file.mtime && known.size === file.size;
}

function stamp({ mtime, size }: File): string {
  return `${mtime}/${size}`;
}

function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/"));
}

/** To the end of the loop's queue, so that messages that wait are handled first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
