/**
 * Whose a body is. A bucket knows no projects: a body is found by its id alone, and whoever may put rows into one project could put one
 * with the id of another's. What is read is shown where its sum is the row's own, which who has not seen it cannot give.
 */
import type { ExchangeRow } from "../fact/rows.ts";
import type { Ask } from "../index/postgres/asking.ts";
import { plain } from "../index/postgres/filter.ts";

/** A row without a sum, of an older recorder, is believed where no other project has one of its id. */
export async function isBodyOf(
  ask: Ask,
  { id, sum, origin }: ExchangeRow,
  bytes: Uint8Array,
): Promise<boolean> {
  if (sum !== undefined) return new Bun.CryptoHasher("sha256").update(bytes).digest("hex") === sum;
  const [found] = await ask<{ it: boolean }>(
    `select exists (select from (select distinct project from mcpl.tally) t
       cross join lateral (select from mcpl.exchange e where e.project = t.project and e.id = ? limit 1) e
       where t.project <> ?) as it`,
    plain(id),
    origin?.project ?? "",
  );
  return !found?.it;
}
