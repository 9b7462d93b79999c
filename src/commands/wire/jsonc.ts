/**
 * JSON with comments and trailing commas, as editors keep it: only the command's own characters are changed. The
 * library is the one that VS Code itself reads these files with.
 */
import { getNodeValue, parseTree, printParseErrorCode, type Node, type ParseError } from "jsonc-parser";
import type { Entry, Format } from "./entry.ts";

type Edit = { readonly offset: number; readonly length: number; readonly text: string };

export const jsonc: Format = {
  read(text, patterns) {
    const root = parse(text);
    if (typeof root === "string") return root;
    return root === null ? [] : patterns.flatMap((pattern) => entriesAt(root, pattern, []));
  },
  change(text, entry, command, before = null) {
    const root = parse(text);
    if (typeof root === "string") return root;
    const node = root && nodeAt(root, entry.path);
    const edits = node ? editsOf(text, node, command, writtenIn(before, entry.path)) : null;
    if (edits === null) return `${entry.path.join(".")} has no command that we know how to change`;
    const changed = edits
      .toSorted((a, b) => b.offset - a.offset)
      .reduce(
        (all, { offset, length, text: put }) => all.slice(0, offset) + put + all.slice(offset + length),
        text,
      );
    return { text: changed };
  },
};

/** Null for a file without any value, which hosts accept as empty. */
function parse(text: string): Node | null | string {
  const errors: ParseError[] = [];
  const plain = text.replace(/^\ufeff/, " ");
  const root = parseTree(plain, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const first = errors[0];
  if (!first) return root ?? null;
  const line = plain.slice(0, first.offset).split("\n").length;
  return `line ${line}: ${printParseErrorCode(first.error)}`;
}

function entriesAt(node: Node, pattern: readonly string[], path: readonly string[]): Entry[] {
  const [key, ...rest] = pattern;
  if (key === undefined) return entryOf(node, path);
  if (node.type !== "object") return [];
  return members(node)
    .filter(([name]) => key === "*" || key === name)
    .flatMap(([name, value]) => entriesAt(value, rest, [...path, name]));
}

function entryOf(node: Node, path: readonly string[]): Entry[] {
  if (node.type !== "object") return [];
  const name = path.at(-1) ?? "";
  const url = ["url", "httpUrl", "serverUrl"]
    .map((key) => memberOf(node, key))
    .find((each) => each?.type === "string");
  const parts = commandOf(node);
  const command = parts ? wordsOf(parts) : [];
  if (command.length > 0) return [{ name, path, command, url: null }];
  return url ? [{ name, path, command: [], url: String(url.value) }] : [];
}

/** `command` as a word with `args` beside it, as a list, or (Zed, older) as an object with `path` and `args`. */
type Parts = { readonly file: Node; readonly args: Node | null } | { readonly list: Node };

function commandOf(server: Node): Parts | null {
  const command = memberOf(server, "command");
  if (command?.type === "array") return { list: command };
  if (command?.type === "string") return { file: command, args: memberOf(server, "args") };
  if (!command) return null;
  const file = memberOf(command, "path");
  return file?.type === "string" ? { file, args: memberOf(command, "args") } : null;
}

function wordsOf(parts: Parts): string[] {
  const nodes = "list" in parts ? (parts.list.children ?? []) : [parts.file, ...(parts.args?.children ?? [])];
  return nodes.every((node) => node.type === "string")
    ? nodes.map((node) => getNodeValue(node) as string)
    : [];
}

/** The old command is the end of the new one, or the new one of the old: only what stands before is put in or taken out. */
function editsOf(
  text: string,
  server: Node,
  command: readonly string[],
  before: Written | null,
): Edit[] | null {
  const parts = commandOf(server);
  if (!parts || command.length === 0) return null;
  if ("list" in parts) return [...listEdit(text, parts.list, command)];
  const [file = "", ...rest] = command;
  const named = {
    offset: parts.file.offset,
    length: parts.file.length,
    text: before?.file === file ? before.text : JSON.stringify(file),
  };
  const end = parts.file.offset + parts.file.length;
  if (
    parts.args &&
    before?.args === "none" &&
    rest.length === 0 &&
    text.slice(end, parts.args.offset) === ADDED
  )
    return [{ ...named, length: parts.args.offset + parts.args.length - parts.file.offset }];
  if (parts.args?.type === "array") return [named, ...listEdit(text, parts.args, rest)];
  if (parts.args !== null) return null;
  return [{ ...named, text: `${named.text}${ADDED}[${printed(rest)}]` }];
}

/** As we write it, and nobody else has touched since. */
const ADDED = ', "args": ';

/** How the program was written before we came, and whether it had arguments. */
type Written = { readonly file: string; readonly text: string; readonly args: "some" | "none" };

function writtenIn(text: string | null, path: readonly string[]): Written | null {
  const root = text === null ? null : parse(text);
  const server = root && typeof root !== "string" ? nodeAt(root, path) : null;
  const parts = server && commandOf(server);
  if (text === null || !parts || !("file" in parts)) return null;
  const { offset, length, value } = parts.file;
  return {
    file: String(value),
    text: text.slice(offset, offset + length),
    args: parts.args === null ? "none" : "some",
  };
}

function nodeAt(root: Node, path: readonly string[]): Node | null {
  return path.reduce<Node | null>((at, key) => at && memberOf(at, key), root);
}

function listEdit(text: string, list: Node, words: readonly string[]): Edit[] {
  const nodes = list.children ?? [];
  const before = nodes.map((node) => String(node.value));
  const same = sameEnd(before, words);
  const put = words.slice(0, words.length - same);
  const first = nodes[0];
  const kept = nodes[nodes.length - same];
  if (!first) return [{ offset: list.offset + 1, length: 0, text: printed(put) }];
  if (kept) {
    const comma = put.length > 0 ? ", " : "";
    return [{ offset: first.offset, length: kept.offset - first.offset, text: printed(put) + comma }];
  }
  // Nothing stays: what stood in the brackets goes, comments and a trailing comma included.
  const end = list.offset + list.length - 1;
  const last = nodes.at(-1) ?? first;
  const tail = text.slice(last.offset + last.length, end);
  const until = put.length === 0 || tail.includes(",") ? end : last.offset + last.length;
  return [{ offset: first.offset, length: until - first.offset, text: printed(put) }];
}

function sameEnd(a: readonly string[], b: readonly string[]): number {
  let same = 0;
  while (same < a.length && same < b.length && a.at(-1 - same) === b.at(-1 - same)) same++;
  return same;
}

function printed(words: readonly string[]): string {
  return words.map((word) => JSON.stringify(word)).join(", ");
}

function members(node: Node): [string, Node][] {
  return (node.children ?? []).flatMap(({ children }): [string, Node][] => {
    const [key, value] = children ?? [];
    return key && value ? [[String(key.value), value]] : [];
  });
}

/** The last of its name counts, as in every reader of JSON. */
function memberOf(node: Node, name: string): Node | null {
  if (node.type !== "object") return null;
  return members(node).findLast(([key]) => key === name)?.[1] ?? null;
}
