/** In which order a list stands. */

/** Columns of the list that can be sorted by. */
export const SORTABLE = [
  "time",
  "model",
  "dialect",
  "upstream",
  "client",
  "status",
  "ttft",
  "total",
  "in",
  "out",
  "cached",
  "cost",
  "problems",
] as const;
export type Sort = { by: (typeof SORTABLE)[number]; order: "ascending" | "descending" };

/** As people write it on a command line: `cost`, `-cost` for the largest first. Null for what cannot be sorted by. */
export function parseSort(said: string): Sort | null {
  const by = SORTABLE.find((name) => name === said.replace(/^-/, ""));
  return by === undefined ? null : { by, order: said.startsWith("-") ? "descending" : "ascending" };
}
