// The list of exchanges: rows from the API and the feed, filtered here, drawn by list.js.
import { $, ask, el, failed, icon, setIcon } from "./dom.js";
import { openDetail, startDetail } from "./detail.js";
import { onFrames } from "./feed.js";
import { filterOf, matches, serverQuery, startFilter } from "./filter.js";
import { windowed } from "./list.js";
import { clock, count, ms, t, tokens } from "./words.js";

const PAGE = 500;
/** Rows in memory, about 1 KB each. */
const MOST = 120_000;
/** Pages that one filter looks through by itself; scrolling goes on from there. */
const EAGER = 10;
/** Until a question that failed is asked again. */
const RETRY = 1000;

export function startLlm() {
  const grid = document.getElementById("list");
  const main = $("main.view");
  const rows = new Map();
  /** Ascending by time; `shown` is what fits the filter, in the order of the screen. */
  let all = [];
  let filter = filterOf(location.search);
  let next = null;
  let loading = null;
  let failing = false;
  let eager = 0;
  /** How many fitted the filter the last time. */
  let fitting = 0;
  /** A search that waits to be asked again. */
  let again = null;
  let order = localStorage.getItem("order") === "first" ? "first" : "last";

  const list = windowed(grid, {
    make,
    draw,
    key: (row) => row.id,
    edge: order === "first" ? "top" : "bottom",
    onSelect: (row, how) => open(row.id, how),
    onOpen: () => $("#panel")?.focus(),
    onFar: () => older(),
    pill: $("#follow-pill"),
  });
  main.dataset.order = order;
  startFilter(filter, (changed) => {
    filter = changed;
    const address = new URL(location.href);
    address.search = filter.search;
    history.replaceState(history.state, "", address);
    reload();
  });
  startDetail();

  const chosen = $("article.exchange")?.dataset.id ?? idOf(location.pathname);
  if (chosen) list.select(chosen);
  // An exchange that was opened by its address stays in sight; the list does not run away from it.
  if (chosen) list.follow = false;
  reload(chosen);

  onFrames((frames) => {
    let resync = false;
    for (const frame of frames) {
      if (
        frame.type === "exchange.open" ||
        frame.type === "exchange.head" ||
        frame.type === "exchange.close"
      ) {
        put(frame.row, "live");
        if (frame.type === "exchange.close" && filter.q) searchAgain();
      } else if (frame.type === "exchange.gone") for (const id of frame.ids) drop(id);
      else if (frame.type === "resync") resync = true;
    }
    if (resync) catchUp();
    settle();
  });

  // What is in flight counts up.
  setInterval(() => document.hidden || list.again((row) => row.state !== "done"), 500);

  window.addEventListener("popstate", () => {
    const id = idOf(location.pathname);
    list.select(id);
    show(id, location.pathname.split("/")[3] ?? null, "back");
  });

  return {
    list: () => list,
    actions: {
      follow: () => (list.follow = !list.follow),
      order: turn,
      close,
      prev: () => list.move(-1),
      next: () => list.move(1),
      turn(it) {
        const { to } = it.dataset;
        list.select(to);
        const n = list.items.findIndex((row) => row.id === to);
        if (n >= 0) list.show(n);
        open(to, "click");
      },
      "clear-filter": () => $("#filter").reset(),
    },
    escape() {
      if ($("#detail").contains(document.activeElement)) return grid.focus();
      if (main.dataset.open) close();
    },
  };

  // --- what there is

  async function reload(chosenId) {
    loading?.abort();
    loading = null;
    rows.clear();
    all = [];
    fitting = 0;
    next = undefined;
    eager = 0;
    await older();
    if (!chosenId) return;
    const n = list.items.findIndex((row) => row.id === chosenId);
    if (n >= 0) list.show(n);
    else if (all.length === 0) list.follow = true;
  }

  async function older() {
    if (loading || next === null) return;
    loading = new AbortController();
    const { signal } = loading;
    try {
      const query = serverQuery(filter);
      query.set("limit", PAGE);
      if (next) query.set("before", next);
      const page = await ask(`/api/exchanges?${query}`, signal);
      if (signal.aborted) return;
      next = page.next;
      const before = all.length;
      for (const row of page.items) put(row, "filed");
      settle(all.length - before);
      failing = false;
    } catch (error) {
      if (signal.aborted) return;
      // Said once, tried until it is there.
      if (!failing) failed(error);
      failing = true;
      return void setTimeout(() => loading?.signal === signal && ((loading = null), older()), RETRY);
    }
    if (loading?.signal === signal) loading = null;
    // A filter that only the page knows may find little in one page of the index.
    if (next && list.items.length < 60 && ++eager < EAGER) older();
  }

  /**
   * Frames were missed: what is new is asked for, newest first, down to what is known and to the oldest that seemed
   * to be in flight. What is on the screen stays where it is.
   */
  async function catchUp() {
    const asked = filter;
    const flying = all.find((row) => row.state !== "done");
    const query = serverQuery(filter);
    query.set("limit", PAGE);
    for (let n = 0; n < EAGER; n++) {
      const page = await ask(`/api/exchanges?${query}`).catch(() => null);
      if (asked !== filter) return;
      if (!page) return void setTimeout(catchUp, RETRY);
      const known = page.items.some(({ id }) => rows.get(id)?.state === "done");
      for (const row of page.items) put(row, "filed");
      settle();
      const last = page.items.at(-1);
      if (!page.next || (known && (!flying || !last || last.at <= flying.at))) return;
      query.set("before", page.next);
    }
    reload();
  }

  /** The index knows bodies, the feed only the story: what closed may fit the search after all. */
  function searchAgain() {
    again ??= setTimeout(async () => {
      again = null;
      const asked = filter;
      const query = serverQuery(filter);
      query.set("limit", 50);
      const page = await ask(`/api/exchanges?${query}`).catch(() => ({ items: [] }));
      if (asked !== filter) return;
      for (const row of page.items) put(row, "filed");
      settle();
    }, 500);
  }

  function put(row, how) {
    const known = rows.get(row.id);
    // A replayed frame may be older than what the API said: a finished exchange stays finished.
    if (known?.state === "done" && row.state !== "done") return;
    if (!known && how === "live" && !matches(row, filter)) return;
    rows.set(row.id, row);
    if (known) {
      all[indexOf(known)] = row;
      return;
    }
    all.splice(indexOf(row), 0, row);
    if (how === "live") list.flash(row.id);
  }

  /** A page that is open for weeks: the oldest go, and are asked for again by who scrolls there. */
  function forget() {
    for (const row of all.splice(0, all.length - MOST + MOST / 10)) rows.delete(row.id);
    next = all[0].id;
  }

  function drop(id) {
    const row = rows.get(id);
    if (!row) return;
    rows.delete(id);
    all.splice(indexOf(row), 1);
  }

  /** Where a row stands, or would stand. Mostly at the end. */
  function indexOf(row) {
    let [low, high] = [0, all.length];
    if (high > 0 && before(all[high - 1], row)) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (before(all[middle], row)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** After any change: what fits, in the order of the screen. `above`: rows that came in before the others. */
  function settle(above = 0) {
    if (all.length > MOST && list.follow) forget();
    const was = fitting;
    // The array itself, not a copy: with 100,000 rows a copy for each frame is felt.
    const fit = filter.local ? all.filter((row) => matches(row, filter)) : all;
    fitting = fit.length;
    list.items = order === "first" ? fit.toReversed() : fit;
    if (above > 0 && order === "last") list.shift(fit.length - was);
    const shown = fit.length;
    $("#shown").textContent = filter.active
      ? t("shown", { n: count(shown), all: $('[data-count="exchanges"]').textContent })
      : "";
    const welcome = $("#welcome");
    if (all.length > 0 && welcome && !location.search.includes("welcome")) welcome.remove();
    const empty = all.length === 0 && !filter.active;
    grid.hidden = Boolean($("#welcome")) || (shown === 0 && filter.active && !loading);
    $("#none").hidden = empty || shown > 0 || Boolean(loading) || !filter.active;
  }

  function turn() {
    order = order === "first" ? "last" : "first";
    localStorage.setItem("order", order);
    main.dataset.order = order;
    list.edge = order === "first" ? "top" : "bottom";
    list.follow = true;
    settle();
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
      openDetail(null);
      list.changed();
      return;
    }
    main.dataset.open = "yes";
    openDetail(id, panel, how);
  }

  function close() {
    const address = new URL(location.href);
    address.pathname = "/";
    history.pushState(null, "", address);
    list.select(null);
    show(null);
    grid.focus();
  }

  // --- rows

  function make(row) {
    const state = el("span", "c-icon");
    const sign = icon("dot");
    const words = el("span", "unseen");
    state.append(sign, words);
    const story = el("span", "c-story");
    const asked = el("span", "asked");
    const answered = el("span", "answered");
    const problems = el("span", "count");
    problems.append(icon("warn"), el("span"));
    const arrow = el("span", "arrow", "→");
    story.append(asked, arrow, answered, problems);
    const cells = ["time", "api", "model"].map((name) => el("span", `c-${name}`));
    const numbers = ["status", "tokens num", "ttft num", "total num"].map((name) => el("span", `c-${name}`));
    row.append(state, ...cells, story, ...numbers);
    row.parts = { sign, words, asked, arrow, answered, problems, cells, numbers };
  }

  function draw(element, row) {
    const { sign, words, asked, arrow, answered, problems, cells, numbers } = element.parts;
    const [tone, signName, status] = standing(row);
    element.className = `row is-${tone}`;
    setIcon(sign, signName);
    words.textContent = status;
    cells[0].textContent = clock(row.at);
    cells[1].textContent = row.dialect ?? row.upstream;
    cells[2].textContent = row.model?.split("/").at(-1) ?? row.upstream;
    cells[2].title = row.model ?? "";
    asked.textContent = row.asked || `${row.method} ${row.path}`;
    const broken = row.error !== null;
    const calls = row.tools.length > 0;
    answered.textContent = broken ? row.error : row.answered || row.tools.join(", ");
    if (calls && row.answered && !broken) answered.textContent = `${row.answered}  ${row.tools.join(", ")}`;
    answered.className = `answered${broken ? " broken" : calls && !row.answered ? " calls" : ""}`;
    arrow.style.display = answered.textContent ? "" : "none";
    answered.style.display = answered.textContent ? "" : "none";
    problems.style.display = row.problems > 0 ? "" : "none";
    problems.lastChild.textContent = row.problems > 0 ? count(row.problems) : "";
    problems.title = t("problems", { n: row.problems });
    numbers[0].textContent = status;
    numbers[1].textContent =
      row.tokens_in === null && row.tokens_out === null
        ? "–"
        : `${tokens(row.tokens_in)} → ${tokens(row.tokens_out)}`;
    numbers[2].textContent = ms(row.ttft_ms);
    numbers[3].textContent = ms(
      row.duration_ms ?? (row.state === "done" ? null : Math.max(0, Date.now() - row.at)),
    );
  }
}

function before(a, b) {
  return a.at < b.at || (a.at === b.at && a.id < b.id);
}

function idOf(path) {
  const [, tab, id] = path.split("/");
  return tab === "llm" && id ? id : null;
}

/** Tone, sign and word of a row: never colour alone. */
function standing(row) {
  if (row.state === "waiting") return ["flying", "wait", t("waiting")];
  if (row.state === "streaming") return ["flying", "stream", t("streaming")];
  const code = row.status === null ? "" : String(row.status);
  // Left behind the last event, or only tried what there is: neither is a fault.
  if (row.rules?.includes("transfer/client-left"))
    return [row.tools.length > 0 ? "tool" : "ok", row.tools.length > 0 ? "tool" : "dot", code];
  if (row.rules?.includes("request/probe-failed")) return ["warn", "dot", code];
  if (row.ending === "client-gone") return ["warn", "aborted", `${code} ${t("aborted")}`.trim()];
  if (row.ending === "interrupted") return ["warn", "cut", `${code} ${t("interrupted")}`.trim()];
  if (row.ending === "refused") return ["err", "err", t("refused")];
  if (row.ending === "upstream-error") return ["err", "err", `${code} ${t("failed")}`.trim()];
  if (row.status >= 400) return ["err", "err", code];
  return [row.tools.length > 0 ? "tool" : "ok", row.tools.length > 0 ? "tool" : "dot", code || t("done")];
}
