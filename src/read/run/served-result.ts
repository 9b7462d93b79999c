/** A tool's result as its server gave it, as evidence. */
import { list, number, text } from "../json.ts";
import { record } from "../mcp/line.ts";
import type { Block, ServedResult } from "./evidence.ts";
import { canonical, excerpt } from "./excerpt.ts";

const BLOCKS = 64;

export function servedResult(result: Record<string, unknown>, most?: number): ServedResult {
  const structured = result["structuredContent"];
  return {
    blocks: list(result["content"])
      .slice(0, BLOCKS)
      .map((block) => blockOf(record(block) ?? {}, most)),
    ...structuredOf(structured, most),
    error: result["isError"] === true,
    meta: Object.keys(record(result["_meta"]) ?? {}).slice(0, 32),
  };
}

function structuredOf(value: unknown, most?: number): Pick<ServedResult, "structured" | "written"> {
  if (value === undefined || value === null) return { structured: null };
  const [sorted, written] = [canonical(value), JSON.stringify(value)];
  const structured = excerpt(sorted, most);
  return sorted === written ? { structured } : { structured, written: excerpt(written, most) };
}

function blockOf(block: Record<string, unknown>, most?: number): Block {
  const type = text(block["type"]) ?? "unknown";
  const inside = record(block["resource"]);
  const words = type === "text" ? text(block["text"]) : type === "resource" ? text(inside?.["text"]) : null;
  const link = type === "resource_link" ? text(block["uri"]) : null;
  const data = text(block["data"]) ?? text(inside?.["blob"]);
  return {
    type,
    said: words !== null ? excerpt(words, most) : link !== null ? excerpt(link, most) : null,
    mime: text(block["mimeType"]) ?? text(inside?.["mimeType"]),
    // Four characters of base64 are three bytes.
    bytes: data === null ? number(block["size"]) : Math.floor((data.length * 3) / 4),
  };
}
