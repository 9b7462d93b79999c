/**
 * MCP over HTTP in the list of exchanges: the method and what it is about as the question, the content of the result
 * as the answer. The session as a whole is read in `read/mcp/`.
 */
import type { Added, Answered, Asked, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { header, type Piece } from "../../fact/exchange.ts";
import { parseExact, stringifyExact } from "../../fact/json-source.ts";
import { concat, decode } from "../frames/frame.ts";
import { isObject, list, object, objects, text, without, type Json } from "../json.ts";
import { fromBase64 } from "../media.ts";
import { errorName } from "../mcp/errors.ts";
import { rpcOf } from "../mcp/message.ts";
import { subjectOf } from "../mcp/methods.ts";
import type { Part, Tool, Turn } from "../reading.ts";

export const mcp: Dialect = { name: "mcp", provider: null, bid, asked, assembler, answered };

function bid({ method, requestBody, responseBody, upstream, exchange }: Glimpse): number {
  const first = Array.isArray(requestBody) ? (requestBody as unknown[])[0] : requestBody;
  if (isObject(first) && first["jsonrpc"] === "2.0") return 0.97;
  const { headers } = exchange.request;
  const named = ["mcp-protocol-version", "mcp-session-id", "mcp-method"].some((it) => header(headers, it));
  if (named) return 0.9;
  if (isObject(responseBody) && responseBody["jsonrpc"] === "2.0") return 0.9;
  if (upstream.startsWith("mcp/")) return method === "GET" || method === "DELETE" ? 0.6 : 0.3;
  return 0;
}

function asked(plain: unknown, { method, exchange }: Glimpse): Asked {
  const body = exactly(plain, exchange.request.pieces);
  const messages = objects(Array.isArray(body) ? body : [body]);
  const turns = messages.map(turnOf);
  if (turns.length === 0 && method !== "POST") {
    const words = method === "DELETE" ? "end the session" : "listen for messages of the server";
    turns.push({ role: "client", parts: [{ type: "text", text: words }] });
  }
  const version = header(exchange.request.headers, "mcp-protocol-version");
  const [first] = messages;
  return {
    model: null,
    system: [],
    messages: turns,
    tools: [],
    settings: {
      ...(version !== undefined && { protocol_version: version }),
      ...(first && without(first, "jsonrpc", "params")),
      ...object(first?.["params"]),
    },
    streamed: false,
  };
}

/** The body once more, with its numbers as they were written: a 64-bit id has to read here as it passed. */
function exactly(plain: unknown, pieces: readonly Piece[]): unknown {
  if (typeof plain !== "object" || plain === null) return plain;
  return exact(plain, decode(concat(pieces.map(({ bytes }) => bytes))).replace(/^\ufeff/, ""));
}

function exact(plain: unknown, text: string): unknown {
  try {
    return parseExact(text);
  } catch {
    return plain; // a body in a form that only its own reader knows
  }
}

function turnOf(message: Json): Turn {
  const rpc = rpcOf(message);
  const value = { type: "unknown" as const, kind: null, value: message };
  if (rpc.kind !== "request" && rpc.kind !== "notification") return { role: "client", parts: [value] };
  const about = subjectOf(rpc.method, rpc.params);
  const title = about === null ? rpc.method : `${rpc.method} ${about}`;
  const given = rpc.params["arguments"];
  const words =
    given === undefined ? title : `${title} ${typeof given === "string" ? given : stringifyExact(given)}`;
  return { role: "client", parts: [{ type: "text", text: words }] };
}

/** The response as JSON would have brought it. Notifications before it stay in the stream's events. */
function assembler(): Assembler {
  const answers: unknown[] = [];
  const others: unknown[] = [];
  return {
    add({ json: plain, data }: StreamEvent): readonly Added[] {
      if (plain === undefined) return [];
      const json = exact(plain, data);
      return (Array.isArray(json) ? (json as unknown[]) : [json]).map((message) => {
        const rpc = rpcOf(message);
        (rpc.kind === "result" || rpc.kind === "error" ? answers : others).push(message);
        if (rpc.kind === "error") return { lane: "error", text: rpc.message };
        if (rpc.kind === "result") return { lane: "text", text: "result" };
        return { lane: "control", text: rpc.kind === "invalid" ? rpc.why : rpc.method };
      });
    },
    message: () =>
      answers.length === 1 ? answers[0] : answers.length > 1 ? answers : others.length > 0 ? others : null,
    problems: () => [],
    firstToken: () => null,
  };
}

function answered(plain: unknown, { requestBody, responseBody, exchange }: Glimpse): Answered {
  const message =
    plain === responseBody && plain !== null ? exactly(plain, exchange.response?.pieces ?? []) : plain;
  const nothing: Answered = { model: null, choices: [], tool_calls: [], usage: null, error: null };
  const rpc = rpcOf(Array.isArray(message) ? (message as unknown[])[0] : message);
  if (rpc.kind === "error") {
    const type = errorName(rpc.code, null) ?? (rpc.code === null ? null : String(rpc.code));
    return { ...nothing, error: { status: null, type, message: rpc.message } };
  }
  if (rpc.kind !== "result") {
    const parts: Part[] = [{ type: "unknown", kind: rpc.kind, value: message }];
    return { ...nothing, choices: [{ parts, finish_reason: null }] };
  }
  const result = object(rpc.result);
  const failed = result["isError"] === true;
  const finish_reason = failed ? "isError" : text(result["resultType"]);
  return {
    ...nothing,
    choices: [{ parts: resultParts(result, text(object(requestBody)["method"])), finish_reason }],
  };
}

function resultParts(result: Json, method: string | null): Part[] {
  if (Array.isArray(result["content"])) return objects(result["content"]).map(contentPart);
  const offered = method === "tools/list" ? tools(result).map((it) => it.name) : null;
  if (offered) return [{ type: "text", text: `${offered.length} tools: ${offered.join(", ")}` }];
  const info = object(result["serverInfo"]);
  if (text(info["name"]) !== null) {
    const words = [text(info["name"]), text(info["version"]), text(result["protocolVersion"])];
    return [{ type: "text", text: words.filter((it) => it !== null).join(" ") }];
  }
  return Object.keys(result).length === 0 ? [] : [{ type: "unknown", kind: method, value: result }];
}

function contentPart(block: Json, i: number): Part {
  const mime = text(block["mimeType"]);
  switch (block["type"]) {
    case "text":
      return { type: "text", text: text(block["text"]) ?? "" };
    case "image":
    case "audio":
      return fromBase64(block["type"], text(block["data"]) ?? "", mime, `$.result.content[${i}].data`);
    case "resource_link":
      return {
        type: "file",
        mime,
        url: text(block["uri"]),
        data: null,
        bytes: null,
        name: text(block["name"]),
      };
    case "resource": {
      const inside = object(block["resource"]);
      const words = text(inside["text"]);
      if (words !== null) return { type: "text", text: words };
      return { type: "unknown", kind: "resource", value: block };
    }
    default:
      return { type: "unknown", kind: text(block["type"]), value: block };
  }
}

function tools(result: Json): Pick<Tool, "name">[] {
  return list(result["tools"]).map((it) => ({ name: text(object(it)["name"]) ?? "?" }));
}
