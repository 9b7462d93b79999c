import { expect, test } from "bun:test";
import { escapeHTML } from "bun";
import { spellingsOf } from "./spellings.ts";

/** As people choose passwords, and as programs make tokens. */
const CREDENTIALS = [
  "Tr0ub4dor&3<horse>\"batt'ery",
  "pässwörd mit 空格 & Zeichen!",
  "aGVsbG8+d29y/bGQ9MTIz==",
  "q(R)s*t~u;v,w:x@y#z$1",
  "back\\slash/and|pipe",
];

const ascii = (text: string) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replaceAll(/[^ -~]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`);
const named = (quote: string, apostrophe: string) => (text: string) =>
  text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', quote)
    .replaceAll("'", apostrophe);

/** What other people's programs make of a text. */
const WRITERS: Record<string, (text: string) => string> = {
  "JSON.stringify": (text) => JSON.stringify(text).slice(1, -1),
  "JSON in JSON": (text) => JSON.stringify(JSON.stringify(text).slice(1, -1)).slice(1, -1),
  "PHP's json_encode": (text) => ascii(text).replaceAll("/", "\\/"),
  "Python's json.dumps": ascii,
  "Go's json.Marshal": (text) =>
    JSON.stringify(text)
      .slice(1, -1)
      .replaceAll(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`),
  encodeURIComponent,
  encodeURI,
  "a form": (text) => new URLSearchParams({ "": text }).toString().slice(1),
  "Python's quote": (text) =>
    encodeURIComponent(text)
      .replaceAll(/[!*'()]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
      .replaceAll("%2F", "/"),
  "lower case": (text) => encodeURIComponent(text).replaceAll(/%../g, (code) => code.toLowerCase()),
  "Bun's escapeHTML": (text) => escapeHTML(text),
  "Python's html.escape": named("&quot;", "&#x27;"),
  "PHP's htmlspecialchars": named("&quot;", "&#039;"),
  "Go's html.EscapeString": named("&#34;", "&#39;"),
  "Go's html/template": (text) => named("&#34;", "&#39;")(text).replaceAll("+", "&#43;"),
  "XML's names": named("&quot;", "&apos;"),
  "text of XML": named('"', "'"),
  "Python's repr": (text) => text.replaceAll("\\", "\\\\").replaceAll("'", "\\'"),
};

test.each(Object.entries(WRITERS))("a credential is known as %s writes it", (_, written) => {
  const missed = CREDENTIALS.filter((credential) => !spellingsOf(credential).includes(written(credential)));
  expect(missed).toEqual([]);
});

test("a token of letters and digits has one spelling, one in an address is known decoded too", () => {
  expect(spellingsOf("sk-abc_DEF.123~456")).toEqual(["sk-abc_DEF.123~456"]);
  expect(spellingsOf("p%40ssw0rd-and-more")).toContain("p@ssw0rd-and-more");
});

test("the number of spellings has a limit, whatever the credential holds", () => {
  const odd = Array.from({ length: 300 }, (_, n) => String.fromCharCode(n + 32)).join("");
  expect(spellingsOf(odd).length).toBeLessThan(80);
});
