/** Requests by which a client only tries what a server can do: that they fail is no fault of anybody's. */
import type { Exchange } from "../fact/exchange.ts";

/** Paths that clients look for and many servers do not have. */
const TRIED =
  /^\/*(|api\/(tags|version|show|ps|hello|v0\/models|v1\/models)|props|slots|health(z|check)?|metrics|version|info|favicon\.ico|robots\.txt|\.well-known\/.*|(v1\/)?models\/?|v1\/?|api\/?|v1\/model\/info|v1\/props)$/;

export function isProbe({ method, path }: Pick<Exchange, "method" | "path">): boolean {
  if (method === "HEAD" || method === "OPTIONS") return true;
  const bare = (path.split("?")[0] ?? "").replace(/^https?:\/\/[^/]+/, "");
  return method === "GET" && TRIED.test(bare);
}
