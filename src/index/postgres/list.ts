/** The list of exchanges: one page of what a filter finds, by key, and how many there are. */
import type { Sort } from "../../filter/sort.ts";
import { believedExchange, jsonOf } from "../../fact/believed.ts";
import type { ExchangeRow, Origin } from "../../fact/rows.ts";
import type { ExchangeQuery, Page, Standing } from "../index.ts";
import { type Condition, NUMBER_COLUMNS } from "../conditions.ts";
import { placeOfId, SLOTS } from "../place.ts";
import { withStar } from "../stars.ts";
import { arrayOf, type Ask, type Asked, type Value } from "./asking.ts";
import { type Found, foundIn, plain } from "./filter.ts";
import { starredAs } from "./stars.ts";

/** A page of it; more is paged. */
const MOST = 10_000;

const NEWEST: Sort = { by: "time", order: "descending" };
const OLDEST: Sort = { by: "time", order: "ascending" };

/** Where a row stands in the order of time. */
export type Place = { readonly started: number; readonly id: string };

type Stored = {
  id: string;
  row: string;
  project: string;
  recorder: string | null;
  person: string | null;
  host: string | null;
  run: string | null;
  starred: boolean;
};

export async function listed(
  ask: Ask,
  projects: readonly string[],
  query: ExchangeQuery,
): Promise<Page<ExchangeRow>> {
  const limit = clamped(query.limit);
  const found = foundBy(query);
  if (found === null || projects.length === 0) return { items: [], next: null, total: 0 };
  const { sort = NEWEST } = query;
  const isByTime = sort.by === "time" && sort.order === "descending";
  const [total, place] = await Promise.all([
    countOf(ask, projects, found),
    query.before === undefined ? null : placeBefore(ask, projects, query.before),
  ]);
  if (total === 0) return { items: [], next: null, total };
  const read = async ({ most, skip, all, turned }: Window) => {
    const order = turned ? OLDEST : sort;
    const window = { most, skip, are: found.all.length > 0 && total < FEW ? "few" : "many" } as const;
    const { sql, values } = pageOf(projects, { table: found.table, all }, order, window);
    return ask<Stored>(sql, ...values);
  };
  if (query.from === undefined) {
    const all = place === null ? found.all : [...found.all, earlier(place)];
    const rows = await read({ most: limit + 1, skip: 0, all, turned: false });
    const items = rows.slice(0, limit).map(exchangeRow);
    return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total };
  }
  const window = await windowOf(ask, projects, { from: query.from, limit, total, all: found.all, isByTime });
  const rows = await read(window);
  if (window.turned) rows.reverse();
  return { items: rows.map(exchangeRow), next: null, total };
}

/** Where all that fits stands; null when nothing can. */
export function foundBy({
  filter = { terms: [] },
  now = Date.now(),
}: Pick<ExchangeQuery, "filter" | "now">): Found | null {
  return foundIn(filter, now);
}

export async function one(ask: Ask, projects: readonly string[], id: string): Promise<ExchangeRow | null> {
  const [row] = await ask<Stored>(
    `select ${JOINED} from (select e.* from mcpl.exchange e where e.project = any(?::text[]) and e.id = ? limit 1) e ${RUN_OF}`,
    arrayOf(projects),
    plain(id),
  );
  return row === undefined ? null : exchangeRow(row);
}

/** In any order; those of them that there are. */
export async function rowsOf(
  ask: Ask,
  projects: readonly string[],
  ids: readonly string[],
): Promise<ExchangeRow[]> {
  const rows = await ask<Stored>(
    `select ${JOINED} from (select e.* from mcpl.exchange e where e.project = any(?::text[]) and e.id = any(?::text[])) e ${RUN_OF}`,
    arrayOf(projects),
    arrayOf(ids),
  );
  return rows.map(exchangeRow);
}

/** How many of those that fit come before it in the order of time. */
export async function rankOf(
  ask: Ask,
  projects: readonly string[],
  id: string,
  query: Pick<ExchangeQuery, "filter" | "now">,
): Promise<number | null> {
  const own = await placeOf(ask, projects, id);
  if (own === null) return null;
  const found = foundBy(query);
  return found === null ? 0 : counted(ask, projects, among(found, earlier(own)));
}

export async function standingOf(
  ask: Ask,
  projects: readonly string[],
  id: string,
  query: Pick<ExchangeQuery, "filter" | "now">,
): Promise<Standing | null> {
  const own = await placeOf(ask, projects, id);
  if (own === null) return null;
  const found = foundBy(query);
  if (found === null) return { n: 0, of: 0, older: null, newer: null };
  const later: Condition = { sql: "(e.started, e.id) > (?::bigint, ?)", values: [own.started, own.id] };
  const until: Condition = { sql: "(e.started, e.id) <= (?::bigint, ?)", values: [own.started, own.id] };
  const nearest = async (beyond: Condition, order: Sort) => {
    const { sql, values } = pageOf(projects, among(found, beyond), order, { most: 1, skip: 0 });
    return (await ask<{ id: string }>(sql, ...values))[0]?.id ?? null;
  };
  const [n, of, older, newer] = await Promise.all([
    counted(ask, projects, among(found, until)),
    countOf(ask, projects, found),
    nearest(earlier(own), NEWEST),
    nearest(later, OLDEST),
  ]);
  return { n, of, older, newer };
}

function among({ table, all }: Found, more: Condition): Found {
  return { table, all: [...all, more] };
}

/** Without a filter it is known; else all that fit are looked at. */
function countOf(ask: Ask, projects: readonly string[], found: Found): Promise<number> {
  if (found.all.length > 0) return counted(ask, projects, found);
  return numberOf(
    ask<{ n: number }>(
      "select coalesce(sum(n), 0)::float8 as n from mcpl.tally where project = any(?::text[]) and kind = 'exchange'",
      arrayOf(projects),
    ),
  );
}

function counted(ask: Ask, projects: readonly string[], { table, all }: Found): Promise<number> {
  const { sql, values } = where(all);
  return numberOf(
    ask<{ n: number }>(
      `select count(*)::float8 as n from ${table} e where e.project = any(?::text[])${sql}`,
      arrayOf(projects),
      ...values,
    ),
  );
}

async function numberOf(rows: Promise<{ n: number }[]>): Promise<number> {
  return (await rows)[0]?.n ?? 0;
}

const RUN_OF = "left join mcpl.run_of o on o.project = e.project and o.exchange = e.id";
const JOINED = `e.id, e.row, e.project, e.recorder, e.person, e.host, o.run, ${starredAs("exchange", "e")}`;

/**
 * Of each project its own page, by its key; then the first of all of them. Which rows they are is found in the slim table; what they say
 * is read of these alone. Words are found in the wide one, where the rest stands beside them.
 */
function pageOf(
  projects: readonly string[],
  { table, all }: Found,
  sort: Sort,
  { most, skip, are = "many" }: { most: number; skip: number; are?: "few" | "many" },
): Asked {
  const { sql, values } = where(all);
  const [only] = projects;
  const order = are === "few" && sort.by === "time" ? orderOfFew(sort) : orderOf(sort);
  const found = `e.project, e.started, e.id${sort.by === "time" ? "" : `, ${COLUMN[sort.by]} as first`}`;
  const source: Asked =
    projects.length === 1
      ? {
          sql: `select ${found} from ${table} e where e.project = ?${sql} order by ${order} limit ?::bigint offset ?::bigint`,
          values: [only!, ...values, most, skip],
        }
      : {
          sql: `select e.* from (select one.* from unnest(?::text[]) p (name) cross join lateral (
              select ${found} from ${table} e where e.project = p.name${sql} order by ${order} limit ?::bigint) one) e
            order by ${orderOf(sort, "e.first")} limit ?::bigint offset ?::bigint`,
          values: [arrayOf(projects), ...values, most + skip, most, skip],
        };
  return {
    sql: `select ${JOINED} from (${source.sql}) f
      join mcpl.exchange e on e.project = f.project and e.started = f.started and e.id = f.id ${RUN_OF}
      order by ${orderOf(sort, "f.first")}`,
    values: source.values,
  };
}

const COLUMN: Record<Exclude<Sort["by"], "time">, string> = {
  model: 'lower(e.model collate "C")',
  dialect: 'e.dialect collate "C"',
  upstream: 'e.upstream collate "C"',
  client: 'e.client collate "C"',
  ...NUMBER_COLUMNS,
  problems: "e.problems",
};

/** `first`: what is in order before the time is, where it has a name already. */
function orderOf({ by, order }: Sort, first?: string): string {
  const way = order === "ascending" ? "asc" : "desc";
  if (by === "time") return `e.started ${way}, e.id ${way}`;
  return `${first ?? COLUMN[by]} ${way} nulls last, e.started desc, e.id desc`;
}

/** Where few fit, to go through all in order until a page is full is to go through all: they are found first, and then sorted. */
function orderOfFew({ order }: Sort): string {
  const way = order === "ascending" ? "asc" : "desc";
  return `e.started + 0 ${way}, e.id ${way}`;
}

const FEW = 1_000;

type Window = { most: number; skip: number; all: readonly Condition[]; turned: boolean };

/** Ranks count from the end of the order. Of all rows in the order of time it is known on which day a rank lies. */
async function windowOf(
  ask: Ask,
  projects: readonly string[],
  {
    from,
    limit,
    total,
    all,
    isByTime,
  }: { from: number; limit: number; total: number; all: readonly Condition[]; isByTime: boolean },
): Promise<Window> {
  const first = Math.max(0, Math.min(Math.trunc(from) || 0, total));
  const last = Math.min(first + limit, total);
  const most = last - first;
  const skip = total - last;
  if (!isByTime) return { most, skip, all, turned: false };
  if (all.length > 0)
    return skip <= first ? { most, skip, all, turned: false } : { most, skip: first, all, turned: true };
  const days = await ask<{ day: number; n: number }>(
    "select day::float8 as day, sum(n)::float8 as n from mcpl.tally where project = any(?::text[]) and kind = 'exchange' group by day order by day desc",
    arrayOf(projects),
  );
  let newer = 0;
  for (const { day, n } of days) {
    if (newer + n > skip) {
      const until: Condition = { sql: "e.started < ?::bigint", values: [(day + 1) * DAY_MS] };
      return { most, skip: skip - newer, all: [until], turned: false };
    }
    newer += n;
  }
  return { most, skip, all, turned: false };
}

const DAY_MS = 86_400_000;

function earlier({ started, id }: Place): Condition {
  return { sql: "(e.started, e.id) < (?::bigint, ?)", values: [started, id] };
}

async function placeOf(ask: Ask, projects: readonly string[], id: string): Promise<Place | null> {
  const [found] = await ask<Place>(
    "select started::float8 as started, id from mcpl.exchange e where e.project = any(?::text[]) and e.id = ? limit 1",
    arrayOf(projects),
    plain(id),
  );
  return found ?? null;
}

/** A row that is gone in the meantime still says where its page ends. */
async function placeBefore(ask: Ask, projects: readonly string[], id: string): Promise<Place> {
  const found = await placeOf(ask, projects, id);
  const place = placeOfId(id);
  return found ?? { started: place === null ? -1 : Math.floor(place / SLOTS), id: plain(id) };
}

/** As it was put; whose it is says the store, and its run may be known since. */
function exchangeRow({ id, row, run, starred, ...from }: Stored): ExchangeRow {
  const put = believedExchange(jsonOf(row));
  return withStar(owned({ ...put, id, run: run ?? put.run }, from), starred);
}

export type From = Pick<Stored, "project" | "recorder" | "person" | "host">;
/** What the columns of a session's or a run's row hold, whose it is included. */
export type Owned = { id: string; row: string; starred: boolean } & From;

/** What a row says of its own origin is not believed. */
export function owned<Row extends { origin?: Origin }>(
  row: Row,
  { project, recorder, person, host }: From,
): Row {
  return row.origin === undefined ? row : { ...row, origin: { project, recorder, user: person, host } };
}

function where(all: readonly Condition[]): { sql: string; values: readonly Value[] } {
  return { sql: all.map(({ sql }) => ` and ${sql}`).join(""), values: all.flatMap(({ values }) => values) };
}

/** Where a page of runs or sessions begins: before every other when there is no such row. */
export async function beginningOf(
  ask: Ask,
  table: "run" | "session",
  projects: readonly string[],
  id: string,
): Promise<{ at: number; id: string }> {
  const [found] = await ask<{ at: number }>(
    `select at from mcpl.${table} where project = any(?::text[]) and id = ? limit 1`,
    arrayOf(projects),
    plain(id),
  );
  return { at: found?.at ?? -1, id: plain(id) };
}

export function clamped(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit) || 1, 1), MOST);
}
