/**
 * Numbers of JSON as they were written. A parsed 1234567890123456789 has other digits, 1.10 one less, 1e400 is none at
 * all: a value read here remembers what its numbers were written as, and is written back with them.
 */

/** By the object or list that holds them: the text of each number that its value would not be written as. */
const written = new WeakMap<object, Map<string, string>>();
/** Objects and lists that hold such a number, however far down. */
const remembered = new WeakSet<object>();

type Reviver = (this: object, key: string, value: unknown, context: { source?: string }) => unknown;
/** ES2026, not yet in the library's types: source text access for JSON.parse, and numbers written as they are told. */
const json = JSON as unknown as {
  parse(text: string, reviver?: Reviver): unknown;
  rawJSON(text: string): object;
};

/** As `JSON.parse`, which also throws; the value is a plain one. */
export function parseExact(text: string): unknown {
  const value = json.parse(text);
  if (typeof value !== "object" || value === null || !losesNumbers(text)) return value;
  try {
    return json.parse(text, function (key, each, { source }) {
      if (typeof each === "object" && each !== null && remembered.has(each)) remembered.add(this);
      if (typeof each !== "number" || source === undefined || isPlain(source)) return each;
      const numbers = written.get(this) ?? new Map<string, string>();
      written.set(this, numbers.set(key, source));
      remembered.add(this);
      return each;
    });
  } catch {
    return value; // Nested deeper than a reviver can go: its numbers are shown as they were understood.
  }
}

/** What the number at this key was written as, where its value would be written in another way. */
export function numberSource(holder: object, key: string): string | undefined {
  return written.get(holder)?.get(key);
}

/** As `JSON.stringify`, with the numbers of values that were read here as they were written. */
export function stringifyExact(value: unknown, indent?: number): string {
  if (!holdsRemembered(value, LEVELS)) return JSON.stringify(value, null, indent);
  const replacer = function (this: object, key: string, each: unknown): unknown {
    const source = typeof each === "number" ? numberSource(this, key) : undefined;
    return source === undefined ? each : json.rawJSON(source);
  };
  return JSON.stringify(value, replacer, indent);
}

/** A copy one level deep, as `{ ...value }`, which remembers what the value does. */
export function copyExact(value: object): Record<string, unknown> {
  const copy: Record<string, unknown> = { ...value };
  const numbers = written.get(value);
  if (numbers) written.set(copy, numbers);
  if (remembered.has(value)) remembered.add(copy);
  return copy;
}

/** `{ items: [ { line: … } ] }`: so far down somebody puts a value that was read. */
const LEVELS = 4;

function holdsRemembered(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (remembered.has(value)) return true;
  return levels > 0 && Object.values(value).some((each) => holdsRemembered(each, levels - 1));
}

/** The text of each element of a JSON list, as it stands there. The text must be JSON. */
export function elementsOf(text: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let from = text.indexOf("[") + 1;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') at = endOfString(text, at) - 1;
    else if (char === "[" || char === "{") depth++;
    else if (depth === 0 && (char === "," || char === "]")) {
      const element = text.slice(from, at).trim();
      if (element !== "") found.push(element);
      from = at + 1;
      if (char === "]") break;
    } else if (char === "]" || char === "}") depth--;
  }
  return found;
}

/** JSON that was printed over several lines, on one: nothing but the space between its words goes. */
export function onOneLine(text: string): string {
  if (!/[\n\r]/.test(text)) return text.trim();
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', from)) {
    const end = endOfString(text, at);
    parts.push(text.slice(from, at).replaceAll(/\s/g, ""), text.slice(at, end));
    from = end;
  }
  parts.push(text.slice(from).replaceAll(/\s/g, ""));
  return parts.join("");
}

function losesNumbers(text: string): boolean {
  for (let at = 0; at < text.length; at++) {
    const char = text.charCodeAt(at);
    if (char === QUOTE) at = endOfString(text, at) - 1;
    else if (char === MINUS || (char >= ZERO && char <= NINE)) {
      let end = at + 1;
      while (end < text.length && isOfNumber(text.charCodeAt(end))) end++;
      if (!isPlain(text.slice(at, end))) return true;
      at = end - 1;
    }
  }
  return false;
}

const [QUOTE, PLUS, MINUS, DOT, ZERO, NINE] = [34, 43, 45, 46, 48, 57] as const;

function isOfNumber(char: number): boolean {
  // Digits, ".", "+", "-", "e", "E".
  return (
    (char >= ZERO && char <= NINE) || char === DOT || char === PLUS || char === MINUS || (char | 32) === 101
  );
}

/** Whether the number's value is written as it stands. */
function isPlain(source: string): boolean {
  return JSON.stringify(Number(source)) === source;
}

/** Behind the quote that ends the string which begins here. */
function endOfString(text: string, at: number): number {
  for (let end = text.indexOf('"', at + 1); end !== -1; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text[end - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return text.length;
}
