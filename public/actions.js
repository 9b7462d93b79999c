// What buttons do: each carries `data-do`. One listener for all, so that fragments need no wiring.
import { copy, failed, toast } from "./dom.js";
import { pause } from "./feed.js";
import { t } from "./words.js";

export function startActions(screen) {
  const actions = {
    theme: nextTheme,
    help: () => document.getElementById("help").showModal(),
    pause,
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
    const it = event.target.closest?.("[data-do]");
    const act = it && actions[it.dataset.do];
    if (!act || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    act(it);
  });

  // A request of htmx that failed says so: the demo's button, a panel.
  document.addEventListener("htmx:error", ({ detail }) => failed({ message: detail.error ?? "" }));
  document.addEventListener("htmx:after:request", async ({ detail }) => {
    const { response, text } = detail.ctx ?? {};
    if (!response || response.status < 400) return;
    toast(sentence(text) ?? t("failed.load", { why: response.status }));
  });
}

function sentence(text) {
  try {
    return JSON.parse(text).error ?? null;
  } catch {
    return null; // a page of ours, shown where it was asked for
  }
}

function nextTheme() {
  const root = document.documentElement;
  const order = { undefined: "light", light: "dark", dark: undefined };
  const next = order[root.dataset.theme];
  if (next) root.dataset.theme = next;
  else delete root.dataset.theme;
  if (next) localStorage.setItem("theme", next);
  else localStorage.removeItem("theme");
  document.dispatchEvent(new CustomEvent("theme"));
}
