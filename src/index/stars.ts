/** Stars in SQLite: what is starred, whether it is here yet or not, and how a row says so. */
import type { Database } from "bun:sqlite";
import type { Star } from "../fact/rows.ts";

/** Whether what is called so has a star, as a column `starred`. */
export const starredAs = (of: Star["of"], id: string) =>
  `exists (select 1 from stars where stars.of = '${of}' and stars.id = ${id}) as starred`;

/** The same as a condition, which finds the few that have one by their ids. */
export const isStarred = (of: Star["of"], id: string) =>
  `${id} in (select stars.id from stars where stars.of = '${of}')`;

/** A row that was read just now says it where it is so, whatever it said when it was put. */
export function withStar<Row extends { starred?: true }>(row: Row, starred: number | boolean): Row {
  if (Number(starred) === 1) row.starred = true;
  else if (row.starred !== undefined) delete row.starred;
  return row;
}

/** These have a star, and nothing else. What is as it was is not written: what was counted before still holds then. */
export function putStars(db: Database, stars: readonly Star[]): void {
  db.transaction(() => {
    const keyOf = ({ of, id }: Star) => `${of} ${id}`;
    const before = new Map(starsIn(db).map((star) => [keyOf(star), star]));
    const now = new Map(stars.map((star) => [keyOf(star), star]));
    const add = db.query<unknown, [string, string]>("insert into stars values (?, ?)");
    const drop = db.query<unknown, [string, string]>("delete from stars where of = ? and id = ?");
    for (const [key, { of, id }] of now) if (!before.has(key)) add.run(of, id);
    for (const [key, { of, id }] of before) if (!now.has(key)) drop.run(of, id);
  }).immediate();
}

export function starsIn(db: Database): Star[] {
  return db.query<Star, []>("select of, id from stars order by of, id").all();
}
