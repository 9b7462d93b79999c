/** Takes in one file: an exchange, a pack of them, the next lines of a session; or names it when it cannot be read. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Feed } from "../../feed/feed.ts";
import type { FiledEntry, IndexEntry, LocalIndex } from "../../index/index.ts";
import { kindOf, LARGEST_FILE, oddity, stampOf } from "../../journal/files.ts";
import { LARGEST_READ, outlineOf, partsOf, partsOfFile } from "../../journal/outline.ts";
import { packed } from "../../journal/pack-file.ts";
import { atOnce } from "../../fact/parts.ts";
import { LetGo } from "../let-go.ts";
import type { Pending } from "../pending.ts";
import type { SessionFollower } from "../session-follower.ts";
import type { Arrivals } from "./arrivals.ts";
import { isSame, type File, type Stamps } from "./stamps.ts";
import type { How, ToDo } from "./to-do.ts";

/** A file that was written this recently and cannot be read may be half-written: it is looked at again. */
export const YOUNG_MS = 1_000;

/** What is made of a piece of a session's lines: short ones take many times their bytes. */
const LINES_WEIGH = 1024 * 1024;

/** Makes a row and searchable text of an exchange file's text, or says why it cannot. `pending` are about to be put. */
export type Understand = (text: string, pending: Pending) => Omit<IndexEntry, "file"> | { error: string };

export type TakeOptions = {
  readonly logs: string;
  readonly index: LocalIndex;
  readonly feed: Feed;
  readonly stamps: Stamps;
  readonly sessions: SessionFollower;
  readonly arrivals: Arrivals;
  readonly toDo: ToDo;
  readonly understand: Understand;
};

export type Taker = ReturnType<typeof createTaker>;

export function createTaker(options: TakeOptions) {
  const { logs, index, feed, stamps, sessions, arrivals, toDo, understand } = options;
  const letGo = new LetGo();

  return { look, session, drop };

  function* look(path: string, how: How): Generator<void> {
    const kind = kindOf(path);
    const file = stampOf(join(logs, path));
    const odd = kind && !file ? oddity(join(logs, path)) : null;
    if (odd) return unreadable(path, odd, odd.why);
    if (!kind || !file) return toDo.missing(path);
    if (stamps.isTold(path, file)) return;
    const known = index.file(path);
    if (isSame(known, file) && kind !== "session") return tellKnown(path, file, how);
    switch (kind) {
      case "exchange":
        return yield* exchange(path, file, known?.ids ?? [], how);
      case "pack":
        return yield* pack(path, file);
      case "session":
        return yield* session(path, how);
      case "other":
        return unreadable(path, file, "it is none of our files: its name does not end as theirs do");
      default:
        kind satisfies never;
    }
  }

  /** Another process that shares this index has taken it in: only our page does not know yet. */
  function tellKnown(path: string, file: File, how: How): void {
    stamps.remember(path, file);
    if (how === "quiet") return;
    for (const row of index.rowsIn(path).exchanges)
      feed.publish({ type: "exchange.close", row, ending: row.ending ?? "complete" });
  }

  function* exchange(path: string, file: File, before: readonly string[], how: How): Generator<void> {
    if (file.size > LARGEST_FILE)
      return unreadable(path, file, `it is too large: ${file.size} bytes, more than any exchange of ours`);
    const text = file.size > LARGEST_READ ? yield* outlined(path, file) : textOf(path);
    if (text === null) return toDo.missing(path);
    const made = "error" in text ? text : entryOf(text.text);
    if ("error" in made) {
      // Somebody may be copying it here just now.
      if (Date.now() - file.mtime < YOUNG_MS) return toDo.young(path);
      return unreadable(path, file, made.error);
    }
    if (before.some((id) => id !== made.row.id)) forget(path);
    arrive({ ...made, file: { path, ...file } }, how);
    stamps.remember(path, file);
    letGo.done(Math.min(file.size, LARGEST_READ));
  }

  type Text = { text: string } | { error: string } | null;

  function textOf(path: string): Text {
    try {
      return { text: readFileSync(join(logs, path), "utf8") };
    } catch (error) {
      return notRead(error);
    }
  }

  /** In slices: it takes longer than others may wait. */
  function* outlined(path: string, { size }: File): Generator<void, Text> {
    const work = outlineOf(partsOfFile(join(logs, path)), size);
    try {
      for (;;) {
        const { done, value } = work.next();
        if (done) return value;
        yield;
      }
    } catch (error) {
      return notRead(error);
    }
  }

  function notRead(error: unknown): Text {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === "ENOENT" ? null : { error: `it cannot be read: ${message}` };
  }

  function entryOf(text: string): ReturnType<Understand> {
    try {
      return understand(text, arrivals.entries);
    } catch (error) {
      return { error: `it cannot be understood: ${(error as Error).message}` };
    }
  }

  function entryOfBytes(bytes: Uint8Array): ReturnType<Understand> {
    if (bytes.byteLength <= LARGEST_READ) return entryOf(decoder.decode(bytes));
    const made = atOnce(outlineOf(partsOf(bytes), bytes.byteLength));
    return "error" in made ? made : entryOf(made.text);
  }

  function* pack(path: string, file: File): Generator<void> {
    forget(path);
    let broken: string | null = null;
    try {
      for (const { n, bytes } of packed(join(logs, path))) {
        const made = entryOfBytes(bytes);
        if ("error" in made) broken = `exchange ${n}: ${made.error}`;
        else arrive({ ...made, file: { path: `${path}#${n}`, ...file } }, "quiet");
        yield;
      }
    } catch (error) {
      broken = (error as Error).message;
    }
    // What could be read of it is shown; it is named all the same.
    flush();
    if (broken !== null) index.putUnreadable({ path, ...file, why: broken });
    stamps.remember(path, file);
  }

  function* session(path: string, how: How): Generator<void> {
    for (;;) {
      const came = sessions.take(path, how);
      if (came === "gone") return toDo.missing(path);
      letGo.done(came === "more" ? LINES_WEIGH : 0);
      if (came === "end") return;
      if (came !== "more") {
        const file = stampOf(join(logs, path));
        return file ? unreadable(path, file, came.unreadable) : toDo.missing(path);
      }
      yield;
    }
  }

  function unreadable(path: string, file: File, why: string): void {
    forget(path);
    index.putUnreadable({ path, ...file, why });
    stamps.remember(path, file);
  }

  function* drop(path: string): Generator<void> {
    if (!stampOf(join(logs, path))) yield forget(path);
  }

  function forget(path: string): void {
    // What waits may be the same exchange in another file: it must be there before this one goes.
    if (arrivals.entries.size > 0) flush();
    stamps.forget(path);
    sessions.drop(path);
    if (index.file(path)) arrivals.left(index.forget(path));
  }

  function arrive(entry: FiledEntry, how: How): void {
    arrivals.take(entry, how, toDo.isMany ? "none" : "rows");
  }

  function flush(): void {
    arrivals.flush(toDo.isMany ? "none" : "rows");
  }
}

const decoder = new TextDecoder();
