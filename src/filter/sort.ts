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

/** Of the list of runs. */
export const RUN_SORTABLE = [
  "time",
  "client",
  "state",
  "model",
  "server",
  "steps",
  "total",
  "tokens",
  "cost",
  "errors",
  "problems",
] as const;

export type RunSort = { by: (typeof RUN_SORTABLE)[number]; order: Sort["order"] };

/** Of the list of MCP sessions. */
export const SESSION_SORTABLE = [
  "time",
  "server",
  "client",
  "state",
  "transport",
  "revision",
  "requests",
  "errors",
  "problems",
  "messages",
  "total",
  "recorder",
] as const;

export type SessionSort = { by: (typeof SESSION_SORTABLE)[number]; order: Sort["order"] };

/** As people write it on a command line: `cost`, `-cost` for the largest first. Null for what cannot be sorted by. */
export function parseSort(said: string): Sort | null {
  return sortIn(SORTABLE, said);
}

export function parseRunSort(said: string): RunSort | null {
  return sortIn(RUN_SORTABLE, said);
}

export function parseSessionSort(said: string): SessionSort | null {
  return sortIn(SESSION_SORTABLE, said);
}

function sortIn<const By extends string>(all: readonly By[], said: string) {
  const by = all.find((name) => name === said.replace(/^-/, ""));
  if (by === undefined) return null;
  return { by, order: said.startsWith("-") ? ("descending" as const) : ("ascending" as const) };
}
