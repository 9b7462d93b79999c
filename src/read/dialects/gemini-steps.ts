/** Steps and content of Gemini's Interactions, of requests and answers, as parts. */
import { isObject, list, object, text, type Json } from "../json.ts";
import { fromBase64, fromUrl } from "../media.ts";
import type { MediaPart, Part } from "../reading.ts";
import { inputText } from "./cut-input.ts";
import { mediaKind, word, written } from "./values.ts";

/** Content: a string, one piece or a list of them. */
export function contentParts(content: unknown, path: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (isObject(content)) return stepParts(content, path);
  return list(content).flatMap((piece, i) => stepParts(piece, `${path}[${i}]`));
}

/** Who said a step; content without a step around it is the user's. */
export function roleOf(type: string | null): string {
  if (type === null || type === "user_input" || type === "function_result") return "user";
  const model = type === "model_output" || type === "thought" || /_(call|result)$/.test(type);
  return model ? "assistant" : "user";
}

export function stepParts(step: unknown, path: string): Part[] {
  if (typeof step === "string") return [{ type: "text", text: step }];
  if (!isObject(step)) return [{ type: "unknown", kind: null, value: step }];
  const type = text(step["type"]);
  switch (type) {
    case "user_input":
    case "model_output":
      return contentParts(step["content"], `${path}.content`);
    case "text":
      return [{ type: "text", text: text(step["text"]) ?? "" }, ...list(step["annotations"]).map(citation)];
    case "thought":
      return thought(step, path);
    case "image":
    case "audio":
    case "video":
    case "document":
    case "file":
      return [media(type, step, path)];
    default:
      if (type?.endsWith("_call")) return [call(step, type)];
      if (type?.endsWith("_result")) return [result(step, type, path)];
      return [{ type: "unknown", kind: type, value: step }];
  }
}

/** A summary may be there or not; the signature alone says that there were thoughts. */
function thought(step: Json, path: string): Part[] {
  const signed = word(step["signature"]) !== null;
  const summary = contentParts(step["summary"], `${path}.summary`);
  const said = summary.map((part) => (part.type === "text" ? part.text : "")).join("");
  const shown = summary.filter((part) => part.type !== "text");
  const signature = signed ? { signature: true } : {};
  const part: Part =
    said === ""
      ? { type: "reasoning", text: null, encrypted: true, ...signature }
      : { type: "reasoning", text: said, ...signature };
  return [part, ...shown];
}

function media(type: string, step: Json, path: string): MediaPart {
  const mime = text(step["mime_type"]);
  const kind = type === "document" || type === "file" ? mediaKind(mime) : (type as MediaPart["type"]);
  const name = word(step["name"]);
  if (step["data"] !== undefined) return fromBase64(kind, step["data"], mime, `${path}.data`, name);
  return { ...fromUrl(kind, step["uri"], `${path}.uri`, name), mime };
}

function call(step: Json, type: string): Part {
  const by = type === "function_call" ? "client" : "server";
  const name = word(step["name"]) ?? type.replace(/_call$/, "");
  return { type: "tool_call", id: text(step["id"]), name, arguments: inputText(step["arguments"]), by };
}

function result(step: Json, type: string, path: string): Part {
  const by = type === "function_result" ? "client" : "server";
  const name = word(step["name"]) ?? (by === "client" ? null : type.replace(/_result$/, ""));
  const failed = step["is_error"] === true;
  const parts = resultParts(step["result"], `${path}.result`);
  return { type: "tool_result", id: text(step["call_id"]), name, parts, ...(failed && { error: true }), by };
}

/** Anything: text, content, or an object of the tool's own. */
function resultParts(value: unknown, path: string): Part[] {
  if (value === undefined || value === null) return [];
  if (typeof value === "string") return [{ type: "text", text: value }];
  if (Array.isArray(value)) return value.flatMap((each, i) => resultParts(each, `${path}[${i}]`));
  if (!isObject(value)) return [{ type: "text", text: written(value) }];
  if (typeof value["type"] === "string") return stepParts(value, path);
  if (typeof value["url"] === "string") {
    return [
      {
        type: "citation",
        title: text(value["title"]),
        url: value["url"],
        text: text(value["snippet"]),
        value,
      },
    ];
  }
  return [{ type: "text", text: written(value) }];
}

function citation(value: unknown): Part {
  const given = object(value);
  return {
    type: "citation",
    title: text(given["title"]) ?? text(given["file_name"]),
    url: text(given["url"]) ?? text(given["uri"]) ?? text(given["document_uri"]) ?? text(given["source"]),
    text: text(given["cited_text"]) ?? text(given["snippet"]),
    value,
  };
}
