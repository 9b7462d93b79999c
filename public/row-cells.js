// One row of the list of exchanges: cells by the table of columns, filled in place.
import { el, icon, setIcon } from "./dom.js";
import { barOf } from "./shown/bar.ts";
import { socketMark, storyOf } from "./shown/columns.ts";
import { standing } from "./shown/standing.ts";
import { count, lang, t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").ExchangeRow} Row */
/** @typedef {import("../src/shown/columns.ts").Column} Column */

/** The program's own sentences, where they are not read in the language that they are recorded in. @type {(said: string) => string} */
let say = (said) => said;
if (lang !== "en") say = (await import("./shown/said-in-chinese.ts")).inChinese;

const SVG = "http://www.w3.org/2000/svg";

/** Empty cells for these columns. @param {HTMLElement} element @param {readonly import("../src/shown/columns.ts").Layout[]} columns */
export function makeCells(element, columns) {
  element.replaceChildren(...columns.map(cellOf));
  /** @type {any} */ (element).columns = columns;
}

/** @param {import("../src/shown/columns.ts").Layout} column */
function cellOf({ id, kind, align }) {
  const cell = el("span", `c-${id}${align ? " num" : ""}`);
  cell.setAttribute("role", "gridcell");
  if (kind === "sign") cell.append(icon("dot"), el("span", "unseen"));
  if (kind === "bar") cell.append(emptyBar());
  if (kind === "story") {
    const problems = el("span", "count");
    problems.append(icon("warn"), el("span"));
    cell.append(el("span", "asked"), icon("arrow"), el("span", "answered"), el("span", "tools"), problems);
  }
  return cell;
}

function emptyBar() {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 100 12");
  svg.setAttribute("preserveAspectRatio", "none");
  svg.setAttribute("class", "timebar");
  svg.setAttribute("aria-hidden", "true");
  for (const name of ["wait", "stream", "first"]) {
    const rect = document.createElementNS(SVG, "rect");
    rect.setAttribute("class", name);
    rect.setAttribute("y", "0");
    rect.setAttribute("height", "12");
    svg.append(rect);
  }
  return svg;
}

/** @param {HTMLElement} element @param {Row} row */
export function fillCells(element, row) {
  const columns = /** @type {readonly Column[]} */ (/** @type {any} */ (element).columns);
  const { tone, sign, status, word } = standing(row);
  const moment = { now: Date.now(), lang };
  const words = `${status} ${word === null ? "" : t(word)}`.trim();
  const name = `row is-${tone}${socketMark(row)}${row.starred ? " starred" : ""}`;
  if (element.className !== name) element.className = name;
  columns.forEach((column, n) => {
    const cell = /** @type {HTMLElement} */ (element.children[n]);
    if (column.kind === "text") {
      write(cell, column.text?.(row, moment) ?? "");
      const title = column.title_of?.(row) ?? "";
      if (cell.title !== title) cell.title = title;
    } else if (column.kind === "status") write(cell, words);
    else if (column.kind === "sign") {
      setIcon(/** @type {Element} */ (cell.firstChild), sign);
      write(/** @type {Element} */ (cell.lastChild), row.starred ? `${words} ${t("starred")}` : words);
    } else if (column.kind === "bar") fillBar(/** @type {Element} */ (cell.firstChild), row, moment.now);
    else fillStory(cell, row);
  });
}

/** @param {Element} svg @param {Row} row @param {number} now */
function fillBar(svg, row, now) {
  const { wait, end, first, tone } = barOf(row, now);
  give(svg, "class", `timebar ${tone}`);
  const [pale, solid, notch] = svg.children;
  set(pale, 0, wait);
  set(solid, wait, Math.max(0, end - wait));
  set(notch, first ?? 0, first === null ? 0 : 1.5);
}

/** @param {Element | undefined} rect @param {number} x @param {number} width */
function set(rect, x, width) {
  give(rect, "x", String(x));
  give(rect, "width", String(width));
}

/** Even the same value would have the browser lay it out again. @param {Element | undefined} it @param {string} name @param {string} value */
function give(it, name, value) {
  if (it?.getAttribute(name) !== value) it?.setAttribute(name, value);
}

/** Into the text that is there: a new one would cost twice. @param {Element} cell @param {string} text */
function write(cell, text) {
  const node = /** @type {Text | null} */ (cell.firstChild);
  if (node === null) cell.textContent = text;
  else if (node.data !== text) node.data = text;
}

/** @param {HTMLElement} cell @param {Row} row */
function fillStory(cell, row) {
  const { asked, tone, tools, ...said } = storyOf(row);
  const answered = row.responses
    ? t("socket.held", { n: row.responses })
    : tone === "broken"
      ? say(said.answered)
      : said.answered;
  const [one, arrow, other, chips, problems] = /** @type {HTMLElement[]} */ ([...cell.children]);
  if (!one || !arrow || !other || !chips || !problems) return;
  write(one, asked);
  write(other, answered);
  give(other, "class", `answered ${tone}`);
  const isSilent = answered === "" && tools.length === 0;
  arrow.toggleAttribute("hidden", isSilent);
  other.hidden = answered === "";
  chips.hidden = tools.length === 0;
  write(chips, tools.join(", "));
  problems.hidden = row.problems === 0;
  problems.title = row.problems === 0 ? "" : t("problems", { n: row.problems });
  const number = /** @type {Element} */ (problems.lastChild);
  write(number, row.problems === 0 ? "" : count(row.problems));
}
