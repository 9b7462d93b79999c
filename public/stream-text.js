// The text that the events of a stream add up to: one text node for each run of a lane or of a part of the answer, and where each event stands in it.
import { el } from "./dom.js";
import { t } from "./words.js";

const SHOWN_LANES = new Set(["text", "reasoning", "tool"]);

/**
 * @typedef {{ lane: string, part: string | null, node: Text, waiting: string, length: number }} Block
 * @typedef {{ block: Block, from: number, to: number }} Place
 */

/** @param {HTMLElement} box @param {{ onPick(n: number): void, onRange(first: number, last: number): void }} hands */
export function startText(box, { onPick, onRange }) {
  /** @type {Block[]} */
  let blocks = [];
  /** By the number of the event; events that add nothing have no place. @type {(Place | undefined)[]} */
  let places = [];
  /** What parts of the answer are called: tool calls. @type {Map<string, string>} */
  const names = new Map();

  box.addEventListener("click", (event) => {
    if (String(getSelection())) return;
    const n = eventAt(caretAt(event));
    if (n >= 0) onPick(n);
  });
  box.addEventListener("pointerup", () => {
    const chosen = getSelection();
    if (!chosen || chosen.isCollapsed || !box.contains(chosen.anchorNode)) return onRange(1, 0);
    const range = chosen.getRangeAt(0);
    const first = eventAt({ node: range.startContainer, offset: range.startOffset });
    const last = eventAt({ node: range.endContainer, offset: Math.max(0, range.endOffset - 1) });
    if (first >= 0 && last >= 0) onRange(first, last);
  });

  return {
    clear() {
      [blocks, places] = [[], []];
      box.replaceChildren();
    },
    /**
     * `was`: what it added when it was told before. Two calls whose pieces come by turns stand as they came, each later piece under its name.
     * @param {number} n @param {string} lane @param {string} adds @param {string} was @param {string | null} [part] @param {string | null} [begins]
     */
    add(n, lane, adds, was, part = null, begins = null) {
      if (!SHOWN_LANES.has(lane) || adds.length <= was.length) return;
      if (part !== null && begins !== null) names.set(part, begins);
      const grown = places[n];
      let block = blocks.at(-1);
      const isOther = part === null ? begins !== null && !grown : part !== block?.part;
      if (!block || block.lane !== lane || isOther)
        blocks.push((block = newBlock(lane, part, begins === null ? (names.get(part ?? "") ?? "") : "")));
      const from = grown && grown.block === block && grown.to === block.length ? grown.from : block.length;
      block.waiting += adds.slice(was.length);
      block.length += adds.length - was.length;
      places[n] = { block, from, to: block.length };
    },
    /** What was added goes into the page once. @param {"live" | "read"} how a growing text is followed at its end */
    draw(how) {
      const stick = box.scrollTop + box.clientHeight >= box.scrollHeight - 8;
      let grew = false;
      for (const block of blocks) {
        if (block.waiting === "") continue;
        block.node.appendData(block.waiting);
        block.waiting = "";
        grew = true;
      }
      if (grew && stick && how === "live") box.scrollTop = box.scrollHeight;
    },
    /** Marks what an event added; what came after it is pale. @param {number} n */
    choose(n) {
      mark("piece", n);
      pale(n);
      const place = places[n];
      const at = place && rangeOf(place)?.getBoundingClientRect();
      const frame = box.getBoundingClientRect();
      if (at && (at.top < frame.top || at.bottom > frame.bottom))
        box.scrollTop += at.top - frame.top - frame.height / 3;
    },
    /** @param {number} n */
    hover: (n) => mark("piece-near", n),
  };

  /** @param {string} lane @param {string | null} part @param {string} name */
  function newBlock(lane, part, name) {
    const section = el("div", `piece-of ${lane}`);
    const body = el("div", lane === "tool" ? "code-text" : "prose");
    const node = document.createTextNode("");
    body.append(node);
    section.append(el("h4", "", `${t(`lane.${lane}`)} ${name}`.trim()), body);
    box.append(section);
    return { lane, part, node, waiting: "", length: 0 };
  }

  /** @param {Place} place */
  function rangeOf({ block, from, to }) {
    if (to > block.node.data.length) return null;
    const range = new Range();
    range.setStart(block.node, from);
    range.setEnd(block.node, to);
    return range;
  }

  /** @param {string} name @param {number} n */
  function mark(name, n) {
    if (!("highlights" in CSS)) return;
    const place = places[n];
    const range = place && rangeOf(place);
    if (range) CSS.highlights.set(name, new Highlight(range));
    else CSS.highlights.delete(name);
  }

  /** @param {number} n */
  function pale(n) {
    if (!("highlights" in CSS)) return;
    const ranges = [];
    const next = places.findIndex((place, i) => i > n && place !== undefined);
    const place = places[next];
    if (place) {
      for (const block of blocks.slice(blocks.indexOf(place.block))) {
        const range = new Range();
        range.setStart(block.node, block === place.block ? place.from : 0);
        range.setEnd(block.node, block.node.data.length);
        ranges.push(range);
      }
    }
    CSS.highlights.set("piece-later", new Highlight(...ranges));
  }

  /** @param {{ node: Node | null, offset: number }} caret */
  function eventAt({ node, offset }) {
    const block = blocks.find((it) => it.node === node);
    if (!block) return -1;
    return places.findIndex((place) => place?.block === block && place.from <= offset && place.to > offset);
  }
}

/** @param {MouseEvent} event @returns {{ node: Node | null, offset: number }} */
function caretAt({ clientX, clientY }) {
  const found = document.caretPositionFromPoint?.(clientX, clientY);
  return { node: found?.offsetNode ?? null, offset: found?.offset ?? 0 };
}
