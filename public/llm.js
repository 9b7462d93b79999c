// The list of exchanges: rows by their place from rows.js, drawn by list.js, and what is open beside it.
import { $, toast } from "./dom.js";
import { startColumns } from "./columns.js";
import { onFrames } from "./feed.js";
import { filterOf, startFilter } from "./filter.js";
import { flippable, startOrder } from "./list-order.js";
import { windowed } from "./list.js";
import { startMarks } from "./marks.js";
import { fillCells } from "./row-cells.js";
import { rowStore } from "./rows.js";
import { COLUMNS } from "./shown/columns.ts";
import { count, t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").ExchangeRow} Row */
/** @typedef {ReturnType<typeof import("./groups-list.js").startGroups>} Groups */
/** An exchange, or a row of groups.js, which says its kind. @typedef {any} Item */

const REST_MS = 500;

export function startLlm() {
  const grid = /** @type {HTMLElement} */ (document.getElementById("list"));
  const main = /** @type {HTMLElement} */ ($("main.view"));
  const flat = rowStore(() => settle());
  /** The rows of the list: all of them in a row, or those of groups.js, loaded with the first group. @type {typeof flat | Groups["store"]} */
  let rows = flat;
  /** @type {Groups | null} */
  let groups = null;
  let group = new URLSearchParams(location.search).get("group") ?? localStorage.getItem("group") ?? "none";
  let asked = filterOf(location.search);
  const order = startOrder();
  const isFlipped = () => order.sort === "" && order.newest === "first" && rows === flat;
  let isMarking = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let resting;
  const hits = late(() => import("./hits.js"));
  /** The strip above the list. */
  const strip = late(async () =>
    (await import("./overview-strip.js")).startStrip({ asked: () => asked, set: filter.set }),
  );
  /** What is open beside the list. */
  const opened = late(async () => (await import("./opened.js")).startOpened({ list, grid, main }));
  /** @type {ReturnType<typeof startColumns> | null} */
  let columns = null;

  const list = windowed(grid, {
    make: (row) => columns?.make(row),
    draw: (element, row) => (row.kind ? groups?.fillGrouped(element, row) : fillCells(element, row)),
    key: (row) => (row.kind ? groups?.keyOf(row) : row.id),
    edge: order.edge,
    onSelect: (row, how) => (row.kind ? groups?.choose(row, how) : open(row.id, how)),
    onOpen: () => $("#panel")?.focus(),
    onKey: (event, row) => groups?.key(event, row),
    onDrawn() {
      if (isMarking) void hits((it) => it.markHits());
      const button = $('#filter [data-do="follow"]');
      if (button.ariaPressed !== String(list.follow)) button.ariaPressed = String(list.follow);
    },
    pill: $("#follow-pill"),
  });
  list.source = flippable(() => rows, isFlipped);
  columns = startColumns(grid, {
    all: COLUMNS,
    stored: "columns",
    narrow: ["sign", "model", "story", "status", "total"],
    titleOf: (title) => t(`column.${title}`),
    sortNow: () => order.head,
    onChange: () => list.remake(),
    groupNow: () => ({
      now: group,
      folded: groups?.folded ?? "none",
      turn: turnGroup,
      fold: (/** @type {"all" | "none"} */ how) => groups?.foldAll(how),
    }),
  });
  main.dataset["order"] = order.newest;
  grid.addEventListener("click", pointed, true);
  const filter = startFilter(asked, async (next) => {
    // An address is the same in every language.
    asked = /[^ -~]/.test(next) ? (await import("./filter/in-english.ts")).inEnglish(next) : next;
    address();
    markWords();
    await reload();
    // What all of them come to costs more than the list: it is asked when the hand rests.
    clearTimeout(resting);
    resting = setTimeout(() => strip((it) => it.refresh()), REST_MS);
  });
  markWords();
  document.addEventListener("detail:shown", () => isMarking && hits((it) => it.markHits()));

  const chosen = $("article.exchange")?.dataset.id ?? /^\/llm\/([^/]+)/.exec(location.pathname)?.[1] ?? null;
  if (chosen) void opened();
  if (chosen) list.select(chosen);
  // An exchange that was opened by its address stays in sight; the list does not run away from it.
  if (chosen || order.sort !== "") list.follow = false;
  void turnGroup(group, chosen).then(() => strip((it) => it.refresh()));

  onFrames((frames) => {
    let resync = false;
    for (const frame of frames) {
      if (frame.row && frame.type.startsWith("exchange.")) {
        if (rows.put(frame.row)) list.flash(frame.row.id);
      } else if (frame.type === "exchange.gone") rows.drop(frame.ids);
      else if (frame.type === "resync" || (frame.type === "star" && asked.includes("starred"))) resync = true;
    }
    if (resync) void rows.reload();
    settle("grown");
  });

  // What is in flight counts up.
  setInterval(
    () =>
      document.hidden ||
      list.again((/** @type {Item} */ row) => (row.kind ? row.row?.state : row.state) !== "done"),
    500,
  );

  window.addEventListener("popstate", () => opened((it) => it.followAddress()));

  const marks = startMarks({ chosen: chosenNow });
  // Who opens the first exchange does not wait for its scripts: they come when the page has nothing else to do.
  const idle = window.requestIdleCallback ?? ((/** @type {() => void} */ fn) => setTimeout(fn, REST_MS));
  idle(() => import("./opened.js").then(() => import("./stream.js")));

  return {
    list: () => list,
    actions: {
      mark: marks.toggle,
      compare: marks.compare,
      follow: () => (list.follow = !list.follow),
      sort: turn,
      group: turnGroup,
      view: () => turnGroup(group === "none" ? "conversation" : group === "conversation" ? "run" : "none"),
      close,
      prev: () => list.move(-1),
      next: () => list.move(1),
      turn(/** @type {HTMLElement} */ it) {
        const to = it.dataset["to"] ?? "";
        list.select(to);
        void bringIntoSight(to);
        open(to, "click");
      },
      overview: () => strip((it) => it.turn()),
      "whole-time": () => strip((it) => it.within(null)),
      "clear-filter": clearFilter,
      "save-filter": () => filter.save(),
      "next-hit": () => hits((it) => it.nextHit(1)),
      "previous-hit": () => hits((it) => it.nextHit(-1)),
    },
    escape() {
      if ($("#detail").contains(document.activeElement)) return grid.focus();
      if (main.dataset["open"]) close();
    },
  };

  /** @param {string} id @param {string} how */
  function open(id, how) {
    void opened((it) => it.open(id, how));
  }

  function close() {
    void opened((it) => it.close());
  }

  // --- what is searched for

  /** Loaded with the first words. */
  function markWords() {
    isMarking ||= asked !== "";
    if (isMarking) void hits((it) => it.lookFor(asked));
  }

  function clearFilter() {
    const before = asked;
    filter.clear();
    toast(t("filter.cleared"), { text: t("undo"), act: () => filter.set(before) });
  }

  /** With Alt a cell is looked for, with Shift too it is left out. @param {MouseEvent} event */
  async function pointed(event) {
    const cell = event.altKey && /** @type {Element} */ (event.target).closest(".rows > .row > span");
    const item = cell && /** @type {Item} */ (cell.parentElement).item;
    /** @type {Row | undefined} */
    const row = item?.kind ? item.row : item;
    if (!cell || !row) return;
    event.stopPropagation();
    event.preventDefault();
    const { wordOf } = await import("./cell-filter.js");
    const word = wordOf(cell, row, event.shiftKey ? "leave out" : "add");
    if (word && !asked.split(/\s+/).includes(word)) filter.set(`${asked} ${word}`.trim());
  }

  /** What is selected, or open by its address alone. */
  function chosenNow() {
    const item = list.selected === null ? undefined : list.source.at(list.source.indexOf(list.selected));
    /** @type {Row | undefined} */
    const row = item?.kind ? item.row : item;
    if (row) return { id: row.id, at: row.at, parent: row.parent, words: row.asked || row.path };
    const { id, at, parent } = $("article.exchange")?.dataset ?? {};
    return id
      ? { id, at: Number(at), parent: parent || null, words: $("article h2").textContent.trim() }
      : null;
  }

  // --- what there is

  /** @param {string | null} [chosenId] */
  async function reload(chosenId) {
    await rows.open({
      q: asked,
      sort: order.sort,
      by: group,
      order: order.newest === "first" ? "newest first" : "newest last",
    });
    if (chosenId) await bringIntoSight(chosenId);
    else if (order.sort !== "") list.show(0);
  }

  /** @param {string} id */
  async function bringIntoSight(id) {
    const n = await rows.locate(id);
    if (n >= 0) list.show(isFlipped() ? rows.length - 1 - n : n);
  }

  function address() {
    const to = new URL(location.href);
    const marked = to.searchParams.get("marks");
    to.search = "";
    if (marked) to.searchParams.set("marks", marked);
    if (asked !== "") to.searchParams.set("q", asked);
    if (order.sort !== "") to.searchParams.set("sort", order.sort);
    if (group !== "none") to.searchParams.set("group", group);
    history.replaceState(history.state, "", to);
  }

  /** After any change: how many there are, and of how many. @param {"grown" | "changed"} [how] */
  function settle(how = "changed") {
    list[how]();
    const isFiltered = asked !== "";
    const all = "exchanges" in rows ? rows.exchanges : rows.length;
    $("#shown").textContent = isFiltered
      ? t("shown", { n: count(all), all: $('[data-count="exchanges"]').textContent })
      : "";
    const welcome = $("#welcome");
    if (rows.length > 0 && welcome && !location.search.includes("welcome")) welcome.remove();
    const overview = document.getElementById("overview");
    if (overview?.hidden && rows.length > 0 && !$("#welcome")) {
      overview.hidden = false;
      void strip((it) => it.refresh());
    }
    grid.hidden = Boolean($("#welcome")) || (rows.length === 0 && isFiltered && !rows.loading);
    $("#none").hidden = rows.length > 0 || rows.loading || !isFiltered;
    // What the server drew for the first moment.
    if (!rows.loading) grid.querySelector(".first-rows")?.remove();
  }

  // --- in which groups and order

  /** Flat, by conversation or by run; by another column than time there are no groups. @param {string} next @param {string | null} [chosenId] */
  async function turnGroup(next, chosenId) {
    group = ["conversation", "run"].includes(next) && order.sort === "" ? next : "none";
    if (order.sort === "") localStorage.setItem("group", group);
    if (group !== "none") groups ??= await startGroups();
    rows = group === "none" || !groups ? flat : groups.store;
    grid.setAttribute("role", group === "none" ? "grid" : "treegrid");
    list.remake();
    address();
    await reload(chosenId ?? (list.follow ? null : list.selected));
  }

  async function startGroups() {
    const { startGroups: start } = await import("./groups-list.js");
    return start({ list, onChange: () => settle(), open, show: () => (main.dataset["open"] = "yes") });
  }

  /** @param {HTMLElement} button */
  function turn({ dataset: { by = "time" } }) {
    order.turn(by);
    main.dataset["order"] = order.edge === "bottom" ? "last" : "first";
    list.edge = order.edge;
    list.follow = order.sort === "";
    columns?.drawHead();
    void turnGroup(group);
  }
}

/** Loaded with its first use. @template T @param {() => Promise<T>} load */
function late(load) {
  /** @type {Promise<T> | null} */
  let it = null;
  return async (/** @type {(it: T) => unknown} */ use = () => {}) => void use(await (it ??= load()));
}
