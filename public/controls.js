// What buttons do, and where keys go: what they do is in keys.js, loaded once the first rows stand.
import { $, failed, toast } from "./dom.js";
import { onFrames, pause } from "./feed.js";
import { t } from "./words.js";

/**
 * What a view has for buttons and keys, by their names.
 * @typedef {{ list?(): any, sessions?(): any, actions?: Record<string, (it: any) => unknown>, escape?(): unknown }} Screen
 */

/** @param {Screen} screen */
export function startControls(screen) {
  startActions(screen);
  onFrames(async (frames) => {
    if (frames.some(({ type }) => type === "star")) (await keeping()).told(frames, screen);
  });
  // What was thrown away before the page was loaded, or in another window.
  const resume = async () => localStorage.getItem("trash") && (await trash()).resume();
  void resume();
  window.addEventListener("storage", ({ key }) => key === "trash" && resume());
  const keys = import("./keys.js").then(({ startKeys }) => startKeys(screen));
  // A hand that is quicker than the script is not forgotten: its keys wait, in their order.
  /** @type {(event: KeyboardEvent) => unknown} */
  let onKey = (event) => void keys.then((act) => act(event));
  document.addEventListener("keydown", (event) => onKey(event));
  void keys.then((act) => (onKey = act));
}

/** What buttons do: each carries `data-do`. One listener for all, so that fragments need no wiring. @param {Screen} screen */
function startActions(screen) {
  /** @type {Record<string, (it: any) => unknown>} */
  const actions = {
    theme: async () => (await import("./next-theme.js")).nextTheme(),
    help: () => $("#help").showModal(),
    pause,
    palette: async () => (await import("./palette.js")).openPalette(screen.actions ?? {}),
    learn: async () => (await import("./learn.js")).toggle(),
    star: async (it) => (await keeping()).star(it),
    trash: async (it) => (await trash()).throwAway(it, screen),
    "copy-before": (it) => copy(it.previousElementSibling.textContent),
    "copy-next": (it) => copy(it.closest("article").querySelector("pre.code").textContent),
    "copy-body": async (it) => copy(await (await fetch(it.dataset.src)).text()),
    menus(it) {
      const more = it.closest(".filters").classList.toggle("more");
      it.setAttribute("aria-expanded", String(more));
    },
    ...screen.actions,
  };

  document.addEventListener("click", (event) => {
    const it = /** @type {HTMLElement | null} */ (
      /** @type {Element} */ (event.target).closest?.("[data-do]") ?? null
    );
    const act = it && actions[it.dataset["do"] ?? ""];
    if (!act || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act(it);
  });

  // The address of now, not that of the first load: what is open stays open in the other language.
  $("[data-lang-switch]")?.addEventListener("click", (/** @type {any} */ { currentTarget: it }) => {
    const to = new URL(location.href);
    to.searchParams.set("lang", it.hreflang);
    it.href = to.href;
  });

  // A request of htmx that failed says so: the demo's button, a panel.
  document.addEventListener("htmx:error", (/** @type {any} */ { detail }) =>
    failed({ message: detail.error ?? "" }),
  );
  document.addEventListener("htmx:after:request", async (/** @type {any} */ { detail }) => {
    const { response, text } = detail.ctx ?? {};
    if (!response || response.status < 400) return;
    toast(sentence(text) ?? t("failed.load", { why: response.status }));
  });
}

/** Loaded with the first star, and with the first that is thrown away. */
const keeping = () => import("./keeping.js");
const trash = () => import("./trash.js");

/** @param {string} text @returns {string | null} */
function sentence(text) {
  try {
    return JSON.parse(text).error ?? null;
  } catch {
    return null; // a page of ours, shown where it was asked for
  }
}

/** @param {string} text */
async function copy(text) {
  return (await import("./copy.js")).copy(text);
}
