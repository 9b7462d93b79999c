/** Gemini's content parts, of requests and answers, as parts. */
import { isObject, list, object, text, without, type Json } from "../json.ts";
import { fromBase64, fromUrl } from "../media.ts";
import type { Part } from "../reading.ts";
import { argumentsOf, first, mediaKind, word } from "./values.ts";

/** A Content (`{ role, parts }`), a list of parts, one part, or a string. `path` is its JSON path in the body. */
export function contentParts(content: unknown, path: string): Part[] {
  if (typeof content === "string") return content === "" ? [] : [{ type: "text", text: content }];
  if (Array.isArray(content)) return content.flatMap((part, i) => partParts(part, `${path}[${i}]`));
  if (!isObject(content)) return [];
  const { parts } = content;
  if (Array.isArray(parts)) return contentParts(parts, `${path}.parts`);
  if (isObject(parts) || typeof parts === "string") return contentParts([parts], `${path}.parts`);
  return Object.keys(without(content, "role")).length === 0 ? [] : partParts(content, path);
}

function partParts(part: unknown, path: string): Part[] {
  if (typeof part === "string") return [{ type: "text", text: part }];
  if (!isObject(part)) return [{ type: "unknown", kind: null, value: part }];
  const signed = word(first(part, "thoughtSignature", "thought_signature")) !== null;
  const thought = part["thought"] === true;
  if (thought && typeof part["text"] === "string") {
    return [{ type: "reasoning", text: part["text"], ...(signed && { signature: true }) }];
  }
  // A signature on anything else stands for thoughts that are not shown.
  const hidden: Part[] = signed ? [{ type: "reasoning", text: null, encrypted: true, signature: true }] : [];
  return [...hidden, ...spokenParts(part, path)];
}

function spokenParts(part: Json, path: string): Part[] {
  if (typeof part["text"] === "string") {
    const { text: said } = part;
    return said === "" ? [] : [{ type: "text", text: said }];
  }
  for (const [key, value] of Object.entries(part)) {
    const made = madeFrom(key, value, `${path}.${key}`);
    if (made !== null) return [made];
  }
  const rest = without(part, "thoughtSignature", "thought_signature", "thought");
  return Object.keys(rest).length === 0
    ? []
    : [{ type: "unknown", kind: Object.keys(rest)[0] ?? null, value: part }];
}

function madeFrom(key: string, value: unknown, path: string): Part | null {
  const given = object(value);
  const id = text(given["id"]);
  switch (key) {
    case "functionCall":
    case "function_call":
      return call(id, text(given["name"]), given["args"], "client");
    case "functionResponse":
    case "function_response":
      return result(given, path);
    case "toolCall":
    case "tool_call":
      return call(id, text(first(given, "toolType", "tool_type", "name")), given["args"], "server");
    case "toolResponse":
    case "tool_response": {
      const parts: Part[] = [{ type: "text", text: argumentsOf(given["response"]) }];
      const name = text(first(given, "toolType", "tool_type", "name"));
      return { type: "tool_result", id, name, parts, by: "server" };
    }
    case "executableCode":
    case "executable_code":
      return call(id, "code_execution", without(given, "id"), "server");
    case "codeExecutionResult":
    case "code_execution_result":
      return executed(given, id);
    case "inlineData":
    case "inline_data": {
      const mime = text(first(given, "mimeType", "mime_type"));
      const name = word(first(given, "displayName", "display_name"));
      return fromBase64(mediaKind(mime), given["data"], mime, `${path}.data`, name);
    }
    case "fileData":
    case "file_data": {
      const mime = text(first(given, "mimeType", "mime_type"));
      const name = word(first(given, "displayName", "display_name"));
      return {
        ...fromUrl(mediaKind(mime), first(given, "fileUri", "file_uri"), `${path}.fileUri`, name),
        mime,
      };
    }
    default:
      return null;
  }
}

function call(id: string | null, name: string | null, args: unknown, by: "client" | "server"): Part {
  return { type: "tool_call", id, name: name ?? "", arguments: argumentsOf(args), by };
}

function result(given: Json, path: string): Part {
  const response = given["response"];
  const shown = contentParts(list(given["parts"]), `${path}.parts`);
  const parts: Part[] = [{ type: "text", text: argumentsOf(response) }, ...shown];
  const failed = isObject(response) && "error" in response && response["error"] != null;
  const id = text(given["id"]);
  return {
    type: "tool_result",
    id,
    name: text(given["name"]),
    parts,
    ...(failed && { error: true }),
    by: "client",
  };
}

/** `outcome` is a word, or a number where enums are numbers (1 is OUTCOME_OK). */
function executed(given: Json, id: string | null): Part {
  const { outcome } = given;
  const failed = outcome !== "OUTCOME_OK" && outcome !== 1;
  const parts: Part[] = [{ type: "text", text: text(given["output"]) ?? (failed ? String(outcome) : "") }];
  return {
    type: "tool_result",
    id,
    name: "code_execution",
    parts,
    ...(failed && { error: true }),
    by: "server",
  };
}

/** The parts of a candidate, then what it says of its sources. */
export function candidateParts(candidate: unknown, path: string): Part[] {
  const content = contentParts(object(candidate)["content"], `${path}.content`);
  const grounding = object(first(candidate, "groundingMetadata", "grounding_metadata"));
  const queries = list(first(grounding, "webSearchQueries", "web_search_queries"));
  const searched: Part[] = queries.length > 0 ? [call(null, "google_search", { queries }, "server")] : [];
  const supports = list(first(grounding, "groundingSupports", "grounding_supports"));
  const chunks = list(first(grounding, "groundingChunks", "grounding_chunks"));
  const cited = object(first(candidate, "citationMetadata", "citation_metadata"));
  const sources = list(first(cited, "citationSources", "citations", "citation_sources"));
  const fetched = list(first(first(candidate, "urlContextMetadata", "url_context_metadata"), "urlMetadata"));
  return [
    ...searched,
    ...content,
    ...chunks.map((chunk, i) => grounded(chunk, i, supports)),
    ...sources.map((value): Part => ({
      type: "citation",
      title: text(object(value)["title"]),
      url: text(object(value)["uri"]),
      text: null,
      value,
    })),
    ...fetched.map((value): Part => ({
      type: "citation",
      title: null,
      url: text(first(value, "retrievedUrl", "retrieved_url")),
      text: null,
      value,
    })),
  ];
}

/** A source with the pieces of the answer that rest on it. */
function grounded(chunk: unknown, index: number, supports: unknown[]): Part {
  const [kind] = Object.values(object(chunk)).filter(isObject);
  const resting = supports.filter((support) =>
    list(first(support, "groundingChunkIndices", "grounding_chunk_indices")).includes(index),
  );
  const said = resting
    .map((support) => text(object(object(support)["segment"])["text"]))
    .filter((words) => words !== null);
  return {
    type: "citation",
    title: text(first(kind, "title", "documentName")),
    url: text(first(kind, "uri")),
    text: said.length > 0 ? said.join(" … ") : null,
    value: resting.length > 0 ? { ...object(chunk), supports: resting } : chunk,
  };
}
