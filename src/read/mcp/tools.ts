/**
 * Tools of a server by name: whether models' APIs take the name, and whether a definition is still the one that was
 * seen before. A definition is what a model is told, so a server that changes it changes what the model does.
 */
import { record, text } from "./line.ts";

/** Which names of functions an API takes; as their documents and their own refusals say. */
const NAMES: readonly { api: string; takes: RegExp }[] = [
  { api: "OpenAI", takes: /^[a-zA-Z0-9_-]{1,64}$/ },
  { api: "Anthropic", takes: /^[a-zA-Z0-9_-]{1,128}$/ },
  { api: "Gemini", takes: /^[a-zA-Z_][a-zA-Z0-9_.:-]{0,63}$/ },
  { api: "Bedrock", takes: /^[a-zA-Z0-9_-]{1,64}$/ },
];

export function refusedBy(name: string): string[] {
  return NAMES.filter(({ takes }) => !takes.test(name)).map(({ api }) => api);
}

/** Marks of a definition's parts: enough to say which part is another one. */
export type Print = { readonly description: string; readonly input: string; readonly rest: string };
export type Known = Map<string, Print>;
export type Change = {
  readonly name: string;
  /** Its place in the list; -1 for one that is gone. */
  readonly n: number;
  /** `new`, `gone`, or a sentence on what is different. */
  readonly what: string;
  readonly print: Print;
};

/** Tools of this list that `known` does not have, or has otherwise. Nothing is changed in `known`. */
export function changesOf(known: Known, tools: readonly unknown[]): Change[] {
  return tools.flatMap((tool, n): Change[] => {
    const it = record(tool);
    const name = text(it?.["name"]);
    if (it === null || name === null) return [];
    const print = printOf(it);
    const before = known.get(name);
    if (before === undefined) return [{ name, n, what: "new", print }];
    const parts = [
      before.description === print.description ? null : "its description has changed",
      before.input === print.input ? null : "its inputSchema has changed",
      before.rest === print.rest ? null : "its title, annotations or outputSchema have changed",
    ].filter((part) => part !== null);
    return parts.length === 0 ? [] : [{ name, n, what: parts.join(", "), print }];
  });
}

export function printOf({ description, inputSchema, ...rest }: Record<string, unknown>): Print {
  return { description: mark(description), input: mark(inputSchema), rest: mark(rest) };
}

/** Tools that a row of a session tells of; a server with more is compared by these. */
const MOST_TOLD = 100;
/** Of each mark in a row. A change is missed once in 16 million. */
const SHORT = 6;

/** `name` and the marks of its parts, a line for each tool: what a row keeps, so that sessions can be compared. */
export function rowOfTools(known: Known): string[] {
  const lines = [...known].map(([name, { description, input, rest }]) => {
    const marks = [description, input, rest].map((mark) => mark.slice(0, SHORT));
    return `${marks.join("")} ${name}`;
  });
  return lines.toSorted((a, b) => (nameIn(a) < nameIn(b) ? -1 : 1)).slice(0, MOST_TOLD);
}

export type ToolPart = "new" | "gone" | "description" | "inputSchema" | "rest";

/** What is different between the tools of two sessions, by their rows. */
export function changesBetween(
  before: readonly string[],
  now: readonly string[],
): { name: string; parts: ToolPart[] }[] {
  const [old, fresh] = [byName(before), byName(now)];
  // Where one of the two is cut off, what is behind its end was not compared.
  const isCut = before.length >= MOST_TOLD || now.length >= MOST_TOLD;
  const gone = isCut ? [] : [...old.keys()].filter((name) => !fresh.has(name));
  return [
    ...[...fresh].flatMap(([name, marks]): { name: string; parts: ToolPart[] }[] => {
      const earlier = old.get(name);
      if (earlier === undefined) return isCut ? [] : [{ name, parts: ["new"] }];
      const parts = PARTS.filter((_, n) => partOf(earlier, n) !== partOf(marks, n));
      return parts.length === 0 ? [] : [{ name, parts }];
    }),
    ...gone.map((name) => ({ name, parts: ["gone" as const] })),
  ];
}

const PARTS = ["description", "inputSchema", "rest"] as const;

function byName(rows: readonly string[]): Map<string, string> {
  return new Map(rows.map((row) => [nameIn(row), row.slice(0, PARTS.length * SHORT)]));
}

function nameIn(row: string): string {
  return row.slice(PARTS.length * SHORT + 1);
}

function partOf(marks: string, n: number): string {
  return marks.slice(n * SHORT, (n + 1) * SHORT);
}

/** Of a value, whatever the order of its keys: servers build their schemas anew each time. */
function mark(value: unknown): string {
  const text = JSON.stringify(sorted(value)) ?? "";
  // FNV-1a twice, 32 bits each: a definition may have 100 KB, and nobody gains by two that look alike.
  let [a, b] = [0x811c9dc5, 0xcbf29ce4];
  for (let n = 0; n < text.length; n++) {
    a = Math.imul(a ^ text.charCodeAt(n), 0x01000193);
    b = Math.imul(b ^ text.charCodeAt(n), 0x01000197);
  }
  return [a, b].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** Schemas are some levels deep; what is deeper is compared in the order in which it came. */
const DEEPEST = 50;

function sorted(value: unknown, depth = 0): unknown {
  if (typeof value !== "object" || value === null || depth > DEEPEST) return value;
  if (Array.isArray(value)) return value.map((it) => sorted(it, depth + 1));
  const keys = Object.keys(value).toSorted();
  return keys.map((key) => [key, sorted((value as Record<string, unknown>)[key], depth + 1)]);
}
