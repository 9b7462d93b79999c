// The trash: what is thrown away stands struck through for some seconds, in every window and over a reload; then it is deleted for
// good. Until then nothing has happened. Loaded with the first that is thrown away.
import { el } from "./dom.js";
import { chosen, words, write } from "./keeping.js";
import { t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").Star} Thing */
/** `until`: ms since 1970. @typedef {{ key: string, until: number, things: Thing[] }} Batch */
/** @typedef {import("./controls.js").Screen} Screen */

/** Time for second thoughts; after a reload there is some of it again, or nobody would see it end. */
const UNDO_MS = 10_000;
const AGAIN_MS = 5_000;
const SAID_MS = 5_000;
const STORED = "trash";

/** Rows come and go while one scrolls: a rule finds them by their names. */
const sheet = new CSSStyleSheet();
document.adoptedStyleSheets.push(sheet);
/** What is being deleted stands so until it is gone. @type {Set<string>} */
const going = new Set();
/** What there is to take back, the last one last. @type {Map<string, () => void>} */
const undos = new Map();

window.addEventListener("storage", ({ key }) => key === STORED && strike());
document.addEventListener("keydown", (event) => {
  const isUndo = (event.ctrlKey || event.metaKey) && !event.shiftKey && event.key.toLowerCase() === "z";
  const isTyping = /** @type {Element} */ (event.target).matches?.("input, textarea, select");
  const undo = [...undos.values()].at(-1);
  if (!isUndo || isTyping || !undo) return;
  event.preventDefault();
  undo();
});

/** What is marked, else what is chosen or open, or what a button is of. @param {HTMLElement | null} button @param {Screen} screen */
export async function throwAway(button, screen) {
  await words;
  const { of, id } = /** @type {Partial<Thing>} */ (button?.dataset ?? {});
  const one = of && id ? { of, id } : chosen();
  const marked = (new URLSearchParams(location.search).get("marks") ?? "").split(",").filter(Boolean);
  const isOfMarks = !button && marked.length > 0 && (!one || one.of === "exchange");
  /** @type {Thing[]} */
  const things = isOfMarks
    ? marked.map((mark) => ({ of: "exchange", id: mark }))
    : one
      ? [{ of: one.of, id: one.id }]
      : [];
  if (things.length === 0) return say(el("div", "toast", t("keep.nothing")), SAID_MS);
  const batch = { key: crypto.randomUUID(), until: Date.now() + UNDO_MS, things };
  store([...stored(), batch]);
  offer(batch);
  // Who goes on with the keys is at the next row.
  const list = screen.list?.();
  if (list && things.some((thing) => thing.id === list.selected)) {
    const before = list.selected;
    list.move(1);
    if (list.selected === before) list.move(-1);
  }
}

/** What was thrown away before this page was loaded. */
export async function resume() {
  await words;
  for (const batch of stored()) {
    if (undos.has(batch.key)) continue;
    offer({ ...batch, until: Math.max(batch.until, Date.now() + AGAIN_MS) });
  }
}

/** @param {Batch} batch */
function offer({ key, until, things }) {
  strike();
  const it = el("div", "toast trash-toast", t("keep.trashed", { n: things.length }));
  const button = el("button", "undo", t("undo"));
  button.setAttribute("type", "button");
  button.title = "Ctrl+Z, ⌘Z";
  it.append(" ", button, el("i", "time-left"));
  it.style.setProperty("--undo", `${until - Date.now()}ms`);
  document.getElementById("toasts")?.append(it);
  const over = () => {
    clearTimeout(timer);
    undos.delete(key);
    it.remove();
  };
  const timer = setTimeout(() => (over(), void remove(key, things)), until - Date.now());
  const undo = () => {
    over();
    store(stored().filter((batch) => batch.key !== key));
    say(el("div", "toast", t("keep.undone")), SAID_MS);
  };
  button.addEventListener("click", undo);
  undos.set(key, undo);
}

/** @param {string} key @param {Thing[]} things */
async function remove(key, things) {
  const all = stored();
  // Taken back, or done, in another window.
  if (!all.some((batch) => batch.key === key)) return strike();
  for (const { id } of things) going.add(id);
  store(all.filter((batch) => batch.key !== key));
  try {
    const { deleted, kept } = await write("/api/delete", { things });
    for (const { id } of kept) going.delete(id);
    const [first] = kept;
    const why = first && (["goes-on", "gone"].includes(first.why) ? t(`keep.why.${first.why}`) : first.why);
    const said = first ? t("keep.kept", { n: kept.length, why }) : t("keep.deleted", { n: deleted });
    say(el("div", "toast", said), SAID_MS);
  } catch (error) {
    for (const { id } of things) going.delete(id);
    say(el("div", "toast", /** @type {Error} */ (error).message), SAID_MS);
  }
  strike();
}

/** Rows of what is in the trash, in whatever list they stand. */
function strike() {
  const ids = [...stored().flatMap(({ things }) => things.map(({ id }) => id)), ...going];
  const names = ids
    .flatMap((id) => [`#list-row-${CSS.escape(id)}`, `#sessions-row-${CSS.escape(id)}`])
    .join();
  sheet.replaceSync(
    names === ""
      ? ""
      : `:is(${names})>*{text-decoration:line-through;color:var(--text3)!important}
         :is(${names}) svg{opacity:.4}`,
  );
}

/** @returns {Batch[]} */
function stored() {
  try {
    const all = JSON.parse(localStorage.getItem(STORED) ?? "[]");
    return Array.isArray(all)
      ? all.filter((one) => Array.isArray(one?.things) && Number.isFinite(one.until))
      : [];
  } catch {
    return []; // somebody else wrote there
  }
}

/** @param {Batch[]} all */
function store(all) {
  if (all.length === 0) localStorage.removeItem(STORED);
  else localStorage.setItem(STORED, JSON.stringify(all));
  strike();
}

/** @param {HTMLElement} it @param {number} ms */
function say(it, ms) {
  document.getElementById("toasts")?.append(it);
  setTimeout(() => it.remove(), ms);
}
