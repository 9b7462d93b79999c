/**
 * The one search for credentials, in bytes of which nothing is known. It goes over them once, and what stands around the
 * places that a first look finds is looked at within bounds. So tenfold bytes are tenfold steps whatever they are; where
 * they are not, the search gives up and says that all of it may be one.
 */
import { address, botToken } from "./addresses.ts";
import { nextAnchor } from "./anchors.ts";
import { ANYTHING, APOSTROPHE, B, CLOSES_TAG, COLON, COMMA, DASH, EQUALS, SEMICOLON, TAB } from "./chars.ts";
import { PART_BYTES, type InParts } from "../parts.ts";
import { coded } from "./coded.ts";
import { cell, jar, netrc } from "./columns.ts";
import { element } from "./elements.ts";
import { entityElement, entityMember } from "./entities.ts";
import { form } from "./form-keys.ts";
import { member } from "./members.ts";
import { option, switched } from "./options.ts";
import { pair } from "./pairs.ts";
import { blockOrScheme } from "./schemes.ts";
import { Search } from "./search.ts";
import { shortOption } from "./short-options.ts";
import { merged } from "./spans.ts";
import { listed, subscript, told } from "./spoken.ts";

/** Far more than any text of people takes: 2 to 4 steps a byte. */
const MOST_STEPS = 64;
const [P, T, BAR] = [112, 116, 124];
const FREE_STEPS = 64 * 1024;

export class Scan extends Search {
  readonly #budget: { readonly free: number; readonly byte: number };
  /** Where this search began, where it goes on, and the steps with which it gives up. */
  #from = 0;
  #at = 0;
  #most = 0;

  /** `budget`: steps that a text may take, by itself and for each of its bytes. */
  constructor(budget = { free: FREE_STEPS, byte: MOST_STEPS }) {
    super();
    this.#budget = budget;
  }

  run(from: number): void {
    this.#start(from);
    this.#goOn(Infinity);
  }

  /** The same; others have their turn after each part of the bytes. */
  *inParts(from: number): InParts {
    this.#start(from);
    while (this.#goOn(PART_BYTES) === "again") yield;
  }

  #start(from: number): void {
    this.begin();
    this.#from = from;
    this.#at = from;
    this.#most = this.steps + this.#budget.free + this.#budget.byte * (this.end - from);
  }

  #goOn(part: number): "again" | "done" {
    const { bytes, end } = this;
    const stop = Math.min(end, this.#at + part);
    let at = nextAnchor(bytes, this.#at, stop, end);
    while (at < stop) {
      const next = this.#look(at);
      const isOpen = this.open !== null || this.inside !== null;
      this.stops.push(at, isOpen ? end : next);
      if (isOpen) break;
      at = next < stop ? nextAnchor(bytes, next, stop, end) : next;
      if (this.steps <= this.#most || at >= end) continue;
      this.gaveUp = true;
      this.stops.push(at, end);
      this.spans.push({ start: at, end, kind: "half" });
      break;
    }
    if (at >= stop && at < end && !this.gaveUp) {
      this.#at = at;
      return "again";
    }
    this.passed(end - this.#from);
    if (this.early.length > 0) this.spans = merged([...this.spans, ...this.early]);
    return "done";
  }

  #look(at: number): number {
    switch (this.bytes[at]) {
      case COLON:
        return this.#named(at) ?? botToken(this, at) ?? at + 1;
      case EQUALS:
        if (at + 1 === this.end && !this.isOver) {
          this.wait(at, this.end, ANYTHING);
          return at + 1;
        }
        if (this.bytes[at + 1] === CLOSES_TAG) return member(this, at, 2) ?? pair(this, at) ?? at + 1;
        return coded(this, at) ?? subscript(this, at) ?? pair(this, at) ?? at + 1;
      case CLOSES_TAG:
        return element(this, at) ?? at + 1;
      case SEMICOLON:
        return entityElement(this, at) ?? at + 1;
      case COMMA:
        return listed(this, at) ?? at + 1;
      case APOSTROPHE:
        return told(this, at) ?? at + 1;
      case DASH:
        if (this.bytes[at - 1] === DASH) return option(this, at) ?? at + 1;
        return shortOption(this, at) ?? switched(this, at) ?? form(this, at);
      case P:
        return netrc(this, at) ?? form(this, at);
      case T:
        return jar(this, at) ?? form(this, at);
      case TAB:
        return jar(this, at) ?? at + 1;
      case BAR:
        return cell(this, at) ?? at + 1;
      case B:
        return blockOrScheme(this, at) ?? form(this, at);
      default:
        return form(this, at);
    }
  }

  /** Behind a colon. */
  #named(at: number): number | null {
    return address(this, at) ?? member(this, at) ?? pair(this, at) ?? entityMember(this, at);
  }

  holdsOne(text: string): boolean {
    const inner = new Scan(this.#budget);
    inner.bytes = new TextEncoder().encode(text);
    inner.end = inner.bytes.byteLength;
    inner.run(0);
    this.steps += inner.steps;
    return inner.spans.length > 0;
  }
}
