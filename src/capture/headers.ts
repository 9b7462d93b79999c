/** What happens to headers between the two sides: RFC 9110 7.6.1, the Host, and a key where the client sent none. */
import type { Header } from "../fact/fact.ts";
import { strengthOf } from "../fact/secrets/names.ts";
import { tokens } from "./http1/head.ts";
import type { Route, Upstream } from "./upstreams.ts";
import { isFromPage } from "./web-page.ts";

/** Belong to one connection. `transfer-encoding` stays: the framing is passed on byte for byte, so it stays true. */
const HOP = new Set([
  "connection",
  "keep-alive",
  "proxy-connection",
  "proxy-authorization",
  "proxy-authenticate",
  "upgrade",
  "te",
]);

/** The headers that go upstream. `upgrade`: the request asks for another protocol, which both sides must see. */
export function upstreamHeaders(
  headers: readonly Header[],
  route: Route,
  version: "1.0" | "1.1",
  addKey: boolean,
): Header[] {
  const connection = tokens(headers, "connection");
  const upgrade = asksUpgrade(headers);
  const out: Header[] = [];
  let hosted = false;
  for (const header of headers) {
    const name = header[0].toLowerCase();
    if (name === "host") {
      // A second Host would be a smuggling trick; the first one's place is kept.
      if (!hosted) out.push([header[0], hostOf(route)]);
      hosted = true;
      continue;
    }
    if (upgrade && name === "upgrade") out.push(header);
    if (name === "te" && tokens(headers, "te").includes("trailers")) out.push([header[0], "trailers"]);
    // A client that nominates these would break the message itself.
    if (HOP.has(name) || (connection.includes(name) && !UNREMOVABLE.has(name))) continue;
    const kept = withoutPageToken(header);
    if (kept) out.push(kept);
  }
  if (!hosted) out.unshift(["Host", hostOf(route)]);
  if (upgrade) out.push(["Connection", "Upgrade"]);
  else if (version === "1.0") out.push(["Connection", "close"]);
  else if (tokens(out, "te").length > 0) out.push(["Connection", "TE"]);
  if (addKey && route.upstream.key !== null) out.push(keyHeader(route.upstream, route.upstream.key));
  return out;
}

/** HTTP/2 is left out: its frames could be neither recorded nor left without an answer to what they ask. */
export function asksUpgrade(headers: readonly Header[]): boolean {
  const protocols = tokens(headers, "upgrade");
  return (
    protocols.length > 0 && !protocols.includes("h2c") && tokens(headers, "connection").includes("upgrade")
  );
}

const UNREMOVABLE = new Set([
  "host",
  "content-length",
  "transfer-encoding",
  "content-type",
  "content-encoding",
  "authorization",
]);

/** The headers that go to the client. `close`: this connection ends after the response. */
export function clientHeaders(
  headers: readonly Header[],
  connection: "close" | "keep-alive" | "upgrade" | null,
): Header[] {
  const nominated = tokens(headers, "connection");
  const out = headers.filter(([key]) => {
    const name = key.toLowerCase();
    if (connection === "upgrade" && name === "upgrade") return true;
    return !HOP.has(name) && !(nominated.includes(name) && !UNREMOVABLE.has(name));
  });
  if (connection === "close") out.push(["Connection", "close"]);
  if (connection === "keep-alive") out.push(["Connection", "keep-alive"]);
  if (connection === "upgrade") out.push(["Connection", "Upgrade"]);
  return out;
}

function hostOf({ host, port, protocol }: Route): string {
  const name = host.includes(":") ? `[${host}]` : host;
  return port === (protocol === "https:" ? 443 : 80) ? name : `${name}:${port}`;
}

function keyHeader({ keyHeader: header }: Upstream, key: string): Header {
  if (header === "bearer") return ["Authorization", `Bearer ${key}`];
  return header === "basic" ? ["Authorization", `Basic ${key}`] : [header, key];
}

/**
 * Where models' APIs take a key. A credential in any other header (`Helicone-Auth`, `X-Auth-Key`) signs in to a gateway in
 * between, which wants the API's own key beside it.
 */
const SIGN_INS = new Set([
  "authorization",
  "x-api-key",
  "api-key",
  "x-goog-api-key",
  "ocp-apim-subscription-key",
  "x-auth-token",
]);

/** Where a browser signs in to a WebSocket: `openai-insecure-api-key.KEY`, `token, KEY`. */
const SIGNED_IN_SUBPROTOCOL = /key|token|secret|bearer|authorization/i;

/**
 * A key of ours (from the environment, or from an upstream's address) may be added when the client sent no credentials
 * and no web page can be behind the request: such a page must not be able to spend it. `Host` is looked at because a
 * page can point a name of its own at this machine. `allowedOrigins`: pages of the user's own.
 */
export function mayAddKey(
  headers: readonly Header[],
  path: string,
  isOwnHost: (host: string) => boolean,
  allowedOrigins: ReadonlySet<string> = new Set(),
): boolean {
  let host = "";
  for (const [key, value] of headers) {
    const name = key.toLowerCase();
    if (SIGN_INS.has(name)) return false;
    if (name === "sec-websocket-protocol" && SIGNED_IN_SUBPROTOCOL.test(value)) return false;
    if (name === "host") host = value;
  }
  for (const [, parameter = ""] of path.matchAll(/[?&]([^?&=#]+)=/g))
    if (strengthOf(parameter.replaceAll(/%5F/gi, "_").replaceAll(/%2D/gi, "-"), "parameter") !== null)
      return false;
  return isOwnHost(host) && !isFromPage(headers, allowedOrigins);
}

/**
 * A page can point a name of its own at this machine. A server behind us has to refuse such a request by its `Host`, as
 * MCP demands and Ollama does; it cannot, since the `Host` that it gets is the one we give.
 */
export function namesUs(headers: readonly Header[], isOwnHost: (host: string) => boolean): boolean {
  // Every browser sends one: without it no page is behind the request.
  const hosts = headers.filter(([key]) => key.toLowerCase() === "host");
  return hosts.every(([, host]) => isOwnHost(host));
}

/**
 * Any page's name has a dot in it, but one of the local network, which only that network's own names can lead here:
 * `http://logger:8000` of a container. Such a name gets no key and no MCP server.
 */
export function isLocalName(host: string): boolean {
  return /^[a-z\d](?:[\w-]{0,62})(?::\d{1,5})?$/i.test(host);
}

/** Cookies know no ports: a browser that has opened the page sends its token here too, and it is no upstream's. */
function withoutPageToken([name, value]: Header): Header | null {
  if (name.toLowerCase() !== "cookie" || !value.includes(PAGE_COOKIE)) return [name, value];
  const pairs = value.split(";").filter((pair) => !pair.trim().startsWith(PAGE_COOKIE));
  return pairs.length === 0 ? null : [name, pairs.join(";").trim()];
}

/** What the names of the page's own cookies begin with. */
const PAGE_COOKIE = "mcp-proxy-logger-";
