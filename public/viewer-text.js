// A long text as rows that fit: logical lines cut by width, lines below a folded one left out. One pass, typed arrays.

/**
 * @typedef {{ starts: Uint32Array, lines: Int32Array, length: number }} Rows
 * `starts`: where each row begins in the text, with one more for the end; `lines`: its logical line, -1 - line for the
 * rest of a long one.
 */

/** Where each logical line begins. @param {string} text */
export function beginnings(text) {
  const found = [0];
  for (let at = text.indexOf("\n"); at >= 0 && at < text.length - 1; at = text.indexOf("\n", at + 1))
    found.push(at + 1);
  return Uint32Array.from(text === "" ? [] : found);
}

/** @param {string} text @param {number} at */
export function indentOf(text, at) {
  let end = at;
  while (text.charCodeAt(end) === 32) end++;
  return end - at;
}

/** The first line behind those that stand deeper than this one. @param {string} text @param {Uint32Array} begin @param {number} line */
export function endOfFold(text, begin, line) {
  const own = indentOf(text, begin[line] ?? 0);
  let next = line + 1;
  while (next < begin.length && indentOf(text, begin[next] ?? 0) > own) next++;
  return next;
}

/** Whether lines that stand deeper hang on this one. @param {string} text @param {Uint32Array} begin @param {number} line */
export function canFold(text, begin, line) {
  const [here, next] = [begin[line], begin[line + 1]];
  if (here === undefined || next === undefined) return false;
  const last = text[next - 2];
  return (last === "{" || last === "[") && indentOf(text, next) > indentOf(text, here);
}

/**
 * A wide sign (CJK, full width) counts two columns; a pair of surrogates is not cut.
 * @param {string} text @param {Uint32Array} begin @param {number} columns @param {ReadonlySet<number>} folded @returns {Rows}
 */
export function rowsOf(text, begin, columns, folded) {
  const grown = growing();
  for (let line = 0; line < begin.length; line++) {
    const start = begin[line] ?? 0;
    const end = begin[line + 1] ?? text.length;
    grown.add(start, line);
    if (end - start > columns / 2) wrap(text, start, end, columns, line, grown);
    if (folded.has(line)) line = endOfFold(text, begin, line) - 1;
  }
  return grown.rows();
}

/** @param {string} text @param {number} start @param {number} end @param {number} columns @param {number} line @param {ReturnType<typeof growing>} grown */
function wrap(text, start, end, columns, line, grown) {
  let used = 0;
  for (let n = start; n < end; n++) {
    const code = text.charCodeAt(n);
    used += code >= 0x1100 ? 2 : 1;
    if (used <= columns || n === start) continue;
    if (code === 10 || (code === 13 && n + 1 < end) || (code >= 0xdc00 && code < 0xe000)) continue;
    grown.add(n, -1 - line);
    used = code >= 0x1100 ? 2 : 1;
  }
}

function growing() {
  let starts = new Uint32Array(1024);
  let lines = new Int32Array(1024);
  let length = 0;
  return {
    /** @param {number} start @param {number} line */
    add(start, line) {
      if (length === starts.length) {
        const [wider, longer] = [new Uint32Array(length * 2), new Int32Array(length * 2)];
        wider.set(starts);
        longer.set(lines);
        [starts, lines] = [wider, longer];
      }
      starts[length] = start;
      lines[length++] = line;
    },
    /** @returns {Rows} */
    rows: () => ({ starts, lines, length }),
  };
}

/** The row in which a place of the text stands. @param {Rows} rows @param {number} at */
export function rowAt({ starts, length }, at) {
  let [low, high] = [0, length - 1];
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Where the text of a row ends. @param {string} text @param {Uint32Array} begin @param {Rows} rows @param {number} n */
export function endOfRow(text, begin, rows, n) {
  const line = rows.lines[n] ?? 0;
  const next = n + 1 < rows.length && (rows.lines[n + 1] ?? 0) < 0 ? rows.starts[n + 1] : undefined;
  return next ?? begin[(line < 0 ? -1 - line : line) + 1] ?? text.length;
}

/** When the first piece came that begins in this stretch. @param {readonly [number, number][]} times @param {number} start @param {number} end */
export function timeIn(times, start, end) {
  if (times.length < 2) return "";
  let [low, high] = [0, times.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle]?.[0] ?? 0) < start) low = middle + 1;
    else high = middle;
  }
  const found = times[low];
  return found && found[0] < end ? found[1].toFixed(found[1] < 10_000 ? 1 : 0) : "";
}

/** Lines that are looked at for the names above one, while drawing. */
const FAR = 2000;
/** A line of indented JSON that begins with a name. */
export const NAME = /^( +")((?:[^"\\]|\\.)*)(": .*)$/s;

/** The names above this line, as its indentation tells: `choices.delta.content`. @param {string} text @param {number} at @param {string} name */
export function namesAbove(text, at, name) {
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

/** Where a line stands in its document, with places of lists: `choices[0].delta.content`. @param {string} text @param {Uint32Array} begin @param {number} line */
export function pathOf(text, begin, line) {
  let path = "";
  let at = line;
  for (;;) {
    const start = begin[at] ?? 0;
    const own = indentOf(text, start);
    const name = nameOn(text, start);
    let above = at - 1;
    let place = 0;
    for (; above >= 0; above--) {
      const here = begin[above] ?? 0;
      const depth = indentOf(text, here);
      if (depth < own) break;
      if (depth === own && !/[\]}]/.test(text[here + own] ?? "")) place++;
    }
    if (name !== null)
      path = /^[A-Za-z_$][\w$]*$/.test(name) ? `.${name}${path}` : `[${JSON.stringify(name)}]${path}`;
    else if (above >= 0 && own > 0) path = `[${place}]${path}`;
    if (above < 0 || own === 0) break;
    at = above;
  }
  return path === "" ? "$" : `$${path}`;
}

/** @param {string} text @param {number} start */
function nameOn(text, start) {
  const end = text.indexOf("\n", start);
  const found = /^ +"((?:[^"\\]|\\.)*)": /.exec(
    text.slice(start, Math.min(end < 0 ? text.length : end, start + 500)),
  );
  return found ? (found[1] ?? null) : null;
}

/** What stands on a line, and below it when it opens something: a string as what it says, anything else as JSON. @param {string} text @param {Uint32Array} begin @param {number} line */
export function valueOf(text, begin, line) {
  const start = begin[line] ?? 0;
  let end = begin[line + 1] ?? text.length;
  if (canFold(text, begin, line)) {
    const next = endOfFold(text, begin, line);
    end = begin[next + 1] ?? text.length;
  }
  const name = nameOn(text, start);
  const from = name === null ? start : text.indexOf('": ', start) + 3;
  const value = text.slice(from, end).trim().replace(/,$/, "");
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    return value;
  }
}
