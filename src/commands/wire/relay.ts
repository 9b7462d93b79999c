/** A server over HTTP behind the proxy: its address becomes `…/@mcp/NAME`; what the address holds of keys stays in it. */
import { nameFor, type WiredServers } from "../../config/wired-servers.ts";

/** What is asked at an address, and what a host's settings keep of it. */
type Parts = { readonly place: string; readonly query: string; readonly user: string; readonly hash: string };

/** `https://me:word@host/mcp?key=1` → `http://me:word@localhost:8000/@mcp/name?key=1`, and where the proxy asks then. */
export function relayed(
  server: string,
  url: string,
  proxy: string,
  known: WiredServers,
): { url: string; name: string; place: string } {
  const { place, query, user, hash } = partsOf(url);
  const name = nameFor(server, place, known);
  const at = new URL(proxy);
  return { url: `${at.protocol}//${user}${at.host}/@mcp/${name}${query}${hash}`, name, place };
}

/** The name in an address of ours; null for any other. */
export function relayName(url: string): string | null {
  if (!URL.canParse(url)) return null;
  const { hostname, pathname } = new URL(url);
  if (!/^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname)) return null;
  return /^\/@mcp\/([^/]+)$/.exec(pathname)?.[1] ?? null;
}

/** The server's own address again; null where nobody knows it any more. */
export function unrelayed(url: string, known: WiredServers): string | null {
  const place = known[relayName(url) ?? ""];
  if (place === undefined) return null;
  const { query, user, hash } = partsOf(url);
  const scheme = place.slice(0, place.indexOf("//") + 2);
  return scheme + user + place.slice(scheme.length) + query + hash;
}

/** As it is written: `URL` would add a slash, or write a name in another way. */
function partsOf(url: string): Parts {
  const [, scheme = "", user = "", rest = "", query = "", hash = ""] =
    /^(https?:\/\/)([^/?#@]*@)?([^?#]*)(\?[^#]*)?(#.*)?$/is.exec(url) ?? [];
  return { place: scheme + rest, query, user, hash };
}
