// Elements by hand: text goes in as text, never as HTML.
import { t } from "./words.js";

/** @param {string} selector @param {ParentNode} [within] @returns {any} */
export const $ = (selector, within = document) => within.querySelector(selector);

/** @param {string} name */
export function el(name, className = "", text = "") {
  const element = document.createElement(name);
  if (className) element.className = className;
  if (text) element.textContent = text;
  return element;
}

const SVG = "http://www.w3.org/2000/svg";

/** A sign of the sprite that the server put into the page. @param {string} name */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `#i-${name}`);
  svg.append(use);
  return svg;
}

/** @param {Element} svg @param {string} name */
export function setIcon(svg, name) {
  const use = /** @type {Element} */ (svg.firstChild);
  if (use.getAttribute("href") !== `#i-${name}`) use.setAttribute("href", `#i-${name}`);
}

/**
 * Says something to people once, by eye and by ear; with a button that takes it back it stays longer.
 * @param {string} text @param {{ text: string, act(): void } | null} [undo]
 */
export function toast(text, undo = null) {
  const it = el("div", "toast", text);
  if (undo) {
    const button = el("button", "undo", undo.text);
    button.addEventListener("click", () => (it.remove(), undo.act()));
    it.append(" ", button);
  }
  document.getElementById("toasts")?.append(it);
  setTimeout(() => it.remove(), undo ? 10_000 : 5000);
}

let said = 0;
/** At most one sentence in ten seconds: a live region that talks all the time is switched off. @param {string} text */
export function announce(text) {
  if (performance.now() - said < 10_000) return;
  said = performance.now();
  const it = document.getElementById("announce");
  if (it) it.textContent = text;
}

/** Says that something could not be had. @param {{ message: string }} error */
export const failed = ({ message }) => toast(t("failed.load", { why: message }));

/**
 * JSON of our own server, or an Error with the sentence that it said.
 * @param {string} path @param {AbortSignal} [signal] @returns {Promise<any>}
 */
export async function ask(path, signal) {
  // A browser lets a question wait for an earlier one of the same address, which a dead server may never answer.
  const answer = await fetch(path, {
    signal: signal ?? null,
    cache: "no-store",
    headers: { accept: "application/json" },
  });
  const value = await answer.json();
  if (!answer.ok) throw new Error(value.error ?? `HTTP ${answer.status}`);
  return value;
}
