/** Which exchanges asked the same before and after this one, where the book of runs does not know: nothing but a failure joins them. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { Sources } from "./sources.ts";

export type Attempt = { readonly exchange: string; readonly status: number | null };

/** Rows on either side that are looked at: who asks again does it soon. */
const NEAR = 20;
/** Who asks the same later than this asks anew. */
const AGAIN_MS = 600_000;

/** All attempts in their order, this one among them; none where nothing failed. */
export async function askedAgain({ index }: Pick<Sources, "index">, row: ExchangeRow): Promise<Attempt[]> {
  const rank = await index.rank(row.id, {});
  if (rank === null) return [];
  const { items } = await index.exchanges({ from: Math.max(0, rank - NEAR), limit: 2 * NEAR + 1 });
  return attemptsAmong(items, row).map(({ id, status }) => ({ exchange: id, status }));
}

/** `rows` in any order. */
export function attemptsAmong(rows: readonly ExchangeRow[], row: ExchangeRow): ExchangeRow[] {
  const alike = rows
    .filter((it) => asksTheSame(it, row))
    .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  const here = alike.findIndex(({ id }) => id === row.id);
  if (here < 0) return [];
  let [first, last] = [here, here];
  while (first > 0 && follows(alike[first - 1]!, alike[first]!)) first--;
  while (last + 1 < alike.length && follows(alike[last]!, alike[last + 1]!)) last++;
  return first === last ? [] : alike.slice(first, last + 1);
}

/** To the byte as long, by the same program: two people may ask the same. */
function asksTheSame(a: ExchangeRow, b: ExchangeRow): boolean {
  return (
    a.method === b.method &&
    a.path === b.path &&
    a.model === b.model &&
    a.client === b.client &&
    a.bytes_in === b.bytes_in &&
    a.asked === b.asked
  );
}

function follows(before: ExchangeRow, after: ExchangeRow): boolean {
  const ended = before.at + (before.duration_ms ?? 0);
  return hasFailed(before) && after.at >= ended - 1 && after.at - ended < AGAIN_MS;
}

function hasFailed({ state, status, ending }: ExchangeRow): boolean {
  return state === "done" && ((status ?? 0) >= 400 || ending !== "complete");
}
