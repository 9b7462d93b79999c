/** OpenAI Realtime: what both sides say over the WebSocket. Items, parts and deltas are those of Responses. */
import { entriesOf, type Entry } from "../entry.ts";

const CLIENT = "https://platform.openai.com/docs/api-reference/realtime-client-events";
const SERVER = "https://platform.openai.com/docs/api-reference/realtime-server-events";
const VAD = "https://platform.openai.com/docs/guides/realtime-vad";

const { field, event } = entriesOf("openai-realtime", SERVER);

export const openaiRealtime: readonly Entry[] = [
  event(
    "session.update",
    "Client: changes how the session works: voice, instructions, tools, when to answer.",
    "客户端：更改会话设置，如嗓音、指令、工具、何时作答。",
    { source: CLIENT },
  ),
  event(
    "session.created",
    "Server: the connection stands; these are its first settings.",
    "服务端：连接已建立，附上初始设置。",
  ),
  event(
    "session.updated",
    "Server: the settings have changed; here they are in full.",
    "服务端：设置已更新，附上完整设置。",
  ),
  event(
    "conversation.item.create",
    "Client: adds a message, a tool result or earlier history to the conversation.",
    "客户端：向会话加入消息、工具结果或历史内容。",
    { source: CLIENT },
  ),
  event(
    ["conversation.item.added", "conversation.item.created"],
    "Server: an item now stands in the conversation.",
    "服务端：条目已加入会话。",
  ),
  event("conversation.item.done", "Server: this item is complete.", "服务端：该条目已完成。"),
  event(
    ["conversation.item.delete", "conversation.item.deleted"],
    "An item is to be removed from the conversation, or was.",
    "请求删除会话条目，或已删除。",
    { source: CLIENT },
  ),
  event(
    ["conversation.item.truncate", "conversation.item.truncated"],
    "Speech that the person interrupted is cut to what was really heard.",
    "用户打断时，把语音截至实际播放的部分。",
    { source: CLIENT },
  ),
  event(
    [
      "conversation.item.input_audio_transcription.delta",
      "conversation.item.input_audio_transcription.completed",
    ],
    "Server: what the person said, as text.",
    "服务端：用户语音的文字稿。",
  ),
  event(
    "input_audio_buffer.append",
    "Client: the next piece of the microphone's sound.",
    "客户端：麦克风音频的下一段。",
    { source: CLIENT },
  ),
  event(
    ["input_audio_buffer.commit", "input_audio_buffer.committed"],
    "The sound so far becomes a message of the user.",
    "到目前为止的音频成为一条用户消息。",
    { source: CLIENT },
  ),
  event(
    ["input_audio_buffer.clear", "input_audio_buffer.cleared"],
    "The sound so far is thrown away.",
    "丢弃目前缓冲的音频。",
    { source: CLIENT },
  ),
  event(
    ["input_audio_buffer.speech_started", "input_audio_buffer.speech_stopped"],
    "Server: the person has begun or stopped speaking.",
    "服务端：检测到用户开始或停止说话。",
    { source: VAD },
  ),
  event(
    "response.create",
    "Client: the model should answer now. Over Responses' WebSocket it carries the whole request.",
    "客户端：要求模型作答。在 Responses 的 WebSocket 上它携带整个请求。",
    { source: CLIENT, where: ["openai-realtime", "openai-responses"] },
  ),
  event("response.cancel", "Client: stop the answer that is being made.", "客户端：停止正在生成的回答。", {
    source: CLIENT,
  }),
  event(
    "response.done",
    "Server: the answer is over, with its status and token counts.",
    "服务端：回答结束，附状态与 token 用量。",
    { same: "end-of-stream" },
  ),
  event(
    ["response.output_audio.delta", "response.audio.delta"],
    "Server: the next piece of speech in base64.",
    "服务端：语音的下一段（base64）。",
  ),
  event(
    ["response.output_audio.done", "response.audio.done"],
    "Server: the speech is complete.",
    "服务端：语音已完整。",
  ),
  event(
    ["response.output_audio_transcript.delta", "response.audio_transcript.delta"],
    "Server: the next words of what is spoken.",
    "服务端：语音对应文字的下一段。",
    { same: "text-delta" },
  ),
  event(
    ["response.output_audio_transcript.done", "response.audio_transcript.done"],
    "Server: the whole text of what was spoken.",
    "服务端：语音对应的完整文字。",
  ),
  event(
    "response.text.delta",
    "Server: the next piece of the text (older name).",
    "服务端：文本的下一段（旧名称）。",
    { same: "text-delta" },
  ),
  event("rate_limits.updated", "Server: what is left of the rate limits.", "服务端：限流余量。"),
  field(
    "event_id",
    "The id of this message. Errors name the client message that caused them by it.",
    "消息的 id，出错时据此指明是哪条客户端消息。",
  ),
  field("$.session", "The settings of the session.", "会话设置。"),
  field(
    ["session.id", "session.expires_at"],
    "The session's id, and when it ends by itself.",
    "会话的 id 与自动结束的时间。",
  ),
  field(
    "session.type",
    "What the session is for: `realtime` conversation or `transcription`.",
    "会话用途：`realtime` 对话或 `transcription` 转写。",
  ),
  field(
    ["session.modalities", "session.output_modalities"],
    "Whether the model answers in speech or in text.",
    "模型以语音还是文本作答。",
    { same: "modalities" },
  ),
  field(
    ["max_response_output_tokens"],
    "The most tokens one answer may have; `inf` is no limit.",
    "单次回答的 token 上限，`inf` 表示不限。",
    { same: "max-output" },
  ),
  field(
    [
      "session.audio",
      "audio.input",
      "audio.output",
      "audio.output.format",
      "audio.output.voice",
      "audio.input.format",
      "audio.input.noise_reduction",
      "audio.input.transcription",
    ],
    "Format of the sound in both directions, and the voice.",
    "双向音频的格式与嗓音。",
  ),
  field(
    ["turn_detection", "audio.input.turn_detection"],
    "How the server notices that the person has finished.",
    "服务端如何判断用户已说完。",
    { source: VAD },
  ),
  field("response_id", "The answer that this event belongs to.", "事件所属的回答。"),
  field("previous_item_id", "The item after which this one stands.", "该条目排在哪个条目之后。"),
  field("response.status_details", "Why the answer did not end normally.", "回答未正常结束的原因。"),
  field("audio", "Sound in base64.", "base64 编码的音频。"),
  field("transcript", "The spoken words as text.", "语音对应的文字。"),
  field(
    "session.instructions",
    "The system prompt of the session. It holds until it is changed.",
    "会话的系统提示，在更改之前一直有效。",
    { same: "system" },
  ),
];
