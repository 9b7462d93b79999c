/** Rows as the store has them, and rows as they were put. */
import { believedExchange, jsonOf } from "../../fact/believed.ts";
import type { ExchangeRow, Origin } from "../../fact/rows.ts";
import { placeOfId, SLOTS } from "../place.ts";
import { arrayOf, type Ask } from "./asking.ts";
import { withStar } from "../stars.ts";
import { plain } from "./filter.ts";
import { starredAs } from "./stars.ts";

/** Where a row stands in the order of time. */
export type Place = { readonly started: number; readonly id: string };

export type From = {
  readonly project: string;
  readonly recorder: string | null;
  readonly person: string | null;
  readonly host: string | null;
};

export type Stored = From & {
  readonly id: string;
  readonly row: string;
  readonly run: string | null;
  readonly starred: boolean;
};

/** What the columns of a session's or a run's row hold, whose it is included. */
export type Owned = From & { readonly id: string; readonly row: string; readonly starred: boolean };

/** Of a wide row `e`. */
export const RUN_OF = "left join mcpl.run_of o on o.project = e.project and o.exchange = e.id";
export const JOINED = `e.id, e.row, e.project, e.recorder, e.person, e.host, o.run, ${starredAs("exchange", "e")}`;

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

export async function placeOf(ask: Ask, projects: readonly string[], id: string): Promise<Place | null> {
  const [found] = await ask<Place>(
    "select started::float8 as started, id from mcpl.exchange e where e.project = any(?::text[]) and e.id = ? limit 1",
    arrayOf(projects),
    plain(id),
  );
  return found ?? null;
}

/** A row that is gone in the meantime still says where its page ends. */
export async function placeBefore(ask: Ask, projects: readonly string[], id: string): Promise<Place> {
  const found = await placeOf(ask, projects, id);
  const place = placeOfId(id);
  return found ?? { started: place === null ? -1 : Math.floor(place / SLOTS), id: plain(id) };
}

/** As it was put; whose it is says the store, and its run may be known since. */
export function exchangeRow({ id, row, run, starred, ...from }: Stored): ExchangeRow {
  const put = believedExchange(jsonOf(row));
  return withStar(owned({ ...put, id, run: run ?? put.run }, from), starred);
}

/** What a row says of its own origin is not believed. */
export function owned<Row extends { origin?: Origin }>(
  row: Row,
  { project, recorder, person, host }: From,
): Row {
  return row.origin === undefined ? row : { ...row, origin: { project, recorder, user: person, host } };
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

/** A page of it; more is paged. */
const MOST_ROWS = 10_000;

export function clamped(limit: number): number {
  return Math.min(Math.max(Math.trunc(limit) || 1, 1), MOST_ROWS);
}
