/** Small questions to JSON values that several dialects ask, beside those of json.ts. */
import { stringifyExact } from "../../fact/json-source.ts";
import { wireError } from "../error.ts";
import { indexOf, isObject, objects, type Json } from "../json.ts";
import type { MediaPart, Part, ReadError, ToolCall, Usage } from "../reading.ts";

/** A non-empty string, or null. */
export function word(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}

/** The sum of the numbers among the values; null when there is none. */
export function sum(...values: unknown[]): number | null {
  const numbers = values.filter(
    (value): value is number => typeof value === "number" && Number.isFinite(value),
  );
  return numbers.length === 0 ? null : numbers.reduce((total, number) => total + number, 0);
}

/** Input and output together; null while one of them is not known. */
export function both(input: number | null, output: number | null): number | null {
  return input === null || output === null ? null : input + output;
}

/** Of a server that counts what came and went, and nothing else. */
export function plainUsage(input: number | null, output: number | null, wire: unknown): Usage {
  const total = both(input, output);
  return { input, output, total, cached: null, cache_write: null, reasoning: null, wire };
}

/** The first of the keys that the object has with a value other than undefined and null. */
export function first(value: unknown, ...keys: string[]): unknown {
  if (!isObject(value)) return undefined;
  for (const key of keys) {
    const found = Object.hasOwn(value, key) ? value[key] : undefined;
    if (found !== undefined && found !== null) return found;
  }
  return undefined;
}

/**
 * Arguments that the API sends as an object, told as compact JSON. None at all is an empty object; text that could not
 * be parsed stays as it is.
 */
export function argumentsOf(value: unknown): string {
  if (value === undefined || value === null) return "{}";
  return typeof value === "string" ? value : written(value);
}

/** JSON of anything, also of what nests too deep to be written. */
export function written(value: unknown): string {
  try {
    return stringifyExact(value) ?? "null";
  } catch {
    return String(value);
  }
}

/** The choices of an answer in the order of their numbers, each with its place on the wire. */
export function byIndex(choices: unknown): [choice: Json, place: number][] {
  const placed = objects(choices).map((choice, place): [Json, number] => [choice, place]);
  return placed.sort(([a, i], [b, j]) => (indexOf(a["index"]) ?? i) - (indexOf(b["index"]) ?? j));
}

/** At most `limit` characters of it, for sentences. */
export function brief(text: string, limit = 300): string {
  return text.length <= limit ? text : `${text.slice(0, limit)}…`;
}

/** The kind of part for a MIME type; what is no image, sound or film is a file. */
export function mediaKind(mime: string | null): MediaPart["type"] {
  const top = mime?.split("/")[0]?.toLowerCase();
  return top === "image" || top === "audio" || top === "video" ? top : "file";
}

/** The calls that the client has to run, of the parts of an answer. */
export function clientCalls(parts: readonly Part[]): ToolCall[] {
  return parts.flatMap((part) => {
    if (part.type !== "tool_call" || part.by !== "client") return [];
    return [{ id: part.id, name: part.name, arguments: part.arguments }];
  });
}

/** The error that a body tells in place of an answer, with the status that it may name. */
export function toldError(body: unknown): ReadError | null {
  const found = wireError(body);
  const value: unknown = Array.isArray(body) ? (body as unknown[])[0] : body;
  const inside = isObject(value) && isObject(value["error"]) ? value["error"] : value;
  return found && { status: statusIn(inside), ...found };
}

/** The error that stands in a message beside what came of the answer. */
export function errorBeside(error: unknown): ReadError | null {
  if (!error) return null;
  return toldError({ error }) ?? { status: null, type: null, message: "" };
}

/** Gateways put the status that they would have answered with into the error. */
function statusIn(error: unknown): number | null {
  for (const key of ["status_code", "statusCode", "http_status", "status", "code"]) {
    const said = first(error, key);
    const status = typeof said === "string" && /^\d{3}$/.test(said) ? Number(said) : said;
    if (typeof status === "number" && status >= 400 && status < 600) return status;
  }
  return null;
}
