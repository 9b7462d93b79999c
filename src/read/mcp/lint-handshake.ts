/**
 * Rules about how a session begins: the revision that both sides agree on, the handshake that has to come first and
 * cannot be cancelled. https://modelcontextprotocol.io/specification/2025-11-25/basic/lifecycle
 */
import type { Identity } from "./identity.ts";
import { text, type HttpHints, type MessageLine } from "./line.ts";
import type { Finding } from "./lint-http.ts";
import type { RpcNotification, RpcRequest, RpcResult } from "./message.ts";
import { REVISIONS } from "./methods.ts";
import type { Call } from "./reading.ts";

/** Negotiable in the official SDKs, older than the first one that has a document. */
const OLDEST = "2024-10-07";

export function handshakeRules(who: Identity) {
  let offered: string | null = null;
  let agreed: string | null = null;
  let said: "nothing" | "asked" | "answered" | "done" = "nothing";
  const once = new Set<string>();

  return {
    request(rpc: RpcRequest, line: MessageLine): Finding[] {
      const { method, params } = rpc;
      if (method === "initialize") {
        offered = text(params["protocolVersion"]);
        said = "asked";
        return [];
      }
      const found = spoken(line.http);
      if (line.exchange !== null || line.from !== "client" || method === "ping" || who.era() === "modern")
        return found;
      if (method === "server/discover") return found;
      if (said === "nothing")
        return [...found, ...tell("none", `${method} came first, and nobody has said "initialize"`)];
      if (said === "answered")
        return [
          ...found,
          ...tell("half", `${method} came, and the client never said "notifications/initialized"`),
        ];
      return found;
    },

    answered(call: Call, { result }: RpcResult): Finding[] {
      if (call.method !== "initialize") return [];
      if (said === "asked") said = "answered";
      agreed = text(result?.["protocolVersion"]);
      if (agreed === null) return [];
      return chosen(offered, agreed);
    },

    notification({ method }: RpcNotification, call: Call | null): Finding[] {
      if (method === "notifications/initialized") said = "done";
      if (method !== "notifications/cancelled" || call?.method !== "initialize") return [];
      const what = "the client cancels initialize; it can only close the connection";
      return [{ rule: "mcp/cancelled-initialize", where: "$.params.requestId", what }];
    },
  };

  function tell(key: string, what: string): Finding[] {
    if (once.has(key)) return [];
    once.add(key);
    return [{ rule: "mcp/no-handshake", where: "$.method", what }];
  }

  /** Up to 2025-11-25 each HTTP request after the handshake names what was agreed. */
  function spoken(http: HttpHints | null): Finding[] {
    const header = http?.headers["mcp-protocol-version"];
    if (header === undefined || agreed === null || header === agreed || once.has(`header ${header}`))
      return [];
    once.add(`header ${header}`);
    const what = `the request says revision ${header}, and ${agreed} was agreed on`;
    return [{ rule: "mcp/revision", where: "header MCP-Protocol-Version", what }];
  }
}

function chosen(offered: string | null, agreed: string): Finding[] {
  const where = "$.result.protocolVersion";
  const pair = `the client asked for ${offered ?? "none"}, the server answered ${agreed}`;
  if (!exists(agreed))
    return [{ rule: "mcp/revision", where, what: `${pair}, which is no revision of the protocol` }];
  if (offered !== null && !exists(offered))
    return [{ rule: "mcp/revision", where, what: `${pair}; what the client asked for is no revision` }];
  // Revisions are dates. An older one is how a server says what it knows; a newer one the client need not know.
  if (offered !== null && agreed > offered)
    return [
      {
        rule: "mcp/revision",
        where,
        what: `${pair}, which is newer: a client that does not know it hangs up`,
      },
    ];
  return [];
}

function exists(revision: string): boolean {
  return (
    revision === OLDEST || /draft/i.test(revision) || (REVISIONS as readonly string[]).includes(revision)
  );
}
