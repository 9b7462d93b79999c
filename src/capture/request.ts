/** A request's head: whether it can be passed on without a doubt. */
import { asksUpgrade } from "./headers.ts";
import { requestFraming, type Framing } from "./http1/body.ts";
import { parseRequestHead, tokens, type RequestHead } from "./http1/head.ts";
import { refusal, type Refusal } from "./refusal.ts";

/** `path`: of the target, whichever form it has; query included. */
export type Request = { readonly head: RequestHead; readonly framing: Framing; readonly path: string };

export type Refused = { readonly head: RequestHead | null; readonly refusal: Refusal };

/** `bytes`: a whole head, its empty line included. */
export function readRequest(bytes: Buffer): Request | Refused {
  const head = parseRequestHead(bytes);
  if (typeof head === "string") return { head: null, refusal: refusal(400, head) };
  const framing = requestFraming(head);
  if (typeof framing === "string") return { head, refusal: refusal(400, framing) };
  const path = originForm(head.target);
  if (path === null || head.method === "CONNECT") return { head, refusal: refusal(405, NOT_A_FORWARD_PROXY) };
  return { head, framing, path };
}

export function isWebSocketRequest(head: RequestHead): boolean {
  return asksUpgrade(head.headers) && tokens(head.headers, "upgrade").includes("websocket");
}

const NOT_A_FORWARD_PROXY =
  "this is not a forward proxy: point the client's base URL here instead of setting HTTP_PROXY to it";

/** The path of a request target: origin form as it is, absolute form without its authority (RFC 9112 3.2.2). */
function originForm(target: string): string | null {
  if (target.startsWith("/")) return target;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target);
  if (absolute) return absolute[1]!.startsWith("/") ? absolute[1]! : `/${absolute[1]!}`;
  return null;
}
