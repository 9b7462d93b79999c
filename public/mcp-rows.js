// One row of the list of messages: a section, a message, or a call with what came of it.
import { el, icon, setIcon } from "./dom.js";
import { flag } from "./selected.js";
import { clock, count, lang, ms, t } from "./words.js";

/** @typedef {import("../src/shown/session-outline.ts").OutlineItem} Item */
/** @typedef {import("../src/fact/live.ts").ShownLine} Row */

/** @type {((sentence: string) => string) | null} */
const say = lang === "en" ? null : (await import("./shown/said-in-chinese.ts")).inChinese;
/** @type {Record<string, string>} */
const SIGNS = { client: "right", server: "left", stderr: "note", event: "dot" };

/** @param {HTMLElement} row */
export function makeMessage(row) {
  const way = el("span", "c-way");
  way.append(icon("dot"), el("span", "unseen"));
  const fold = el("span", "c-fold");
  fold.append(icon("down"));
  const method = el("span", "c-method");
  method.append(el("code"), " ", el("span", "name"));
  const say = el("span", "c-say");
  say.append(fold, el("span", "c-id"), method, el("span", "c-note"));
  row.append(el("span", "c-time"), way, say, el("span", "c-state"), el("span", "c-ms num"));
}

/** @param {any} element @param {Item} item @param {{ mates: Set<number>, steps: Record<string, string[]> }} about */
export function drawMessage(element, item, { mates, steps }) {
  const [time, way, say, state, took] = element.children;
  const [fold, id, method, note] = say.children;
  const isOpen = item.fold === "open";
  fold.classList.toggle("is-there", item.fold !== null);
  setIcon(fold.firstChild, isOpen ? "down" : "arrow");
  element.ariaLevel = item.kind === "section" ? "1" : String(2 + item.depth);
  if (item.fold === null) element.removeAttribute("aria-expanded");
  else element.ariaExpanded = String(isOpen);
  note.replaceChildren();
  state.textContent = "";
  took.textContent = "";
  if (item.kind === "section") {
    element.className = "row section";
    time.textContent = "";
    way.lastChild.textContent = "";
    id.textContent = "";
    method.firstChild.textContent = t(`phase.${item.section}`);
    delete method.firstChild.dataset.term;
    method.lastChild.textContent = "";
    note.append(t("phase.sum", { n: item.calls, all: item.messages }));
    return;
  }
  const { row, depth, times, answer } = item;
  const mate = mates.has(row.seq) ? "mate" : "";
  element.className = `row from-${row.from} k-${row.kind} deep-${depth} ${row.state ? `s-${row.state}` : ""} ${mate}`;
  time.textContent = row.at === null ? "–" : clock(row.at);
  setIcon(way.firstChild, SIGNS[row.from] ?? "dot");
  way.lastChild.textContent = row.from;
  // The server counts its own requests, from the same numbers on: they are told apart.
  const isServers = (row.from === "server") === (row.kind === "request");
  id.textContent = row.id === null ? "" : `#${isServers ? "s" : ""}${row.id}`;
  method.firstChild.textContent = row.method ?? t(`kind.${row.kind}`);
  method.firstChild.dataset.term = `mcp method ${row.method}`;
  method.lastChild.textContent = row.name ?? "";
  if (row.progress && row.kind === "notification") note.append(...progress(row.progress));
  note.append(row.kind === "event" ? said(row.note ?? "") : (row.note ?? ""));
  if (answer?.note)
    note.append(icon("arrow"), el("span", answer.kind === "error" ? "bad" : "said", answer.note));
  if (times > 1) note.append(el("span", "times", `×${times}`));
  const isAnswer = row.kind === "result" || row.kind === "error";
  const isKnown = row.kind === "request" || isAnswer;
  if (isKnown && row.state) state.textContent = t(`call.${row.state}`);
  else if (isAnswer || row.kind === "notification" || row.kind === "invalid")
    state.textContent = t(`kind.${row.kind}`);
  took.textContent = row.ms === null ? "" : ms(row.ms);
  const step = steps[row.milestone ?? ""];
  if (step) state.prepend(flag(step.join(": ")), " ");
  if (row.problems === 0) return;
  const sign = el("span", "warn");
  sign.append(" ", icon("warn"), count(row.problems));
  sign.title = t("problems", { n: row.problems });
  state.append(sign);
}

/** What the program says of the process and the connection, in the visitor's language. @param {string} note */
function said(note) {
  return say ? note.split(" · ").map(say).join(" · ") : note;
}

/** @param {[number, number | null]} of */
function progress([done, total]) {
  const words = `${done}${total === null ? "" : `/${total}`} `;
  if (!total) return [words];
  const bar = el("span", "bar-of");
  const fill = el("i");
  fill.style.transform = `scaleX(${Math.min(1, done / total)})`;
  bar.append(fill);
  return [bar, words];
}
