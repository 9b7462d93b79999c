// The list in groups: heads, exchanges and calls, each by its rank in the order that the index has. What is folded and
// what is opened is asked for with the rows, so that counts, the scroll bar and every step know all of them.
import { ask, failed } from "./dom.js";

/** @typedef {import("../src/fact/rows.ts").ExchangeRow} Row */
/** @typedef {import("../src/index/index.ts").GroupedRow} Grouped */
/** @typedef {import("../src/filter/fits.ts").Fit} Fit */

const BLOCK = 200;
/** Loaded rows that are kept; what is forgotten is asked for again. */
const MOST = 60_000;
/** More is not opened by hand; the address of a question has an end. */
const MOST_NAMED = 200;
const RETRY_MS = 1000;
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
  /** Blocks on their way, and those that are as the index has them now. @type {Set<number>} */
  let asked = new Set();
  /** @type {Set<number>} */
  let fresh = new Set();
  let age = 0;
  let loading = true;
  let failing = false;
  /** @type {ReturnType<typeof setTimeout> | null} */
  let again = null;

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
    reload: () => load("again"),
    put,
    drop: () => later(),
    fold,
    foldAll,
    openCalls,
  };

  /** @param {{ q: string, by: string, order: string }} next */
  async function open(next) {
    const isOther = next.by !== query.by;
    query = next;
    if (isOther) [except, calls] = [new Set(), new Set()];
    const mine = ++age;
    loading = true;
    const reader = next.q === "" ? null : await import("./filter-fit.js");
    if (mine !== age) return;
    fitOf = reader?.fitOf(next.q) ?? (() => "yes");
    forget();
    await load("anew");
  }

  function forget() {
    [items, rankOf, asked, fresh] = [[], new Map(), new Set(), new Set()];
    loaded = 0;
  }

  /** The newest end, and how long it all is. @param {"anew" | "again"} how */
  async function load(how) {
    const mine = how === "anew" ? age : ++age;
    asked = new Set();
    fresh = new Set();
    try {
      const page = await ask(address({ limit: BLOCK }));
      if (mine !== age) return;
      [failing, loading] = [false, false];
      take(page);
      onChange();
    } catch (error) {
      if (mine !== age) return;
      if (!failing) failed(/** @type {Error} */ (error));
      failing = true;
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
      if (mine === age) await load(how === "anew" ? "anew" : "again");
    }
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
    if (loading) return;
    for (let block = Math.floor(first / BLOCK); block * BLOCK < Math.min(last, total); block++) {
      if (asked.has(block) || fresh.has(block)) continue;
      asked.add(block);
      void loadBlock(block, age);
    }
  }

  /** @param {number} block @param {number} mine */
  async function loadBlock(block, mine) {
    if (loaded > MOST) forget();
    try {
      const page = await ask(address({ limit: BLOCK, from: block * BLOCK }));
      if (mine !== age) return;
      fresh.add(block);
      take(page);
      onChange();
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
    if (mine === age) asked.delete(block);
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
    return load("again");
  }

  /** @param {"all" | "none"} how */
  function foldAll(how) {
    folded = how;
    localStorage.setItem("group.fold", how);
    except = new Set();
    forget();
    return load("again");
  }

  /** @param {string} id @param {"fold" | "open" | "turn"} how */
  function openCalls(id, how) {
    const isOpen = calls.has(id);
    if (how !== "turn" && isOpen === (how === "open")) return;
    if (!calls.delete(id)) calls = new Set([...calls, id].slice(-MOST_NAMED));
    void load("again");
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
      if (isOver) later();
      return false;
    }
    if (fitOf(row) !== "no") later();
    return false;
  }

  function later() {
    again ??= setTimeout(() => {
      again = null;
      void load("again");
    }, AGAIN_MS);
  }
}
