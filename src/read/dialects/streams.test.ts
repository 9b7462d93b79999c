/** What holds for the streams of every API: errors in every form, events of nobody's, and empty values take nothing away. */
import { describe, expect, test } from "bun:test";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { StreamEvent } from "../dialect.ts";
import { isObject, type Json } from "../json.ts";
import { look } from "../look.ts";
import { exchangeOf, type Recording } from "../recording.ts";

const root = join(import.meta.dir, "../fixtures");
const recordings = readdirSync(root, { recursive: true, encoding: "utf8" })
  .filter(
    (path) =>
      /\/stream-[^/]*\.json$/.test(path) && !/\.reading\.json$|error|exception|broken|mcp\//.test(path),
  )
  .sort();

/** The same stream, with events put in, read by its own dialect. */
function play(path: string, change: (events: StreamEvent[]) => StreamEvent[]) {
  const exchange = exchangeOf(JSON.parse(readFileSync(join(root, path), "utf8")) as Recording);
  const { glimpse, dialect, stream } = look(exchange);
  const assembler = dialect.assembler?.(glimpse);
  if (!assembler || !stream) return null;
  const events = stream.frames.filter(({ kind }) => kind === "event");
  change(events).forEach((event, n) => assembler.add({ ...event, n }));
  const message = assembler.message();
  return {
    message,
    problems: assembler.problems(true),
    answered: dialect.answered(message, glimpse),
    events,
  };
}

const event = (json: unknown, name: string | null = null, data = JSON.stringify(json)): StreamEvent => ({
  n: 0,
  t: 100,
  name,
  id: null,
  data,
  json,
});

/** Behind the first half: something came, something is still due. */
const middle = (more: StreamEvent) => (events: StreamEvent[]) => {
  const half = Math.ceil(events.length / 2);
  return [...events.slice(0, half), more, event(undefined, null, "[DONE]")];
};

const FORMS: Record<string, StreamEvent> = {
  "an error member": event({ error: { message: "out of tide", type: "sea_error", code: 503 } }),
  "an error as text": event({ error: "out of tide" }),
  "a type": event({ type: "error", message: "out of tide" }),
  "an event's name": event({ message: "out of tide" }, "error"),
  "an event's name and words": event(undefined, "error", "out of tide"),
  "code and message": event({ code: "OutOfTide", message: "out of tide" }),
  "a detail": event({ detail: "out of tide" }),
  "words and nothing else": event({ message: "out of tide" }),
  "the words of a gateway": event({ statusCode: 503, message: "out of tide" }),
};

/** Every word and count of it gone, but for what says what kind of event it is. */
function emptied(value: unknown, key = ""): unknown {
  if (KIND.test(key)) return value;
  if (Array.isArray(value)) return value.map((one) => emptied(one));
  if (isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, emptied(one, name)]));
  return typeof value === "string" ? "" : null;
}
const KIND =
  /^(type|event_type|object|index|output_index|content_index|summary_index|contentBlockIndex|item_id)$/;

/** How often anything that came is looked at while this stream is folded, with its richest event so many times over. */
function looks(path: string, times: number): number {
  let count = 0;
  const counted = <T>(value: T): T => {
    if (typeof value !== "object" || value === null) return value;
    const inner = Array.isArray(value) ? value.map(counted) : mapped(value as Json, counted);
    return new Proxy(inner, {
      get: (target, key, self) => (count++, Reflect.get(target, key, self) as unknown),
      ownKeys: (target) => (count++, Reflect.ownKeys(target)),
      has: (target, key) => (count++, Reflect.has(target, key)),
      getOwnPropertyDescriptor: (target, key) => (count++, Reflect.getOwnPropertyDescriptor(target, key)),
    }) as T;
  };
  const exchange = exchangeOf(JSON.parse(readFileSync(join(root, path), "utf8")) as Recording);
  const { glimpse, dialect, stream, added } = look(exchange);
  const assembler = dialect.assembler?.(glimpse);
  const events = stream?.frames.filter(({ kind }) => kind === "event") ?? [];
  const said = (n: number) => (added.get(n) ?? []).reduce((sum, { text }) => sum + text.length, 0);
  const [rich] = events.toSorted((a, b) => said(b.n) - said(a.n));
  for (const one of events)
    for (let i = 0; i < (one === rich ? times : 1); i++) assembler?.add({ ...one, json: counted(one.json) });
  assembler?.message();
  assembler?.problems(true);
  return count;
}

const mapped = (value: Json, make: (one: unknown) => unknown): Json =>
  Object.fromEntries(Object.entries(value).map(([key, one]) => [key, make(one)]));

describe("every stream", () => {
  for (const path of recordings) {
    const plain = play(path, (events) => events);
    if (!plain) continue;

    test(`${path}: an error in any form is the error, and what came before it stays`, () => {
      const before = play(path, (events) => events.slice(0, Math.ceil(events.length / 2)));
      for (const [form, given] of Object.entries(FORMS)) {
        const { answered, problems } = play(path, middle(given)) ?? {};
        expect([form, answered?.error?.message]).toEqual([form, "out of tide"]);
        expect([form, problems?.map(({ rule }) => rule)]).toEqual([
          form,
          expect.arrayContaining(["stream/error-event"]),
        ]);
        expect(answered?.choices).toEqual(before?.answered.choices ?? []);
      }
    });

    test(`${path}: an event of nobody's is told and is no part of the answer`, () => {
      const given = event({ lighthouse: "on", secret: 4711 }, "lighthouse.turned");
      const { answered, message, problems } =
        play(path, ([first, ...rest]) => [first!, given, ...rest]) ?? {};
      expect(answered).toEqual(plain.answered);
      expect(JSON.stringify(message)).not.toContain("lighthouse");
      expect(problems?.filter(({ rule }) => rule === "stream/unknown-event")).toHaveLength(1);
    });

    test(`${path}: costs what came, not what is there`, () => {
      const [one, two, four] = [100, 200, 400].map((times) => looks(path, times));
      expect(two!).toBeGreaterThan(one!);
      expect(four! - two!).toBeLessThan(2.2 * (two! - one!) + 50);
    });

    test(`${path}: the same events once more, emptied, take nothing away`, () => {
      const again = (events: StreamEvent[]) =>
        events.flatMap((one) =>
          isObject(one.json) ? [one, { ...one, json: emptied(one.json) as Json }] : [one],
        );
      const { model, choices, tool_calls, usage } = play(path, again)?.answered ?? plain.answered;
      const { answered } = plain;
      expect({ model, reasons: choices.map((one) => one.finish_reason), calls: tool_calls }).toEqual({
        model: answered.model,
        reasons: answered.choices.map((one) => one.finish_reason),
        calls: answered.tool_calls,
      });
      expect({ ...usage, wire: null }).toEqual({ ...answered.usage, wire: null });
      const said = (parts: (typeof choices)[number]["parts"]) =>
        parts
          .flatMap((part) => (part.type === "text" || part.type === "reasoning" ? [part.text] : []))
          .join("");
      expect(choices.map(({ parts }) => said(parts))).toEqual(
        answered.choices.map(({ parts }) => said(parts)),
      );
    });
  }
});
