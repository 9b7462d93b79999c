/** What the numbers of JSON-RPC errors mean, by era. https://modelcontextprotocol.io/specification/2026-07-28/basic#error-codes */
import type { Era } from "./reading.ts";

const common: Record<number, string> = {
  [-32700]: "Parse error",
  [-32600]: "Invalid Request",
  [-32601]: "Method not found",
  [-32602]: "Invalid params",
  [-32603]: "Internal error",
  [-32020]: "HeaderMismatch",
  [-32021]: "MissingRequiredClientCapability",
  [-32022]: "UnsupportedProtocolVersion",
};
const legacy: Record<number, string> = {
  [-32002]: "Resource not found",
  [-32042]: "URL elicitation required",
};

/** Null for numbers that the specification leaves to implementations. */
export function errorName(code: number | null, era: Era | null): string | null {
  if (code === null) return null;
  return common[code] ?? (era === "modern" ? null : (legacy[code] ?? null));
}
