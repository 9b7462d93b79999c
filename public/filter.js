// The filter line: what is typed, and the chips. What it means and what may come next is in filter-line.js, loaded when it is wanted.
import { $ } from "./dom.js";

/** The five questions that people ask all day, as words of the filter. */
const CHIPS = ["is:streaming", "has:tool_call", "is:error", "is:slow", "has:problem"];
/** Between two questions while somebody types, and the longest that one waits for the answer to the one before. */
const PAUSE_MS = 60;
const PATIENCE_MS = 400;

/** A filter from the address. What older addresses said in words of their own is said in the filter's. @param {string} search */
export function filterOf(search) {
  const said = new URLSearchParams(search);
  const words = [said.get("q")?.trim() ?? ""];
  for (const name of ["model", "dialect", "upstream", "status"]) {
    const value = said.get(name);
    if (value) words.push(`${name}:${/\s/.test(value) ? `"${value}"` : value}`);
  }
  const older = {
    streaming: CHIPS[0],
    tools: CHIPS[1],
    errors: CHIPS[2],
    slow: CHIPS[3],
    problems: CHIPS[4],
  };
  for (const name of (said.get("is") ?? "").split(","))
    if (name in older) words.push(older[/** @type {keyof typeof older} */ (name)] ?? "");
  return words.filter((word) => word !== "").join(" ");
}

/** @param {string} asked @param {(q: string) => Promise<void> | void} onChange */
export function startFilter(asked, onChange) {
  const form = /** @type {HTMLFormElement} */ ($("#filter"));
  const input = /** @type {HTMLInputElement} */ (form.elements.namedItem("q"));
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let last = -PAUSE_MS;
  let isAsking = false;
  /** @type {Promise<ReturnType<typeof import("./filter-line.js").startLine>> | null} */
  let line = null;
  input.value = asked;
  show();

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    void change();
  });
  input.addEventListener("input", (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) return;
    show();
    clearTimeout(timer);
    const rest = last + PAUSE_MS - performance.now();
    if (rest <= 0) void change();
    else timer = setTimeout(change, rest);
  });
  input.addEventListener("compositionend", () => (show(), void change()));
  input.addEventListener("focus", () => void withLine());
  form.addEventListener("click", (event) => {
    const chip = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest("[data-chip]")
    );
    if (chip) toggle(chip.dataset["chip"] ?? "");
  });

  return { set, clear: () => set(""), save: async () => (await withLine()).save() };

  function withLine() {
    line ??= import("./filter-line.js").then(({ startLine }) =>
      startLine(form, input, () => (show(), void change())),
    );
    return line;
  }

  /** @param {string} q */
  function set(q) {
    input.value = q;
    show();
    void change();
  }

  /** Asked at once, one question at a time: what was typed meanwhile is the next one, and not each letter of it. */
  async function change() {
    clearTimeout(timer);
    const q = input.value.trim();
    if (q === asked || isAsking) return;
    asked = q;
    last = performance.now();
    isAsking = true;
    await Promise.race([onChange(q), new Promise((resolve) => setTimeout(resolve, PATIENCE_MS))]);
    isAsking = false;
    void change();
  }

  /** Which chips are on, and what the rest means. */
  function show() {
    const words = input.value.split(/\s+/);
    const isEmpty = input.value.trim() === "";
    for (const chip of form.querySelectorAll("[data-chip]"))
      chip.setAttribute(
        "aria-pressed",
        String(words.includes(/** @type {HTMLElement} */ (chip).dataset["chip"] ?? "")),
      );
    for (const it of form.querySelectorAll(".has-filter")) /** @type {HTMLElement} */ (it).hidden = isEmpty;
    if (line || !isEmpty) void withLine().then((it) => it.explain());
  }

  /** @param {string} word */
  function toggle(word) {
    const words = input.value.split(/\s+/).filter((one) => one !== "");
    set((words.includes(word) ? words.filter((one) => one !== word) : [...words, word]).join(" "));
  }
}
