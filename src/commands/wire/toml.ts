/**
 * TOML, as far as Codex's configuration needs: tables `[mcp_servers.name]` with `command` and `args`, or such a table
 * written as a value. A full parser
 * reads; a careful search finds the characters; whoever calls us reads the result again before it is written.
 */
import type { Changed, Entry, Format } from "./entry.ts";

export const toml: Format = {
  read(text, patterns) {
    const root = parse(text);
    if (typeof root === "string") return root;
    return patterns.flatMap(([table = ""]) =>
      Object.entries(record(root[table])).flatMap(([name, value]) => entryOf([table, name], value)),
    );
  },
  change(text, wanted, before = null) {
    const left: Changed["left"][number][] = [];
    const edits = wanted.flatMap(({ entry, command, url }) => {
      const found =
        url === undefined ? editsFor(text, entry, command, before) : addressEdit(text, entry, url, before);
      if (typeof found !== "string") return found;
      left.push({ entry, why: found });
      return [];
    });
    const changed = edits
      .toSorted((a, b) => b.start - a.start)
      .reduce((all, { start, end, put }) => all.slice(0, start) + put + all.slice(end), text);
    return { text: changed, left };
  },
};

type Edit = Range & { readonly put: string };

function editsFor(
  text: string,
  entry: Entry,
  command: readonly string[],
  before: string | null,
): Edit[] | string {
  const [file = "", ...args] = command;
  const body = bodyOf(text, entry.path);
  if (!body) return `write it as a table [${entry.path.join(".")}] and try again`;
  const named = valueAt(text, body, "command");
  if (!named) return `no line "command = …" in [${entry.path.join(".")}]`;
  const listed = valueAt(text, body, "args");
  const earlier = before === null ? null : writtenIn(before, entry.path, file);
  const put = earlier?.file ?? quote(file);
  const added = body.kind === "inline" ? ", args = " : `${eolOf(text)}args = `;
  if (
    listed &&
    earlier?.args === null &&
    args.length === 0 &&
    /^\s*,?\s*args\s*=\s*$/.test(text.slice(named.end, listed.start))
  )
    return [{ start: named.start, end: listed.end, put }];
  if (listed) return [{ ...named, put }, listEdit(text, listed, entry.command.slice(1), args)];
  return [{ ...named, put: `${put}${added}[${args.map(quote).join(", ")}]` }];
}

/** As it was written before we came, where it is that one again. */
function addressEdit(text: string, { path }: Entry, url: string, before: string | null): Edit[] | string {
  const range = addressAt(text, path);
  if (!range) return `no line "url = …" in [${path.join(".")}]`;
  const was = before === null ? null : addressAt(before, path);
  const written = was && before !== null ? before.slice(was.start, was.end) : null;
  const same = written !== null && record(parse(`x = ${written}`))["x"] === url;
  return [{ ...range, put: same ? written : quote(url) }];
}

function addressAt(text: string, path: readonly string[]): Range | null {
  const body = bodyOf(text, path);
  return body && valueAt(text, body, "url");
}

/** How the program and its arguments were written before we came; null for a program that is another one now. */
function writtenIn(
  text: string,
  path: readonly string[],
  file: string,
): { file: string | null; args: Range | null } | null {
  const body = bodyOf(text, path);
  const named = body && valueAt(text, body, "command");
  if (!body || !named) return null;
  const put = text.slice(named.start, named.end);
  const same = record(parse(`x = ${put}`))["x"] === file;
  return { file: same ? put : null, args: valueAt(text, body, "args") };
}

function eolOf(text: string): string {
  return text.includes("\r\n") ? "\r\n" : "\n";
}

type Range = { readonly start: number; readonly end: number };

function parse(text: string): Record<string, unknown> | string {
  try {
    return record(Bun.TOML.parse(text));
  } catch (error) {
    return (error as Error).message;
  }
}

function entryOf(path: readonly string[], value: unknown): Entry[] {
  const name = path.at(-1) ?? "";
  const { command, args = [], url } = record(value);
  const plain = { name, path, command: [], url: null, stuck: null };
  if (command === undefined)
    return typeof url === "string"
      ? [{ ...plain, url }]
      : [{ ...plain, stuck: "it has neither a command nor an address" }];
  if (!Array.isArray(args)) return [{ ...plain, stuck: "its args are no list" }];
  const words = [command, ...(args as unknown[])];
  if (words.some((word) => !["string", "number", "bigint", "boolean"].includes(typeof word)))
    return [{ ...plain, stuck: "its args hold something that is no word" }];
  return [{ ...plain, command: words.map(String) }];
}

/** Where a server's keys stand: below its own header, or between the braces of `name = { … }` below its parent's. */
type Body = Range & { readonly kind: "table" | "inline" };

function bodyOf(text: string, path: readonly string[]): Body | null {
  const table = tableAt(text, path);
  if (table) return { ...table, kind: "table" };
  const parent = tableAt(text, path.slice(0, -1));
  const value = parent && valueAt(text, { ...parent, kind: "table" }, path.at(-1) ?? "");
  if (!value || text[value.start] !== "{" || text[value.end - 1] !== "}") return null;
  return { start: value.start + 1, end: value.end - 1, kind: "inline" };
}

/** From after the table's header to the next header. */
function tableAt(text: string, path: readonly string[]): Range | null {
  const headers = [...lines(text)].filter(({ line }) => /^\s*\[/.test(line));
  const at = headers.findIndex(({ line }) => sameKeys(keysOf(line), path));
  const header = headers[at];
  if (!header) return null;
  return { start: header.end, end: headers[at + 1]?.start ?? text.length };
}

/** Lines that begin outside of any value: what stands in a list or a text over several lines is not looked at. */
function* lines(text: string): Generator<Range & { line: string }> {
  let start = 0;
  while (start < text.length) {
    const newline = endOfStatement(text, start);
    yield { start, end: newline, line: text.slice(start, newline) };
    start = newline;
  }
}

/** Behind the line end that ends the statement which begins here. */
function endOfStatement(text: string, start: number): number {
  const isHeader = /^\s*\[/.test(text.slice(start, start + 200));
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "#") {
      at = text.indexOf("\n", at);
      if (at === -1) return text.length;
      if (depth === 0) return at + 1;
    } else if (character === '"' || character === "'") at = endOfString(text, at) - 1;
    else if (!isHeader && (character === "[" || character === "{")) depth++;
    else if (!isHeader && (character === "]" || character === "}")) depth--;
    else if (character === "\n" && depth <= 0) return at + 1;
  }
  return text.length;
}

function endOfString(text: string, at: number): number {
  const quoteMark = text[at] ?? "";
  const triple = quoteMark.repeat(3);
  const mark = text.startsWith(triple, at) ? triple : quoteMark;
  for (let n = at + mark.length; n < text.length; n++) {
    if (text[n] === "\\" && quoteMark === '"') n++;
    else if (text.startsWith(mark, n)) return n + mark.length;
  }
  return text.length;
}

function valueAt(text: string, { start, end, kind }: Body, key: string): Range | null {
  const inside = text.slice(start, end);
  for (const part of kind === "inline" ? pairsOf(inside) : lines(inside)) {
    const match = /^(\s*)(["']?)([\w-]+)\2(\s*=\s*)/.exec(part.line);
    if (match?.[3] !== key) continue;
    const from = start + part.start + match[0].length;
    return { start: from, end: endOfValue(text, from) };
  }
  return null;
}

/** `a = 1, b = [2, 3]`: each pair, up to the comma that ends it. */
function* pairsOf(text: string): Generator<Range & { line: string }> {
  let start = 0;
  for (let at = 0; at <= text.length; at++) {
    const character = text[at];
    if (character === "," || character === undefined) {
      yield { start, end: at, line: text.slice(start, at) };
      start = at + 1;
    } else if (character === '"' || character === "'") at = endOfString(text, at) - 1;
    else if (character === "[" || character === "{") at = endOfValue(text, at) - 1;
  }
}

/** Of a value that is neither a text nor in brackets, where it begins. */
function endOfValue(text: string, start: number): number {
  if (text[start] === '"' || text[start] === "'") return endOfString(text, start);
  if (text[start] !== "[" && text[start] !== "{") return start;
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    const character = text[at];
    if (character === "[" || character === "{") depth++;
    else if (character === "]" || character === "}") depth--;
    else if (character === '"' || character === "'") at = endOfString(text, at) - 1;
    else if (character === "#") at = text.indexOf("\n", at);
    if (at === -1) break;
    if (depth === 0) return at + 1;
  }
  return start;
}

/** Puts in, or takes out, what stands before the words that stay. */
function listEdit(text: string, list: Range, before: readonly string[], after: readonly string[]) {
  let same = 0;
  while (same < before.length && same < after.length && before.at(-1 - same) === after.at(-1 - same)) same++;
  const starts = elements(text, list);
  const put = after.slice(0, after.length - same).map(quote);
  const first = starts[0];
  const kept = starts[before.length - same];
  if (first === undefined) return { start: list.start + 1, end: list.start + 1, put: put.join(", ") };
  if (kept !== undefined) return { start: first, end: kept, put: put.map((word) => `${word}, `).join("") };
  return { start: first, end: list.end - 1, put: put.join(", ") };
}

function elements(text: string, { start, end }: Range): number[] {
  const found: number[] = [];
  for (let at = start + 1; at < end - 1; at++) {
    const character = text[at] ?? "";
    if (character === "#") at = text.indexOf("\n", at);
    else if (character === '"' || character === "'") {
      found.push(at);
      at = endOfString(text, at) - 1;
    } else if (/[^\s,]/.test(character)) {
      found.push(at);
      while (at + 1 < end - 1 && /[^\s,#]/.test(text[at + 1] ?? "")) at++;
    }
  }
  return found;
}

/** `[a."b c".d]` → a, b c, d */
function keysOf(header: string): string[] {
  const inside = /^\s*\[([^[].*?)\]\s*(#.*)?$/s.exec(header.trimEnd())?.[1] ?? "";
  return [...inside.matchAll(/\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([\w-]+))\s*(?:\.|$)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? "",
  );
}

function sameKeys(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((key, n) => key === b[n]);
}

/** A basic string; JSON's escapes are TOML's too. */
function quote(word: string): string {
  return JSON.stringify(word);
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
}
