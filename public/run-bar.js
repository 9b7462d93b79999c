// The bar of a run in the list of runs: for whom it waited.
import { runBar } from "./shown/run-bar.ts";
import { ms, t } from "./words.js";

/** Into the empty bar of row-cells.js. @param {HTMLElement} cell @param {import("../src/fact/rows.ts").RunRow} run @param {number} now */
export function fillRunBar(cell, run, now) {
  const parts = runBar(run, now);
  const rects = cell.querySelectorAll("rect");
  rects.forEach((rect, n) => {
    const part = parts?.[n];
    rect.setAttribute("class", `of-${part?.of}`);
    rect.setAttribute("x", String(part?.from ?? 0));
    rect.setAttribute("width", String(part?.width ?? 0));
  });
  const [model, tool, host] = (parts ?? []).map((part) => ms(part.ms));
  const words = model === undefined ? "" : t("runs.bar", { model, tool: tool ?? "", host: host ?? "" });
  if (cell.title !== words) cell.title = words;
}
