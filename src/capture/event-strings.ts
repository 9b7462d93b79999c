/**
 * The strings of one JSON object, each with the name of the text that it is a piece of: where it stands, with the
 * `index` of what it stands in, and what the event says that it is about. So the deltas of any API find together that
 * belong together, and those of two choices, two calls or two items do not.
 */

export type EventString = {
  readonly lane: string;
  /** Between its quotes. */
  readonly start: number;
  readonly end: number;
  readonly isEscaped: boolean;
};

type Node = {
  readonly parent: Node | null;
  readonly name: string;
  readonly isList: boolean;
  index: string | null;
};

/** Deeper than any API nests its deltas. */
const DEEPEST = 16;
/** Longer strings are no pieces of something. */
const LONGEST = 4096;
const MOST = 256;

/** What says to which of several texts an event belongs. */
const IDENTITY = new Set([
  "type",
  "item_id",
  "output_index",
  "content_index",
  "summary_index",
  "index",
  "event",
]);

/** Of these each event has its own, or always the same. */
const NO_TEXT = new Set(
  "id object model type role finish_reason stop_reason status service_tier system_fingerprint obfuscation item_id response_id event provider".split(
    " ",
  ),
);

const [QUOTE, BACKSLASH, OPENS, CLOSES, OPENS_LIST, CLOSES_LIST, COLON, COMMA] = [
  34, 92, 123, 125, 91, 93, 58, 44,
];

export function eventStrings(event: Uint8Array): EventString[] {
  const found: { node: Node; name: string; start: number; end: number; isEscaped: boolean }[] = [];
  const about: string[] = [];
  let node = null as Node | null;
  let deep = 0;
  let name = "";
  let isName = false;
  let at = 0;
  while (at < event.byteLength && found.length < MOST) {
    const byte = event[at]!;
    switch (byte) {
      case OPENS:
      case OPENS_LIST:
        if (++deep > DEEPEST) return [];
        node = { parent: node, name: nameIn(node, name), isList: byte === OPENS_LIST, index: null };
        isName = byte === OPENS;
        break;
      case CLOSES:
      case CLOSES_LIST:
        deep--;
        node = node?.parent ?? null;
        break;
      case QUOTE: {
        const start = at + 1;
        const { end, isEscaped } = stringEnd(event, start);
        at = end;
        if (isName && nextSign(event, end + 1) === COLON) {
          name = said(event, start, Math.min(end, start + 64));
          isName = false;
        } else if (node !== null) {
          if (deep === 1 && IDENTITY.has(name) && end - start < 100)
            about.push(`${name}=${said(event, start, end)}`);
          if (!NO_TEXT.has(name) && end > start && end - start <= LONGEST)
            found.push({ node, name: nameIn(node, name), start, end, isEscaped });
        }
        break;
      }
      case COMMA:
        isName = node !== null && !node.isList;
        break;
      default:
        if (byte < 48 || byte > 57) break;
        const digits = numberEnd(event, at);
        if (node !== null && name.endsWith("index") && digits - at < 8) {
          const value = said(event, at, digits);
          if (deep === 1) about.push(`${name}=${value}`);
          else if (name === "index") node.index = value;
        }
        at = digits - 1;
    }
    at++;
  }
  const prefix = about.join(" ");
  return found.map(({ node: inside, name: last, start, end, isEscaped }) => ({
    lane: `${prefix} ${pathOf(inside)}/${last}`,
    start,
    end,
    isEscaped,
  }));
}

/** Elements of a list follow one another, unless they say which they are. */
function nameIn(node: Node | null, name: string): string {
  if (node === null) return "";
  return node.isList ? "*" : name;
}

function pathOf(node: Node): string {
  let path = "";
  for (let each: Node | null = node; each !== null; each = each.parent)
    path = `${each.name}${each.index === null ? "" : `:${each.index}`}/${path}`;
  return path;
}

function stringEnd(event: Uint8Array, start: number): { end: number; isEscaped: boolean } {
  let isEscaped = false;
  let at = start;
  while (at < event.byteLength && event[at] !== QUOTE) {
    if (event[at] === BACKSLASH) {
      isEscaped = true;
      at++;
    }
    at++;
  }
  return { end: Math.min(at, event.byteLength), isEscaped };
}

function nextSign(event: Uint8Array, from: number): number {
  let at = from;
  while (at < event.byteLength && event[at]! <= 32) at++;
  return event[at] ?? 0;
}

function numberEnd(event: Uint8Array, from: number): number {
  let at = from;
  while (at < event.byteLength && event[at]! >= 48 && event[at]! <= 57) at++;
  return at;
}

function said(event: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at++) text += String.fromCharCode(event[at]!);
  return text;
}
