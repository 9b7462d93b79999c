/** A request's head: whether it can be passed on without a doubt. */
import type { Header } from "../fact/fact.ts";
import { HeadFacts } from "./head-facts.ts";
import { requestFraming, type Framing } from "./http1/body.ts";
import { parseRequestHead, type RequestHead } from "./http1/head.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** `path`: of the target, whichever form it has; query included. `token`: what was said to the proxy itself. */
export type Request = {
  readonly head: RequestHead;
  readonly framing: Framing;
  readonly path: string;
  readonly token: string | null;
  /** Shared by requests whose heads differ in the length of their bodies alone. */
  readonly facts: HeadFacts;
};

export type Refused = { readonly head: RequestHead | null; readonly refusal: Refusal };

/** `bytes`: a whole head, its empty line included. */
export function readRequest(bytes: Buffer): Request | Refused {
  const whole = parseRequestHead(bytes);
  if (typeof whole === "string") return { head: null, refusal: refusal(400, whole) };
  const { head, token } = withoutToken(whole);
  const framing = requestFraming(head);
  if (typeof framing === "string") return { head, refusal: refusal(400, framing) };
  const path = originForm(head.target);
  if (path === null || head.method === "CONNECT") return { head, refusal: refusal(405, NOT_A_FORWARD_PROXY) };
  const named = namedByTarget(head);
  return { head: named, framing, path, token, facts: new HeadFacts(named, path) };
}

/** `/@token:TOKEN/…` and the header for proxies are said to us alone: neither is passed on, and the path is not recorded with it. */
function withoutToken(head: RequestHead): { head: RequestHead; token: string | null } {
  const inPath = head.target.includes("/@") ? IN_PATH.exec(head.target) : null;
  const header = head.headers.find(([name]) => isForUs(name));
  // Nearly all say none.
  if (inPath === null && header === undefined) return { head, token: null };
  const [, before = "", said, rest = ""] = inPath ?? [];
  const target = said === undefined ? head.target : before + (rest.startsWith("/") ? rest : `/${rest}`);
  const token = said === undefined ? (header ? tokenIn(header[1]) : null) : decoded(said);
  const headers = head.headers.filter(([name]) => name.toLowerCase() !== "x-proxy-token");
  return { head: { ...head, target, headers }, token };
}

function isForUs(name: string): boolean {
  const { length } = name;
  return (length === 19 || length === 13) && FOR_US.test(name);
}

const FOR_US = /^(?:proxy-authorization|x-proxy-token)$/i;
const IN_PATH = /^(https?:\/\/[^/?#]*)?\/@token:([^/?#]*)(.*)$/is;

/** RFC 7617, RFC 6750: `Basic` says a name and a password, of which the password is meant. */
function tokenIn(value: string): string {
  const [, scheme = "", rest = value] = /^(Bearer|Basic) +(.*)$/i.exec(value) ?? [];
  if (scheme.toLowerCase() !== "basic") return rest;
  return Buffer.from(rest, "base64")
    .toString()
    .replace(/^[^:]*:/, "");
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // it was not encoded
  }
}

const NOT_A_FORWARD_PROXY =
  "this is not a forward proxy: point the client's base URL here instead of setting HTTP_PROXY to it";

/** An absolute target says to whom the request goes, whatever `Host` says (RFC 9112 3.2.2); a password in it is no part of a name. */
function namedByTarget(head: RequestHead): RequestHead {
  const { target, headers } = head;
  const authority = target.startsWith("/")
    ? undefined
    : /^https?:\/\/(?:[^/?#]*@)?([^/?#@]*)/i.exec(target)?.[1];
  if (authority === undefined) return head;
  const isHost = ([name]: Header) => name.toLowerCase() === "host";
  const named = headers.map((one): Header => (isHost(one) ? [one[0], authority] : one));
  return { ...head, headers: headers.some(isHost) ? named : [["Host", authority], ...headers] };
}

/** The path of a request target: origin form as it is, absolute form without its authority (RFC 9112 3.2.2). */
function originForm(target: string): string | null {
  if (target.startsWith("/")) return target;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target);
  if (absolute) return absolute[1]!.startsWith("/") ? absolute[1]! : `/${absolute[1]!}`;
  return null;
}
