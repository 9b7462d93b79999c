/** JSON values as literals of other languages. */
import type { Json } from "../json.ts";

const NAME = /^[A-Za-z_$][\w$]*$/;

/** TypeScript takes JSON as it is; names without quotes read better. `__proto__` would be taken for something else. */
export function typescript(value: unknown, indent = ""): string {
  const inner = `${indent}  `;
  if (Array.isArray(value))
    return value.length === 0
      ? "[]"
      : `[\n${value.map((it) => `${inner}${typescript(it, inner)},\n`).join("")}${indent}]`;
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value);
    if (pairs.length === 0) return "{}";
    const named = (name: string) =>
      name === "__proto__" ? '["__proto__"]' : NAME.test(name) ? name : JSON.stringify(name);
    return `{\n${pairs.map(([name, it]) => `${inner}${named(name)}: ${typescript(it, inner)},\n`).join("")}${indent}}`;
  }
  return JSON.stringify(value) ?? "null";
}

export function python(value: unknown, indent = ""): string {
  const inner = `${indent}    `;
  if (Array.isArray(value))
    return value.length === 0
      ? "[]"
      : `[\n${value.map((it) => `${inner}${python(it, inner)},\n`).join("")}${indent}]`;
  if (typeof value === "object" && value !== null) {
    const pairs = Object.entries(value);
    if (pairs.length === 0) return "{}";
    return `{\n${pairs.map(([name, it]) => `${inner}${pythonText(name)}: ${python(it, inner)},\n`).join("")}${indent}}`;
  }
  if (typeof value === "string") return pythonText(value);
  if (value === true) return "True";
  if (value === false) return "False";
  return value === null || value === undefined ? "None" : String(value);
}

/** Python reads JSON's escapes, but for pairs of surrogates, which JSON writes only where the text itself has none. */
export function pythonText(text: string): string {
  return JSON.stringify(text.toWellFormed()).replaceAll("\u2028", "\\u2028").replaceAll("\u2029", "\\u2029");
}

/** Keyword arguments where the SDK knows the name, everything else in `extra_body`. */
export function keywords(body: Json, known: ReadonlySet<string>): string[] {
  const named = Object.entries(body).filter(([name]) => known.has(name));
  const others = Object.entries(body).filter(([name]) => !known.has(name));
  const lines = named.map(([name, value]) => `    ${name}=${python(value, "    ")},`);
  if (others.length > 0) lines.push(`    extra_body=${python(Object.fromEntries(others), "    ")},`);
  return lines;
}
