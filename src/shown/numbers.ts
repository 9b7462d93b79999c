/** Numbers as people read them, the same here and on the page. Times in ms, sizes in bytes; what is not there is a dash. */

export const NOTHING = "–";

export function ms(value: number | null | undefined): string {
  if (value === null || value === undefined) return NOTHING;
  if (value < 10) return `${value < 0.05 ? 0 : value.toFixed(1)} ms`;
  if (value < 1000) return `${Math.round(value)} ms`;
  if (value < 10_000) return `${(value / 1000).toFixed(2)} s`;
  if (value < 60_000) return `${(value / 1000).toFixed(1)} s`;
  const seconds = Math.round(value / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`;
}

export function size(value: number | null): string {
  if (value === null) return NOTHING;
  if (value < 1000) return `${value} B`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(value < 10_000 ? 1 : 0)} KB`;
  return `${(value / 1_000_000).toFixed(1)} MB`;
}

/** To make one costs more than a hundred numbers; there are two languages. */
const formats = new Map<string, Intl.NumberFormat>();

export function count(value: number | null, lang: string): string {
  if (value === null) return NOTHING;
  const format = formats.get(lang) ?? new Intl.NumberFormat(lang);
  if (formats.size < 2) formats.set(lang, format);
  return format.format(value);
}

/** Short enough for a column. */
export function tokens(value: number | null, lang: string): string {
  if (value === null) return NOTHING;
  if (value < 10_000) return count(value, lang);
  return value < 1_000_000
    ? `${(value / 1000).toFixed(value < 100_000 ? 1 : 0)}k`
    : `${(value / 1_000_000).toFixed(1)}M`;
}

export function dollars(value: number | null): string {
  if (value === null) return NOTHING;
  return `$${value === 0 ? "0" : value < 0.01 ? value.toPrecision(2) : value.toFixed(value < 1 ? 3 : 2)}`;
}

const two = (n: number) => String(n).padStart(2, "0");

/** As the machine's clock says it, with ms, since that is what a log is about. */
export function clock(at: number): string {
  const date = new Date(at);
  const time = [date.getHours(), date.getMinutes(), date.getSeconds()].map(two).join(":");
  return `${time}.${String(date.getMilliseconds()).padStart(3, "0")}`;
}

/** The clock of today's; what is older carries its day. `now` in ms since 1970. */
export function clockOrDay(at: number, now: number): string {
  const date = new Date(at);
  if (date.toDateString() === new Date(now).toDateString()) return clock(at);
  return `${two(date.getMonth() + 1)}-${two(date.getDate())} ${clock(at).slice(0, 8)}`;
}

export function day(at: number, lang: string): string {
  return new Intl.DateTimeFormat(lang, { dateStyle: "medium" }).format(at);
}
