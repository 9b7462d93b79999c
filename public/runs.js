// The list of runs: what was asked, who asked, what it took. Newest first.
import { startColumns } from "./columns.js";
import { $, ask, failed, setIcon } from "./dom.js";
import { onFrames } from "./feed.js";
import { filterOf, startFilter } from "./filter.js";
import { windowed } from "./list.js";
import { fillRunBar } from "./run-bar.js";
import { dollars } from "./shown/numbers.ts";
import { RUN_COLUMNS } from "./shown/run-columns.ts";
import { isOver, standOf, toolName } from "./filter/run-state.ts";
import { toneOfRun } from "./shown/run-shown.ts";
import { clock, count, ms, t, tokens } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").RunRow} Run */

const PAGE = 200;
const AGAIN_MS = 700;

export function startRuns() {
  const grid = /** @type {HTMLElement} */ ($("#list"));
  let asked = filterOf(location.search);
  /** `-cost`; empty is newest first. */
  let sort = new URLSearchParams(location.search).get("sort") ?? "";
  /** Newest first. @type {Run[]} */
  let rows = [];
  let total = 0;
  /** @type {string | null} */
  let next = null;
  let loading = false;
  let age = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let again;

  /** @type {ReturnType<typeof startColumns> | null} */
  let columns = null;
  const list = windowed(grid, {
    make: (row) => columns?.make(row),
    draw,
    key: (run) => run.id,
    edge: "top",
    onSelect: (run, how) => how === "click" && open(run),
    onOpen: () => {
      const run = rows.find(({ id }) => id === list.selected);
      if (run) open(run);
    },
    onDrawn: () => void more(),
    pill: $("#follow-pill"),
  });
  list.source = {
    get length() {
      return Math.max(total, rows.length);
    },
    at: (n) => rows[n],
    indexOf: (id) => rows.findIndex((run) => run.id === id),
    want: (_, last) => last > rows.length && void more(),
  };
  columns = startColumns(grid, {
    all: RUN_COLUMNS,
    stored: "columns.runs",
    narrow: ["sign", "story", "state", "total"],
    titleOf: (title) => t(`runs.column.${title}`),
    sortNow: () => sort || "-time",
    onChange: () => list.remake(),
  });
  const filter = startFilter(asked, async (changed) => {
    // An address is the same in every language.
    asked = /[^ -~]/.test(changed) ? (await import("./filter/in-english.ts")).inEnglish(changed) : changed;
    show();
  });
  void load();

  onFrames((frames) => {
    for (const frame of frames) {
      if (frame.type === "run.row") put(frame.row);
      if (frame.type === "run.gone" || frame.type === "resync") later();
    }
    settle();
  });
  setInterval(() => document.hidden || list.again((run) => !isOver(run, Date.now())), 500);

  return {
    list: () => list,
    actions: {
      follow: () => (list.follow = !list.follow),
      "clear-filter": () => filter.clear(),
      "save-filter": () => void filter.save(),
      sort: turn,
    },
    escape: () => grid.focus(),
  };

  /** @param {Run} run */
  function open(run) {
    location.href = `/run/${encodeURIComponent(run.id)}`;
  }

  /** The largest first, then the smallest, then the newest as before. @param {HTMLElement} button */
  function turn(button) {
    const by = button.dataset["by"] ?? "time";
    if (by === "time") sort = sort === "" ? "time" : "";
    else sort = sort === `-${by}` ? by : sort === by ? "" : `-${by}`;
    columns?.drawHead();
    show();
  }

  /** What is asked is in the address. */
  function show() {
    const to = new URL(location.href);
    to.search = String(question());
    history.replaceState(history.state, "", to);
    list.show(0);
    void load();
  }

  function question() {
    const search = new URLSearchParams();
    if (asked !== "") search.set("q", asked);
    if (sort !== "") search.set("sort", sort);
    return search;
  }

  function address() {
    const search = question();
    search.set("limit", String(PAGE));
    return search;
  }

  async function load() {
    const mine = ++age;
    loading = true;
    try {
      const page = await ask(`/api/runs?${address()}`);
      if (mine !== age) return;
      rows = page.items;
      total = page.total;
      next = page.next;
    } catch (error) {
      failed(/** @type {Error} */ (error));
      setTimeout(() => mine === age && load(), 1000);
    }
    loading = false;
    settle();
  }

  async function more() {
    if (loading || next === null) return;
    const mine = age;
    loading = true;
    const search = address();
    search.set("before", next);
    const page = await ask(`/api/runs?${search}`).catch(() => null);
    loading = false;
    if (!page || mine !== age) return;
    rows = [...rows, ...page.items];
    total = page.total;
    next = page.next;
    settle();
  }

  /** @param {Run} run */
  function put(run) {
    const n = rows.findIndex(({ id }) => id === run.id);
    const isInOrder = n >= 0 && rows[n]?.at === run.at;
    if (isInOrder) rows[n] = run;
    // What has changed may fit no more, or stand elsewhere.
    if (!isInOrder || asked !== "" || sort !== "") later();
  }

  function later() {
    again ??= setTimeout(() => {
      again = undefined;
      void load();
    }, AGAIN_MS);
  }

  function settle() {
    list.changed();
    grid.hidden = total === 0 && !loading;
    const isNone = total === 0 && !loading;
    $("#none").hidden = !isNone || asked !== "";
    $("#none-fit").hidden = !isNone || asked === "";
    $("#shown").textContent = asked === "" ? "" : t("runs.shown", { n: count(total) });
  }

  /** @param {any} row @param {Run} run */
  function draw(row, run) {
    const tone = toneOfRun(run);
    row.className = `row tone-${tone}${run.starred ? " starred" : ""}`;
    const now = Date.now();
    /** @type {Record<string, string>} */
    const texts = {
      time: clock(run.at),
      client: run.agent ?? "–",
      story: run.title || run.id,
      state: t(`runs.state.${standOf(run, now)}`, {
        at: clock(run.state_since),
        of: toolName(run.state_of ?? ""),
        since: ms(Math.max(0, now - run.state_since)),
      }),
      calls: t("runs.calls", {
        models: run.model_calls,
        tools: run.tool_calls,
        servers: run.servers.join(", "),
      }),
      total: ms((isOver(run, now) ? run.last_at : now) - run.at),
      // Nothing was said of them: an answer has at least one.
      tokens:
        run.tokens_in + run.tokens_out === 0 ? "–" : `${tokens(run.tokens_in)} → ${tokens(run.tokens_out)}`,
      cost: run.cost > 0 ? dollars(run.cost) : "–",
      models: run.models.join(", "),
      servers: run.servers.join(", "),
      problems: run.problems > 0 ? count(run.problems) : "",
    };
    row.columns.forEach((/** @type {{ id: string }} */ { id }, /** @type {number} */ n) => {
      const cell = row.children[n];
      if (id === "bar") return fillRunBar(cell, run, now);
      if (id !== "sign") {
        cell.textContent = texts[id] ?? "";
        return;
      }
      cell.lastChild.textContent = run.starred ? t("starred") : "";
      setIcon(
        cell.firstChild,
        tone === "ok" ? "dot" : tone === "err" ? "err" : tone === "tool" ? "tool" : "wait",
      );
    });
  }
}
