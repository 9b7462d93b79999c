/**
 * The old transport of MCP (HTTP+SSE, revision 2024-11-05): the first event of its stream says where the client has to
 * post. That address is the server's own and knows nothing of us: `/messages?sessionId=…` would lead the client to the
 * default upstream, and `http://server/messages` past us. So what a stream names is remembered, a post to it goes where
 * the server meant it, and of an address with the server's own origin the origin is turned into a comment.
 * https://modelcontextprotocol.io/specification/2024-11-05/basic/transports#http-with-sse
 */
import { header } from "../fact/exchange.ts";
import type { Header } from "../fact/fact.ts";
import type { Route } from "./upstreams.ts";

/** Takes the pieces of a stream's body before they leave, and may change bytes in them in place. */
export type EndpointWatch = { take(piece: Uint8Array): "looking" | "done" };

export type Endpoints = {
  /** Where a post with this path goes, when a stream has named it. */
  find(path: string): Route | undefined;
  /** Null for a response that is no such stream. `path`: how the client asked for it. */
  watch(
    request: { readonly method: string; readonly path: string },
    route: Route,
    response: { readonly status: number; readonly headers: readonly Header[] },
  ): EndpointWatch | null;
};

/** Sessions that are open now, many times over; the oldest is forgotten first. */
const MOST = 1000;
/** The event is the stream's first: some servers say a comment before it. */
const LOOKED_AT = 8 * 1024;

export function createEndpoints(): Endpoints {
  const known = new Map<string, Route>();

  function remember(path: string, route: Route): void {
    known.delete(path);
    known.set(path, route);
    const [oldest] = known.keys();
    if (known.size > MOST && oldest !== undefined) known.delete(oldest);
  }

  return {
    find: (path) => (known.size === 0 ? undefined : known.get(path)),
    watch({ method, path }, route, { status, headers }) {
      if (method !== "GET" || status !== 200 || !route.upstream.name.startsWith("mcp/")) return null;
      if (!/^text\/event-stream\b/i.test(header(headers, "content-type") ?? "")) return null;
      if (header(headers, "content-encoding")) return null;
      let text = "";
      return {
        take(piece) {
          text += Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength).toString("latin1");
          const [, field = "", address = ""] = ENDPOINT.exec(text) ?? [];
          if (address === "") return text.length > LOOKED_AT ? "done" : "looking";
          const target = URL.canParse(address, route.target) ? new URL(address, route.target) : null;
          if (!target || !isSame(target, new URL(route.target))) return "done";
          const isAbsolute = /^[a-z]+:\/\//i.test(address);
          if (isAbsolute && !comment(piece, field, address)) return "done";
          const asked = new URL(isAbsolute ? target.pathname + target.search : address, `http://us${path}`);
          remember(asked.pathname + asked.search, {
            ...route,
            path: target.pathname + target.search,
            target: target.href,
          });
          return "done";
        },
      };
    },
  };
}

const ENDPOINT = /(?:^|[\r\n])event: ?endpoint(?:\r\n|\r|\n)(data: ?)(\S+)[\r\n]/;

/** `localhost` and `127.0.0.1` are one machine: a server names itself as it likes. */
function isSame(a: URL, b: URL): boolean {
  const host = (url: URL) => url.hostname.replace(/^(?:localhost|127\.0\.0\.1|\[::1\])$/, "localhost");
  return a.protocol === b.protocol && host(a) === host(b) && a.port === b.port;
}

/**
 * `data: http://server/x` becomes a comment of the same length less, and `data: /x`: nothing else moves, whatever the
 * framing. False when the line is not whole in this piece: a part of it has left already.
 */
function comment(piece: Uint8Array, field: string, address: string): boolean {
  const origin = /^[a-z]+:\/\/[^/?#]*/i.exec(address)?.[0] ?? "";
  const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  const at = bytes.indexOf(field + address, 0, "latin1");
  // An address without a path is not one to post to; it would need another character.
  if (at < 0 || address[origin.length] !== "/") return false;
  const words = "mcp-proxy-logger".padEnd(origin.length - 2).slice(0, origin.length - 2);
  bytes.write(`:${words}\n${field}`, at, "latin1");
  return true;
}
