/**
 * The strings of one JSON object, each with the text that it is a piece of: by the names on the way to it, with the
 * `index` of what it stands in, and by what the event says that it is about. So the deltas of any API find together that
 * belong together, and those of two choices, two calls or two items do not. Names are compared by their hashes: this is
 * done for each delta that passes.
 */

import { StringSigns } from "./string-signs.ts";

export type EventString = {
  /** Equal for the pieces of one text. */
  readonly lane: number;
  /** Between its quotes. */
  readonly start: number;
  readonly end: number;
  readonly isEscaped: boolean;
};

/** `index`: what the object says that it is; where it says nothing, elements of a list follow one another. */
type Node = { readonly parent: Node | null; readonly name: number; readonly isList: boolean; index: number };

/** Deeper than any API nests its deltas. */
const DEEPEST = 16;
/** Longer strings are no pieces of something. */
const LONGEST_STRING_BYTES = 4096;
const MOST_STRINGS = 256;

const FIRST = 0x811c9dc5;
const mixed = (hash: number, value: number) => Math.imul(hash ^ value, 0x01000193);

function hashOf(event: Uint8Array, start: number, end: number): number {
  let hash = FIRST;
  for (let at = start; at < end; at++) hash = mixed(hash, event[at]!);
  return hash;
}

const named = (names: string) =>
  new Set(names.split(" ").map((name) => hashOf(Buffer.from(name), 0, name.length)));

const [INDEX] = named("index");
/** What says to which of several texts an event belongs. */
const IDENTITY = named("type item_id output_index content_index summary_index index event");
/** Of these each event has its own, or always the same. */
const NO_TEXT = named(
  "id object model type role finish_reason stop_reason status service_tier system_fingerprint obfuscation item_id response_id event provider",
);
const ELEMENT = 1;

const [LF, BLANK, QUOTE, BACKSLASH, OPENS, CLOSES, OPENS_LIST, CLOSES_LIST, COLON, COMMA] = [
  10, 32, 34, 92, 123, 125, 91, 93, 58, 44,
];

/** With what it stands in, until all of that is known. */
type Placed = EventString & { lane: number; readonly node: Node };

/** Of most strings the end is found sooner by looking than by a call. */
const BY_HAND = 32;

/** An object of this size says something whole. */
export const LARGEST_OBJECT_BYTES = 16 * 1024;

export class EventReader {
  /** Of the object that was read last. */
  strings: readonly EventString[] = [];
  isWhole = false;
  readonly #signs = new StringSigns();

  /**
   * Where the object ends that begins at `start`, or the bytes that are none; -1 where it does not end in these bytes.
   * No string of JSON holds a line's end, and an empty line ends an event with what was begun in it: then it is no object.
   */
  read(bytes: Uint8Array, start: number): number {
    const found: Placed[] = [];
    this.strings = [];
    this.isWhole = false;
    const size = Math.min(bytes.byteLength, start + LARGEST_OBJECT_BYTES);
    let about = FIRST;
    let node = null as Node | null;
    let deep = 0;
    let lines = 0;
    let name = 0;
    let isName = false;
    let isReadable = true;
    for (let at = start; at < size; at++) {
      const byte = bytes[at]!;
      if (byte === QUOTE) {
        lines = 0;
        const from = at + 1;
        at = from;
        let isEscaped = false;
        for (const byHand = at + BY_HAND; at < size; at++) {
          const sign = bytes[at];
          if (sign === QUOTE) break;
          if (sign === LF) return at + 1;
          if (sign === BACKSLASH) {
            isEscaped = true;
            at++;
          } else if (at >= byHand) at = this.#signs.next(bytes, at + 1) - 1;
        }
        if (at >= size) return -1;
        if (!isReadable) continue;
        if (isName && nextSign(bytes, at + 1) === COLON) {
          name = hashOf(bytes, from, at);
          isName = false;
        } else if (deep === 1 && IDENTITY.has(name))
          about = mixed(mixed(about, name), hashOf(bytes, from, at));
        else if (at > from && at - from <= LONGEST_STRING_BYTES && !NO_TEXT.has(name)) {
          const inside = node!;
          const lane = inside.isList ? ELEMENT : name;
          found.push({ lane, start: from, end: at, isEscaped, node: inside });
          isReadable = found.length < MOST_STRINGS;
        }
        continue;
      }
      if (byte <= BLANK) {
        if (byte === LF && ++lines > 1) return at + 1;
        continue;
      }
      lines = 0;
      if (byte === OPENS || byte === OPENS_LIST) {
        if (++deep > DEEPEST && isReadable) {
          isReadable = false;
          found.length = 0;
        }
        if (isReadable)
          node = {
            parent: node,
            name: node?.isList ? ELEMENT : name,
            isList: byte === OPENS_LIST,
            index: -1,
          };
        isName = byte === OPENS;
      } else if (byte === CLOSES || byte === CLOSES_LIST) {
        if (--deep > 0) {
          if (isReadable) node = node!.parent;
          continue;
        }
        for (const one of found) one.lane = mixed(pathOf(one.node, about), one.lane);
        this.strings = found;
        this.isWhole = true;
        return at + 1;
      } else if (byte === COMMA) isName = node !== null && !node.isList;
      else if (byte >= 48 && byte <= 57) {
        let value = 0;
        while (bytes[at]! >= 48 && bytes[at]! <= 57) value = (value * 10 + bytes[at++]! - 48) & 0xffff;
        at--;
        if (!isReadable || isName) continue;
        if (deep === 1 && IDENTITY.has(name)) about = mixed(mixed(about, name), value);
        else if (name === INDEX) node!.index = value;
      }
    }
    return -1;
  }

  /** The bytes are let go of. */
  end(): void {
    this.#signs.end();
  }
}

function pathOf(node: Node, about: number): number {
  let path = about;
  for (let each: Node | null = node; each !== null; each = each.parent)
    path = mixed(mixed(path, each.name), each.index);
  return path;
}

function nextSign(event: Uint8Array, from: number): number {
  let at = from;
  while (at < event.byteLength && event[at]! <= 32) at++;
  return event[at] ?? 0;
}
