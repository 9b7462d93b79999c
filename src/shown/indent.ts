/**
 * JSON made readable without being parsed: numbers, the order of keys and double keys stay as they were sent. One pass
 * by character codes, and within bounds: a body of brackets would be a thousand times as long when it is indented.
 */

/** `read`: characters that are looked at; `made`: of what is made of them. The rest stands as it came. */
export type Bounds = { readonly read: number; readonly made: number };

/** On the page: a record keeps 32 MiB of a body, and a tab holds twice that as text. */
export const PAGE_BOUNDS: Bounds = { read: 32 * 1024 * 1024, made: 64 * 1024 * 1024 };
/** Levels that are told from each other by their indentation: further right nobody reads. */
const DEEPEST = 50;

/** A body: JSON, or a stream whose lines or `data:` fields are JSON. What is neither comes back as it is. */
export function indentedBody(text: string, bounds: Bounds = PAGE_BOUNDS): string {
  if (/^\s*[[{]/.test(text)) return indentedText(text, bounds);
  let left = bounds.made;
  return text.replace(/^(data: ?)([[{].*)$/gm, (line: string, name: string, json: string) => {
    if (left <= 0 || !isJson(json)) return line;
    const shown = name + indentedText(json, bounds).replaceAll("\n", "\n      ");
    left -= shown.length;
    return shown;
  });
}

/** `[DONE]` looks like a list and is none. What is too long to find out is taken for what it looks like. */
function isJson(text: string): boolean {
  if (text.length > LONG) return true;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** One event of a stream that is longer is a picture or a file in base64. */
const LONG = 2 * 1024 * 1024;

/** The whole of it: what is beyond the bounds follows as it came. Without white space it is the text without it. */
export function indentedText(text: string, bounds: Bounds = PAGE_BOUNDS): string {
  const { made, read } = laidOut(text, bounds);
  return read < text.length ? `${made}\n${text.slice(read)}` : made;
}

/** Anything that is not JSON passes through, token by token. Values that follow each other start a line each. */
export function laidOut(text: string, { read, made: most }: Bounds): { made: string; read: number } {
  const out: string[] = [];
  let made = 0;
  let depth = 0;
  let last = 0;
  let at = 0;
  const end = Math.min(text.length, read);
  while (at < end && made < most) {
    const start = at;
    const code = text.charCodeAt(start);
    at = endOfToken(text, start, code);
    if (isSpace(code)) continue;
    const closes = isEnd(code);
    const opened = last === OPEN_BRACE || last === OPEN_BRACKET;
    if (closes) depth = Math.max(0, depth - 1);
    if ((opened && !closes) || (closes && !opened) || last === COMMA || (depth === 0 && isEnd(last))) {
      const space = LINES[Math.min(depth, DEEPEST)] ?? "\n";
      out.push(space);
      made += space.length;
    }
    const token = code === COLON ? ": " : text.slice(start, at);
    out.push(token);
    made += token.length;
    if (code === OPEN_BRACE || code === OPEN_BRACKET) depth += 1;
    last = code;
  }
  return { made: out.join(""), read: at };
}

const LINES = Array.from({ length: DEEPEST + 1 }, (_, depth) => `\n${"  ".repeat(depth)}`);
const [OPEN_BRACE, CLOSE_BRACE, OPEN_BRACKET, CLOSE_BRACKET, COMMA, COLON, QUOTE, BACKSLASH] = [
  ...'{}[],:"\\',
].map((sign) => sign.charCodeAt(0));

/** A string, a sign, a white space, or what stands between those. */
function endOfToken(text: string, start: number, code: number): number {
  if (code === QUOTE) return endOfString(text, start);
  if (isBorder(code)) return start + 1;
  let end = start + 1;
  while (end < text.length && !isBorder(text.charCodeAt(end))) end++;
  return end;
}

/** What never ends goes to the end of the text. Each quote is looked for once, each backslash looked at once. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let before = end - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((end - before) % 2 === 1) return end + 1;
  }
  return text.length;
}

function isEnd(code: number): boolean {
  return code === CLOSE_BRACE || code === CLOSE_BRACKET;
}

function isSpace(code: number): boolean {
  return (
    code === 32 ||
    (code >= 9 && code <= 13) ||
    code === 0xa0 ||
    code === 0xfeff ||
    code === 0x2028 ||
    code === 0x2029
  );
}

function isBorder(code: number): boolean {
  return (
    code === QUOTE ||
    code === COMMA ||
    code === COLON ||
    code === OPEN_BRACE ||
    code === OPEN_BRACKET ||
    isEnd(code) ||
    isSpace(code)
  );
}

/** A document for each line, as the messages of a socket are. */
export function indentedLines(text: string): string {
  const lines = text.split("\n");
  return lines.map((line) => (/^\s*[[{]/.test(line) ? indentedText(line) : line)).join("\n");
}

/** `\u4e2d` as the sign that it means. What would end a string or a line, and what is escaped itself, stays. */
export function decodedEscapes(text: string): string {
  return text.replace(/\\(?:u([0-9a-fA-F]{4})|[^u])/g, (escape: string, hex: string | undefined) => {
    if (hex === undefined) return escape;
    const code = Number.parseInt(hex, 16);
    return code < 32 || code === QUOTE || code === BACKSLASH || code === 127
      ? escape
      : String.fromCharCode(code);
  });
}
