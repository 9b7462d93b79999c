/**
 * HTML with escaping as the default: what a template gets is text, unless it is itself made by a template. Recorded
 * text is hostile, so there is no other way in: no `raw`.
 */
export type Html = { readonly [MARK]: string };
export type Hole = Html | string | number | null | undefined | false | readonly Hole[];

const MARK = Symbol("html");

export function html(words: TemplateStringsArray, ...holes: Hole[]): Html {
  let text = words[0] ?? "";
  for (const [n, hole] of holes.entries()) text += textOf(hole) + (words[n + 1] ?? "");
  return { [MARK]: text };
}

/** The text to send. */
export function render(page: Html): string {
  return page[MARK];
}

function textOf(hole: Hole): string {
  if (hole === null || hole === undefined || hole === false) return "";
  if (typeof hole === "string") return escaped(hole);
  if (typeof hole === "number") return String(hole);
  if (isList(hole)) return hole.map(textOf).join("");
  return hole[MARK] ?? ""; // an object that no template made
}

function isList(hole: Hole): hole is readonly Hole[] {
  return Array.isArray(hole);
}

/** Quotes too, so that the same works inside an attribute. Attributes are always written with double quotes. */
function escaped(text: string): string {
  return UNSAFE.test(text) ? text.replace(UNSAFE_ALL, (sign) => ENTITIES[sign] ?? sign) : text;
}

const UNSAFE = /[&<>"'`\0]/;
const UNSAFE_ALL = /[&<>"'`\0]/g;
const ENTITIES: Record<string, string> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
  "`": "&#96;",
  // The HTML parser drops or replaces NUL; U+FFFD says that something was there.
  "\0": "\uFFFD",
};
