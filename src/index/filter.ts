/**
 * From a filter to SQL conditions over `exchanges e`. Values are always bound, never written into the SQL. It says what
 * `fits` says, held by a test over random rows; beside it stands what only an index can: words of bodies.
 */
import type { Field } from "../filter/fields.ts";
import type { Filter, Term } from "../filter/filter.ts";
import { NO_FAULTS, SLOW } from "../filter/fits.ts";
import type { Bound, Value } from "../filter/value.ts";
import { SLOTS } from "./place.ts";
import { question } from "./words.ts";

/** SQL's and FTS5's expressions are trees of a bounded depth. */
const MOST = 64;

export type Condition = { readonly sql: string; readonly values: readonly (string | number)[] };

/** `words`: one FTS5 expression for all words that have to be there, or null; "" finds nothing. */
export type Conditions = { readonly fields: readonly Condition[]; readonly words: string | null };

export function conditions({ terms }: Filter, now: number): Conditions {
  const fields: Condition[] = [];
  const words: string[] = [];
  for (const term of terms) {
    if (term.kind === "wrong") continue;
    if (term.kind === "field") fields.push(ofField(term, now));
    else {
      const asked = question(term.quoted ? `"${term.text}"` : term.text) ?? "";
      if (!term.not) words.push(asked);
      else if (asked !== "" && fields.length < MOST)
        fields.push({
          sql: "e.place not in (select rowid from words where words match ?)",
          values: [asked],
        });
    }
  }
  // What holds no word (`{}`) asks nothing of its own; alone it finds nothing.
  const asked = words.filter((word) => word !== "").slice(0, MOST);
  return { fields, words: words.length === 0 ? null : asked.join(" AND ") };
}

function ofField({ field, values, not }: Extract<Term, { kind: "field" }>, now: number): Condition {
  const any = values.map((value) => ofValue(field, value, now));
  // A comparison with null is null, which is no more true when it is turned round.
  const sql = any.map((one) => `coalesce(${one.sql}, 0)`).join(" or ") || "0";
  return { sql: not ? `not (${sql})` : `(${sql})`, values: any.flatMap((one) => one.values) };
}

/** Where the texts of a field stand: all columns that may fit. */
const TEXTS: Record<string, readonly string[]> = {
  model: ["e.model"],
  api: ["e.dialect"],
  provider: ["e.provider"],
  upstream: ["e.upstream"],
  client: ["e.client", "substr(e.client, 1, instr(e.client || ' ', ' ') - 1)"],
  status: ["e.ending"],
  method: ["e.method"],
  path: ["e.path", "substr(e.path, 1, instr(e.path || '?', '?') - 1)"],
  conv: ["e.conversation"],
  run: ["e.run"],
  id: ["e.id"],
};

const NUMBERS: Record<string, string> = {
  status: "e.status",
  ttft: "e.ttft_ms",
  total: "e.duration_ms",
  tokens: "case when e.tokens_in is null then e.tokens_out else e.tokens_in + coalesce(e.tokens_out, 0) end",
  in: "e.tokens_in",
  out: "e.tokens_out",
  cached: "e.tokens_cached",
  cost: "e.cost",
};

const FLAGS: Record<string, string> = {
  streaming: "0",
  done: "1",
  error: `(coalesce(e.status, 0) >= 400 or coalesce(e.ending, 'complete') <> 'complete') and e.place not in
    (select place from names where kind = 'problem' and value in (${NO_FAULTS.map((rule) => `'${rule}'`).join(", ")}))`,
  aborted: "e.ending = 'client-gone'",
  slow: `(coalesce(e.ttft_ms, 0) > ${SLOW.ttft_ms} or coalesce(e.duration_ms, 0) > ${SLOW.duration_ms})`,
  problem: "e.problems > 0",
  cache: "e.tokens_cached > 0",
};

/** Names that a row has several of stand in a table of their own. */
const NAMES = new Set(["tool", "problem", "expert", "has"]);

function ofValue({ name }: Field, value: Value, now: number): Condition {
  switch (value.kind) {
    case "text":
      return NAMES.has(name) ? named(name, value.pattern) : anyOf(TEXTS[name]!, value.pattern);
    case "flag":
      return FLAGS[value.flag] === undefined
        ? named(name, value.flag)
        : { sql: FLAGS[value.flag]!, values: [] };
    case "range":
      return within(NUMBERS[name]!, value.from, value.to);
    case "age":
      return ofTime(name, now - value.ms);
    case "at":
      return ofTime(name, value.at);
    default:
      return value satisfies never;
  }
}

function anyOf(columns: readonly string[], pattern: string): Condition {
  return {
    sql: columns.map((column) => `${column} like ? escape '\\'`).join(" or "),
    values: columns.map(() => likeOf(pattern)),
  };
}

function named(kind: string, pattern: string): Condition {
  return {
    sql: "e.place in (select place from names where kind = ? and value like ? escape '\\')",
    values: [kind, likeOf(pattern)],
  };
}

/** `*` is SQL's `%`; what SQL would take for more than itself is escaped. */
function likeOf(pattern: string): string {
  return pattern.replace(/[\\%_]/g, "\\$&").replaceAll("*", "%");
}

function within(number: string, from: Bound | null, to: Bound | null): Condition {
  const sides = [
    ...(from ? [{ sql: `${number} ${from.open ? ">" : ">="} ?`, value: from.value }] : []),
    ...(to ? [{ sql: `${number} ${to.open ? "<" : "<="} ?`, value: to.value }] : []),
  ];
  return { sql: sides.map(({ sql }) => sql).join(" and "), values: sides.map(({ value }) => value) };
}

/** A place begins with its time in whole ms. */
function ofTime(name: string, at: number): Condition {
  return name === "since"
    ? { sql: "e.place >= ?", values: [Math.ceil(at) * SLOTS] }
    : { sql: "e.place < ?", values: [(Math.floor(at) + 1) * SLOTS] };
}
