// What is kept: stars, given and taken by `s` or a button, on every list and in every head. Loaded with the first of them.
import { $, toast } from "./dom.js";
import { lateWords, t } from "./words.js";

/** @typedef {import("../src/fact/rows.ts").Star} Star */
/** @typedef {import("./controls.js").Screen} Screen */

export const words = lateWords("keep");

/** Of what is open or chosen, or what a button is of. @param {HTMLElement | null} button */
export async function star(button) {
  await words;
  const { of, id } = /** @type {Partial<Star>} */ (button?.dataset ?? {});
  const one = of && id ? { of, id, starred: button?.ariaPressed === "true" } : chosen();
  if (!one) return toast(t("keep.nothing"));
  const starred = !one.starred;
  try {
    await write("/api/star", { of: one.of, id: one.id, starred });
    toast(t(starred ? "keep.starred" : "keep.unstarred"));
  } catch (error) {
    toast(/** @type {Error} */ (error).message);
  }
}

/** The feed tells of stars, those of other windows too. @param {readonly any[]} frames @param {Screen} screen */
export function told(frames, screen) {
  for (const { type, of, id, starred } of frames) {
    if (type !== "star") continue;
    for (const list of [screen.list?.(), screen.sessions?.()]) {
      const item = list?.source.at(list.source.indexOf(id));
      const row = item?.kind ? item.row : item;
      if (row?.id !== id) continue;
      row.starred = starred || undefined;
      list.redraw();
    }
    for (const button of document.querySelectorAll('[data-do="star"]')) {
      const it = /** @type {HTMLElement} */ (button);
      if (it.dataset["of"] === of && it.dataset["id"] === id) it.ariaPressed = String(starred);
    }
  }
}

/** A write of ours: from this page, as JSON. Throws the sentence that the server says. @param {string} path @param {object} body @returns {Promise<any>} */
export async function write(path, body) {
  const answer = await fetch(path, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const value = await answer.json().catch(() => ({}));
  if (!answer.ok) throw new Error(value.error ?? `HTTP ${answer.status}`);
  return value;
}

/** The row that is chosen, or what stands open. @returns {(Star & { starred: boolean }) | null} */
export function chosen() {
  const { view = "", run } = /** @type {HTMLElement} */ ($("main.view")).dataset;
  if (view === "run" && run) return { of: "run", id: run, starred: isPressed() };
  const open = view === "mcp" ? $("article.session") : null;
  if (open) return { of: "session", id: open.dataset.id, starred: isPressed() };
  const item = $('.grid .rows > .row[aria-selected="true"]:not([hidden])')?.item;
  if (item?.kind === "group" && item.group.by === "run")
    return { of: "run", id: item.group.id, starred: false };
  const row = item?.kind ? item.row : item;
  /** @type {Star["of"]} */
  const of = view === "mcp" ? "session" : view === "runs" ? "run" : "exchange";
  if (row) return { of, id: row.id, starred: row.starred === true };
  const article = $("article.exchange");
  return article ? { of, id: article.dataset.id, starred: isPressed() } : null;
}

function isPressed() {
  return $('.star-button[aria-pressed="true"]') !== null;
}
