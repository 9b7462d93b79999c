/** A message against the schema of its revision, and against what that revision allows. */
import { META } from "./identity.ts";
import { record, text, type Side } from "./line.ts";
import type { Finding } from "./lint-http.ts";
import type { Rpc, RpcNotification, RpcRequest, RpcResult, RpcError } from "./message.ts";
import { methodOf, TASKS, type Method, type Revision } from "./methods.ts";
import { isRevision, validateAs } from "./schemas.ts";
import type { Call } from "./reading.ts";

export type Spoken = {
  /** The message as it came. */
  readonly wire: unknown;
  readonly from: Side;
  readonly revision: string | null;
  readonly modern: boolean;
};

/** The envelope, the method's own definition, and whether the revision has the method at all. */
export function lintAsked(
  rpc: RpcRequest | RpcNotification,
  { wire, from, revision, modern }: Spoken,
): Finding[] {
  const found: Finding[] = [];
  const method = methodOf(rpc.method);
  const metaless = modern && rpc.kind === "request" ? missingMeta(rpc) : [];
  found.push(...metaless);
  if (method) found.push(...allowed(method, rpc, from, revision));
  if (!isRevision(revision) || found.some((it) => it.rule === "mcp/wrong-revision")) return found;
  const envelope = rpc.kind === "request" ? "JSONRPCRequest" : "JSONRPCNotification";
  const definition = method && method.extension === undefined ? method.request : null;
  const wrong = broken(revision, envelope, wire, "$");
  const own = definition && wrong.length === 0 ? broken(revision, definition, wire, "$") : [];
  const about = [...wrong, ...own].filter(
    (it) => metaless.length === 0 || !/\._meta|"_meta"/.test(it.where + it.what),
  );
  return [...found, ...about];
}

export function lintAnswered(rpc: Rpc, call: Call | null, spoken: Spoken): Finding[] {
  const { wire, revision, modern, from } = spoken;
  const found: Finding[] = [];
  if (modern && from === "client")
    found.push({ rule: "mcp/wrong-direction", where: "$", what: "the client sent a response" });
  if (!isRevision(revision)) return found;
  if (rpc.kind === "error") {
    // Before 2025-11-25 the schema demands an id even where there was none to read.
    if (rpc.id === null) return found;
    const definition =
      validateAs(revision, "JSONRPCErrorResponse", wire) === null ? "JSONRPCError" : "JSONRPCErrorResponse";
    return [...found, ...broken(revision, definition, wire, "$")];
  }
  if (rpc.kind !== "result") return found;
  const envelope = revision >= "2025-11-25" ? "JSONRPCResultResponse" : "JSONRPCResponse";
  const outer = broken(revision, envelope, wire, "$");
  if (outer.length > 0 || call === null) return [...found, ...outer];
  const kind = text(rpc.result?.["resultType"]);
  if (modern) found.push(...resultType(rpc, call, kind));
  const definition = definitionOf(call, kind, modern);
  return definition === null ? found : [...found, ...broken(revision, definition, rpc.value, "$.result")];
}

function missingMeta({ meta }: RpcRequest): Finding[] {
  const wanted = [`${META}protocolVersion`, `${META}clientCapabilities`].filter(
    (key) => meta[key] === undefined,
  );
  if (wanted.length === 0) return [];
  return [{ rule: "mcp/missing-meta", where: "$.params._meta", what: `missing: ${wanted.join(", ")}` }];
}

function allowed(
  method: Method,
  rpc: RpcRequest | RpcNotification,
  from: Side,
  revision: string | null,
): Finding[] {
  const found: Finding[] = [];
  const where = "$.method";
  const wrongSide = method.from !== "both" && method.from !== from;
  if (wrongSide || (method.until === "2025-11-25" && method.from === "server" && revision === "2026-07-28"))
    return [{ rule: "mcp/wrong-direction", where, what: `the ${from} sent ${rpc.method}` }];
  if (!isRevision(revision) || rpc.method === "server/discover") return found;
  if (revision < method.since || (method.until !== undefined && revision > method.until)) {
    const when = revision < method.since ? `came with ${method.since}` : `was removed after ${method.until}`;
    found.push({
      rule: "mcp/wrong-revision",
      where,
      what: `${rpc.method} ${when}; this session speaks ${revision}`,
    });
  }
  return found;
}

function resultType({ result }: RpcResult, call: Call, kind: string | null): Finding[] {
  const where = "$.result.resultType";
  if (kind !== null && !["complete", "input_required", "task"].includes(kind))
    return [{ rule: "mcp/result-type", where, what: `unknown resultType "${kind}"` }];
  if (kind !== "input_required") return [];
  const found: Finding[] = [];
  if (!["tools/call", "prompts/get", "resources/read"].includes(call.method))
    found.push({ rule: "mcp/input-required", where, what: `${call.method} may not ask for input` });
  if (result?.["inputRequests"] === undefined && result?.["requestState"] === undefined)
    found.push({
      rule: "mcp/input-required",
      where: "$.result",
      what: "neither inputRequests nor requestState",
    });
  return found;
}

/** Which definition a result has to fit; null when an extension decides that. */
function definitionOf(call: Call, kind: string | null, modern: boolean): string | null {
  if (modern) {
    if (kind === "input_required") return "InputRequiredResult";
    if (kind !== null && kind !== "complete") return null;
    return call.method.startsWith("tasks/") ? "Result" : (methodOf(call.method)?.result ?? "Result");
  }
  if (call.task) return "CreateTaskResult";
  return methodOf(call.method)?.result ?? "Result";
}

function broken(revision: Revision, definition: string, value: unknown, root: string): Finding[] {
  return (validateAs(revision, definition, value) ?? []).map(({ where, what }) => ({
    rule: "mcp/schema",
    where: `${root}${where.slice(1)}`,
    what: `${definition} of ${revision}: ${what}`,
  }));
}

/** A result type that only the tasks extension defines needs the client to have declared it. */
export function declaresTasks(capabilities: Record<string, unknown> | null): boolean {
  return record(capabilities?.["extensions"])?.[TASKS] !== undefined;
}

/** Codes that 2026-07-28 took away or keeps for itself. */
export function errorCode({ code }: RpcError): Finding[] {
  const where = "$.error.code";
  if (code === null) return [];
  if (code === -32002 || code === -32042)
    return [{ rule: "mcp/error-code", where, what: `${code} was removed with 2026-07-28` }];
  const defined = code >= -32022 && code <= -32020;
  if (code > -32020 || code < -32099 || defined) return [];
  return [{ rule: "mcp/error-code", where, what: `${code} is reserved and not defined` }];
}
