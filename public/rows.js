// All rows that fit a filter, by their place in the list: those in sight are loaded, the rest is only counted.
import { BLOCK, blockLoader, MOST_ROWS } from "./blocks.js";
import { ask } from "./dom.js";

/** @typedef {import("./blocks.js").Row} Row */
/** @typedef {import("./blocks.js").Fit} Fit */

/** The newest, which come first and grow by what the feed tells: more would only make the first answer longer. */
const TAIL = BLOCK;
/** Until a list that cannot place what came is asked for again. */
const AGAIN_MS = 700;

/**
 * `old` are the places below `base`, in the order of the list, with holes; `tail` the newest in the order of time. In
 * another order than that of time there is no tail.
 * @param {() => void} onChange
 */
export function rowStore(onChange) {
  /** @type {Row[]} */
  let old = [];
  /** @type {Map<string, number>} */
  let placeOf = new Map();
  let loaded = 0;
  let base = 0;
  /** @type {Row[]} */
  let tail = [];
  /** @type {Map<string, Row>} */
  let known = new Map();
  let query = { q: "", sort: "" };
  /** Whether a row that is told of belongs here. @type {(row: Row) => Fit} */
  let fitOf = () => "yes";
  const loader = blockLoader({
    again_ms: AGAIN_MS,
    newest: () => address({ limit: TAIL }),
    // Ranks count from the end of the order; by time that is the beginning of the list.
    rows: (from, to) => address({ limit: to - from, from: query.sort === "" ? from : base - to }),
    onNewest,
    onBlock,
  });
  let loading = true;

  return {
    get length() {
      return base + tail.length;
    },
    get loading() {
      return loading;
    },
    /** @param {number} n */
    at: (n) => (n < base ? old[n] : tail[n - base]),
    /** @param {string} id */
    get: (id) => known.get(id) ?? old[placeOf.get(id) ?? -1],
    indexOf,
    locate,
    want,
    open,
    reload: load,
    put,
    drop,
  };

  /**
   * Starts with another filter or order.
   * @param {typeof query} next
   */
  async function open(next) {
    query = next;
    loading = true;
    const fits = await loader.filter(next.q);
    if (fits === null) return;
    fitOf = fits;
    await load();
  }

  function load() {
    loading = true;
    return loader.load();
  }

  /** @param {{ items: Row[], total: number }} page */
  function onNewest({ items, total }) {
    forgetOld();
    known = new Map();
    if (query.sort === "") {
      tail = items.toReversed();
      for (const row of items) known.set(row.id, row);
      base = Math.max(0, total - items.length);
    } else {
      tail = [];
      base = total;
      items.forEach(keep);
    }
    loading = false;
    onChange();
  }

  /** @param {{ items: Row[] }} page @param {number} from */
  function onBlock(page, from) {
    if (loaded > MOST_ROWS) forgetOld();
    const items = query.sort === "" ? page.items.toReversed() : page.items;
    items.forEach((row, n) => keep(row, from + n));
    onChange();
  }

  /** @param {Row} row @param {number} n */
  function keep(row, n) {
    if (old[n] === undefined) loaded += 1;
    old[n] = row;
    placeOf.set(row.id, n);
  }

  function forgetOld() {
    old = [];
    placeOf = new Map();
    loaded = 0;
  }

  /** Loads what is missing of these places. @param {number} first @param {number} last */
  function want(first, last) {
    loader.want(first, last, base, (_, from, to) => {
      for (let n = from; n < to; n++) if (old[n] === undefined) return false;
      return true;
    });
  }

  /** @param {Record<string, number>} page */
  function address(page) {
    const search = new URLSearchParams();
    for (const [name, value] of Object.entries(page)) search.set(name, String(value));
    if (query.q !== "") search.set("q", query.q);
    if (query.sort !== "") search.set("sort", query.sort);
    return `/api/exchanges?${search}`;
  }

  /** Where a loaded row stands; -1 for another. @param {string} id */
  function indexOf(id) {
    const row = known.get(id);
    return row ? base + placeInTail(row) : (placeOf.get(id) ?? -1);
  }

  /** Where any exchange stands, asked for when it is not loaded; -1 when it does not fit. @param {string} id */
  async function locate(id) {
    const here = indexOf(id);
    if (here >= 0 || query.sort !== "") return here;
    const search = query.q === "" ? "" : `?q=${encodeURIComponent(query.q)}`;
    const found = await ask(`/api/exchanges/${encodeURIComponent(id)}/rank${search}`).catch(() => null);
    return found === null || found.rank >= base ? -1 : found.rank;
  }

  /**
   * A row as the feed tells it. True when it is new in the list.
   * @param {Row} row
   */
  function put(row) {
    const before = known.get(row.id);
    const place = placeOf.get(row.id);
    if (before || place !== undefined) {
      // A replayed frame may be older than what the API said: a finished exchange stays finished.
      const was = before ?? old[/** @type {number} */ (place)];
      if (was?.state === "done" && row.state !== "done") return false;
      if (before) tail[placeInTail(before)] = row;
      else old[/** @type {number} */ (place)] = row;
      if (before) known.set(row.id, row);
      return false;
    }
    const fit = fitOf(row);
    if (fit === "no") return false;
    const isLast = base === 0 || (tail.length > 0 && !isBefore(row, /** @type {Row} */ (tail[0])));
    if (fit === "unknown" || query.sort !== "" || !isLast) {
      if (row.state === "done") loader.later();
      return false;
    }
    tail.splice(placeInTail(row), 0, row);
    known.set(row.id, row);
    return true;
  }

  /** @param {readonly string[]} ids */
  function drop(ids) {
    for (const id of ids) {
      const row = known.get(id);
      if (row) tail.splice(placeInTail(row), 1);
      known.delete(id);
      if (placeOf.has(id)) loader.later();
    }
  }

  /** Where a row stands, or would stand. Mostly at the end. @param {Row} row */
  function placeInTail(row) {
    let [low, high] = [0, tail.length];
    if (high > 0 && isBefore(/** @type {Row} */ (tail[high - 1]), row)) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBefore(/** @type {Row} */ (tail[middle]), row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** @param {Row} a @param {Row} b */
function isBefore(a, b) {
  return a.at < b.at || (a.at === b.at && a.id < b.id);
}
