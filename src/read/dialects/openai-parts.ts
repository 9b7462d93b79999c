/** Content, tool calls and tools as OpenAI's Chat Completions and everybody who speaks it write them. */
import { compact, list, object, objects, text, type Json, isObject } from "../json.ts";
import { byId, fromBase64, fromUrl } from "../media.ts";
import type { Part, Tool, ToolCall } from "../reading.ts";

/** `content` of a message: a string, a list of parts, or null. `where` is its JSON path. */
export function contentParts(content: unknown, where: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (content === null || content === undefined) return [];
  if (!Array.isArray(content)) return [{ type: "unknown", kind: null, value: content }];
  return content.flatMap((part, i) => contentPart(part, `${where}[${i}]`));
}

function contentPart(part: unknown, where: string): Part[] {
  if (typeof part === "string") return [{ type: "text", text: part }];
  if (!isObject(part)) return [{ type: "unknown", kind: null, value: part }];
  const kind = text(part["type"]);
  switch (kind) {
    case "text":
    case "input_text":
    case "output_text": {
      const said = text(part["text"]) ?? "";
      return said === "" ? [] : [{ type: "text", text: said }];
    }
    case "refusal":
      return [{ type: "refusal", text: text(part["refusal"]) ?? "" }];
    case "image_url": {
      const image = part["image_url"];
      if (typeof image === "string") return [fromUrl("image", image, `${where}.image_url`)];
      return [fromUrl("image", object(image)["url"], `${where}.image_url.url`)];
    }
    case "input_audio": {
      const audio = object(part["input_audio"]);
      const format = text(audio["format"]);
      const mime = format === null ? null : `audio/${format}`;
      return [fromBase64("audio", audio["data"] ?? part["input_audio"], mime, `${where}.input_audio.data`)];
    }
    case "video_url":
      return [
        fromUrl("video", object(part["video_url"])["url"] ?? part["video_url"], `${where}.video_url.url`),
      ];
    case "document_url":
      return [fromUrl("file", part["document_url"], `${where}.document_url`, text(part["document_name"]))];
    case "file":
      return [filePart(object(part["file"]), part, `${where}.file`)];
    case "thinking":
      return [
        {
          type: "reasoning",
          text: thinkingText(part["thinking"]),
          ...(part["signature"] ? { signature: true } : {}),
        },
      ];
    // Mistral names its sources between the pieces of text.
    case "reference":
      return [{ type: "citation", title: null, url: null, text: null, value: part }];
    case "tool_reference":
      return [
        { type: "citation", title: text(part["title"]), url: text(part["url"]), text: null, value: part },
      ];
    default:
      return [{ type: "unknown", kind, value: part }];
  }
}

function filePart(file: Json, part: Json, where: string): Part {
  const name = text(file["filename"]);
  if (file["file_data"] !== undefined) {
    const data = text(file["file_data"]) ?? "";
    if (/^https?:/.test(data)) return fromUrl("file", data, where, name);
    return fromBase64("file", data, null, `${where}.file_data`, name);
  }
  return byId("file", file["file_id"] ?? part["file_id"]);
}

/** Mistral writes thinking as a list of text parts, others as a string. */
export function thinkingText(thinking: unknown): string {
  if (typeof thinking === "string") return thinking;
  return objects(thinking)
    .map((part) => text(part["text"]) ?? "")
    .join("");
}

/**
 * Reasoning of a message: `reasoning_content` (DeepSeek, xAI, Qwen, vLLM, …), `reasoning` (OpenRouter, Groq),
 * `reasoning_text` (GitHub Copilot), and OpenRouter's `reasoning_details`, which repeat the text and add what is hidden.
 */
export function reasoningParts(message: Json): Part[] {
  const said =
    text(message["reasoning_content"]) || text(message["reasoning"]) || text(message["reasoning_text"]) || "";
  const details = objects(message["reasoning_details"]);
  const signed = details.some((detail) => text(detail["signature"]) !== null);
  const shown =
    said || details.map((detail) => text(detail["text"]) ?? text(detail["summary"]) ?? "").join("");
  const parts: Part[] =
    shown === "" ? [] : [{ type: "reasoning", text: shown, ...(signed && { signature: true }) }];
  for (const detail of details)
    if (detail["type"] === "reasoning.encrypted")
      parts.push({ type: "reasoning", text: null, encrypted: true });
  if (text(message["reasoning_opaque"]) && details.length === 0)
    parts.push({ type: "reasoning", text: null, encrypted: true });
  if (isObject(message["reasoning"]))
    parts.push({ type: "unknown", kind: "reasoning", value: message["reasoning"] });
  return parts;
}

/** The calls of an assistant's message; also the legacy `function_call`. */
export function toolCalls(message: Json): ToolCall[] {
  const calls = objects(message["tool_calls"]).map((call) => {
    const fn = object(call["function"] ?? call["custom"]);
    return {
      id: text(call["id"]),
      name: text(fn["name"]) ?? "",
      arguments: compact(fn["arguments"] ?? fn["input"]),
    };
  });
  const legacy = message["function_call"];
  if (!isObject(legacy)) return calls;
  return [...calls, { id: null, name: text(legacy["name"]) ?? "", arguments: compact(legacy["arguments"]) }];
}

/** Tools that Groq ran itself, with what they gave. */
export function executedParts(message: Json): Part[] {
  return objects(message["executed_tools"]).flatMap((tool): Part[] => {
    const name = text(tool["name"]) ?? text(tool["type"]) ?? "";
    const call: Part = {
      type: "tool_call",
      id: null,
      name,
      arguments: compact(tool["arguments"]),
      by: "server",
    };
    const sources = objects(object(tool["search_results"])["results"]).map((value): Part => ({
      type: "citation",
      title: text(value["title"]),
      url: text(value["url"]),
      text: text(value["content"]),
      value,
    }));
    const output = text(tool["output"]);
    const parts: Part[] = [...(output ? [{ type: "text" as const, text: output }] : []), ...sources];
    if (parts.length === 0) return [call];
    return [call, { type: "tool_result", id: null, name, parts, by: "server" }];
  });
}

export function asParts(calls: readonly ToolCall[]): Part[] {
  return calls.map((call) => ({ type: "tool_call" as const, ...call, by: "client" as const }));
}

/** `tools` of a request, and the legacy `functions`. */
export function toolsOf(body: Json): Tool[] {
  const tools = list(body["tools"]).filter(isObject).map(toolOf);
  const legacy = objects(body["functions"]).map((fn) => functionTool(fn, "function"));
  return [...tools, ...legacy];
}

function toolOf(tool: Json): Tool {
  const kind = text(tool["type"]) ?? "function";
  if (isObject(tool["function"])) return functionTool(tool["function"], kind);
  if (isObject(tool["custom"])) return functionTool(tool["custom"], "custom");
  const name = text(tool["name"]) ?? kind;
  return {
    name,
    description: text(tool["description"]),
    schema: tool["parameters"] ?? null,
    kind,
    by: "server",
  };
}

function functionTool(fn: Json, kind: string): Tool {
  const schema = fn["parameters"] ?? null;
  return { name: text(fn["name"]) ?? "", description: text(fn["description"]), schema, kind, by: "client" };
}
