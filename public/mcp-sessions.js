// The list of MCP sessions: cards, newest first.
import { $, ask, el, failed } from "./dom.js";
import { windowed } from "./list.js";
import { clock, count, t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").SessionRow} Session */

/** @param {(id: string) => void} onOpen */
export function startSessions(onOpen) {
  /** @type {Map<string, Session>} */
  const rows = new Map();
  const list = windowed(/** @type {HTMLElement} */ (document.getElementById("sessions")), {
    /** @param {HTMLElement} row */
    make(row) {
      row.append(el("span", "name"), el("span", "when"), el("span", "what"));
    },
    /** @param {HTMLElement} element @param {Session} row */
    draw(element, row) {
      const [name, when, what] = /** @type {[HTMLElement, HTMLElement, HTMLElement]} */ ([
        ...element.children,
      ]);
      name.textContent = row.name;
      when.textContent = clock(row.at).slice(0, -4).padStart(8);
      const state = el("span", row.state === "open" ? "open" : "", t(`session.${row.state}`));
      const probe = row.probe && t("session.probe");
      const words = [probe, row.client, t("messages", { n: count(row.messages) })]
        .filter(Boolean)
        .join(" · ");
      // What went wrong first: the end of the line is what a narrow card cuts off.
      what.replaceChildren(state);
      if (row.errors > 0) what.append(" · ", el("span", "bad", t("errors", { n: row.errors })));
      if (row.problems > 0) what.append(" · ", el("span", "warn", t("problems", { n: row.problems })));
      what.append(` · ${words}`);
    },
    key: (row) => row.id,
    edge: "top",
    onSelect: (row) => onOpen(row.id),
    onOpen: () => document.getElementById("list")?.focus(),
  });

  async function load() {
    try {
      const { items } = await ask("/api/mcp/sessions?limit=1000");
      for (const row of items) put(row);
      settle();
    } catch (error) {
      failed(/** @type {Error} */ (error));
      setTimeout(load, 1000);
    }
  }

  /** @param {Session} row */
  function put(row) {
    rows.set(row.id, row);
  }

  function settle() {
    if (rows.size > 0) $("#welcome")?.remove();
    list.items = [...rows.values()].sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
  }

  load();
  return { list, load, put, settle };
}
