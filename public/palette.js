// The palette: everything that the page can do and everything that it knows, by its name. A dialog with a combobox.
import { copy } from "./copy.js";
import { $, ask, el, icon } from "./dom.js";
import { setDensity } from "./view-menu.js";
import { clock, t } from "./words.js";

/** @typedef {{ name: string, hint?: string, sign: string, act(): unknown }} Command */
/** @typedef {{ title: string, commands: Command[] }} Section */

/** A pause in typing before the record is asked. */
const PAUSE_MS = 160;
/** What one kind of thing may fill. */
const MOST_OF_A_KIND = 6;

/** @type {HTMLDialogElement | null} */
let dialog = null;

/** @param {Record<string, (it?: any) => unknown>} actions what the view does, by its name */
export function openPalette(actions) {
  if (dialog) return;
  const mine = (dialog = Object.assign(document.createElement("dialog"), { id: "palette" }));
  mine.setAttribute("aria-label", t("palette.title"));
  const input = Object.assign(document.createElement("input"), {
    type: "text",
    placeholder: t("palette.hint"),
    autocomplete: "off",
    spellcheck: false,
  });
  for (const [name, value] of Object.entries({
    role: "combobox",
    "aria-expanded": "true",
    "aria-autocomplete": "list",
    "aria-controls": "palette-list",
    "aria-label": t("palette.title"),
  }))
    input.setAttribute(name, value);
  const list = el("div");
  list.id = "palette-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", t("palette.title"));
  const said = el("p", "unseen");
  said.setAttribute("role", "status");
  const line = el("div", "palette-line");
  line.append(icon("search"), input);
  mine.append(line, list, said);
  document.body.append(mine);

  const own = [
    { title: t("palette.places"), commands: places() },
    { title: t("palette.commands"), commands: commands(actions) },
    { title: t("palette.filters"), commands: filters() },
  ];
  /** @type {Section[]} */
  let found = [];
  /** @type {Command[]} */
  let shown = [];
  let chosen = 0;
  let age = 0;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;

  input.addEventListener("input", (event) => {
    if (/** @type {InputEvent} */ (event).isComposing) return;
    look();
  });
  input.addEventListener("compositionend", look);
  input.addEventListener("keydown", pressed);
  list.addEventListener("click", (event) => {
    const option = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest("[role=option]")
    );
    if (option) run(Number(option.dataset["n"]));
  });
  mine.addEventListener("click", ({ target }) => target === mine && mine.close());
  mine.addEventListener("close", () => {
    mine.remove();
    dialog = null;
  });
  mine.showModal();
  look();

  function look() {
    const words = input.value.trim();
    clearTimeout(timer);
    const asked = ++age;
    found = [];
    draw();
    if (words.length < 2) return;
    timer = setTimeout(async () => {
      const sections = await record(words);
      if (asked !== age || !mine.open) return;
      found = sections;
      draw();
    }, PAUSE_MS);
  }

  function draw() {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    shown = [];
    chosen = 0;
    const groups = [...own.map((section) => fitting(section, words)), ...found].filter(
      ({ commands: some }) => some.length > 0,
    );
    list.replaceChildren(
      ...groups.map(({ title, commands: some }, n) => {
        const group = el("div");
        group.setAttribute("role", "group");
        const name = el("b", "menu-title", title);
        name.id = `palette-group-${n}`;
        group.setAttribute("aria-labelledby", name.id);
        group.append(name, ...some.map(option));
        return group;
      }),
    );
    if (shown.length === 0) list.append(el("p", "nothing", t("palette.none")));
    said.textContent = t("palette.n", { n: shown.length });
    choose(0);
  }

  /** @param {Command} command */
  function option(command) {
    const it = el("div", "option");
    it.id = `palette-${shown.length}`;
    it.dataset["n"] = String(shown.length);
    it.setAttribute("role", "option");
    it.append(icon(command.sign), el("span", "name", command.name));
    if (command.hint) it.append(el("small", "", command.hint));
    shown.push(command);
    return it;
  }

  /** @param {number} n */
  function choose(n) {
    chosen = n;
    for (const it of list.querySelectorAll("[role=option]")) {
      const is = /** @type {HTMLElement} */ (it).dataset["n"] === String(n);
      it.setAttribute("aria-selected", String(is));
      if (is) it.scrollIntoView({ block: "nearest" });
    }
    if (shown.length > 0) input.setAttribute("aria-activedescendant", `palette-${n}`);
    else input.removeAttribute("aria-activedescendant");
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (event.isComposing) return;
    /** @type {Record<string, number>} */
    const steps = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 };
    const step = steps[event.key];
    if (step !== undefined && shown.length > 0) {
      const next = chosen + step;
      choose(
        Math.abs(step) === 1
          ? (next + shown.length) % shown.length
          : Math.max(0, Math.min(shown.length - 1, next)),
      );
    } else if (event.key === "Enter") run(chosen);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} n */
  function run(n) {
    const command = shown[n];
    if (!command) return;
    mine.close();
    void command.act();
  }
}

/** Those with all words in their name, the ones that begin with the first of them before others. @param {Section} section @param {string[]} words */
function fitting({ title, commands: all }, words) {
  const name = (/** @type {Command} */ one) => `${one.name} ${one.hint ?? ""}`.toLowerCase();
  const some = all.filter((one) => words.every((word) => name(one).includes(word)));
  const [first = ""] = words;
  const isFirst = (/** @type {Command} */ one) => Number(name(one).startsWith(first));
  return { title, commands: some.toSorted((a, b) => isFirst(b) - isFirst(a)) };
}

/** @param {string} address */
const goTo = (address) => () => (location.href = address);

/** The views, and what the page links to beside. @returns {Command[]} */
function places() {
  const links = [...document.querySelectorAll("nav.tabs a, #help p a")];
  return links.map((it) => ({
    name: [...it.childNodes].find((node) => node.textContent?.trim())?.textContent?.trim() ?? "",
    sign: "arrow",
    act: goTo(/** @type {HTMLAnchorElement} */ (it).href),
  }));
}

/** Every button that is in sight, by what it says of itself, and what is in menus. @param {Record<string, (it?: any) => unknown>} actions @returns {Command[]} */
function commands(actions) {
  /** @type {Map<string, Command>} */
  const all = new Map();
  const buttons = document.querySelectorAll(
    "[data-do]:not([data-do=palette]), [data-chip], [role=tab], [data-turn], [data-lang-switch], .popup > summary[title]",
  );
  for (const it of buttons) {
    const button = /** @type {HTMLElement} */ (it);
    if (button.offsetParent === null || button.closest(".rows, dialog")) continue;
    const clean = (/** @type {string | null} */ text) =>
      (text ?? "")
        .replace(/\s+/g, " ")
        .replace(/\s*\(.{1,14}\)$/, "")
        .trim();
    const name = clean(button.getAttribute("aria-label")) || clean(button.textContent) || clean(button.title);
    const key = /\((.)\)$/.exec(button.title)?.[1];
    const hint = key ?? (clean(button.title) === name ? "" : clean(button.title));
    if (name !== "" && !all.has(name)) all.set(name, { name, hint, sign: "dot", act: () => button.click() });
  }
  const more = [
    ...(actions["group"]
      ? ["none", "conversation", "run"].map((by) => ({
          name: `${t("group.by")}: ${t(`group.by.${by}`)}`,
          hint: "v",
          act: () => actions["group"]?.(by),
        }))
      : []),
    ...["compact", "usual", "comfortable"].map((dense) => ({
      name: `${t("density")}: ${t(`density.${dense}`)}`,
      act: () => setDensity(dense),
    })),
    { name: t("palette.copy"), hint: "y", act: () => copy(location.href) },
    { name: t("palette.filter"), hint: "/", act: () => $("#filter input, [role=search] input")?.focus() },
  ];
  return [...all.values(), ...more.map((one) => ({ sign: "dot", ...one }))];
}

/** What was kept by hand and asked lately. @returns {Command[]} */
function filters() {
  const of = (/** @type {string} */ name) => {
    try {
      const stored = JSON.parse(localStorage.getItem(name) ?? "[]");
      return Array.isArray(stored) ? stored.filter((one) => typeof one === "string") : [];
    } catch {
      return []; // somebody else wrote there
    }
  };
  const [saved, recent] = [of("filters.saved"), of("filters.recent")];
  return [...saved.map((q) => ({ q, sign: "star" })), ...recent.map((q) => ({ q, sign: "wait" }))].map(
    ({ q, sign }) => ({
      name: q,
      sign,
      act: goTo(`/?q=${encodeURIComponent(q)}`),
    }),
  );
}

/** What is in the record: newest first. @param {string} words @returns {Promise<Section[]>} */
async function record(words) {
  const q = encodeURIComponent(words);
  const none = () => ({ items: [] });
  const [runs, exchanges, sessions] = await Promise.all([
    ask(`/api/runs?limit=${MOST_OF_A_KIND}&q=${q}`).catch(none),
    ask(`/api/exchanges?limit=${MOST_OF_A_KIND}&q=${q}`).catch(none),
    ask("/api/mcp/sessions?limit=200").catch(none),
  ]);
  const here = sessions.items.filter((/** @type {any} */ { name, client, id }) =>
    `${name} ${client ?? ""} ${id}`.toLowerCase().includes(words.toLowerCase()),
  );
  return [
    {
      title: t("palette.runs"),
      commands: runs.items.map((/** @type {any} */ run) => ({
        name: run.title || run.id,
        hint: `${run.agent ?? ""} ${clock(run.at)}`.trim(),
        sign: "flag",
        act: goTo(`/run/${encodeURIComponent(run.id)}`),
      })),
    },
    {
      title: t("palette.exchanges"),
      commands: exchanges.items.map((/** @type {any} */ row) => ({
        name: `${row.asked || row.path} ${row.answered ? `› ${row.answered}` : ""}`.slice(0, 160),
        hint: `${row.model ?? ""} ${clock(row.at)}`.trim(),
        sign: "stream",
        act: goTo(`/llm/${encodeURIComponent(row.id)}`),
      })),
    },
    {
      title: t("palette.sessions"),
      commands: here.slice(0, MOST_OF_A_KIND).map((/** @type {any} */ row) => ({
        name: row.name,
        hint: `${row.client ?? ""} ${clock(row.at)}`.trim(),
        sign: "server",
        act: goTo(`/mcp/${encodeURIComponent(row.id)}`),
      })),
    },
  ];
}
