/**
 * The strings of one JSON object, each with the text that it is a piece of: by the names on the way to it, with the
 * `index` of what it stands in, and by what the event says that it is about. So the deltas of any API find together that
 * belong together, and those of two choices, two calls or two items do not. Names are compared by their hashes: this is
 * done for each delta that passes.
 */

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
const LONGEST = 4096;
const MOST = 256;

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

const [QUOTE, BACKSLASH, OPENS, CLOSES, OPENS_LIST, CLOSES_LIST, COLON, COMMA] = [
  34, 92, 123, 125, 91, 93, 58, 44,
];

export function eventStrings(event: Uint8Array): EventString[] {
  const found: { node: Node; name: number; start: number; end: number; isEscaped: boolean }[] = [];
  let about = FIRST;
  let node = null as Node | null;
  let deep = 0;
  let name = 0;
  let isName = false;
  for (let at = 0; at < event.byteLength && found.length < MOST; at++) {
    const byte = event[at]!;
    if (byte === QUOTE) {
      const start = at + 1;
      at = start;
      let isEscaped = false;
      while (at < event.byteLength && event[at] !== QUOTE) {
        if (event[at] === BACKSLASH) {
          isEscaped = true;
          at++;
        }
        at++;
      }
      if (isName && nextSign(event, at + 1) === COLON) {
        name = hashOf(event, start, at);
        isName = false;
      } else if (node !== null) {
        if (deep === 1 && IDENTITY.has(name)) about = mixed(mixed(about, name), hashOf(event, start, at));
        else if (at > start && at - start <= LONGEST && !NO_TEXT.has(name))
          found.push({
            node,
            name: node.isList ? ELEMENT : name,
            start,
            end: Math.min(at, event.byteLength),
            isEscaped,
          });
      }
    } else if (byte === OPENS || byte === OPENS_LIST) {
      if (++deep > DEEPEST) return [];
      node = { parent: node, name: node?.isList ? ELEMENT : name, isList: byte === OPENS_LIST, index: -1 };
      isName = byte === OPENS;
    } else if (byte === CLOSES || byte === CLOSES_LIST) {
      deep--;
      node = node?.parent ?? null;
    } else if (byte === COMMA) isName = node !== null && !node.isList;
    else if (byte >= 48 && byte <= 57) {
      let value = 0;
      while (event[at]! >= 48 && event[at]! <= 57) value = (value * 10 + event[at++]! - 48) & 0xffff;
      at--;
      if (node === null || isName) continue;
      if (deep === 1 && IDENTITY.has(name)) about = mixed(mixed(about, name), value);
      else if (name === INDEX) node.index = value;
    }
  }
  return found.map(({ node: inside, name: last, start, end, isEscaped }) => ({
    lane: mixed(pathOf(inside, about), last),
    start,
    end,
    isEscaped,
  }));
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
