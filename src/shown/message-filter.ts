/**
 * The filter of a session's messages: words, and what they are (`is:error`, `from:server`, `method:tools/*`, `tool:get_weather`,
 * `expert:warn`, `#7`), joined by AND, `-` before a term turns it round. Any text means something.
 */
import type { ShownLine } from "../fact/live.ts";

export type MessageFilter = {
  readonly terms: readonly { not: boolean; key: string | null; value: string }[];
};

const KEYS: Record<string, string> = {
  is: "is",
  是: "is",
  from: "from",
  来自: "from",
  method: "method",
  方法: "method",
  tool: "tool",
  name: "tool",
  工具: "tool",
  expert: "expert",
};

export function parseMessageFilter(typed: string): MessageFilter {
  const words =
    typed
      .slice(0, 200)
      .toLowerCase()
      .match(/-?(?:[^\s"]*"[^"]*"?|\S+)/g) ?? [];
  const terms = words.map((word) => {
    const not = word.length > 1 && word.startsWith("-");
    const rest = not ? word.slice(1) : word;
    const [, name = "", value = ""] = /^([^:："]+)[:：](.+)$/.exec(rest) ?? [];
    const key = KEYS[name] ?? null;
    return { not, key, value: (key ? value : rest).replaceAll('"', "") };
  });
  return { terms: terms.filter(({ value }) => value !== "") };
}

/** `step` is the row's milestone in words. */
export function fitsMessage(row: ShownLine, { terms }: MessageFilter, step: string): boolean {
  return terms.every(({ not, key, value }) => has(row, key, value, step) !== not);
}

/** What is looked for as text, for marking where it stands. */
export function wordsOf({ terms }: MessageFilter): string[] {
  return terms.flatMap(({ not, key, value }) =>
    not || key === "is" || key === "from" ? [] : [value.replaceAll("*", "")],
  );
}

function has(row: ShownLine, key: string | null, value: string, step: string): boolean {
  switch (key) {
    case "is":
      return is(row, value);
    case "from":
      return row.from === value;
    case "method":
      return like(row.method, value);
    case "tool":
      return like(row.name, value);
    case "expert":
      if (value === "chat") return row.milestone !== null;
      return row.level === value || row.milestone === value;
    default: {
      const id = row.id === null ? "" : `#${row.id}`;
      const text = [row.method, row.name, row.note, row.kind, row.state, id, step].join(" ");
      return text.toLowerCase().includes(value);
    }
  }
}

function is({ kind, state, problems }: ShownLine, value: string): boolean {
  if (value === "error")
    return kind === "error" || kind === "invalid" || state === "error" || state === "tool-error";
  if (value === "problem") return problems > 0;
  return kind === value || state === value;
}

/** `*` stands for any characters. */
function like(text: string | null, pattern: string): boolean {
  if (text === null) return false;
  const [first = "", ...rest] = pattern.split("*");
  const whole = text.toLowerCase();
  if (rest.length === 0) return whole === first;
  if (!whole.startsWith(first)) return false;
  let at = first.length;
  for (const [n, part] of rest.entries()) {
    const found = n === rest.length - 1 ? Math.max(at, whole.length - part.length) : whole.indexOf(part, at);
    if (found < 0 || !whole.startsWith(part, found)) return false;
    at = found + part.length;
  }
  return true;
}

/** What may be asked about these rows, for completion: the most frequent first. */
export function offersOf(rows: readonly ShownLine[], most = 24): string[] {
  const counts = new Map<string, number>();
  const add = (word: string) => counts.set(word, (counts.get(word) ?? 0) + 1);
  for (const row of rows) {
    if (row.method !== null && row.kind === "request") add(`method:${row.method}`);
    if (row.name !== null && row.kind === "request")
      add(`tool:${/\s/.test(row.name) ? `"${row.name}"` : row.name}`);
    if (is(row, "error")) add("is:error");
    if (row.state === "pending") add("is:pending");
    if (row.kind === "notification") add("is:notification");
    if (row.from !== "event") add(`from:${row.from}`);
  }
  return [...counts]
    .sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1))
    .slice(0, most)
    .map(([word]) => word);
}
