/** Text for a terminal: what is read of it, and what is left out. */
import { expect, test } from "bun:test";
import { readSession } from "./session.ts";
import { coloured, withoutColours } from "./terminal-text.ts";
import { handshake, lines } from "./written.testkit.ts";

const ESC = "\x1b";

test("colours are read, and what moves a cursor, names a window or makes a link is left out", () => {
  const line = `${ESC}[1;33mWARN${ESC}[0m ${ESC}[38;5;208mport${ESC}[39m 80${ESC}[K ${ESC}]8;;http://x/${ESC}\\here${ESC}]8;;${ESC}\\${ESC}]0;t\x07${ESC}(B.`;
  expect(withoutColours(line)).toBe("WARN port 80 here.");
  expect(coloured(line).filter(({ tones }) => tones.length > 0)).toEqual([
    { text: "WARN", tones: ["bold", "yellow"] },
  ]);
  expect(
    coloured(line)
      .map(({ text }) => text)
      .join(""),
  ).toBe(withoutColours(line));
});

test("what only looks like a sequence stays as it is", () => {
  for (const text of ["[33m no escape", `${ESC}`, `${ESC}[12`, `a${ESC}]0;no end`])
    expect(withoutColours(text)).toBe(text);
});

test("many that begin and never end are each looked at once", () => {
  const text = `${ESC}[1;${ESC}]x`.repeat(200_000);
  // Looked at anew from each of them, 1.4 MB would take longer than any test may.
  expect(withoutColours(text)).toBe(text);
  expect(coloured(text)).toEqual([{ text, tones: [] }]);
});

test("a session says what a server wrote, not how it was painted", () => {
  const { stderr } = readSession(
    lines(...handshake, { from: "stderr", text: `${ESC}[31mError:${ESC}[0m no key` }),
  );
  expect(stderr.map(({ text }) => text)).toEqual(["Error: no key"]);
});
