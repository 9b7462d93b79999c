/** What is not one question and one answer: batches, runs of assistants, sessions of agents and of voices, films. */
import { entriesOf, type Entry } from "../entry.ts";

const batch = entriesOf("batches", "https://platform.openai.com/docs/api-reference/batch");
const assistant = entriesOf(
  "openai-assistants",
  "https://platform.openai.com/docs/api-reference/assistants-streaming",
);
const agent = entriesOf("openai-agents", "https://platform.openai.com/docs/api-reference/agents");
const live = entriesOf("openai-live", "https://platform.openai.com/docs/api-reference/live");
const video = entriesOf("openai-videos", "https://platform.openai.com/docs/api-reference/videos");
const BATCHES = "https://platform.claude.com/docs/en/build-with-claude/batch-processing";

export const jobsAndSessions: readonly Entry[] = [
  batch.field(
    ["input_file_id", "output_file_id", "error_file_id", "results_url"],
    "Where the requests of the batch lie, and where their answers and errors will be.",
    "批处理的请求所在之处，以及结果与错误的存放之处。",
  ),
  batch.field(
    ["endpoint", "completion_window"],
    "To which API every request of the batch goes, and within which time all are answered.",
    "批处理中每个请求发往的 API，以及完成时限。",
  ),
  batch.field(
    ["requests", "requests[].params", "params.model", "params.messages"],
    "The requests of the batch, each as it would be sent alone.",
    "批处理中的请求，每个都与单独发送时相同。",
    { source: BATCHES },
  ),
  batch.field(
    ["requests[].custom_id", "custom_id"],
    "Your own name of the request: results come in any order and are found by it.",
    "自定的请求名称：结果顺序不定，靠它对应。",
    { source: BATCHES },
  ),
  batch.field(["processing_status", "$.status"], "How far the batch is.", "批处理的进度。", {
    source: BATCHES,
  }),
  batch.field(
    [
      "request_counts",
      "request_counts.total",
      "request_counts.completed",
      "request_counts.failed",
      "request_counts.processing",
      "request_counts.succeeded",
      "request_counts.errored",
      "request_counts.canceled",
      "request_counts.expired",
    ],
    "How many of the requests are in which state.",
    "处于各状态的请求数量。",
  ),
  batch.field(
    ["archived_at", "cancel_initiated_at", "ended_at", "expires_at"],
    "When the batch ended, was called off, expires or was put away.",
    "批处理结束、取消、过期或归档的时间。",
    { source: BATCHES },
  ),
  batch.field(
    "$.errors",
    "What is wrong with the file of requests, line by line.",
    "请求文件中的错误，逐行列出。",
  ),
  batch.field(
    ["result", "result.message", "result.error", "result.error.error"],
    "What became of one request: the message it would have got alone, or why it failed.",
    "某个请求的结果：与单独请求时相同的消息，或失败原因。",
    { source: BATCHES },
  ),

  assistant.event(
    ["thread.created", "thread.run.created", "thread.run.step.created", "thread.message.created"],
    "Something new: a thread, a run of an assistant over it, a step of that run, a message that it writes.",
    "新建：线程、助手在其上的运行、运行的步骤，或其写出的消息。",
  ),
  assistant.event("thread.message.delta", "The next piece of the message's text.", "消息文本的下一片段。", {
    same: "text-delta",
  }),
  assistant.event(
    "thread.run.step.delta",
    "The next piece of a step: of a tool call's arguments, or of code.",
    "步骤的下一片段：工具调用参数或代码。",
  ),
  assistant.event("thread.message.completed", "The message is whole.", "消息已完整。"),
  assistant.event("thread.run.completed", "The run has come to its end.", "运行已结束。"),
  assistant.event(
    "thread.run.requires_action",
    "The run waits for the client to run these tools and hand in what they gave.",
    "运行在等待客户端执行这些工具并提交结果。",
  ),
  assistant.event("done", "The last event of the stream.", "流的最后一个事件。", { same: "stream-end" }),
  assistant.field(
    ["assistant_id", "thread_id", "run_id"],
    "Which stored assistant works on which thread, in which run.",
    "由哪个已保存的助手、在哪个线程、以哪次运行进行。",
  ),
  assistant.field(
    ["$.thread", "thread.messages", "additional_messages", "additional_messages[].content"],
    "Messages that the thread begins with, or that are added for this run.",
    "线程开头的消息，或为本次运行追加的消息。",
  ),
  assistant.field(
    [
      "delta.content",
      "delta.content[].index",
      "content[].text.value",
      "delta.content[].text.value",
      "content",
    ],
    "The parts of the message; texts are objects here, with a value and its annotations.",
    "消息的各部分；这里的文本是带有值与注释的对象。",
  ),
  assistant.field(
    [
      "step_details",
      "delta.step_details",
      "step_details.tool_calls",
      "step_details.message_creation",
      "message_creation.message_id",
    ],
    "What the step does: write a message, or call tools.",
    "该步骤所做的事：写消息或调用工具。",
  ),
  assistant.field(
    ["required_action", "required_action.submit_tool_outputs", "submit_tool_outputs.tool_calls"],
    "The calls that the run waits for.",
    "运行所等待的工具调用。",
  ),
  assistant.field(
    "last_error",
    "Why the run failed; null while all is well.",
    "运行失败的原因；正常时为 null。",
  ),

  agent.event(
    ["agent.session.created", "agent.session.turn.created", "agent.session.turn.item.added"],
    "Something new: a session of a hosted agent, a turn in it, an item of that turn.",
    "新建：托管智能体的会话、其中的一轮，或该轮的条目。",
  ),
  agent.event("agent.session.turn.output_text.delta", "The next piece of the text.", "文本的下一片段。", {
    same: "text-delta",
  }),
  agent.event(
    "agent.session.turn.completed",
    "The turn is over; its counts stand here.",
    "本轮结束，此处有其用量。",
  ),
  agent.event(
    "agent.session.idle",
    "The agent has nothing to do until more comes in.",
    "智能体在新输入到来之前处于空闲。",
  ),
  agent.field(
    ["agent", "agent.model", "agent.instructions"],
    "The agent that is to work: its model and its instructions.",
    "要工作的智能体：模型与指令。",
  ),
  agent.field(
    ["session_id", "turn_id", "turn", "turn.id", "turn.status", "session.status"],
    "Which session and which turn the event is about, and how far they are.",
    "事件所属的会话与轮次，及其进度。",
  ),

  live.event(
    "session.start",
    "The client says how the voice session should be.",
    "客户端说明语音会话的设置。",
  ),
  live.event("session.started", "The session runs, with these settings.", "会话已开始，采用这些设置。"),
  live.event("session.input_audio.append", "A piece of what the user says, as sound.", "用户语音的一段。"),
  live.event(
    "session.input_transcript.delta",
    "The next words of what the user said.",
    "用户所说内容的下一段文字。",
  ),
  live.event(
    "session.output_transcript.delta",
    "The next words of what the model says.",
    "模型所说内容的下一段文字。",
    { same: "text-delta" },
  ),
  live.event(
    "session.delegation.created",
    "The voice hands something over: to the client, to a response, or to a decision.",
    "语音模型把某事交给客户端、响应或决策处理。",
  ),
  live.event(
    ["session.commentary.append", "session.thinking.append", "session.instructions.append"],
    "The client whispers something to the model: what to say, to know or to heed.",
    "客户端悄悄告知模型：要说、要知道或要遵守的内容。",
  ),
  live.event("session.usage.updated", "What the session has used so far.", "会话目前的用量。"),
  live.event("session.closed", "The session is over, and why.", "会话结束及原因。", { same: "stream-end" }),
  live.field(
    ["delegation", "delegation.id", "delegation.target", "delegation_id"],
    "What was handed over, and to whom.",
    "所移交的事项及对象。",
  ),
  live.field(
    ["start_ms", "end_ms", "offset_ms"],
    "When this was said, in ms since the session began.",
    "说出的时间，自会话开始的毫秒数。",
  ),
  live.field(["content", "reason"], "The words, or why the session ended.", "内容，或会话结束的原因。"),

  video.field(
    ["seconds", "progress"],
    "How long the film is to be, and how much of it is made, in percent.",
    "影片时长，以及已完成的百分比。",
  ),
  video.field(
    ["$.status", "created_at", "completed_at", "expires_at", "remixed_from_video_id"],
    "How far the film is, its times, and the film that it was made from.",
    "影片的进度、各时间点，以及所基于的影片。",
  ),
];
