// Bodies as they passed: fetched as bytes, laid out here, only the rows in sight are in the page. Folds, search, path, hex.
import { copy } from "./copy.js";
import { $, ask, failed } from "./dom.js";
import { picked } from "./selected.js";
import { decodedEscapes, indentedBody, indentedLines } from "./shown/indent.ts";
import { hexRow, kindOf, shownMedia, textOf } from "./viewer-bytes.js";
import { startFinder } from "./viewer-find.js";
import { charWidth, fitModes, rowPool } from "./viewer-rows.js";
import {
  NAME,
  beginnings,
  canFold,
  endOfRow,
  endOfFold,
  namesAbove,
  pathOf,
  rowAt,
  rowsOf,
  timeIn,
  valueOf,
} from "./viewer-text.js";
import { count, t } from "./words.js";

const LINE = 18;

/** @param {ParentNode} within */
export function startViewers(within) {
  for (const it of within.querySelectorAll('[data-island="viewer"]:not([data-started])')) {
    const section = /** @type {HTMLElement} */ (it);
    section.dataset["started"] = "yes";
    start(section);
  }
}

/** @param {HTMLElement} section */
function start(section) {
  const box = /** @type {HTMLElement} */ ($(".lines", section));
  if (!box) return;
  const body = $(".rows", box);
  const foot = $(".raw-foot", section);
  const terms = new Map();
  for (const it of section.querySelectorAll("[data-path]")) {
    const { path, term } = /** @type {HTMLElement} */ (it).dataset;
    terms.set(path, term);
  }
  const pool = rowPool(body);
  let bytes = new Uint8Array(0);
  /** As it came; null for what is no text. @type {string | null} */
  let original = "";
  let text = "";
  let mode = section.dataset["mode"] ?? "exact";
  /** @type {Uint32Array} */
  let begin = new Uint32Array(0);
  /** @type {import("./viewer-text.js").Rows} */
  let rows = { starts: new Uint32Array(0), lines: new Int32Array(0), length: 0 };
  /** @type {Set<number>} */
  const folded = new Set();
  let columns = 0;
  let chosen = -1;
  /** Where each piece begins, and when it came. @type {[number, number][]} */
  let times = [];
  const finder = startFinder(section, {
    text: () => (mode === "hex" ? "" : text),
    from: () => rows.starts[Math.floor(box.scrollTop / LINE)] ?? 0,
    onFound: () => pool.forget(),
    onHit,
  });

  section.addEventListener("click", clicked);
  box.addEventListener("scroll", draw, { passive: true });
  box.addEventListener("keydown", pressed);
  new ResizeObserver(() => measure()).observe(box);
  void load();

  async function load() {
    try {
      bytes = new Uint8Array(await (await fetch(section.dataset["src"] ?? "")).arrayBuffer());
      original = textOf(bytes);
      if (section.dataset["times"]) times = await ask(section.dataset["times"]);
    } catch (error) {
      failed(/** @type {Error} */ (error));
    }
    const isText = original !== null;
    if (!isText) mode = "hex";
    fitModes(section, original);
    const media = $("[data-show-media]", section);
    if (media) media.hidden = kindOf(bytes) === null;
    layOut();
  }

  function layOut() {
    const came = original ?? new TextDecoder().decode(bytes);
    const indent = section.dataset["socket"] ? indentedLines : indentedBody;
    text =
      mode === "hex"
        ? ""
        : mode === "exact"
          ? came
          : mode === "decoded"
            ? decodedEscapes(indent(came))
            : indent(came);
    begin = beginnings(text);
    folded.clear();
    chosen = -1;
    finder.forget();
    for (const it of section.querySelectorAll("[data-raw]"))
      it.setAttribute("aria-pressed", String(/** @type {HTMLElement} */ (it).dataset["raw"] === mode));
    columns = 0;
    measure();
    choose(-1);
    finder.again();
  }

  function measure() {
    const gutter = times.length > 1 && mode === "exact" ? 164 : 100;
    const fit = Math.max(20, Math.floor((box.clientWidth - gutter) / charWidth(body)));
    if (fit === columns) return draw();
    columns = fit;
    cut();
  }

  function cut() {
    rows = rowsOf(text, begin, columns, folded);
    const length = mode === "hex" ? Math.ceil(bytes.length / 16) : rows.length;
    body.style.height = `${length * LINE + 16}px`;
    pool.forget();
    draw();
  }

  function draw() {
    const length = mode === "hex" ? Math.ceil(bytes.length / 16) : rows.length;
    const first = Math.max(0, Math.floor(box.scrollTop / LINE) - 5);
    const last = Math.min(length, Math.ceil((box.scrollTop + box.clientHeight) / LINE) + 5);
    pool.draw(first, last, LINE, (it, n) =>
      mode === "hex" ? it.write("", "", "", hexRow(bytes, n)) : drawRow(it, n),
    );
    finder.mark(Array.from({ length: last - first }, (_, n) => pool.at(first + n)));
  }

  /** @param {any} it @param {number} n */
  function drawRow(it, n) {
    const start = rows.starts[n] ?? 0;
    const line = rows.lines[n] ?? 0;
    const end = endOfRow(text, begin, rows, n);
    const shown = text.slice(start, end).replace(/\r?\n$/, "");
    const isFirst = line >= 0;
    const opens = isFirst && mode !== "exact" && canFold(text, begin, line);
    const isShut = opens && folded.has(line);
    it.classList.toggle("chosen", isFirst ? line === chosen : -1 - line === chosen);
    const rest = isShut ? ` … ${t("lines", { n: count(endOfFold(text, begin, line) - line - 1) })}` : "";
    const found = !finder.hasHits && isFirst && mode !== "exact" ? NAME.exec(shown) : null;
    const term = found && terms.size > 0 ? terms.get(namesAbove(text, start, found[2] ?? "")) : undefined;
    const sign = opens ? (isShut ? "▸" : "▾") : "";
    const [before, named, after] = term && found ? [found[1], found[2], found[3]] : [shown, "", ""];
    it.write(
      mode === "exact" ? timeIn(times, start, end) : "",
      isFirst ? String(line + 1) : "",
      sign,
      before,
      term ?? "",
      named,
      (after ?? "") + rest,
    );
    it.start = start;
  }

  // --- hands

  /** @param {Event} event */
  function clicked(event) {
    const target = /** @type {HTMLElement} */ (event.target);
    const button = /** @type {HTMLElement | null} */ (target.closest("[data-raw]"));
    if (button) {
      mode = button.dataset["raw"] ?? "exact";
      return layOut();
    }
    if (target.closest("[data-copy-body]"))
      return void copy(original ?? /** @type {any} */ (bytes).toBase64());
    if (target.closest("[data-show-media]")) {
      const it = shownMedia(bytes, section.dataset["side"] ?? "");
      if (it) $(".media-place", section).replaceChildren(it);
      return;
    }
    const of = /** @type {HTMLElement | null} */ (target.closest("[data-copy-at]"));
    if (of && chosen >= 0)
      return void copy(
        of.dataset["copyAt"] === "path" ? pathOf(text, begin, chosen) : valueOf(text, begin, chosen),
      );
    const row = /** @type {any} */ (target.closest(".line"));
    if (!row || mode === "hex" || String(getSelection())) return;
    const line = rows.lines[row.n] ?? 0;
    choose(line < 0 ? -1 - line : line);
    if (target.className === "fold") fold(chosen);
  }

  /** @param {KeyboardEvent} event */
  function pressed(event) {
    if (mode === "hex" || event.ctrlKey || event.metaKey || event.altKey) return;
    const shut = chosen >= 0 && folded.has(chosen);
    if (event.key === "ArrowDown" && chosen >= 0) go(shut ? endOfFold(text, begin, chosen) : chosen + 1);
    else if (event.key === "ArrowUp" && chosen >= 0) {
      const row = rowAt(rows, begin[chosen] ?? 0);
      const above = rows.lines[row - 1] ?? 0;
      go(above < 0 ? -1 - above : above);
    } else if ((event.key === "ArrowLeft" && !shut) || (event.key === "ArrowRight" && shut)) fold(chosen);
    else if (event.key === "Enter" && chosen < 0) go(firstLine());
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  function firstLine() {
    const line = rows.lines[Math.floor(box.scrollTop / LINE)] ?? 0;
    return line < 0 ? -1 - line : line;
  }

  /** @param {number} line */
  function go(line) {
    choose(Math.max(0, Math.min(begin.length - 1, line)));
    reveal(rowAt(rows, begin[chosen] ?? 0));
  }

  /** @param {number} line */
  function choose(line) {
    chosen = line;
    if (foot) {
      foot.hidden = line < 0 || mode === "exact";
      if (!foot.hidden) {
        const path = pathOf(text, begin, line);
        $("code", foot).textContent = path;
        picked({ side: section.dataset["side"] ?? "response", path });
      }
    }
    pool.forget();
    draw();
  }

  /** @param {number} line */
  function fold(line) {
    if (line < 0 || mode === "exact" || !canFold(text, begin, line)) return;
    if (!folded.delete(line)) folded.add(line);
    cut();
  }

  /** @param {number} row */
  function reveal(row) {
    const top = row * LINE;
    if (top < box.scrollTop || top + 2 * LINE > box.scrollTop + box.clientHeight)
      box.scrollTop = top - box.clientHeight / 3;
    draw();
  }

  /** What is folded away is opened: a hit that cannot be seen is none. @param {number | null} at */
  function onHit(at) {
    if (at === null) return draw();
    const line = rowAt({ starts: begin, lines: new Int32Array(0), length: begin.length }, at);
    let opened = false;
    for (const it of folded)
      if (it < line && endOfFold(text, begin, it) > line) opened = folded.delete(it) || opened;
    if (opened) cut();
    reveal(rowAt(rows, at));
  }
}
