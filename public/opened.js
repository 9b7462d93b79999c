// The exchange that is open beside the list: by a click, a key, or its address.
import { addressOf, openDetail, startDetail } from "./detail.js";
import { $ } from "./dom.js";
import { fetchBeside } from "./prefetch.js";

/** @param {{ list: ReturnType<typeof import("./list.js").windowed>, grid: HTMLElement, main: HTMLElement }} screen */
export function startOpened({ list, grid, main }) {
  startDetail();
  document.addEventListener("detail:shown", () => {
    const panel = main.dataset["panel"] ?? $("article.exchange")?.dataset.panel;
    fetchBeside(list, (id) => addressOf(id, panel));
  });
  return { open, close, followAddress };

  /** @param {string} id @param {string} how */
  function open(id, how) {
    const panel = $("article.exchange")?.dataset.panel;
    const chosenPanel = main.dataset["panel"] ?? null;
    show(id, chosenPanel ?? (panel && how === "key" ? panel : null), how);
  }

  /** @param {string | null} id @param {string | null} panel @param {string} how */
  function show(id, panel, how) {
    if (id) main.dataset["open"] = "yes";
    else delete main.dataset["open"];
    if (!id) list.changed();
    void openDetail(id, panel, how);
  }

  /** Back and forward. */
  function followAddress() {
    const id = idOf(location.pathname);
    list.select(id);
    show(id, location.pathname.split("/")[3] ?? null, "back");
  }

  function close() {
    const address = new URL(location.href);
    address.pathname = "/";
    history.pushState(null, "", address);
    list.select(null);
    show(null, null, "close");
    grid.focus();
  }
}

/** @param {string} path */
function idOf(path) {
  const [, tab, id] = path.split("/");
  return tab === "llm" && id ? id : null;
}
