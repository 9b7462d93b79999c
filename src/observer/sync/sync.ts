/**
 * Keeps the index in step with `logs/`: takes in what is new, changed or gone since the last run, newest first, then
 * what happens while we run, whoever writes it. Works in slices of some ms, so that the thread serves others between.
 */
import type { Feed } from "../../feed/feed.ts";
import type { ThreadAt, ThreadKeys, ThreadLookup } from "../../fact/thread.ts";
import type { LocalIndex } from "../../index/index.ts";
import { logFolders } from "../../journal/files.ts";
import { watchLogs, type WatchOptions } from "../../journal/watch.ts";
import type { SessionList } from "../../read/mcp/session-list.ts";
import { followSessions, type SessionNews } from "../session-follower.ts";
import { Arrivals, MOST_ROWS } from "./arrivals.ts";
import { allFolders, compareFolder, newPacks } from "./discover.ts";
import { type File, Stamps } from "./stamps.ts";
import { createTaker, type Understand, YOUNG_MS } from "./take.ts";
import { ToDo } from "./to-do.ts";

export type SyncOptions = {
  /** The folder `logs/`. */
  logs: string;
  index: LocalIndex;
  feed: Feed;
  understand: Understand;
  resolve: (id: string, keys: ThreadKeys, lookup: ThreadLookup) => ThreadAt | null;
  /** Lines of a session came while we run. */
  onSession?: (news: SessionNews) => void;
  /** `state` changed, after each slice of work. */
  onChange?: (state: SyncState) => void;
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
  known(path: string, file: File): void;
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
/** While many are taken in, the page sees them this often: a transaction for each slice would take as long again. */
const FLUSH_MS = 200;
/** How often open sessions, and young files, are looked at where nobody tells of changes. */
const LOOK_MS = 500;

export function startSync(options: SyncOptions): Sync {
  const { logs, index, feed, understand, resolve, onSession, onChange = () => {} } = options;
  const stamps = new Stamps();
  const sessions = followSessions(logs, index, feed, onSession);
  const startedAt = Date.now() - YOUNG_MS;
  const disk = { logs, index, stamps, sessions, startedAt };
  const toDo = new ToDo(() => newPacks(disk));
  const arrivals = new Arrivals({
    index,
    feed,
    stamps,
    onAgain: (paths) => toDo.fresh(...paths),
    onFlush: () => onChange(state()),
  });
  const taker = createTaker({ logs, index, feed, stamps, sessions, arrivals, toDo, understand });
  /** What the disk says, while it refuses. */
  let diskTrouble: string | null = null;
  /** `quiet` until everything has been compared once. */
  let how: "quiet" | "live" = "quiet";
  let hasBegun = false;
  let stopped = false;
  let running: Promise<void> | null = null;

  const isKnown = (path: string) => stamps.isOwnWrite(path);
  const watching = watchLogs(logs, notice, { ...options.watch, isKnown });
  const looking = setInterval(lookAround, LOOK_MS);
  looking.unref();
  return {
    caughtUp: run(),
    known: (path, file) => stamps.wrote(path, file),
    late(at) {
      arrivals.late(at);
      void run();
    },
    session: (id) => sessions.list(id),
    again() {
      stamps.clear();
      toDo.folder(...logFolders(logs));
      void run();
    },
    state,
    async close(last = []) {
      stopped = true;
      clearInterval(looking);
      watching.close();
      await running;
      for (const path of new Set([...sessions.moved(), ...last])) {
        const steps = taker.session(path, "live");
        while (step(steps)) await turn();
      }
    },
  };

  function notice(seen: { files: readonly string[]; folders: readonly string[] }): void {
    toDo.folder(...seen.folders);
    toDo.fresh(...seen.files);
    void run();
  }

  function lookAround(): void {
    if (toDo.again(sessions.moved())) void run();
  }

  function run(): Promise<void> {
    if (stopped) return Promise.resolve();
    return (running ??= work().finally(() => {
      running = null;
      if (toDo.isLeft || arrivals.hasLate) void run();
    }));
  }

  async function work(): Promise<void> {
    await turn();
    let since = performance.now();
    let steps = next();
    while (steps && !stopped) {
      if (!step(steps)) steps = next();
      if (performance.now() - since < SLICE_MS) continue;
      if (arrivals.isOlderThan(FLUSH_MS)) flush();
      await turn();
      since = performance.now();
    }
    how = "live";
    flush();
    const moved = await rethread();
    if (toDo.isMany || moved) feed.publish({ type: "resync", from: 0 });
    toDo.done();
    onChange(state());
  }

  function next(): Iterator<void> | null {
    if (!hasBegun) {
      hasBegun = true;
      return allFolders(disk, toDo);
    }
    const task = toDo.next();
    switch (task?.do) {
      case undefined:
        return null;
      case "compare":
        return compareFolder(disk, toDo, task.folder, how);
      case "look":
        return taker.look(task.path, task.how);
      case "drop":
        return taker.drop(task.path);
      default:
        return task satisfies never;
    }
  }

  /** One step; false when there are no more of these. What fails is told, and left to the next look at its folder. */
  function step(steps: Iterator<void>): boolean {
    try {
      return steps.next().done !== true;
    } catch (error) {
      diskTrouble = `files cannot be taken in: ${(error as Error).message}`;
      return false;
    }
  }

  function flush(): void {
    diskTrouble = null;
    arrivals.flush(toDo.isMany ? "none" : "rows");
  }

  /** True when rows that the page may show have changed. */
  async function rethread(): Promise<boolean> {
    if (!arrivals.hasLate) return false;
    let after: { at: number; id: string } | null = { at: arrivals.takeOldest() - 1, id: "" };
    let changes = 0;
    while (after && !stopped) {
      const { next, changed }: ReturnType<LocalIndex["rethread"]> = index.rethread(after, MOST_ROWS, resolve);
      after = next;
      changes += changed;
      await turn();
    }
    return changes > 0;
  }

  function state(): SyncState {
    return { ...toDo.state(), trouble: arrivals.trouble ?? diskTrouble };
  }
}

/** To the end of the loop's queue, so that messages that wait are handled first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
