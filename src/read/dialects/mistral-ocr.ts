/** Mistral's OCR (POST /v1/ocr): a document or an image in, its pages as Markdown out. https://docs.mistral.ai/api/endpoint/ocr */
import type { Dialect } from "../dialect.ts";
import { isObject, object, objects, text, without } from "../json.ts";
import { fromBase64, fromUrl } from "../media.ts";
import type { Part } from "../reading.ts";
import { contentParts } from "./openai-parts.ts";
import { plainUsage, toldError, word } from "./values.ts";

export const mistralOcr: Dialect = {
  name: "mistral-ocr",
  provider: "mistral",
  bid: ({ path, responseBody }) => {
    if (/\/ocr\/?$/.test(path)) return 0.9;
    return typeof objects(object(responseBody)["pages"])[0]?.["markdown"] === "string" ? 0.7 : 0;
  },
  asked(body) {
    const request = object(body);
    const document = isObject(request["document"]) ? [request["document"]] : [];
    const parts = document.flatMap((one) => documentParts(one));
    return {
      model: word(request["model"]),
      system: [],
      messages: parts.length > 0 ? [{ role: "user", parts }] : [],
      tools: [],
      settings: without(request, "model", "document"),
      streamed: false,
    };
  },
  answered(message) {
    const answer = object(message);
    const pages = objects(answer["pages"]);
    const parts = pages.flatMap((page, i): Part[] => [
      { type: "text", text: `${i > 0 ? "\n\n" : ""}${text(page["markdown"]) ?? ""}` },
      ...objects(page["images"]).map((image, j) =>
        fromBase64(
          "image",
          image["image_base64"],
          null,
          `$.pages[${i}].images[${j}].image_base64`,
          text(image["id"]),
        ),
      ),
    ]);
    const counted = isObject(answer["usage_info"]) ? answer["usage_info"] : null;
    return {
      model: word(answer["model"]),
      choices: "pages" in answer ? [{ parts, finish_reason: null }] : [],
      tool_calls: [],
      // Pages are counted, not tokens.
      usage: counted && plainUsage(null, null, counted),
      error: "pages" in answer ? null : toldError(message),
    };
  },
};

function documentParts(document: Record<string, unknown>): Part[] {
  if (document["type"] === "document_url" && typeof document["document_url"] === "string")
    return [
      fromUrl("file", document["document_url"], "$.document.document_url", text(document["document_name"])),
    ];
  return contentParts([document], "$.document").map((part) =>
    "data" in part && part.data !== null
      ? { ...part, data: part.data.replace("$.document[0]", "$.document") }
      : part,
  );
}
