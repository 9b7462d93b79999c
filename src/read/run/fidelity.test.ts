import { expect, test } from "bun:test";
import type { Block } from "./evidence.ts";
import { excerpt } from "./excerpt.ts";
import { argumentProblems, fidelityOf } from "./fidelity.ts";
import { servedResult } from "./served-result.ts";

type Result = Record<string, unknown>;
const words = (text: string) => ({ content: [{ type: "text", text }] });
const blocks = (...all: (string | { type: string; mime?: string })[]): Block[] =>
  all.map((one) =>
    typeof one === "string"
      ? { type: "text", said: excerpt(one), mime: null, bytes: null }
      : { type: one.type, said: null, mime: one.mime ?? null, bytes: null },
  );

function judged(result: Result, seen: Block[], { error = false, flag = true } = {}) {
  const told = fidelityOf(
    servedResult(result),
    { exchange: "b", n: 0, id: "t", name: null, fresh: true, error, blocks: seen, agents: [] },
    flag,
  );
  return {
    form: told.fidelity.form,
    likeness: told.fidelity.likeness,
    rules: told.problems.map(({ rule }) => rule),
  };
}

const text = "18 degrees and sunny in Paris, wind from the west";
const data = { city: "Paris", degrees: 18 };
const both = { ...words(text), structuredContent: data };
const long = Array.from({ length: 200 }, (_, n) => `line ${n} of the long report`).join("\n");
/** Its keys are in another order than that of the alphabet. */
const report = {
  title: "Wind",
  days: Array.from({ length: 20 }, (_, n) => ({ date: `2026-05-${n + 10}`, high: n, calm: n % 2 === 0 })),
};
const image = { type: "image", data: "aGk=", mimeType: "image/png" };

test.each<[string, Result, Block[], string, string, string[]]>([
  ["the text as it was", words(text), blocks(text), "content", "equal", []],
  [
    "Codex's wrapper",
    words(text),
    blocks(`Wall time: 0.0 seconds\nOutput:\n${text}`),
    "content",
    "equal",
    [],
  ],
  [
    "Gemini's wrapper",
    words(text),
    blocks(JSON.stringify({ output: `<untrusted_context>\n${text}\n</untrusted_context>` })),
    "content",
    "equal",
    [],
  ],
  [
    "something of the host's around it",
    words(text),
    blocks(`Result of the tool:\n${text}\n(end)`),
    "content",
    "inside",
    [],
  ],
  [
    "its lines written as JSON does",
    words('a "b"\nc d e f g h'),
    blocks('{"result":"a \\"b\\"\\nc d e f g h"}'),
    "content",
    "inside",
    [],
  ],
  ["text where there is structured content", both, blocks(text), "content", "equal", ["join/content-only"]],
  [
    "structured content, its keys in another order",
    both,
    blocks('{"degrees":18,"city":"Paris"}'),
    "structured",
    "equal",
    ["join/structured-only"],
  ],
  [
    "structured content, indented",
    { structuredContent: report },
    blocks(JSON.stringify(report, null, 2)),
    "structured",
    "equal",
    [],
  ],
  [
    "structured content as it was written, cut",
    { structuredContent: report },
    blocks(`${JSON.stringify(report).slice(0, 300)}\n[cut]`),
    "structured",
    "cut",
    ["join/result-cut"],
  ],
  [
    "structured content, indented and cut",
    { structuredContent: report },
    blocks(`${JSON.stringify(report, null, 2).slice(0, 400)}…`),
    "structured",
    "cut",
    ["join/result-cut"],
  ],
  [
    "both, one behind the other",
    both,
    blocks(text, JSON.stringify(data)),
    "both",
    "inside",
    ["join/result-twice"],
  ],
  [
    "the same JSON given twice by the server, shown once",
    { ...words(JSON.stringify(data)), structuredContent: data },
    blocks(JSON.stringify(data)),
    "content",
    "equal",
    [],
  ],
  [
    "neither",
    both,
    blocks("the tool was not run because the user said so"),
    "neither",
    "unrelated",
    ["join/result-replaced"],
  ],
  [
    "the beginning",
    words(long),
    blocks(`${long.slice(0, 1000)}\n[truncated]`),
    "content",
    "cut",
    ["join/result-cut"],
  ],
  [
    "changed words",
    words(text),
    blocks("In Paris: sunny, 18 degrees, wind from the west"),
    "content",
    "rewritten",
    ["join/result-rewritten"],
  ],
  [
    "an image kept",
    { content: [...words(text).content, image] },
    blocks(text, { type: "image", mime: "image/png" }),
    "content",
    "equal",
    [],
  ],
  [
    "an image dropped",
    { content: [...words(text).content, image] },
    blocks(text),
    "content",
    "equal",
    ["join/media-dropped"],
  ],
  [
    "an image as text",
    { content: [...words(text).content, image] },
    blocks(`${text}\n[image image/png]`),
    "content",
    "inside",
    ["join/media-as-text"],
  ],
  [
    "a link as text",
    { content: [{ type: "resource_link", uri: "file:///a.md", name: "a" }, ...words(text).content] },
    blocks(`${text}\nfile:///a.md`),
    "content",
    "inside",
    ["join/media-as-text"],
  ],
  [
    "the host's _meta",
    { ...words(text), _meta: { "x/secret": 1 } },
    blocks(`${text} {"_meta":{"x/secret":1}}`),
    "content",
    "inside",
    ["join/meta-leaked"],
  ],
  ["no _meta", { ...words(text), _meta: { "x/secret": 1 } }, blocks(text), "content", "equal", []],
])("the model saw %s", (_, result, seen, form, likeness, rules) => {
  expect(judged(result, seen)).toEqual({ form, likeness, rules } as ReturnType<typeof judged>);
});

test("that a call failed has to reach the model, by its flag or, where there is none, by words", () => {
  const failed = { ...words("18 degrees or so"), isError: true };
  const seen = blocks("18 degrees or so");
  expect(judged(failed, seen).rules).toEqual(["join/error-lost"]);
  expect(judged(failed, seen, { error: true }).rules).toEqual([]);
  expect(judged(failed, seen, { flag: false }).rules).toEqual(["join/error-lost"]);
  const plain = "Error: there is no such city";
  expect(judged({ ...words(plain), isError: true }, blocks(plain), { flag: false }).rules).toEqual([]);
});

test("results far longer than what is kept of them are compared by their ends too", () => {
  const giant = "x".repeat(30_000);
  expect(judged(words(giant), blocks(giant))).toEqual({ form: "content", likeness: "equal", rules: [] });
  expect(judged(words(giant), blocks(giant.slice(0, 20_000))).rules).toEqual(["join/result-cut"]);
});

test("other arguments than the model wrote are told, other white space and order are not", () => {
  expect(argumentProblems({ args: excerpt('{"a":1}') }, { args: excerpt('{"a":1}') })).toEqual([]);
  const [problem] = argumentProblems({ args: excerpt('{"a":"1"}') }, { args: excerpt('{"a":1,"limit":10}') });
  expect(problem).toMatchObject({ rule: "join/arguments-changed", severity: "warning" });
});
