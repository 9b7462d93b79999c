/** How much of a request a part takes, in characters of text. */
import { compact } from "../json.ts";
import type { Part } from "../reading.ts";

/** A picture is some hundred to some thousand tokens, whatever its bytes; a file's bytes are mostly its words. */
const PICTURE = 6_000;
const LARGEST_FILE = 400_000;

export function partChars(part: Part): number {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text.length;
    case "reasoning":
      return part.text?.length ?? 0;
    case "tool_call":
      return part.name.length + part.arguments.length;
    case "tool_result":
      return part.parts.reduce((sum, one) => sum + partChars(one), 0);
    case "image":
    case "video":
      return PICTURE;
    case "audio":
    case "file":
      return Math.min(part.bytes ?? PICTURE, LARGEST_FILE);
    case "citation":
      return (part.title?.length ?? 0) + (part.text?.length ?? 0);
    case "unknown":
      return compact(part.value).length;
    default:
      return part satisfies never;
  }
}
