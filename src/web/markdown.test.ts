import { expect, test } from "bun:test";
import fc from "fast-check";
import { render } from "./html.ts";
import { translator } from "./language.ts";
import { blocksOf } from "./markdown-blocks.ts";
import { markdown } from "./markdown.ts";
import type { View } from "./view.ts";

const view = () => ({ t: translator("en"), lang: "en" }) as View;
const bare = (text: string) => text.replaceAll(/\s/g, "");

test("blocks lose nothing and stay small, whatever the text is", () => {
  const line = fc.string({ unit: fc.constantFrom(..."ab *#|-[]()<>`\\_1."), maxLength: 200 });
  fc.assert(
    fc.property(fc.array(line, { maxLength: 200 }), (lines) => {
      const text = lines.map((it) => it.replace(/^\s*(`{3,}|~{3,})/, "x")).join("\n");
      const blocks = blocksOf(text);
      expect(bare(blocks.map((block) => block.text).join(""))).toBe(bare(text));
      expect(blocks.filter(({ text: it }) => it.length > 8_000)).toEqual([]);
    }),
  );
});

test("code of any length is one block, also when the answer ends inside of it", () => {
  const code = "x = 1\n\n".repeat(5_000);
  expect(blocksOf(`a\n\`\`\`py\n${code}\`\`\`\nb`).map(({ kind }) => kind)).toEqual(["text", "code", "text"]);
  expect(blocksOf(`~~~\n${code}`).map(({ kind, text }) => [kind, bare(text)])).toEqual([
    ["code", bare(code)],
  ]);
});

test("Markdown is drawn by our own templates: what it says is text, addresses are read and not clicked", () => {
  const drawn = render(
    markdown(
      view(),
      "# A <b>\n\n*x* [y](javascript:z) ![p](https://h/p.png)\nnext\n\n| a |\n|--:|\n| `<i>` |",
    ),
  );
  for (const part of [
    '<h5 class="md-h md-h1">A &lt;b&gt;</h5>',
    "<em>x</em>",
    '<span class="md-link">y</span',
    '<small class="md-address">javascript:z</small>',
    'data-address="https://h/p.png"',
    "<br />next",
    "<code>&lt;i&gt;</code>",
    'class="md-right"',
  ])
    expect(drawn).toContain(part);
  expect(drawn).not.toMatch(/href=|data-address="(?!https:)/);
});

test("a picture's address is offered only where all of it can be read", () => {
  const shown = (tail: number) =>
    render(markdown(view(), `![chart](https://pictures.example/${"k".repeat(tail)})`));
  expect(shown(400)).toContain(`data-address="https://pictures.example/${"k".repeat(400)}"`);
  expect(shown(900)).toContain("https://pictures.example/kkk");
  expect(shown(900)).not.toContain("data-address=");
});
