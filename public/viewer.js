// Bodies as text: fetched as bytes, cut into lines that fit, only those in sight are in the page.
import { $, el, failed } from "./dom.js";

const LINE = 18;

export function startViewers(within) {
  for (const section of within.querySelectorAll('[data-island="viewer"]:not([data-started])')) {
    section.dataset.started = "yes";
    start(section);
  }
}

async function start(section) {
  const box = $(".lines", section);
  if (!box) return;
  const body = $(".rows", box);
  const pool = [];
  let text = "";
  let mode = "exact";
  /** Start offsets of the lines on the screen; `numbers` their line in the text, 0 for the rest of a long one. */
  let starts = [];
  let numbers = [];
  let shownText = "";
  let columns = 0;

  section.addEventListener("click", (event) => {
    const button = event.target.closest("[data-raw]");
    if (!button) return;
    mode = button.dataset.raw;
    for (const it of section.querySelectorAll("[data-raw]"))
      it.setAttribute("aria-pressed", String(it === button));
    cut();
  });
  box.addEventListener("scroll", draw, { passive: true });
  new ResizeObserver(() => cut("resized")).observe(box);
  try {
    text = await (await fetch(section.dataset.src)).text();
  } catch (error) {
    failed(error);
  }
  cut();

  function cut(why) {
    const fit = Math.max(20, Math.floor((box.clientWidth - 96) / charWidth(body)));
    if (why === "resized" && fit === columns) return draw();
    columns = fit;
    shownText = mode === "indented" ? indented(text) : text;
    [starts, numbers] = linesOf(shownText, columns);
    body.style.height = `${starts.length * LINE + 16}px`;
    for (const it of pool) it.n = -1;
    draw();
  }

  function draw() {
    const first = Math.max(0, Math.floor(box.scrollTop / LINE) - 5);
    const last = Math.min(starts.length, Math.ceil((box.scrollTop + box.clientHeight) / LINE) + 5);
    while (pool.length < last - first) {
      const it = el("div", "line");
      it.append(el("i"), document.createTextNode(""));
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
      it.lastChild.data = shownText.slice(starts[n], starts[n + 1] ?? shownText.length).replace(/\r?\n$/, "");
    }
  }
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

/** Re-indented without being parsed: numbers, order and double keys stay as they were sent. JSON lines of a stream too. */
function indented(text) {
  if (/^\s*[[{]/.test(text)) return indentedJson(text);
  return text.replace(
    /^(data: ?)([[{].*)$/gm,
    (_, name, json) => `${name}${indentedJson(json).replaceAll("\n", "\n      ")}`,
  );
}

function indentedJson(text) {
  const out = [];
  let depth = 0;
  let open = false;
  const tokens = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s{}[\],:"]+|"/g;
  for (const [token] of text.matchAll(tokens)) {
    const closes = token === "}" || token === "]";
    if (closes) depth = Math.max(0, depth - 1);
    if (closes ? !open : open) out.push("\n", "  ".repeat(depth));
    open = token === "{" || token === "[";
    out.push(token === ":" ? ": " : token);
    if (token === ",") out.push("\n", "  ".repeat(depth));
    if (open) depth += 1;
  }
  return out.join("");
}
