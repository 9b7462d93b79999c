import { expect, test } from "bun:test";
import fc from "fast-check";
import { endTree, windowsCommand } from "./windows.ts";

const environment = {
  Path: 'C:\\Windows;"C:\\Program Files\\nodejs";C:\\tools',
  PATHEXT: ".COM;.EXE;.BAT;.CMD",
  ComSpec: "C:\\Windows\\system32\\cmd.exe",
};
const files = new Set(
  [
    "C:\\Program Files\\nodejs\\npx.cmd",
    "C:\\tools\\server.exe",
    "C:\\tools\\server.cmd",
    "C:\\tools\\run.bat",
    "C:\\work\\node_modules\\.bin\\mcp.cmd",
  ].map((path) => path.toLowerCase()),
);
const started = (...command: string[]) =>
  windowsCommand(command, environment, "C:\\work", (path) => files.has(path.toLowerCase()));

test("a program is found along PATH by its endings, in their order; its arguments stay a list", () => {
  expect(started("server", "a b")).toEqual({ file: "C:\\tools\\server.exe", args: ["a b"], verbatim: false });
  expect(started("C:\\tools\\server.exe")).toMatchObject({ file: "C:\\tools\\server.exe" });
});

test("what is not there is left for the system to say so", () => {
  expect(started("nothing", "x")).toEqual({ file: "nothing", args: ["x"], verbatim: false });
});

test("a script is run by cmd.exe; npm's launchers read their arguments twice", () => {
  expect(started("run", "a b", "100%")).toEqual({
    file: environment.ComSpec,
    args: ["/d", "/s", "/c", '"C:\\tools\\run.bat ^"a^ b^" ^"100^%^""'],
    verbatim: true,
  });
  expect(started("npx", "-y", "a&b").args.at(-1)).toBe(
    '"C:\\Program^ Files\\nodejs\\npx.cmd ^^^"-y^^^" ^^^"a^^^&b^^^""',
  );
  expect(started("node_modules\\.bin\\mcp", "x").args.at(-1)).toBe(
    '"C:\\work\\node_modules\\.bin\\mcp.cmd ^^^"x^^^""',
  );
});

test("whatever an argument holds, the program gets it: carets taken away, then quotes and backslashes", () => {
  const word = fc.string({ unit: fc.constantFrom(..."ab \\\"'%!^&|<>(),;*?`[]".split("")), maxLength: 12 });
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 4 }), (words) => {
      const line = started("run", ...words)
        .args.at(-1)!
        .slice(1, -1);
      const seen = line.replace(/\^(.)/g, "$1").slice("C:\\tools\\run.bat ".length);
      expect(argumentsIn(seen)).toEqual(words);
      // Nothing that means something to the shell stands bare.
      expect(line.replace(/\^./g, "").slice("C:\\tools\\run.bat ".length)).not.toMatch(/["%!&|<>()^]/);
    }),
  );
});

test("a tree is ended from its top", () => {
  expect(endTree(42)).toEqual(["taskkill", "/PID", "42", "/T", "/F"]);
});

/** The C runtime's rules, written for this test. */
function argumentsIn(line: string): string[] {
  const words: string[] = [];
  let [word, isQuoted, isOpen] = ["", false, false];
  for (let at = 0; at < line.length; at++) {
    let slashes = 0;
    while (line[at] === "\\") {
      slashes++;
      at++;
    }
    if (line[at] === '"') {
      word += "\\".repeat(slashes >> 1);
      isOpen = true;
      if (slashes % 2 === 1) word += '"';
      else isQuoted = !isQuoted;
      continue;
    }
    word += "\\".repeat(slashes);
    if (line[at] === " " && !isQuoted) {
      if (isOpen) words.push(word);
      [word, isOpen] = ["", false];
    } else if (at < line.length) {
      word += line[at];
      isOpen = true;
    }
  }
  if (isOpen) words.push(word);
  return words;
}
