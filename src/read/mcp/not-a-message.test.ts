/** What stands on a pipe where only messages may: each kind has its name, and its call where it has one. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { lineNamer } from "./not-a-message.ts";
import { readSession } from "./session.ts";
import { ask, handshake, lines, result } from "./written.testkit.ts";

const answer = JSON.stringify(result(7, { content: [] }));
const note = '{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}';

/** Lines on stdout after a call with the id 7; what is said of them. */
function said(...raw: (string | Record<string, unknown>)[]) {
  const { problems } = readSession(
    lines(
      ...handshake,
      ["client", ask(7, "tools/call", { name: "t" })],
      ...raw.map((it) => ({ from: "server", ...(typeof it === "string" ? { raw: it } : it) })),
      { event: "exit", ending: "complete", code: 0, signal: null },
    ),
  );
  return problems
    .filter(({ rule }) => rule !== "mcp/unanswered")
    .map(({ rule, call, what }) => `${rule.slice(4)} ${call ?? "-"}: ${what}`);
}

const kinds: [string, (string | Record<string, unknown>)[], string[]][] = [
  ["words", ["Listening"], ['not-json -: on stdout: "Listening"']],
  ["an empty line", [""], ["not-json -: on stdout: an empty line"]],
  ["a log line in JSON", ['{"level":"info","method":"GET","msg":"x"}'], ["not-json"]],
  ["a message without jsonrpc", ['{"id":7,"result":{}}'], ["invalid-message c1: jsonrpc is missing"]],
  ["a message of JSON-RPC 1", ['{"jsonrpc":"1.0","id":7,"result":{}}'], ["invalid-message c1: jsonrpc is"]],
  ["two messages", [note + answer], ["framing c1: 2 messages on one line; each"]],
  ["two with U+2028", [`${note}\u2028${answer}`], ["framing c1: 2 messages on one line, with U+2028"]],
  ["two with a lone CR", [`${note}\r${answer}`], ["framing c1: 2 messages on one line, with CR"]],
  ["one behind words", [`loading… ${answer}`], ["framing c1: a message on one line with other words"]],
  ["one before words", [`${answer} done {}`], ["framing c1: a message on one line with other words"]],
  ["one behind colours", [`\u001b[32m${answer}`], ["framing c1: a message on one line with other words"]],
  ["one behind a byte order mark", [`\ufeff${answer}`], ["framing c1: a byte order mark"]],
  [
    "one over several lines",
    ["{", ' "jsonrpc": "2.0", "id": 7,', ' "result": {}', "}"],
    ["framing c1: a message over 4"],
  ],
  ["an object over several lines", ["{", " a: 1", "}"], ["not-json -: on stdout: 3 lines that are no"]],
  ["an object that never ends", ["{", " a: 1"], ['not-json -: on stdout: "{" and 1 more']],
  [
    "headers of another protocol",
    ["Content-Length: 9", "", `${answer}Content-Length: 9`, ""],
    ["framing -: Content-Length"],
  ],
  [
    "a line that was cut",
    [{ raw: answer.slice(0, 20), eol: "none" }],
    ["framing -: the last line is not whole"],
  ],
  ["a last line of words", [{ raw: "bye", eol: "none" }], ['not-json -: on stdout: "bye"']],
  [
    "a message without its end",
    [{ message: result(7, { content: [] }), eol: "none" }],
    ["framing -: the last message"],
  ],
  [
    "bytes that are no text",
    [{ raw: "/w==", base64: true }],
    ["not-json -: on stdout: bytes that are not UTF-8"],
  ],
];

for (const [name, raw, expected] of kinds)
  test(`${name}: named as what it is, once`, () => {
    expect(said(...raw)).toEqual(expected.map((it) => expect.stringContaining(it)));
  });

test("a line that ends with CR LF is a message like any other", () => {
  expect(said({ message: result(7, { content: [] }), eol: "crlf" })).toEqual([]);
});

test("whatever comes is named at most once for each line, and never fails", () => {
  const piece = fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    "\\",
    ":",
    ",",
    "a",
    note,
    "Content-Length: 3",
    "\u2028",
  );
  const line = fc.array(piece, { maxLength: 12 }).map((all) => all.join(""));
  fc.assert(
    fc.property(fc.array(line, { maxLength: 12 }), (all) => {
      const namer = lineNamer();
      const place = { at: 0, t: 0, exchange: null, from: "server", cut: null, http: null } as const;
      const rest = { inEvent: null, eol: null, isBinary: false } as const;
      const told = all.flatMap((text, seq) => namer.name({ kind: "raw", seq, text, ...place, ...rest }));
      const seqs = [...told, ...namer.cut("server")].map(({ seq }) => seq);
      expect(new Set(seqs).size).toBe(seqs.length);
    }),
  );
});
