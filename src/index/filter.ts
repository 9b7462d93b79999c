/** Filters as SQLite's conditions over `exchanges e`. */
import type { Filter } from "../filter/filter.ts";
import { NO_FAULTS } from "../filter/fits.ts";
import { type Conditions, conditionsOf, type Engine, FLAGS, likeOf, NUMBERS } from "./conditions.ts";
import { SLOTS } from "./place.ts";
import { isStarred } from "./stars.ts";
import { question } from "./words.ts";

export type { Condition } from "./conditions.ts";

export function conditions(filter: Filter, now: number): Conditions {
  return conditionsOf(filter, now, SQLITE);
}

/** Where a row of another recorder came from stands in its JSON alone: few ask for it on one machine. */
const origin = (name: string) => [
  `(select json_extract(row, '$.origin.${name}') from rows where rows.place = e.place)`,
];

/** What `is:error` means. */
export const IS_ERROR = `(coalesce(e.status, 0) >= 400 or coalesce(e.ending, 'complete') <> 'complete') and e.place not in
      (select place from names where kind = 'problem' and value in (${NO_FAULTS.map((rule) => `'${rule}'`).join(", ")}))`;

export const SQLITE: Engine = {
  no: "0",
  sure: (sql) => `coalesce(${sql}, 0)`,
  texts: {
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
    wire: ["e.wire"],
    socket: ["e.socket"],
    id: ["e.id"],
    recorder: origin("recorder"),
    user: origin("user"),
    project: origin("project"),
    host: origin("host"),
  },
  numbers: NUMBERS,
  flags: {
    streaming: "0",
    done: "1",
    error: IS_ERROR,
    socket: "e.wire = 'websocket' and e.socket is null",
    starred: isStarred("exchange", "e.id"),
    ...FLAGS,
  },
  like: (column, pattern) => ({ sql: `${column} like ? escape '\\'`, values: [likeOf(pattern)] }),
  /** They stand in a table of their own. */
  named: (kind, pattern) => ({
    sql: "e.place in (select place from names where kind = ? and value like ? escape '\\')",
    values: [kind, likeOf(pattern)],
  }),
  /** A place begins with its time in whole ms. */
  time: (name, at) =>
    name === "since"
      ? { sql: "e.place >= ?", values: [Math.ceil(at) * SLOTS] }
      : { sql: "e.place < ?", values: [(Math.floor(at) + 1) * SLOTS] },
  question: (typed) => question(typed) ?? "",
  and: " AND ",
  without: (asked) => ({
    sql: "e.place not in (select rowid from words where words match ?)",
    values: [asked],
  }),
};
