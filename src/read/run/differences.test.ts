/** Each difference between the two wires: once where it is, and once beside it, where it only looks like it. */
import { expect, test } from "bun:test";
import { runProblems } from "./explain.ts";
import { stepsOn, text, toldOn, type WiredCall, type Wires } from "./wires.testkit.ts";

const note = "a note about milk and bread, written on a long day";
const long = Array.from({ length: 100 }, (_, n) => `line ${n} of the note about milk`).join("\n");
const data = { title: "milk", lines: [1, 2, 3] };
const both = { content: text(note), structuredContent: data };
const png = { type: "image", data: "aGVsbG8=", mimeType: "image/png" };
const wav = { type: "audio", data: "aGVsbG8=", mimeType: "audio/wav" };
const link = { type: "resource_link", uri: "file:///notes/a.md", name: "a" };
const shownPng = { type: "image", source: { type: "base64", media_type: "image/png", data: "aGVsbG8=" } };

const one = (call: WiredCall): Wires => ({ calls: [call] });
const gave = (result: Record<string, unknown>, told: WiredCall["told"], failed = false): Wires =>
  one({ result, told, failed });
const sent = (args: string, other: string): Wires => one({ args, sent: other });

/** The rule, what shows it, and what looks like it and is not. */
const differences: [rule: string, what: string, is: Wires, isNot: Wires][] = [
  [
    "join/content-only",
    "text of two forms",
    gave(both, text(note)),
    gave({ content: text(note) }, text(note)),
  ],
  [
    "join/structured-only",
    "structured content of two forms",
    gave(both, text(JSON.stringify(data))),
    gave({ content: [], structuredContent: data }, text(JSON.stringify(data))),
  ],
  [
    "join/result-twice",
    "both forms",
    gave(both, text(`${note}\n${JSON.stringify(data)}`)),
    gave({ content: text(JSON.stringify(data)), structuredContent: data }, text(JSON.stringify(data))),
  ],
  [
    "join/result-replaced",
    "neither form",
    gave(both, text("permission was not given by anybody")),
    gave({ content: text(note) }, text(`<result>\n${note}\n</result>`)),
  ],
  [
    "join/result-cut",
    "the beginning",
    gave({ content: text(long) }, text(`${long.slice(0, 900)}\n…`)),
    gave({ content: text(long) }, text(long)),
  ],
  [
    "join/result-cut",
    "the beginning of a megabyte",
    gave({ content: text(long.repeat(400)) }, text(long.repeat(400).slice(0, 30_000))),
    gave({ content: text(long.repeat(400)) }, text(long.repeat(400))),
  ],
  [
    "join/result-rewritten",
    "other words",
    gave({ content: text(note) }, text("written on a long day: a note, about bread and milk")),
    gave({ content: text("a\r\nb of a note\r\n") }, text("a\nb of a note")),
  ],
  [
    "join/media-dropped",
    "an image dropped",
    gave({ content: [...text(note), png] }, text(note)),
    gave({ content: [...text(note), png] }, [...text(note), shownPng]),
  ],
  [
    "join/media-dropped",
    "sound dropped",
    gave({ content: [...text(note), wav] }, text(note)),
    gave({ content: text(`${note} about audio/wav`) }, text(`${note} about audio/wav`)),
  ],
  [
    "join/media-dropped",
    "a link dropped",
    gave({ content: [...text(note), link] }, text(note)),
    gave({ content: text(`${note} ${link.uri}`) }, text(`${note} ${link.uri}`)),
  ],
  [
    "join/media-as-text",
    "a link as its address",
    gave({ content: [...text(note), link] }, text(`${note}\n[${link.uri}]`)),
    gave({ content: text(`${note}\n[${link.uri}]`) }, text(`${note}\n[${link.uri}]`)),
  ],
  [
    "join/media-as-text",
    "an image as a few words",
    gave({ content: [...text(note), png] }, text(`${note}\n[image: image/png]`)),
    gave({ content: [...text(note), png] }, [...text(note), shownPng]),
  ],
  [
    "join/meta-leaked",
    "_meta in the words",
    gave({ content: text(note), _meta: { "x/trace": "abc" } }, text(`${note}\n{"_meta":{"x/trace":"abc"}}`)),
    gave({ content: text(`${note} x/trace`), _meta: { "x/trace": "abc" } }, text(`${note} x/trace`)),
  ],
  [
    "join/error-lost",
    "isError without a flag",
    gave({ content: text(note), isError: true }, text(note)),
    gave({ content: text(note), isError: true }, text(note), true),
  ],
  [
    "join/order-changed",
    "results in another order",
    { calls: [{ args: '{"name":"a"}' }, { args: '{"name":"b"}' }], order: [1, 0] },
    { calls: [{ args: '{"name":"a"}' }, { args: '{"name":"b"}' }], order: [0, 1] },
  ],
  [
    "join/arguments-changed",
    "a default added",
    sent('{"name":"a"}', '{"name":"a","limit":10}'),
    sent('{"name":"a","limit":10}', '{"limit":10,"name":"a"}'),
  ],
  ["join/arguments-changed", "a type coerced", sent('{"n":"1"}', '{"n":1}'), sent('{"n":1}', '{ "n" : 1 }')],
  [
    "join/arguments-changed",
    "a field dropped",
    sent('{"name":"a","why":"b"}', '{"name":"a"}'),
    sent('{"name":"a","why":null}', '{"why":null,"name":"a"}'),
  ],
  [
    "join/arguments-changed",
    "unicode altered",
    sent('{"name":"café"}', '{"name":"cafe\u0301"}'),
    sent('{"name":"caf\\u00e9"}', '{"name":"café"}'),
  ],
  [
    "join/arguments-changed",
    "a number altered",
    sent('{"id":9007199254740993}', '{"id":9007199254740992}'),
    sent('{"id":1e2}', '{"id":100}'),
  ],
  [
    "join/not-sent",
    "asked and never called",
    one({ sent: null, told: text("params/name must be a string") }),
    one({ name: "Bash", sent: null, told: text("total 0") }),
  ],
  ["join/not-asked", "called and never asked", { lone: ["read_note"] }, {}],
  [
    "join/never-sent-back",
    "a result that is never sent back",
    one({ told: null }),
    one({ told: text("a note about milk and bread") }),
  ],
  [
    "join/answered-late",
    "an answer after the model was told something else",
    one({ after: 15_000, told: text("timed out after ten seconds") }),
    one({ after: 8_000 }),
  ],
  [
    "join/no-answer",
    "no answer, ever",
    one({ result: null, told: text("no answer came") }),
    { cancelled: true },
  ],
  ["join/clocks-differ", "a clock that is ahead", { ahead: 3_600_000 }, { ahead: 40 }],
  ["join/clocks-differ", "a clock that is behind", { ahead: -3_600_000 }, { ahead: -40 }],
  ["join/repeated", "the same call three times", { turns: 3 }, { turns: 2 }],
];

const rulesOn = (wires: Wires) => stepsOn(wires).flatMap(({ problems }) => problems.map(({ rule }) => rule));

test.each(differences)("%s: %s is told, and what only looks like it is not", (rule, _, is, isNot) => {
  expect(rulesOn(is)).toContain(rule);
  expect(rulesOn(isNot)).not.toContain(rule);
});

test("every rule of a tool call has its difference here", () => {
  // A model's attempts are told of its own step: see book.test.ts.
  const ofModels = ["join/attempts", "join/model-failed"];
  const told = new Set(differences.map(([rule]) => rule));
  expect(Object.keys(runProblems).filter((rule) => !told.has(rule) && !ofModels.includes(rule))).toEqual([]);
});

test("a turn without any difference has no problem, its call is tied, and its result confirms it", () => {
  const { steps, ties } = toldOn({});
  expect([...steps.values()].flatMap(({ problems }) => problems)).toEqual([]);
  expect([...ties.values()].map(({ certainty, rule, confirmed }) => [certainty, rule, confirmed])).toEqual([
    ["exact", "meta-tool-use-id", true],
  ]);
});
