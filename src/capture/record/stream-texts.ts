/**
 * The texts that a stream puts together out of its deltas, looked through for credentials as they grow: a key that comes
 * in many small pieces, or the value of a tool's argument whose name came before it, is in none of the pieces.
 */
import { maskValue } from "../../fact/mask-value.ts";
import type { Mask } from "../../fact/mask.ts";
import { PieceScan, type Also, type Found } from "../../fact/secrets/pieces.ts";
import { eventStrings } from "./event-strings.ts";
import { StreamEvents } from "./stream-events.ts";

/** Each costs a window; no stream says more things at once. */
const MOST_LANES = 64;

/** A text that is not gone on with for so many events is over: what is held back for its sake would wait to the end. */
const PATIENCE = 24;

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
  readonly #lanes = new Map<number, Lane>();
  readonly #events = new StreamEvents((event, start) => this.#take(event, start));
  readonly #alone: 0 | 1;
  #event = 0;
  /** The object that is waited for no longer. */
  #given: number | null = null;
  #at = 0;

  /** `alone`: so many objects may come before it is a stream, and something is held back for the sake of the next. */
  constructor(mask: Mask, echoes: Also, write: (start: number, text: string) => void, alone: 0 | 1) {
    this.#alone = alone;
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
    for (const lane of this.#lanes.values()) lane.scan.end();
    this.#lanes.clear();
  }

  /** Waits no longer. */
  settle(): void {
    this.#given = this.#events.begun;
    for (const { scan } of this.#lanes.values()) scan.settle();
  }

  #take(event: Uint8Array, start: number): void {
    this.#event++;
    for (const { lane: name, start: from, end, isEscaped } of eventStrings(event)) {
      const lane = this.#lane(name);
      lane.event = this.#event;
      const raw = event.subarray(from, end);
      const { bytes, places } = isEscaped ? unescaped(raw, start + from) : { bytes: raw, places: null };
      lane.segments.push({ at: lane.size, size: bytes.byteLength, start: start + from, places });
      lane.size += bytes.byteLength;
      lane.scan.push(bytes);
      const { safe } = lane.scan;
      let done = 0;
      while (done < lane.segments.length && lane.segments[done]!.at + lane.segments[done]!.size <= safe)
        done++;
      if (done > 0) lane.segments.splice(0, done);
    }
    for (const lane of this.#lanes.values())
      if (lane.scan.safe < lane.size && this.#event - lane.event > PATIENCE) lane.scan.settle();
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
const ESCAPES: Readonly<Record<string, number>> = { n: 10, r: 13, t: 9, b: 8, f: 12 };

/** What a string of JSON says, and where each byte of it begins; one more place says where the last one ends. */
function unescaped(raw: Uint8Array, start: number): { bytes: Uint8Array; places: Uint32Array } {
  const bytes: number[] = [];
  const places: number[] = [];
  let at = 0;
  while (at < raw.byteLength) {
    const from = at;
    const byte = raw[at++]!;
    if (byte !== 92) {
      bytes.push(byte);
      places.push(start + from);
      continue;
    }
    const sign = String.fromCharCode(raw[at++] ?? 92);
    let meant = [ESCAPES[sign] ?? sign.charCodeAt(0)];
    if (sign === "u") {
      const code = Number.parseInt(Buffer.from(raw.subarray(at, at + 4)).toString("latin1"), 16);
      meant = Number.isNaN(code) ? [117] : [...encoder.encode(String.fromCharCode(code))];
      at += 4;
    }
    for (const [n, each] of meant.entries()) {
      bytes.push(each);
      places.push(n === 0 ? start + from : start + Math.min(at, raw.byteLength));
    }
  }
  places.push(start + raw.byteLength);
  return { bytes: Uint8Array.from(bytes), places: Uint32Array.from(places) };
}
