/** JSON-RPC 2.0: which kind of message a value is. https://www.jsonrpc.org/specification */
import { record, type RequestId } from "./line.ts";

export type RpcRequest = {
  kind: "request";
  id: RequestId;
  method: string;
  params: Record<string, unknown>;
  meta: Record<string, unknown>;
};
export type RpcNotification = {
  kind: "notification";
  method: string;
  params: Record<string, unknown>;
  meta: Record<string, unknown>;
};
/** `id` is null for an error whose request could not be read. */
export type RpcResult = {
  kind: "result";
  id: RequestId | null;
  result: Record<string, unknown> | null;
  value: unknown;
};
export type RpcError = {
  kind: "error";
  id: RequestId | null;
  code: number | null;
  message: string;
  data: unknown;
};
export type RpcInvalid = { kind: "invalid"; why: string };

export type Rpc = RpcRequest | RpcNotification | RpcResult | RpcError | RpcInvalid;

/** Never throws. A wrong `jsonrpc` member alone does not make a message invalid: the linter says so. */
export function rpcOf(value: unknown): Rpc {
  const it = record(value);
  if (it === null) return { kind: "invalid", why: "a message is a JSON object" };
  if (typeof it.method === "string") return asked(it, it.method);
  const id = isId(it.id) ? it.id : null;
  if ("error" in it) {
    const error = record(it.error) ?? {};
    const code = typeof error.code === "number" ? error.code : null;
    const message = typeof error.message === "string" ? error.message : "";
    return { kind: "error", id, code, message, data: error.data };
  }
  if ("result" in it) return { kind: "result", id, result: record(it.result), value: it.result };
  return { kind: "invalid", why: "a message has a method, a result or an error" };
}

export function isId(value: unknown): value is RequestId {
  return typeof value === "string" || typeof value === "number";
}

function asked(it: Record<string, unknown>, method: string): Rpc {
  const params = record(it.params) ?? {};
  const meta = record(params._meta) ?? {};
  if (!("id" in it)) return { kind: "notification", method, params, meta };
  if (isId(it.id)) return { kind: "request", id: it.id, method, params, meta };
  return { kind: "invalid", why: "a request's id is a string or a number" };
}
