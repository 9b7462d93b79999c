// The messages of one MCP session: as a sequence between two lifelines, each message an arrow, or as a list with a row for
// each call. Sections and calls fold; the order is always that of time.
import { $, ask, el } from "./dom.js";
import { windowed } from "./list.js";
import { drawMessage, makeMessage } from "./mcp-rows.js";
import { fitsMessage, offersOf, parseMessageFilter, wordsOf } from "./shown/message-filter.ts";
import { hiding, outlineOf } from "./shown/session-outline.ts";
import { count, t } from "./words.js";

/** @typedef {import("../src/fact/live.ts").ShownLine} Row */
/** @typedef {import("../src/shown/session-outline.ts").OutlineItem} Item */
/** @typedef {import("../src/shown/session-outline.ts").View} View */
/** @typedef {typeof import("./hits.js")} Hits */

const STORED = "mcp-view";

/** @param {HTMLElement} grid @param {(row: Row) => void} onOpen */
export function startMessages(grid, onOpen) {
  /** Its tools stand beside it. @type {HTMLElement} */
  const tools = $("#message-tools") ?? grid;
  const steps = JSON.parse(grid.dataset["milestones"] ?? "{}");
  let view = /** @type {View} */ (localStorage.getItem(STORED) ?? "sequence");
  /** What is looked for; only rows that fit are shown. */
  let filter = parseMessageFilter(new URLSearchParams(location.search).get("q") ?? "");
  /** What was folded or opened by hand. @type {Set<number | string>} */
  let turned = new Set();
  /** @type {Row[]} */
  const rows = [];
  const at = new Map();
  /** @type {Promise<unknown> | null} */
  let loading = null;
  let isLoaded = false;
  let isDirty = false;
  /** @type {Row[]} */
  let early = [];
  let mates = new Set();
  /** @type {Promise<Hits> | null} */
  let hits = null;
  const input = $("input", tools);
  const list = windowed(grid, {
    make: makeMessage,
    draw: (element, item) => drawMessage(element, item, { mates, steps }),
    key: (item) => item.key,
    onSelect: (item, how) => (item.kind === "section" ? how === "click" && turn(item) : onOpen(item.row)),
    onOpen: () => $("#message h2")?.focus(),
    onKey: pressed,
    onDrawn() {
      told();
      void withHits((it) => it.markHits());
    },
    pill: $("#session #follow-pill"),
  });

  /** From the last row on, page by page; `anew`: rows may have changed while nobody told us. @param {"on" | "anew"} how */
  function load(how) {
    loading = (loading ?? Promise.resolve()).then(() => pages(how)).catch(() => setTimeout(load, 1000, how));
  }

  /** @param {"on" | "anew"} how */
  async function pages(how) {
    let from = how === "anew" ? -1 : (rows.at(-1)?.seq ?? -1);
    const isFirst = rows.length === 0;
    while (from !== null) {
      const page = await ask(`${grid.dataset["src"]}?from=${from}`);
      take([...page.changed, ...page.rows], "quiet");
      settle();
      from = page.next;
    }
    isLoaded = true;
    take(early);
    early = [];
    settle();
    if (!isFirst || !at.has(list.selected)) return;
    reveal(list.selected);
    mark(list.selected);
  }

  /** Rows that are new, or that say more than they did. Until the first ones are here, they wait. @param {readonly Row[]} some */
  function take(some, how = "loud") {
    if (how === "loud" && !isLoaded) return void early.push(...some);
    for (const row of some) {
      const known = at.get(row.seq);
      if (known !== undefined) rows[known] = row;
      else if (row.seq > (rows.at(-1)?.seq ?? -1)) {
        at.set(row.seq, rows.length);
        rows.push(row);
        if (how === "loud") list.flash(row.seq);
      }
      isDirty = true;
    }
  }

  /** Draws what was taken. */
  function settle() {
    if (isDirty) show();
    isDirty = false;
  }

  /** The rows that fit; without a filter in sections and folds. */
  function show() {
    const isFiltered = filter.terms.length > 0;
    const fit = isFiltered
      ? rows.filter((row) => fitsMessage(row, filter, steps[row.milestone ?? ""]?.[0] ?? ""))
      : [];
    list.items = isFiltered
      ? fit.map((row) => ({
          kind: "message",
          key: row.seq,
          row,
          depth: 0,
          fold: null,
          times: 1,
          answer: null,
        }))
      : outlineOf(rows, view, turned);
    const found = $("[data-found]", tools);
    const hitSteps = $(".hit-steps", tools);
    if (hitSteps) hitSteps.hidden = !isFiltered;
    if (found)
      found.textContent = isFiltered ? t("shown", { n: count(fit.length), all: count(rows.length) }) : "";
  }

  /** Where in the session somebody stands, for stepping through it. */
  function told() {
    const place = $("[data-step-at]", tools);
    if (!place) return;
    const messages = list.items.filter(({ kind }) => kind === "message");
    const n = messages.findIndex(({ key }) => key === list.selected);
    const text = `${n < 0 ? "–" : count(n + 1)} / ${count(messages.length)}`;
    if (place.textContent !== text) place.textContent = text;
  }

  // --- folds

  /** What a click on its sign turns: its messages, or what it stands for. @param {Item} item */
  function keyOf(item) {
    if (item.kind === "section") return item.key;
    if (item.row.method === "notifications/progress" && item.times > 1) return -(item.row.of ?? 0) - 1;
    return item.times > 1 ? `same-${item.key}` : item.key;
  }

  /** @param {Item} item */
  function turn(item) {
    if (item.fold === null && !(item.times > 1)) return false;
    const key = keyOf(item);
    turned = new Set(turned);
    if (!turned.delete(key)) turned.add(key);
    list.follow = false;
    show();
    list.redraw();
    return true;
  }

  /** ← folds and goes out, → opens, the space bar turns round. @param {KeyboardEvent} event @param {Item} item */
  function pressed(event, item) {
    if (event.key === " ") return turn(item);
    if (event.key === "ArrowRight")
      return (item.fold === "folded" || (item.kind === "message" && item.times > 1)) && turn(item);
    if (event.key !== "ArrowLeft") return false;
    if (item.fold === "open") return turn(item);
    const n = list.items.indexOf(item);
    const depth = item.kind === "section" ? -1 : item.depth;
    const above = list.items.slice(0, n).findLast((it) => (it.kind === "section" ? -1 : it.depth) < depth);
    if (above) list.select(above.key, "key");
    return above !== undefined;
  }

  /** Opens what hides a message, and goes there. @param {number} seq */
  function reveal(seq) {
    if (filter.terms.length === 0) {
      const hidden = hiding(rows, view, turned, seq);
      for (const key of hidden) if (!turned.delete(key)) turned.add(key);
      if (hidden.length > 0) show();
    }
    const n = list.items.findIndex(({ key }) => key === seq);
    if (n >= 0) list.show(n);
  }

  /** The next message, or the one before: sections are passed over. @param {number} by */
  function step(by) {
    const messages = list.items.filter(({ kind }) => kind === "message");
    const now = messages.findIndex(({ key }) => key === list.selected);
    const next = messages[now < 0 ? (by > 0 ? 0 : messages.length - 1) : now + by];
    if (!next) return;
    list.follow = false;
    list.select(next.key, "key");
    // Stepping is for learning: what each message means is said with it.
    if (!document.body.classList.contains("learning")) $('[data-do="learn"]')?.click();
  }

  // --- how it is shown

  /** As a sequence or as a list. @param {View} next */
  function setView(next) {
    view = next;
    localStorage.setItem(STORED, view);
    grid.classList.toggle("sequence", view === "sequence");
    for (const it of tools.querySelectorAll("[data-view]"))
      it.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (it).dataset["view"] === view));
    turned = new Set();
    show();
    list.redraw();
    if (at.has(list.selected)) reveal(list.selected);
  }

  /** The rows of the same call stand out beside the chosen one. @param {number} seq */
  function mark(seq) {
    const row = rows[at.get(seq) ?? -1];
    const request = row?.of ?? seq;
    mates = new Set(rows.filter((it) => it.of === request || it.seq === request).map((it) => it.seq));
    if (mates.size < 2) mates = new Set();
    list.redraw();
    void withHits((it) => it.markHits());
  }

  /** @param {string} typed */
  function setFilter(typed) {
    filter = parseMessageFilter(typed);
    const to = new URL(location.href);
    if (typed.trim() === "") to.searchParams.delete("q");
    else to.searchParams.set("q", typed.trim());
    history.replaceState(history.state, "", to);
    show();
    if (list.selected !== null && at.has(list.selected)) reveal(list.selected);
    void withHits((it) => it.lookForWords(wordsOf(filter)));
  }

  /** @param {1 | -1} by */
  function nextHit(by) {
    void withHits((it) => it.nextHit(by));
  }

  /** Loaded with the first words. @param {(it: Hits) => unknown} use */
  async function withHits(use) {
    if (filter.terms.length === 0 && !hits) return;
    hits ??= import("./hits.js");
    use(await hits);
  }

  grid.addEventListener(
    "click",
    (event) => {
      const sign = /** @type {Element} */ (event.target).closest?.(".c-fold.is-there, .times");
      const item = /** @type {any} */ (sign?.closest(".row"))?.item;
      if (!item) return;
      event.stopPropagation();
      turn(item);
    },
    true,
  );
  tools.addEventListener("click", ({ target }) => {
    const it = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (target).closest?.("[data-view], [data-step], [data-hit]") ?? null
    );
    const { view: asked, step: by, hit } = it?.dataset ?? {};
    if (asked) setView(/** @type {View} */ (asked));
    else if (by) step(Number(by));
    else if (hit) nextHit(hit === "1" ? 1 : -1);
  });
  if (input) {
    // Who typed before this was loaded is not typed over.
    input.value ||= new URLSearchParams(location.search).get("q") ?? "";
    input.addEventListener("input", () => setFilter(input.value));
    input.addEventListener("focus", () => {
      const offers = document.getElementById("message-offers");
      offers?.replaceChildren(...offersOf(rows).map((value) => Object.assign(el("option"), { value })));
    });
  }
  setView(view);
  if (input?.value) setFilter(input.value);
  const turnView = () => setView(view === "sequence" ? "list" : "sequence");
  return { list, load, take, settle, mark, reveal, step, hit: nextHit, turn: turnView };
}
