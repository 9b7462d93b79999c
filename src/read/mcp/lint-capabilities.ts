/** Rules about capabilities: what one side sends or is asked for, it has to have declared. */
import type { Identity } from "./identity.ts";
import { record, text, type Side } from "./line.ts";
import type { Finding } from "./lint-http.ts";
import type { RpcResult } from "./message.ts";
import { methodOf } from "./methods.ts";

/** `from` sends what `by` must have declared under this path. */
export function capable(who: Identity, by: Side, path: string, method: string, from: Side): Finding[] {
  const { capabilities } = by === "client" ? who.client : who.server;
  if (capabilities === null) return [];
  // `completions` became a capability with 2025-03-26; before it, servers had no way to declare it.
  if (path === "completions" && who.revision() === "2024-11-05") return [];
  const declared = path.split(".").reduce<unknown>((it, key) => record(it)?.[key], capabilities);
  if (declared !== undefined && declared !== false) return [];
  const verb = by === from ? "sends" : "is asked for";
  return [
    {
      rule: "mcp/capability",
      where: "$.method",
      what: `the ${by} ${verb} ${method} and did not declare "${path}"`,
    },
  ];
}

/** What a result asks of the client, the client must have declared. */
export function inputAsked(who: Identity, { result }: RpcResult): Finding[] {
  if (result?.["resultType"] !== "input_required") return [];
  return Object.entries(record(result["inputRequests"]) ?? {}).flatMap(([key, request]) => {
    const method = text(record(request)?.["method"]) ?? "";
    const needs = methodOf(method)?.needs;
    const found = needs ? capable(who, needs.by, needs.capability, method, "server") : [];
    return found.map((it) => ({ ...it, where: `$.result.inputRequests.${key}` }));
  });
}
