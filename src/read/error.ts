/** The error of an exchange: what the dialect found in its answer, else what stands in the body of an HTTP error. */
import type { Exchange } from "../fact/exchange.ts";
import { innerError, plainError } from "./dialects/stream-error.ts";
import { isObject, text, type Json } from "./json.ts";
import type { ReadError } from "./reading.ts";

export function errorOf(exchange: Exchange, found: ReadError | null, body: unknown): ReadError | null {
  const status = exchange.response?.status ?? null;
  const failed = status !== null && status >= 400;
  if (!failed) return found;
  if (found && found.message !== "") return { ...found, status };
  return {
    status,
    ...(wireError(body) ?? { type: null, message: typeof body === "string" ? wordsOf(body) : "" }),
  };
}

/** A page says in its title what happened; its markup says nothing. */
function wordsOf(body: string): string {
  const head = body.slice(0, 20_000);
  if (!/^\s*<(!doctype\s+html|html[\s>])/i.test(head)) return body.slice(0, 2000);
  const title =
    /<title[^>]{0,200}>([^<]{0,300})/i.exec(head)?.[1] ?? /<h1[^>]{0,200}>([^<]{0,300})/i.exec(head)?.[1];
  return `a web page${title ? `: ${title.trim()}` : ""}`;
}

/**
 * Type and message of an error object as the APIs of this field write it: `{ error: { type, message } }`,
 * `{ error: "…" }`, `{ message, type }`, `{ detail: … }`, or one of these in a list or in each other. Null when it is none.
 */
export function wireError(body: unknown, depth = 0): { type: string | null; message: string } | null {
  const value: unknown = Array.isArray(body) ? body[0] : body;
  if (!isObject(value) || depth > DEEPEST) return null;
  const error: unknown = Array.isArray(value["error"]) ? value["error"][0] : value["error"];
  if (typeof error === "string") {
    // OAuth says the kind of it in one word and the rest beside it (RFC 6749, 5.2).
    const more = text(value["error_description"]);
    const message = text(value["message"]) ?? (more === null ? error : `${error}: ${more}`);
    return { type: typeOf(value), message };
  }
  if (isObject(error)) {
    // A gateway wraps what it was told once more.
    const inner = messageOf(error) === "" ? wireError(error, depth + 1) : null;
    return { type: inner?.type ?? typeOf(error), message: inner?.message ?? messageOf(error) };
  }
  const inside = isObject(value["detail"]) || !("detail" in value) ? innerError(value) : undefined;
  if (inside !== undefined && typeof value["message"] !== "string")
    return wireError({ error: inside }, depth + 1);
  if ("message" in value || "detail" in value || "Message" in value || "title" in value)
    return { type: typeOf(value), message: messageOf(value) };
  // The words that providers have of their own for the same two things.
  const plain = plainError(value) ?? (error === true ? value : null);
  return plain && { type: typeOf(plain), message: messageOf(plain) };
}

/** Nobody wraps an error more often. */
const DEEPEST = 4;

function typeOf(error: Json): string | null {
  for (const key of ["type", "status", "code", "__type"]) {
    const type = text(error[key]);
    if (type !== null && type !== "" && type !== "error") return type;
  }
  return null;
}

function messageOf(error: Json): string {
  for (const key of ["message", "Message", "detail", "title", "msg", "reason", "error_description"]) {
    const message = error[key];
    if (typeof message === "string") return message;
    if (message !== undefined && message !== null) return JSON.stringify(message);
  }
  return "";
}
