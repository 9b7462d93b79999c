// The list in groups: heads, exchanges and calls, each by its rank in the order that the index has. What is folded and
// what is opened is asked for with the rows, so that counts, the scroll bar and every step know all of them.
import { BLOCK, blockLoader, MOST_ROWS } from "./blocks.js";
import { ask } from "./dom.js";

/** @typedef {import("./blocks.js").Row} Row */
/** @typedef {import("./blocks.js").Fit} Fit */
/** @typedef {import("../src/index/index.ts").GroupedRow} Grouped */

/** More is not opened by hand; the address of a question has an end. */
const MOST_NAMED = 200;
/** Until a list to which something came is asked for again. */
const AGAIN_MS = 400;

/** What names a row of the list. @param {any} item @returns {string} */
export function keyOf(item) {
  if (item.kind === "group") return `group-${item.group.id}`;
  return item.kind === "call" ? `call-${item.step.id}` : item.row.id;
}

/**
 * `top()` is the rank of the first row in sight, `moved(n)` is told when rows came in above it.
 * @param {{ onChange(): void, top(): number, moved(n: number): void }} told
 */
export function groupStore({ onChange, top, moved }) {
  /** @type {Grouped[]} */
  let items = [];
  /** @type {Map<string, number>} */
  let rankOf = new Map();
  let total = 0;
  let exchanges = 0;
  let loaded = 0;
  let query = { q: "", by: "conversation", order: "newest last" };
  /** @type {(row: Row) => Fit} */
  let fitOf = () => "yes";
  let folded = localStorage.getItem("group.fold") === "all" ? "all" : "none";
  /** Groups of which the opposite holds, and exchanges whose calls are shown. @type {Set<string>} */
  let except = new Set();
  /** @type {Set<string>} */
  let calls = new Set();
  /** Blocks that are as the index has them now. @type {Set<number>} */
  let fresh = new Set();
  let loading = true;
  const loader = blockLoader({
    again_ms: AGAIN_MS,
    newest: () => address({ limit: BLOCK }),
    rows: (from) => address({ limit: BLOCK, from }),
    onNewest(page) {
      fresh = new Set();
      loading = false;
      take(page);
      onChange();
    },
    onBlock(page, _, block) {
      if (loaded > MOST_ROWS) forget();
      fresh.add(block);
      take(page);
      onChange();
    },
  });

  return {
    get length() {
      return total;
    },
    get exchanges() {
      return exchanges;
    },
    get loading() {
      return loading;
    },
    get folded() {
      return folded;
    },
    /** @param {number} n */
    at: (n) => items[n],
    indexOf,
    locate,
    want,
    open,
    reload: loader.load,
    put,
    drop: loader.later,
    fold,
    foldAll,
    openCalls,
  };

  /** @param {{ q: string, by: string, order: string }} next */
  async function open(next) {
    const isOther = next.by !== query.by;
    query = next;
    if (isOther) [except, calls] = [new Set(), new Set()];
    loading = true;
    const fits = await loader.filter(next.q);
    if (fits === null) return;
    fitOf = fits;
    forget();
    await loader.load();
  }

  function forget() {
    [items, rankOf, fresh] = [[], new Map(), new Set()];
    loaded = 0;
  }

  /** What the top row is stays the top row. @param {{ from: number, items: Grouped[], total: number, exchanges: number }} page */
  function take(page) {
    const anchor = items[top()];
    const before = top();
    ({ total, exchanges } = page);
    items.length = Math.min(items.length, total);
    page.items.forEach((item, n) => {
      const rank = page.from + n;
      if (items[rank] === undefined) loaded += 1;
      items[rank] = item;
      rankOf.set(keyOf(item), rank);
    });
    if (!anchor) return;
    const now = indexOf(keyOf(anchor));
    if (now >= 0 && now !== before) moved(now - before);
  }

  /** Loads what is missing of these, and what was loaded before something came. @param {number} first @param {number} last */
  function want(first, last) {
    if (!loading) loader.want(first, last, total, (block) => fresh.has(block));
  }

  /** @param {Record<string, number>} page */
  function address(page) {
    return `/api/grouped?${search(page)}`;
  }

  /** @param {Record<string, number>} page */
  function search(page) {
    const said = new URLSearchParams();
    for (const [name, value] of Object.entries(page)) said.set(name, String(value));
    said.set("by", query.by);
    said.set("order", query.order);
    if (query.q !== "") said.set("q", query.q);
    if (folded === "all") said.set("fold", "all");
    if (except.size > 0) said.set("except", [...except].join(","));
    if (calls.size > 0) said.set("calls", [...calls].join(","));
    return said;
  }

  /** Where a loaded row stands; -1 for another. @param {string} key */
  function indexOf(key) {
    const n = rankOf.get(key) ?? -1;
    const item = items[n];
    return item && keyOf(item) === key ? n : -1;
  }

  /** Where any exchange stands; a group that hides it opens. @param {string} id */
  async function locate(id) {
    const here = indexOf(id);
    if (here >= 0) return here;
    const find = () => ask(`/api/grouped/${encodeURIComponent(id)}/rank?${search({})}`).catch(() => null);
    const found = await find();
    if (!found?.folded || found.group === null) return found?.rank ?? -1;
    await fold(found.group, "open");
    return (await find())?.rank ?? -1;
  }

  /** @param {string} id @param {"fold" | "open" | "turn"} how */
  function fold(id, how) {
    const isFolded = except.has(id) === (folded === "none");
    if (how !== "turn" && isFolded === (how === "fold")) return Promise.resolve();
    if (!except.delete(id)) except = new Set([...except, id].slice(-MOST_NAMED));
    return loader.load();
  }

  /** @param {"all" | "none"} how */
  function foldAll(how) {
    folded = how;
    localStorage.setItem("group.fold", how);
    except = new Set();
    forget();
    return loader.load();
  }

  /** @param {string} id @param {"fold" | "open" | "turn"} how */
  function openCalls(id, how) {
    const isOpen = calls.has(id);
    if (how !== "turn" && isOpen === (how === "open")) return;
    if (!calls.delete(id)) calls = new Set([...calls, id].slice(-MOST_NAMED));
    void loader.load();
  }

  /** A row as the feed tells it. True when it is new in the list. @param {Row} row */
  function put(row) {
    const n = indexOf(row.id);
    const item = items[n];
    if (item?.kind === "exchange") {
      if (item.row.state === "done" && row.state !== "done") return false;
      const isOver = item.row.state !== "done" && row.state === "done";
      items[n] = { ...item, row };
      // Sums of heads, and the calls that it asked for.
      if (isOver) loader.later();
      return false;
    }
    if (fitOf(row) !== "no") loader.later();
    return false;
  }
}
