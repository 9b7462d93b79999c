// Bodies as text: fetched as bytes, cut into lines that fit, only those in sight are in the page.
import { $, el, failed } from "./dom.js";

const LINE = 18;

export function startViewers(within) {
  for (const section of within.querySelectorAll('[data-island="viewer"]:not([data-started])')) {
    section.dataset.started = "yes";
    start(section);
  }
}

function start(section) {
  const box = $(".lines", section);
  if (!box) return;
  const body = $(".rows", box);
  const terms = new Map();
  for (const it of section.querySelectorAll("[data-path]")) terms.set(it.dataset.path, it.dataset.term);
  const pool = [];
  let text = "";
  let mode = "exact";
  /** Start offsets of the lines on the screen; `numbers` their line in the text, 0 for the rest of a long one. */
  let starts = [];
  let numbers = [];
  let columns = 0;

  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-raw]");
    if (!button) return;
    mode = button.dataset.raw;
    for (const it of section.querySelectorAll("[data-raw]"))
      it.setAttribute("aria-pressed", String(it === button));
    load();
  });
  box.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(() => cut("resized")).observe(box);
  load();

  async function load() {
    try {
      text = await (await fetch(section.dataset.src + (mode === "indented" ? "?indented" : ""))).text();
    } catch (error) {
      failed(error);
    }
    cut();
  }

  function cut(why) {
    const fit = Math.max(20, Math.floor((box.clientWidth - 96) / charWidth(body)));
    if (why === "resized" && fit === columns) return draw();
    columns = fit;
    [starts, numbers] = linesOf(text, columns);
    body.style.height = `${starts.length * LINE + 16}px`;
    for (const it of pool) it.n = -1;
    draw();
  }

  function draw() {
    const first = Math.max(0, Math.floor(box.scrollTop / LINE) - 5);
    const last = Math.min(starts.length, Math.ceil((box.scrollTop + box.clientHeight) / LINE) + 5);
    while (pool.length < last - first) {
      const it = el("div", "line");
      it.append(el("i"), "", el("span"), "");
      pool.push(it);
      body.append(it);
    }
    for (const it of pool) it.hidden = true;
    for (let n = first; n < last; n++) {
      const it = pool[n % pool.length];
      it.hidden = false;
      if (it.n === n) continue;
      it.n = n;
      it.style.transform = `translateY(${n * LINE + 8}px)`;
      it.firstChild.textContent = numbers[n] || "";
      const line = text.slice(starts[n], starts[n + 1] ?? text.length).replace(/\r?\n$/, "");
      const [, before, name, after] = NAME.exec(line) ?? [];
      const term = mode === "indented" && name && terms.get(pathOf(text, starts[n], name));
      const [, left, span, right] = it.childNodes;
      left.data = term ? before : line;
      span.textContent = term ? name : "";
      span.className = term ? "term" : "";
      span.dataset.term = term ?? "";
      right.data = term ? after : "";
    }
  }
}

/** A line of indented JSON that begins with a name. */
const NAME = /^( +")((?:[^"\\]|\\.)*)(": .*)$/s;
/** Lines that are looked at for the names above one. */
const FAR = 2000;

/** The names above this line, as its indentation tells: `choices.delta.content`. */
function pathOf(text, at, name) {
  let path = name;
  let depth = indentOf(text, at);
  for (let n = 0; n < FAR && at > 0; n++) {
    at = text.lastIndexOf("\n", at - 2) + 1;
    const here = indentOf(text, at);
    if (here >= depth) continue;
    depth = here;
    const above = NAME.exec(text.slice(at, text.indexOf("\n", at)));
    if (above) path = `${above[2]}.${path}`;
    if (here === 0 || text[at] !== " ") break;
  }
  return path;
}

function indentOf(text, at) {
  let end = at;
  while (text[end] === " ") end++;
  return end - at;
}

let width = 0;
function charWidth(within) {
  if (width > 0) return width;
  const probe = el("span", "", "0".repeat(100));
  within.append(probe);
  width = probe.getBoundingClientRect().width / 100 || 7.2;
  probe.remove();
  return width;
}

/** One pass; a wide sign (CJK, full width) counts two columns. */
function linesOf(text, columns) {
  const starts = [];
  const numbers = [];
  let number = 1;
  let at = 0;
  while (at < text.length) {
    const end = text.indexOf("\n", at) + 1 || text.length;
    starts.push(at);
    numbers.push(number++);
    let used = 0;
    for (let n = at; n < end; n++) {
      used += text.charCodeAt(n) >= 0x1100 ? 2 : 1;
      if (used <= columns || n === at) continue;
      const code = text.charCodeAt(n);
      if (code === 10 || (code === 13 && n + 1 < end) || (code >= 0xdc00 && code < 0xe000)) continue;
      starts.push(n);
      numbers.push(0);
      used = code >= 0x1100 ? 2 : 1;
    }
    at = end;
  }
  return [starts, numbers];
}
