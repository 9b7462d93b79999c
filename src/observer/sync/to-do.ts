/**
 * What has to be looked at, in its order: folders first, since they say what there is, then what just happened, then what
 * is gone, and last what waits since the start.
 */
import { createBacklog } from "./backlog.ts";

/** `quiet`: it was there before us; the page asks for it when it wants it. */
export type How = "quiet" | "live";

export type Task =
  | { readonly do: "compare"; readonly folder: string }
  | { readonly do: "look"; readonly path: string; readonly how: How }
  | { readonly do: "drop"; readonly path: string };

/** Up to here each row is news of its own; a larger batch is one `resync`, since the page asks for what it shows. */
export const MOST_NEWS = 200;

export class ToDo {
  readonly #folders = new Set<string>();
  readonly #fresh = new Set<string>();
  /** Gone from the disk: looked at last, since what they held may have moved to a file that is about to be taken in. */
  readonly #missing = new Set<string>();
  /** Written just now and not readable: they may be half-written. */
  readonly #young = new Set<string>();
  readonly #backlog = createBacklog();
  readonly #newPacks: () => readonly string[];
  /** The packs were looked at since something was missing. */
  #packsSeen = false;
  /** Files that waited when this began. */
  #of = 0;

  /** `newPacks`: those on the disk that the index does not know. */
  constructor(newPacks: () => readonly string[]) {
    this.#newPacks = newPacks;
  }

  folder(...folders: readonly string[]): void {
    for (const folder of folders) this.#folders.add(folder);
  }

  fresh(...paths: readonly string[]): void {
    for (const path of paths) this.#fresh.add(path);
  }

  missing(...paths: readonly string[]): void {
    for (const path of paths) this.#missing.add(path);
  }

  young(path: string): void {
    this.#young.add(path);
  }

  /** What a folder held that is new. A few while we run are news. */
  found(paths: readonly string[], how: How): void {
    if (how === "live" && paths.length <= MOST_NEWS) return this.fresh(...paths);
    this.#backlog.add([...paths]);
    this.#of = Math.max(this.#of, this.#backlog.size());
  }

  /** Looks once more at what was half-written. True when there is something to do. */
  again(moved: readonly string[]): boolean {
    this.fresh(...moved, ...this.#young);
    this.#young.clear();
    return this.#fresh.size > 0;
  }

  get isLeft(): boolean {
    return this.#fresh.size + this.#folders.size + this.#missing.size > 0;
  }

  /** Too much to tell row by row. */
  get isMany(): boolean {
    return this.#of > MOST_NEWS;
  }

  state(): { waiting: number; of: number } {
    return { waiting: this.#backlog.size() + this.#fresh.size, of: this.#of };
  }

  done(): void {
    this.#of = 0;
  }

  next(): Task | null {
    const folder = takeFirst(this.#folders);
    if (folder !== null) return { do: "compare", folder };
    const path = takeFirst(this.#fresh);
    if (path !== null) return { do: "look", path, how: "live" };
    if (this.#missing.size > 0) return this.#nextMissing();
    const waiting = this.#backlog.next();
    return waiting === undefined ? null : { do: "look", path: waiting, how: "quiet" };
  }

  /** The disk is ahead of its notices: the pack into which the file went may not be told yet. */
  #nextMissing(): Task | null {
    if (!this.#packsSeen) this.fresh(...this.#newPacks());
    this.#packsSeen = true;
    if (this.#fresh.size > 0) return this.next();
    const path = takeFirst(this.#missing);
    this.#packsSeen = this.#missing.size > 0;
    return path === null ? null : { do: "drop", path };
  }
}

function takeFirst(set: Set<string>): string | null {
  const [first] = set;
  if (first === undefined) return null;
  set.delete(first);
  return first;
}
