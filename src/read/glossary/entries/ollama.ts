/** Ollama's own API: chat, generate, embed. Its streams are lines of JSON. */
import { entriesOf, type Entry } from "../entry.ts";

const API = "https://github.com/ollama/ollama/blob/main/docs/api.md";
const { field, term, event } = entriesOf("ollama", API);

export const ollama: readonly Entry[] = [
  field("$.model", "The model's name, with its tag.", "模型名，可带标签。", { same: "model" }),
  field("$.messages", "The conversation so far (`/api/chat`).", "截至目前的会话（`/api/chat`）。", {
    same: "messages",
  }),
  field(
    "role",
    "Who speaks: `system`, `user`, `assistant` or `tool`.",
    "发言者：`system`、`user`、`assistant` 或 `tool`。",
    { same: "role" },
  ),
  field("messages[].content", "What is said.", "消息的文本内容。"),
  field(["images", "messages[].images"], "Pictures for the model in base64.", "给模型看的图片（base64）。", {
    same: "image",
  }),
  field(
    "$.prompt",
    "The text that the model should answer (`/api/generate`).",
    "给模型的文本（`/api/generate`）。",
  ),
  field("$.system", "The system prompt (`/api/generate`).", "系统提示（`/api/generate`）。", {
    same: "system",
  }),
  field(
    ["template", "raw", "suffix"],
    "How the prompt is put together, or that it is used as it is.",
    "提示词的拼装方式，或不作处理直接使用。",
  ),
  field(
    "context",
    "The conversation so far as token numbers, for `/api/generate`. Deprecated.",
    "以 token 编号表示的会话上下文（`/api/generate`），已弃用。",
  ),
  field(
    "$.stream",
    "Whether the answer comes line by line. Here it is `true` unless you say otherwise.",
    "是否逐行返回，默认为 `true`。",
    { same: "stream" },
  ),
  field(
    "format",
    "`json`, or a JSON Schema that the answer must match.",
    "`json`，或回答须符合的 JSON Schema。",
    { same: "structured-output", below: "schema" },
  ),
  field(
    "think",
    "Whether, or how much, the model should think before it answers.",
    "是否先思考再作答，或思考的程度。",
    { same: "reasoning-effort" },
  ),
  field(
    "keep_alive",
    "How long the model stays in memory afterwards. 0 unloads it at once.",
    "模型之后在内存中保留多久，0 表示立即卸载。",
  ),
  field("options", "Settings of the model.", "模型的各项设置。"),
  field(
    "num_predict",
    "The most tokens the answer may have; -1 is no limit.",
    "回答的 token 上限，-1 表示不限。",
    { same: "max-output" },
  ),
  field(
    "num_ctx",
    "How many tokens the model keeps in view. What is longer is cut off silently at the beginning.",
    "上下文窗口的 token 数，超出部分会从开头悄悄截掉。",
  ),
  field("options.temperature", "How much chance there is in the choice of words.", "选词的随机程度。", {
    same: "temperature",
  }),
  field(
    "options.top_p",
    "Chooses only among the likeliest words that together reach this probability.",
    "只在累计概率达到该值的高概率词中选取。",
    { same: "top-p" },
  ),
  field(
    "options.top_k",
    "Chooses only among this many of the likeliest words.",
    "只在概率最高的若干个词中选取。",
    { same: "top-k" },
  ),
  field("options.seed", "Makes answers repeatable.", "使结果可复现。", { same: "seed" }),
  field("options.stop", "Texts at which the model stops writing.", "停止序列。", { same: "stop" }),
  field("$.tools", "The tools that the model may call.", "模型可调用的工具。", { same: "tools" }),
  field(["tools[].type", "tools[].function"], "A function that the client runs.", "由客户端执行的函数。"),
  field("tools[].function.name", "The tool's name.", "工具名。", { same: "tool-name" }),
  field("tools[].function.description", "What the tool does and when to use it.", "工具的用途与适用场景。", {
    same: "tool-description",
  }),
  field("tools[].function.parameters", "A JSON Schema of the arguments.", "参数的 JSON Schema。", {
    same: "tool-schema",
    below: "schema",
  }),
  field(
    ["tool_calls", "message.tool_calls"],
    "The tools that the model wants run. In a stream each comes whole, in one line.",
    "模型要求执行的工具调用。流式时每个调用都在一行内完整给出。",
    { same: "tool-calls" },
  ),
  field("tool_calls[].id", "The call's id. Older versions send none.", "调用的 id，旧版本没有。", {
    same: "tool-call-id",
  }),
  field(
    ["tool_calls[].function", "tool_calls[].type", "function.index"],
    "The function to call, and its number.",
    "要调用的函数及其序号。",
  ),
  field("tool_calls[].function.name", "The name of the function.", "函数名。", { same: "tool-call-name" }),
  field(
    "tool_calls[].function.arguments",
    "The arguments, as a JSON object and not as a text.",
    "参数，是 JSON 对象而非文本。",
    { same: "tool-arguments", below: "own" },
  ),
  field("tool_name", "The tool whose result this is.", "该结果来自哪个工具。"),
  field(["created_at"], "When this line was made.", "本行的生成时间。", { same: "created" }),
  field("$.message", "The answer, or in a stream its next piece.", "回答，流式时为下一段。", {
    same: "delta",
  }),
  field("message.content", "The text of the answer, or its next piece.", "回答文本，或下一段。", {
    same: "answer-text",
  }),
  field("message.thinking", "The model's thoughts, or their next piece.", "思考内容，或下一段。", {
    same: "reasoning-text",
  }),
  field(
    ["$.thinking", "reasoning_content"],
    "The model's thoughts (`/api/generate`).",
    "思考内容（`/api/generate`）。",
    { same: "reasoning-text" },
  ),
  field(
    "$.response",
    "The text, or its next piece (`/api/generate`).",
    "回答文本，或下一段（`/api/generate`）。",
    { same: "answer-text" },
  ),
  field(
    "$.done",
    "`true` in the last line, which also has the token counts.",
    "最后一行为 `true`，并附带 token 用量。",
    { same: "end-of-stream" },
  ),
  field("done_reason", "Why the model stopped.", "模型停止的原因。", { same: "stop-reason" }),
  term("done_reason=stop", "The model finished by itself.", "模型自行结束。", { same: "stopped-end" }),
  term(
    "done_reason=length",
    "`num_predict` was reached; the answer is cut off.",
    "达到 `num_predict`，回答被截断。",
    { same: "stopped-length" },
  ),
  term("done_reason=load", "The model was only loaded.", "仅加载了模型。"),
  field(
    "prompt_eval_count",
    "Tokens of the input that were read. Those still in memory may be missing.",
    "处理的输入 token 数，可能不含仍在缓存中的部分。",
    { same: "input-tokens" },
  ),
  field("eval_count", "Tokens of the output.", "输出 token 数。", { same: "output-tokens" }),
  field("total_duration", "The whole time, in nanoseconds.", "总用时（纳秒）。"),
  field("load_duration", "How long it took to load the model, in nanoseconds.", "加载模型的用时（纳秒）。"),
  field(
    "prompt_eval_duration",
    "How long it took to read the input, in nanoseconds.",
    "处理输入的用时（纳秒）。",
  ),
  field(
    "eval_duration",
    "How long it took to write the output, in nanoseconds. `eval_count` divided by it is the speed.",
    "生成输出的用时（纳秒），`eval_count` 除以它即生成速度。",
  ),
  field(
    "$.error",
    "What went wrong. In a stream it may come as the last line.",
    "出错信息，流式时可能作为最后一行出现。",
    { same: "error" },
  ),
  field("$.input", "The text or texts to turn into vectors.", "要转换为向量的文本。", {
    where: ["ollama-embeddings"],
    same: "embedding-input",
  }),
  field(["embedding", "embeddings"], "The vectors, one for each text.", "向量，与文本一一对应。", {
    where: ["ollama-embeddings"],
    same: "embedding",
  }),
  event(
    "line of NDJSON",
    "The stream is one JSON object in each line, without SSE around it.",
    "流的每一行是一个 JSON 对象，没有 SSE 包装。",
  ),
];
