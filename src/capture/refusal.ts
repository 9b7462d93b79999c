/** What the proxy says for itself, when there is no upstream's answer to pass on. Always JSON, in the APIs' own shape. */
import type { Header } from "../fact/fact.ts";
import { responseHeadBytes, type RequestHead } from "./http1/head.ts";
import type { RecordOptions } from "./record/record-options.ts";
import { Recording } from "./record/recording.ts";

export type Refusal = { status: number; reason: string; headers: Header[]; body: Buffer; message: string };

const REASONS: Record<number, string> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  405: "Method Not Allowed",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  502: "Bad Gateway",
};

export function refusal(status: number, message: string, more: Record<string, unknown> = {}): Refusal {
  const error = { message: `MCP Proxy Logger: ${message}`, type: "proxy_error", code: status, ...more };
  const body = Buffer.from(JSON.stringify({ error }) + "\n");
  const headers: Header[] = [
    ["Content-Type", "application/json"],
    ["Content-Length", String(body.byteLength)],
    // So that a program can tell our answer from an upstream's.
    ["X-Proxy-Error", "mcp-proxy-logger"],
  ];
  return { status, reason: REASONS[status] ?? "Error", headers, body, message };
}

/** What goes over the wire; the connection is closed behind it. */
export function answerBytes({ status, reason, headers, body }: Refusal): Buffer {
  const all: Header[] = [...headers, ["Connection", "close"]];
  return Buffer.concat([responseHeadBytes({ version: "1.1", status, reason, headers: all }), body]);
}

/** A request that goes nowhere is recorded too, with what we answered. `head`: null where it could not be read. */
export function recordRefused(options: RecordOptions, head: RequestHead | null, answer: Refusal): void {
  const { method, target, headers } = head ?? { method: "", target: "", headers: [] as Header[] };
  const open = { wire: "http", method, path: target, upstream: "", target: "", headers } as const;
  const recording = new Recording(options, open);
  recording.head(answer.status, answer.headers);
  recording.bytes("server", answer.body);
  recording.close("refused", answer.message);
}

export function unreachable(
  { target, upstream }: { target: string; upstream: string },
  code: string,
  message: string,
): Refusal {
  const advice = (ADVICE[code] ?? "see the proxy's own output, or try the URL with curl").replace(
    "$setting",
    settingOf(upstream),
  );
  return refusal(502, `no answer from ${target}: ${message} (${code}); ${advice}`, { target, cause: code });
}

/** Where a person wrote the address that was asked. */
function settingOf(upstream: string): string {
  return upstream.startsWith("mcp/")
    ? `--mcp ${upstream.slice("mcp/".length)}=URL sets the MCP server's address`
    : "TARGET_BASE_URL or --target-url sets the upstream";
}

const ADVICE: Record<string, string> = {
  ECONNREFUSED: "is it running, and is this its port? $setting",
  ENOTFOUND: "is the name right, and is there a network? $setting",
  EAI_AGAIN: "the name could not be looked up: is there a network?",
  ETIMEDOUT: "is there a network, or a firewall in between? HTTPS_PROXY sets a proxy",
  ECONNRESET: "the upstream hung up: try again, or look at its own log",
  ALPN: "is this an HTTP server?",
  HTTP2: "put a gateway such as nginx in front of it that speaks HTTP/1.1",
  EPROXY: "check HTTPS_PROXY",
  ELOCAL: "say the proxy's token, or start it with --allow-remote",
  EPROTO: "is this an HTTP server, and should the URL start with https://?",
  DEPTH_ZERO_SELF_SIGNED_CERT: "NODE_EXTRA_CA_CERTS=/path/to/ca.pem adds a certificate authority",
  SELF_SIGNED_CERT_IN_CHAIN: "NODE_EXTRA_CA_CERTS=/path/to/ca.pem adds a certificate authority",
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: "NODE_EXTRA_CA_CERTS=/path/to/ca.pem adds a certificate authority",
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: "NODE_EXTRA_CA_CERTS=/path/to/ca.pem adds a certificate authority",
  CERT_HAS_EXPIRED: "the upstream's certificate has expired",
  ERR_TLS_CERT_ALTNAME_INVALID: "the upstream's certificate is for another name",
};
