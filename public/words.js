// The words of the visitor's language, as the server put them on the body. The table is src/web/words.ts.
const table = JSON.parse(document.body.dataset.words);
export const lang = document.body.dataset.lang;
const plural = new Intl.PluralRules("en");

/** `{n}` is filled in; `{n:one|many}` chooses the plural. */
export function t(key, vars = {}) {
  return table[key].replace(/\{(\w+)(?::([^|}]*)\|([^}]*))?\}/g, (whole, name, one, many) => {
    if (vars[name] === undefined) return whole;
    if (one === undefined) return String(vars[name]);
    return plural.select(Number(vars[name])) === "one" ? one : many;
  });
}
