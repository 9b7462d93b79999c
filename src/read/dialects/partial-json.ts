/**
 * JSON that may be cut off: tool arguments come in pieces, and a stream may end between two of them. What is complete
 * is kept; a string, number or word that the end cut is left out, as is a key without its value.
 */
import { isTooMuch } from "../../fact/nesting.ts";

export type Parsed = { value: unknown; state: "whole" | "cut" } | { value: undefined; state: "broken" };

const BROKEN: Parsed = { value: undefined, state: "broken" };

export function parsePartial(text: string): Parsed {
  // It is JSON as far as anybody looked; what it says is kept as the text that it is.
  if (isTooMuch(text)) return { value: text, state: "whole" };
  try {
    return { value: JSON.parse(text) as unknown, state: "whole" };
  } catch {
    return parseCut(text);
  }
}

/** Thrown inside this file only. */
class NotJson extends Error {}

const CUT = Symbol("cut");

function parseCut(text: string): Parsed {
  let at = 0;
  const space = () => {
    while (/[ \t\n\r]/.test(text[at] ?? "")) at++;
  };
  const value = (): unknown => {
    space();
    const char = text[at];
    if (char === undefined) return CUT;
    if (char === "{") return object();
    if (char === "[") return array();
    if (char === '"') return string();
    return scalar();
  };
  const string = (): unknown => {
    let end = at + 1;
    while (end < text.length && text[end] !== '"') end += text[end] === "\\" ? 2 : 1;
    if (end >= text.length) {
      at = text.length;
      return CUT;
    }
    const whole = text.slice(at, end + 1);
    at = end + 1;
    return JSON.parse(whole) as unknown;
  };
  const scalar = (): unknown => {
    const found = /^[-+.\w]+/.exec(text.slice(at, at + 400))?.[0];
    if (found === undefined) throw new NotJson();
    at += found.length;
    const ended = at >= text.length;
    if (ended && ["true", "false", "null"].some((word) => word !== found && word.startsWith(found)))
      return CUT;
    // More digits may follow a number at the very end.
    if (ended && /^-?\d*\.?\d*([eE][-+]?\d*)?$/.test(found)) return CUT;
    return JSON.parse(found) as unknown;
  };
  const array = (): unknown => {
    const items: unknown[] = [];
    at++;
    for (;;) {
      space();
      if (text[at] === "]" && items.length === 0) break;
      const item = value();
      if (item === CUT) return items;
      items.push(item);
      space();
      if (at >= text.length) return items;
      if (text[at] === "]") break;
      if (text[at] !== ",") throw new NotJson();
      at++;
    }
    at++;
    return items;
  };
  const object = (): unknown => {
    const entries: [string, unknown][] = [];
    at++;
    for (;;) {
      space();
      if (text[at] === "}" && entries.length === 0) break;
      if (at >= text.length) return Object.fromEntries(entries);
      if (text[at] !== '"') throw new NotJson();
      const key = string();
      space();
      if (key === CUT || at >= text.length) return Object.fromEntries(entries);
      if (text[at] !== ":") throw new NotJson();
      at++;
      const item = value();
      if (item === CUT) return Object.fromEntries(entries);
      entries.push([key as string, item]);
      space();
      if (at >= text.length) return Object.fromEntries(entries);
      if (text[at] === "}") break;
      if (text[at] !== ",") throw new NotJson();
      at++;
    }
    at++;
    return Object.fromEntries(entries);
  };
  try {
    const found = value();
    space();
    if (found === CUT || at < text.length) return BROKEN;
    return { value: found, state: "cut" };
  } catch {
    // Not JSON at all.
    return BROKEN;
  }
}
