/**
 * JSON with comments and trailing commas, without reading what nobody asks for: a value is passed over by its brackets
 * until somebody looks into it. A host's file may be megabytes of history around a few servers.
 */

export type Node = {
  readonly type: "object" | "array" | "string" | "other";
  readonly offset: number;
  readonly length: number;
};
/** `start` is where the key begins. */
export type Member = { readonly key: string; readonly start: number; readonly value: Node };

/** What does not fit, and where. */
export class SkimError extends Error {
  constructor(
    readonly offset: number,
    what: string,
  ) {
    super(what);
  }
}

export type Skim = {
  /** Null for a text without any value. */
  readonly root: Node | null;
  members(node: Node): readonly Member[];
  elements(node: Node): readonly Node[];
  /** The value of a string, number, word. */
  value(node: Node): unknown;
};

/** Throws a `SkimError` where what is looked at is no such JSON. `count` is told how many characters were looked at. */
export function skim(text: string, count: (characters: number) => void = () => {}): Skim {
  const inside = new Map<Node, readonly Member[] | readonly Node[]>();
  const first = space(text.startsWith("\ufeff") ? 1 : 0);
  const root = first === text.length ? null : nodeAt(first);
  if (root && space(root.offset + root.length) < text.length)
    throw new SkimError(space(root.offset + root.length), "something stands behind the end");

  return {
    root,
    members: (node) => cached(node, "object", readMembers) as readonly Member[],
    elements: (node) => cached(node, "array", readElements) as readonly Node[],
    value(node) {
      const source = text.slice(node.offset, node.offset + node.length);
      try {
        return JSON.parse(source) as unknown;
      } catch {
        throw new SkimError(node.offset, `${source.slice(0, 40)} is no value`);
      }
    },
  };

  function cached(node: Node, type: Node["type"], read: (node: Node) => readonly Member[] | readonly Node[]) {
    if (node.type !== type) return [];
    const known = inside.get(node) ?? read(node);
    inside.set(node, known);
    return known;
  }

  function readMembers({ offset, length }: Node): Member[] {
    const found: Member[] = [];
    const end = offset + length - 1;
    for (let at = space(offset + 1); at < end;) {
      if (text[at] !== '"') throw new SkimError(at, "a name is expected");
      const behind = endOfText(at);
      const key = String(JSON.parse(text.slice(at, behind)));
      const colon = space(behind);
      if (text[colon] !== ":") throw new SkimError(colon, "a colon is expected");
      const value = nodeAt(space(colon + 1));
      found.push({ key, start: at, value });
      at = separated(value, end);
    }
    return found;
  }

  function readElements({ offset, length }: Node): Node[] {
    const found: Node[] = [];
    const end = offset + length - 1;
    for (let at = space(offset + 1); at < end;) {
      const value = nodeAt(at);
      found.push(value);
      at = separated(value, end);
    }
    return found;
  }

  /** Behind the comma that follows this value, or its container's end. */
  function separated({ offset, length }: Node, end: number): number {
    const at = space(offset + length);
    if (at === end) return end;
    if (text[at] !== ",") throw new SkimError(at, "a comma is expected");
    return space(at + 1);
  }

  function nodeAt(offset: number): Node {
    const char = text[offset];
    if (char === undefined || char === "," || char === ":" || char === "}" || char === "]")
      throw new SkimError(offset, "a value is expected");
    const end =
      char === "{" || char === "["
        ? endOfBrackets(offset)
        : char === '"'
          ? endOfText(offset)
          : endOfWord(offset);
    const type = char === "{" ? "object" : char === "[" ? "array" : char === '"' ? "string" : "other";
    count(end - offset);
    return { type, offset, length: end - offset };
  }

  function endOfBrackets(from: number): number {
    const open: string[] = [];
    for (let at = from; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === 34) at = endOfText(at) - 1;
      else if (char === 47) at = Math.max(at, space(at) - 1);
      else if (char === 123) open.push("}");
      else if (char === 91) open.push("]");
      else if (char === 125 || char === 93) {
        if (open.pop() !== text[at]) throw new SkimError(at, `${text[at]} closes nothing`);
        if (open.length === 0) return at + 1;
      }
    }
    throw new SkimError(from, "this has no end");
  }

  function endOfText(from: number): number {
    for (let at = text.indexOf('"', from + 1); at !== -1; at = text.indexOf('"', at + 1)) {
      let slashes = 0;
      while (text[at - 1 - slashes] === "\\") slashes++;
      if (slashes % 2 === 0) return at + 1;
    }
    throw new SkimError(from, "this text has no end");
  }

  function endOfWord(from: number): number {
    let at = from;
    while (at < text.length && !/[\s,:{}[\]"/]/.test(text[at] ?? "")) at++;
    if (at === from) throw new SkimError(from, "a value is expected");
    return at;
  }

  /** Behind white space and comments. */
  function space(from: number): number {
    let at = from;
    for (;;) {
      while (at < text.length && text.charCodeAt(at) <= 32) at++;
      if (text[at] !== "/") return at;
      const mark = text[at + 1];
      const end = mark === "/" ? text.indexOf("\n", at) : mark === "*" ? text.indexOf("*/", at + 2) : at;
      if (end === at) throw new SkimError(at, "a comment is expected");
      if (end === -1) return text.length;
      at = mark === "*" ? end + 2 : end + 1;
    }
  }
}
