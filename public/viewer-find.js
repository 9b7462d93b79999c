// Searches a long text and marks what is drawn of it, with the browser's own highlighting.

/** More than these are counted as "more": nobody goes through them. */
const MOST = 10_000;

/** @param {string} text @param {string} words @returns {Uint32Array} where each begins */
export function findAll(text, words) {
  if (words === "") return new Uint32Array();
  const found = [];
  const looked = new RegExp(words.replaceAll(/[.*+?^${}()|[\]\\/-]/g, "\\$&"), "gi");
  for (let it = looked.exec(text); it && found.length < MOST; it = looked.exec(text)) found.push(it.index);
  return Uint32Array.from(found);
}

/** The first hit at or behind a place. @param {Uint32Array} hits @param {number} at */
export function firstFrom(hits, at) {
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
export function rangesIn(node, start, hits, length) {
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
