/**
 * One page of what a filter finds, in any order: which rows they are is found in the lean table, in those days and kinds that sums name;
 * what they say is read of these alone.
 */
import type { Sort } from "../../filter/sort.ts";
import { type Condition, NUMBER_COLUMNS } from "../conditions.ts";
import type { Ask } from "./asking.ts";
import { type Day, DAY_MS, dayOf, everyDay, sumOf } from "./days.ts";
import { type Found, isOfAnyTime, isOfKinds, kindsIn, rowsIn } from "./found.ts";
import { earlier, later, type Order, read } from "./page-rows.ts";
import type { Place, Stored } from "./stored.ts";

export const NEWEST: Sort = { by: "time", order: "descending" };
export const OLDEST: Sort = { by: "time", order: "ascending" };

export type Wish = {
  readonly sort: Sort;
  readonly skip: number;
  readonly most: number;
  /** Beyond this row alone, in the order of time. */
  readonly beyond?: Place;
};

/** `days`: in which something fits, as far as it is known; `total`: of all pages. */
export type Known = { readonly days: readonly Day[] | null; readonly total: number };

export async function pageOf(ask: Ask, found: Found, wish: Wish, known: Known): Promise<Stored[]> {
  const { sort } = wish;
  if (sort.by === "time") return byTime(ask, found, wish, known);
  const kind = KINDS[sort.by];
  if (kind !== undefined) return byKind(ask, found, wish, kind);
  return byNumber(ask, found, wish, known);
}

/** Of so few all are found first, and then sorted: to go through all rows in order until a page is full is to go through all. */
const FEW = 5_000;

async function byTime(ask: Ask, found: Found, wish: Wish, { days, total }: Known): Promise<Stored[]> {
  const { sort, most, beyond } = wish;
  const isDown = sort.order === "descending";
  const more = beyond === undefined ? [] : [isDown ? earlier(beyond) : later(beyond)];
  if (days !== null) {
    const { ranges, skip } = daysFor(days, wish);
    if (ranges.length === 0) return [];
    return read(ask, found, {
      all: [...more, ...within(ranges)],
      order: timeOrder(isDown, "sorted"),
      most,
      skip,
    });
  }
  const isCommon = (found.words ?? found.without) !== null && isDown && total >= COMMON;
  if (isCommon) {
    const rows = await lately(ask, found, wish, { more, total });
    if (rows !== null) return rows;
  }
  // The nearer end.
  const isTurned = beyond === undefined && wish.skip > total / 2;
  const left = Math.max(0, Math.min(most, total - wish.skip));
  const order = timeOrder(isDown !== isTurned, total < FEW ? "found" : "sorted");
  const rows = await read(ask, found, {
    all: more,
    order,
    most: isTurned ? left : most,
    skip: isTurned ? total - wish.skip - left : wish.skip,
  });
  return isTurned ? rows.toReversed() : rows;
}

/** Where words are asked for and so many fit, the latest are found in some days. */
const COMMON = 500;

/** In the latest days that may hold the page, by how many fit in all of them; null when they do not. */
async function lately(
  ask: Ask,
  found: Found,
  { skip, most, beyond }: Wish,
  { more, total }: { more: readonly Condition[]; total: number },
): Promise<Stored[] | null> {
  const all = await everyDay(ask, found);
  const wanted = (2 * (skip + most) * sumOf(all)) / total;
  const edge = beyond === undefined ? Infinity : dayOf(beyond.started);
  let held = 0;
  const last = all.find(({ day, n }) => day < edge && (held += n) >= wanted);
  if (last === undefined) return null;
  const window = {
    since: Math.max(last.day * DAY_MS, found.since ?? -Infinity),
    ...(beyond && { until: Math.min(beyond.started, found.until ?? Infinity) }),
  };
  const rows = await read(ask, found, { all: more, order: timeOrder(true, "found"), most, skip, window });
  return rows.length === most ? rows : null;
}

/** In index order, or found first. */
function timeOrder(isDown: boolean, how: "sorted" | "found"): Order {
  const way = isDown ? "desc" : "asc";
  return {
    key: `e.started${how === "found" ? " + 0" : ""}`,
    by: [
      ["key", way],
      ["id", way],
    ],
  };
}

type Range = readonly [from: number, to: number];

/** More are asked for as one: days in between are empty anyway. */
const MOST_RANGES = 40;

/** Runs of days that hold the page, and how many rows of them come before it. */
function daysFor(
  days: readonly Day[],
  { sort, skip, most, beyond }: Wish,
): { ranges: Range[]; skip: number } {
  const isDown = sort.order === "descending";
  const ordered = isDown ? days : days.toReversed();
  const edge = beyond && dayOf(beyond.started);
  const chosen: number[] = [];
  let before = 0;
  let held = 0;
  for (const { day, n } of ordered) {
    if (edge !== undefined && (isDown ? day > edge : day < edge)) continue;
    // Of the day in which it begins it is not known how many are beyond.
    if (day === edge) {
      chosen.push(day);
      continue;
    }
    if (chosen.length === 0 && before + n <= skip) {
      before += n;
      continue;
    }
    chosen.push(day);
    held += n;
    if (before + held >= skip + most) break;
  }
  return { ranges: rangesOf(chosen), skip: skip - before };
}

function rangesOf(days: readonly number[]): Range[] {
  const all: [number, number][] = [];
  for (const day of days.toSorted((a, b) => a - b)) {
    const last = all.at(-1);
    if (last?.[1] === day) last[1] = day + 1;
    else all.push([day, day + 1]);
  }
  return all.length <= MOST_RANGES ? all : [[all[0]![0], all.at(-1)![1]]];
}

function within(ranges: readonly Range[]): Condition[] {
  return [
    {
      sql: `(${ranges.map(() => "e.started >= ?::bigint and e.started < ?::bigint").join(" or ")})`,
      values: ranges.flatMap(([from, to]) => [from * DAY_MS, to * DAY_MS]),
    },
  ];
}

async function byNumber(
  ask: Ask,
  found: Found,
  { sort, skip, most, beyond }: Wish,
  { total }: Known,
): Promise<Stored[]> {
  const column = NUMBER_COLUMNS[sort.by as keyof typeof NUMBER_COLUMNS];
  const more = beyond === undefined ? [] : [earlier(beyond)];
  const isTurned = beyond === undefined && skip > total / 2;
  const left = Math.max(0, Math.min(most, total - skip));
  const isDown = (sort.order === "descending") !== isTurned;
  const way = isDown ? "desc" : "asc";
  const rest = isTurned ? "asc" : "desc";
  // The index has the largest first: read from its end it begins with those that have no number, which come last here.
  if (!isDown && !isTurned && total >= FEW) {
    const known: Condition = { sql: `${column} is not null`, values: [] };
    const order: Order = {
      key: column,
      by: [
        ["key", "asc nulls first"],
        ["started", "desc"],
        ["id", "desc"],
      ],
    };
    const rows = await read(ask, found, { all: [...more, known], order, most, skip });
    if (rows.length === most) return rows;
  }
  const rows = await read(ask, found, {
    all: more,
    order: {
      key: total < FEW ? `${column} + 0` : column,
      by: [
        ["key", `${way} nulls ${isTurned ? "first" : "last"}`],
        ["started", rest],
        ["id", rest],
      ],
    },
    most: isTurned ? left : most,
    skip: isTurned ? total - skip - left : skip,
  });
  return isTurned ? rows.toReversed() : rows;
}

type Kind = { readonly table: "shape" | "manner"; readonly value: string };

/** What many rows have in common puts them in order as they are few. */
const KINDS: Partial<Record<Sort["by"], Kind>> = {
  model: { table: "shape", value: 'lower(v.model collate "C")' },
  dialect: { table: "shape", value: 'v.dialect collate "C"' },
  upstream: { table: "shape", value: 'v.upstream collate "C"' },
  client: { table: "shape", value: 'v.client collate "C"' },
  status: { table: "shape", value: "v.status" },
  problems: { table: "manner", value: "v.problems" },
};

async function byKind(
  ask: Ask,
  found: Found,
  { sort, skip, most, beyond }: Wish,
  { table, value }: Kind,
): Promise<Stored[]> {
  const more = beyond === undefined ? [] : [earlier(beyond)];
  const isSummed = isOfKinds(found) && isOfAnyTime(found) && beyond === undefined;
  const { sql, values } = isSummed ? kindsIn(found) : rowsIn(found, more);
  const counted = isSummed ? "sum(e.n) as n from mcpl.cell e" : "count(*) as n from mcpl.lean e";
  const kinds = await ask<{ id: number; rank: number; n: number }>(
    `select v.id, (dense_rank() over (order by ${value} ${sort.order === "ascending" ? "asc" : "desc"} nulls last))::int as rank, c.n::float8 as n
     from (select e.${table} as kind, ${counted} where ${sql} group by 1) c join mcpl.${table} v on v.id = c.kind where c.n > 0 order by rank`,
    ...values,
  );
  const { chosen, before } = ranksFor(kinds, skip, most);
  if (chosen.length === 0) return [];
  const isOne = chosen[0]!.rank === chosen.at(-1)!.rank;
  const ids = `{${chosen.map(({ id }) => id).join(",")}}`;
  const only: Condition = { sql: `e.${table} = any(?::int[])`, values: [ids] };
  const order: Order = isOne
    ? timeOrder(true, "sorted")
    : {
        key: "r.rank",
        by: [
          ["key", "asc"],
          ["started", "desc"],
          ["id", "desc"],
        ],
        join: `join unnest(?::int[], ?::int[]) r (kind, rank) on r.kind = e.${table}`,
      };
  const joined = isOne ? [] : [ids, `{${chosen.map(({ rank }) => rank).join(",")}}`];
  return read(ask, found, { all: [...more, only], order, joined, most, skip: skip - before });
}

function ranksFor(kinds: readonly { id: number; rank: number; n: number }[], skip: number, most: number) {
  const sums = new Map<number, number>();
  for (const { rank, n } of kinds) sums.set(rank, (sums.get(rank) ?? 0) + n);
  const wanted = new Set<number>();
  let before = 0;
  let seen = 0;
  for (const [rank, n] of sums) {
    if (seen >= skip + most) break;
    if (seen + n <= skip) before += n;
    else wanted.add(rank);
    seen += n;
  }
  return { chosen: kinds.filter(({ rank }) => wanted.has(rank)), before };
}
