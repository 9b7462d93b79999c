/**
 * The spool: facts of exchanges in flight, appended as they come, so that a killed process loses nothing that was
 * written. A file of it goes when every exchange in it has a file of its own; what a dead process left is given back.
 *
 *     spool/<host>_<pid>_<life>_<n>.facts      records of src/fact/line.ts
 */
import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import type { Fact } from "../fact/fact.ts";
import { decodeFacts } from "../fact/line.ts";

/** A file is changed for the next one at this size: small enough to go soon, large enough to be few. */
const SEGMENT_BYTES = 16 * 1024 * 1024;

/** How often a living process touches its file; one that was not touched for `DEAD_MS` has lost its process. */
export const HEARTBEAT_MS = 5_000;
const DEAD_MS = 60_000;

type Segment = { path: string; fd: number; size: number; unfinished: Set<string> };

export class Spool {
  readonly #folder: string;
  readonly #name: string;
  #current: Segment | null = null;
  #count = 0;
  readonly #segments = new Set<Segment>();

  /** `life` tells one run of a process from the next: in a container the process number is always the same. */
  constructor(logDir: string, life: string) {
    this.#folder = join(logDir, "spool");
    this.#name = `${safe(hostname())}_${process.pid}_${safe(life)}`;
  }

  /** Appends one batch of encoded facts. Throws what the disk says. */
  append(bytes: Uint8Array, facts: readonly Fact[]): void {
    const segment = this.#writable();
    for (const { id } of facts) segment.unfinished.add(id);
    try {
      let done = 0;
      while (done < bytes.byteLength) done += writeSync(segment.fd, bytes, done);
      segment.size += bytes.byteLength;
    } catch (error) {
      // Half a batch may be there: the next one starts a file of its own, since records end at the first torn one.
      this.#retire(segment);
      throw error;
    }
  }

  /** This exchange has its file, or never will have one. */
  finished(id: string): void {
    for (const segment of this.#segments) {
      if (segment.unfinished.delete(id) && segment.unfinished.size === 0 && segment !== this.#current)
        this.#remove(segment);
    }
  }

  /** Says that this process lives, and starts afresh when the folder was taken away. */
  heartbeat(): void {
    const segment = this.#current;
    if (!segment) return;
    try {
      if (segment.unfinished.size === 0) return this.#remove(segment);
      const now = new Date();
      utimesSync(segment.path, now, now);
    } catch {
      // Its name is gone, with the folder or without it: what follows goes to a file that can be found.
      this.#retire(segment);
    }
  }

  /** Removes what is finished; what is not stays for the next start. */
  close(): void {
    for (const segment of this.#segments) {
      if (segment.unfinished.size === 0) this.#remove(segment);
      else closeSync(segment.fd);
    }
    this.#segments.clear();
    this.#current = null;
  }

  /** What dead processes left, oldest first. `done` removes the file once its exchanges have files of their own. */
  *leftovers(): Generator<{ facts: Fact[]; torn: number; done: () => void }> {
    let names: string[];
    try {
      names = readdirSync(this.#folder).filter((name) => name.endsWith(".facts"));
    } catch {
      return; // no folder, no leftovers
    }
    for (const name of names.sort(byAge)) {
      const path = join(this.#folder, name);
      if (name.startsWith(`${this.#name}_`) || isAlive(name, path)) continue;
      const bytes = readFileSync(path);
      const { facts, rest } = decodeFacts(bytes);
      yield { facts, torn: bytes.byteLength - rest, done: () => unlinkSync(path) };
    }
  }

  #writable(): Segment {
    if (this.#current && this.#current.size >= SEGMENT_BYTES) this.#retire(this.#current);
    if (this.#current) return this.#current;
    mkdirSync(this.#folder, { recursive: true });
    const path = join(this.#folder, `${this.#name}_${String(this.#count++).padStart(6, "0")}.facts`);
    const segment: Segment = { path, fd: openSync(path, "ax", 0o600), size: 0, unfinished: new Set() };
    this.#segments.add(segment);
    return (this.#current = segment);
  }

  #retire(segment: Segment): void {
    if (this.#current === segment) this.#current = null;
    if (segment.unfinished.size === 0) this.#remove(segment);
  }

  #remove(segment: Segment): void {
    if (this.#current === segment) this.#current = null;
    this.#segments.delete(segment);
    closeSync(segment.fd);
    try {
      unlinkSync(segment.path);
    } catch {
      // somebody else removed it: that was the aim
    }
  }
}

function safe(text: string): string {
  return text.replaceAll(/[^A-Za-z0-9.-]/g, "-");
}

function byAge(a: string, b: string): number {
  const number = (name: string) => Number(name.slice(name.lastIndexOf("_") + 1, -".facts".length));
  return number(a) - number(b) || (a < b ? -1 : 1);
}

/** Another process of this machine that still runs, or of another machine that touched its file a moment ago. */
function isAlive(name: string, path: string): boolean {
  const [host, pid] = name.split("_");
  const touched = Date.now() - statSync(path).mtimeMs < DEAD_MS;
  if (host !== safe(hostname())) return touched;
  // Our own number is that of an earlier life.
  if (Number(pid) === process.pid) return false;
  try {
    process.kill(Number(pid), 0);
    return touched;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM" && touched;
  }
}
