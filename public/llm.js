// The list of exchanges: rows by their place from rows.js, drawn by list.js, and what is open beside it.
import { $, toast } from "./dom.js";
import { startColumns } from "./columns.js";
import { onFrames } from "./feed.js";
import { filterOf, startFilter } from "./filter.js";
import { windowed } from "./list.js";
import { fillCells } from "./row-cells.js";
import { rowStore } from "./rows.js";
import { COLUMNS } from "./shown/columns.ts";
import { count, t } from "./words.js";

export function startLlm() {
  const grid = document.getElementById("list");
  const main = $("main.view");
  const flat = rowStore(settle);
  /** The rows of the list: all of them in a row, or those of groups.js, loaded with the first group. */
  let rows = flat;
  let groups = null;
  let group = new URLSearchParams(location.search).get("group") ?? localStorage.getItem("group") ?? "none";
  let asked = filterOf(location.search);
  /** By another column than time, as `-cost`; empty for the order of time. */
  let sort = new URLSearchParams(location.search).get("sort") ?? "";
  /** Where the newest stand, when the list is in the order of time. */
  let order = localStorage.getItem("order") === "first" ? "first" : "last";
  let columns = null;
  let hits = null;
  /** The strip above the list, loaded where it is shown. */
  let overview = null;

  const list = windowed(grid, {
    make: (row) => columns?.make(row),
    draw: (element, row) => (row.kind ? groups.fillGrouped(element, row) : fillCells(element, row)),
    key: (row) => (row.kind ? groups.keyOf(row) : row.id),
    edge: edge(),
    onSelect: (row, how) => (row.kind ? groups.choose(row, how) : open(row.id, how)),
    onOpen: () => $("#panel")?.focus(),
    onKey: (event, row) => groups?.key(event, row),
    onDrawn() {
      if (hits) void withHits((it) => it.markHits());
      const button = $('#filter [data-do="follow"]');
      if (button.ariaPressed !== String(list.follow)) button.ariaPressed = String(list.follow);
    },
    pill: $("#follow-pill"),
  });
  list.source = {
    get length() {
      return rows.length;
    },
    at: (n) => rows.at(isFlipped() ? rows.length - 1 - n : n),
    indexOf(id) {
      const n = rows.indexOf(id);
      return n >= 0 && isFlipped() ? rows.length - 1 - n : n;
    },
    want(first, last) {
      if (isFlipped()) rows.want(rows.length - last, rows.length - first);
      else rows.want(first, last);
    },
  };
  columns = startColumns(grid, {
    all: COLUMNS,
    stored: "columns",
    narrow: ["sign", "model", "story", "status", "total"],
    titleOf: (title) => t(`column.${title}`),
    sortNow,
    onChange: () => list.remake(),
    groupNow: () => ({
      now: group,
      folded: groups?.folded ?? "none",
      turn: turnGroup,
      fold: (how) => groups?.foldAll(how),
    }),
  });
  main.dataset.order = order;
  grid.addEventListener("click", pointed, true);
  const filter = startFilter(asked, (next) => {
    asked = next;
    address();
    markWords();
    void withOverview((it) => it.load());
    void reload();
  });
  markWords();
  document.addEventListener("detail:shown", () => hits && withHits((it) => it.markHits()));

  const chosen = $("article.exchange")?.dataset.id ?? idOf(location.pathname);
  /** Loaded with the first exchange that is opened. */
  let detail = null;
  if (chosen) void withDetail();
  if (chosen) list.select(chosen);
  // An exchange that was opened by its address stays in sight; the list does not run away from it.
  if (chosen || sort !== "") list.follow = false;
  void turnGroup(group, chosen).then(() => withOverview());

  onFrames((frames) => {
    let resync = false;
    for (const frame of frames) {
      if (frame.row && frame.type.startsWith("exchange.")) {
        if (rows.put(frame.row)) list.flash(frame.row.id);
      } else if (frame.type === "exchange.gone") rows.drop(frame.ids);
      else if (frame.type === "resync") resync = true;
    }
    if (resync) void rows.reload();
    settle();
  });

  // What is in flight counts up.
  setInterval(
    () => document.hidden || list.again((row) => (row.kind ? row.row?.state : row.state) !== "done"),
    500,
  );

  window.addEventListener("popstate", () => {
    const id = idOf(location.pathname);
    list.select(id);
    show(id, location.pathname.split("/")[3] ?? null, "back");
  });

  return {
    list: () => list,
    actions: {
      follow: () => (list.follow = !list.follow),
      sort: turn,
      group: turnGroup,
      view: () => turnGroup({ none: "conversation", conversation: "run", run: "none" }[group]),
      close,
      prev: () => list.move(-1),
      next: () => list.move(1),
      turn(it) {
        const { to } = it.dataset;
        list.select(to);
        void bringIntoSight(to);
        open(to, "click");
      },
      overview: turnOverview,
      "whole-time": () => within(null),
      "clear-filter": clearFilter,
      "save-filter": () => filter.save(),
      "next-hit": () => withHits((it) => it.nextHit(1)),
      "previous-hit": () => withHits((it) => it.nextHit(-1)),
    },
    escape() {
      if ($("#detail").contains(document.activeElement)) return grid.focus();
      if (main.dataset.open) close();
    },
  };

  // --- what is searched for

  /** Loaded with the first words. */
  function markWords() {
    if (hits || asked !== "") void withHits((it) => it.lookFor(asked));
  }

  async function withHits(use) {
    hits ??= import("./hits.js");
    use(await hits);
  }

  function clearFilter() {
    const before = asked;
    filter.clear();
    toast(t("filter.cleared"), { text: t("undo"), act: () => filter.set(before) });
  }

  /** With Alt a cell is looked for, with Shift too it is left out. */
  async function pointed(event) {
    const cell = event.altKey && event.target.closest(".rows > .row > span");
    const item = cell && cell.parentElement.item;
    const row = item?.kind ? item.row : item;
    if (!row) return;
    event.stopPropagation();
    event.preventDefault();
    const { wordOf } = await import("./cell-filter.js");
    const word = wordOf(cell, row, event.shiftKey ? "leave out" : "add");
    if (word && !asked.split(/\s+/).includes(word)) filter.set(`${asked} ${word}`.trim());
  }

  // --- what it comes to

  async function withOverview(use) {
    const strip = document.getElementById("overview");
    if (!strip) return;
    const isShown = strip.offsetParent !== null;
    $('[data-do="overview"]').setAttribute("aria-expanded", String(isShown));
    $('[data-do="whole-time"]').hidden = !/(?:^|\s)(?:since|until):/.test(asked);
    if (!isShown) return;
    const isFirst = overview === null;
    overview ??= import("./overview.js").then(({ startOverview }) =>
      startOverview({
        q: () => asked,
        choose: within,
        add: (word) => filter.set(`${asked} ${word}`.trim()),
      }),
    );
    const it = await overview;
    if (!isFirst) use?.(it);
  }

  /** Only this stretch of time, or all of it again. */
  function within(time) {
    const rest = asked.split(/\s+/).filter((word) => word !== "" && !/^(?:since|until):/.test(word));
    const said = time?.map((at, n) => `${n === 0 ? "since" : "until"}:${new Date(at).toISOString()}`) ?? [];
    filter.set([...rest, ...said].join(" "));
  }

  function turnOverview() {
    const isShown = document.getElementById("overview")?.offsetParent !== null;
    document.documentElement.dataset.overview = isShown ? "off" : "on";
    localStorage.setItem("overview", isShown ? "off" : "on");
    void withOverview((it) => it.load());
  }

  // --- what there is

  async function reload(chosenId) {
    await rows.open({ q: asked, sort, by: group, order: order === "first" ? "newest first" : "newest last" });
    if (chosenId) await bringIntoSight(chosenId);
    else if (sort !== "") list.show(0);
  }

  async function bringIntoSight(id) {
    const n = await rows.locate(id);
    if (n >= 0) list.show(isFlipped() ? rows.length - 1 - n : n);
  }

  function address() {
    const to = new URL(location.href);
    to.search = "";
    if (asked !== "") to.searchParams.set("q", asked);
    if (sort !== "") to.searchParams.set("sort", sort);
    if (group !== "none") to.searchParams.set("group", group);
    history.replaceState(history.state, "", to);
  }

  /** After any change: how many there are, and of how many. */
  function settle() {
    list.changed();
    const isFiltered = asked !== "";
    $("#shown").textContent = isFiltered
      ? t("shown", {
          n: count(rows.exchanges ?? rows.length),
          all: $('[data-count="exchanges"]').textContent,
        })
      : "";
    const welcome = $("#welcome");
    if (rows.length > 0 && welcome && !location.search.includes("welcome")) welcome.remove();
    const strip = document.getElementById("overview");
    if (strip?.hidden && rows.length > 0 && !$("#welcome")) {
      strip.hidden = false;
      void withOverview();
    }
    grid.hidden = Boolean($("#welcome")) || (rows.length === 0 && isFiltered && !rows.loading);
    $("#none").hidden = rows.length > 0 || rows.loading || !isFiltered;
    // What the server drew for the first moment.
    if (!rows.loading) grid.querySelector(".first-rows")?.remove();
  }

  // --- in which groups

  /** Flat, by conversation or by run; by another column than time there are no groups. */
  async function turnGroup(next, chosenId) {
    group = ["conversation", "run"].includes(next) && sort === "" ? next : "none";
    if (sort === "") localStorage.setItem("group", group);
    if (group !== "none" && !groups) groups = await startGroups();
    rows = group === "none" ? flat : groups.store;
    grid.setAttribute("role", group === "none" ? "grid" : "treegrid");
    list.remake();
    address();
    await reload(chosenId ?? (list.follow ? null : list.selected));
  }

  async function startGroups() {
    const { startGroups: start } = await import("./groups-list.js");
    return start({ list, onChange: settle, open, show: () => (main.dataset.open = "yes") });
  }

  // --- in which order

  function sortNow() {
    if (sort !== "") return sort;
    return order === "first" ? "-time" : "time";
  }

  function isFlipped() {
    return sort === "" && order === "first" && rows === flat;
  }

  function edge() {
    return sort === "" && order === "last" ? "bottom" : "top";
  }

  /** Time has two orders, another column three: its largest first, its smallest, and time again. */
  function turn({ dataset: { by } }) {
    if (by === "time" && sort === "") {
      order = order === "first" ? "last" : "first";
      localStorage.setItem("order", order);
    } else if (by === "time") sort = "";
    else sort = sort === `-${by}` ? by : sort === by ? "" : `-${by}`;
    main.dataset.order = edge() === "bottom" ? "last" : "first";
    list.edge = edge();
    list.follow = sort === "";
    columns.drawHead();
    void turnGroup(group);
  }

  // --- what is open

  function open(id, how) {
    const panel = $("article.exchange")?.dataset.panel;
    const chosenPanel = $("main").dataset.panel ?? null;
    show(id, chosenPanel ?? (panel && how === "key" ? panel : null), how);
  }

  function show(id, panel, how) {
    if (!id) {
      delete main.dataset.open;
      if (detail) void withDetail((it) => it.openDetail(null));
      list.changed();
      return;
    }
    main.dataset.open = "yes";
    void withDetail((it) => it.openDetail(id, panel, how));
  }

  async function withDetail(use) {
    detail ??= import("./detail.js").then((it) => (it.startDetail(), it));
    use?.(await detail);
  }

  function close() {
    const address = new URL(location.href);
    address.pathname = "/";
    history.pushState(null, "", address);
    list.select(null);
    show(null);
    grid.focus();
  }
}

function idOf(path) {
  const [, tab, id] = path.split("/");
  return tab === "llm" && id ? id : null;
}
