/** Heads of HTTP/1.1 messages (RFC 9112): read strictly, written as they came. Names keep their case and order. */
import type { Header } from "../../fact/fact.ts";

export type RequestHead = {
  method: string;
  /** As the client sent it: never decoded, never normalised. */
  target: string;
  version: "1.0" | "1.1";
  headers: Header[];
};

export type ResponseHead = { version: "1.0" | "1.1"; status: number; reason: string; headers: Header[] };

/** A head larger than this is refused with 431: nobody's headers are, and the buffer must have a limit. */
export const LARGEST_HEAD = 256 * 1024;

const END = Buffer.from("\r\n\r\n");
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// Control characters would let a header end early somewhere else; a tab is allowed.
// oxlint-disable-next-line no-control-regex
const FORBIDDEN = /[\0-\x08\x0a-\x1f\x7f]/;

/** Where the head ends (the index after its blank line), or -1 when it is not complete. */
export function headEnd(bytes: Buffer): number {
  const at = bytes.indexOf(END);
  return at < 0 ? -1 : at + 4;
}

/** Null and a sentence when it is not a request that can be passed on without a doubt about its borders. */
export function parseRequestHead(bytes: Buffer): RequestHead | string {
  const lines = bytes.toString("latin1", 0, bytes.byteLength - 4).split("\r\n");
  const match = /^([^ ]+) ([^ ]+) HTTP\/(1\.[01])$/.exec(lines[0]!);
  if (!match || !TOKEN.test(match[1]!) || FORBIDDEN.test(match[2]!))
    return "the request line is not HTTP/1.1";
  const headers = parseHeaders(lines);
  if (typeof headers === "string") return headers;
  // RFC 9112 3.2: with two of them nobody knows who is meant.
  if (headers.filter(([name]) => isCalled(name, "host")).length > 1)
    return "the request has two Host headers";
  return { method: match[1]!, target: match[2]!, version: match[3] as "1.0" | "1.1", headers };
}

export function parseResponseHead(bytes: Buffer): ResponseHead | string {
  const lines = bytes.toString("latin1", 0, bytes.byteLength - 4).split("\r\n");
  const match = /^HTTP\/(1\.[01]) (\d{3})(?: (.*))?$/.exec(lines[0]!);
  if (!match) return `the status line is not HTTP/1.1: ${JSON.stringify(lines[0]!.slice(0, 80))}`;
  const headers = parseHeaders(lines);
  if (typeof headers === "string") return headers;
  return { version: match[1] as "1.0" | "1.1", status: Number(match[2]), reason: match[3] ?? "", headers };
}

function parseHeaders(lines: readonly string[]): Header[] | string {
  const headers: Header[] = [];
  for (let n = 1; n < lines.length; n++) {
    const line = lines[n]!;
    const colon = line.indexOf(":");
    const name = line.slice(0, colon);
    // A line that starts with white space is obs-fold, which RFC 9112 5.2 lets us refuse: it splits heads.
    if (colon <= 0 || !TOKEN.test(name))
      // Not the line itself: a key may stand in it.
      return `line ${n + 1} of the head is not "name: value"`;
    const value = withoutSpace(line.slice(colon + 1));
    if (FORBIDDEN.test(value)) return `the header ${name} holds a control character`;
    headers.push([name, value]);
  }
  return headers;
}

/** RFC 9110 5.5: spaces and tabs around a value are none of it. By hand: an expression takes the square of many. */
export function withoutSpace(text: string): string {
  let from = 0;
  let to = text.length;
  while (from < to && isSpace(text.charCodeAt(from))) from++;
  while (to > from && isSpace(text.charCodeAt(to - 1))) to--;
  return text.slice(from, to);
}

function isSpace(code: number): boolean {
  return code === 32 || code === 9;
}

export function requestHeadBytes(head: RequestHead): Buffer {
  return headBytes(`${head.method} ${head.target} HTTP/${head.version}\r\n`, head.headers);
}

export function responseHeadBytes(head: ResponseHead): Buffer {
  return headBytes(`HTTP/1.1 ${head.status} ${head.reason}\r\n`, head.headers);
}

function headBytes(first: string, headers: readonly Header[]): Buffer {
  let text = first;
  for (const [name, value] of headers) text += `${name}: ${value}\r\n`;
  return Buffer.from(text + "\r\n", "latin1");
}

/** All values of a header as one list, split at commas, lower-cased: for `connection`, `transfer-encoding`, … */
export function tokens(headers: readonly Header[], name: string): string[] {
  const found: string[] = [];
  for (const [key, value] of headers) {
    if (!isCalled(key, name)) continue;
    const words = value.includes(",") ? value.split(",") : [value];
    for (const word of words) {
      const token = word.trim();
      if (token !== "") found.push(token.toLowerCase());
    }
  }
  return found;
}

/** Whether a header has this name, which is in small letters. Most differ in their length. */
export function isCalled(key: string, name: string): boolean {
  return key.length === name.length && (key === name || key.toLowerCase() === name);
}

/** RFC 9112 9.3: whether the connection stays open behind this message. */
export function keepsOpen({ version, headers }: RequestHead | ResponseHead): boolean {
  const connection = tokens(headers, "connection");
  return version === "1.1" ? !connection.includes("close") : connection.includes("keep-alive");
}

export const BARE_LF = "its lines end with LF where HTTP has CR LF";

/** What these first bytes of an answer are, that are no status line; null while they still may become one. */
export function notHttp1(bytes: Buffer): string | null {
  if ("HTTP/1.".startsWith(bytes.toString("latin1", 0, 7))) return null;
  // A server's HTTP/2 starts with a SETTINGS frame (RFC 9113 3.4): three bytes of length, then its type.
  if (bytes[0] === 0 && bytes[3] === 4)
    return "it speaks HTTP/2, and did not say so when the connection was opened";
  return `the status line is not HTTP/1.1: ${JSON.stringify(bytes.toString("latin1", 0, 80))}`;
}
