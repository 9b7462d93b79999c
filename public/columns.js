// Which columns the list has: as they were chosen, and dropped by their worth where there is no room. Their heads.
import { $, el } from "./dom.js";
import { makeCells } from "./row-cells.js";
import { fitting, tracks } from "./shown/columns.ts";
import { t } from "./words.js";

/** Of the style sheet: between two columns, and at both edges together. */
const GAP = 10;
const EDGES = 22;
/** Below this width of the window rows have two lines, which the style sheet lays out. */
const TWO_LINES = window.matchMedia("(max-width: 719px)");
/** @typedef {import("../src/shown/columns.ts").Layout} Layout */

/**
 * `all` columns of the list, `stored` where the chosen ones are kept, `titleOf` their names; `narrow` are those of rows in two lines.
 * `sortNow` is what the list is sorted by, as `-cost`; `onChange` is told when rows have other cells; `groupNow` is what
 * the menu says of groups, see view-menu.js.
 * @param {HTMLElement} grid
 * @param {{ all: readonly Layout[], stored: string, narrow: readonly string[], titleOf(title: string): string,
 *   sortNow(): string, onChange(): void, groupNow?(): any }} list
 */
export function startColumns(grid, { all, stored, narrow, titleOf, sortNow, onChange, groupNow }) {
  const head = /** @type {HTMLElement} */ ($(".row.head", grid));
  const menu = /** @type {HTMLElement} */ ($("#columns-menu"));
  let chosen = read();
  /** @type {readonly Layout[]} */
  let shown = [];
  let width = 0;

  menu.parentElement?.addEventListener("toggle", async ({ target }) => {
    if (!(/** @type {HTMLDetailsElement} */ (target).open)) return;
    const { fillViewMenu } = await import("./view-menu.js");
    fillViewMenu(menu, {
      group: groupNow?.() ?? null,
      all,
      titleOf,
      columns: {
        chosen,
        change(next) {
          chosen = next;
          localStorage.setItem(stored, chosen.join(" "));
          lay("chosen");
        },
      },
    });
  });
  new ResizeObserver(([entry]) => {
    width = entry?.contentRect.width ?? 0;
    lay("resized");
  }).observe(grid);
  TWO_LINES.addEventListener("change", () => lay("resized"));
  width = grid.clientWidth;
  lay("chosen");

  return {
    /** @param {HTMLElement} row */
    make: (row) => makeCells(row, shown),
    drawHead,
  };

  /** @returns {string[]} */
  function read() {
    const kept = localStorage.getItem(stored);
    return kept === null
      ? all.flatMap(({ id, usual }) => (usual ? [id] : []))
      : kept.split(" ").filter((id) => all.some((column) => column.id === id));
  }

  /** @param {"chosen" | "resized"} why */
  function lay(why) {
    const next = TWO_LINES.matches
      ? all.filter(({ id }) => narrow.includes(id))
      : fitting(all, chosen, width - EDGES, GAP);
    if (why === "resized" && next.map(({ id }) => id).join() === shown.map(({ id }) => id).join()) return;
    shown = next;
    grid.style.setProperty("--columns", tracks(shown));
    drawHead();
    onChange();
  }

  function drawHead() {
    const sort = sortNow() || "-time";
    head.replaceChildren(
      ...shown.map((column) => {
        const cell = el("span", `c-${column.id}${column.align ? " num" : ""}`);
        cell.setAttribute("role", "columnheader");
        const title = titleOf(column.title);
        if (column.kind === "sign") cell.append(el("span", "unseen", title));
        else if (column.sort === undefined) cell.textContent = title;
        else cell.append(sortButton(column, title, sort));
        const why = t(`column.${column.title}.why`);
        if (why !== `column.${column.title}.why`) cell.title = why;
        const is = sort.replace("-", "") === column.sort && column.sort !== undefined;
        if (is) cell.setAttribute("aria-sort", sort.startsWith("-") ? "descending" : "ascending");
        return cell;
      }),
    );
  }
}

/** @param {Layout} column @param {string} title @param {string} sort */
function sortButton({ sort: by = "time" }, title, sort) {
  const button = el("button", "", title);
  button.setAttribute("type", "button");
  button.dataset["do"] = "sort";
  button.dataset["by"] = by;
  if (sort.replace("-", "") === by) button.append(el("i", sort.startsWith("-") ? "falling" : "rising"));
  return button;
}
