/** What is told of an exchange while it passes is, put together, what is read of the whole: at any time, by any cut. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../fact/exchange.ts";
import type { EventRow, LiveAdded } from "../fact/live.ts";
import { eventRow, readRow } from "./event-row.ts";
import { inOrder, liveReading, liveSnapshot } from "./live.ts";
import { look } from "./look.ts";
import { read } from "./read.ts";
import { exchangeOf, type Recording } from "./recording.ts";

const shared = ["../../../../shared/fixtures", "../../../shared/fixtures"]
  .map((path) => join(import.meta.dir, path))
  .find((path) => existsSync(path));
const files = [join(import.meta.dir, "fixtures"), ...(shared ? [shared] : [])]
  .flatMap(jsonFiles)
  .filter((path) => !/\/mcp[-/]|\.reading\.json$/.test(path));

/** A page: keeps what it was told as `public/detail.js` does. */
function page() {
  let rows: EventRow[] = [];
  let texts: { kind: string; name: string | null; text: string }[] = [];
  return {
    rows: () => rows,
    texts: () => texts,
    take({ from_n, events, parts, fresh }: LiveAdded): void {
      if (fresh) [rows, texts] = [[], []];
      expect(from_n).toBeLessThanOrEqual(rows.length);
      for (const event of events) rows[event[0]] = event;
      for (const { n, kind, name, at, append } of parts) {
        const part = (texts[n] ??= { kind, name, text: "" });
        expect(at).toBe(part.text.length);
        part.text += append;
      }
    },
  };
}

/** The rows of what is stored, by the way of everything that is stored. */
function storedRows(exchange: Exchange): EventRow[] {
  const { stream, added } = look(exchange);
  if (!stream) {
    const pieces = exchange.response?.pieces ?? [];
    return pieces.map((piece, n) => readRow(n, piece, pieces[n - 1]?.t ?? piece.t));
  }
  let before = exchange.response?.ttfb ?? 0;
  return stream.frames.map((frame) => {
    const piece = (frame.from === "client" ? exchange.request : exchange.response)?.pieces[frame.first];
    const row = eventRow(
      frame,
      added.get(frame.n) ?? [],
      before,
      piece?.frame === "binary" ? piece.bytes : null,
    );
    before = frame.t;
    return row;
  });
}

/** Tells it piece by piece; `seen` is asked after each, with the exchange as it is then. */
function play(whole: Exchange, seen: (now: Exchange, shown: ReturnType<typeof page>) => void) {
  const { request, response } = whole;
  // Followed from its first byte on: the head comes when the answer does.
  const now: Exchange = { ...whole, request: { ...request, pieces: [] }, response: null, close: null };
  const live = liveReading(now, { whole: () => now });
  const shown = page();
  for (const [from, piece] of inOrder(whole)) {
    if (from === "server" || whole.wire === "websocket")
      now.response ??= response && { ...response, pieces: [] };
    (from === "client" ? now.request : now.response)?.pieces.push(piece);
    live.take(from, piece);
    const added = live.added();
    if (added) shown.take(added);
    seen(now, shown);
  }
  live.end();
  const added = live.added();
  if (added) shown.take(added);
  return { shown, live };
}

/** Always the same cuts for the same recording; the last one often inside of a character or a line end. */
function cutsOf(size: number, step: number): number[] {
  return Array.from({ length: Math.floor(size / step) }, (_, n) => (n + 1) * step + ((n * 7) % 5));
}

describe("live equals stored, event for event", () => {
  for (const path of files) {
    const recording = JSON.parse(readFileSync(path, "utf8")) as Recording;
    if (!recording.response?.body && !recording.messages) continue;
    const isOurs = path.includes("/src/read/fixtures/");
    test(path.split("/").slice(-2).join("/"), () => {
      const size = exchangeOf(recording).response?.pieces[0]?.bytes.length ?? 0;
      for (const step of [Math.max(1, Math.floor(size / 200)), 97, size]) {
        const exchange = exchangeOf(recording, cutsOf(size, step));
        let looks = 0;
        const { shown, live } = play(exchange, (now, soFar) => {
          // In the middle too, some times: to read everything after each piece takes the square of its length.
          if (looks++ % 41 === 7) expect(soFar.rows()).toEqual(storedRows(now));
        });
        expect(shown.rows()).toEqual(storedRows(exchange));
        const { events, parts, ttft } = liveSnapshot(exchange);
        expect(shown.rows()).toEqual([...events]);
        expect(shown.texts()).toMatchObject(parts.map(({ kind, name, text }) => ({ kind, name, text })));
        const reading = read(exchange);
        // Each call of the client has its own part, under its own name, in the order in which they began.
        const calls = parts.filter(({ kind }) => kind === "tool_call");
        for (const call of reading.streamed ? reading.tool_calls : []) {
          const at = calls.findIndex(({ name }) => name === call.name);
          expect(calls.splice(0, at + 1).at(-1)).toMatchObject({ name: call.name });
        }
        expect(live.facts().dialect ?? reading.dialect).toBe(reading.dialect);
        if (reading.streamed) expect(ttft).toBe(reading.timing.ttft_ms);
        const words = (kind: string) => parts.map((part) => (part.kind === kind ? part.text : "")).join("");
        if (reading.streamed && reading.answer.choices.length === 1 && !reading.refusal && isOurs)
          expect([words("text"), words("reasoning")]).toEqual([reading.text, reading.reasoning]);
      }
    });
  }
});

function jsonFiles(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? jsonFiles(path) : path.endsWith(".json") ? [path] : [];
  });
}
