/**
 * Which session an exchange belongs to. Up to 2025-11-25 the protocol says it (`Mcp-Session-Id`; in HTTP+SSE the
 * posting address); since 2026-07-28 there are no sessions, so whoever talks is taken for one: the client's name, its
 * agent and its credential. A key holds no secret, only marks of them.
 */
import { header } from "../../fact/exchange.ts";
import type { Header } from "../../fact/fact.ts";
import { marked } from "../../fact/secrets/values.ts";
import { META } from "./identity.ts";
import { record, text } from "./line.ts";

export type HttpHead = {
  readonly method: string;
  readonly path: string;
  readonly headers: readonly Header[];
};

export type SessionKey = {
  readonly key: string;
  /** `id`: the server named the session. `client`: a guess from who talks; a long pause should end it. */
  readonly how: "id" | "client";
};

/** `message` is the first JSON-RPC message of the request's body, `answer` the response's headers when they came. */
export function sessionKey(head: HttpHead, message: unknown, answer?: readonly Header[]): SessionKey {
  const named = header(head.headers, "mcp-session-id") ?? (answer && header(answer, "mcp-session-id"));
  if (named !== undefined) return { key: `id ${fingerprint(named)}`, how: "id" };
  const posted = /[?&]session_?id=([^&#]+)/i.exec(marked(head.path))?.[1];
  if (posted !== undefined) return { key: `id ${fingerprint(posted)}`, how: "id" };
  const params = record(record(message)?.params);
  const info = record(record(params?._meta)?.[`${META}clientInfo`]) ?? record(params?.clientInfo);
  const name = [text(info?.name), text(info?.version)].filter((it) => it !== null).join(" ");
  const agent = header(head.headers, "user-agent") ?? "";
  const credential = header(head.headers, "authorization") ?? header(head.headers, "cookie") ?? "";
  return { key: `client ${fingerprint(`${name}\n${agent}\n${credential}`)}`, how: "client" };
}

/** FNV-1a, 64 bits as 16 hexadecimal digits: tells equal from different, not what it was. */
export function fingerprint(secret: string): string {
  let hash = 0xcbf29ce484222325n;
  for (const byte of new TextEncoder().encode(marked(secret)))
    hash = BigInt.asUintN(64, (hash ^ BigInt(byte)) * 0x100000001b3n);
  return hash.toString(16).padStart(16, "0");
}
