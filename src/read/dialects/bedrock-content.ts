/** Content blocks of Bedrock's Converse, of requests and answers, as parts. A block is an object with one key. */
import { isObject, list, object, objects, text, without, type Json } from "../json.ts";
import { fromBase64 } from "../media.ts";
import type { MediaPart, Part } from "../reading.ts";
import { inputText } from "./cut-input.ts";
import { argumentsOf, word, written } from "./values.ts";

export function contentParts(content: unknown, path: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  return list(content).flatMap((block, i) => blockParts(block, `${path}[${i}]`));
}

function blockParts(block: unknown, path: string): Part[] {
  if (!isObject(block)) return [{ type: "unknown", kind: null, value: block }];
  const [key, value] = Object.entries(block)[0] ?? ["", undefined];
  const given = object(value);
  const at = `${path}.${key}`;
  switch (key) {
    case "text":
      return [{ type: "text", text: text(value) ?? "" }];
    case "toolUse":
      return [call(given)];
    case "toolResult":
      return [result(given, at)];
    case "reasoningContent":
      return [reasoning(given)];
    case "citationsContent":
      return [
        ...contentParts(given["content"], `${at}.content`),
        ...objects(given["citations"]).map(citation),
      ];
    case "image":
    case "video":
    case "audio":
      return [media(key, given, at)];
    case "document":
      return [media("file", given, at)];
    case "guardContent":
      return blockParts("text" in given ? { text: object(given["text"])["text"] } : given, at);
    case "searchResult":
      return [searchResult(given, at)];
    // Where the cache may end: no content of its own.
    case "cachePoint":
      return [];
    case "json":
      return [{ type: "text", text: written(value) }];
    default:
      return [{ type: "unknown", kind: key || null, value: block }];
  }
}

/** A call that Bedrock runs itself says so by its `type`. */
function call(given: Json): Part {
  const by = given["type"] === "server_tool_use" ? "server" : "client";
  const args = inputText(given["input"]);
  return {
    type: "tool_call",
    id: text(given["toolUseId"]),
    name: text(given["name"]) ?? "",
    arguments: args,
    by,
  };
}

function result(given: Json, path: string): Part {
  const by = word(given["type"]) === null || given["type"] === "tool_result" ? "client" : "server";
  const parts = contentParts(given["content"], `${path}.content`);
  const failed = given["status"] === "error";
  return {
    type: "tool_result",
    id: text(given["toolUseId"]),
    name: null,
    parts,
    ...(failed && { error: true }),
    by,
  };
}

function reasoning(given: Json): Part {
  if ("redactedContent" in given) return { type: "reasoning", text: null, redacted: true, encrypted: true };
  const { text: thought, signature } = object(given["reasoningText"]);
  const signed = word(signature) !== null;
  if (!word(thought) && signed) return { type: "reasoning", text: null, encrypted: true, signature: true };
  return { type: "reasoning", text: text(thought) ?? "", ...(signed && { signature: true }) };
}

/** `format` is a word such as `png`; the data is inline or in S3. */
function media(type: MediaPart["type"], given: Json, path: string): MediaPart {
  const format = word(given["format"]);
  const mime = format === null ? null : mimeOf(type, format);
  const name = word(given["name"]);
  const source = object(given["source"]);
  if (source["bytes"] !== undefined)
    return fromBase64(type, source["bytes"], mime, `${path}.source.bytes`, name);
  const url = word(object(source["s3Location"])["uri"]);
  const inline =
    typeof source["text"] === "string" ? "text" : source["content"] === undefined ? null : "content";
  const bytes = inline === null ? null : new TextEncoder().encode(argumentsOf(source[inline])).byteLength;
  return { type, mime, url, data: inline === null ? null : `${path}.source.${inline}`, bytes, name };
}

const DOCUMENTS: Record<string, string> = {
  pdf: "application/pdf",
  csv: "text/csv",
  html: "text/html",
  txt: "text/plain",
  md: "text/markdown",
};

function mimeOf(type: MediaPart["type"], format: string): string | null {
  if (type === "file") return Object.hasOwn(DOCUMENTS, format) ? (DOCUMENTS[format] ?? null) : null;
  return `${type}/${format}`;
}

function citation(value: Json): Part {
  const quoted = objects(value["sourceContent"]).map((piece) => text(piece["text"]) ?? "");
  const web = object(object(value["location"])["web"]);
  return {
    type: "citation",
    title: word(value["title"]) ?? word(web["domain"]),
    url: word(web["url"]) ?? word(value["source"]),
    text: quoted.join("") || null,
    value,
  };
}

function searchResult(given: Json, path: string): Part {
  const words = contentParts(given["content"], `${path}.content`);
  const said = words.map((part) => (part.type === "text" ? part.text : "")).join("");
  const value = without(given, "content");
  return { type: "citation", title: text(given["title"]), url: text(given["source"]), text: said, value };
}
