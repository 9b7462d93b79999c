/** Every promise of the README is held by a test that is named here; a sentence that is new has to name its own. */
import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./program.ts";
import { PROMISES } from "./promises.ts";

const read = (path: string) => readFileSync(join(root, path), "utf8");
const onOneLine = (text: string) => text.replaceAll(/\s+/g, " ");

/** Sections in which a sentence says what the program does; the others are commands, and tables of other tests. */
const SECTIONS = {
  "README.md": [
    "",
    "Point a client at it",
    "Record an MCP server",
    "What is on disk",
    "What it promises",
    "Safety",
  ],
  "README.zh-CN.md": ["", "接入客户端", "记录 MCP 服务", "磁盘上的内容", "承诺", "安全"],
};

/** What a sentence may begin with that promises nothing: it introduces an example, a heading, a way to go on. */
const NO_PROMISE = {
  "README.md":
    /^(See what an AI|In a host's configuration|\[|(OpenAI|Anthropic) SDK|Claude Code, and other|curl$|`bun run wire` lists|SECURITY.md|How it is built|MIT)/,
  "README.zh-CN.md":
    /^(看清|\[|curl$|(OpenAI|Anthropic) SDK|Claude Code 和|在宿主程序|详见|Bearer|承诺了什么|它是怎样|MIT|识别靠)/,
};

describe.each(["README.md", "README.zh-CN.md"] as const)("%s", (name) => {
  const text = onOneLine(read(name));
  const language = name === "README.md" ? "en" : "zh";

  test("says what is held, word by word", () => {
    expect(PROMISES.map((it) => it[language]).filter((said) => !text.includes(onOneLine(said)))).toEqual([]);
  });

  test("says nothing that is not held", () => {
    const said = PROMISES.map((it) => onOneLine(it[language]));
    const loose = sentencesOf(read(name), SECTIONS[name]).filter(
      (sentence) =>
        !said.some((part) => sentence.includes(part) || part.includes(sentence)) &&
        !NO_PROMISE[name].test(sentence.replaceAll("**", "")),
    );
    expect(loose).toEqual([]);
  });
});

test("every test that is named is there", () => {
  const missing = PROMISES.flatMap(({ by }) => by).filter((test) => {
    const [file = "", name = ""] = test.split(" :: ");
    return !existsSync(join(root, file)) || !onOneLine(read(file)).includes(name);
  });
  expect(missing).toEqual([]);
});

/** Prose alone: no code, pictures, tables or headings. A sentence ends before a capital or a mark, in Chinese at its full stop. */
function sentencesOf(text: string, sections: readonly string[]): string[] {
  const all = text.split(/^## /m).map((section, n) => (n === 0 ? `\n${section}` : section));
  const wanted = all.filter((section) => sections.includes(section.split("\n", 1)[0]!.trim()));
  return wanted.flatMap((section) => {
    const prose = section
      .slice(section.indexOf("\n"))
      .replaceAll(/```[^]*?```|<picture>[^]*?<\/picture>/g, "\n\n")
      .replaceAll(/^(?:!\[|\||#| {4}).*$/gm, "");
    const blocks = prose
      .split(/\n\s*\n|\n(?=- )/)
      .map((block) => onOneLine(block.replace(/^\s*- /, "")).trim());
    return blocks
      .flatMap((block) => block.split(/(?<=[.!?]) (?=[A-Z`*[])|(?<=[。！？])/))
      .map((it) => it.trim())
      .filter(Boolean);
  });
}
