import { expect, test } from "bun:test";
import { islandWords, languageOf, translator } from "./language.ts";
import { words } from "./words.ts";

const root = `${import.meta.dir}/../..`;
const sources = [
  ...(await Array.fromAsync(new Bun.Glob("src/web/**/*.ts").scan(root))).filter(
    (it) => !it.includes(".test."),
  ),
  ...(await Array.fromAsync(new Bun.Glob("public/*.js").scan(root))),
];
const code = await Promise.all(
  sources.map(async (path) => [path, await Bun.file(`${root}/${path}`).text()] as const),
);

/** Words that are loaded when they are needed have the same keys on both sides. */
const late = code.flatMap(([, text]) =>
  [...text.matchAll(/lateWords\("(\w+)"\)/g)].map(([, group]) => `${group}.`),
);

/** `t("key")`, and `t(\`start.${…}end\`)` as a pattern; the islands leave out `ui.`. */
function used(): { exact: Set<string>; patterns: RegExp[] } {
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const [path, text] of code) {
    const whole = (key: string) =>
      path.startsWith("public/") && !late.some((group) => key.startsWith(group)) ? `ui.${key}` : key;
    for (const [, key = ""] of text.matchAll(/\bt\(\s*"([^"]+)"/g)) exact.add(whole(key));
    for (const [, key = ""] of text.matchAll(/\bt\(\s*`([^`]+)`/g)) {
      const parts = whole(key)
        .split(/\$\{[^}]*\}/)
        .map((part) => part.replaceAll(".", "\\."));
      patterns.push(new RegExp(`^${parts.join("[\\w.-]+")}$`));
    }
    // Keys that stand in data: titles of panels, advice, titles of the live answer.
    for (const [, key = ""] of text.matchAll(/"((?:panel|advice|part)\.[\w.-]+)"/g)) exact.add(whole(key));
  }
  return { exact, patterns };
}

test("every word that is used is in the table, and every word of the table is used", () => {
  const { exact, patterns } = used();
  const keys = Object.keys(words);
  const missing = [...exact].filter((key) => !(key in words));
  const unused = keys.filter((key) => !exact.has(key) && !patterns.some((it) => it.test(key)));
  expect({ missing, unused }).toEqual({ missing: [], unused: [] });
});

test("both languages say the same thing with the same values", () => {
  const holes = (text: string) => [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name))].sort();
  const wrong = Object.entries<readonly [string, string]>(words).filter(([, [en, zh]]) => {
    const [inEnglish, inChinese] = [holes(en), holes(zh)];
    // A value that only chooses the plural may be missing in Chinese.
    return en === "" || zh === "" || inChinese.some((name) => !inEnglish.includes(name));
  });
  expect(wrong).toEqual([]);
});

test("plurals follow the number, values are filled in", () => {
  const [en, zh] = [translator("en"), translator("zh")];
  expect([en("ui.messages", { n: 1 }), en("ui.messages", { n: 2 }), zh("ui.messages", { n: 2 })]).toEqual([
    "1 message",
    "2 messages",
    "2 条消息",
  ]);
  expect(islandWords("zh").copied).toBe("已复制");
});

test("the address says the language, then the choice before, then the browser", () => {
  const ask = (path: string, headers: Record<string, string> = {}) =>
    languageOf(new Request(`http://localhost${path}`, { headers }));
  const chinese = { "accept-language": "zh-CN,zh;q=0.9,en;q=0.8" };
  expect([
    ask("/"),
    ask("/", chinese),
    ask("/", { ...chinese, cookie: "a=b; lang=en" }),
    ask("/?lang=zh", { cookie: "lang=en" }),
    ask("/?lang=xx", { "accept-language": "fr, en;q=0.5" }),
    ask("/", { "accept-language": "en-GB,zh;q=0.5" }),
  ]).toEqual(["en", "zh", "en", "zh", "en", "en"]);
});
