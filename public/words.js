// Words and numbers for people, in the visitor's language, as src/web/words.ts and format.ts have them.
import { clockOrDay, count as countIn, tokens as tokensIn } from "./shown/numbers.ts";

/** @type {Record<string, string>} */
const table = JSON.parse(document.body.dataset["words"] ?? "{}");
export const lang = document.body.dataset["lang"] ?? "en";
const plural = new Intl.PluralRules("en");

/** Words of a group that is not on every page. @param {string} group */
export async function lateWords(group) {
  Object.assign(table, await (await fetch(`/words/${group}`)).json());
}

/**
 * `{n}` is filled in; `{n:one|many}` chooses the plural.
 * @param {string} key
 * @param {Record<string, string | number>} [vars]
 */
export function t(key, vars = {}) {
  return (table[key] ?? key).replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    if (vars[name] === undefined) return whole;
    if (one === undefined) return String(vars[name]);
    return plural.select(Number(vars[name])) === "one" ? one : many;
  });
}

/** @param {number} n */
export const count = (n) => countIn(n, lang);

/** @param {number | null} n */
export const tokens = (n) => tokensIn(n, lang);

/** Today's as a clock with ms, older ones with their day. @param {number} at */
export const clock = (at) => clockOrDay(at, Date.now());

export { ms } from "./shown/numbers.ts";
