/** Whether a row fits a filter. The index says the same in its own words, held by a test over random rows. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { Field } from "./fields.ts";
import type { Filter, Term } from "./filter.ts";
import type { Bound, Value } from "./value.ts";

/** `unknown`: the row says nothing against it, but words are looked for that may stand in bodies, which only the index knows. */
export type Fit = "yes" | "no" | "unknown";

/**
 * `now` in ms since 1970. Text is looked for in the story (what was asked and answered, names, path); `text: "story"`
 * takes it for all that there is, as of an exchange in flight.
 */
export function fits(
  row: ExchangeRow,
  { terms }: Filter,
  now: number,
  text: "story" | "bodies too" = "bodies too",
): Fit {
  let fit: Fit = "yes";
  for (const term of terms) {
    if (term.kind === "wrong") continue;
    if (term.kind === "field") {
      if (hasField(row, term, now) === term.not) return "no";
    } else {
      const isThere = term.text !== "" && storyOf(row).includes(term.text.toLowerCase());
      if (isThere && term.not) return "no";
      if (isThere) continue;
      if (text === "bodies too") fit = "unknown";
      else if (!term.not) return "no";
    }
  }
  return fit;
}

function hasField(
  row: ExchangeRow,
  { field, values }: Extract<Term, { kind: "field" }>,
  now: number,
): boolean {
  return values.some((value) => hasValue(row, field, value, now));
}

function hasValue(row: ExchangeRow, field: Field, value: Value, now: number): boolean {
  switch (value.kind) {
    case "text": {
      const texts = field.kind === "status" ? [row.ending] : field.texts!(row);
      return texts.some((text) => text !== null && like(text, value.pattern));
    }
    case "range":
      return isWithin(field.kind === "status" ? row.status : field.number!(row), value.from, value.to);
    case "flag":
      return field.name === "is" ? is(row, value.flag) : has(row, value.flag);
    case "age":
      return field.name === "since" ? row.at >= now - value.ms : row.at <= now - value.ms;
    case "at":
      return field.name === "since" ? row.at >= value.at : row.at <= value.at;
    default:
      return value satisfies never;
  }
}

export function isWithin(number: number | null, from: Bound | null, to: Bound | null): boolean {
  if (number === null) return false;
  if (from && (from.open ? number <= from.value : number < from.value)) return false;
  return !(to && (to.open ? number >= to.value : number > to.value));
}

/** Rules that say of what looks like a failure that it is none: the client left behind the last event, or only tried an address. */
export const NO_FAULTS: readonly string[] = ["transfer/client-left", "request/probe-failed"];

/** What people mean by slow: they wait for the first token, or for the end. */
export const SLOW = { ttft_ms: 2_000, duration_ms: 20_000 };

function is(
  { state, status, ending, rules, ttft_ms, duration_ms, wire, socket, starred }: ExchangeRow,
  flag: string,
): boolean {
  switch (flag) {
    case "streaming":
      return state !== "done";
    case "done":
      return state === "done";
    case "error":
      return (
        ((status ?? 0) >= 400 || (ending !== null && ending !== "complete")) &&
        !rules.some((rule) => NO_FAULTS.includes(rule))
      );
    case "aborted":
      return ending === "client-gone";
    case "socket":
      return wire === "websocket" && socket === undefined;
    case "starred":
      return starred === true;
    default:
      return (ttft_ms ?? 0) > SLOW.ttft_ms || (duration_ms ?? 0) > SLOW.duration_ms;
  }
}

function has(row: ExchangeRow, flag: string): boolean {
  if (flag === "problem") return row.problems > 0;
  if (flag === "cache") return (row.tokens_cached ?? 0) > 0;
  return row.has.includes(flag);
}

function storyOf({ asked, answered, model, path, upstream, client, tools }: ExchangeRow): string {
  return [asked, answered, model, path, upstream, client, ...tools].join("\n").toLowerCase();
}

/**
 * Whether the whole text fits a pattern in which `*` stands for any characters; letters of ASCII are the same in both
 * cases, as SQLite's LIKE has it. Linear in the text for each star.
 */
export function like(text: string, pattern: string): boolean {
  const [first = "", ...rest] = lower(pattern).split("*");
  const whole = lower(text);
  if (rest.length === 0) return whole === first;
  if (!whole.startsWith(first)) return false;
  const last = rest.pop()!;
  let at = first.length;
  for (const part of rest) {
    const found = whole.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return whole.length - at >= last.length && whole.endsWith(last);
}

function lower(text: string): string {
  return text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
