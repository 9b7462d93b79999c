/** The error of an exchange: what the dialect found in its answer, else what stands in the body of an HTTP error. */
import type { Exchange } from "../fact/exchange.ts";
import { isObject, text, type Json } from "./json.ts";
import type { ReadError } from "./reading.ts";

export function errorOf(exchange: Exchange, found: ReadError | null, body: unknown): ReadError | null {
  const status = exchange.response?.status ?? null;
  const failed = status !== null && status >= 400;
  if (!failed) return found;
  if (found) return { ...found, status };
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
 * `{ error: "…" }`, `{ message, type }`, `{ detail: … }`, or one of these in a list. Null when it is none.
 */
export function wireError(body: unknown): { type: string | null; message: string } | null {
  const value: unknown = Array.isArray(body) ? body[0] : body;
  if (!isObject(value)) return null;
  const error = value["error"];
  if (typeof error === "string") return { type: typeOf(value), message: text(value["message"]) ?? error };
  if (isObject(error)) return { type: typeOf(error), message: messageOf(error) };
  if ("message" in value || "detail" in value || "Message" in value || "title" in value)
    return { type: typeOf(value), message: messageOf(value) };
  return null;
}

function typeOf(error: Json): string | null {
  for (const key of ["type", "status", "code", "__type"]) {
    const type = text(error[key]);
    if (type !== null && type !== "" && type !== "error") return type;
  }
  return null;
}

function messageOf(error: Json): string {
  for (const key of ["message", "Message", "detail", "title"]) {
    const message = error[key];
    if (typeof message === "string") return message;
    if (message !== undefined && message !== null) return JSON.stringify(message);
  }
  return "";
}
