/** What a rule of the linter gets and gives. A rule looks at one aspect, must not change anything, may find nothing. */
import type { Exchange } from "../../fact/exchange.ts";
import type { Look } from "../look.ts";
import type { Problem, Reading } from "../reading.ts";

/** The reading is whole but for `problems` and `thread`. */
export type Read = { exchange: Exchange; seen: Look; reading: Reading };

export type Rule = (read: Read) => Problem[];

export function problem(
  severity: Problem["severity"],
  rule: string,
  where: string,
  what: string,
  source: string | null = null,
): Problem {
  return { where, what, rule, severity, source };
}

/** A value for a sentence: short, in quotes. */
export function quoted(value: string): string {
  const text = value.length > 80 ? `${value.slice(0, 79)}…` : value;
  return `"${text}"`;
}
