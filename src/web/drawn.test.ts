import { expect, test } from "bun:test";
import { drawn } from "./drawn.ts";
import { html, render } from "./html.ts";
import { translator } from "./language.ts";
import type { View } from "./view.ts";

test("a drawing that fails says so in its place, in the visitor's language, and nothing else fails", () => {
  const draw = (lang: "en" | "zh") =>
    render(
      html`before
      ${drawn({ t: translator(lang), lang } as View, () => {
        throw new Error("<no> value");
      })}
      after`,
    );
  expect(draw("en")).toMatch(
    /^before\s+<p class="trouble">.*This cannot be drawn: &lt;no&gt; value\..*<\/p>\s+after$/s,
  );
  expect(draw("zh")).toContain("此处无法显示：&lt;no&gt; value");
});
