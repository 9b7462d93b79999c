/** Every recording that is at hand: our own beside this file, and the shared ones where they exist. */
import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { unlike } from "../../test/described.ts";
import { look } from "./look.ts";
import { assembled, events, read } from "./read.ts";
import { Reading } from "./reading-schema.ts";
import { exchangeOf, replayed, type Recording } from "./recording.ts";
import { story } from "./story.ts";
import { threadKeys } from "./thread.ts";

type Shared = Recording & {
  dialect: string;
  model: string | null;
  streamed: boolean;
  features: string[];
  source?: { fidelity?: string };
};

const shared = join(import.meta.dir, "../../../../shared/fixtures");
const root = existsSync(shared) ? shared : join(import.meta.dir, "../../../shared/fixtures");
const files = existsSync(root) ? jsonFiles(root).filter((path) => !/\/mcp-/.test(path)) : [];

/** All pieces at the same time: only then may a cut change nothing at all. */
const still = () => 100;

const own = jsonFiles(join(import.meta.dir, "fixtures")).filter(
  (path) => !/\/mcp\/|\.reading\.json$/.test(path),
);

describe("our own recordings", () => {
  for (const path of own) {
    const name = path.slice(join(import.meta.dir, "fixtures").length + 1);
    const recording = JSON.parse(readFileSync(path, "utf8")) as Recording;

    test(`${name}: reads as expected`, () => {
      const exchange = replayed(recording);
      const reading = read(exchange);
      const { wire, ...usage } = reading.usage ?? { wire: null };
      const seen = {
        ...reading,
        messages: reading.messages.map(({ role }) => role),
        asked: reading.messages,
        tools: reading.tools.map((tool) => tool.name),
        problems: reading.problems.map(({ rule }) => rule),
        usage: reading.usage && usage,
        wire,
        /** The whole message of a stream. */
        message: assembled(exchange),
      };
      expect(seen).toMatchObject(JSON.parse(readFileSync(path.replace(".json", ".reading.json"), "utf8")));
    });

    // A socket has messages, which nothing cuts.
    if (recording.messages === undefined)
      test(`${name}: any cut of the bytes gives the same reading`, () => {
        const whole = readings(recording, []);
        const size = exchangeOf(recording).response?.pieces[0]?.bytes.length ?? 0;
        expect(
          readings(
            recording,
            Array.from({ length: size }, (_, i) => i),
          ),
        ).toEqual(whole);
        for (let i = 1; i < size; i += 37) expect(readings(recording, [i])).toEqual(whole);
      });
    else
      test(`${name}: every beginning of the socket is read, in flight and broken off`, () => {
        const { messages = [] } = recording;
        for (let n = 0; n <= messages.length; n++) {
          const exchange = replayed({ ...recording, messages: messages.slice(0, n) });
          for (const close of [null, exchange.close]) {
            const { problems } = read({ ...exchange, close });
            expect(problems.filter(({ rule }) => rule === "reader/failed")).toEqual([]);
          }
        }
      });

    test(`${name}: has times in their order`, () => {
      const { timing, streamed, text } = read(replayed(recording));
      const { ttfb_ms, ttft_ms, duration_ms, longest_gap_ms } = timing;
      expect([ttfb_ms, duration_ms].every((time) => time !== null)).toBe(true);
      if (streamed && text !== "") expect(ttft_ms).toBeGreaterThanOrEqual(ttfb_ms ?? 0);
      if (streamed && text !== "") expect(longest_gap_ms).not.toBeNull();
      else if (!streamed) expect([ttft_ms, longest_gap_ms]).toEqual([null, null]);
    });
  }
});

test("every reading is what the API says of it, without a member more", () => {
  const described = JSON.parse(JSON.stringify(Reading));
  const wrong: Record<string, string[]> = {};
  for (const path of [...own, ...files]) {
    const recording = JSON.parse(readFileSync(path, "utf8")) as Recording;
    const reading = read(replayed(recording));
    const why = unlike(described, JSON.parse(JSON.stringify(reading)));
    if (why.length > 0) wrong[path] = why;
  }
  expect(wrong).toEqual({});
});

describe.skipIf(files.length === 0)("shared recordings", () => {
  for (const path of files) {
    const name = path.slice(root.length + 1);
    const recording = JSON.parse(readFileSync(path, "utf8")) as Shared;

    test(`${name}: any cut of the bytes gives the same reading`, () => {
      const whole = readings(recording, []);
      const size =
        exchangeOf(recording).response?.pieces.reduce((sum, { bytes }) => sum + bytes.length, 0) ?? 0;
      const prime = Array.from({ length: Math.min(2000, Math.floor(size / 7)) }, (_, i) => i * 7);
      for (const cut of [
        prime,
        [1],
        [size - 1],
        [Math.floor(size / 2)],
        [Math.floor(size / 3), Math.floor(size / 3) + 1],
      ])
        expect(readings(recording, cut)).toEqual(whole);
    });

    test(`${name}: is read by its own dialect, without a failure of ours, streamed as recorded`, () => {
      const reading = read(exchangeOf(recording));
      expect(reading.problems.filter(({ rule }) => rule === "reader/failed")).toEqual([]);
      expect(reading.dialect).not.toBe("raw");
      if (recording.response.status === 200) expect(reading.streamed).toBe(recording.streamed);
      if (recording.model && recording.response.status === 200) expect(reading.model).not.toBeNull();
    });

    test(`${name}: says what the recording's tags say`, () => {
      const reading = read(exchangeOf(recording));
      const tags = new Set(recording.features);
      expect({ http: tags.has("http_error"), inStream: tags.has("error_in_stream") }).toEqual({
        http: recording.response.status >= 400,
        inStream: recording.response.status < 400 && reading.error !== null,
      });
      if (tags.has("text")) expect(reading.text).not.toBe("");
      if (tags.has("tool_call"))
        expect(
          reading.tool_calls.length + reading.answer.parts.filter((part) => part.type === "tool_call").length,
        ).toBeGreaterThan(0);
      if (tags.has("multi_choice")) expect(reading.answer.choices.length).toBeGreaterThan(1);
      if (tags.has("cached_tokens")) expect(reading.usage?.cached).toBeGreaterThan(0);
      if (tags.has("reasoning_tokens")) expect(reading.usage?.reasoning).toBeGreaterThan(0);
    });

    test(`${name}: half of it is read as well, in flight and broken off`, () => {
      const exchange = exchangeOf(recording);
      const bytes = exchange.response?.pieces[0]?.bytes ?? new Uint8Array();
      for (const share of [0.2, 0.5, 0.9]) {
        const pieces = [{ t: 100, bytes: bytes.subarray(0, Math.floor(bytes.length * share)) }];
        const response = exchange.response && { ...exchange.response, pieces };
        for (const close of [null, exchange.close]) {
          const reading = read({ ...exchange, response, close });
          expect(reading.problems.filter(({ rule }) => rule === "reader/failed")).toEqual([]);
        }
      }
      expect(read({ ...exchange, response: null, close: null }).error).toBeNull();
    });
  }
});

function readings(recording: Recording, cut: readonly number[]) {
  const exchange = exchangeOf(recording, cut, still);
  const seen = look(exchange);
  const reading = read(exchange, seen);
  const timeline = events(exchange, seen).map(({ pieces: _pieces, ...event }) => event);
  return {
    reading,
    whole: assembled(exchange, seen),
    timeline,
    keys: threadKeys(reading, exchange, seen),
    story: story(reading, exchange),
  };
}

function jsonFiles(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .flatMap((path) =>
      statSync(path).isDirectory() ? jsonFiles(path) : path.endsWith(".json") ? [path] : [],
    );
}
