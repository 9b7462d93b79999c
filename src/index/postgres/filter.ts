/** Filters as Postgres' conditions over rows `e`, slim or wide, with `?` for each value; `?` stands nowhere else in them. */
import type { Filter } from "../../filter/filter.ts";
import { NO_FAULTS } from "../../filter/fits.ts";
import { type Condition, conditionsOf, type Engine, FLAGS, likeOf, NUMBERS } from "../conditions.ts";
import { BETWEEN } from "./slim.ts";
import { isStarred } from "./stars.ts";
import { queryOf } from "./words.ts";

export type Table = "mcpl.slim" | "mcpl.exchange";

/** Where rows are found: words stand in the wide table alone. Every condition holds of what is called `e` in it. */
export type Found = { readonly table: Table; readonly all: readonly Condition[] };

/** Null when nothing can fit. */
export function foundIn(filter: Filter, now: number): Found | null {
  const { fields, words } = conditionsOf(filter, now, ENGINES["mcpl.slim"]);
  if (words === "") return null;
  if (words === null) return { table: "mcpl.slim", all: fields };
  const all = conditionsOf(filter, now, ENGINES["mcpl.exchange"]).fields;
  return { table: "mcpl.exchange", all: [{ sql: "e.words @@ ?::tsquery", values: [words] }, ...all] };
}

/** In the letters of ASCII alone, as `like` of the filter has it. */
const folded = (column: string) => `lower(${column} collate "C")`;
/** What is meant whole is compared: an index may know it whatever else is asked. */
export function fitting(column: string, typed: string): Condition {
  return typed.includes("*")
    ? { sql: `${folded(column)} like ?::text`, values: [likeOf(small(typed))] }
    : { sql: `${folded(column)} = ?::text`, values: [small(typed)] };
}

function small(typed: string): string {
  return plain(typed.replace(/[A-Z]+/g, (letters) => letters.toLowerCase()));
}

/** Postgres' text holds neither a NUL nor half of a character. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

/** What `is:error` means, of which the first half is the index of what failed. */
export const isError = (table: Table) =>
  `(e.status >= 400 or e.ending <> 'complete') and not ${
    table === "mcpl.slim"
      ? `e.rules like any (array[${NO_FAULTS.map((rule) => `'%${BETWEEN}${rule}${BETWEEN}%'`).join(", ")}])`
      : `e.rules && array[${NO_FAULTS.map((rule) => `'${rule}'`).join(", ")}]`
  }`;

const NAMES: Record<string, string> = {
  tool: "e.tools",
  problem: "e.rules",
  expert: "e.expert",
  has: "e.has",
};

/** One of several names. Where they are one text, what is meant whole is found in it as it stands. */
function named(table: Table, column: string, typed: string): Condition {
  if (table === "mcpl.slim" && !typed.includes("*"))
    return { sql: `position(?::text in ${column}) > 0`, values: [`${BETWEEN}${small(typed)}${BETWEEN}`] };
  const { sql, values } = fitting("name", typed);
  const [none, each] =
    table === "mcpl.slim" ? ["''", `string_to_table(${column}, chr(31))`] : ["'{}'", `unnest(${column})`];
  return { sql: `${column} <> ${none} and exists (select from ${each} name where ${sql})`, values };
}

/** Asked for where rows are put together with their runs. */
const RUN = "run";

/**
 * Of one that belongs to a run since it was put, `run_of` says which. Both sides are looked up by what is asked for: for each row of
 * a million it would take seconds.
 */
function ofRun(typed: string): Condition {
  const [known, put] = [fitting("o.run", typed), fitting("x.run", typed)];
  return {
    sql: `(e.project, e.started, e.id) in (
      select w.project, w.started, w.id from mcpl.run_of o join mcpl.exchange w on w.project = o.project and w.id = o.exchange where ${known.sql}
      union all select x.project, x.started, x.id from mcpl.slim x where ${put.sql}
        and not exists (select from mcpl.run_of o where o.project = x.project and o.exchange = x.id))`,
    values: [...known.values, ...put.values],
  };
}

const engine = (table: Table, wire: string, socket: string): Engine => ({
  no: "false",
  sure: (sql) => `coalesce((${sql}), false)`,
  texts: {
    model: ["e.model"],
    api: ["e.dialect"],
    provider: ["e.provider"],
    upstream: ["e.upstream"],
    client: ["e.client", "split_part(e.client, ' ', 1)"],
    status: ["e.ending"],
    method: ["e.method"],
    path: ["e.path", "split_part(e.path, chr(63), 1)"],
    conv: ["e.conversation"],
    run: [RUN],
    wire: [wire],
    socket: [socket],
    id: ["e.id"],
    recorder: ["e.recorder"],
    user: ["e.person"],
    project: ["e.project"],
    host: ["e.host"],
  },
  numbers: NUMBERS,
  flags: {
    streaming: "false",
    done: "true",
    error: isError(table),
    socket: `${wire} = 'websocket' and ${socket} is null`,
    starred: isStarred("exchange", "e"),
    ...FLAGS,
  },
  like: (column, typed) => (column === RUN ? ofRun(typed) : fitting(column, typed)),
  named: (kind, typed) => named(table, NAMES[kind]!, typed),
  time: (name, at) =>
    name === "since"
      ? { sql: "e.started >= ?::bigint", values: [within(Math.ceil(at))] }
      : { sql: "e.started <= ?::bigint", values: [within(Math.floor(at))] },
  question: queryOf,
  and: " & ",
  without: (asked) => ({
    sql: `not exists (select from mcpl.exchange w
      where w.project = e.project and w.started = e.started and w.id = e.id and w.words @@ ?::tsquery)`,
    values: [asked],
  }),
});

export const ENGINES: Record<Table, Engine> = {
  "mcpl.slim": engine("mcpl.slim", "e.wire", "e.socket"),
  // Members that have no column in the wide row, found in its text: as JSON it may hold what Postgres' JSON refuses (a NUL, half of
  // a character), and one such row would fail everybody's question. What is said in other members has its quotes escaped.
  "mcpl.exchange": engine(
    "mcpl.exchange",
    `substring(e.row from '"wire":"([^"\\\\]*)"')`,
    `substring(e.row from '"socket":"([^"\\\\]*)"')`,
  ),
};

/** `started` is whole and goes as far as JavaScript's numbers. */
function within(at: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(at || 0, Number.MAX_SAFE_INTEGER));
}
