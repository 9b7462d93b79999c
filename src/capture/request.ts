/** What a request asks for: whether it can be passed on without a doubt, and where it goes. */
import type { Endpoints } from "./endpoints.ts";
import { asksUpgrade, namesUs } from "./headers.ts";
import { requestFraming, type Framing } from "./http1/body.ts";
import { parseRequestHead, tokens, type RequestHead } from "./http1/head.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { routeTo, splitPath, type FindUpstream, type Route, type Split, type Upstream } from "./upstreams.ts";

/** `path`: of the target, whichever form it has; query included. */
export type Request = { readonly head: RequestHead; readonly framing: Framing; readonly path: string };

export type Refused = { readonly head: RequestHead | null; readonly refusal: Refusal };

export type Routing = {
  readonly defaultUpstream: Upstream;
  readonly find: FindUpstream;
  readonly endpoints: Endpoints;
  /** True for the names under which this proxy may be reached on this machine: keys are only added there. */
  readonly isOwnHost: (host: string) => boolean;
};

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

/** A promise only for an upstream that has to be started first. It never rejects. */
export function routeOf(request: Request, routing: Routing): Route | Refusal | Promise<Route | Refusal> {
  const { head, path } = request;
  const named = head.method === "POST" ? routing.endpoints.find(path) : undefined;
  if (named) return allowed(request, named, routing);
  const split = splitPath(path);
  const found = split.name === null ? routing.defaultUpstream : routing.find(split.name);
  const routed = (upstream: Upstream | undefined) => routeBy(request, split, upstream, routing);
  return found instanceof Promise ? found.then(routed, () => routed(undefined)) : routed(found);
}

function routeBy(
  request: Request,
  split: Split,
  upstream: Upstream | undefined,
  routing: Routing,
): Route | Refusal {
  if (!upstream) {
    const name = JSON.stringify(split.name);
    return refusal(404, `no upstream is called ${name}; see \`bun run status\` for those there are`);
  }
  const route = routeTo(upstream, split);
  return typeof route === "string" ? refusal(404, route) : allowed(request, route, routing);
}

function allowed({ head }: Request, route: Route, { isOwnHost }: Routing): Route | Refusal {
  if (route.upstream.name.startsWith("mcp/") && !namesUs(head.headers, isOwnHost))
    return refusal(403, NOT_OUR_NAME);
  return route;
}

export function isRefusal(found: Route | Refusal): found is Refusal {
  return "status" in found;
}

export function isWebSocketRequest(head: RequestHead): boolean {
  return asksUpgrade(head.headers) && tokens(head.headers, "upgrade").includes("websocket");
}

const NOT_OUR_NAME =
  "the Host of this request is not a name of this machine, so a web page may be behind it, and the MCP server can no longer see that for itself; --allow-host adds a name";

const NOT_A_FORWARD_PROXY =
  "this is not a forward proxy: point the client's base URL here instead of setting HTTP_PROXY to it";

/** The path of a request target: origin form as it is, absolute form without its authority (RFC 9112 3.2.2). */
function originForm(target: string): string | null {
  if (target.startsWith("/")) return target;
  const absolute = /^https?:\/\/[^/?#]*(.*)$/i.exec(target);
  if (absolute) return absolute[1]!.startsWith("/") ? absolute[1]! : `/${absolute[1]!}`;
  return null;
}
