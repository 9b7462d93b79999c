/** Questions to ask of a JSON value of which nothing is known. None of them throws. */

import { stringifyExact } from "../fact/json-source.ts";
import { parseWithin } from "../fact/nesting.ts";

export type Json = Record<string, unknown>;

/** The value, or undefined when the text is not JSON or nests too deep to be taken for a value. */
export function parseJson(text: string): unknown {
  return parseWithin(text);
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? (value as unknown[]) : [];
}

/** The objects of a list; other elements are left out. */
export function objects(value: unknown): Json[] {
  return Array.isArray(value) && value.length > 0 ? value.filter(isObject) : [];
}

export function text(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** A finite number or null. */
export function number(value: unknown): number | null {
  return typeof value === "number" && Number.isFinite(value) ? value : null;
}

/** A place in a list: a number, or its digits, as some gateways write it. */
export function indexOf(value: unknown): number | null {
  if (typeof value === "string") return /^\d{1,9}$/.test(value) ? Number(value) : null;
  return number(value);
}

/** The string itself, or the compact JSON of anything else. */
export function compact(value: unknown): string {
  if (typeof value === "string") return value;
  return value === undefined ? "" : stringifyExact(value);
}

/** Everything but these keys. */
export function without(value: Json, ...keys: string[]): Json {
  return Object.fromEntries(Object.entries(value).filter(([key]) => !keys.includes(key)));
}

/** Sets an own property even when the name is `__proto__`: recorded keys are hostile. */
export function put(target: Json, key: string, value: unknown): void {
  Object.defineProperty(target, key, { value, writable: true, enumerable: true, configurable: true });
}

/** The object at this key; what is no object there gives way to an empty one. */
export function objectAt(holder: Json, key: string): Json {
  if (!isObject(holder[key])) put(holder, key, {});
  return holder[key] as Json;
}

/**
 * Adds to the list at this key, in place: to copy a list for each piece of a stream takes time by its square. A list
 * that this function did not make is the wire's own, shared with the event it came in, and is copied once.
 */
export function lengthen(holder: Json, key: string, more: readonly unknown[]): void {
  let own = list(Object.hasOwn(holder, key) ? holder[key] : undefined);
  if (!made.has(own)) {
    own = [...own];
    made.add(own);
    put(holder, key, own);
  }
  for (const one of more) own.push(one);
}

const made = new WeakSet<unknown[]>();

/** The list at this key; what is no list there gives way to an empty one. */
export function listAt(holder: Json, key: string): unknown[] {
  if (!Array.isArray(holder[key])) put(holder, key, []);
  return holder[key] as unknown[];
}
