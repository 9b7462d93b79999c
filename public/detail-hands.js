// What hands do in the detail: copy a text of the server's, show a picture (one elsewhere in a new tab), switch between source and rendered.
import { copy } from "./copy.js";
import { $, failed } from "./dom.js";

const YEAR = 31_536_000;

/** `again()` draws the panel anew. @param {() => void} again */
export function startHands(again) {
  document.addEventListener("click", ({ target }) => {
    const menu = $("#detail .popup[open]");
    if (menu && !menu.contains(target)) menu.open = false;
  });
  document.getElementById("detail")?.addEventListener("click", (event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const place = /** @type {HTMLElement | null} */ (target.closest("[data-place]"));
    if (place) return goTo(event, place.dataset["place"] ?? "");
    const text = /** @type {HTMLElement | null} */ (target.closest("[data-copy-text]"));
    if (text) return void copyFrom(text);
    const media = /** @type {HTMLElement | null} */ (target.closest("[data-media]"));
    if (media) return void show(media);
    const away = /** @type {HTMLElement | null} */ (target.closest("[data-address]"));
    if (away) return void window.open(away.dataset["address"], "_blank", "noopener,noreferrer");
    if (target.closest("[data-render]")) return again();
    const source = target.closest("[data-source-switch]");
    if (!source) return;
    const isOn = source.getAttribute("aria-pressed") === "true";
    document.cookie = `as=${isOn ? "rendered" : "source"}; Path=/; SameSite=Strict; Max-Age=${YEAR}`;
    again();
  });
}

/** To an event of the stream or a message of the story, whichever panel is shown. @param {MouseEvent} event @param {string} place */
function goTo(event, place) {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  history.replaceState(null, "", `#${place}`);
  const panel = place.startsWith("event") ? "stream" : "story";
  document.getElementById(`tab-${panel}`)?.click();
}

/** @param {HTMLElement} button */
async function copyFrom(button) {
  try {
    const answer = await fetch(button.dataset["copyText"] ?? "");
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    await copy(await answer.text());
    const menu = button.closest("details");
    if (menu) menu.open = false;
  } catch (error) {
    failed(/** @type {Error} */ (error));
  }
}

/** @param {HTMLElement} button */
async function show(button) {
  const { id } = $("article.exchange").dataset;
  const side = button.closest(".answer") ? "response" : "request";
  const path = encodeURIComponent(button.dataset["media"] ?? "");
  (await import("./show-media.js")).showMedia(button, `/llm/${id}/media/${side}?at=${path}`);
}
