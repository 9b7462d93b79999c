/** How the text of a setting becomes its value. What is no value stays the text that it was, and the schema refuses it. */
import { ConfigError } from "./options.ts";
import { shown } from "./shown.ts";

export const text = (value: string) => value;
export const number = (value: string) => (/^\d+$/.test(value.trim()) ? Number(value) : value);
export const list = (value: string) => value.split(/[\s,]+/).filter((word) => word !== "");

export function more(value: string, before: unknown): string[] {
  return [...((before as string[]) ?? []), ...list(value)];
}

export function isNo(value: string): boolean {
  return /^(?:0|false|no|off)$/i.test(value.trim());
}

export function trimUrl(value: string): string {
  return value.trim().replace(/\/+$/, "");
}

export function named(value: string, before: unknown): unknown {
  const found: Record<string, string> = { ...(before as Record<string, string>) };
  for (const pair of pairs(value)) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).toLowerCase();
    if (at < 1 || !/^[a-z0-9][a-z0-9._-]*$/.test(name))
      throw new ConfigError(`${shown(pair)} is not NAME=URL; a name is letters, digits, dots and dashes`);
    found[name] = pair.slice(at + 1).trim();
  }
  return found;
}

/** Addresses hold commas of their own (`?tools=a,b`): one that separates stands before the next name and its address.
 *  No address holds a space or a line's end: those always separate. */
function pairs(value: string): string[] {
  const parts = value.split(/\s+|,(?=[^\s=,/?#&]+=[a-z][a-z0-9+.-]*:\/\/)/i);
  return parts.map((part) => part.replace(/,$/, "")).filter((part) => part !== "");
}

export function size(value: string): unknown {
  const match = /^(\d+(?:\.\d+)?)\s*(k|m|g|t)?i?b?$/i.exec(value.trim());
  if (!match) return value;
  return Math.round(Number(match[1]) * 1024 ** " kmgt".indexOf((match[2] ?? " ").toLowerCase()));
}

/** `30d`, `12h` in ms; null for anything else. */
export function ageOf(value: string): number | null {
  const found = age(value);
  return typeof found === "number" ? found : null;
}

export function age(value: string): unknown {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|h|d|w)$/i.exec(value.trim());
  if (!match) return value;
  const unit = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 }[match[2]!.toLowerCase() as "s"];
  return Math.round(Number(match[1]) * unit);
}
