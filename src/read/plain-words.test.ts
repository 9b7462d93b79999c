/** Marks of Markdown that a row does not show, and what only looks like them. */
import { expect, test } from "bun:test";
import { plainWords } from "./plain-words.ts";

test("a line of words has no marks", () => {
  const text = [
    "# A title",
    "> It is **bold**, *thin*, `code` and [a link](https://example.com/x).",
    "```ts",
    "const sum = a * b;",
    "```",
    "| in | out |",
    "|---|:-:|",
    "| 1 | ![a picture](/x.png) |",
    "---",
    "- __one__",
  ].join("\n");
  expect(plainWords(text)).toBe(
    [
      " A title",
      " It is bold, thin, code and a link.",
      "const sum = a * b;",
      "| in | out |",
      "| 1 | a picture |",
      "- one",
    ].join("\n"),
  );
});

test("what is no Markdown stays as it is", () => {
  for (const text of [
    "2 * 3 * 4 = 24, a*b*c",
    "snake_case and __init",
    "f(a)[0](b) and [1]",
    "#hash and a ` tick",
    "**begun",
    "-1",
    "温度 **18",
  ])
    expect(plainWords(text)).toBe(text);
});

test("marks without their other are each looked at once", () => {
  for (const mark of ["**a", "`", "[a", "*a ", "![](", "__b"]) {
    const text = mark.repeat(4000);
    expect(plainWords(text).length).toBeLessThanOrEqual(text.length);
  }
});
