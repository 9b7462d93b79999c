/**
 * Who talks to whom, in which era and revision, with which capabilities: from the handshake up to 2025-11-25, from
 * `_meta` of every request since 2026-07-28.
 */
import { record, text, type HttpHints } from "./line.ts";
import type { RpcNotification, RpcRequest, RpcResult } from "./message.ts";
import type { Call, Era, Party } from "./reading.ts";

export const META = "io.modelcontextprotocol/";
/** HeaderMismatch, MissingRequiredClientCapability, UnsupportedProtocolVersion: only modern servers know them. */
const MODERN_ERRORS = new Set([-32020, -32021, -32022]);
const FIRST_MODERN = "2026-07-28";

export type Identity = ReturnType<typeof identity>;

export function identity() {
  const client: Party = { name: null, title: null, version: null, capabilities: null };
  const server: Party = { name: null, title: null, version: null, capabilities: null };
  let era: Era | null = null;
  let revision: string | null = null;
  /** Named in a request only: gives way to whatever an answer confirms. */
  let guess: { era: Era; revision: string | null } | null = null;

  return {
    client,
    server,
    era: (): Era | null => era ?? guess?.era ?? null,
    revision: (): string | null => revision ?? guess?.revision ?? null,

    asked(request: RpcRequest | RpcNotification, http: HttpHints | null): void {
      const { method, params, meta } = request;
      if (method === "initialize") {
        introduce(client, record(params.clientInfo), record(params.capabilities));
        guess = { era: "legacy", revision: text(params.protocolVersion) };
        return;
      }
      const named = text(meta[`${META}protocolVersion`]);
      if (named !== null) {
        introduce(client, record(meta[`${META}clientInfo`]), record(meta[`${META}clientCapabilities`]));
        guess ??= { era: "modern", revision: named };
        if (era === "modern") revision = named;
        return;
      }
      const header = http?.headers["mcp-protocol-version"];
      if (header !== undefined) guess ??= { era: eraOf(header), revision: header };
    },

    /** A probe that is refused with none of the modern errors was sent to a legacy server. */
    refused(call: Call, code: number | null): void {
      if (call.probe && era === null && !MODERN_ERRORS.has(code ?? 0)) guess = null;
    },

    /** `call` is what the result answers. */
    answered(call: Call, { result }: RpcResult): void {
      if (result === null) return;
      if (call.method === "initialize") {
        introduce(server, record(result.serverInfo), record(result.capabilities), text(result.instructions));
        era = "legacy";
        revision = text(result.protocolVersion) ?? revision;
        return;
      }
      const info = record(record(result._meta)?.[`${META}serverInfo`]);
      const modern = typeof result.resultType === "string";
      if (call.method === "server/discover" && Array.isArray(result.supportedVersions))
        introduce(
          server,
          info ?? record(result.serverInfo),
          record(result.capabilities),
          text(result.instructions),
        );
      else if (info) introduce(server, info, null);
      if (!modern || era === "legacy") return;
      era = "modern";
      revision ??= guess?.revision ?? null;
    },
  };
}

/** Revisions are dates, so they compare as text. */
export function eraOf(revision: string): Era {
  return revision >= FIRST_MODERN ? "modern" : "legacy";
}

/** `name version`, for a list. */
export function nameOf(party: Party): string | null {
  if (party.name === null) return null;
  return party.version === null ? party.name : `${party.name} ${party.version}`;
}

function introduce(
  party: Party,
  info: Record<string, unknown> | null,
  capabilities: Record<string, unknown> | null,
  instructions: string | null = null,
): void {
  party.name = text(info?.name) ?? party.name;
  party.title = text(info?.title) ?? party.title;
  party.version = text(info?.version) ?? party.version;
  party.capabilities = capabilities ?? party.capabilities;
  if (instructions !== null) party.instructions = instructions;
}
