/**
 * A redirect to where the client already is comes back through the proxy. What an upstream calls `/mcp/` is another
 * place for a client that asked for `/@mcp/name`: the default upstream's, which would get the request with its key.
 */
import type { Header } from "../../fact/fact.ts";
import { routeTo, type Route } from "../upstreams.ts";

/** The headers of a response with a `Location` that leads through the proxy. `path`: how the client asked. */
export function redirectedThroughUs(
  headers: readonly Header[],
  status: number,
  path: string,
  route: Route,
): readonly Header[] {
  if (status < 300 || status > 399) return headers;
  const isMcp = route.upstream.name.startsWith("mcp/");
  const [, run = "", name] = /^(\/@run:[\w.-]{1,64}(?=[/?]|$))?(\/@[^/?]+)?/.exec(path) ?? [];
  if (!isMcp && name === undefined) return headers;
  const prefix = run + (isMcp ? `/@${route.upstream.name}` : name);
  return headers.map((header) => {
    if (header[0].toLowerCase() !== "location") return header;
    const place = placeThroughUs(header[1], prefix, route, isMcp ? "any form" : "relative");
    return place === null ? header : [header[0], place];
  });
}

/** Null for an address that stays as it is. A model's API that writes its own address out means it. */
function placeThroughUs(
  location: string,
  prefix: string,
  route: Route,
  forms: "any form" | "relative",
): string | null {
  const isWrittenOut = /^(?:[a-z][a-z0-9+.-]*:|[/\\]{2})/i.test(location);
  if (isWrittenOut && forms === "relative") return null;
  if (!URL.canParse(location, route.target)) return null;
  const target = new URL(location, route.target);
  if (!isSameServer(target, new URL(route.target)) || target.username !== "") return null;
  return prefix + restOf(target, route) + target.hash;
}

/** What to ask of this upstream to be led to `target`; `/@/…` begins at the server's root. */
function restOf(target: URL, { upstream }: Route): string {
  if (upstream.url === null) return target.pathname + target.search;
  const base = new URL(upstream.url);
  const start = base.pathname.replace(/\/$/, "");
  const isBelow = target.pathname === start || target.pathname.startsWith(`${start}/`);
  const rest = isBelow ? target.pathname.slice(start.length) : `/@${target.pathname}`;
  const route = routeTo(upstream, { resource: null, rest });
  const leadsThere = typeof route === "object" && route.path.split("?", 1)[0] === target.pathname;
  return (leadsThere ? rest : `/@${target.pathname}`) + withoutOwn(target.search, base.search);
}

/** The query of the server's own address goes with each request: it is ours to add, and often a key. */
function withoutOwn(query: string, own: string): string {
  if (own === "") return query;
  const ours = new Set(own.slice(1).split("&"));
  const left = query
    .slice(1)
    .split("&")
    .filter((pair) => pair !== "" && !ours.has(pair));
  return left.length === 0 ? "" : `?${left.join("&")}`;
}

/** `localhost` and `127.0.0.1` are one machine: a server names itself as it likes. */
export function isSameServer(a: URL, b: URL): boolean {
  const host = (url: URL) => url.hostname.replace(/^(?:localhost|127\.0\.0\.1|\[::1\])$/, "localhost");
  return a.protocol === b.protocol && host(a) === host(b) && a.port === b.port;
}
