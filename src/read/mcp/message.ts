/** JSON-RPC 2.0: which kind of message a value is. https://www.jsonrpc.org/specification */
import { numberSource } from "../../fact/json-source.ts";
import { record, type RequestId } from "./line.ts";

/**
 * What tells one id from another. 1 and "1" are different, and so are two numbers that only differ in digits which a
 * double cannot hold.
 */
export type IdKey = string;

export type RpcRequest = {
  kind: "request";
  id: RequestId;
  key: IdKey;
  method: string;
  params: Record<string, unknown>;
  meta: Record<string, unknown>;
};
/** `stray`: an id that a notification must not carry; some servers answer it, others hang. */
export type RpcNotification = {
  kind: "notification";
  stray: { id: RequestId; key: IdKey } | null;
  method: string;
  params: Record<string, unknown>;
  meta: Record<string, unknown>;
};
/** `id` is null for an error whose request could not be read. */
export type RpcResult = {
  kind: "result";
  id: RequestId | null;
  key: IdKey | null;
  result: Record<string, unknown> | null;
  value: unknown;
};
export type RpcError = {
  kind: "error";
  id: RequestId | null;
  key: IdKey | null;
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
  const { id, key } = idAt(it, "id") ?? { id: null, key: null };
  // Older libraries write `"error": null` beside a result: that is a result, and the linter says what else it is.
  if ("error" in it && !(it.error === null && "result" in it)) {
    const error = record(it.error) ?? {};
    const code = typeof error.code === "number" ? error.code : null;
    const said = error.message ?? it.error;
    const message = typeof said === "string" ? said : "";
    return { kind: "error", id, key, code, message, data: error.data };
  }
  if ("result" in it) return { kind: "result", id, key, result: record(it.result), value: it.result };
  return { kind: "invalid", why: "a message has a method, a result or an error" };
}

/** The id (of a request, a token) at this key, as people read it; null when there is none. */
export function idAt(holder: Record<string, unknown>, name: string): { id: RequestId; key: IdKey } | null {
  const value = holder[name];
  if (typeof value === "string") return { id: value, key: `string ${value}` };
  if (typeof value !== "number") return null;
  const source = numberSource(holder, name);
  // 1.0 is 1 for everybody; 2^53 + 1 is 2^53 for those who read it as a double, and here it is not.
  const exact = source === undefined || Number.isSafeInteger(value) ? null : source;
  return exact === null ? { id: value, key: `number ${value}` } : { id: exact, key: `number ${exact}` };
}

function asked(it: Record<string, unknown>, method: string): Rpc {
  const params = record(it.params) ?? {};
  const meta = record(params._meta) ?? {};
  const id = idAt(it, "id");
  if (!("id" in it)) return { kind: "notification", stray: null, method, params, meta };
  // By its name it is a notification, and its sender means it as one: a cancellation cancels.
  if (id && method.startsWith("notifications/"))
    return { kind: "notification", stray: id, method, params, meta };
  if (id) return { kind: "request", ...id, method, params, meta };
  return { kind: "invalid", why: "a request's id is a string or a number" };
}
