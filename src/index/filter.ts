/** From the filters of a query to SQL conditions. Values are always bound, never written into the SQL. */
import type { Ending } from "../fact/fact.ts";
import type { ExchangeQuery } from "./index.ts";

export type Conditions = { sql: string[]; values: (string | number)[] };

const ENDINGS: Record<Ending, true> = {
  complete: true,
  "client-gone": true,
  "upstream-error": true,
  refused: true,
  interrupted: true,
};

export function conditions(query: ExchangeQuery): Conditions {
  const found: Conditions = { sql: [], values: [] };
  for (const column of ["dialect", "model", "upstream", "conversation"] as const) {
    const value = query[column];
    if (value === undefined || value === "") continue;
    found.sql.push(`e.${column} = ?`);
    found.values.push(value);
  }
  if (query.status !== undefined && query.status.trim() !== "") addStatus(found, query.status.trim());
  return found;
}

/** `200`, `4xx`, `>=400`, `!=200`, or an ending; anything else is true of no exchange. */
function addStatus({ sql, values }: Conditions, status: string): void {
  const family = /^([1-9])xx$/i.exec(status);
  const compared = /^(>=|<=|>|<|=|!=)?\s*(\d{1,9})$/.exec(status);
  if (Object.hasOwn(ENDINGS, status.toLowerCase())) {
    sql.push("e.ending = ?");
    values.push(status.toLowerCase());
  } else if (family) {
    sql.push("e.status between ? and ?");
    values.push(Number(family[1]) * 100, Number(family[1]) * 100 + 99);
  } else if (compared) {
    sql.push(`e.status ${compared[1] ?? "="} ?`);
    values.push(Number(compared[2]));
  } else sql.push("0");
}
