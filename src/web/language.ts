/** Which language a visitor reads: what the address says, then what was chosen before, then what the browser asks for. */
import { cookie } from "./guard.ts";
import { words, type Key } from "./words.ts";

export type Lang = "en" | "zh";
export type Vars = Readonly<Record<string, string | number>>;
export type T = (key: Key, vars?: Vars) => string;

export const LANG_COOKIE = "lang";

export function languageOf(request: Request): Lang {
  const said = new URL(request.url).searchParams.get("lang") ?? cookie(request, LANG_COOKIE);
  if (said === "en" || said === "zh") return said;
  return accepted(request.headers.get("accept-language") ?? "");
}

/** The first of ours in the browser's list; browsers send it in order of preference. */
function accepted(header: string): Lang {
  const found = /(?:^|[,\s])(zh|en)\b/i.exec(header)?.[1]?.toLowerCase();
  return found === "zh" ? "zh" : "en";
}

/** `{name}` is replaced; `{n:chunk|chunks}` chooses by the plural rule of English (Chinese has one form). */
export function translator(lang: Lang): T {
  const column = lang === "en" ? 0 : 1;
  return (key, vars = {}) => filled(words[key][column], vars);
}

const plural = new Intl.PluralRules("en");

function filled(text: string, vars: Vars): string {
  return text.replace(
    /\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g,
    (whole, name: string, one?: string, many?: string) => {
      const value = vars[name];
      if (value === undefined) return whole;
      if (one === undefined || many === undefined) return String(value);
      return plural.select(Number(value)) === "one" ? one : many;
    },
  );
}

/** The words that the islands in `public/` need, as they stand in the table: they fill them in themselves. */
export function islandWords(lang: Lang): Record<string, string> {
  return wordsUnder(lang, "ui.", "");
}

/** Those of a group that is loaded when it is needed, by their whole keys: `tour` has `tour.title` and others. */
export function lateWords(lang: Lang, group: string): Record<string, string> {
  return wordsUnder(lang, `${group}.`, `${group}.`);
}

function wordsUnder(lang: Lang, prefix: string, shown: string): Record<string, string> {
  const column = lang === "en" ? 0 : 1;
  const own = Object.entries(words).filter(([key]) => key.startsWith(prefix));
  return Object.fromEntries(own.map(([key, pair]) => [shown + key.slice(prefix.length), pair[column]]));
}
