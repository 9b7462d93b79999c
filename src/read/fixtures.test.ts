/**
 * Our own recordings: each has the reading beside it that it must have (`x.json`, `x.reading.json`). Where the reading
 * is missing it is written and the test fails once: look at it, then commit it.
 */
import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Exchange } from "../fact/exchange.ts";
import { look } from "./look.ts";
import { assembled, read } from "./read.ts";
import { exchangeOf, type Recording } from "./recording.ts";

const root = join(import.meta.dir, "fixtures");
const names = [...new Bun.Glob("*/*.reading.json").scanSync(root)].map((file) =>
  file.replace(".reading.json", ".json"),
);
const recordings = [...new Bun.Glob("*/*.json").scanSync(root)]
  .filter((file) => !file.endsWith(".reading.json") && !file.startsWith("mcp/"))
  .sort();
const recorded = (file: string) => JSON.parse(readFileSync(join(root, file), "utf8")) as Recording;

describe("our own recordings", () => {
  for (const file of recordings) {
    const expected = join(root, file.replace(/\.json$/, ".reading.json"));

    test(`${file} is read as stands beside it`, () => {
      const found = whatIsHeld(exchangeOf(recorded(file)));
      if (!existsSync(expected)) writeFileSync(expected, `${JSON.stringify(found, null, 1)}\n`);
      expect(names).toContain(file);
      expect(found).toEqual(JSON.parse(readFileSync(expected, "utf8")));
    });

    test(`${file}: any cut of the bytes gives the same reading`, () => {
      const recording = recorded(file);
      const whole = whatIsHeld(exchangeOf(recording));
      const size = sizeOf(exchangeOf(recording));
      const cuts = fc.array(fc.nat(size), { maxLength: 12 });
      fc.assert(
        fc.property(cuts, (cut) => expect(whatIsHeld(exchangeOf(recording, cut))).toEqual(whole)),
        { numRuns: 12 },
      );
    });

    test(`${file}: broken off anywhere or with bytes that are wrong it is still read`, () => {
      const recording = recorded(file);
      const size = sizeOf(exchangeOf(recording));
      const harm = fc.record({
        end: fc.nat(size),
        wrong: fc.array(fc.tuple(fc.nat(Math.max(0, size - 1)), fc.nat(255)), { maxLength: 6 }),
        over: fc.boolean(),
      });
      fc.assert(
        fc.property(harm, ({ end, wrong, over }) => {
          const { problems } = read(harmed(exchangeOf(recording), end, wrong, over));
          expect(problems.filter(({ rule }) => rule === "reader/failed")).toEqual([]);
        }),
        { numRuns: 40 },
      );
    });
  }
});

test("a JSON value of any shape where a body should be is read by every dialect without a failure", () => {
  const exchanges = recordings.map((file) => recorded(file));
  fc.assert(
    fc.property(fc.nat(exchanges.length - 1), fc.jsonValue(), fc.jsonValue(), (which, asked, said) => {
      const { request, response } = exchanges[which] as Recording;
      const body = JSON.stringify(said);
      const strange = { request: request && { ...request, body: asked }, response: { ...response, body } };
      const { problems } = read(exchangeOf({ ...strange, response: { status: 200, body } }));
      expect(problems.filter(({ rule }) => rule === "reader/failed")).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

test("a field that is of another type than the API says is read without a failure", () => {
  fc.assert(
    fc.property(fc.constantFrom(...recordings), fc.nat(400), fc.jsonValue(), (file, at, value) => {
      const recording = recorded(file);
      if (recording.response.body_encoding) return;
      const places = [
        ...recording.response.body.matchAll(/"[^"\\]*"(?!:)|\b\d+\b|\[\]|\{\}|true|false|null/g),
      ];
      const place = places[at % Math.max(1, places.length)];
      if (!place) return;
      const { body } = recording.response;
      const strange =
        body.slice(0, place.index) + JSON.stringify(value) + body.slice(place.index + place[0].length);
      const reading = read(exchangeOf({ ...recording, response: { ...recording.response, body: strange } }));
      expect(reading.problems.filter(({ rule }) => rule === "reader/failed")).toEqual([]);
    }),
    { numRuns: 400 },
  );
});

/** The reading without what hangs on the price list, on time and on rules for all dialects. */
function whatIsHeld(exchange: Exchange): unknown {
  const seen = look(exchange);
  const { cost: _cost, timing: _timing, thread: _thread, problems, ...reading } = read(exchange, seen);
  const rules = problems.map(({ rule }) => rule).filter((rule) => /^(stream|gemini)\//.test(rule));
  const message = assembled(exchange, seen);
  return JSON.parse(JSON.stringify({ ...reading, rules, ...(message !== null && { message }) })) as unknown;
}

function sizeOf(exchange: Exchange): number {
  return exchange.response?.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0;
}

function harmed(exchange: Exchange, end: number, wrong: [number, number][], over: boolean): Exchange {
  const bytes = Uint8Array.from(exchange.response?.pieces[0]?.bytes ?? []);
  for (const [at, byte] of wrong) bytes[at] = byte;
  const pieces = [{ t: 100, bytes: bytes.subarray(0, end) }];
  const response = exchange.response && { ...exchange.response, pieces };
  return { ...exchange, response, close: over ? exchange.close : null };
}
