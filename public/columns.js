// Which columns the list has: as they were chosen, and dropped by their worth where there is no room. Their heads.
import { $, el } from "./dom.js";
import { makeCells } from "./row-cells.js";
import { COLUMNS, fitting, tracks } from "./shown/columns.ts";
import { t } from "./words.js";

/** Of the style sheet: between two columns, and at both edges together. */
const GAP = 10;
const EDGES = 22;
/** Below this width of the window rows have two lines, which the style sheet lays out. */
const TWO_LINES = window.matchMedia("(max-width: 719px)");
const STORED = "columns";

/**
 * @param {HTMLElement} grid
 * @param {() => string} sortNow what the list is sorted by, as `-cost`
 * @param {() => void} onChange told when rows have other cells
 * @param {() => any} [groupNow] what the menu says of groups, see view-menu.js
 */
export function startColumns(grid, sortNow, onChange, groupNow = () => null) {
  const head = /** @type {HTMLElement} */ ($(".row.head", grid));
  const menu = /** @type {HTMLElement} */ ($("#columns-menu"));
  let chosen = read();
  /** @type {readonly import("../src/shown/columns.ts").Column[]} */
  let shown = [];
  let width = 0;

  menu.parentElement?.addEventListener("toggle", async ({ target }) => {
    if (!(/** @type {HTMLDetailsElement} */ (target).open)) return;
    const { fillViewMenu } = await import("./view-menu.js");
    fillViewMenu(menu, {
      group: groupNow(),
      columns: {
        chosen,
        change(next) {
          chosen = next;
          localStorage.setItem(STORED, chosen.join(" "));
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

  /** @param {"chosen" | "resized"} why */
  function lay(why) {
    const next = TWO_LINES.matches
      ? COLUMNS.filter(({ id }) => ["sign", "model", "story", "status", "total"].includes(id))
      : fitting(chosen, width - EDGES, GAP);
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
        const title = t(`column.${column.title}`);
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

/** @param {import("../src/shown/columns.ts").Column} column @param {string} title @param {string} sort */
function sortButton({ sort: by = "time" }, title, sort) {
  const button = el("button", "", title);
  button.setAttribute("type", "button");
  button.dataset["do"] = "sort";
  button.dataset["by"] = by;
  if (sort.replace("-", "") === by) button.append(el("i", sort.startsWith("-") ? "falling" : "rising"));
  return button;
}

/** @returns {string[]} */
function read() {
  const stored = localStorage.getItem(STORED);
  return stored === null
    ? COLUMNS.flatMap(({ id, usual }) => (usual ? [id] : []))
    : stored.split(" ").filter((id) => COLUMNS.some((column) => column.id === id));
}
