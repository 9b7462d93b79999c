/** Image generation, edits and variations, streamed or not. */
import type { Added, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { compact, isObject, object, objects, text, without, type Json } from "../json.ts";
import { fromBase64, fromUrl } from "../media.ts";
import type { Part } from "../reading.ts";
import { chatUsage } from "./openai-usage.ts";
import { folded } from "./stream.ts";
import { errorBeside } from "./values.ts";

export const openaiImages: Dialect = {
  name: "openai-images",
  provider: null,
  bid: ({ path, responseBody }) => {
    if (/\/images\/(generations|edits|variations)\/?$/.test(path)) return 0.95;
    return /^image_(generation|edit)\./.test(text(object(responseBody)["type"]) ?? "") ? 0.8 : 0;
  },
  asked: (body) => {
    const request = object(body);
    const prompt = text(request["prompt"]);
    const files = Object.entries(request).filter(([key]) => /^(image|mask)(\[\])?$/.test(key));
    const parts: Part[] = prompt === null ? [] : [{ type: "text", text: prompt }];
    for (const [key, value] of files) parts.push(...imagesIn(key, value));
    return {
      model: text(request["model"]),
      system: [],
      messages: parts.length > 0 ? [{ role: "user", parts }] : [],
      tools: [],
      settings: without(request, "model", "prompt", "image", "image[]", "mask"),
      streamed: request["stream"] === true || request["stream"] === "true",
    };
  },
  assembler,
  answered: (message) => {
    const body = object(message);
    const mime = text(body["output_format"]);
    const images = objects(body["data"]).map((image, i): Part => {
      if (image["url"]) return fromUrl("image", image["url"], `$.data[${i}].url`);
      return fromBase64(
        "image",
        image["b64_json"],
        mime === null ? null : `image/${mime}`,
        `$.data[${i}].b64_json`,
      );
    });
    return {
      model: text(body["model"]),
      choices: images.length > 0 ? [{ parts: images, finish_reason: null }] : [],
      tool_calls: [],
      usage: chatUsage(body["usage"]),
      error: errorBeside(body["error"]),
      ...(images.length > 0 && { extra: { images: { count: images.length } } }),
    };
  },
};

function imagesIn(key: string, value: unknown): Part[] {
  const all = Array.isArray(value) ? value : [value];
  return all.map((one) => {
    if (typeof one === "string") return fromUrl("image", one, `$.${key}`);
    const { filename, type, bytes } = object(one);
    return {
      type: "image",
      mime: text(type),
      url: null,
      data: null,
      bytes: typeof bytes === "number" ? bytes : null,
      name: text(filename),
    };
  });
}

const SOURCE = "https://platform.openai.com/docs/api-reference/images-streaming";

/** The partial images are previews of the one that comes in `completed`. */
function assembler(glimpse: Glimpse): Assembler {
  const finished: Json[] = [];
  let last: Json | null = null;

  function take(json: Json, { name }: StreamEvent): Added[] | null {
    const type = text(json["type"]) ?? name ?? "";
    if (!type.startsWith("image_")) return null;
    last = json;
    if (type.endsWith(".completed")) finished.push(json);
    return isObject(json["usage"])
      ? [{ lane: "usage", text: compact(json["usage"]) }]
      : [{ lane: "control", text: type }];
  }

  function message(): unknown {
    if (last === null) return null;
    const shown = finished.length > 0 ? finished : [last];
    const data = shown.map((image) => without(image, "type", "usage", "created_at", "sequence_number"));
    const { created_at, usage, output_format, size, quality, background } = shown.at(-1) ?? {};
    return { created: created_at, data, output_format, size, quality, background, usage };
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    message,
    atEnd(tell) {
      if (finished.length > 0) return;
      const what = "the stream ended without a completed image: only previews came";
      tell(null, "stream/no-terminator", what, "error");
    },
  }));
}
