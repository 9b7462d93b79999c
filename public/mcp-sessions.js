// The list of MCP sessions: cards, newest first.
import { $, ask, el, failed } from "./dom.js";
import { windowed } from "./list.js";
import { clock, count, t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").SessionRow} Session */

const PAGE = 1000;
/** What each is called. */
const ERAS = { legacy: ["legacy", "handshake"], modern: ["modern", "stateless"] };

/** @param {(id: string) => void} onOpen */
export function startSessions(onOpen) {
  /** @type {Map<string, Session>} */
  const rows = new Map();
  /** What is looked for. @type {string[]} */
  let words = [];
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
      element.classList.toggle("starred", row.starred === true);
      name.textContent = row.name;
      if (row.starred) name.append(el("span", "unseen", ` ${t("starred")}`));
      when.textContent = clock(row.at).slice(0, -4).padStart(8);
      const state = el("span", row.state === "open" ? "open" : "", t(`session.${row.state}`));
      const probe = row.probe && t("session.probe");
      const era = row.era && t(`era.${row.era}`);
      const words = [probe, row.client, t("messages", { n: count(row.messages) }), era]
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
      // Page by page: the newest stand there at once.
      for (let next = ""; next !== null;) {
        const page = await ask(
          `/api/mcp/sessions?limit=${PAGE}${next && `&before=${encodeURIComponent(next)}`}`,
        );
        for (const row of page.items) put(row);
        settle();
        next = page.next;
      }
    } catch (error) {
      failed(/** @type {Error} */ (error));
      setTimeout(load, 1000);
    }
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
    list.items = [...rows.values()].filter(isAsked).sort((a, b) => b.at - a.at || (a.id < b.id ? 1 : -1));
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

  const input = /** @type {HTMLInputElement | null} */ ($("#session-filter"));
  input?.addEventListener("input", () => {
    words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    settle();
  });

  load();
  return { list, load, put, drop, settle };
}
