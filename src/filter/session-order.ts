/** The order of MCP sessions, of rows that are at hand: as the index answers with them. */
import type { SessionRow } from "../fact/rows.ts";
import type { SessionSort } from "./sort.ts";

/** Of those that are equal the newest comes first. */
export function sessionOrder({ by, order }: SessionSort): (a: SessionRow, b: SessionRow) => number {
  const way = order === "ascending" ? 1 : -1;
  const newest = (a: SessionRow, b: SessionRow) => b.at - a.at || (a.id < b.id ? 1 : a.id > b.id ? -1 : 0);
  if (by === "time") return (a, b) => -way * newest(a, b);
  return (a, b) => {
    const [one, other] = [keyOf(a, by), keyOf(b, by)];
    // What is not there comes last in both directions.
    if (one === null || other === null) return one === other ? newest(a, b) : one === null ? 1 : -1;
    return one === other ? newest(a, b) : way * (one < other ? -1 : 1);
  };
}

function keyOf(row: SessionRow, by: Exclude<SessionSort["by"], "time">): string | number | null {
  switch (by) {
    case "server":
      return row.name;
    case "recorder":
      return row.origin?.recorder ?? null;
    case "total":
      return row.last_at - row.at;
    default:
      return row[by];
  }
}
