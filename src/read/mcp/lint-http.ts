/**
 * HTTP headers against the message they carry. `Mcp-Method` and `Mcp-Name` are required since 2026-07-28, as are the
 * `Mcp-Param-*` that a tool's schema asks for with `x-mcp-header`.
 * https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/streamable-http#request-metadata
 */
import { META } from "./identity.ts";
import { record, text, type HttpHints, type MessageLine } from "./line.ts";
import type { RpcRequest } from "./message.ts";
import { subjectOf } from "./methods.ts";
import type { RuleName } from "./rules.ts";

export type Finding = { rule: RuleName; where: string; what: string };

const NAMED = new Set(["tools/call", "resources/read", "prompts/get"]);

/** `tool` is the tool's own object when it was listed. Only requests of the modern era have these headers. */
export function lintHeaders(
  request: RpcRequest,
  { headers }: HttpHints,
  tool: Record<string, unknown> | null,
): Finding[] {
  const { method, params, meta } = request;
  const name = NAMED.has(method) ? subjectOf(method, params) : null;
  const version = text(meta[`${META}protocolVersion`]);
  return [
    ...compare("MCP-Protocol-Version", version, headers["mcp-protocol-version"]),
    ...compare("Mcp-Method", method, headers["mcp-method"]),
    ...compare("Mcp-Name", name, decoded(headers["mcp-name"])),
    ...mirrored(tool).flatMap(({ header, path }) => {
      const value = path.reduce<unknown>((it, key) => record(it)?.[key], params["arguments"]);
      const given = headers[`mcp-param-${header.toLowerCase()}`];
      return compare(`Mcp-Param-${header}`, asHeader(value), decoded(given), value);
    }),
  ];
}

/** How an answer came: under a content type, or in an event, from which clients do not take it. */
export function lintCarrier({ from, exchange, http, inEvent }: MessageLine): Finding[] {
  if (from !== "server" || exchange === null) return [];
  if (inEvent?.name !== undefined)
    return [
      {
        rule: "mcp/dropped-event",
        where: "event",
        what: `it came in an event called "${inEvent.name}"; clients read those called "message"`,
      },
    ];
  if (inEvent?.unfinished)
    return [
      {
        rule: "mcp/dropped-event",
        where: "event",
        what: "the stream ended before the blank line that ends an event",
      },
    ];
  if (http === null || http.path !== undefined || http.status === undefined || http.status >= 300) return [];
  const type = http.headers["content-type"];
  if (type !== undefined && /application\/json|text\/event-stream/i.test(type)) return [];
  const what = type === undefined ? "it came without a Content-Type" : `it came with Content-Type: ${type}`;
  return [{ rule: "mcp/content-type", where: "header Content-Type", what }];
}

/** The parameters that a tool wants mirrored, by their path of `properties`. */
export function mirrored(tool: Record<string, unknown> | null): { header: string; path: string[] }[] {
  const found: { header: string; path: string[] }[] = [];
  walk(record(tool?.["inputSchema"]), []);
  return found;

  function walk(schema: Record<string, unknown> | null, path: string[]): void {
    if (schema === null || path.length > 10 || found.length > 50) return;
    for (const [name, below] of Object.entries(record(schema["properties"]) ?? {})) {
      const property = record(below);
      const header = text(property?.["x-mcp-header"]);
      if (header !== null && header !== "") found.push({ header, path: [...path, name] });
      walk(property, [...path, name]);
    }
  }
}

function compare(name: string, body: string | null, given: string | undefined, value?: unknown): Finding[] {
  const where = `header ${name}`;
  if (body === null) return [];
  if (given === undefined)
    return [{ rule: "mcp/missing-header", where, what: `${name} is missing; the body says "${body}"` }];
  const equal = typeof value === "number" ? Number(given) === value : given === body;
  if (equal) return [];
  return [{ rule: "mcp/header-mismatch", where, what: `${name} says "${given}", the body says "${body}"` }];
}

function asHeader(value: unknown): string | null {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" ? String(value) : null;
}

/** `=?base64?…?=` around UTF-8 carries what a header cannot. */
function decoded(value: string | undefined): string | undefined {
  const inside = value === undefined ? undefined : /^=\?base64\?(.*)\?=$/.exec(value)?.[1];
  if (inside === undefined) return value;
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(inside), (char) => char.charCodeAt(0)));
  } catch {
    return value; // Not base64 after all: compared as it stands, it will not match.
  }
}
