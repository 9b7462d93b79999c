/**
 * Values of labels, which strangers choose: a client may name a thousand models a second. Each label keeps so many of
 * them, the first that come, and the rest is `other`; what it keeps is short, printable and without a credential.
 */
import { maskText } from "../fact/mask-text.ts";
import { printable } from "../fact/printable.ts";
import { isMasked } from "../fact/secrets/values.ts";

export const OTHER = "other";

/** How many values a label may have: what people run at once and look at, with room. */
const MOST_VALUES: Readonly<Record<string, number>> = {
  model: 60,
  tool: 150,
  rule: 300,
  server: 40,
  client: 40,
};
const USUAL = 40;
/** A longer name is no name; the beginning tells it from others. */
const MOST_NAME_CHARS = 120;

export type LabelValues = {
  /** `kind` names the bound that several labels share (`model`, `tool`, …). */
  of(kind: string, value: string | null): string;
  /** How often a value became `other`, by kind, with the bound that was its reason. */
  overflow(): { kind: string; most: number; count: number }[];
};

export function labelValues(): LabelValues {
  const known = new Map<string, Map<string, string>>();
  const over = new Map<string, number>();
  return {
    of(kind, value) {
      if (value === null || value === "") return "";
      const values = known.get(kind) ?? new Map<string, string>();
      known.set(kind, values);
      const beginning = value.slice(0, MOST_NAME_CHARS);
      const before = values.get(beginning);
      if (before !== undefined) return before;
      if (values.size >= (MOST_VALUES[kind] ?? USUAL)) {
        over.set(kind, (over.get(kind) ?? 0) + 1);
        return OTHER;
      }
      const kept = clean(beginning);
      values.set(beginning, kept);
      return kept;
    },
    overflow: () => [...over].map(([kind, count]) => ({ kind, most: MOST_VALUES[kind] ?? USUAL, count })),
  };
}

/** A second look for credentials: LOG_SECRETS leaves them in what is recorded, and a metric goes further than that. */
export function clean(value: string, longest = MOST_NAME_CHARS): string {
  const short = printable(value.slice(0, longest)).toWellFormed();
  return maskText(short, (credential) => (isMasked(credential) ? credential : "…"));
}
