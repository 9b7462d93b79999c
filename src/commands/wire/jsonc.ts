/** JSON with comments and trailing commas, as editors keep it: only the command's own characters are changed. */
import type { Changed, Entry, Format } from "./entry.ts";
import { skim, SkimError, type Member, type Node, type Skim } from "./skim.ts";

type Edit = { readonly offset: number; readonly length: number; readonly text: string };

export const jsonc: Format = {
  read(text, patterns) {
    const file = opened(text);
    if (typeof file === "string") return file;
    const { root } = file;
    if (root === null) return [];
    return guarded(text, () => patterns.flatMap((pattern) => entriesAt(file, root, pattern, [])));
  },
  change(text, wanted, before = null) {
    const file = opened(text);
    const old = before === null ? null : opened(before);
    const edits: Edit[] = [];
    const left: Changed["left"][number][] = [];
    for (const { entry, command, url } of wanted) {
      const found =
        typeof file === "string"
          ? null
          : url !== undefined
            ? addressEdit(file, entry, url, typeof old === "string" ? null : old, before)
            : editsFor(file, text, entry, command, earlier(old, before, entry.path));
      if (found === null) left.push({ entry, why: "its command is written in a way that we do not know" });
      else edits.push(...found);
    }
    // From the first to the last, in one pass: a file of megabytes is put together once.
    let [from, parts] = [0, [] as string[]];
    for (const { offset, length, text: put } of edits.toSorted((a, b) => a.offset - b.offset)) {
      parts.push(text.slice(from, offset), put);
      from = offset + length;
    }
    return { text: parts.join("") + text.slice(from), left };
  },
};

function opened(text: string): Skim | string {
  return guarded(text, () => skim(text));
}

function guarded<T>(text: string, read: () => T): T | string {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof SkimError)) throw error;
    return `line ${text.slice(0, error.offset).split("\n").length}: ${error.message}`;
  }
}

function entriesAt(file: Skim, node: Node, pattern: readonly string[], path: readonly string[]): Entry[] {
  const [key, ...rest] = pattern;
  if (key === undefined) return entryOf(file, node, path);
  if (key === "*" && rest.length === 0 && node.type === "array") return inList(file, node, path);
  // Of two with the same name the last one counts, as in every reader of JSON.
  const members = [...new Map(file.members(node).map((member) => [member.key, member])).values()];
  return members
    .filter((member) => key === "*" || key === member.key)
    .flatMap((member) => entriesAt(file, member.value, rest, [...path, member.key]));
}

/** No host that we know keeps them so: they are told, and nothing is changed. */
function inList(file: Skim, list: Node, path: readonly string[]): Entry[] {
  return file.elements(list).flatMap((node, n): Entry[] => {
    if (!commandOf(file, node) && !ADDRESSES.some((key) => memberOf(file, node, key))) return [];
    const named = memberOf(file, node, "name")?.value;
    const name = named?.type === "string" ? String(file.value(named)) : String(n);
    return [{ name, path: [...path, String(n)], command: [], url: null, stuck: "it stands in a list" }];
  });
}

const ADDRESSES = ["url", "httpUrl", "serverUrl", "uri"];

function entryOf(file: Skim, node: Node, path: readonly string[]): Entry[] {
  if (node.type !== "object") return [];
  const name = path.at(-1) ?? "";
  const plain = { name, path, command: [], url: null, stuck: null };
  const parts = commandOf(file, node);
  const words = parts === null ? [] : wordsOf(file, parts);
  if (typeof words === "string") return [{ ...plain, stuck: words }];
  if (words.length > 0 && words[0] !== "") return [{ ...plain, command: words }];
  const url = ADDRESSES.map((key) => memberOf(file, node, key)?.value).find((it) => it?.type === "string");
  if (url) return [{ ...plain, url: String(file.value(url)) }];
  // A group of servers under a name of its own, as some hosts have it, is no server.
  const isServer = file.members(node).some(({ value }) => value.type !== "object");
  return isServer ? [{ ...plain, stuck: "it has neither a command nor an address" }] : [];
}

/** `command` as a word with `args` beside it, as a list, or (Zed, older) as an object with `path` and `args`. */
type Parts = { readonly file: Node; readonly args: Member | null } | { readonly list: Node };

function commandOf(file: Skim, server: Node): Parts | null {
  const command = memberOf(file, server, "command")?.value;
  if (command?.type === "array") return { list: command };
  if (command?.type === "string") return { file: command, args: memberOf(file, server, "args") };
  if (!command) return null;
  const path = memberOf(file, command, "path")?.value;
  return path?.type === "string" ? { file: path, args: memberOf(file, command, "args") } : null;
}

/** Numbers stand in lists of arguments too, where the host makes texts of them. A sentence where there is no list. */
function wordsOf(file: Skim, parts: Parts): string[] | string {
  if ("list" in parts) return listed(file, parts.list, []);
  const { args } = parts;
  if (args && args.value.type !== "array") {
    if (file.value(args.value) !== null) return "its args are no list";
    return [String(file.value(parts.file))];
  }
  return listed(file, args?.value ?? null, [parts.file]);
}

function listed(file: Skim, list: Node | null, before: readonly Node[]): string[] | string {
  const nodes = [...before, ...(list ? file.elements(list) : [])];
  const values = nodes.map((node) =>
    node.type === "string" || node.type === "other" ? file.value(node) : null,
  );
  if (values.some((value) => value === null)) return "its args hold something that is no word";
  return values.map(String);
}

function addressOf(file: Skim, path: readonly string[]): Node | null {
  const server = nodeAt(file, path);
  const found = server && ADDRESSES.map((key) => memberOf(file, server, key)?.value);
  return found?.find((it) => it?.type === "string") ?? null;
}

/** As it was written before we came, where it is that one again. */
function addressEdit(
  file: Skim,
  { path }: Entry,
  url: string,
  old: Skim | null,
  before: string | null,
): Edit[] | null {
  const node = addressOf(file, path);
  if (!node) return null;
  const was = old && addressOf(old, path);
  const same = old && was && before !== null && old.value(was) === url;
  const text = same ? before.slice(was.offset, was.offset + was.length) : JSON.stringify(url);
  return [{ offset: node.offset, length: node.length, text }];
}

/** The old command is the end of the new one, or the new one of the old: only what stands before is put in or taken out. */
function editsFor(
  file: Skim,
  text: string,
  { path }: Entry,
  command: readonly string[],
  before: Written | null,
): Edit[] | null {
  const server = nodeAt(file, path);
  const parts = server && commandOf(file, server);
  if (!parts || command.length === 0) return null;
  if ("list" in parts) return listEdit(file, text, parts.list, command);
  const [program = "", ...rest] = command;
  const named = {
    offset: parts.file.offset,
    length: parts.file.length,
    text: before?.file === program ? before.text : JSON.stringify(program),
  };
  const { args } = parts;
  // We had put it in: what the host has made of it since goes whole, with the comma before it.
  if (args && before?.args === "none" && rest.length === 0) {
    const from = commaBefore(text, args.start);
    const end = args.value.offset + args.value.length;
    if (from !== null) return [named, { offset: from, length: end - from, text: "" }];
  }
  if (args?.value.type === "array") return [named, ...listEdit(file, text, args.value, rest)];
  if (args !== null) return null;
  return [{ ...named, text: `${named.text}, "args": [${printed(rest)}]` }];
}

function commaBefore(text: string, at: number): number | null {
  const before = text.slice(0, at).trimEnd();
  return before.endsWith(",") ? before.length - 1 : null;
}

/** How the program was written before we came, and whether it had arguments. */
type Written = { readonly file: string; readonly text: string; readonly args: "some" | "none" };

function earlier(file: Skim | string | null, text: string | null, path: readonly string[]): Written | null {
  if (file === null || typeof file === "string" || text === null) return null;
  const server = nodeAt(file, path);
  const parts = server && commandOf(file, server);
  if (!parts || !("file" in parts)) return null;
  const { offset, length } = parts.file;
  return {
    file: String(file.value(parts.file)),
    text: text.slice(offset, offset + length),
    args: parts.args === null ? "none" : "some",
  };
}

function nodeAt(file: Skim, path: readonly string[]): Node | null {
  return path.reduce<Node | null>((at, key) => at && (memberOf(file, at, key)?.value ?? null), file.root);
}

function listEdit(file: Skim, text: string, list: Node, words: readonly string[]): Edit[] {
  const nodes = file.elements(list);
  const before = nodes.map((node) => String(file.value(node)));
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

/** The last of its name counts, as in every reader of JSON. */
function memberOf(file: Skim, node: Node, name: string): Member | null {
  return file.members(node).findLast(({ key }) => key === name) ?? null;
}
