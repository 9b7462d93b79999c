/** Filters as Postgres' conditions over `exchange e`, with `?` for each value; `?` stands nowhere else in them. */
import type { Filter } from "../../filter/filter.ts";
import { NO_FAULTS } from "../../filter/fits.ts";
import { type Conditions, conditionsOf, type Engine, FLAGS, likeOf, NUMBERS } from "../conditions.ts";
import { queryOf } from "./words.ts";

export function conditions(filter: Filter, now: number): Conditions {
  return conditionsOf(filter, now, POSTGRES);
}

/** In the letters of ASCII alone, as `like` of the filter has it. */
const folded = (column: string) => `lower(${column} collate "C")`;
const pattern = (typed: string) =>
  plain(likeOf(typed.replace(/[A-Z]+/g, (letters) => letters.toLowerCase())));

/** Postgres' text holds neither a NUL nor half of a character. */
export function plain(text: string): string {
  return text.toWellFormed().replaceAll("\0", "\ufffd");
}

const names: Record<string, string> = {
  tool: "e.tools",
  problem: "e.rules",
  expert: "e.expert",
  has: "e.has",
};

/** What `is:error` means. */
export const IS_ERROR = `(coalesce(e.status, 0) >= 400 or coalesce(e.ending, 'complete') <> 'complete')
      and not e.rules && array[${NO_FAULTS.map((rule) => `'${rule}'`).join(", ")}]`;

/**
 * Members that have no column, found in the text of the row: as JSON it may hold what Postgres' JSON refuses (a NUL, half of a
 * character), and one such row would fail everybody's question. What is said in other members has its quotes escaped.
 */
const WIRE = `substring(e.row from '"wire":"([^"\\\\]*)"')`;
const SOCKET = `substring(e.row from '"socket":"([^"\\\\]*)"')`;

const POSTGRES: Engine = {
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
    run: [
      "coalesce((select o.run from mcpl.run_of o where o.project = e.project and o.exchange = e.id), e.run)",
    ],
    // Few ask for these: they stand in the row's JSON alone.
    wire: [WIRE],
    socket: [SOCKET],
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
    error: IS_ERROR,
    socket: `${WIRE} = 'websocket' and ${SOCKET} is null`,
    ...FLAGS,
  },
  like: (column, typed) => ({ sql: `${folded(column)} like ?::text`, values: [pattern(typed)] }),
  named: (kind, typed) => ({
    sql: `exists (select from unnest(${names[kind]!}) name where ${folded("name")} like ?::text)`,
    values: [pattern(typed)],
  }),
  time: (name, at) =>
    name === "since"
      ? { sql: "e.started >= ?::bigint", values: [within(Math.ceil(at))] }
      : { sql: "e.started <= ?::bigint", values: [within(Math.floor(at))] },
  question: queryOf,
  and: " & ",
  without: (asked) => ({ sql: "not e.words @@ ?::tsquery", values: [asked] }),
};

/** `started` is whole and goes as far as JavaScript's numbers. */
function within(at: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(at || 0, Number.MAX_SAFE_INTEGER));
}
