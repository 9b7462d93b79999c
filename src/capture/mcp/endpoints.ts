/**
 * The old transport of MCP (HTTP+SSE, revision 2024-11-05): the first event of its stream says where the client has to
 * post. That address is the server's own and knows nothing of us: `/messages?sessionId=…` would lead the client to the
 * default upstream, and `http://server/messages` past us. So what a stream names is remembered while the stream lives,
 * and a message that is posted there goes where the server meant it; of an address with the server's own origin the
 * origin is turned into a comment.
 *
 * A stream says what it likes, and the path it names may be one that another client uses for something else. So it is
 * asked for only where a path means nothing else, only for JSON-RPC, and what is posted takes no credential along that
 * the stream itself was not asked for with.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
import { header } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import { CodedStart } from "./coded-start.ts";
import { EndpointReader, withoutOrigin } from "./endpoint-event.ts";
import { isSameServer } from "./location.ts";
import type { Route } from "../upstreams.ts";

/** Takes the pieces of a stream's body before they leave, and may change bytes in them in place. */
export type EndpointWatch = { take(piece: Uint8Array): "looking" | "done" };

/** A request that was answered. `path`: how the client asked; `hasKey`: one of ours went with it. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
  readonly hasKey: boolean;
  isAlive(): boolean;
};

export type Endpoints = {
  /** Where a post with this path goes, when a stream that still lives has named it. */
  find(path: string): Route | undefined;
  /** Null for a response that is no such stream. */
  watch(
    asked: Asked,
    route: Route,
    response: { readonly status: number; readonly headers: readonly Header[] },
  ): EndpointWatch | null;
};

type Named = { readonly route: Route; readonly isAlive: () => boolean };

/** Sessions that are open now, many times over; the oldest is forgotten first. */
const MOST_SESSIONS = 1000;
/** Streams that live and name one path: more of them than the sessions that a client has open. */
const MOST_STREAMS = 16;

export function createEndpoints(): Endpoints {
  const known = new Map<string, readonly Named[]>();
  /** Addresses that take messages themselves: Streamable HTTP, whose streams name no endpoint. */
  const streamable = new Set<string>();

  function find(path: string): Route | undefined {
    if (!known.has(path)) return undefined;
    const named = living(path);
    // Named by two servers, it would be a guess which is meant: then it is nobody's.
    const servers = new Set(named.map(({ route }) => route.upstream.name));
    return servers.size === 1 ? named[0]?.route : undefined;
  }

  function living(path: string): Named[] {
    const all = known.get(path);
    if (!all) return [];
    const left = all.filter(({ isAlive }) => isAlive());
    if (left.length === 0) known.delete(path);
    else known.set(path, left);
    return left;
  }

  function remember(path: string, named: Named): void {
    known.set(path, [...living(path), named].slice(0, MOST_STREAMS));
    forgetOldest(known, MOST_SESSIONS);
  }

  return {
    find,
    watch(asked, route, { status, headers }) {
      if (!route.upstream.name.startsWith("mcp/") || status < 200 || status > 299) return null;
      const place = route.target.split("?", 1)[0]!;
      if (asked.method === "POST" && !route.posted) {
        streamable.add(place);
        forgetOldest(streamable, MOST_SESSIONS);
      }
      const isStream = /^text\/event-stream\b/i.test(header(headers, "content-type") ?? "");
      if (asked.method !== "GET" || !isStream) return null;
      const isSession = [asked.headers, headers].some((some) => header(some, "mcp-session-id") !== undefined);
      if (isSession || streamable.has(place)) return null;
      const coding = header(headers, "content-encoding")?.trim().toLowerCase() ?? "identity";
      const reader = new EndpointReader();
      const coded = coding === "identity" ? null : new CodedStart(coding);
      return {
        take(piece) {
          const start = reader.read;
          const text = coded ? coded.take(piece) : piece;
          if (text === null) return "done";
          const line = reader.take(text);
          if (line === "looking") return "looking";
          const target =
            line && URL.canParse(line.address, route.target) ? new URL(line.address, route.target) : null;
          if (!line || !target || !isSameServer(target, new URL(route.target))) return "done";
          const hasOrigin = /^(?:[a-z][a-z0-9+.-]*:)?\/\//i.test(line.address);
          // In a coding nothing can be changed: the client then posts past us, where the server meant it.
          const address = !hasOrigin ? line.address : coded ? null : withoutOrigin(piece, start, line);
          if (address === null) return "done";
          const named = { route: postRoute(asked, route, target), isAlive: asked.isAlive };
          for (const path of pathsOf(address, asked.path)) remember(path, named);
          return "done";
        },
      };
    },
  };
}

/** What a client makes of the address, given where it asked: most write it anew, some join texts. */
function pathsOf(address: string, asked: string): Set<string> {
  const url = URL.canParse(address, `http://us${asked}`) ? new URL(address, `http://us${asked}`) : null;
  if (url?.host !== "us") return new Set();
  const raw = address.startsWith("/") ? [address.replace(/#.*/s, "")] : [];
  return new Set([url.pathname + url.search, ...raw]);
}

function postRoute({ headers, hasKey }: Asked, route: Route, target: URL): Route {
  return {
    ...route,
    upstream: hasKey ? route.upstream : { ...route.upstream, key: null },
    path: target.pathname + target.search,
    target: route.target.replace(/^(https?:\/\/[^/]*).*$/s, `$1${target.pathname}${target.search}`),
    posted: { credentials: headers.filter(([name]) => isCredential(name)) },
  };
}

/** The request's headers, less the credentials that the stream was not asked for with. */
export function carriedHeaders(headers: readonly Header[], { posted }: Route): readonly Header[] {
  if (!posted) return headers;
  const carried = new Set(posted.credentials.map(lineOf));
  return headers.filter((one) => !isCredential(one[0]) || carried.has(lineOf(one)));
}

/** More than any catalogue of names: a header that is no credential after all is missed by nobody here. */
function isCredential(name: string): boolean {
  return /auth|token|key|secret|cookie|credential|signature|password/i.test(name);
}

function lineOf([name, value]: Header): string {
  return `${name.toLowerCase()}:${value}`;
}

function forgetOldest(some: Map<string, unknown> | Set<string>, most: number): void {
  const [oldest] = some.keys();
  if (some.size > most && oldest !== undefined) some.delete(oldest);
}
