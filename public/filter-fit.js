// Whether a row fits what was typed, as the feed tells of it. Loaded with the first filter.
import { parseFilter } from "./filter/filter.ts";
import { fits } from "./filter/fits.ts";

/** @param {string} q @returns {(row: import("../src/fact/rows.ts").ExchangeRow) => import("../src/filter/fits.ts").Fit} */
export function fitOf(q) {
  const filter = parseFilter(q);
  return (row) => fits(row, filter, Date.now(), row.state === "done" ? "bodies too" : "story");
}
