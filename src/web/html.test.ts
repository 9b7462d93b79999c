import { expect, test } from "bun:test";
import { html, render } from "./html.ts";

test("text that goes into a template is escaped, what a template made is not escaped twice", () => {
  const hostile = `"><img src=x onerror='a()'>&\`\0`;
  const inner = html`<b title="${hostile}">${hostile}</b>`;
  expect(render(html`<p>${inner}${[1, "<", null, false, undefined]}</p>`)).toBe(
    `<p><b title="&quot;&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;&#96;\uFFFD">` +
      `&quot;&gt;&lt;img src=x onerror=&#39;a()&#39;&gt;&amp;&#96;\uFFFD</b>1&lt;</p>`,
  );
});

test("an object that only looks like a template's result is not believed", () => {
  const recorded = JSON.parse(`{"html":"<script>"}`);
  expect(render(html`<p>${recorded}</p>`)).toBe("<p></p>");
});
