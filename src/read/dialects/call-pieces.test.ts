/** Pieces of tool calls find their call, whatever a server leaves out, repeats or numbers in its own way. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { objects, type Json } from "../json.ts";
import { callPieces } from "./call-pieces.ts";

type Piece = { index?: unknown; id?: unknown; name?: string | null; args?: unknown };
const TOOLS = new Set(["get_tide", "get_tide_table", "open_lock", "now"]);

function joined(events: readonly (readonly Piece[])[], tools: ReadonlySet<string> = TOOLS) {
  const calls: Json[] = [];
  const book = callPieces(tools);
  for (const event of events)
    book.add(
      calls,
      event.map(({ index, id, name, args }) => ({
        ...(index !== undefined && { index }),
        ...(id !== undefined && { id }),
        type: "function",
        function: { ...(name !== undefined && { name }), ...(args !== undefined && { arguments: args }) },
      })),
    );
  return objects(calls).map((call) => {
    const { name, arguments: args } = call["function"] as Json;
    return [call["id"] ?? null, name, args].join("|");
  });
}

/** One call in a list of its own. */
const one = (...pieces: Piece[]) => pieces.map((piece) => [piece]);

test("an id that is known is that call, in any order and without a number", () => {
  const events = one(
    { id: "x", name: "get_tide", args: "" },
    { id: "y", name: "open_lock", args: "" },
    { id: "x", args: '{"port":' },
    { id: "y", args: '{"n":1}' },
    { id: "x", args: '"Ems"}' },
  );
  expect(joined(events)).toEqual(['x|get_tide|{"port":"Ems"}', 'y|open_lock|{"n":1}']);
});

test("ids that change from piece to piece, or say nothing, leave the first one standing", () => {
  for (const others of [
    ["b", "c"],
    ["null", "null"],
    ["", ""],
    [null, null],
    ["None", "undefined"],
  ])
    expect(
      joined(
        one(
          { index: 0, id: "a", name: "get_tide", args: "" },
          { index: 0, id: others[0], name: "", args: '{"port":' },
          { index: 0, id: others[1], name: null, args: "1}" },
        ),
      ),
    ).toEqual(['a|get_tide|{"port":1}']);
});

test("an id that comes late is the call's id", () => {
  expect(
    joined(one({ index: 0, id: "", name: "now", args: "" }, { index: 0, id: "late", args: "{}" })),
  ).toEqual(["late|now|{}"]);
});

test("numbers may be digits, come late, change, or be the same for all calls", () => {
  const digits = one(
    { index: "0", id: "a", name: "now", args: "{" },
    { index: "1", id: "b", name: "get_tide", args: "{" },
    { index: "0", args: "}" },
    { index: "1", args: "}" },
  );
  expect(joined(digits)).toEqual(["a|now|{}", "b|get_tide|{}"]);
  const late = one({ name: "now", args: "" }, { index: 3, args: "{" }, { index: 3, args: "}" });
  expect(joined(late)).toEqual(["|now|{}"]);
  const changed = one(
    { index: 0, id: "a", name: "now", args: "{}" },
    { index: 0, id: "b", name: "now", args: "" },
    { index: 1, args: "{}" },
  );
  expect(joined(changed)).toEqual(["a|now|{}", "b|now|{}"]);
  const zero = one(
    { index: 0, id: "a", name: "get_tide", args: '{"port":1}' },
    { index: 0, id: "b", name: "get_tide", args: '{"port":2}' },
  );
  expect(joined(zero)).toEqual(['a|get_tide|{"port":1}', 'b|get_tide|{"port":2}']);
});

test("whole calls once more at the end are the same calls", () => {
  const whole = [
    { index: 0, id: "a", name: "now", args: '{"at":1}' },
    { index: 1, id: "b", name: "get_tide", args: "{}" },
  ];
  expect(joined([...one(...whole), whole])).toEqual(['a|now|{"at":1}', "b|get_tide|{}"]);
});

test("calls without ids and numbers are told apart by their names and their places", () => {
  const listed = [
    [
      { name: "now", args: "{}" },
      { name: "now", args: "{}" },
    ],
  ];
  expect(joined(listed)).toEqual(["|now|{}", "|now|{}"]);
  const places = [
    [
      { name: "now", args: "{" },
      { name: "get_tide", args: "[" },
    ],
    [{ args: "}" }, { args: "]" }],
  ];
  expect(joined(places)).toEqual(["|now|{}", "|get_tide|[]"]);
  expect(joined(one({ name: "now", args: "{" }, { args: "}" }, { name: "get_tide", args: "{}" }))).toEqual([
    "|now|{}",
    "|get_tide|{}",
  ]);
});

test("one id for all calls is no id once the number says otherwise", () => {
  const events = one(
    { index: 0, id: "call", name: "now", args: "{}" },
    { index: 1, id: "call", name: "get_tide", args: "{}" },
  );
  expect(joined(events)).toEqual(["call|now|{}", "call|get_tide|{}"]);
});

test("a name in pieces is joined, one that grows is replaced, one that comes again is the same", () => {
  const named = (...names: string[]) =>
    joined(names.map((name, i) => [{ index: 0, id: "a", name, args: i === names.length - 1 ? "{}" : "" }]));
  expect(named("get_", "tide")).toEqual(["a|get_tide|{}"]);
  expect(named("get_", "get_tide", "get_tide_table")).toEqual(["a|get_tide_table|{}"]);
  expect(named("now", "now", "now")).toEqual(["a|now|{}"]);
  const nameless = one({ index: 0, name: "get_" }, { index: 0, name: "tide" }, { index: 0, args: "{}" });
  expect(joined(nameless)).toEqual(["|get_tide|{}"]);
});

test("two names that the request offers are two calls, even where one begins as the other", () => {
  expect(joined(one({ index: 0, name: "get_tide" }, { index: 0, name: "get_tide_table" }))).toHaveLength(2);
  expect(joined(one({ name: "now" }, { name: "open_lock" }))).toHaveLength(2);
});

test("a name that is repeated in every piece begins no new call before the arguments are whole", () => {
  const events = one(
    { id: "a", name: "now", args: '{"at":"' },
    { id: "b", name: "now", args: "}" },
    { id: "c", name: "now", args: '"}' },
  );
  expect(joined(events)).toEqual(['a|now|{"at":"}"}']);
});

/** How servers write a stream of calls: each style leaves enough to tell the calls apart. */
const STYLES = {
  "id and index in each piece": (n: number, first: boolean) => ({ id: `c${n}`, index: n, first }),
  "the id in each piece, no index": (n: number, first: boolean) => ({ id: `c${n}`, first }),
  "the index alone after the first": (n: number, first: boolean) => ({
    index: n,
    ...(first && { id: `c${n}` }),
    first,
  }),
  "digits for a number": (n: number, first: boolean) => ({
    index: `${n}`,
    ...(first && { id: `c${n}` }),
    first,
  }),
};

test("any interleaving of any calls, cut anywhere, is put together again", () => {
  const call = fc.record({
    name: fc.constantFrom(...TOOLS),
    value: fc.dictionary(fc.string({ maxLength: 4 }), fc.oneof(fc.string(), fc.integer()), { maxKeys: 3 }),
  });
  const property = fc.property(
    fc.array(call, { minLength: 1, maxLength: 4 }),
    fc.constantFrom(...Object.values(STYLES)),
    fc.infiniteStream(fc.nat(1000)),
    (wanted, style, numbers) => {
      const left = wanted.map(({ value }) => JSON.stringify(value));
      const whole = [...left];
      const events: Piece[][] = wanted.map(({ name }, n) => {
        const { first: _first, ...keys } = style(n, true);
        return [{ ...keys, name, args: "" }];
      });
      while (left.some((rest) => rest !== "")) {
        const open = left.flatMap((rest, n) => (rest === "" ? [] : [n]));
        const n = open[(numbers.next().value ?? 0) % open.length] ?? 0;
        const size = 1 + ((numbers.next().value ?? 0) % 5);
        const { first: _first, ...keys } = style(n, false);
        events.push([{ ...keys, args: left[n]?.slice(0, size) ?? "" }]);
        left[n] = left[n]?.slice(size) ?? "";
      }
      expect(joined(events)).toEqual(wanted.map(({ name }, n) => `c${n}|${name}|${whole[n]}`));
    },
  );
  fc.assert(property, { numRuns: 300 });
});

test("calls one after another without any number or id are told apart by their names", () => {
  const call = fc.record({
    name: fc.constantFrom(...TOOLS),
    value: fc.dictionary(fc.string({ maxLength: 4 }), fc.string(), { maxKeys: 3 }),
  });
  const property = fc.property(
    fc.array(call, { minLength: 1, maxLength: 4 }),
    fc.integer({ min: 1, max: 9 }),
    (wanted, size) => {
      const events = wanted.flatMap(({ name, value }) => {
        const text = JSON.stringify(value);
        const pieces = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
          text.slice(i * size, (i + 1) * size),
        );
        return pieces.map((args, i) => [i === 0 ? { name, args } : { args }]);
      });
      expect(joined(events)).toEqual(wanted.map(({ name, value }) => `|${name}|${JSON.stringify(value)}`));
    },
  );
  fc.assert(property, { numRuns: 300 });
});
