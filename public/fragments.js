// Pieces of pages as the server draws them: asked for, and put where they belong.
import { $ } from "./dom.js";

/** A piece of a page as the server draws it, escaped there. @param {string} path @param {AbortSignal} [signal] */
export async function fragment(path, signal) {
  const answer = await fetch(path, {
    signal: signal ?? null,
    cache: "no-store",
    headers: { "HX-Request": "true" },
  });
  return answer.text();
}

/** Through htmx, so that what the fragment says with hx-* holds. @param {string} selector @param {string} text */
export function swap(selector, text) {
  const target = $(selector);
  return htmx.swap({ sourceElement: target, target, text, swap: "innerHTML", transition: false });
}
