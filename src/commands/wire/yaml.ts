/**
 * YAML, as far as Goose's and Continue's configurations need: servers under a key, by name or as a list, each with `cmd`
 * or `command`, and `args`. A full parser reads; a careful search finds the lines; whoever calls us reads the result
 * again before it is written.
 */
import type { Changed, Entry, Format, Wanted } from "./entry.ts";

export const yaml: Format = {
  read(text, patterns) {
    const root = parse(text);
    if (typeof root === "string") return root;
    return patterns.flatMap(([section = ""]) => {
      const servers = root[section];
      if (!Array.isArray(servers))
        return Object.entries(record(servers)).flatMap(([name, value]) =>
          entryOf([section, name], name, record(value)),
        );
      return servers.flatMap((value, n) =>
        entryOf([section, String(n)], String(record(value)["name"] ?? n), record(value)),
      );
    });
  },
  change(text, wanted) {
    const eol = text.includes("\r\n") ? "\r\n" : "\n";
    const lines = text.split(eol);
    const left: Changed["left"][number][] = [];
    // From the last to the first: what stands before is not moved.
    const found = wanted.map((each) => ({ ...each, at: blockOf(lines, each.entry.path) }));
    for (const { entry, command, url, at } of found.toSorted(
      (a, b) => (b.at?.start ?? 0) - (a.at?.start ?? 0),
    )) {
      const change = url === undefined ? edit : addressEdit;
      const why = at ? change(lines, at, { entry, command, ...(url !== undefined && { url }) }) : ALONE;
      if (why !== null) left.push({ entry, why });
    }
    return { text: lines.join(eol), left };
  },
};

const ALONE = "it does not stand on lines of its own";

/** Lines [start, end) of a server's keys, and how far they are indented. In a list the first stands behind its dash. */
type Block = { readonly start: number; readonly end: number; readonly indent: number };

function parse(text: string): Record<string, unknown> | string {
  try {
    return record(Bun.YAML.parse(text));
  } catch (error) {
    return (error as Error).message;
  }
}

function entryOf(path: readonly string[], name: string, server: Record<string, unknown>): Entry[] {
  const plain = { name, path, command: [], url: null, stuck: null };
  const { args = [] } = server;
  const [program, address] = [server["cmd"] ?? server["command"], server["uri"] ?? server["url"]];
  if (program === undefined && typeof address === "string") return [{ ...plain, url: address }];
  // What comes with Goose is no server of its own.
  if (program === undefined) return [];
  const words = [program, ...(Array.isArray(args) ? (args as unknown[]) : [{}])];
  if (words.some((word) => typeof word !== "string" && typeof word !== "number"))
    return [{ ...plain, stuck: "its args are no list of words" }];
  return [{ ...plain, command: words.map(String) }];
}

function blockOf(lines: readonly string[], [section = "", name = ""]: readonly string[]): Block | null {
  const top = lines.findIndex((line) => keyOf(line) === section && indentOf(line) === 0);
  if (top === -1) return null;
  // A list may stand as far to the left as its key.
  const outer = endOf(lines, top, "with its list");
  const first = lines.slice(top + 1, outer).find((line) => !isBlank(line)) ?? "";
  if (DASH.test(first)) return itemOf(lines, top + 1, outer, indentOf(first), Number(name));
  for (let at = top + 1; at < outer; at++) {
    const line = lines[at] ?? "";
    if (keyOf(line) !== name || valueOf(line) !== "") continue;
    const end = endOf(lines, at);
    const inside = lines.slice(at + 1, end).find((each) => !isBlank(each));
    return inside === undefined ? null : { start: at + 1, end, indent: indentOf(inside) };
  }
  return null;
}

const DASH = /^\s*-(\s|$)/;

/** The nth thing of a list whose dashes are indented so far. */
function itemOf(
  lines: readonly string[],
  start: number,
  outer: number,
  indent: number,
  nth: number,
): Block | null {
  const dashes: number[] = [];
  for (let at = start; at < outer; at++)
    if (DASH.test(lines[at] ?? "") && indentOf(lines[at] ?? "") === indent) dashes.push(at);
  const at = dashes[nth];
  if (at === undefined) return null;
  return { start: at, end: dashes[nth + 1] ?? outer, indent: indentOf(withoutDash(lines[at] ?? "")) };
}

function withoutDash(line: string): string {
  return line.replace(/^(\s*)-/, "$1 ");
}

/** Null when it is done: the program's line is another one, and words are put before its arguments or taken away. */
function edit(lines: string[], block: Block, { entry, command }: Wanted): string | null {
  const cmd = lineOf(lines, block, "cmd") ?? lineOf(lines, block, "command");
  const args = lineOf(lines, block, "args");
  if (cmd === undefined) return "it has no line with its command";
  const [program = "", ...rest] = command;
  const before = entry.command.slice(1);
  let same = 0;
  while (same < before.length && same < rest.length && before.at(-1 - same) === rest.at(-1 - same)) same++;
  const put = rest.slice(0, rest.length - same).map((word) => JSON.stringify(word));
  const taken = before.length - same;
  if (args === undefined) {
    if (put.length > 0) lines.splice(cmd + 1, 0, `${" ".repeat(block.indent)}args: [${put.join(", ")}]`);
  } else if (valueOf(lines[args] ?? "") === "") {
    const first = items(lines, args, block.end);
    const dash = /^\s*- +/.exec(lines[first[0] ?? -1] ?? "")?.[0];
    if (dash === undefined || first.length !== before.length) return "its args do not stand on a line each";
    lines.splice(first[0]!, taken, ...put.map((word) => dash + word));
  } else {
    // In brackets, on one line: written anew, since nothing in it has a place of its own.
    const kept = before.slice(taken).map((word) => JSON.stringify(word));
    const line = lines[args] ?? "";
    const value = valueOf(line);
    if (!/^\[.*\]$/.test(value)) return "its args are written in a way that we do not know";
    lines[args] = line.replace(value, () => `[${[...put, ...kept].join(", ")}]`);
  }
  lines[cmd] = withValue(lines[cmd] ?? "", JSON.stringify(program));
  return null;
}

function addressEdit(lines: string[], block: Block, { url = "" }: Wanted): string | null {
  const at = lineOf(lines, block, "uri") ?? lineOf(lines, block, "url");
  if (at === undefined) return "it has no line with its address";
  lines[at] = withValue(lines[at] ?? "", JSON.stringify(url));
  return null;
}

function withValue(line: string, value: string): string {
  const written = valueOf(withoutDash(line));
  // Behind the key: the same word may stand in it, or in a comment.
  const key = /^\s*(?:-\s+)?(?:"[^"]*"|'[^']*'|[^:]*):\s*/.exec(line)?.[0].length ?? 0;
  const from = line.indexOf(written, key);
  return line.slice(0, from) + value + line.slice(from + written.length);
}

function items(lines: readonly string[], args: number, end: number): number[] {
  const found: number[] = [];
  for (let at = args + 1; at < end; at++) {
    const line = lines[at] ?? "";
    if (isBlank(line)) continue;
    if (!/^\s*- /.test(line)) break;
    found.push(at);
  }
  return found;
}

function lineOf(lines: readonly string[], { start, end, indent }: Block, key: string): number | undefined {
  for (let at = start; at < end; at++) {
    const line = at === start ? withoutDash(lines[at] ?? "") : (lines[at] ?? "");
    if (indentOf(line) === indent && keyOf(line) === key) return at;
  }
  return undefined;
}

/** Behind the lines that belong to the key here; `with its list`: one that stands as far to the left as the key. */
function endOf(lines: readonly string[], at: number, lists: "alone" | "with its list" = "alone"): number {
  const indent = indentOf(lines[at] ?? "");
  for (let n = at + 1; n < lines.length; n++) {
    const line = lines[n] ?? "";
    const isItem = lists === "with its list" && indentOf(line) === indent && DASH.test(line);
    if (!isBlank(line) && indentOf(line) <= indent && !isItem) return n;
  }
  return lines.length;
}

function keyOf(line: string): string | null {
  const match = /^\s*(?:"([^"]*)"|'([^']*)'|([^\s#:"'-][^:#]*?))\s*:(?:\s|$)/.exec(line);
  return match ? (match[1] ?? match[2] ?? match[3] ?? null) : null;
}

/** What stands behind the key, without a comment. */
function valueOf(line: string): string {
  const value =
    /:(?:\s+(.*))?$/.exec(line.slice(/^\s*("[^"]*"|'[^']*'|[^:]*)/.exec(line)?.[0].length ?? 0))?.[1] ?? "";
  return value.replace(/\s+#.*$/, "").trim();
}

function isBlank(line: string): boolean {
  return /^\s*(#|$)/.test(line);
}

function indentOf(line: string): number {
  return /^ */.exec(line)?.[0].length ?? 0;
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}
