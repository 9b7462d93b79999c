/**
 * The error that comes inside a stream, in the forms that servers use: `{ error }`, an event named `error` with JSON,
 * with words or with nothing, `{ code, message }`, `{ detail }`, MiniMax's `base_resp`, Baidu's `error_msg`, and what
 * AWS names an exception.
 */
import type { StreamEvent } from "../dialect.ts";
import { isObject, number, object, text, without, type Json } from "../json.ts";

/** `error` is the wire's own value, `beside` what stands next to it (the request's id). */
export type StreamError = { error: unknown; beside: Json };

/** `own`: the dialect has taken the event as one of its own, so that only what is called an error is one. */
export function errorIn(
  event: Pick<StreamEvent, "name" | "data" | "json">,
  own: boolean,
): StreamError | null {
  const { name, data, json } = event;
  const named = name !== null && isNamedError(name);
  if (!isObject(json)) {
    if (!named && !(json === undefined && WORDS.test(data.slice(0, 200)))) return null;
    const words = typeof json === "string" ? json : data.trim();
    return { error: words === "" ? { type: name } : words.replace(/^\[error\]:?\s*/i, ""), beside: {} };
  }
  const said = json["error"];
  const isSaid = isObject(said) ? Object.keys(said).length > 0 : typeof said === "string" && said !== "";
  if (isSaid) return { error: said, beside: besides(json) };
  if (own && !named) return said === true ? { error: without(json, "error"), beside: {} } : null;
  // `false`, `null` and `{}` are what a server writes when there is none.
  if (said === true) return { error: without(json, "error"), beside: {} };
  // AWS says in the event's name what happened.
  if (named && /exception$/i.test(name)) return { error: { type: name, ...json }, beside: {} };
  if (named || isTyped(json)) return { error: unnamed(json), beside: besides(json) };
  const inside = innerError(json);
  if (inside !== undefined && !hasWords(json)) return { error: inside, beside: besides(json) };
  return hasWords(json) ? { error: plain(json), beside: besides(json) } : null;
}

export function isNamedError(name: string): boolean {
  // Nearly no event has such a name, and each of a stream is asked.
  const last = name.charCodeAt(name.length - 1) | 32;
  return (
    (last === LETTER_R || last === LETTER_N || last === 32) && /(^|[._-])error$|exception$/i.test(name.trim())
  );
}

/** Words in the place of an event, by which gateways say that it is over. */
const WORDS =
  /^\s*(\[error\]|error\b|exception\b|internal server error|bad gateway|upstream (connect )?error|traceback \()/i;

const LETTER_N = 0x6e;
const LETTER_R = 0x72;

function isTyped(json: Json): boolean {
  return [json["type"], json["object"], json["event"], json["event_type"]].some(
    (type) => typeof type === "string" && /(^|\.)(error|exception)$/i.test(type),
  );
}

/** The error one level further in: Cloudflare's `errors`, Apigee's `fault`, a `detail` that is no text. */
export function innerError(json: Json): unknown {
  for (const key of ["data", "errors", "fault", "detail"]) {
    const value = firstOf(json[key]);
    const said = object(value)["error"];
    if (key !== "data" && (isObject(said) || (typeof said === "string" && said !== ""))) return said;
    if (hasWords(value)) return plain(object(value));
    if (key === "errors" && typeof value === "string" && value !== "") return value;
  }
  return undefined;
}

/** Without what only names the event. */
function unnamed(json: Json): Json {
  const isEvent = /\./.test(text(json["type"]) ?? "");
  return without(json, "object", "event_type", ...(isEvent ? ["type"] : []));
}

/** Words of a failure beside a code, a status or a type; `detail` and its kin alone say enough. */
function hasWords(value: unknown): boolean {
  const json = object(value);
  if (number(object(json["base_resp"])["status_code"])) return true;
  if ("error_msg" in json || "error_message" in json || "error_code" in json || "errorMessage" in json)
    return true;
  if (typeof json["faultstring"] === "string") return true;
  // Cohere and AWS say nothing but the words.
  const keys = Object.keys(json);
  if (
    keys.length > 0 &&
    keys.every((key) => BARE.has(key)) &&
    keys.some((key) => /^(message|err)$/i.test(key))
  )
    return true;
  if (typeof json["detail"] === "string" || Array.isArray(json["detail"])) return true;
  const words = text(json["message"]) ?? text(json["Message"]) ?? text(json["msg"]) ?? text(json["title"]);
  const kind = ["code", "status", "statusCode", "status_code", "__type", "type", "success", "errorCode"];
  return words !== null && kind.some((key) => key in json && json[key] !== true && json[key] !== 200);
}

const BARE = new Set(["message", "Message", "err", "id", "request_id", "requestId"]);

/** The same under the common names; null when it is no error. */
export function plainError(json: Json): Json | null {
  return hasWords(json) ? plain(json) : null;
}

/** The provider's own names for message and code, beside the common ones that everybody reads. */
function plain(json: Json): Json {
  const base = object(json["base_resp"]);
  const message =
    json["error_msg"] ??
    json["error_message"] ??
    json["errorMessage"] ??
    json["msg"] ??
    json["err"] ??
    json["faultstring"] ??
    base["status_msg"];
  const code =
    json["error_code"] ??
    json["errorCode"] ??
    base["status_code"] ??
    object(json["faultstring"] && json["detail"])["errorcode"];
  return {
    ...json,
    ...(message !== undefined && json["message"] === undefined && { message }),
    ...(code !== undefined && json["code"] === undefined && { code }),
  };
}

function firstOf(value: unknown): unknown {
  return Array.isArray(value) ? (value as unknown[])[0] : value;
}

function besides(json: Json): Json {
  const { request_id, requestId } = json;
  return { ...(request_id !== undefined && { request_id }), ...(requestId !== undefined && { requestId }) };
}
