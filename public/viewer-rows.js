// The few row elements of a windowed text: each is written anew when another row comes into its place.
import { el } from "./dom.js";

/** @param {HTMLElement} body */
export function rowPool(body) {
  /** @type {any[]} */
  const pool = [];
  return {
    /** Nothing that is drawn holds any more. */
    forget() {
      for (const it of pool) it.n = -1;
    },
    /** The element of a row that is in sight. @param {number} n */
    at: (n) => pool[n % pool.length],
    /** @param {number} first @param {number} last @param {number} height @param {(it: any, n: number) => void} write */
    draw(first, last, height, write) {
      while (pool.length < last - first) pool.push(newRow(body));
      for (const it of pool) it.hidden = true;
      for (let n = first; n < last; n++) {
        const it = pool[n % pool.length];
        it.hidden = false;
        if (it.n === n) continue;
        it.n = n;
        it.style.transform = `translateY(${n * height + 8}px)`;
        write(it, n);
      }
    },
  };
}

/** @param {HTMLElement} body */
function newRow(body) {
  const it = /** @type {any} */ (el("div", "line"));
  const [time, number, fold, name] = [el("i", "at"), el("i", "nr"), el("b", "fold"), el("span")];
  it.append(time, number, fold, "", name, "");
  /** @param {string} at @param {string} nr @param {string} sign @param {string} line */
  it.write = (at, nr, sign, line, term = "", named = "", after = "") => {
    time.textContent = at;
    number.textContent = nr;
    fold.textContent = sign;
    it.childNodes[3].data = line;
    name.textContent = named;
    name.className = term ? "term" : "";
    name.dataset["term"] = term;
    it.childNodes[5].data = after;
  };
  body.append(it);
  return it;
}

let width = 0;
/** @param {HTMLElement} within */
export function charWidth(within) {
  if (width > 0) return width;
  const probe = el("span", "", "0".repeat(100));
  within.append(probe);
  const found = probe.getBoundingClientRect().width / 100;
  probe.remove();
  if (found > 0) width = found;
  return found || 7.2;
}

/** Offers the ways to show a body that fit it. @param {HTMLElement} section @param {string | null} text null for what is no text */
export function fitModes(section, text) {
  for (const it of section.querySelectorAll("[data-raw]")) {
    const { raw } = /** @type {HTMLElement} */ (it).dataset;
    const isOfText = raw === "indented" || raw === "decoded";
    /** @type {HTMLElement} */ (it).hidden =
      (text === null && isOfText) || (raw === "decoded" && !/\\u[0-9a-fA-F]{4}/.test(text ?? ""));
  }
}
