// Every action has a key. Single letters only when no field has the focus, and they can be switched off.
import { copy } from "./dom.js";
import { pause } from "./feed.js";

export function startKeys(screen) {
  const setting = document.querySelector('[data-setting="keys"]');
  setting.checked = localStorage.getItem("keys") !== "off";
  setting.addEventListener("change", () => localStorage.setItem("keys", setting.checked ? "on" : "off"));
  /** After `g`: what the next letter means. */
  let going = 0;

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const { target, key } = event;
    const typing = target.matches?.("input:not([type=checkbox]), textarea, select");
    if (key === "Escape") return escape(target);
    if (typing || document.querySelector("dialog[open]")) return;
    if (key === "F6") return (event.preventDefault(), nextRegion(event.shiftKey ? -1 : 1));
    const act = setting.checked ? letters[key] : undefined;
    if (!act && !/^[1-9]$/.test(key)) return;
    if (/^[1-9]$/.test(key)) return setting.checked ? tab(Number(key) - 1) : undefined;
    event.preventDefault();
    act();
  });

  const letters = {
    j: () => screen.list?.()?.move(1),
    k: () => screen.list?.()?.move(-1),
    G: () => screen.list?.()?.move(Infinity),
    g() {
      if (performance.now() - going < 1000) screen.list?.()?.move(-Infinity);
      going = performance.now();
    },
    l: () => went("/"),
    m: () => went("/mcp"),
    "/": () => document.querySelector("#filter input")?.focus(),
    f: () => screen.actions?.follow?.(),
    p: pause,
    e: expand,
    "?": () => document.getElementById("help").showModal(),
    c: () => panel("conversation"),
    a: () => panel("answer"),
    t: () => panel("timeline"),
    r: () => panel("raw"),
    "[": () => document.querySelector('[data-turn="prev"]')?.click(),
    "]": () => document.querySelector('[data-turn="next"]')?.click(),
    y: () => copy(location.href),
  };

  function went(path) {
    if (performance.now() - going < 1000) location.href = path;
  }

  function escape(target) {
    if (document.querySelector("dialog[open]")) return;
    if (target.matches?.("input, select")) return target.blur();
    screen.escape?.();
  }
}

function tab(n) {
  document.querySelectorAll('.panel-tabs [role="tab"]')[n]?.click();
}

function panel(name) {
  document.querySelector(`[data-panel-tab="${name}"]`)?.click();
}

function expand() {
  const all = [...document.querySelectorAll("#detail details, #part details, #message details")];
  const open = all.some((it) => !it.open);
  for (const it of all) it.open = open;
}

function nextRegion(step) {
  const regions = [...document.querySelectorAll("header.bar nav a, #filter input, .grid, #panel")].filter(
    (it) => it.offsetParent !== null,
  );
  const now = regions.findIndex((it) => it.contains(document.activeElement));
  regions.at((now + step) % regions.length)?.focus();
}
