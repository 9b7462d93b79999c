/** Says what a JSON value is in JSON-RPC 2.0, by its shape alone; null when it is none of the three. */

export type Direction = "request" | "response" | "notification";

export function direction(value: unknown): Direction | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  const message = value as Record<string, unknown>;
  if (message["jsonrpc"] !== "2.0") return null;
  // An error that answers an unreadable request has the id null, or none in MCP: it is a response all the same.
  if (typeof message["method"] === "string") return "id" in message ? "request" : "notification";
  return "result" in message || "error" in message ? "response" : null;
}
