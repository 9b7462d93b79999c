/** What is JSON by its first sign, and too deep or too much to be parsed: events of a stream, and bodies. */
import { isTooMuch } from "../fact/nesting.ts";
import type { Framed } from "./framing.ts";

/** Numbers of the events of a stream that were not read for their depth. */
export function deepEvents(stream: Framed | null): number[] {
  const frames = stream?.frames ?? [];
  return frames.flatMap(({ n, json, data }) => (json === undefined && isTooMuch(data) ? [n] : []));
}

/** A body that is a text although it begins as JSON does. */
export function isDeepBody(value: unknown): value is string {
  return typeof value === "string" && /^\s*[[{]/.test(value) && isTooMuch(value);
}
