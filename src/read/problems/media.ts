/** Inline media: is it base64, and is it what it says it is? */
import type { MediaPart, Part, Problem } from "../reading.ts";
import { mimeOf } from "../media.ts";
import { at } from "../path.ts";
import { problem, type Rule } from "./rule.ts";

const DATA = "https://www.rfc-editor.org/rfc/rfc2397";
const BASE64 = "https://www.rfc-editor.org/rfc/rfc4648#section-4";

export const media: readonly Rule[] = [inline];

function inline({ reading, seen }: Parameters<Rule>[0]): Problem[] {
  const parts = reading.messages.flatMap((turn) => turn.parts.flatMap(inner));
  return parts.flatMap((part) => {
    if (!isMedia(part) || part.data === null) return [];
    const value = at(seen.glimpse.requestBody, part.data);
    return typeof value === "string" ? check(part, part.data, value) : [];
  });
}

function inner(part: Part): Part[] {
  return part.type === "tool_result" ? part.parts.flatMap(inner) : [part];
}

function isMedia(part: Part): part is MediaPart {
  return part.type === "image" || part.type === "audio" || part.type === "video" || part.type === "file";
}

function check(part: MediaPart, where: string, value: string): Problem[] {
  const isUrl = /^data:/i.test(value.slice(0, 5));
  // A document may also be plain text.
  if (!isUrl && part.type === "file" && part.mime !== "application/pdf") return [];
  if (isUrl && !/^data:[^,]*;base64,/i.test(value.slice(0, 512))) return [];
  const base64 = (isUrl ? value.slice(value.indexOf(",") + 1) : value).replace(/\s/g, "");
  if (base64 === "") return [problem("error", "media/empty", where, `the ${part.type} is empty`, DATA)];
  if (!/^[A-Za-z0-9+/_-]*={0,2}$/.test(base64) || base64.replace(/=+$/, "").length % 4 === 1)
    return [problem("error", "media/not-base64", where, `the ${part.type} is not valid base64`, BASE64)];
  const found = part.type === "image" ? mimeOf(base64) : null;
  if (part.type !== "image" || part.mime === null) return [];
  if (found === null) {
    if (!KNOWN.has(part.mime)) return [];
    return [
      problem("warning", "media/not-an-image", where, `the data does not begin as ${part.mime} does`, DATA),
    ];
  }
  if (found === part.mime.replace("image/jpg", "image/jpeg")) return [];
  return [
    problem(
      "warning",
      "media/wrong-type",
      where,
      `the image says that it is ${part.mime}, but it is ${found}`,
      DATA,
    ),
  ];
}

const KNOWN = new Set(["image/png", "image/jpeg", "image/jpg", "image/gif", "image/webp"]);
