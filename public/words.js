// Words and numbers for people, in the visitor's language, as src/web/words.ts and format.ts have them.
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

const numbers = new Intl.NumberFormat(lang);

export const count = (n) => numbers.format(n);

export function ms(value) {
  if (value === null || value === undefined) return "–";
  if (value < 10) return `${value < 0.05 ? 0 : value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 10_000) return `${(value / 1000).toFixed(2)} s`;
  if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

export function tokens(n) {
  if (n === null) return "–";
  if (n < 10_000) return count(n);
  return n < 1_000_000 ? `${(n / 1000).toFixed(n < 100_000 ? 1 : 0)}k` : `${(n / 1_000_000).toFixed(1)}M`;
}

const two = (n) => String(n).padStart(2, "0");

/** Today's as a clock with ms, older ones with their day. */
export function clock(at) {
  const date = new Date(at);
  const time = `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
  if (date.toDateString() !== new Date().toDateString())
    return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${time}`;
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}
