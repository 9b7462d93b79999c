// A windowed list: what is in sight, chosen and followed of any number of rows, one drawing per frame. Its rows are an array, or a
// source that knows how many there are and has only those that were loaded.
import { announce } from "./dom.js";
import { listKeys } from "./list-keys.js";
import { listRows } from "./list-rows.js";
import { t } from "./words.js";

/** Where all in sight is replaced before it can be read, ten drawings a second are calmer than sixty, and leave the page its time. */
const CALM_MS = 100;

/** What names an item: a text, or the number of a message. @typedef {any} Key */
/**
 * @typedef {{ readonly length: number, at(n: number): any, indexOf(id: Key): number, want?(first: number, last: number): void }} Source
 */

/** @param {any[]} items @param {(item: any) => string} key @returns {Source} */
const ofArray = (items, key) => ({
  get length() {
    return items.length;
  },
  at: (n) => items[n],
  indexOf: (id) => items.findIndex((item) => key(item) === id),
});

/**
 * `make(row)` fills a new row element once; `draw(row, item)` writes an item into it; `key(item)` names it.
 * `onKey(event, item)` is asked first what a key means for the chosen row. `edge` is where new rows come in: the list follows there until somebody scrolls away. Then `pill` counts them.
 * @param {HTMLElement} grid
 * @param {{ make(row: any): void, draw(row: any, item: any): void, key(item: any): Key, edge?: "bottom" | "top",
 *   onSelect?(item: any, how: string): void, onOpen?(): void, onKey?(event: KeyboardEvent, item: any): boolean | void, onDrawn?(): void, pill?: HTMLElement | null }} options
 */
export function windowed(grid, { make, draw, key, edge = "bottom", onSelect, onOpen, onKey, onDrawn, pill }) {
  const head = /** @type {HTMLElement | null} */ (grid.querySelector(".row.head"));
  const rows = listRows(grid, { make, draw, key });
  /** @type {any[]} */
  let items = [];
  let source = ofArray(items, key);
  let height = 28;
  /** @type {Key | null} */
  let selected = null;
  /** Where the selection goes as soon as that row is there. @type {{ n: number, how: string } | null} */
  let going = null;
  /** A move before there was anything. @type {{ step: number, how: string } | null} */
  let early = null;
  let follow = true;
  let dirty = false;
  /** A drawing that waits, and when the last one was. @type {ReturnType<typeof setTimeout> | undefined} */
  let calm;
  let drawnAt = -CALM_MS;
  /** @type {Set<Key>} */
  let fresh = new Set();
  /** Where we put the scroll ourselves; any other place was somebody's hand. */
  let ours = 0;
  let scrolled = 0;
  let sightHeight = 0;
  let offset = 0;
  let stretched = -1;
  let unseen = 0;
  /** What the pill says. */
  let counted = 0;

  const list = {
    get items() {
      return items;
    },
    set items(next) {
      items = next;
      source = ofArray(items, key);
      changed();
    },
    get source() {
      return source;
    },
    set source(next) {
      source = next;
      changed();
    },
    get follow() {
      return follow;
    },
    set follow(yes) {
      if (follow === yes) return;
      follow = yes;
      unseen = 0;
      changed();
    },
    get edge() {
      return edge;
    },
    set edge(next) {
      edge = next;
      changed();
    },
    get selected() {
      return selected;
    },
    /** The first row in sight. */
    get top() {
      return Math.max(0, Math.floor(scrolled / height));
    },
    changed,
    grown,
    redraw,
    select,
    move,
    show,
    shift,
    /** A row that just came: it glows, or waits behind the pill. @param {Key} id */
    flash(id) {
      fresh.add(id);
      if (!follow) unseen += 1;
    },
    remake() {
      rows.remake();
      changed();
    },
    again: rows.again,
  };

  function countUnseen() {
    if (!pill || counted === unseen) return;
    counted = unseen;
    pill.hidden = unseen === 0;
    pill.textContent = t("new", { n: unseen });
    if (unseen > 0) announce(t("new", { n: unseen }));
  }

  function changed() {
    if (dirty && calm === undefined) return;
    clearTimeout(calm);
    calm = undefined;
    dirty = true;
    requestAnimationFrame(render);
  }

  /** The feed told of rows. What a hand does is answered at once; this may wait for the next of ten drawings a second. */
  function grown() {
    if (dirty) return;
    const rest = drawnAt + CALM_MS - performance.now();
    const isFlood = fresh.size * height * 3 > sightHeight;
    if (!isFlood || rest <= 0) return changed();
    dirty = true;
    calm = setTimeout(() => changed(), rest);
  }

  function redraw() {
    rows.forget();
    changed();
  }

  /** Reads nothing of the layout: what it needs was noted when it changed (`measure`, the scroll event). */
  function render() {
    dirty = false;
    drawnAt = performance.now();
    stretch();
    countUnseen();
    const top = follow ? edgeTop() : Math.min(scrolled, lowest());
    const first = Math.max(0, Math.floor(top / height) - 4);
    const last = Math.min(source.length, Math.ceil((top + sightHeight) / height) + 4);
    source.want?.(first, last);
    if (early !== null && source.length > 0) {
      const { step, how } = early;
      early = null;
      move(step, how);
    }
    arrive();
    rows.fill(source, first, last, { height, selected, fresh });
    if (follow) scrollTo(top);
    fresh.clear();
    onDrawn?.();
  }

  /** The row that the selection waits for may have come. */
  function arrive() {
    if (going === null) return;
    const item = source.at(going.n);
    if (item === undefined) return void source.want?.(going.n, going.n + 1);
    const { how } = going;
    going = null;
    select(key(item), how);
  }

  /** After a change of size, theme or window. */
  function measure() {
    height = parseFloat(getComputedStyle(grid).getPropertyValue("--row")) || 28;
    offset = head?.offsetHeight ?? 0;
    sightHeight = grid.clientHeight;
    changed();
  }

  function stretch() {
    const tall = source.length * height;
    if (tall === stretched) return;
    stretched = tall;
    rows.stretch(tall);
    grid.setAttribute("aria-rowcount", String(source.length + 1));
  }

  function lowest() {
    return Math.max(0, source.length * height + offset - sightHeight);
  }

  function edgeTop() {
    return edge === "bottom" ? lowest() : 0;
  }

  /** @param {number} y */
  function scrollTo(y) {
    stretch();
    const to = Math.max(0, Math.min(lowest(), y));
    if (Math.abs(to - scrolled) > 0.5) grid.scrollTop = to;
    scrolled = to;
    ours = to;
  }

  /** @param {Key | null} id */
  function select(id, how = "quiet") {
    selected = id;
    changed();
    if (id === null || how === "quiet") return;
    const n = source.indexOf(id);
    if (n < 0) return;
    if (n !== edgeIndex()) list.follow = false;
    show(n);
    onSelect?.(source.at(n), how);
  }

  function edgeIndex() {
    return edge === "bottom" ? source.length - 1 : 0;
  }

  /** By `step` rows from the selection, or to an end with Infinity. @param {number} step */
  function move(step, how = "key") {
    // A hand that is quicker than the first rows is not forgotten.
    if (source.length === 0) {
      early = { step, how };
      return;
    }
    // Keys add up, also while the row that they lead to is on its way.
    const now = going?.n ?? (selected === null ? -1 : source.indexOf(selected));
    const start = now < 0 ? (step > 0 ? -1 : source.length) : now;
    const n = Math.max(0, Math.min(source.length - 1, start + step));
    if (n === now) return;
    going = { n, how };
    list.follow = false;
    show(n);
    arrive();
    changed();
  }

  /** Where we scroll ourselves nothing else draws: what comes into sight by this is drawn by this. @param {number} n */
  function show(n) {
    const top = n * height;
    const seen = sightHeight - offset;
    if (top < scrolled) scrollTo(top);
    else if (top + height > scrolled + seen) scrollTo(top + height - seen);
    changed();
  }

  /** `n` rows came in above what is seen: it must not move. @param {number} n */
  function shift(n) {
    if (!follow || edge === "top") scrollTo(scrolled + n * height);
  }

  grid.addEventListener(
    "scroll",
    () => {
      scrolled = grid.scrollTop;
      // What we scrolled ourselves is drawn.
      if (Math.abs(scrolled - ours) <= 2) return;
      ours = scrolled;
      list.follow = edge === "top" ? scrolled < 2 : scrolled >= lowest() - 2;
      changed();
    },
    { passive: true },
  );

  grid.addEventListener("click", (event) => {
    const row = /** @type {import("./list-rows.js").Row | null} */ (
      /** @type {Element} */ (event.target).closest(".rows > .row")
    );
    if (!row || row.item === undefined || String(getSelection())) return;
    select(row.key ?? null, "click");
  });

  listKeys(grid, {
    chosen: () => (selected === null ? undefined : source.at(source.indexOf(selected))),
    page: () => Math.max(1, Math.floor((sightHeight - offset) / height) - 1),
    move,
    onKey,
    onOpen,
    hasChosen: () => selected !== null,
  });

  new ResizeObserver(measure).observe(grid);
  document.addEventListener("density", measure);
  measure();
  return list;
}
