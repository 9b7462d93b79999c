/** Speech to text (transcriptions, translations) and text to speech, streamed or not. */
import type { Answered, Assembler, Dialect } from "../dialect.ts";
import { wireError } from "../error.ts";
import { compact, isObject, lengthen, number, object, put, text, without, type Json } from "../json.ts";
import { fromBase64 } from "../media.ts";
import type { Part, Usage } from "../reading.ts";
import { chatUsage } from "./openai-usage.ts";

export const openaiAudio: Dialect = {
  name: "openai-audio",
  provider: null,
  bid: ({ path, responseBody }) => {
    if (/\/audio\/(transcriptions|translations|speech)\/?$/.test(path)) return 0.95;
    return /^(transcript\.text|speech\.audio)\./.test(text(object(responseBody)["type"]) ?? "") ? 0.8 : 0;
  },
  asked: (body) => {
    const request = object(body);
    const parts: Part[] = [];
    const spoken = text(request["input"]);
    if (spoken !== null) parts.push({ type: "text", text: spoken });
    const { filename, type, bytes } = object(request["file"]);
    if (isObject(request["file"]))
      parts.push({
        type: "audio",
        mime: text(type),
        url: null,
        data: null,
        bytes: number(bytes),
        name: text(filename),
      });
    const instructions = text(request["instructions"]);
    return {
      model: text(request["model"]),
      system: instructions ? [{ type: "text", text: instructions }] : [],
      messages: parts.length > 0 ? [{ role: "user", parts }] : [],
      tools: [],
      settings: without(request, "model", "file", "input", "instructions"),
      streamed:
        request["stream"] === true || request["stream"] === "true" || request["stream_format"] === "sse",
    };
  },
  assembler,
  answered,
};

function assembler(): Assembler {
  const whole: Json = {};
  let done = false;
  let count = 0;
  let token: number | null = null;
  const add = (key: string, piece: unknown) =>
    put(whole, key, (text(whole[key]) ?? "") + compact(piece ?? ""));
  return {
    add: ({ data, json, n }) => {
      if (data.trim() === "[DONE]") done = true;
      if (!isObject(json)) return [];
      count += 1;
      const type = text(json["type"]) ?? "";
      if (json["error"] || type === "error") {
        put(whole, "error", json["error"] ?? json);
        return [{ lane: "error", text: wireError(json)?.message ?? "error" }];
      }
      if (type === "transcript.text.delta" || type === "speech.audio.delta") {
        token ??= n;
        if (type === "speech.audio.delta") add("audio", json["audio"]);
        else add("text", json["delta"]);
        return [{ lane: "text", text: type === "speech.audio.delta" ? "" : compact(json["delta"] ?? "") }];
      }
      if (type === "transcript.text.segment") {
        lengthen(whole, "segments", [without(json, "type")]);
        return [];
      }
      done ||= type.endsWith(".done");
      for (const [key, value] of Object.entries(json)) if (key !== "type") put(whole, key, value);
      return isObject(json["usage"]) ? [{ lane: "usage", text: compact(json["usage"]) }] : [];
    },
    message: () => (count === 0 ? null : whole),
    problems: (ended) => {
      if (!ended || done || count === 0 || whole["error"]) return [];
      const what = "the stream ended without its done event: the transcript is cut off";
      const source = "https://platform.openai.com/docs/api-reference/audio/transcript-text-done-event";
      return [{ where: "stream", what, rule: "stream/no-terminator", severity: "error", source }];
    },
    firstToken: () => token,
  };
}

/** A transcript is JSON, or with `response_format` text, srt or vtt the body itself. */
function answered(message: unknown, { path }: { path: string }): Answered {
  const body = object(message);
  const said = typeof message === "string" ? message : text(body["text"]);
  const speech =
    typeof body["audio"] === "string" ? fromBase64("audio", body["audio"], null, "$.audio") : null;
  const duration = number(body["duration"]) ?? number(object(body["usage"])["seconds"]);
  const transcribed = said !== null && !path.endsWith("/speech");
  const parts: Part[] = [
    ...(transcribed && said !== "" ? [{ type: "text" as const, text: said }] : []),
    ...(speech ? [speech] : []),
  ];
  return {
    model: text(body["model"]),
    choices: parts.length > 0 ? [{ parts, finish_reason: null }] : [],
    tool_calls: [],
    usage: audioUsage(body["usage"]),
    error: body["error"] ? { status: null, ...(wireError(body) ?? { type: null, message: "" }) } : null,
    ...(transcribed && {
      extra: { transcription: { text: said, language: text(body["language"]), duration_s: duration } },
    }),
  };
}

/** Whisper bills seconds, the newer models tokens. */
function audioUsage(wire: unknown): Usage | null {
  if (object(wire)["type"] !== "duration") return chatUsage(wire);
  return { input: null, output: null, total: null, cached: null, cache_write: null, reasoning: null, wire };
}
