import { expect, test } from "bun:test";
import fc from "fast-check";
import { growingText } from "./growing-text.ts";
import { maskText } from "./mask-text.ts";

const secret = (found: string) => `${found.slice(0, 8)}…`;

function grown(text: string, cuts: readonly number[]): { text: string; told: string[] } {
  const ends = [...new Set([...cuts.map((cut) => cut % (text.length + 1)), text.length])].sort(
    (a, b) => a - b,
  );
  const grows = growingText(secret);
  const told: string[] = [];
  let from = 0;
  for (const end of ends) {
    told.push(grows.push(text.slice(from, end)));
    from = end;
  }
  told.push(grows.end());
  return { text: told.join(""), told };
}

const key = `sk-proj-${"Ab1dEf2h".repeat(6)}`;
const texts = [
  `The key is ${key}, keep it. 汉字 😀 and on.`,
  `Authorization: Bearer ${key}\nnext line`,
  `{"api_key": "${key}", "n": 1}`,
  `https://user:hunter2secret@example.com/x?token=abcdef0123456789abcdef`,
  "nothing in here but words, 天气, and a number 12345678901234567890",
];

test("any cut of a text gives what the whole gives", () => {
  fc.assert(
    fc.property(fc.constantFrom(...texts), fc.array(fc.nat()), (text, cuts) => {
      expect(grown(text, cuts).text).toBe(maskText(text, secret));
    }),
    { numRuns: 300 },
  );
});

test("no piece that is told holds a part of a credential, and ordinary words are not held back", () => {
  const everywhere = Array.from({ length: 400 }, (_, n) => n);
  for (const text of texts.slice(0, 3)) {
    const { told } = grown(text, everywhere.slice(0, text.length));
    expect(told.join("|")).not.toContain("E|f|2|h");
    expect(told.join("")).not.toContain("Ab1dEf2h");
    expect(told.join("")).toBe(maskText(text, secret));
  }
  const grows = growingText(secret);
  const said = ["It ", "will ", "be ", "sunny ", "tomorrow. "].map((word) => grows.push(word).length > 0);
  expect(said.filter(Boolean).length).toBeGreaterThan(3);
});
