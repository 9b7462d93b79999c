// Marks what was searched for where it stands, without touching the page: ranges of the browser's own highlighting.
import { $ } from "./dom.js";
import { parseFilter, textsOf } from "./filter/filter.ts";

/** Ranges that are marked at once: a word that stands everywhere marks nothing any more. */
const MOST_HITS = 2_000;
/** Text nodes looked at for one marking. */
const MOST_NODES = 20_000;

/** @type {string[]} */
let wanted = [];
/** @type {Range[]} */
let inDetail = [];
let at = -1;
let due = false;

/** What is looked for from now on: the words of a filter that are no fields. @param {string} q */
export function lookFor(q) {
  wanted = textsOf(parseFilter(q)).flatMap(({ text, not }) =>
    not || text === "" ? [] : [text.toLowerCase()],
  );
  $("#filter .hit-steps").hidden = wanted.length === 0;
  markHits();
}

/** The same for words that are known already. @param {readonly string[]} words */
export function lookForWords(words) {
  wanted = words.filter((word) => word !== "");
  markHits();
}

/** Marks again, once a frame: rows were drawn, a panel came. */
export function markHits() {
  if (due || !("highlights" in CSS)) return;
  due = true;
  requestAnimationFrame(() => {
    due = false;
    mark();
  });
}

function mark() {
  if (wanted.length === 0) {
    CSS.highlights.delete("hit");
    CSS.highlights.delete("hit-here");
    inDetail = [];
    return;
  }
  const rows = rangesIn(document.querySelector("#list .rows"), MOST_HITS);
  inDetail = rangesIn($("#detail, #message"), MOST_HITS - rows.length);
  CSS.highlights.set("hit", new Highlight(...rows, ...inDetail));
}

/** Goes from hit to hit in what is open. @param {1 | -1} step */
export function nextHit(step) {
  const alive = inDetail.filter(({ startContainer }) => startContainer.isConnected);
  if (alive.length === 0) return;
  at = (at + step + alive.length) % alive.length;
  const range = /** @type {Range} */ (alive[at]);
  const element = range.startContainer.parentElement;
  for (let it = element; it; it = it.parentElement) if (it instanceof HTMLDetailsElement) it.open = true;
  element?.scrollIntoView({ block: "center" });
  CSS.highlights.set("hit-here", new Highlight(range));
}

/** @param {Element | null} within @param {number} most */
function rangesIn(within, most) {
  /** @type {Range[]} */
  const found = [];
  if (!within) return found;
  const walker = document.createTreeWalker(within, NodeFilter.SHOW_TEXT);
  for (let n = 0; n < MOST_NODES && found.length < most; n++) {
    const node = walker.nextNode();
    if (!node) break;
    // A row that waits to be used again still has the words of its last.
    if (node.parentElement?.closest(".row[hidden]")) continue;
    const text = (node.nodeValue ?? "").toLowerCase();
    for (const word of wanted)
      for (
        let start = text.indexOf(word);
        start >= 0 && found.length < most;
        start = text.indexOf(word, start + word.length)
      ) {
        const range = new Range();
        range.setStart(node, start);
        range.setEnd(node, Math.min(start + word.length, node.nodeValue?.length ?? 0));
        found.push(range);
      }
  }
  return found;
}
