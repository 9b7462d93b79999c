// Learn: whatever is selected (an event, a message, a header, a field, an arrow) gets three lines under it. Loaded when wanted.
import { $, el } from "./dom.js";
import { fragment } from "./fragments.js";
import { t } from "./words.js";

/** Running through rows with j and k asks once. */
const PAUSE = 120;

const card = el("aside", "learn-card");
const words = el("div", "words");
const close = el("button", "button quiet close", "×");
Object.assign(card, { ariaLabel: t("learn"), ariaLive: "polite" });
Object.assign(words, { tabIndex: 0, role: "region", ariaLabel: t("learn") });
Object.assign(close, { ariaLabel: t("learn.off"), title: `${t("learn.off")} (l)`, onclick: toggle });
card.append(words, close);

let isOn = false;
let asked = "";
let timer = 0;
/** @type {AbortController | null} */
let request = null;

document.addEventListener("picked", (event) => pick(/** @type {CustomEvent} */ (event).detail));
document.addEventListener("click", pointed);
document.addEventListener("focusin", pointed);
for (const name of ["detail:shown", "detail:stands", "session:shown"])
  document.addEventListener(name, () => isOn && place());

export function toggle() {
  isOn = !isOn;
  if (isOn) localStorage.setItem("learn", "on");
  else localStorage.removeItem("learn");
  document.body.classList.toggle("learning", isOn);
  for (const it of document.querySelectorAll('[data-do="learn"]'))
    it.setAttribute("aria-pressed", String(isOn));
  if (!isOn) return card.remove();
  place();
  const now = selected();
  if (now) pick(now);
  else show(asked || "/explain/term?key=");
}

/** What is selected while nobody listened. */
function selected() {
  const message = /** @type {HTMLElement | null} */ ($("#message article[data-seq]"));
  const session = $("article.session")?.dataset["id"];
  if (message && session)
    return { message: /** @type {[string, number]} */ ([session, Number(message.dataset["seq"])]) };
  const event = $('#panel .chunks .rows .row[aria-selected="true"]')?.dataset["n"];
  if (event !== undefined) return { event: Number(event) };
  return $("article.exchange .turn.answer") ? { turn: "answer" } : null;
}

/** Where what is selected stands. */
function place() {
  // Lessons explain themselves.
  if ($("main.lesson, main.lessons")) return;
  const host =
    $(".detail-pane") ?? ($("main[data-message] .message-pane") || $(".session-pane") || $("main.view"));
  if (card.parentElement !== host) host.append(card);
  for (const it of document.querySelectorAll(".turn[id], .turn.role-system, .turn.role-tools, .turn.answer"))
    if (it.localName === "section") /** @type {HTMLElement} */ (it).tabIndex = 0;
}

/** @param {{ event?: number, turn?: string, side?: string, path?: string, term?: string, message?: [string, number] }} what */
function pick({ message, term, ...of }) {
  if (message) return show(`/explain/mcp/${message[0]}/${message[1]}`);
  if (term !== undefined) return show(`/explain/term?key=${encodeURIComponent(term)}`);
  const id = $("article.exchange")?.dataset["id"];
  const query = Object.entries(of).map(([name, value]) => `${name}=${encodeURIComponent(value)}`);
  if (id) show(`/explain/llm/${id}?${query.join("&")}`);
}

/** A name, or a message of the story. @param {Event} event */
function pointed({ target }) {
  if (!isOn) return;
  const it = /** @type {HTMLElement} */ (target);
  if (card.contains(it)) return;
  const term = /** @type {HTMLElement | null} */ (it.closest?.("[data-term]"));
  if (term && !it.closest(".row")) return pick({ term: term.dataset["term"] ?? "" });
  const turn = /** @type {HTMLElement | null} */ (it.closest?.("#panel .turn"));
  if (!turn) return;
  for (const other of document.querySelectorAll(".turn.learned")) other.classList.remove("learned");
  turn.classList.add("learned");
  const n = /^message-(\d+)$/.exec(turn.id)?.[1];
  const which = n ?? /\b(?:role-(system|tools)|(answer))\b/.exec(turn.className)?.slice(1).find(Boolean);
  if (which) pick({ turn: which });
}

/** @param {string} path */
function show(path) {
  asked = path;
  if (!isOn) return;
  clearTimeout(timer);
  timer = window.setTimeout(load, PAUSE, path);
}

/** @param {string} path */
async function load(path) {
  request?.abort();
  const mine = (request = new AbortController());
  const text = await fragment(path, mine.signal).catch(() => null);
  if (text === null || mine.signal.aborted) return;
  place();
  // Escaped by the server, as every fragment of the page is.
  words.replaceChildren(...new DOMParser().parseFromString(text, "text/html").body.childNodes);
  words.scrollTop = 0;
}
