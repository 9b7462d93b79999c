// Searches a long text, goes from hit to hit, and marks what is drawn of it, with the browser's own highlighting.
import { $ } from "./dom.js";
import { count, t } from "./words.js";

/** A pause in typing before a text of megabytes is searched. */
const TYPED_MS = 150;
/** More than these are counted as "more": nobody goes through them. */
const MOST_HITS = 10_000;

/**
 * The search in one text. `text()` is what is searched, `from()` where the sight begins; `onHit(at)` is told where the hit stands that one has come to,
 * null where there is none, and `onFound` before that, when there are other hits.
 * @param {HTMLElement} section @param {{ text(): string, from(): number, onFound(): void, onHit(at: number | null): void }} shown
 */
export function startFinder(section, { text, from, onFound, onHit }) {
  const field = /** @type {HTMLInputElement | null} */ ($(".find", section));
  let hits = new Uint32Array(0);
  let hit = -1;
  let typed = 0;
  field?.addEventListener("input", () => {
    clearTimeout(typed);
    typed = window.setTimeout(find, TYPED_MS);
  });
  field?.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    step(event.shiftKey ? -1 : 1);
  });

  return {
    get hasHits() {
      return hits.length > 0;
    },
    /** Another text is shown. */
    forget: () => void (hits = new Uint32Array(0)),
    again: () => void (field?.value && find()),
    mark,
  };

  function find() {
    hits = findAll(text(), field?.value ?? "");
    hit = hits.length > 0 ? Math.min(firstFrom(hits, from()), hits.length - 1) : -1;
    onFound();
    show();
  }

  /** @param {1 | -1} by */
  function step(by) {
    if (hits.length === 0) return;
    hit = (hit + by + hits.length) % hits.length;
    show();
  }

  function show() {
    const said = $(".found", section);
    if (said) said.textContent = field?.value ? t("hits", { n: count(hit + 1), m: count(hits.length) }) : "";
    onHit(hits[hit] ?? null);
  }

  /** @param {readonly any[]} drawn rows, with the place in the text where each begins */
  function mark(drawn) {
    if (!("highlights" in CSS)) return;
    const [all, here] = [new Highlight(), new Highlight()];
    const { length } = field?.value ?? "";
    if (hits.length > 0)
      for (const row of drawn)
        for (const { n, range } of rangesIn(row.childNodes[3], row.start, hits, length))
          (n === hit ? here : all).add(range);
    const side = section.dataset["side"];
    CSS.highlights.set(`find-${side}`, all);
    CSS.highlights.set(`find-here-${side}`, here);
  }
}

/** @param {string} text @param {string} words @returns {Uint32Array<ArrayBuffer>} where each begins */
function findAll(text, words) {
  if (words === "") return new Uint32Array();
  const found = [];
  const looked = new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&"), "gi");
  for (let it = looked.exec(text); it && found.length < MOST_HITS; it = looked.exec(text))
    found.push(it.index);
  return Uint32Array.from(found);
}

/** The first hit at or behind a place. @param {Uint32Array} hits @param {number} at */
function firstFrom(hits, at) {
  let [low, high] = [0, hits.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((hits[middle] ?? 0) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Ranges in one drawn row, whose text is one node.
 * @param {Text} node @param {number} start where the row begins in the text @param {Uint32Array} hits @param {number} length of the words
 */
function rangesIn(node, start, hits, length) {
  const found = [];
  const end = start + node.data.length;
  for (let n = firstFrom(hits, Math.max(0, start - length + 1)); n < hits.length; n++) {
    const at = hits[n] ?? 0;
    if (at >= end) break;
    const range = new Range();
    range.setStart(node, Math.max(0, at - start));
    range.setEnd(node, Math.min(node.data.length, at + length - start));
    found.push({ n, range });
  }
  return found;
}
