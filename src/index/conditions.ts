/**
 * From a filter to SQL conditions, in the words of any engine. Values are always bound, never written into the SQL. It says
 * what `fits` says, held by a test over random rows; beside it stands what only an index can: words of bodies.
 */
import type { Field } from "../filter/fields.ts";
import type { Filter, Term } from "../filter/filter.ts";
import { SLOW } from "../filter/fits.ts";
import type { Bound, Value } from "../filter/value.ts";

/** SQL's and full text's expressions are trees of a bounded depth. */
export const MOST_TERMS = 64;

export type Condition = { readonly sql: string; readonly values: readonly (string | number)[] };

/** `words`: one full-text expression for all words that have to be there, or null; "" finds nothing. */
export type Conditions = { readonly fields: readonly Condition[]; readonly words: string | null };

/** How an engine says it. */
export type Engine = {
  readonly no: string;
  /** A comparison with null is null, which is no more true when it is turned round. */
  sure(sql: string): string;
  /** Where the texts of a field stand: all columns that may fit. A field that is not here is one of names. */
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly numbers: Readonly<Record<string, string>>;
  readonly flags: Readonly<Record<string, string>>;
  /** `*` stands for any characters; letters of ASCII are the same in both cases. */
  like(column: string, pattern: string): Condition;
  /** One of the names that a row has several of. */
  named(kind: string, pattern: string): Condition;
  /** In ms since 1970. */
  time(name: string, at: number): Condition;
  /** What a person typed as a full-text expression; "" when it holds no word. */
  question(typed: string): string;
  readonly and: string;
  without(question: string): Condition;
};

/** Numbers that are a column each; a list may be in the order of any of them. */
export const NUMBER_COLUMNS = {
  status: "e.status",
  ttft: "e.ttft_ms",
  total: "e.duration_ms",
  in: "e.tokens_in",
  out: "e.tokens_out",
  cached: "e.tokens_cached",
  cost: "e.cost",
} as const;

/** The numbers of a filter. */
export const NUMBERS = {
  ...NUMBER_COLUMNS,
  tokens: "case when e.tokens_in is null then e.tokens_out else e.tokens_in + coalesce(e.tokens_out, 0) end",
} as const;

/** Flags that every engine says in the same words. */
export const FLAGS = {
  aborted: "e.ending = 'client-gone'",
  slow: `(coalesce(e.ttft_ms, 0) > ${SLOW.ttft_ms} or coalesce(e.duration_ms, 0) > ${SLOW.duration_ms})`,
  problem: "e.problems > 0",
  cache: "e.tokens_cached > 0",
} as const;

export function conditionsOf({ terms }: Filter, now: number, engine: Engine): Conditions {
  const fields: Condition[] = [];
  const words: string[] = [];
  for (const term of terms) {
    if (term.kind === "wrong") continue;
    if (term.kind === "field") fields.push(ofField(term, now, engine));
    else {
      const asked = engine.question(term.quoted ? `"${term.text}"` : term.text);
      if (!term.not) words.push(asked);
      else if (asked !== "" && fields.length < MOST_TERMS) fields.push(engine.without(asked));
    }
  }
  // What holds no word (`{}`) asks nothing of its own; alone it finds nothing.
  const asked = words.filter((word) => word !== "").slice(0, MOST_TERMS);
  return { fields, words: words.length === 0 ? null : asked.join(engine.and) };
}

function ofField(
  { field, values, not }: Extract<Term, { kind: "field" }>,
  now: number,
  engine: Engine,
): Condition {
  const any = values.map((value) => ofValue(field, value, now, engine));
  // Only what is turned round has to be sure: as it stands, an engine may leave out whole days and use what it has in order.
  const sql = any.map((one) => (not ? engine.sure(one.sql) : `(${one.sql})`)).join(" or ") || engine.no;
  return { sql: not ? `not (${sql})` : `(${sql})`, values: any.flatMap((one) => one.values) };
}

function ofValue({ name }: Field, value: Value, now: number, engine: Engine): Condition {
  switch (value.kind) {
    case "text":
      return engine.texts[name] === undefined
        ? engine.named(name, value.pattern)
        : anyOf(name, value.pattern, engine);
    case "flag":
      return ofFlag(name, value.flag, engine);
    case "range":
      return within(engine.numbers[name]!, value.from, value.to);
    case "age":
      return engine.time(name, now - value.ms);
    case "at":
      return engine.time(name, value.at);
    default:
      return value satisfies never;
  }
}

/** A flag may mean another thing in another field. */
function ofFlag(name: string, flag: string, { flags, named }: Engine): Condition {
  const sql = flags[`${name} ${flag}`] ?? flags[flag];
  return sql === undefined ? named(name, flag) : { sql, values: [] };
}

function anyOf(name: string, pattern: string, { texts, like }: Engine): Condition {
  const all = texts[name]!.map((column) => like(column, pattern));
  return { sql: all.map(({ sql }) => sql).join(" or "), values: all.flatMap(({ values }) => values) };
}

/** `*` is SQL's `%`; what SQL would take for more than itself is escaped. */
export function likeOf(pattern: string): string {
  return pattern.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%");
}

function within(number: string, from: Bound | null, to: Bound | null): Condition {
  const sides = [
    ...(from ? [{ sql: `${number} ${from.open ? ">" : ">="} ?`, value: from.value }] : []),
    ...(to ? [{ sql: `${number} ${to.open ? "<" : "<="} ?`, value: to.value }] : []),
  ];
  return { sql: sides.map(({ sql }) => sql).join(" and "), values: sides.map(({ value }) => value) };
}
