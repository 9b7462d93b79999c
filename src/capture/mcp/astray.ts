/**
 * MCP that names no relay. A path without `/@name` goes to a model's API, by default a third party's, which must never
 * see a session, a sign-in or a message of an MCP client that was given the wrong address, or that asks at the root as
 * the protocol's discovery does when nothing else helped.
 */
import { header } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import type { RequestHead } from "../http1/head.ts";
import { refusal, type Refusal } from "../refusal.ts";

/** Whether its path or its headers alone say that it is MCP; of a body see `McpLook`. */
export function isMcpByHead(
  { method, headers }: Pick<RequestHead, "method" | "headers">,
  path: string,
): boolean {
  // A body for a model's API says what it is, whatever else the client says.
  const isForModel = method === "POST" && isOfModels(path);
  if (!isForModel && headers.some(([name]) => /^mcp-/i.test(name))) return true;
  const [, place = "", query = ""] = /^([^?#]*)\??(.*)$/s.exec(path) ?? [];
  if (/^\/(?:mcp|sse)(?:\/|$)/i.test(place)) return true;
  // RFC 9728, RFC 8414, and the older discovery that clients fall back to.
  if (/^\/\.well-known\/(?:oauth-|openid-configuration(?:\/|$))/i.test(place)) return true;
  if (/^\/messages?\/?$/i.test(place)) return method !== "POST" || /(?:^|&)session_?id=/i.test(query);
  // Revision 2025-03-26, authorization, "fallbacks for servers without metadata discovery".
  if (place === "/authorize") return /(?:^|&)response_type=/.test(query);
  if (place === "/register") return method === "POST" && isJson(headers);
  if (place === "/token")
    return method === "POST" && /urlencoded/i.test(header(headers, "content-type") ?? "");
  return place === "/" && method === "GET" && /event-stream/i.test(header(headers, "accept") ?? "");
}

/** Whether a POST may be MCP by its type, so that its first bytes have to be seen before it leaves. */
export function mayBeMcp(headers: readonly Header[]): boolean {
  return isJson(headers) || /^text\/plain|urlencoded/i.test(header(headers, "content-type") ?? "");
}

/** Every POST of Streamable HTTP must accept both (2025-11-25, transports, "sending messages"); few others do. */
export function acceptsAsMcp(headers: readonly Header[]): boolean {
  const accept = header(headers, "accept") ?? "";
  return accept.includes("application/json") && accept.includes("text/event-stream");
}

/** Whether a path is one that models' APIs have, which no stream of an MCP server can mean. */
export function isOfModels(path: string): boolean {
  return /\/v\d|\/(?:chat|completions?|responses|embed|embeddings|generate|models|realtime)(?:[/?:]|$)/i.test(
    path,
  );
}

/** `relays`: names of MCP servers, as in `mcp/weather`. */
export function namesNoRelay(relays: readonly string[]): Refusal {
  const [first] = relays;
  const known =
    first === undefined
      ? "there is none yet; `--mcp NAME=URL` adds one, at /@mcp/NAME"
      : `this proxy has ${relays.slice(0, MOST_NAMED).map(addressOf).join(", ")}`;
  return refusal(404, `this is MCP, and its address names no MCP server: ${known}. It was sent to nobody`);
}

/** `name`: what stands behind the `@`. */
export function noSuchUpstream(name: string, relays: readonly string[]): Refusal {
  const others = name.startsWith("mcp/") && relays.length > 0;
  const known = others
    ? `MCP servers are at ${relays.slice(0, MOST_NAMED).map(addressOf).join(", ")}`
    : "see `bun run status` for those there are";
  return refusal(404, `no upstream is called ${JSON.stringify(name)}; ${known}`);
}

/** A sentence, not a list. */
const MOST_NAMED = 20;

function addressOf(name: string): string {
  return `/@${name}`;
}

function isJson(headers: readonly Header[]): boolean {
  return /json/i.test(header(headers, "content-type") ?? "");
}
