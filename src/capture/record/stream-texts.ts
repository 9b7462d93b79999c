/**
 * The texts that a stream puts together out of its deltas, looked through for credentials as they grow: a key that comes
 * in many small pieces, or the value of a tool's argument whose name came before it, is in none of the pieces.
 */
import { maskValue } from "../../fact/mask-value.ts";
import type { Mask } from "../../fact/mask.ts";
import { PieceScan } from "../../fact/secrets/pieces.ts";
import type { Also, Found } from "../../fact/secrets/spans.ts";
import type { EventString } from "./event-strings.ts";
import { StreamEvents, type StreamEvent } from "./stream-events.ts";

/** Each costs a window; no stream says more things at once. */
const MOST_LANES = 64;

/** A text that is not gone on with for so many events is over: what is held back for its sake would wait to the end. */
const PATIENCE = 24;

const BACKSLASH = 92;

/** A piece of a text: where its characters stand in the stream. `places`: of each byte, where it is not one for one. */
type Segment = {
  readonly at: number;
  readonly size: number;
  readonly start: number;
  readonly places: Uint32Array | null;
};

type Lane = { scan: PieceScan; size: number; segments: Segment[]; event: number };

export class StreamTexts {
  readonly #mask: Mask;
  readonly #echoes: Also;
  /** Writes over what stands there. */
  readonly #write: (start: number, text: string) => void;
  readonly #isQuiet: (start: number, end: number) => boolean;
  readonly #lanes = new Map<number, Lane>();
  readonly #events = new StreamEvents((event) => this.#take(event));
  readonly #alone: 0 | 1;
  #event = 0;
  /** An object that may be alone, as long as no other came. */
  #first: StreamEvent | null = null;
  /** Something of a text is held back. */
  #isBehind = false;
  /** The object that is waited for no longer. */
  #given: number | null = null;
  #at = 0;

  /**
   * `alone`: so many objects may come before it is a stream, and something is held back for the sake of the next.
   * `isQuiet`: whether nothing in these bytes was worth a closer look by itself.
   */
  constructor(
    mask: Mask,
    echoes: Also,
    write: (start: number, text: string) => void,
    alone: 0 | 1,
    isQuiet: (start: number, end: number) => boolean,
  ) {
    this.#alone = alone;
    this.#isQuiet = isQuiet;
    this.#mask = mask;
    this.#echoes = echoes;
    this.#write = write;
  }

  push(bytes: Uint8Array): void {
    this.#events.push(bytes);
    this.#at += bytes.byteLength;
  }

  /** An object that is not whole in its message will never be. */
  endMessage(): void {
    this.#events.end();
  }

  /** Up to here it is decided. */
  get safe(): number {
    const { begun } = this.#events;
    let safe = begun !== null && begun !== this.#given && this.#event >= this.#alone ? begun : this.#at;
    if (this.#event <= this.#alone) return safe;
    for (const { scan, size, segments } of this.#lanes.values()) {
      if (scan.safe >= size) continue;
      const first = segments.find((segment) => segment.at + segment.size > scan.safe);
      if (first) safe = Math.min(safe, placeOf(first, scan.safe - first.at));
    }
    return safe;
  }

  /** Nothing more comes. */
  end(): void {
    this.#events.end();
    this.#first = null;
    for (const lane of this.#lanes.values()) lane.scan.end();
    this.#lanes.clear();
  }

  /** Waits no longer. */
  settle(): void {
    this.#given = this.#events.begun;
    for (const { scan } of this.#lanes.values()) scan.settle();
  }

  #take(event: StreamEvent): void {
    this.#event++;
    // What stands alone is looked through as it is. Only where something in it is written in another way than it is
    // meant, or a second one comes, is it looked at as what it says.
    if (this.#event === 1 && this.#alone === 1 && !event.strings.some(({ isEscaped }) => isEscaped)) {
      // A copy of what came with the socket's other bytes.
      this.#first = { ...event, bytes: event.bytes.slice(0, event.end) };
      return;
    }
    const first = this.#first;
    this.#first = null;
    if (first !== null) this.#read(first, 1);
    this.#read(event, this.#event);
  }

  #read(event: StreamEvent, n: number): void {
    let isBehind = this.#isBehind;
    for (const one of event.strings) {
      const lane = this.#lane(one.lane);
      lane.event = n;
      if (!this.#passes(lane, event, one)) isBehind = true;
    }
    if (!isBehind) return;
    this.#isBehind = false;
    for (const lane of this.#lanes.values()) {
      if (lane.scan.safe >= lane.size) continue;
      if (n - lane.event > PATIENCE) lane.scan.settle();
      else this.#isBehind = true;
    }
  }

  /** One more piece of a text. False where something of it is held back. */
  #passes(
    lane: Lane,
    { bytes: all, at }: StreamEvent,
    { start: from, end, isEscaped }: EventString,
  ): boolean {
    const { scan, segments } = lane;
    if (!isEscaped && scan.passes(all, from, end, this.#isQuiet(at + from, at + end))) {
      lane.size += end - from;
      if (segments.length > 0) lane.segments = [];
      return true;
    }
    const raw = all.subarray(from, end);
    const { bytes, places } = isEscaped ? unescaped(raw, at + from) : { bytes: raw, places: null };
    segments.push({ at: lane.size, size: bytes.byteLength, start: at + from, places });
    lane.size += bytes.byteLength;
    if (isEscaped) scan.push(bytes);
    else scan.look();
    let done = 0;
    while (done < segments.length && segments[done]!.at + segments[done]!.size <= scan.safe) done++;
    if (done > 0) segments.splice(0, done);
    return scan.safe >= lane.size;
  }

  #lane(name: number): Lane {
    const known = this.#lanes.get(name);
    if (known) return known;
    if (this.#lanes.size >= MOST_LANES) {
      const [oldest, lane] = this.#lanes.entries().next().value!;
      lane.scan.end();
      this.#lanes.delete(oldest);
    }
    const lane: Lane = {
      scan: new PieceScan("text", (found) => this.#found(lane, found), this.#echoes),
      size: 0,
      segments: [],
      event: 0,
    };
    this.#lanes.set(name, lane);
    return lane;
  }

  #found({ segments }: Lane, { start, end, kind, bytes, credential }: Found): void {
    const parts: { from: number; to: number }[] = [];
    for (const segment of segments) {
      if (segment.at >= end) break;
      const from = Math.max(start, segment.at) - segment.at;
      const to = Math.min(end, segment.at + segment.size) - segment.at;
      if (from < to) parts.push({ from: placeOf(segment, from), to: placeOf(segment, to) });
    }
    // The beginning that was told already is the one that the mask shows.
    const told = Math.max(0, (segments[0]?.at ?? start) - start);
    const size = parts.reduce((sum, { from, to }) => sum + to - from, told);
    const value = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString();
    const text = kind === "half" ? "*".repeat(size) : maskValue(value, size, this.#mask, credential);
    let done = told;
    for (const { from, to } of parts) {
      this.#write(from, text.slice(done, done + to - from));
      done += to - from;
    }
  }
}

function placeOf({ start, places }: Segment, at: number): number {
  return places === null ? start + at : places[at]!;
}

const encoder = new TextEncoder();
const LETTER_U = 117;
/** What an escape of one letter means; any other sign means itself. */
const ESCAPES = new Uint8Array(256);
for (const [sign, meant] of Object.entries({ n: 10, r: 13, t: 9, b: 8, f: 12 }))
  ESCAPES[sign.charCodeAt(0)] = meant;

/** What a string of JSON says, and where each byte of it begins; one more place says where the last one ends. */
function unescaped(raw: Uint8Array, start: number): { bytes: Uint8Array; places: Uint32Array } {
  const bytes = new Uint8Array(raw.byteLength);
  const places = new Uint32Array(raw.byteLength + 1);
  let size = 0;
  let at = 0;
  while (at < raw.byteLength) {
    const from = at;
    const byte = raw[at++]!;
    if (byte !== BACKSLASH) {
      places[size] = start + from;
      bytes[size++] = byte;
      continue;
    }
    const sign = raw[at++] ?? BACKSLASH;
    if (sign !== LETTER_U) {
      places[size] = start + from;
      bytes[size++] = ESCAPES[sign] || sign;
      continue;
    }
    const code = Number.parseInt(Buffer.from(raw.subarray(at, at + 4)).toString("latin1"), 16);
    const meant = Number.isNaN(code) ? "u" : String.fromCharCode(code);
    at += 4;
    // An escape of six signs is at most three bytes long.
    const { written } = encoder.encodeInto(meant, bytes.subarray(size));
    for (let n = 0; n < written; n++)
      places[size++] = n === 0 ? start + from : start + Math.min(at, raw.byteLength);
  }
  places[size] = start + raw.byteLength;
  return { bytes: bytes.subarray(0, size), places: places.subarray(0, size + 1) };
}
