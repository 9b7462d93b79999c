/** Requests by which a client only tries what a server can do: that they fail is no fault of anybody's. */
import { header, type Exchange } from "../fact/exchange.ts";

/** Paths that clients look for and many servers do not have. */
const TRIED =
  /^\/*(|api\/(tags|version|show|ps|hello|v0\/models|v1\/models)|props|slots|health(z|check)?|metrics|version|info|favicon\.ico|robots\.txt|\.well-known\/.*|(v1\/)?models\/?|v1\/?|api\/?|v1\/model\/info|v1\/props)$/;

/** Counting before asking: few but the makers themselves can do it. */
const COUNTS = /\/(messages\/count_tokens|responses\/input_tokens|tokenize|apply-template)\/?$/;

/** What says that there is no such thing here. */
const ABSENT = new Set([400, 404, 405, 426, 501]);

export function isProbe({
  method,
  path,
  request,
  response,
}: Pick<Exchange, "method" | "path" | "request" | "response">): boolean {
  if (method === "HEAD" || method === "OPTIONS") return true;
  const isAbsent = ABSENT.has(response?.status ?? 0);
  // Codex tries a socket first and falls back to plain requests.
  if (isAbsent && header(request.headers, "upgrade")?.toLowerCase() === "websocket") return true;
  if (response?.status === 405 && isOfMcp(method, request)) return true;
  // Without the names by which this proxy knows an upstream and a run.
  const bare = (path.split("?")[0] ?? "").replace(/^https?:\/\/[^/]+/, "").replace(/^(?:\/@[^/]+)+/, "");
  if (isAbsent && response?.status !== 400 && COUNTS.test(bare)) return true;
  return method === "GET" && TRIED.test(bare);
}

/** A stream for what the server says unasked, and a goodbye: an MCP server offers them or answers 405. */
function isOfMcp(method: string, { headers }: Exchange["request"]): boolean {
  if (method === "DELETE") return header(headers, "mcp-session-id") !== undefined;
  return method === "GET" && /text\/event-stream/i.test(header(headers, "accept") ?? "");
}
