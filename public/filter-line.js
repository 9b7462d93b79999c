// What a filter means in a sentence, what may come next in it, and what was asked before.
import { $, ask, el } from "./dom.js";
import { complete } from "./filter/complete.ts";
import { parseFilter } from "./filter/filter.ts";
import { mistake, sentence } from "./filter/sentence.ts";
import { count, lang, t } from "./words.js";

const MOST_RECENT = 12;

/** @param {HTMLFormElement} form @param {HTMLInputElement} input @param {() => void} onTaken told when an offer was taken */
export function startLine(form, input, onTaken) {
  const meaning = /** @type {HTMLElement} */ ($("#meaning"));
  const box = /** @type {HTMLElement} */ ($("#completions"));
  /** @type {import("../src/filter/complete.ts").Known} */
  let known = {};
  let chosen = -1;
  /** Runs have fields of their own. @type {import("../src/filter/fields.ts").Scope} */
  const scope = form.closest("[data-view=runs]") ? "runs" : "exchanges";
  /** What was asked before, and what was kept by hand; of runs apart. */
  const [recent, saved] =
    scope === "runs" ? ["runs.recent", "runs.saved"] : ["filters.recent", "filters.saved"];

  form.addEventListener("submit", remember);
  input.addEventListener("input", (event) => /** @type {InputEvent} */ (event).isComposing || offer());
  input.addEventListener("compositionend", offer);
  input.addEventListener("focus", () => void refresh());
  input.addEventListener("blur", () => (remember(), hide()));
  input.addEventListener("keydown", onKey);
  box.addEventListener("pointerdown", (event) => {
    const option = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest("[role=option]")
    );
    event.preventDefault();
    if (option) take(option);
  });
  if (document.activeElement === input) void refresh();

  return { explain, save };

  async function refresh() {
    known = await ask(scope === "runs" ? "/api/runs/facets" : "/api/facets").catch(() => known);
    offer();
  }

  /** The sentence, or what cannot be read. */
  async function explain() {
    const language = lang === "zh" ? "zh" : "en";
    // Of runs it says more, with more script; what was typed is read behind the wait for it.
    const said = scope === "runs" ? (await import("./filter/run-sentence.ts")).runSentence : sentence;
    const filter = parseFilter(input.value, scope);
    const wrong = filter.terms.find((term) => term.kind === "wrong");
    meaning.textContent = wrong?.kind === "wrong" ? mistake(wrong, language, scope) : said(filter, language);
    meaning.classList.toggle("bad", wrong !== undefined);
    meaning.hidden = meaning.textContent === "";
  }

  // What may come next.

  function offer() {
    const at = input.selectionStart ?? input.value.length;
    const isEmpty = input.value.trim() === "";
    const { start: from, end, options } = complete(input.value, at, known, scope);
    const before = isEmpty ? [...stored(saved), ...stored(recent)] : [];
    box.replaceChildren(
      ...before.map((q) => offered(q, "0", String(input.value.length), "", q)),
      ...options.map((one) =>
        offered(one.text, String(from), String(end), one.count === null ? "" : count(one.count)),
      ),
    );
    chosen = -1;
    box.hidden = box.childElementCount === 0 || document.activeElement !== input;
    input.setAttribute("aria-expanded", String(!box.hidden));
    input.removeAttribute("aria-activedescendant");
  }

  /** @param {string} text @param {string} from @param {string} end @param {string} number */
  function offered(text, from, end, number, whole = "") {
    const it = el("div", "option", text.trim());
    it.setAttribute("role", "option");
    it.id = `option-${Math.random().toString(36).slice(2)}`;
    Object.assign(it.dataset, { text, from, end, whole });
    if (number !== "") it.append(el("small", "", number));
    return it;
  }

  /** @param {HTMLElement} it */
  function take(it) {
    const { text = "", from, end, whole } = it.dataset;
    if (whole) {
      input.value = whole;
    } else {
      input.setRangeText(text, Number(from), Number(end), "end");
    }
    onTaken();
    offer();
  }

  function hide() {
    box.hidden = true;
    input.setAttribute("aria-expanded", "false");
  }

  /** @param {KeyboardEvent} event */
  function onKey(event) {
    if (event.isComposing || box.hidden) return;
    const options = /** @type {HTMLElement[]} */ ([...box.children]);
    const option = options[chosen];
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const step = event.key === "ArrowDown" ? 1 : -1;
      chosen = (chosen + step + options.length + (chosen < 0 && step < 0 ? 1 : 0)) % options.length;
      options.forEach((it, n) => it.setAttribute("aria-selected", String(n === chosen)));
      options[chosen]?.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-activedescendant", options[chosen]?.id ?? "");
    } else if ((event.key === "Enter" || event.key === "Tab") && option) take(option);
    else if (event.key === "Escape") hide();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // What was asked before.

  function remember() {
    const q = input.value.trim();
    if (q !== "" && !stored(saved).includes(q))
      store(recent, [q, ...stored(recent).filter((one) => one !== q)].slice(0, MOST_RECENT));
  }

  /** Keeps the filter by hand, or lets it go. */
  function save() {
    const q = input.value.trim();
    if (q === "") return;
    const before = stored(saved);
    store(saved, before.includes(q) ? before.filter((one) => one !== q) : [q, ...before]);
    meaning.textContent = t(before.includes(q) ? "filter.forgotten" : "filter.saved");
  }
}

/** @param {string} name @returns {string[]} */
function stored(name) {
  try {
    const value = JSON.parse(localStorage.getItem(name) ?? "[]");
    return Array.isArray(value) ? value.filter((one) => typeof one === "string") : [];
  } catch {
    return []; // somebody else wrote there
  }
}

/** @param {string} name @param {string[]} values */
function store(name, values) {
  localStorage.setItem(name, JSON.stringify(values));
}
