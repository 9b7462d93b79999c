// What is selected in a list of pieces: asked for by the address, told to whoever explains it, marked as a step of a beginner.
import { el, icon } from "./dom.js";

/** The event or message that the address asks for (`#event-12`), once. @param {"event" | "message"} kind */
export function asked(kind) {
  const [, found, n] = /^#(event|message)-(\d{1,9})$/.exec(location.hash) ?? [];
  if (found !== kind) return null;
  history.replaceState(null, "", location.pathname + location.search);
  return Number(n);
}

/** Says what is selected to whoever explains it. @param {Record<string, unknown>} what */
export function picked(what) {
  document.dispatchEvent(new CustomEvent("picked", { detail: what }));
}

/** Marks a step that a newcomer looks for; `words` says which. @param {string} words */
export function flag(words) {
  const mark = el("span", "step-flag");
  mark.title = words;
  mark.append(icon("flag"), el("span", "unseen", words));
  return mark;
}
