/**
 * What a line really is that is no message, where only messages may stand: a message without `jsonrpc`, several in one
 * line, one over several lines, one with headers of another protocol before it; or, after all, words.
 */
import { parseJson } from "../json.ts";
import { record, type RawLine, type Side } from "./line.ts";
import { rpcOf, type Rpc } from "./message.ts";
import type { RuleName } from "./rules.ts";

export type NotAMessage = {
  /** The line that it began with. */
  readonly seq: number;
  readonly rule: RuleName;
  readonly where: string;
  readonly what: string;
  /** What it would be for somebody who read it as it was meant. */
  readonly meant: readonly Rpc[];
};

type Begun = { seq: number; lines: string[]; size: number; depth: number };

/** Of JSON over several lines. Servers print messages of some KB so; a larger one is told by its beginning. */
const MOST_LINES = 5_000;
const MOST_SIZE = 1024 * 1024;
/** Places in one line at which a value may begin. Words with many brackets hold no message. */
const MOST_TRIES = 20;
const SHOWN_CHARS = 80;
const HEADERS = /^Content-(Length|Type):/i;

export function lineNamer() {
  const begun: Record<Side, Begun | null> = { client: null, server: null };
  const withHeaders: Record<Side, "no" | "told"> = { client: "no", server: "no" };

  return {
    /** Nothing for a line that goes on with what began before, or of which all was said before. */
    name(line: RawLine): NotAMessage[] {
      const { from, text, seq } = line;
      if (line.exchange !== null || line.isBinary) return [named(line)];
      const before = begun[from];
      if (before) return goesOn(before, line);
      if (HEADERS.test(text.trimStart())) return headers(line);
      if (withHeaders[from] === "told" && (text.trim() === "" || /\}Content-Length:/i.test(text))) return [];
      const begins = line.eol !== "none" && /^\s*[[{]/.test(text) ? depthOf(text, 0) : 0;
      if (begins > 0) {
        begun[from] = { seq, lines: [text], size: text.length, depth: begins };
        return [];
      }
      return [named(line)];
    },

    /** Something else came: what began as JSON over several lines was none. */
    cut(from: Side): NotAMessage[] {
      const it = begun[from];
      begun[from] = null;
      if (!it) return [];
      const more = it.lines.length === 1 ? "" : ` and ${it.lines.length - 1} more lines`;
      const what = `${placeOf(from, null)}: ${JSON.stringify((it.lines[0] ?? "").slice(0, SHOWN_CHARS))}${more}`;
      return [{ seq: it.seq, rule: "mcp/not-json", where: streamOf(from, null), what, meant: [] }];
    },
  };

  function goesOn(it: Begun, { from, text }: RawLine): NotAMessage[] {
    it.lines.push(text);
    it.size += text.length + 1;
    it.depth = depthOf(text, it.depth);
    if (it.depth > 0 && it.lines.length < MOST_LINES && it.size < MOST_SIZE) return [];
    begun[from] = null;
    const meant = messagesOf(parseJson(it.lines.join("\n")));
    const what =
      meant.length > 0
        ? `a message over ${it.lines.length} lines; each has to stand on one, without line ends inside`
        : `${placeOf(from, null)}: ${it.lines.length} lines that are no message: ${JSON.stringify((it.lines[0] ?? "").slice(0, SHOWN_CHARS))}`;
    const rule = meant.length > 0 ? "mcp/framing" : "mcp/not-json";
    return [{ seq: it.seq, rule, where: streamOf(from, null), what, meant }];
  }

  function headers({ from, seq }: RawLine): NotAMessage[] {
    if (withHeaders[from] === "told") return [];
    withHeaders[from] = "told";
    const what =
      "Content-Length headers, as the Language Server Protocol has them; here each message is a line";
    return [{ seq, rule: "mcp/framing", where: streamOf(from, null), what, meant: [] }];
  }
}

function named({ seq, from, text, exchange, eol, isBinary }: RawLine): NotAMessage {
  const place = { seq, where: streamOf(from, exchange) };
  if (isBinary) {
    const what = `${placeOf(from, exchange)}: bytes that are not UTF-8`;
    return { ...place, rule: "mcp/not-json", what, meant: [] };
  }
  const { values, words } = partsOf(text.slice(0, MOST_SIZE));
  const meant = values.flatMap(messagesOf);
  const [first] = values;
  const framing = (what: string): NotAMessage => ({ ...place, rule: "mcp/framing", what, meant });
  if (meant.length > 0 && words === "" && values.length > 1)
    return framing(`${values.length} messages on one line${between(text)}; each has to end with a line feed`);
  if (meant.length > 0 && words === "\ufeff") return framing("a byte order mark stands before the message");
  if (meant.length > 0 && words !== "")
    return framing(`a message on one line with other words: ${JSON.stringify(words.slice(0, SHOWN_CHARS))}`);
  const broken = values.length === 1 && words === "" ? brokenMessage(first) : null;
  const isOther = exchange !== null && values.length === 1 && words === "" && record(first) !== null;
  if (isOther && !broken) {
    const what = `JSON, and no JSON-RPC message: ${JSON.stringify(text.slice(0, SHOWN_CHARS))}`;
    return { ...place, rule: "mcp/invalid-message", what, meant: [] };
  }
  if (broken) return { ...place, rule: "mcp/invalid-message", what: broken, meant: [rpcOf(first)] };
  if (eol === "none" && exchange === null && /^\s*[{[]/.test(text)) {
    const what = `the last line is not whole: ${JSON.stringify(text.slice(0, SHOWN_CHARS))}; the writer was ended while it wrote`;
    return { ...place, rule: "mcp/framing", what, meant: [] };
  }
  const shown = text.trim() === "" ? "an empty line" : JSON.stringify(text.slice(0, SHOWN_CHARS));
  return { ...place, rule: "mcp/not-json", what: `${placeOf(from, exchange)}: ${shown}`, meant: [] };
}

/** JSON-RPC in all but the member that says so. A log line in JSON has neither a method nor a result. */
function brokenMessage(value: unknown): string | null {
  const it = record(value);
  if (it === null || it.jsonrpc === "2.0") return null;
  const isOne =
    (typeof it.method === "string" && !("level" in it)) || ("id" in it && ("result" in it || "error" in it));
  if (!isOne) return null;
  return "jsonrpc" in it ? `jsonrpc is ${JSON.stringify(it.jsonrpc)}, not "2.0"` : "jsonrpc is missing";
}

function messagesOf(value: unknown): Rpc[] {
  const all = Array.isArray(value) ? (value as unknown[]) : [value];
  return all
    .filter((it) => record(it)?.jsonrpc === "2.0")
    .map(rpcOf)
    .filter(({ kind }) => kind !== "invalid");
}

/** The JSON values in a line, and what stands around them. */
function partsOf(text: string): { values: unknown[]; words: string } {
  const values: unknown[] = [];
  let words = "";
  let from = 0;
  let tries = 0;
  for (let at = next(text, 0); at !== -1 && tries < MOST_TRIES; tries++) {
    const end = endOfValue(text, at);
    const value = end === -1 ? undefined : parseJson(text.slice(at, end));
    if (value === undefined) {
      at = next(text, at + 1);
      continue;
    }
    values.push(value);
    words += text.slice(from, at);
    from = end;
    at = next(text, end);
  }
  words += text.slice(from);
  return { values, words: words.trim() === "" && !words.includes("\ufeff") ? "" : words.trim() || "\ufeff" };
}

function next(text: string, from: number): number {
  const [brace, bracket] = [text.indexOf("{", from), text.indexOf("[", from)];
  return brace === -1 ? bracket : bracket === -1 ? brace : Math.min(brace, bracket);
}

/** Behind the bracket that closes the one here; -1 when none does. */
function endOfValue(text: string, at: number): number {
  let depth = 0;
  for (let n = at; n < text.length; n++) {
    const char = text[n];
    if (char === '"') n = endOfText(text, n);
    else if (char === "{" || char === "[") depth++;
    else if ((char === "}" || char === "]") && --depth === 0) return n + 1;
  }
  return -1;
}

/** How many brackets are open behind this line. */
function depthOf(line: string, before: number): number {
  let depth = before;
  for (let n = 0; n < line.length; n++) {
    const char = line[n];
    if (char === '"') n = endOfText(line, n);
    else if (char === "{" || char === "[") depth++;
    else if (char === "}" || char === "]") depth--;
  }
  return depth;
}

function endOfText(text: string, at: number): number {
  for (let n = at + 1; n < text.length; n++) {
    if (text[n] === "\\") n++;
    else if (text[n] === '"') return n;
  }
  return text.length;
}

/** Some characters look like line ends and are none. */
function between(text: string): string {
  // So much space at the most: the search begins anew at each bracket.
  const mark = /[}\]]\s{0,9}?([\r\u0085\u2028\u2029])\s{0,9}[{[]/.exec(text)?.[1];
  const name = { "\r": "CR", "\u0085": "U+0085", "\u2028": "U+2028", "\u2029": "U+2029" }[mark ?? ""];
  return name === undefined ? "" : `, with ${name} between them`;
}

function streamOf(from: Side, exchange: string | null): string {
  return exchange !== null ? "body" : from === "server" ? "stdout" : "stdin";
}

function placeOf(from: Side, exchange: string | null): string {
  return exchange !== null ? "in the body" : `on ${streamOf(from, null)}`;
}
