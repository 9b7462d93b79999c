/**
 * A search as those see it who look at one way of writing: the bytes, what was found in them, and what it costs. Each of
 * them takes a place and gives where to go on, or null where nothing of its own stands there.
 */
import { textOf, type Chars } from "./chars.ts";
import type { Inside, Kind, Open, Span } from "./spans.ts";

/** What lists and objects that are looked into ahead may take by themselves. */
const FREE_STEPS = 64 * 1024;

export abstract class Search {
  bytes: Uint8Array = new Uint8Array(0);
  end = 0;
  kind: Kind = "text";
  /** Nothing comes behind the end. */
  isOver = true;
  /** Nothing stands before the first byte. */
  isBeginning = true;
  spans: Span[] = [];
  open: Open | null = null;
  inside: Inside | null = null;
  steps = 0;
  /** Starts and ends of what was looked at more closely: the search passed over all else with one look at each byte. */
  stops: number[] = [];
  /** Of all bytes, and of those in lists and objects that were looked into ahead. */
  #passed = 0;
  #ahead = 0;
  /** True where it gave up: the last span is all that it did not look through. */
  gaveUp = false;
  /** Of lists and objects: found before what stands in them is looked at. */
  protected early: Span[] = [];
  /** Where the last one that was found ends. */
  done = 0;

  /** Whether this text, which these bytes mean, holds a credential. */
  abstract holdsOne(text: string): boolean;

  protected begin(): void {
    this.spans = [];
    this.stops = [];
    this.early = [];
    this.open = null;
    this.inside = null;
    this.gaveUp = false;
    this.done = 0;
  }

  /** Bytes that were passed over, here or elsewhere. */
  passed(bytes: number): void {
    this.steps += bytes;
    this.#passed += bytes;
  }

  /** The first place from `at` on where none of these stands. */
  skip(at: number, of: Chars): number {
    const from = at;
    while (at < this.end && of[this.bytes[at]!] === 1) at++;
    this.steps += at - from;
    return at;
  }

  /** The first place from `at` on where one of these stands. */
  until(at: number, ends: Chars): number {
    const from = at;
    while (at < this.end && ends[this.bytes[at]!] === 0) at++;
    this.steps += at - from;
    return at;
  }

  /** How many of this byte stand in front of `at`. */
  before(at: number, byte: number, most: number): number {
    let n = 0;
    while (n < most && at - n > 0 && this.bytes[at - n - 1] === byte) n++;
    this.steps += n;
    return n;
  }

  text(start: number, end: number): string {
    this.steps += end - start;
    return textOf(this.bytes, start, end);
  }

  /** What was found before in the same bytes stays. */
  found(start: number, end: number, kind: Span["kind"] = "secret"): void {
    if (start < this.done || start >= end) return;
    this.spans.push({ start, end, kind });
    this.done = end;
  }

  /** Lists in lists are looked into a few times, and those that are never closed not again and again. */
  get mayLookAhead(): boolean {
    return this.#ahead < FREE_STEPS + 8 * this.#passed + 8 * this.end;
  }

  lookedAhead(steps: number): void {
    this.#ahead += steps;
    this.steps += steps;
  }

  foundEarly(start: number, end: number): void {
    if (start < end) this.early.push({ start, end, kind: "secret" });
  }

  wait(from: number, hold: number, until: Chars): void {
    this.open ??= { from, hold: Math.max(hold, this.done), until };
  }
}
