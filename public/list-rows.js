// The row elements of a list: about forty for any number of rows, each written anew when another item comes into its place.

/** More new rows than this in one drawing do not glow: in a busy list everything would. */
const CALM = 2;

/** @typedef {HTMLElement & { wanted: boolean, n: number, height: number, item: any, key: string | undefined }} Row */

/**
 * `make(row)` fills a new row element once; `draw(row, item)` writes an item into it; `key(item)` names it.
 * @param {HTMLElement} grid
 * @param {{ make(row: any): void, draw(row: any, item: any): void, key(item: any): any }} cells
 */
export function listRows(grid, { make, draw, key }) {
  const body = /** @type {HTMLElement} */ (grid.querySelector(".rows"));
  const prefix = `${grid.id || "list"}-row-`;
  /** @type {Row[]} */
  const pool = [];

  return {
    fill,
    /** How tall all rows are, drawn or not. @param {number} px */
    stretch: (px) => void (body.style.height = `${px}px`),
    /** Every row is written again, also that of the same item. */
    forget() {
      for (const row of pool) row.item = undefined;
    },
    /** Other columns: every row is made anew. */
    remake() {
      for (const row of pool) {
        make(row);
        row.item = undefined;
      }
    },
    /** Draws the rows in sight that `fn` picks once more: their item is the same, the clock is not. @param {(item: any) => boolean} fn */
    again(fn) {
      for (const row of pool) if (!row.hidden && row.item !== undefined && fn(row.item)) draw(row, row.item);
    },
  };

  /**
   * Shows these rows of a source; `fresh` are those that just came.
   * @param {import("./list.js").Source} source @param {number} first @param {number} last
   * @param {{ height: number, selected: any, fresh: ReadonlySet<any> }} look
   */
  function fill(source, first, last, look) {
    while (pool.length < last - first) pool.push(newRow());
    for (const row of pool) row.wanted = false;
    for (let n = first; n < last; n++)
      place(/** @type {Row} */ (pool[n % pool.length]), n, source.at(n), look);
    for (const row of pool) if (row.hidden === row.wanted) row.hidden = !row.wanted;
    // Names the chosen row only while it is drawn: a name of nothing says nothing.
    const here = look.selected !== null && pool.some((row) => row.wanted && row.key === look.selected);
    if (here) grid.setAttribute("aria-activedescendant", prefix + look.selected);
    else grid.removeAttribute("aria-activedescendant");
  }

  function newRow() {
    const row = /** @type {Row} */ (/** @type {unknown} */ (document.createElement("div")));
    row.className = "row";
    row.setAttribute("role", "row");
    make(row);
    for (const cell of row.children) if (!cell.hasAttribute("role")) cell.setAttribute("role", "gridcell");
    body.append(row);
    return row;
  }

  /** @param {Row} row @param {number} n @param {any} item @param {Parameters<typeof fill>[3]} look */
  function place(row, n, item, { height, selected, fresh }) {
    const id = item === undefined ? `at-${n}` : key(item);
    row.wanted = true;
    if (row.n !== n || row.height !== height) {
      row.n = n;
      row.height = height;
      row.style.transform = `translateY(${n * height}px)`;
      row.setAttribute("aria-rowindex", String(n + 2));
    }
    if (row.item !== item || row.key !== id) {
      const same = row.key === id;
      row.item = item;
      row.key = id;
      row.id = prefix + id;
      if (item === undefined) row.classList.add("absent");
      else {
        row.classList.remove("absent");
        draw(row, item);
      }
      row.classList.toggle("fresh", !same && fresh.size <= CALM && fresh.has(id));
    }
    const is = id === selected ? "true" : "false";
    if (row.getAttribute("aria-selected") !== is) row.setAttribute("aria-selected", is);
  }
}
