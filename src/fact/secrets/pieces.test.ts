import { expect, test } from "bun:test";
import fc from "fast-check";
import { secretsIn } from "../mask-text.ts";
import { PieceScan } from "./pieces.ts";

const KEY = "sk-proj-0123456789abcdefCANARYxyz";
const PARTS = [
  KEY,
  "word ".repeat(400),
  " ".repeat(900),
  '{"api_',
  'key": "',
  'hunter2-hunter2"',
  "password",
  "   = ",
  "a:b@c ",
  "https://me:",
  "secretword@host/",
  "-----BEGIN ",
  "\n",
  "B",
  "eyJ",
  "12345",
];

/** Where they stand that are found in these pieces, halves of one told as one. */
function found(pieces: readonly string[]): [number, number][] {
  const spans: [number, number][] = [];
  const scan = new PieceScan("text", ({ start, end }) => {
    const last = spans.at(-1);
    if (last && last[1] === start) last[1] = end;
    else spans.push([start, end]);
  });
  for (const piece of pieces) scan.push(Buffer.from(piece));
  scan.end();
  return spans;
}

test("however a text is cut, in short pieces or in long ones that are not copied, the same is found", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...PARTS), { maxLength: 12 }),
      fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 6 }),
      (parts, sizes) => {
        const text = parts.join("");
        const pieces: string[] = [];
        for (let at = 0, n = 0; at < text.length; n++) {
          const size = sizes[n % sizes.length]!;
          pieces.push(text.slice(at, at + size));
          at += size;
        }
        expect(found(pieces)).toEqual(found([text]));
      },
    ),
    { numRuns: 400 },
  );
});

test("a body in long pieces is gone over once, wherever they are cut", () => {
  const text = Buffer.from(`{"say": "${"a word and another ".repeat(5000)}", "user": "me"}`);
  const scan = new PieceScan("text", () => {});
  for (let at = 0; at < text.byteLength; at += 7000) scan.push(text.subarray(at, at + 7000));
  scan.end();
  expect(scan.steps).toBeLessThan(1.1 * text.byteLength);
  expect(secretsIn(text).steps).toBeLessThan(1.1 * text.byteLength);
});

test("it is known what was passed over, so that the same bytes need no search where they stand in a text", () => {
  const scan = new PieceScan("text", () => {});
  const piece = Buffer.from(`data: {"content":"two words"}\n\ndata: {"content":"say ${KEY}"}\n\n`);
  scan.push(piece);
  const [quiet, key] = [piece.indexOf("two"), piece.indexOf("say")];
  expect([scan.isQuiet(quiet, quiet + 9), scan.isQuiet(key, key + 4 + KEY.length)]).toEqual([true, false]);
  expect(scan.isQuiet(piece.byteLength - 2, piece.byteLength + 1)).toBe(false);
});

test("a name in one piece and its value in the next are one text, also where the next is quiet by itself", () => {
  for (const [name, value] of [
    ["\nMY_API_TO", "KEN=hunter2-hunter2-4711\nand so on"],
    ['{"password"', '   :   "hunter2-hunter2"}'],
    ["and sk-proj-0123456", "789abcdefCANARYxyz and so on"],
  ] as const) {
    let masked = "";
    const scan = new PieceScan("text", ({ bytes }) => (masked += Buffer.from(bytes).toString()));
    for (const [piece, isQuiet] of [
      [name, false],
      [value, true],
    ] as const)
      if (!scan.passes(Buffer.from(piece), 0, piece.length, isQuiet)) scan.look();
    scan.end();
    expect(masked).not.toBe("");
  }
});
