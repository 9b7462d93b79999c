/** A skimmed file gives what a parser gives, and looks at each character a few times at most. */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { jsonc } from "./jsonc.ts";
import { skim, SkimError, type Node, type Skim } from "./skim.ts";

function whole(file: Skim, node: Node): unknown {
  if (node.type === "object")
    return Object.fromEntries(file.members(node).map(({ key, value }) => [key, whole(file, value)]));
  return node.type === "array" ? file.elements(node).map((it) => whole(file, it)) : file.value(node);
}

test("every JSON is read as JSON.parse reads it, however it is printed", () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.integer({ min: 0, max: 3 }), (value, indent) => {
      const text = JSON.stringify(value, null, indent);
      const file = skim(text);
      // A key that is there twice, or is called __proto__, is told apart by nobody here.
      if (!text.includes("__proto__")) expect(whole(file, file.root!)).toEqual(JSON.parse(text));
    }),
  );
});

test("comments, trailing commas, a byte order mark and nothing at all are what editors write", () => {
  const text = '\ufeff// first\n{ /* { */ "a": [1, // ]\n 2,], "b": "/* no */", }\n/* end */';
  const file = skim(text);
  expect(whole(file, file.root!)).toEqual({ a: [1, 2], b: "/* no */" });
  expect([skim("").root, skim(" // nothing\n").root]).toEqual([null, null]);
});

test.each(["{", "[1", '{"a"}', '{"a" 1}', '{"a":1 "b":2}', "{]", '{"a":"x', "{} {}", "/", "{a:1}", '{"a":}'])(
  "%s is no such file, and says so where it is looked at",
  (text) => {
    expect(() => {
      const file = skim(text);
      whole(file, file.root!);
    }).toThrow(SkimError);
  },
);

test("whatever it is, it fails with a place or not at all", () => {
  const piece = fc.constantFrom("{", "}", "[", "]", '"', ":", ",", "\\", "/", "*", "a", "1", " ", "\n");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const read = jsonc.read(pieces.join(""), [["a", "*"]]);
      expect(typeof read === "string" || Array.isArray(read)).toBe(true);
    }),
  );
});

test("forty servers cost as many looks at a large file as one", () => {
  const looks = (servers: number) => {
    const project = (n: number) => ({
      mcpServers: n < servers ? { own: { command: `c${n}` } } : {},
      history: ["x".repeat(2_000)],
    });
    const text = JSON.stringify({
      projects: Object.fromEntries(Array.from({ length: 200 }, (_, n) => [n, project(n)])),
    });
    let count = 0;
    const file = skim(text, (characters) => (count += characters));
    const [projects] = file.members(file.root!);
    for (const again of [1, 2, 3])
      for (const { value } of file.members(projects!.value))
        for (const { key, value: inner } of file.members(value))
          if (key === "mcpServers" && again) file.members(inner);
    return count / text.length;
  };
  expect([looks(1), looks(200)].map((it) => it < 5)).toEqual([true, true]);
});
