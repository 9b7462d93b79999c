// The answer while it grows: part by part, text nodes only. What was added comes by itself; what does not fit is asked for again.
import { $, el } from "./dom.js";
import { t } from "./words.js";

/** @typedef {{ kind: string, name: string | null, text: string }} Part */

/** Parts without a word of their own are shown as text. */
const titled = /^(reasoning|tool_call|refusal)$/;
/** @type {Record<string, string>} */
const looks = { tool_call: "body code", reasoning: "body prose thinking" };

export function liveAnswer() {
  /** The answer so far; null until its snapshot is here. @type {Part[] | null} */
  let parts = null;
  return {
    forget() {
      parts = null;
    },
    /** Whether what is added goes on from what is here. @param {{ n: number, at: number }[]} added */
    fits: (added) => added.every(({ n, at }) => at <= (parts?.[n]?.text.length ?? 0)),
    /** @param {{ type: string, name: string | null, text: string }[]} all @param {string} state */
    set(all, state) {
      parts = all.map(({ type, name, text }) => ({ kind: type, name, text }));
      const section = $("[data-live-answer]");
      if (!section) return;
      const place = $(".live-parts", section);
      place.replaceChildren();
      for (const part of parts) $(".body", block(place, part)).firstChild.data = part.text;
      mark(section, state);
    },
    /** @param {import("../src/fact/live.ts").PartAdded[]} added */
    add(added) {
      const section = $("[data-live-answer]");
      if (!section || !parts) return;
      for (const one of added) append(section, parts, one);
      mark(section, "streaming");
    },
    /** It is over and stays as it is: somebody reads it. */
    settle() {
      const section = $("[data-live-answer]");
      if (section) mark(section, "done");
    },
  };
}

/** A page that has more of a part already has this, too. @param {HTMLElement} section @param {Part[]} parts @param {import("../src/fact/live.ts").PartAdded} added */
function append(section, parts, { n, kind, name, at, append: text }) {
  const place = $(".live-parts", section);
  const part = (parts[n] ??= { kind, name, text: "" });
  const fresh = text.slice(part.text.length - at);
  part.text += fresh;
  const it = place.children[n] ?? block(place, part);
  if (name !== part.name) $("h4", it)?.replaceChildren(`${t(`part.${kind}`)} ${(part.name = name)}`);
  const panel = /** @type {HTMLElement} */ (document.getElementById("panel"));
  const stick = panel.scrollTop + panel.clientHeight >= panel.scrollHeight - 8;
  $(".body", it).firstChild.appendData(fresh);
  if (stick && panel.scrollHeight > panel.clientHeight) panel.scrollTop = panel.scrollHeight;
}

/** Which part grows, and what it waits for. @param {HTMLElement} section @param {string} state */
function mark(section, state) {
  const all = [...$(".live-parts", section).children];
  for (const [n, it] of all.entries()) {
    it.classList.toggle("growing", n === all.length - 1);
    $(".body", it).classList.toggle("caret", state !== "done" && n === all.length - 1);
  }
  const word = $(".flying", section);
  if (word) word.textContent = state === "waiting" ? t("waiting") : state === "done" ? "" : t("streaming");
}

/** @param {HTMLElement} place @param {Part} part */
function block(place, { kind, name }) {
  const it = el("div");
  if (titled.test(kind)) it.append(el("h4", "", [t(`part.${kind}`), name].filter(Boolean).join(" ")));
  const body = el(kind === "tool_call" ? "pre" : "div", looks[kind] ?? "body prose");
  body.append("");
  it.append(body);
  place.append(it);
  return it;
}
