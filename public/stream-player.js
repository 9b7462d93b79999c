// Plays an answer as it came, at its own pace or four times as fast; steps from event to event.
import { $, setIcon } from "./dom.js";
import { ms } from "./words.js";

/**
 * `times()` of the events; `show(n, t)` makes one the chosen; `at()` is the chosen one.
 * @param {HTMLElement} place
 * @param {{ times(): number[], show(n: number, t: number): void, at(): number, zoom(by: number | null): void }} stream
 */
export function startPlayer(place, { times, show, at, zoom }) {
  const bar = $(".player", place);
  const told = $(".played", place);
  const buttons = /** @type {HTMLElement[]} */ ([...bar.querySelectorAll("[aria-pressed]")]);
  let speed = 0;
  let now = 0;
  let last = 0;
  let frame = 0;

  bar.addEventListener("click", (/** @type {Event} */ { target }) => {
    const button = /** @type {HTMLElement | null} */ (/** @type {Element} */ (target).closest("[data-play]"));
    const what = button?.dataset["play"];
    if (what === "back") step(-1);
    else if (what === "next") step(1);
    else if (what) play(speed === Number(what) ? 0 : Number(what));
  });
  document.addEventListener("keydown", pressed);

  return {
    /** Somebody chose another event: playing goes on from there. @param {number} n @param {number} t */
    moved(n, t) {
      if (n < 0) return;
      if (Math.abs(t - now) > 1) now = t;
      told.textContent = `${ms(t)} · #${n}`;
    },
    stop() {
      play(0);
      document.removeEventListener("keydown", pressed);
    },
  };

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    const target = /** @type {Element} */ (event.target);
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (!target.closest("#panel, body:not(:has(:focus))") && target !== document.body) return;
    if (target.closest("input, textarea, button, [role=tab], .stream-text")) return;
    if (event.key === "ArrowRight") step(1);
    else if (event.key === "ArrowLeft") step(-1);
    else if (event.key === " ") play(speed === 0 ? 1 : 0);
    else if (event.key === "+") zoom(0.5);
    else if (event.key === "-") zoom(2);
    else return;
    event.preventDefault();
  }

  /** @param {1 | -1} by */
  function step(by) {
    play(0);
    const all = times();
    const n = Math.max(0, Math.min(all.length - 1, at() + by));
    now = all[n] ?? 0;
    show(n, now);
  }

  /** @param {number} next */
  function play(next) {
    cancelAnimationFrame(frame);
    speed = next;
    for (const it of buttons) it.setAttribute("aria-pressed", String(Number(it.dataset["play"]) === speed));
    setIcon($("svg", buttons[0]), speed === 0 ? "play" : "pause");
    if (speed === 0) return;
    const all = times();
    // At the end it begins again.
    if (at() >= all.length - 1) now = 0;
    last = performance.now();
    frame = requestAnimationFrame(tick);
  }

  /** @param {number} time */
  function tick(time) {
    const all = times();
    now += (time - last) * speed;
    last = time;
    let n = at() < 0 || (all[at()] ?? 0) > now ? -1 : at();
    while ((all[n + 1] ?? Infinity) <= now) n++;
    if (n >= 0 && n !== at()) show(n, now);
    told.textContent = `${ms(now)}${n >= 0 ? ` · #${n}` : ""}`;
    if (n >= all.length - 1) return play(0);
    frame = requestAnimationFrame(tick);
  }
}
