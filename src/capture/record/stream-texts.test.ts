import { describe, expect, test } from "bun:test";
import fc from "fast-check";
import { createMask } from "../../fact/mask.ts";
import { Echoes } from "./echoes.ts";
import { BodyMask } from "./mask-body.ts";

const mask = createMask((secret) => Bun.hash(secret).toString(16).padStart(16, "0"));
const KEY = "sk-proj-0123456789abcdefCANARYxyz";

/** What is told of a stream of these events, cut into pieces of this size. */
function told(events: readonly unknown[], size = Infinity, echoes = new Echoes()): string {
  const stream = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join(""));
  const body = new BodyMask(mask, "stream", echoes);
  const out: Buffer[] = [];
  for (let at = 0; at < stream.byteLength; at += size)
    body.push(stream.subarray(at, at + size), (piece) => out.push(Buffer.from(piece)));
  body.end();
  const whole = Buffer.concat(out);
  expect(whole.byteLength).toBe(stream.byteLength);
  return whole.toString();
}

const parsed = (text: string) =>
  text
    .split("\n\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line.slice(6)) as any);

const cut = (text: string, size: number) => text.match(new RegExp(`[^]{1,${size}}`, "g"))!;
const chat = (delta: unknown, index = 0) => ({ id: "c", choices: [{ index, delta, finish_reason: null }] });

/** How the APIs of today send a text and the arguments of a call in deltas, and how it is put together. */
const dialects: Record<string, { said: (piece: string) => unknown; of: (event: any) => string }> = {
  "chat text": { said: (content) => chat({ content }), of: (event) => event.choices[0].delta.content },
  "chat reasoning": {
    said: (reasoning_content) => chat({ reasoning_content }),
    of: (event) => event.choices[0].delta.reasoning_content,
  },
  "chat arguments": {
    said: (piece) => chat({ tool_calls: [{ index: 1, function: { arguments: piece } }] }),
    of: (event) => event.choices[0].delta.tool_calls[0].function.arguments,
  },
  "anthropic text": {
    said: (text) => ({ type: "content_block_delta", index: 2, delta: { type: "text_delta", text } }),
    of: (event) => event.delta.text,
  },
  "anthropic arguments": {
    said: (piece) => ({
      type: "content_block_delta",
      index: 1,
      delta: { type: "input_json_delta", partial_json: piece },
    }),
    of: (event) => event.delta.partial_json,
  },
  "responses text": {
    said: (delta) => ({ type: "response.output_text.delta", item_id: "i", output_index: 0, delta }),
    of: (event) => event.delta,
  },
  "responses arguments": {
    said: (delta) => ({
      type: "response.function_call_arguments.delta",
      item_id: "i",
      delta,
      sequence_number: 7,
    }),
    of: (event) => event.delta,
  },
  "gemini text": {
    said: (text) => ({ candidates: [{ content: { parts: [{ text }], role: "model" }, index: 0 }] }),
    of: (event) => event.candidates[0].content.parts[0].text,
  },
  "ollama text": {
    said: (content) => ({ model: "m", message: { content } }),
    of: (event) => event.message.content,
  },
};

describe.each(Object.entries(dialects))("%s", (_, { said, of }) => {
  test.each([1, 3, 7, 1000])(
    "a key in deltas of %p characters is masked in the pieces, cut anywhere",
    (size) => {
      const text = `the key is ${KEY}, "and" so\n on`;
      const events = cut(text, size).map(said);
      const whole = told(events);
      const joined = parsed(whole).map(of).join("");
      expect(joined).not.toContain("CANARY");
      expect(joined).toMatch(/^the key is sk-proj-\*#[0-9a-f]{8}\*+, "and" so\n on$/);
      for (const piece of [1, 5, 64]) expect(told(events, piece)).toBe(whole);
    },
  );

  test("the value of an argument is masked by its name, however both are cut", () => {
    const args = JSON.stringify({
      user: "me",
      password: 'hunter2"\\é',
      note: "x",
      nested: { api_key: ["tiny1"] },
    });
    for (const size of [1, 2, 5, 1000]) {
      const joined = parsed(told(cut(args, size).map(said)))
        .map(of)
        .join("");
      const value = JSON.parse(joined) as {
        user: string;
        password: string;
        note: string;
        nested: { api_key: string[] };
      };
      expect([value.user, value.note]).toEqual(["me", "x"]);
      expect(value.password).toMatch(/^[*#0-9a-f]+$/);
      expect(value.nested.api_key[0]).toMatch(/^[*#0-9a-f]+$/);
    }
  });

  test("what the client signed in with is masked where it is said again in deltas", () => {
    const echoes = new Echoes();
    echoes.add("an-odd/password+of-mine");
    const events = cut("wrong: an-odd/password+of-mine. an-odd/pass", 4).map(said);
    expect(
      parsed(told(events, Infinity, echoes))
        .map(of)
        .join(""),
    ).toMatch(/^wrong: \*#[0-9a-f]{8}\*+\. an-odd\/pass$/);
  });
});

test("two texts that come by turns are each put together by itself", () => {
  const [one, two] = [cut(`a ${KEY} b`, 4), cut("c sk-learn and so on", 4)];
  const events = one.flatMap((piece, n) => [chat({ content: piece }, 0), chat({ content: two[n] ?? "" }, 1)]);
  const out = parsed(told(events));
  const of = (index: number) =>
    out
      .filter(({ choices }) => choices[0].index === index)
      .map(({ choices }) => choices[0].delta.content)
      .join("");
  expect(of(0)).toMatch(/^a sk-proj-\*#[0-9a-f]{8}\*+ b$/);
  expect(of(1)).toBe("c sk-learn and so on");
});

test("a stream without credentials is told as it came, and piece by piece", () => {
  const events = cut('She said: "sk- is a prefix", max_token=5 and {"token": "x"}. '.repeat(20), 6).map(
    (content) => chat({ content }),
  );
  const body = new BodyMask(mask, "stream");
  const late: number[] = [];
  let out = 0;
  for (const [n, event] of events.entries()) {
    const piece = Buffer.from(`data: ${JSON.stringify(event)}\n\n`);
    body.push(piece, (same) => {
      expect(Buffer.from(same).equals(piece)).toBe(true);
      late.push(n - out++);
    });
  }
  body.end();
  expect(late).toHaveLength(events.length);
});

test("what is no event, or never ends, is told as it came", () => {
  fc.assert(
    fc.property(
      fc.array(
        fc.constantFrom('{"a":"', '\\"', '"', "}", "{", "\n", "\n\n", "data: ", "[1", "]", "x", "\\"),
        { maxLength: 40 },
      ),
      fc.integer({ min: 1, max: 9 }),
      (parts, size) => {
        const stream = Buffer.from(parts.join(""));
        const body = new BodyMask(mask, "stream");
        const out: Uint8Array[] = [];
        for (let at = 0; at < stream.byteLength; at += size)
          body.push(stream.subarray(at, at + size), (piece) => out.push(piece));
        body.end();
        expect(Buffer.concat(out).toString()).toBe(stream.toString());
      },
    ),
  );
});

test("a stream that pauses is told what it said, and what goes on behind the pause is no more of a key", async () => {
  const body = new BodyMask(mask, "stream");
  const out: string[] = [];
  const said = (content: string) =>
    body.push(Buffer.from(`data: ${JSON.stringify(chat({ content }))}\n\n`), (piece) =>
      out.push(Buffer.from(piece).toString()),
    );
  said(`the key is ${KEY.slice(0, 20)}`);
  expect(out).toEqual([]);
  while (out.length === 0) await Bun.sleep(10);
  said(KEY.slice(20, 28));
  said(`${KEY.slice(28)} and so on`);
  body.end();
  const joined = out.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content as string).join("");
  expect(joined).toMatch(/^the key is [^ ]{33} and so on$/);
  expect(joined).not.toMatch(/0123456789ab|CANARY|xyz/);
});

test("an answer that is one object is told as it comes", () => {
  const out: string[] = [];
  const body = new BodyMask(mask, "answer");
  for (const piece of [`{"said":"${KEY}`, ` and", "more": "a`, `b", "key": "${KEY}"}`])
    body.push(Buffer.from(piece), (told) => out.push(Buffer.from(told).toString()));
  expect(out).toHaveLength(3);
  expect(out.join("")).not.toContain("CANARY");
});

test("deltas that come as messages of a socket are put together too, each side by itself", () => {
  const body = new BodyMask(mask, "stream");
  const out: string[] = [];
  const said = (event: unknown) =>
    body.message(Buffer.from(JSON.stringify(event)), (piece) => out.push(Buffer.from(piece).toString()));
  const args = JSON.stringify({ password: "hunter2" });
  for (const delta of cut(`say ${KEY} now`, 5))
    said({ type: "response.output_text.delta", item_id: "a", delta });
  for (const delta of cut(args, 4))
    said({ type: "response.function_call_arguments.delta", item_id: "b", delta });
  said({ type: "response.done" });
  body.end();
  const texts = out.map((event) => JSON.parse(event) as { item_id?: string; delta: string });
  const of = (id: string) => texts.flatMap(({ item_id, delta }) => (item_id === id ? [delta] : [])).join("");
  expect(of("a")).toMatch(/^say sk-proj-\*#[0-9a-f]{8}\*+ now$/);
  expect(of("b")).toBe(JSON.stringify({ password: "*******" }));
});

test("a value of very many deltas is masked to its end, and does not wait for it", () => {
  const body = new BodyMask(mask, "stream");
  let told = 0;
  let most = 0;
  const out: string[] = [];
  const count = 40_000;
  const said = (piece: string, n: number) => {
    body.push(Buffer.from(`data: ${JSON.stringify(chat({ content: piece }))}\n\n`), (bytes) => {
      told++;
      out.push(Buffer.from(bytes).toString());
    });
    most = Math.max(most, n - told);
  };
  said('{"password":"', 0);
  for (let n = 1; n <= count; n++) said("x", n);
  said('", "a": "b"}', count + 1);
  body.end();
  const joined = out.map((event) => JSON.parse(event.slice(6)).choices[0].delta.content as string).join("");
  expect(joined).toBe(`{"password":"${"*".repeat(count)}", "a": "b"}`);
  expect(most).toBeLessThan(17_000);
});
