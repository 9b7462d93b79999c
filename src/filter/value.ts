/** The values of fields: a text with `*`, a comparison, a range, a flag, a time. */
import type { Field } from "./fields.ts";

export type Value =
  | { readonly kind: "text"; readonly pattern: string }
  /** Both ends belong to it unless they are `open`. In ms, tokens or US dollars; a status is a number too. */
  | { readonly kind: "range"; readonly from: Bound | null; readonly to: Bound | null }
  | { readonly kind: "flag"; readonly flag: string }
  /** An age in ms before now. */
  | { readonly kind: "age"; readonly ms: number }
  /** ms since 1970 UTC. */
  | { readonly kind: "at"; readonly at: number };

export type Bound = { readonly value: number; readonly open: boolean };

/** One value, or the two that `!=` means; null where the field cannot have such a value. */
export function readValues(field: Field, said: string): Value[] | null {
  if (!said.startsWith("!=") || field.kind === "text") return listed(readValue(field, said));
  const value = readValue(field, said.slice(2).trim());
  if (value?.kind !== "range" || !value.from || !value.to) return null;
  return [
    { kind: "range", from: null, to: { ...value.from, open: true } },
    { kind: "range", from: { ...value.to, open: true }, to: null },
  ];
}

function listed(value: Value | null): Value[] | null {
  return value === null ? null : [value];
}

function readValue({ kind, flags }: Field, said: string): Value | null {
  switch (kind) {
    case "text":
      return said === "" ? null : { kind: "text", pattern: said };
    case "flag":
      return flags!.includes(said.toLowerCase()) ? { kind: "flag", flag: said.toLowerCase() } : null;
    case "time":
      return timeOf(said);
    case "status":
      return statusOf(said);
    case "ms":
    case "tokens":
    case "usd":
      return rangeOf(said, (text) => numberOf(text, kind));
    default:
      return kind satisfies never;
  }
}

/** `404`, `4xx`, `>=400`, `400..499`, or the name of an ending (`client-gone`). */
function statusOf(said: string): Value | null {
  const family = /^([1-9])xx$/i.exec(said);
  if (family) {
    const first = Number(family[1]) * 100;
    return { kind: "range", from: { value: first, open: false }, to: { value: first + 99, open: false } };
  }
  if (/^[a-z*-]+$/i.test(said)) return { kind: "text", pattern: said };
  return rangeOf(said, (text) => (/^\d{1,9}$/.test(text) ? Number(text) : null));
}

function rangeOf(said: string, read: (text: string) => number | null): Value | null {
  const dots = said.indexOf("..");
  if (dots >= 0) {
    const [first, last] = [said.slice(0, dots), said.slice(dots + 2)];
    const [from, to] = [first === "" ? null : read(first), last === "" ? null : read(last)];
    if ((first !== "" && from === null) || (last !== "" && to === null) || (first === "" && last === ""))
      return null;
    return { kind: "range", from: closed(from), to: closed(to) };
  }
  const [, sign = "=", text = ""] = /^(>=|<=|>|<|=)?\s*(.*)$/s.exec(said) ?? [];
  const value = read(text);
  if (value === null) return null;
  if (sign === "=") return { kind: "range", from: { value, open: false }, to: { value, open: false } };
  const bound = { value, open: !sign.endsWith("=") };
  return sign.startsWith(">")
    ? { kind: "range", from: bound, to: null }
    : { kind: "range", from: null, to: bound };
}

function closed(value: number | null): Bound | null {
  return value === null ? null : { value, open: false };
}

const UNITS: Record<string, Record<string, number>> = {
  ms: { "": 1, ms: 1, s: 1e3, m: 6e4, min: 6e4, h: 36e5 },
  tokens: { "": 1, k: 1e3, m: 1e6 },
  usd: { "": 1, c: 0.01 },
};

function numberOf(text: string, kind: "ms" | "tokens" | "usd"): number | null {
  const [, sign, number, unit = ""] = /^(\$?)(\d{1,15}(?:\.\d{1,9})?)([a-z]{0,3})$/i.exec(text) ?? [];
  const factor = UNITS[kind]![unit.toLowerCase()];
  if (number === undefined || factor === undefined || (sign === "$" && kind !== "usd")) return null;
  return Number(number) * factor;
}

const AGES: Record<string, number> = { s: 1e3, m: 6e4, min: 6e4, h: 36e5, d: 864e5, w: 6048e5 };

/** `10m`, `2h`, `7d`, or a date with or without a time (UTC unless it names its own zone). */
function timeOf(said: string): Value | null {
  const age = /^(\d{1,9}(?:\.\d{1,3})?)(s|m|min|h|d|w)$/i.exec(said);
  if (age) return { kind: "age", ms: Number(age[1]) * AGES[age[2]!.toLowerCase()]! };
  if (!/^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,3})?)?(?:Z|[+-]\d\d:?\d\d)?)?$/i.test(said))
    return null;
  const at = Date.parse(/T/i.test(said) && !/(?:Z|[+-]\d\d:?\d\d)$/i.test(said) ? `${said}Z` : said);
  return Number.isNaN(at) ? null : { kind: "at", at };
}
