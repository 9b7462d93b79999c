/** Anthropic's content blocks, of requests and answers, as parts. */
import { isObject, list, object, objects, text } from "../json.ts";
import { byId, fromBase64, fromUrl } from "../media.ts";
import type { Part } from "../reading.ts";
import { inputText } from "./cut-input.ts";
import { argumentsOf, word } from "./values.ts";

/** A string or a list of blocks. `path` is its JSON path in the body. */
export function contentParts(content: unknown, path: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (isObject(content)) return blockParts(content, path);
  return list(content).flatMap((block, i) => blockParts(block, `${path}[${i}]`));
}

function blockParts(block: unknown, path: string): Part[] {
  if (typeof block === "string") return [{ type: "text", text: block }];
  if (!isObject(block)) return [unknown(block)];
  const type = text(block["type"]);
  switch (type) {
    case "text":
      return [{ type: "text", text: text(block["text"]) ?? "" }, ...list(block["citations"]).map(citation)];
    case "thinking":
      return [thinking(block)];
    case "redacted_thinking":
      return [{ type: "reasoning", text: null, redacted: true, encrypted: true }];
    case "tool_use":
      return [call(block, "client")];
    case "server_tool_use":
    case "mcp_tool_use":
      return [call(block, "server")];
    case "tool_result":
      return [result(block, path, "client")];
    case "image":
      return [sourced("image", block, path)];
    case "document":
      return [sourced("file", block, path)];
    case "container_upload":
      return [byId("file", block["file_id"])];
    case "browser_state":
      return [{ type: "text", text: browserState(block) }];
    case "search_result":
      return [searchResult(block, path)];
    default:
      if (type?.endsWith("_tool_result")) return [result(block, path, "server")];
      return [unknown(block)];
  }
}

/** What stands open in the browser that the client drives, and what happened since. */
function browserState(block: Record<string, unknown>): string {
  const tabs = objects(block["tabs"]).map((tab) => `${text(tab["title"]) ?? ""} <${text(tab["url"]) ?? ""}>`);
  const changes = objects(block["state_changes"]).map((change) => {
    const about = text(change["url"]) ?? text(change["path"]) ?? text(change["tab_id"]) ?? "";
    return `${text(change["type"]) ?? "change"} ${about}`.trim();
  });
  return [...tabs, ...changes].join("\n");
}

function unknown(value: unknown): Part {
  return { type: "unknown", kind: text(object(value)["type"]), value };
}

/** Newer models may leave the text out and sign the thinking only. */
function thinking(block: Record<string, unknown>): Part {
  const signed = word(block["signature"]) !== null;
  const thought = text(block["thinking"]) ?? "";
  const signature = signed ? { signature: true } : {};
  if (thought === "" && signed) return { type: "reasoning", text: null, encrypted: true, ...signature };
  return { type: "reasoning", text: thought, ...signature };
}

function call(block: Record<string, unknown>, by: "client" | "server"): Part {
  const args = inputText(block["input"]);
  return { type: "tool_call", id: text(block["id"]), name: text(block["name"]) ?? "", arguments: args, by };
}

function result(block: Record<string, unknown>, path: string, by: "client" | "server"): Part {
  const content = block["content"];
  const failed = block["is_error"] === true || text(object(content)["type"])?.endsWith("_error") === true;
  const parts =
    by === "client" ? contentParts(content, `${path}.content`) : serverResult(content, `${path}.content`);
  const id = text(block["tool_use_id"]);
  return { type: "tool_result", id, name: null, parts, ...(failed && { error: true }), by };
}

/** What a tool that ran at Anthropic gave: a list, or an object whose type says what it is. */
function serverResult(content: unknown, path: string): Part[] {
  if (Array.isArray(content)) return content.flatMap((each, i) => serverResult(each, `${path}[${i}]`));
  if (!isObject(content)) return contentParts(content, path);
  const type = text(content["type"]);
  switch (type) {
    case "web_search_result": {
      const { title, url } = content;
      return [{ type: "citation", title: text(title), url: text(url), text: null, value: content }];
    }
    case "web_fetch_result":
      return [
        { type: "citation", title: null, url: text(content["url"]), text: null, value: fetched(content) },
        ...contentParts(content["content"], `${path}.content`),
      ];
    case "advisor_result":
      return [{ type: "text", text: text(content["text"]) ?? "" }];
    case "advisor_redacted_result":
      return [{ type: "reasoning", text: null, redacted: true, encrypted: true }];
    case "code_execution_result":
    case "bash_code_execution_result":
    case "encrypted_code_execution_result":
      return ran(content);
    case "text_editor_code_execution_view_result":
      return contentParts(content["content"], `${path}.content`);
    case "text_editor_code_execution_create_result":
      return [{ type: "text", text: content["is_file_update"] === true ? "file updated" : "file created" }];
    case "text_editor_code_execution_str_replace_result":
      return [{ type: "text", text: list(content["lines"]).join("\n") }];
    default:
      if (type?.endsWith("_error") && typeof content["error_code"] === "string") {
        const why = [content["error_code"], text(content["error_message"])].filter((word) => word !== null);
        return [{ type: "text", text: why.join(": ") }];
      }
      return contentParts(content, path);
  }
}

/** What a program said, the files it made, and that it failed. */
function ran(content: Record<string, unknown>): Part[] {
  const code = content["return_code"];
  const said = [
    text(content["stdout"]),
    text(content["stderr"]),
    code === 0 ? null : `return code ${String(code)}`,
  ];
  const hidden: Part[] =
    word(content["encrypted_stdout"]) === null
      ? []
      : [{ type: "unknown", kind: "encrypted_stdout", value: content }];
  const files = list(content["content"]).map((file) => byId("file", object(file)["file_id"]));
  const texts = said
    .filter((out) => out !== null && out !== "")
    .map((out): Part => ({ type: "text", text: out ?? "" }));
  return [...texts, ...hidden, ...files];
}

function fetched(content: Record<string, unknown>): unknown {
  const { content: _document, ...about } = content;
  return about;
}

function citation(value: unknown): Part {
  const given = object(value);
  return {
    type: "citation",
    title: text(given["title"]) ?? text(given["document_title"]),
    url: text(given["url"]) ?? text(given["source"]),
    text: text(given["cited_text"]),
    value,
  };
}

function searchResult(block: Record<string, unknown>, path: string): Part {
  const words = contentParts(block["content"], `${path}.content`);
  const said = words.map((part) => (part.type === "text" ? part.text : "")).join("");
  return {
    type: "citation",
    title: text(block["title"]),
    url: text(block["source"]),
    text: said,
    value: block,
  };
}

/** An image or a document: inline as base64 or text, by link, or by the id of an uploaded file. */
function sourced(type: "image" | "file", block: Record<string, unknown>, path: string): Part {
  const source = object(block["source"]);
  const mime = text(source["media_type"])?.toLowerCase() ?? null;
  const name = word(block["title"]);
  const at = `${path}.source`;
  switch (source["type"]) {
    case "base64":
      return fromBase64(type, source["data"], mime, `${at}.data`, name);
    case "url":
      return { ...fromUrl(type, source["url"], `${at}.url`, name), mime };
    case "file":
      return { ...byId(type, source["file_id"], mime), ...(name !== null && { name }) };
    case "text":
    case "content": {
      const key = source["type"] === "text" ? "data" : "content";
      const bytes = new TextEncoder().encode(argumentsOf(source[key])).byteLength;
      return { type, mime, url: null, data: `${at}.${key}`, bytes, name };
    }
    default:
      return unknown(block);
  }
}
