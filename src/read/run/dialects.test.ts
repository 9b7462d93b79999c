/** What happens to a call and its result between both wires, the same in every API, for hosts that put no id on the MCP wire. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { DIALECTS, stepIn } from "./dialect-wires.testkit.ts";
import { model, type Piece, served, session, sorted, tiesIn, told } from "./written.testkit.ts";

const t = (...texts: string[]) => texts.map((text) => ({ type: "text", text }));
const note = "12 degrees in Oslo, light rain until four, then a cold wind from the north";
const long = Array.from({ length: 120 }, (_, n) => `hour ${n}: rain ${n * 3} mm, wind ${n % 17} m/s`).join(
  "\n",
);
const longer = long.repeat(20);
const data = { city: "Oslo", degrees: 12, hours: [1, 2, 3], said: "bøen – 晴天" };
const both = { content: t(note), structuredContent: data };
const png = { type: "image", data: "aGVsbG8=", mimeType: "image/png" };
const link = { type: "resource_link", uri: "file:///a.txt", name: "a.txt" };
const ascii = (text: string) =>
  text.replace(/[^\x20-\x7e]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

test.each<[what: string, result: Record<string, unknown>, told: string, rules: string[]]>([
  ["the text", { content: t(note) }, note, []],
  ["the text in a fence", { content: t(note) }, `\`\`\`\n${note}\n\`\`\``, []],
  [
    "other ends of lines",
    { content: t("one line here\r\nand another\r\n") },
    "one line here\nand another",
    [],
  ],
  ["the blocks as JSON", { content: t(note) }, JSON.stringify(t(note)), []],
  ["the result as JSON", { content: t(note) }, JSON.stringify({ content: t(note), isError: false }), []],
  ["as Python shows it", { content: t(note) }, `[TextContent(type='text', text='${note}', meta=None)]`, []],
  [
    "letters as numbers",
    { content: t("schön, später Böen – 晴天") },
    ascii('"schön, später Böen – 晴天"'),
    [],
  ],
  [
    "JSON laid out",
    { content: t('{"b":[1,{"c":2}],"a":"x"}') },
    '{\n  "b": [1, { "c": 2 }],\n  "a": "x"\n}',
    [],
  ],
  [
    "one of its values changed",
    { content: t('{"b":[1,{"c":2}],"a":"x"}') },
    '{\n  "b": [1, { "c": 3 }],\n  "a": "x"\n}',
    ["result-rewritten"],
  ],
  [
    "parts in lines",
    { content: t("first part of it", "second part of it") },
    "first part of it\n\nsecond part of it",
    [],
  ],
  [
    "parts glued",
    { content: t("first part of it", "second part of it") },
    "first part of itsecond part of it",
    [],
  ],
  [
    "parts turned round",
    { content: t("first part of it", "second part of it") },
    "second part of it\nfirst part of it",
    ["order-changed"],
  ],
  [
    "the first part alone",
    { content: t("first part of it", "second part of it") },
    "first part of it",
    ["result-cut"],
  ],
  ["the text of two forms", both, note, ["content-only"]],
  ["the other form", both, JSON.stringify(data), ["structured-only"]],
  ["the other form, letters as numbers", both, ascii(JSON.stringify(data)), ["structured-only"]],
  ["both forms", both, `${note}\n${JSON.stringify(data)}`, ["result-twice"]],
  ["the beginning", { content: t(long) }, `${long.slice(0, 900)}…`, ["result-cut"]],
  ["the end", { content: t(long) }, long.slice(-900), ["result-cut"]],
  [
    "both ends with a mark",
    { content: t(long) },
    `${long.slice(0, 500)}\n... [2000 characters truncated] ...\n${long.slice(-500)}`,
    ["result-cut"],
  ],
  [
    "both ends of very much",
    { content: t(longer) },
    `${longer.slice(0, 500)}\n[… 60000 characters omitted …]\n${longer.slice(-900)}`,
    ["result-cut"],
  ],
  [
    "both ends with nothing between",
    { content: t(long) },
    long.slice(0, 500) + long.slice(-500),
    ["result-cut"],
  ],
  [
    "a word in its middle is another",
    { content: t(note) },
    note.replace("light", "heavy"),
    ["result-rewritten"],
  ],
  ["an error that says so", { content: t("12 of 30 rows"), isError: true }, "12 of 30 rows", ["error-lost"]],
  ["an image left out", { content: [...t(note), png] }, note, ["media-dropped"]],
  ["an image as words", { content: [...t(note), png] }, `${note}\n[image: image/png]`, ["media-as-text"]],
  ["a link left out", { content: [...t(note), link] }, note, ["media-dropped"]],
  ["a link as words", { content: [...t(note), link] }, `${note}\nfile:///a.txt`, ["media-as-text"]],
  [
    "its _meta",
    { content: t(note), _meta: { trace: "a1" } },
    JSON.stringify({ content: t(note), _meta: { trace: "a1" } }),
    ["meta-leaked"],
  ],
  [
    "its _meta in Python's words",
    { content: t(note), _meta: { trace: "a1" } },
    `CallToolResult(_meta={'trace': 'a1'}, meta={'trace': 'a1'}, content='${note}')`,
    ["meta-leaked"],
  ],
  ["no _meta", { content: t(note), _meta: { trace: "a1" } }, note, []],
  ["nothing", { content: [] }, "", []],
])("the model is told %s", (_, result, said, rules) => {
  const expected = rules.map((rule) => `join/${rule}`);
  for (const dialect of DIALECTS) {
    const step = stepIn(dialect, { result, told: said });
    const found = step?.problems.map(({ rule }) => rule);
    expect([dialect, step?.state, step?.certainty, found]).toEqual([dialect, "served", "inferred", expected]);
  }
});

test("an image that each API has as one has reached the model", () => {
  const result = { content: [...t(note), png] };
  const url = "data:image/png;base64,aGVsbG8=";
  const shown = {
    chat: [...t(note), { type: "image_url", image_url: { url } }],
    responses: [
      { type: "input_text", text: note },
      { type: "input_image", image_url: url },
    ],
    anthropic: [
      ...t(note),
      { type: "image", source: { type: "base64", media_type: "image/png", data: "aGVsbG8=" } },
    ],
  };
  for (const dialect of ["chat", "responses", "anthropic"] as const) {
    const step = stepIn(dialect, { result, told: shown[dialect] });
    expect([dialect, step?.problems, step?.fidelity?.media]).toEqual([dialect, [], { served: 1, seen: 1 }]);
  }
});

test.each<[what: string, asked: unknown, sent: unknown, isOther: boolean]>([
  ["in another order", { city: "Oslo", n: 1 }, { n: 1, city: "Oslo" }, false],
  ["with a default", { city: "Oslo" }, { city: "Oslo", units: "metric" }, true],
  ["with a number for a text", { city: "Oslo", n: "5" }, { city: "Oslo", n: 5 }, true],
  ["without a null", { city: "Oslo", n: null }, { city: "Oslo" }, true],
  ["with letters put together", { city: "Bode\u0301" }, { city: "Bod\u00e9" }, true],
  ["without a field inside", { of: { a: 1, b: 2 } }, { of: { a: 1 } }, true],
])("arguments go on %s", (_, args, sent, isOther) => {
  const expected = isOther ? ["join/arguments-changed"] : [];
  for (const dialect of DIALECTS) {
    const step = stepIn(dialect, { args, sent, result: { content: t(note) }, told: note });
    const found = step?.problems.map(({ rule }) => rule);
    expect([dialect, step?.state, step?.rule, found]).toEqual([
      dialect,
      "served",
      isOther ? "name+result-text" : "name+arguments+order",
      expected,
    ]);
  }
});

/** Each call's arguments are others on the MCP wire; of the twins both results read the same. */
const changed: Piece[] = [
  session({ id: "s" }),
  model({ id: "a", at: 1_000, asked: [{ name: "look", arguments: { n: 1 } }] }),
  served({
    session: "s",
    seq: 1,
    at: 1_200,
    name: "look",
    arguments: { n: 1, x: 0 },
    text: "the first of all results",
  }),
  model({
    id: "b",
    at: 2_000,
    after: "a",
    seen: [{ name: "look", text: "the first of all results" }],
    asked: [{ name: "look", arguments: { n: 2 } }],
  }),
  served({
    session: "s",
    seq: 3,
    at: 2_200,
    name: "look",
    arguments: { n: 2, x: 0 },
    text: "the second of all results",
  }),
  model({
    id: "c",
    at: 3_000,
    after: "b",
    seen: [{ name: "look", text: "the second of all results" }],
    asked: [{ name: "look", arguments: { n: 3 } }],
  }),
  served({
    session: "s",
    seq: 5,
    at: 3_200,
    name: "look",
    arguments: { n: 3, x: 0 },
    text: "what two results have to say",
  }),
  served({
    session: "s",
    seq: 7,
    at: 3_201,
    name: "look",
    arguments: { n: 3, x: 1 },
    text: "what two results have to say",
  }),
  model({ id: "d", at: 4_000, after: "c", seen: [{ name: "look", text: "what two results have to say" }] }),
];

test("calls that the host changed are found by their results, in any order of arrival; of twins nothing is guessed", () => {
  const first = told(changed);
  expect(tiesIn(first).filter((tie) => tie.includes("inferred"))).toEqual([
    "s/1: inferred name+result-text a#0",
    "s/3: inferred name+result-text b#0",
  ]);
  fc.assert(
    fc.property(fc.shuffledSubarray(changed, { minLength: changed.length }), fc.boolean(), (pieces, live) => {
      expect(sorted(told(pieces, live ? "each" : "at-the-end"))).toEqual(sorted(first));
    }),
    { numRuns: 300 },
  );
});
