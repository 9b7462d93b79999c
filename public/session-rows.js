// The rows of MCP sessions: cells of the columns that are shown, or cards where a session is open beside them or the window is narrow.
import { el, setIcon } from "./dom.js";
import { clock, count, ms, t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").SessionRow} Session */

/** @param {HTMLElement} row */
export function makeCard(row) {
  const cells = ["name", "when", "what"].map((name) => el("span", name));
  for (const cell of cells) cell.setAttribute("role", "gridcell");
  row.className = "row";
  row.replaceChildren(...cells);
}

/** @param {HTMLElement} element @param {Session} row */
export function drawCard(element, row) {
  const [name, when, what] = /** @type {[HTMLElement, HTMLElement, HTMLElement]} */ ([...element.children]);
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
}

/** @param {any} element @param {Session} row */
export function drawCells(element, row) {
  const isFaulty = row.errors > 0;
  const tone = isFaulty ? "err" : row.problems > 0 ? "warn" : row.state === "open" ? "flying" : "ok";
  element.className = `row is-${tone}${row.starred ? " starred" : ""}`;
  /** @type {Record<string, string | null>} */
  const texts = {
    time: clock(row.at),
    client: row.client ?? "–",
    state: t(`session.${row.state}`),
    transport: row.transport,
    revision: [row.revision, row.era && t(`era.${row.era}`)].filter(Boolean).join(" · ") || "–",
    requests: count(row.requests),
    errors: isFaulty ? count(row.errors) : "",
    problems: row.problems > 0 ? count(row.problems) : "",
    messages: count(row.messages),
    total: ms(row.last_at - row.at),
    command: row.command ?? "–",
    ...row.origin,
  };
  element.columns.forEach(
    (/** @type {{ id: string, kind: string }} */ { id, kind }, /** @type {number} */ n) => {
      const cell = element.children[n];
      if (kind === "sign") {
        cell.lastChild.textContent = [t(`session.${row.state}`), row.starred && t("starred")]
          .filter(Boolean)
          .join(" ");
        const signs = { err: "err", warn: "warn", flying: "stream", ok: "dot" };
        setIcon(cell.firstChild, signs[tone]);
      } else if (kind === "story") {
        // What the server calls itself, where its name here says something else.
        const more = [row.server === row.name ? "" : row.server, row.probe && t("session.probe")];
        cell.replaceChildren(el("b", "", row.name), ` ${more.filter(Boolean).join(" · ")}`);
      } else {
        cell.textContent = texts[id] ?? "";
        cell.title = id === "command" || id === "client" ? (row[id] ?? "") : "";
      }
    },
  );
}
