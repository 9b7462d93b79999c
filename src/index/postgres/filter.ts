/**
 * Filters as Postgres' conditions, with `?` for each value; `?` stands nowhere else in them. Each term is one of shapes (`s`), of manners
 * (`k`), of both, or of rows (`e`): what is asked of kinds alone is answered by sums, however many rows there are.
 */
import type { Filter, Term } from "../../filter/filter.ts";
import { NO_FAULTS } from "../../filter/fits.ts";
import { type Condition, conditionsOf, type Engine, FLAGS, likeOf, NUMBERS } from "../conditions.ts";
import { arrayOf } from "./asking.ts";
import { isStarred } from "./stars.ts";
import { queryOf } from "./words.ts";

/** Where several names are one text: between each two of them, before the first and behind the last. */
const BETWEEN = "\u001f";

export type Wanted = {
  readonly shapes: readonly Condition[];
  readonly manners: readonly Condition[];
  /** Of a row's shape and manner together, wherever it has both. */
  readonly kinds: readonly Condition[];
  /** Of each row by itself. */
  readonly rows: readonly Condition[];
  /** Whole ms, both inclusive; null where nobody asks. */
  readonly since: number | null;
  readonly until: number | null;
  /** Full text that has to be there, and such of which none may. */
  readonly words: string | null;
  readonly without: string | null;
};

/** Null when nothing can fit. */
export function wantedBy(filter: Filter, now: number, projects: readonly string[]): Wanted | null {
  const { words } = conditionsOf(filter, now, APART);
  if (words === "") return null;
  const wanted = {
    shapes: [] as Condition[],
    manners: [] as Condition[],
    kinds: [] as Condition[],
    rows: [] as Condition[],
    since: null as number | null,
    until: null as number | null,
  };
  const not: string[] = [];
  for (const term of filter.terms) {
    if (term.kind === "wrong") continue;
    if (term.kind === "field") take(term);
    else if (term.not) not.push(queryOf(term.quoted ? `"${term.text}"` : term.text));
  }
  const without = not.filter((one) => one !== "").slice(0, MOST_WITHOUT);
  return {
    ...wanted,
    words,
    without: without.length === 0 ? null : without.map((one) => `(${one})`).join(" | "),
  };

  function take(term: Extract<Term, { kind: "field" }>): void {
    const bound = boundOf(term, now);
    if (bound !== null) {
      if (bound.name === "since") wanted.since = Math.max(wanted.since ?? bound.at, bound.at);
      else wanted.until = Math.min(wanted.until ?? bound.at, bound.at);
      return;
    }
    const [of, at] = [homeOf(projects), { terms: [term] }];
    const [apart] = conditionsOf(at, now, { ...APART, ...of }).fields;
    const about: readonly string[] = apart!.sql.match(/\b[ske](?=\.)/g) ?? [];
    const [s, k, e] = ["s", "k", "e"].map((name) => about.includes(name));
    if (s && !k && !e) wanted.shapes.push(apart!);
    else if (k && !s && !e) wanted.manners.push(apart!);
    else if (e && !s && !k) wanted.rows.push(apart!);
    else {
      const [together] = conditionsOf(at, now, { ...TOGETHER, ...of }).fields;
      (e ? wanted.rows : wanted.kinds).push(together!);
    }
  }
}

const MOST_WITHOUT = 64;

/** `since:1d` and `until:…` as they stand; anything more is asked of rows. */
function boundOf(
  { field: { name }, values, not }: Extract<Term, { kind: "field" }>,
  now: number,
): { name: string; at: number } | null {
  const [value] = values;
  if (not || values.length !== 1 || (name !== "since" && name !== "until")) return null;
  if (value!.kind !== "age" && value!.kind !== "at") return null;
  const at = value!.kind === "age" ? now - value!.ms : value!.at;
  return { name, at: within(name === "since" ? Math.ceil(at) : Math.floor(at)) };
}

/** In the letters of ASCII alone, as `like` of the filter has it. */
const folded = (column: string) => (SMALL.has(column) ? column : `lower(${column} collate "C")`);
const SMALL = new Set(["e.conversation", "e.socket"]);

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

/** What `is:error` means, of a wide row `e`. */
export const IS_ERROR = `(e.status >= 400 or e.ending <> 'complete') and not e.rules && array[${NO_FAULTS.map((rule) => `'${rule}'`).join(", ")}]`;

const NO_FAULT = `k.rules like any (array[${NO_FAULTS.map((rule) => `'%${BETWEEN}${rule}${BETWEEN}%'`).join(", ")}])`;
const FAILED = "(s.status >= 400 or s.ending <> 'complete')";
const inShape = (sql: string) => `(e.shape in (select s.id from mcpl.shape s where ${sql}))`;
const inManner = (sql: string) => `(e.manner in (select k.id from mcpl.manner k where ${sql}))`;

const NAMES: Record<string, string> = {
  tool: "k.tools",
  problem: "k.rules",
  expert: "k.expert",
  has: "k.has",
};

/** One of several names. What is meant whole is found in their text as it stands. */
function named(kind: string, typed: string): Condition {
  const column = NAMES[kind]!;
  if (!typed.includes("*"))
    return { sql: `position(?::text in ${column}) > 0`, values: [`${BETWEEN}${small(typed)}${BETWEEN}`] };
  const { sql, values } = fitting("name", typed);
  return {
    sql: `${column} <> '' and exists (select from string_to_table(${column}, chr(31)) name where ${sql})`,
    values,
  };
}

/** Asked for where rows are put together with their runs. */
const RUN = "run";

function ofRun(typed: string, projects: readonly string[]): Condition {
  const how = typed.includes("*") ? "like" : "whole";
  const asked = how === "like" ? likeOf(small(typed)) : small(typed);
  return {
    sql: `(e.project, e.started, e.id) in (select o.project, o.started, o.id from mcpl.of_run(?::text, '${how}', ?::text[]) o)`,
    values: [asked, arrayOf(projects)],
  };
}

function homeOf(projects: readonly string[]): Pick<Engine, "like"> {
  return { like: (column, typed) => (column === RUN ? ofRun(typed, projects) : fitting(column, typed)) };
}

const APART: Engine = {
  no: "false",
  sure: (sql) => `coalesce((${sql}), false)`,
  texts: {
    model: ["s.model"],
    api: ["s.dialect"],
    provider: ["s.provider"],
    upstream: ["s.upstream"],
    client: ["s.client", "split_part(s.client, ' ', 1)"],
    status: ["s.ending"],
    method: ["s.method"],
    path: ["k.path", "split_part(k.path, chr(63), 1)"],
    conv: ["e.conversation"],
    run: [RUN],
    wire: ["s.wire"],
    socket: ["e.socket"],
    id: ["e.id"],
    recorder: ["s.recorder"],
    user: ["s.person"],
    project: ["s.project"],
    host: ["s.host"],
  },
  numbers: { ...NUMBERS, status: "s.status" },
  flags: {
    ...FLAGS,
    streaming: "false",
    done: "true",
    error: `${FAILED} and not ${NO_FAULT}`,
    socket: "s.wire = 'websocket' and not s.socketed",
    aborted: "s.ending = 'client-gone'",
    starred: isStarred("exchange", "e"),
    problem: "k.problems > 0",
  },
  like: fitting,
  named,
  time: (name, at) =>
    name === "since"
      ? { sql: "e.started >= ?::bigint", values: [within(Math.ceil(at))] }
      : { sql: "e.started <= ?::bigint", values: [within(Math.floor(at))] },
  question: queryOf,
  and: " & ",
  without: () => ({ sql: "true", values: [] }),
};

/** What the flags of one term ask of several: each is looked up by the row. */
const TOGETHER: Engine = {
  ...APART,
  flags: {
    ...APART.flags,
    error: `${inShape(FAILED)} and not ${inManner(NO_FAULT)}`,
    socket: inShape(APART.flags["socket"]!),
    aborted: inShape(APART.flags["aborted"]!),
    problem: inManner(APART.flags["problem"]!),
  },
  named(kind, typed) {
    const { sql, values } = named(kind, typed);
    return { sql: inManner(sql), values };
  },
};

/** Of runs, which have their own columns. */
export const RUNS_ENGINE = APART;

/** `started` is whole and goes as far as JavaScript's numbers. */
function within(at: number): number {
  return Math.max(-Number.MAX_SAFE_INTEGER, Math.min(at || 0, Number.MAX_SAFE_INTEGER));
}
