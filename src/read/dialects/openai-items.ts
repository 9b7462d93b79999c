/** Items of the Responses and Realtime APIs as parts, and which of them the client has to run. */
import { compact, isObject, list, object, objects, text, type Json } from "../json.ts";
import { byId, fromBase64, fromUrl } from "../media.ts";
import type { Part, Tool, ToolCall, Turn } from "../reading.ts";

/** `where` is the item's JSON path. An item that no one knows is kept whole. */
export function itemParts(item: unknown, where: string): Part[] {
  if (!isObject(item))
    return typeof item === "string" ? [{ type: "text", text: item }] : [unknown(null, item)];
  const kind = text(item["type"]) ?? (item["role"] === undefined ? null : "message");
  if (kind === "message" || kind === "agent_message") return contentOf(item["content"], `${where}.content`);
  if (kind === "reasoning") return reasoningOf(item);
  if (kind !== null && kind.endsWith("_output")) return [resultOf(item, kind, where)];
  const call = kind === null ? null : callOf(item, kind);
  if (kind === null || call === null) return [unknown(kind, item)];
  const by = isClientCall(item, kind) ? "client" : "server";
  const parts: Part[] = [{ type: "tool_call", ...call, by }];
  return by === "server" ? [...parts, ...serverResults(item, kind, call, where)] : parts;
}

/** Calls of these items that the client has to run. */
export function clientCalls(items: unknown): ToolCall[] {
  return objects(items).flatMap((item) => {
    const kind = text(item["type"]) ?? "";
    const call = callOf(item, kind);
    return call && isClientCall(item, kind) ? [call] : [];
  });
}

function unknown(kind: string | null, value: unknown): Part {
  return { type: "unknown", kind, value };
}

function contentOf(content: unknown, where: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return list(content).flatMap((part, i) => contentPart(part, `${where}[${i}]`));
}

export function contentPart(part: unknown, where: string): Part[] {
  if (typeof part === "string") return [{ type: "text", text: part }];
  if (!isObject(part)) return [unknown(null, part)];
  const kind = text(part["type"]);
  switch (kind) {
    case "input_text":
    case "output_text":
    case "text":
      return [{ type: "text", text: text(part["text"]) ?? "" }, ...citations(part["annotations"])];
    case "refusal":
      return [{ type: "refusal", text: text(part["refusal"]) ?? "" }];
    case "summary_text":
    case "reasoning_text":
      return [{ type: "reasoning", text: text(part["text"]) ?? "" }];
    case "input_image": {
      if (!part["image_url"]) return [byId("image", part["file_id"])];
      const nested = isObject(part["image_url"]);
      const url = nested ? object(part["image_url"])["url"] : part["image_url"];
      return [fromUrl("image", url, `${where}.image_url${nested ? ".url" : ""}`)];
    }
    case "input_file": {
      const name = text(part["filename"]);
      if (part["file_data"]) return [fromBase64("file", part["file_data"], null, `${where}.file_data`, name)];
      return [
        part["file_url"]
          ? fromUrl("file", part["file_url"], `${where}.file_url`, name)
          : byId("file", part["file_id"]),
      ];
    }
    case "input_audio":
    case "output_audio":
    case "audio": {
      const nested = isObject(part["input_audio"]) ? part["input_audio"] : null;
      const format = text(nested?.["format"]);
      const path = nested ? `${where}.input_audio.data` : `${where}.${"audio" in part ? "audio" : "data"}`;
      const data = nested ? nested["data"] : (part["audio"] ?? part["data"]);
      const audio = fromBase64("audio", data, format === null ? null : `audio/${format}`, path);
      const said = text(part["transcript"]);
      return said ? [{ type: "text", text: said }, audio] : [audio];
    }
    default:
      return [unknown(kind, part)];
  }
}

/** Summaries and, where a server shows it, the reasoning itself; else that it was there. */
function reasoningOf(item: Json): Part[] {
  const encrypted = typeof item["encrypted_content"] === "string" && item["encrypted_content"] !== "";
  const said = [...objects(item["content"]), ...objects(item["summary"])]
    .map((part) => text(part["text"]) ?? "")
    .filter((piece) => piece !== "");
  if (said.length === 0) return [{ type: "reasoning", text: null, ...(encrypted && { encrypted }) }];
  return said.map((piece) => ({ type: "reasoning", text: piece, ...(encrypted && { encrypted }) }));
}

/** Name and arguments of any kind of call; null when the item is not one. */
function callOf(item: Json, kind: string): ToolCall | null {
  const id = text(item["call_id"]) ?? text(item["id"]);
  switch (kind) {
    case "function_call":
    case "mcp_call":
    case "mcp_approval_request":
      return { id, name: text(item["name"]) ?? "", arguments: compact(item["arguments"]) };
    case "custom_tool_call":
      return { id, name: text(item["name"]) ?? "", arguments: compact(item["input"]) };
    case "code_interpreter_call":
    case "program":
      return {
        id,
        name: kind === "program" ? "program" : "code_interpreter",
        arguments: compact(item["code"]),
      };
    case "multi_agent_call":
      return { id, name: text(item["action"]) ?? "multi_agent", arguments: compact(item["arguments"]) };
    case "image_generation_call":
      return { id, name: "image_generation", arguments: compact(item["revised_prompt"] ?? "") };
    case "mcp_list_tools":
      return { id, name: "mcp_list_tools", arguments: compact({ server_label: item["server_label"] }) };
    default:
      if (!kind.endsWith("_call")) return null;
      return { id, name: kind.slice(0, -"_call".length), arguments: compact(argumentsOf(item)) };
  }
}

function argumentsOf(item: Json): unknown {
  for (const key of ["arguments", "action", "actions", "operation", "queries", "input"])
    if (item[key] !== undefined && item[key] !== null) return item[key];
  return "";
}

/** xAI shows its own search in X as custom calls that it has run already (docs.x.ai, "X Search"). */
const XAI = new Set([
  "x_keyword_search",
  "x_semantic_search",
  "x_user_search",
  "x_thread_fetch",
  "view_x_video",
]);
const CLIENT = new Set(["function_call", "local_shell_call", "computer_call", "apply_patch_call"]);

function isClientCall(item: Json, kind: string): boolean {
  if (CLIENT.has(kind)) return true;
  if (kind === "tool_search_call") return item["execution"] === "client";
  // A shell in OpenAI's container is the server's; a local one, or one that names no place, is the client's.
  if (kind === "shell_call") return object(item["environment"])["type"] !== "container_reference";
  return kind === "custom_tool_call" && !XAI.has(text(item["name"]) ?? "");
}

/** What a server tool's own item says of its result. */
function serverResults(item: Json, kind: string, call: ToolCall, where: string): Part[] {
  const output =
    kind === "mcp_list_tools" ? item["tools"] : (item["output"] ?? item["outputs"] ?? item["results"]);
  const failed = item["error"] !== null && item["error"] !== undefined;
  const parts: Part[] = [];
  if (kind === "image_generation_call" && item["result"])
    parts.push(fromBase64("image", item["result"], mimeOf(item), `${where}.result`));
  else if (output !== null && output !== undefined) parts.push(...resultParts(output, `${where}.output`));
  if (failed) parts.push({ type: "text", text: compact(item["error"]) });
  if (parts.length === 0) return [];
  const { id, name } = call;
  return [{ type: "tool_result", id, name, parts, by: "server", ...(failed && { error: true }) }];
}

function mimeOf(item: Json): string | null {
  const format = text(item["output_format"]);
  return format === null ? null : `image/${format}`;
}

/** `function_call_output` and its kin: in a request the client's answers, in an answer the server's own. */
function resultOf(item: Json, kind: string, where: string): Part {
  const id = text(item["call_id"]);
  const output = item["output"] ?? item["result"] ?? item["tools"];
  const parts =
    kind === "computer_call_output" ? screenshot(output, where) : resultParts(output, `${where}.output`);
  // In an answer every result is the server's own.
  const server =
    kind === "program_output" || item["execution"] === "server" || /^\$\.(output|responses)/.test(where);
  // A local shell's result may name its call by another id than the call's own.
  const nameless = id === null && kind === "local_shell_call_output";
  const name = server || nameless ? kind.replace(/(_call)?_output$/, "") : null;
  const error = item["status"] === "failed" || item["status"] === "incomplete";
  return { type: "tool_result", id, name, parts, by: server ? "server" : "client", ...(error && { error }) };
}

function resultParts(output: unknown, where: string): Part[] {
  if (typeof output === "string") return [{ type: "text", text: output }];
  if (!Array.isArray(output)) return output === undefined || output === null ? [] : [unknown(null, output)];
  return output.flatMap((part, i) => {
    const known = isObject(part) && /^(input|output)_(text|image|file)$/.test(text(part["type"]) ?? "");
    return known ? contentPart(part, `${where}[${i}]`) : [ownResult(part, `${where}[${i}]`)];
  });
}

/** What the server's tools give: files found, what a program or a shell said, an image, a tool. */
function ownResult(part: unknown, where: string): Part {
  if (!isObject(part)) return unknown(null, part);
  const kind = text(part["type"]);
  if (kind === "logs" && typeof part["logs"] === "string") return { type: "text", text: part["logs"] };
  if (kind === "image") return fromUrl("image", part["url"], `${where}.url`);
  if (text(part["filename"]) !== null && "score" in part)
    return {
      type: "citation",
      title: text(part["filename"]),
      url: null,
      text: text(part["text"]),
      value: part,
    };
  const { stdout, stderr, outcome } = part;
  if (typeof stdout === "string" || typeof stderr === "string") {
    const code = object(outcome)["exit_code"];
    const ended = object(outcome)["type"] === "timeout" ? "timeout" : code ? `exit code ${String(code)}` : "";
    return { type: "text", text: [stdout, stderr, ended].filter(Boolean).join("\n") };
  }
  return unknown(kind, part);
}

function screenshot(output: unknown, where: string): Part[] {
  const image = object(output);
  if (image["image_url"]) return [fromUrl("image", image["image_url"], `${where}.output.image_url`)];
  return [byId("image", image["file_id"])];
}

export function citations(annotations: unknown): Part[] {
  return objects(annotations).map((value) => {
    const of = isObject(value["url_citation"]) ? value["url_citation"] : value;
    const title = text(of["title"]) ?? text(of["filename"]);
    return { type: "citation", title, url: text(of["url"]), text: text(of["quote"]), value };
  });
}

/** A request's or a conversation's items as turns: items of one speaker in a row are one turn. */
export function turnsOf(items: readonly unknown[], where: string): Turn[] {
  const turns: Turn[] = [];
  for (const [i, item] of items.entries()) {
    const parts = itemParts(item, `${where}[${i}]`);
    const role = roleOf(item);
    const last = turns.at(-1);
    const made = isObject(item) && item["role"] === undefined;
    if (last && last.role === role && made && role !== "user") last.parts.push(...parts);
    else turns.push({ role, parts });
  }
  return turns;
}

function roleOf(item: unknown): string {
  if (!isObject(item)) return "user";
  const role = text(item["role"]);
  if (role !== null) return role;
  const kind = text(item["type"]) ?? "";
  if (kind.endsWith("_output") || kind === "mcp_approval_response") return "tool";
  // One agent of several speaks to another; settings, tools and commands come from who built the agent.
  if (kind === "agent_message") return "agent";
  if (kind === "configuration_update" || kind === "additional_tools" || kind === "compaction_trigger")
    return "developer";
  return kind === "item_reference" || kind === "" ? "unknown" : "assistant";
}

/** `tools`: functions and custom tools are the client's, as are a local shell, a computer, patches; the rest is the server's. */
export function itemTools(tools: unknown): Tool[] {
  return objects(tools).flatMap((tool): Tool[] => {
    const kind = text(tool["type"]) ?? "function";
    if (kind === "namespace") {
      const namespace = text(tool["name"]) ?? "";
      return itemTools(tool["tools"]).map((one) => ({ ...one, namespace }));
    }
    const fn = isObject(tool["function"]) ? tool["function"] : tool;
    const name = text(fn["name"]) ?? text(tool["server_label"]) ?? kind;
    const client =
      ["function", "custom", "local_shell", "apply_patch"].includes(kind) || kind.startsWith("computer");
    const local = kind === "shell" && !text(object(tool["environment"])["type"])?.startsWith("container");
    const search = kind === "tool_search" && tool["execution"] === "client";
    const by = client || local || search ? "client" : "server";
    return [{ name, description: text(fn["description"]), schema: fn["parameters"] ?? null, kind, by }];
  });
}
