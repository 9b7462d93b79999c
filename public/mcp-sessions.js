// The list of MCP sessions: by columns over the whole width, or as cards beside the session that is open. Newest first, or as its heads say.
import { startColumns } from "./columns.js";
import { $, ask, failed } from "./dom.js";
import { sessionOrder } from "./filter/session-order.ts";
import { parseSessionSort } from "./filter/sort.ts";
import { windowed } from "./list.js";
import { drawCard, drawCells, makeCard } from "./session-rows.js";
import { SESSION_COLUMNS } from "./shown/session-columns.ts";
import { t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").SessionRow} Session */

const PAGE = 1000;
/** What each is called. */
const ERAS = { legacy: ["legacy", "handshake"], modern: ["modern", "stateless"] };
/** Below this width of the window there are cards, which have two lines. */
const TWO_LINES = window.matchMedia("(max-width: 719px)");
/** Of a team's store, as the list of exchanges calls them. */
const ORIGINS = ["recorder", "user", "project", "host"];

/** @param {(id: string) => void} onOpen */
export function startSessions(onOpen) {
  const grid = /** @type {HTMLElement} */ (document.getElementById("sessions"));
  const main = /** @type {HTMLElement} */ ($("main.view"));
  /** @type {Map<string, Session>} */
  const rows = new Map();
  /** What is looked for. @type {string[]} */
  let words = [];
  /** `-errors`; empty is newest first. */
  let sort = "";
  /** All rows are here: their order needs nobody else. */
  let isWhole = false;
  let isCards = false;
  /** @type {ReturnType<typeof startColumns> | null} */
  let columns = null;
  const list = windowed(grid, {
    make: (row) => (isCards ? makeCard(row) : columns?.make(row)),
    draw: (row, session) => (isCards ? drawCard : drawCells)(row, session),
    key: (row) => row.id,
    edge: "top",
    onSelect: (row) => onOpen(row.id),
    onOpen: () => document.getElementById("list")?.focus(),
  });
  sort = asked();
  look();
  columns = startColumns(grid, {
    all: SESSION_COLUMNS,
    stored: "columns.mcp",
    narrow: [],
    titleOf: (title) => t(ORIGINS.includes(title) ? `column.${title}` : `mcp.column.${title}`),
    sortNow: () => sort || "-time",
    onChange: () => list.remake(),
  });
  TWO_LINES.addEventListener("change", () => look());

  async function load() {
    try {
      // Of another order what stands first comes first; below it rows find their places as they come.
      if (sort !== "" && !isWhole) await first();
      // Page by page: the newest stand there at once.
      for (let next = ""; next !== null;) {
        const page = await ask(
          `/api/mcp/sessions?limit=${PAGE}${next && `&before=${encodeURIComponent(next)}`}`,
        );
        for (const row of page.items) put(row);
        settle();
        next = page.next;
      }
      isWhole = true;
    } catch (error) {
      failed(/** @type {Error} */ (error));
      setTimeout(load, 1000);
    }
  }

  async function first() {
    const page = await ask(`/api/mcp/sessions?limit=${PAGE}&sort=${sort}`);
    for (const row of page.items) put(row);
    settle();
  }

  /** @param {Session} row */
  function put(row) {
    rows.set(row.id, row);
  }

  /** @param {readonly string[]} ids */
  function drop(ids) {
    for (const id of ids) rows.delete(id);
  }

  function settle() {
    if (rows.size > 0) $("#welcome")?.remove();
    const order = sessionOrder(parseSessionSort(sort) ?? { by: "time", order: "descending" });
    list.items = [...rows.values()].filter(isAsked).sort(order);
  }

  /** All words, or `is:open`, `is:error`, `is:problem`, `is:starred`, `era:legacy`. @param {Session} row */
  function isAsked(row) {
    const { name, id, client, server, command, state, transport, errors, problems, starred, era, revision } =
      row;
    const text = [name, id, client, server, command, transport, state].join(" ").toLowerCase();
    return words.every((word) => {
      if (word === "is:error") return errors > 0;
      if (word === "is:problem") return problems > 0;
      if (word === "is:starred") return starred === true;
      // By its name in any language, or by the revision: `era:2026`.
      if (word.startsWith("era:"))
        return [...(era ? [...ERAS[era], t(`era.${era}`)] : []), revision].some((one) =>
          one?.startsWith(word.slice(4)),
        );
      return word.startsWith("is:") ? state === word.slice(3) : text.includes(word);
    });
  }

  /** The largest first, then the smallest, then the newest as before. @param {string} by */
  function turn(by) {
    if (by === "time") sort = sort === "" ? "time" : "";
    else sort = sort === `-${by}` ? by : sort === by ? "" : `-${by}`;
    const to = new URL(location.href);
    if (sort === "") to.searchParams.delete("sort");
    else to.searchParams.set("sort", sort);
    history.replaceState(history.state, "", to);
    reorder();
  }

  /** The address may be another one. */
  function followAddress() {
    if (sort === asked()) return;
    sort = asked();
    reorder();
  }

  function reorder() {
    columns?.drawHead();
    list.follow = true;
    settle();
    if (sort !== "" && !isWhole) void first().catch(failed);
  }

  function asked() {
    const said = new URLSearchParams(location.search).get("sort") ?? "";
    return parseSessionSort(said) && said !== "-time" ? said : "";
  }

  /** As cards or by columns; what was in sight, or `id`, stays there. @param {string | null} [id] */
  function look(id = null) {
    const next = main.dataset["open"] !== undefined || TWO_LINES.matches;
    const here = id ?? list.items[list.top]?.id;
    if (next !== isCards || columns === null) {
      isCards = next;
      grid.classList.toggle("cards", isCards);
      if (columns) list.remake();
      // Their height is another one: it is measured anew.
      document.dispatchEvent(new CustomEvent("density"));
    }
    const n = list.source.indexOf(here);
    if (n >= 0 && !(list.follow && id === null)) list.show(n);
  }

  const input = /** @type {HTMLInputElement | null} */ ($("#session-filter"));
  input?.addEventListener("input", () => {
    words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    settle();
  });

  load();
  return { list, load, put, drop, settle, turn, look, followAddress };
}
