/** Speech to text (transcriptions, translations) and text to speech, streamed or not. */
import type { Added, Answered, Assembler, Dialect, Glimpse, StreamEvent } from "../dialect.ts";
import { compact, isObject, lengthen, number, object, put, text, without, type Json } from "../json.ts";
import { fromBase64 } from "../media.ts";
import type { Part, Usage } from "../reading.ts";
import { keepAll } from "./keep.ts";
import { chatUsage } from "./openai-usage.ts";
import { folded } from "./stream.ts";
import { errorBeside, plainUsage } from "./values.ts";

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

const SOURCE = "https://platform.openai.com/docs/api-reference/audio/transcript-text-done-event";

function assembler(glimpse: Glimpse): Assembler {
  const whole: Json = {};
  let came = false;
  let over = false;
  const add = (key: string, piece: unknown) =>
    put(whole, key, (text(whole[key]) ?? "") + compact(piece ?? ""));

  function take(json: Json, { name }: StreamEvent): Added[] | null {
    const type = text(json["type"]) ?? name ?? "";
    if (!/^(transcript\.|speech\.)/.test(type) && typeof json["text"] !== "string") return null;
    came = true;
    switch (type) {
      case "speech.audio.delta":
        add("audio", json["audio"]);
        return [{ lane: "text", text: "" }];
      case "transcript.text.delta":
        add("text", json["delta"]);
        return [{ lane: "text", text: compact(json["delta"] ?? "") }];
      case "transcript.text.segment":
        lengthen(whole, "segments", [without(json, "type")]);
        return [];
      default:
        over ||= type.endsWith(".done");
        keepAll(whole, json, "type", "error");
        return isObject(json["usage"]) ? [{ lane: "usage", text: compact(json["usage"]) }] : [];
    }
  }

  return folded(SOURCE, glimpse, () => ({
    take,
    hasSound: true,
    message: () => (came ? whole : null),
    atEnd(tell, done) {
      if (done || over) return;
      const what = "the stream ended without its done event: the transcript is cut off";
      tell(null, "stream/no-terminator", what, "error");
    },
  }));
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
    error: errorBeside(body["error"]),
    ...(transcribed && {
      extra: { transcription: { text: said, language: text(body["language"]), duration_s: duration } },
    }),
  };
}

/** Whisper bills seconds, the newer models tokens. */
function audioUsage(wire: unknown): Usage | null {
  if (object(wire)["type"] !== "duration") return chatUsage(wire);
  return plainUsage(null, null, wire);
}
