/** Where a request goes: to whom its path means, to whom a stream that lives has named it, or to nobody. */
import { acceptsAsMcp, isOfModels, mayBeMcp, namesNoRelay, noSuchUpstream } from "./mcp/astray.ts";
import type { Endpoints } from "./mcp/endpoints.ts";
import { isThisMachine } from "../door/sender.ts";
import { NOT_OUR_NAME, notForStrangers, type Admitted } from "./admission.ts";
import { framingAgain } from "./http1/body.ts";
import { HeldBody } from "./mcp/held-body.ts";
import type { Body } from "./mcp/mcp-look.ts";
import { refusal, type Refusal } from "./refusal.ts";
import { routeTo, type FindUpstream, type Route, type Split, type Upstream } from "./upstreams.ts";

export type Routing = {
  readonly defaultUpstream: Upstream;
  readonly find: FindUpstream;
  /** The names of the MCP servers, as in `mcp/weather`. */
  readonly relays: readonly string[];
  readonly endpoints: Endpoints;
};

export type Found = Route | Refusal;

/** For an upstream that has to be started first; or for a body, which is given what comes until it is known. */
export type Waiting = { readonly found: Promise<Found>; readonly held: HeldBody | null };

/** `rest`: what has come of the body. What is waited for never rejects. */
export function routeOf(request: Admitted, rest: Buffer, routing: Routing): Found | Waiting {
  const { head, path, facts } = request;
  const { split } = facts;
  const named = head.method === "POST" ? routing.endpoints.find(path) : undefined;
  const upstream = split.name === null ? undefined : routing.find(split.name);
  if (upstream instanceof Promise) {
    const routed = (found: Upstream | undefined) => routeBy(request, split, found, routing);
    return { found: upstream.then(routed, () => routed(undefined)), held: null };
  }
  if (upstream) {
    // A server may mean another place by a path of its own relay; whatever is posted there is meant for that server.
    const isOwn = named?.upstream.name === upstream.name;
    const own = isOwn && { ...named, upstream, posted: { credentials: head.headers } };
    return own ? allowed(request, own) : routeBy(request, split, upstream, routing);
  }
  const usual = () =>
    routeBy(request, split, split.name === null ? routing.defaultUpstream : undefined, routing);
  const isMcp = split.name === null && facts.isMcp;
  if (!named && isMcp) return namesNoRelay(routing.relays);
  if (head.method !== "POST" || (!named && split.name !== null)) return usual();
  const decide = (body: Body): Found => {
    const isMessage = body === "mcp" || body === "json-rpc" || (body === "empty" && !isOfModels(split.rest));
    if (named && isMessage) return allowed(request, named);
    return split.name === null && (isMcp || body === "mcp") ? namesNoRelay(routing.relays) : usual();
  };
  const held = new HeldBody(framingAgain(request.framing));
  const body = held.take(rest);
  if (body) return decide(body);
  if (named || acceptsAsMcp(head.headers))
    return { found: held.wait("until it is known").then(decide), held };
  return mayBeMcp(head.headers) ? { found: held.wait("a moment").then(decide), held } : decide("other");
}

function routeBy(request: Admitted, split: Split, upstream: Upstream | undefined, routing: Routing): Found {
  if (!upstream) return noSuchUpstream(split.name ?? "", routing.relays);
  const { facts } = request;
  if (facts.routed?.upstream !== upstream) {
    const route = routeTo(upstream, split);
    const found = typeof route === "string" ? refusal(404, route) : allowed(request, route);
    facts.routed = { upstream, found };
  }
  return facts.routed.found;
}

/** What only this machine's own clients may ask for, and what no web page may. */
function allowed(request: Admitted, route: Route): Found {
  const isMcp = route.upstream.name.startsWith("mcp/");
  if (!request.isTrusted && (isMcp || isThisMachine(route.host)))
    return notForStrangers(isMcp ? "an MCP server" : "a server of this machine");
  if (isMcp && !request.namesUs) return refusal(403, NOT_OUR_NAME);
  const hasQuery = route.upstream.url?.includes("?") ?? false;
  if (hasQuery && request.isFromPage) return refusal(403, FROM_PAGE);
  return request.isTrusted ? route : { ...route, elsewhere: true };
}

export function isRefusal(found: Found): found is Refusal {
  return "status" in found;
}

const FROM_PAGE =
  "a web page asks for a server whose address holds a key, which is not spent for pages; --allow-origin names one of your own";
