/**
 * Films and pictures that are made in the background: OpenAI's videos (POST /videos), Google's Imagen and Veo (`:predict`,
 * `:predictLongRunning` and the operations that they leave).
 */
import type { Asked, Dialect } from "../dialect.ts";
import { isObject, list, number, object, objects, text, without, type Json } from "../json.ts";
import { fromBase64, fromUrl } from "../media.ts";
import type { MediaPart, Part } from "../reading.ts";
import { modelOf } from "./gemini.ts";
import { errorBeside, first, mediaKind, toldError, word } from "./values.ts";

export const openaiVideos: Dialect = {
  name: "openai-videos",
  provider: "openai",
  bid: ({ path, responseBody }) => {
    if (/\/v1\/videos(\/[^/]+)?(\/(remix|content|edits|extensions))?\/?$/.test(path)) return 0.9;
    return object(responseBody)["object"] === "video" ? 0.85 : 0;
  },
  asked(body) {
    const request = object(body);
    const parts: Part[] = text(request["prompt"])
      ? [{ type: "text", text: text(request["prompt"]) ?? "" }]
      : [];
    const given = object(request["input_reference"]);
    if (isObject(request["input_reference"]))
      parts.push({
        type: mediaKind(text(given["type"])),
        mime: text(given["type"]),
        url: null,
        data: null,
        bytes: number(given["bytes"]),
        name: text(given["filename"]),
      });
    return askedOf(word(request["model"]), parts, without(request, "model", "prompt", "input_reference"));
  },
  answered(message) {
    const answer = object(message);
    const made = answer["object"] === "video";
    const film: MediaPart = {
      type: "video",
      mime: null,
      url: null,
      data: null,
      bytes: null,
      name: text(answer["id"]),
    };
    return {
      model: word(answer["model"]),
      choices: made
        ? [{ parts: answer["status"] === "completed" ? [film] : [], finish_reason: text(answer["status"]) }]
        : [],
      tool_calls: [],
      usage: null,
      error: made ? errorBeside(answer["error"]) : answer["object"] === "list" ? null : toldError(message),
    };
  },
};

export const geminiPredict: Dialect = {
  name: "gemini-predict",
  provider: "gemini",
  bid: ({ path, responseBody }) => {
    if (/:(predict|predictLongRunning|fetchPredictOperation)$/.test(path)) return 0.9;
    const name = text(object(responseBody)["name"]) ?? "";
    if (/\/models\/[^/]+\/operations\//.test(path)) return 0.96;
    return /\/models\/.*\/operations\//.test(name) ? 0.8 : 0;
  },
  asked(body, { path }) {
    const request = object(body);
    const instances = objects(request["instances"]);
    const parts = instances.flatMap((instance, i): Part[] => [
      ...(text(instance["prompt"]) ? [{ type: "text" as const, text: text(instance["prompt"]) ?? "" }] : []),
      ...["image", "lastFrame", "video"].flatMap((key) => {
        const one = object(instance[key]);
        return isObject(instance[key]) ? [mediaIn(one, `$.instances[${i}].${key}`)] : [];
      }),
    ]);
    return askedOf(modelOf(path) ?? /\/models\/([^/:]+)/.exec(path)?.[1] ?? null, parts, {
      ...object(request["parameters"]),
      ...without(request, "instances", "parameters"),
    });
  },
  answered(message) {
    const answer = object(message);
    const response = object(answer["response"]);
    const made = [
      ...places(answer, "predictions", "$.predictions"),
      ...places(response, "videos", "$.response.videos"),
      ...objects(object(response["generateVideoResponse"])["generatedSamples"]).map((sample) =>
        mediaIn(object(sample["video"]), "$.response", "video"),
      ),
    ];
    const operation = text(answer["name"]) !== null;
    const images = made.filter(({ type }) => type === "image");
    const reason = operation ? (answer["done"] === true ? "completed" : "in_progress") : null;
    return {
      model: null,
      choices: made.length > 0 || operation ? [{ parts: made, finish_reason: reason }] : [],
      tool_calls: [],
      usage: null,
      error: answer["error"]
        ? errorBeside(answer["error"])
        : made.length > 0 || operation
          ? null
          : toldError(message),
      ...(images.length > 0 && { extra: { images: { count: images.length } } }),
    };
  },
};

function askedOf(model: string | null, parts: Part[], settings: Json): Asked {
  const messages = parts.length > 0 ? [{ role: "user", parts }] : [];
  return { model, system: [], messages, tools: [], settings, streamed: false };
}

function places(holder: Json, key: string, where: string): MediaPart[] {
  return list(holder[key]).flatMap((one, i) => {
    const media = object(one);
    const holds = ["bytesBase64Encoded", "gcsUri", "uri"].some((name) => name in media);
    return holds ? [mediaIn(media, `${where}[${i}]`)] : [];
  });
}

function mediaIn(media: Json, where: string, kind?: MediaPart["type"]): MediaPart {
  const mime = text(media["mimeType"]);
  const type = kind ?? mediaKind(mime);
  if (typeof media["bytesBase64Encoded"] === "string")
    return fromBase64(type, media["bytesBase64Encoded"], mime, `${where}.bytesBase64Encoded`);
  return { ...fromUrl(type, first(media, "gcsUri", "uri", "url"), `${where}.uri`), mime };
}
