/** Numbers for people. Times in ms, sizes in bytes; null is a dash. `public/words.js` writes the same in the list. */
import type { Lang } from "./language.ts";

export function ms(value: number | null): string {
  if (value === null) return "–";
  if (value < 10) return `${value < 0.05 ? 0 : value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 10_000) return `${(value / 1000).toFixed(2)} s`;
  if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
}

export function size(value: number | null): string {
  if (value === null) return "–";
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} KB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

export function count(value: number | null, lang: Lang): string {
  return value === null ? "–" : new Intl.NumberFormat(lang).format(value);
}

export function dollars(value: number | null): string {
  if (value === null) return "–";
  return `$${value === 0 ? "0" : value < 0.01 ? value.toPrecision(2) : value.toFixed(value < 1 ? 3 : 2)}`;
}

/** As the machine's clock says it; the seconds carry ms, since that is what a log is about. */
export function clock(at: number): string {
  const date = new Date(at);
  const two = (n: number) => String(n).padStart(2, "0");
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

export function day(at: number, lang: Lang): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: "medium" }).format(at);
}
