// What keys do: letters, numbers, regions, tab lists; and the splitter, by pointer and by arrows.
import { copy } from "./copy.js";
import { $ } from "./dom.js";
import { pause } from "./feed.js";

/** Every action has a key. Single letters only outside of fields, and they can be switched off. Gives what is to be done with a key. @param {import("./controls.js").Screen} screen */
export function startKeys(screen) {
  startPanelTabs();
  startSplitter();
  // Who asks for it goes on typing at once.
  void import("./palette.js");
  const setting = $('[data-setting="keys"]');
  setting.checked = localStorage.getItem("keys") !== "off";
  setting.addEventListener("change", () => localStorage.setItem("keys", setting.checked ? "on" : "off"));
  /** After `g` and after `y`: what the next letter means. */
  let going = -1000;
  let copying = -1000;

  /** @param {KeyboardEvent} event */
  function act(event) {
    if (event.isComposing) return;
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return press('[data-do="palette"]');
    }
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    const target = /** @type {HTMLElement} */ (event.target);
    if (moveTab(event)) return;
    const typing = target.matches?.("input:not([type=checkbox]), textarea, select");
    if (key === "Escape") return escape(target);
    if ($("dialog[open]")) return;
    if (key === "F6") return (event.preventDefault(), nextRegion(event.shiftKey ? -1 : 1));
    if (typing) return;
    if (!setting.checked) return;
    const isCopy = performance.now() - copying < 1000 && /^[chptj]$/.test(key);
    copying = -1000;
    if (isCopy) return (event.preventDefault(), void copyAs(key));
    const [letter, click] = [letters[key], clicks[key]];
    if (letter) letter();
    else if (click) whenHere(screen, () => press(click));
    else if (/^[1-9]$/.test(key)) whenHere(screen, () => press(tabNumber(key)));
    else return;
    event.preventDefault();
  }

  /** @type {Record<string, () => unknown>} */
  const letters = {
    j: () => screen.list?.()?.move(1),
    k: () => screen.list?.()?.move(-1),
    G: () => screen.list?.()?.move(Infinity),
    g() {
      if (performance.now() - going < 1000) screen.list?.()?.move(-Infinity);
      going = performance.now();
    },
    l: () => (performance.now() - going < 1000 ? went("/") : press('[data-do="learn"]')),
    r: () => (performance.now() - going < 1000 ? went("/runs") : press("#tab-wire")),
    m: () => (performance.now() - going < 1000 ? went("/mcp") : across()),
    t: () =>
      performance.now() - going < 1000 ? went("/runs") : whenHere(screen, () => press("#tab-stream")),
    "/": () => $("#filter input")?.focus(),
    s: async () => (await import("./keeping.js")).star(null),
    Delete: async () => (await import("./trash.js")).throwAway(null, screen),
    x: () => screen.actions?.["mark"]?.(null),
    d: () => screen.actions?.["compare"]?.(null),
    f: () => screen.actions?.["follow"]?.(null),
    p: pause,
    v: () => screen.actions?.["view"]?.(null),
    e: expand,
    n: () => screen.actions?.["next-hit"]?.(null),
    N: () => screen.actions?.["previous-hit"]?.(null),
    o: () => screen.actions?.["overview"]?.(null),
    y() {
      copying = performance.now();
      void copy(location.href);
    },
  };
  return act;

  /** @param {string} path */
  function went(path) {
    if (performance.now() - going < 1000) location.href = path;
  }

  /** @param {HTMLElement} target */
  function escape(target) {
    if ($("dialog[open]")) return;
    if (target.matches?.("input, select")) return target.blur();
    const open = $("#status [open], #detail .popup[open]");
    if (open) return (open.open = false);
    screen.escape?.();
  }
}

/** A tab that is not there leaves its number free: the others keep theirs. @param {string} key */
function tabNumber(key) {
  if (!$("article.exchange")) return `.panel-tabs [role="tab"]:nth-of-type(${key})`;
  return `#tab-${["story", "stream", "context", "wire"][Number(key) - 1] ?? "none"}`;
}

/** @param {string} letter */
async function copyAs(letter) {
  (await import("./copy-as.js")).copyAs(letter);
}

/** From a call to its other side. */
async function across() {
  (await import("./across.js")).across();
}

/** What has a button of its own. @type {Record<string, string>} */
const clicks = {
  c: "#tab-story",
  u: "#tab-context",
  r: "#tab-wire",
  "[": '[data-turn="prev"]',
  "]": '[data-turn="next"]',
  "?": '[data-do="help"]',
};

/** @param {string} selector */
function press(selector) {
  $(selector)?.click();
}

/** What stands there may still be the exchange before: the key means the one that is chosen, and waits for it. @param {import("./controls.js").Screen} screen @param {() => void} act */
function whenHere(screen, act) {
  const chosen = screen.list?.()?.selected;
  const article = $("article.exchange");
  // A head of a group opens nothing by being chosen.
  if (!chosen || !article || chosen === article.dataset.id || /^(group|call)-/.test(chosen)) return act();
  document.addEventListener("detail:shown", () => whenHere(screen, act), { once: true });
}

function expand() {
  /** @type {HTMLDetailsElement[]} */
  const all = [
    ...document.querySelectorAll("#detail details:not(.popup), #part details, #message details"),
  ].filter((it) => it instanceof HTMLDetailsElement);
  const open = all.some((it) => !it.open);
  for (const it of all) it.open = open;
}

/** @param {1 | -1} step */
function nextRegion(step) {
  const regions = /** @type {HTMLElement[]} */ ([
    ...document.querySelectorAll(
      "header.bar nav, #filter [name=q], #overview [role=slider], .grid, #panel, #detail > .step, footer details:first-of-type > summary",
    ),
  ]).filter((it) => it.offsetParent !== null);
  // A list inside of the panel is a region of its own: the innermost counts, or the way on would lead back to it.
  const now = regions.findLastIndex((it) => it.contains(document.activeElement));
  const next = regions.at((now + step) % regions.length);
  const isNavigation = next?.matches("nav");
  (isNavigation ? ($("[aria-current]", next) ?? $("a", next)) : next)?.focus();
}

/** In a tab list arrows move, and the selection follows the focus. True when the key was for it. @param {KeyboardEvent} event */
function moveTab(event) {
  const tab = /** @type {Element} */ (event.target).closest?.('[role="tab"]');
  const tabs = /** @type {HTMLElement[]} */ ([
    ...(tab?.closest('[role="tablist"]')?.querySelectorAll('[role="tab"]') ?? []),
  ]);
  if (!tab) return false;
  const now = tabs.indexOf(/** @type {HTMLElement} */ (tab));
  /** @type {Record<string, number>} */
  const to = { Home: 0, End: -1, ArrowRight: (now + 1) % tabs.length, ArrowLeft: now - 1 };
  const next = event.key in to ? tabs.at(to[event.key] ?? 0) : undefined;
  if (!next) return false;
  event.preventDefault();
  const { id } = next;
  next.focus();
  next.click();
  // The fragment that comes brings new tabs: the focus goes to the one that was meant.
  document.addEventListener("detail:shown", () => document.getElementById(id)?.focus(), { once: true });
  return true;
}

/** Those with panels in the page switch them. */
function startPanelTabs() {
  document.addEventListener("click", (event) => {
    const tab = /** @type {Element} */ (event.target).closest?.('[data-island="tabs"] [role="tab"]');
    if (!tab) return;
    for (const one of tab.closest('[data-island="tabs"]')?.querySelectorAll('[role="tab"]') ?? []) {
      const it = /** @type {HTMLElement} */ (one);
      it.setAttribute("aria-selected", String(it === tab));
      it.tabIndex = it === tab ? 0 : -1;
      const panel = document.getElementById(it.getAttribute("aria-controls") ?? "");
      if (panel) panel.hidden = it !== tab;
    }
  });
}

/** The width of the list: by pointer, by arrows, remembered. */
function startSplitter() {
  const bar = $(".splitter");
  if (!bar) return;
  const panes = $(".panes");
  set(Number(localStorage.getItem("list")) || 46);

  bar.addEventListener("pointerdown", (/** @type {PointerEvent} */ event) => {
    bar.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  bar.addEventListener("pointermove", (/** @type {PointerEvent} */ event) => {
    if (!bar.hasPointerCapture(event.pointerId)) return;
    const { left, width } = panes.getBoundingClientRect();
    set(((event.clientX - left) / width) * 100);
  });
  bar.addEventListener("keydown", (/** @type {KeyboardEvent} */ event) => {
    /** @type {Record<string, number>} */
    const steps = { ArrowLeft: -2, ArrowRight: 2 };
    const step = steps[event.key];
    if (step) set(Number(bar.getAttribute("aria-valuenow")) + step);
  });

  /** @param {number} percent */
  function set(percent) {
    const width = Math.round(Math.min(75, Math.max(25, percent)) * 10) / 10;
    document.documentElement.style.setProperty("--list", `${width}%`);
    bar.setAttribute("aria-valuenow", String(Math.round(width)));
    localStorage.setItem("list", String(width));
  }
}
