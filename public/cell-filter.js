// A cell as a word of the filter: what somebody points at with Alt is looked for, with Shift too it is left out.

/** @typedef {import("../src/fact/rows.ts").ExchangeRow} Row */

/** @type {Record<string, (row: Row) => [field: string, value: string | number | null]>} */
const FIELDS = {
  client: ({ client }) => ["client", client?.split(" ", 1)[0] ?? null],
  upstream: ({ upstream }) => ["upstream", upstream],
  api: ({ dialect }) => ["api", dialect],
  model: ({ model }) => ["model", model],
  status: ({ status, ending }) => ["status", status ?? ending],
};

/** Null for a cell that names nothing to look for. @param {Element} cell @param {Row} row @param {"add" | "leave out"} how */
export function wordOf(cell, row, how) {
  const name = /c-(\w+)/.exec(cell.className)?.[1] ?? "";
  const [field, value] = FIELDS[name]?.(row) ?? ["", null];
  if (value === null) return null;
  const said = /[\s|"]/.test(String(value)) ? `"${String(value).replaceAll('"', "")}"` : value;
  return `${how === "add" ? "" : "-"}${field}:${said}`;
}
