/** What is known of files: how each stood when the page was told of it, and which ones we wrote ourselves just now. */
import { RecentMap } from "../recent-map.ts";

export type File = { mtime: number; size: number };

/** Files that are remembered: of one that is not, the index is asked. */
const MOST_FILES = 20_000;
/** The system tells of what we wrote within this time, or did not tell at all. */
const OWN_MS = 250;

export class Stamps {
  /** Path to `mtime/size`. */
  readonly #told = new RecentMap<string>(MOST_FILES);
  /** When we wrote a file ourselves, until the system says so. */
  readonly #written = new RecentMap<number>(MOST_FILES);

  /** The index has the file as it stands, and the page knows. */
  remember(path: string, file: File): void {
    this.#told.set(path, stamp(file));
  }

  isTold(path: string, file: File): boolean {
    return this.#told.get(path) === stamp(file);
  }

  isKnown(path: string): boolean {
    return this.#told.get(path) !== undefined;
  }

  forget(path: string): void {
    this.#told.delete(path);
  }

  clear(): void {
    this.#told.clear();
  }

  wrote(path: string, file: File): void {
    this.remember(path, file);
    this.#written.set(path, performance.now());
  }

  /** The system's one word about a file that we wrote. What is said of it after that was somebody else. */
  isOwnWrite(path: string): boolean {
    const at = this.#written.get(path);
    if (at === undefined) return false;
    this.#written.delete(path);
    return performance.now() - at < OWN_MS;
  }
}

export function isSame(known: File | null, file: File): boolean {
  return known?.mtime === file.mtime && known.size === file.size;
}

function stamp({ mtime, size }: File): string {
  return `${mtime}/${size}`;
}
