/** Gemini Interactions: Google's newer API of steps that the server remembers. */
import { entriesOf, type Entry } from "../entry.ts";

const API = "https://ai.google.dev/api/interactions-api";
const STREAM = "https://ai.google.dev/gemini-api/docs/interactions/streaming";

const { field, term, event } = entriesOf("gemini-interactions", API);

export const geminiInteractions: readonly Entry[] = [
  field(
    ["$.model", "interaction.model"],
    "The model that is asked for, or that answered.",
    "请求的模型，或实际作答的模型。",
    { same: "model" },
  ),
  field(
    "$.input",
    "What the model should answer: a text, a content, or a list of steps.",
    "给模型的输入：文本、内容或步骤列表。",
    { same: "messages" },
  ),
  field("system_instruction", "The system prompt.", "系统提示。", { same: "system" }),
  field(
    "previous_interaction_id",
    "Goes on from an interaction that Google has stored.",
    "接着服务端保存的某次交互继续。",
  ),
  field(
    "agent",
    "An agent instead of a model, such as Deep Research.",
    "使用智能体（如 Deep Research）代替模型。",
  ),
  field("$.tools", "The tools that the model may use.", "模型可用的工具。", { same: "tools" }),
  field(
    "tools[].type",
    "`function` is run by the client; `google_search` and others by Google.",
    "`function` 由客户端执行，`google_search` 等由 Google 执行。",
  ),
  field("tools[].name", "The function's name.", "函数名。", { same: "tool-name" }),
  field("tools[].description", "What the function does and when to use it.", "函数的用途与适用场景。", {
    same: "tool-description",
  }),
  field("tools[].parameters", "A JSON Schema of the arguments.", "参数的 JSON Schema。", {
    same: "tool-schema",
    below: "schema",
  }),
  field("generation_config", "Settings of the answer.", "生成设置。"),
  field(
    "generation_config.temperature",
    "How much chance there is in the choice of words.",
    "选词的随机程度。",
    { same: "temperature" },
  ),
  field(
    "generation_config.max_output_tokens",
    "The most tokens the answer may have.",
    "回答的 token 上限。",
    { same: "max-output" },
  ),
  field("thinking_level", "How long the model may think.", "思考程度。", { same: "reasoning-effort" }),
  field("thinking_summaries", "Whether summaries of the thoughts come back.", "是否返回思考摘要。"),
  field(["response_format", "response_mime_type"], "The form that the answer must have.", "回答的格式。", {
    same: "structured-output",
  }),
  field("store", "Whether Google keeps the interaction.", "Google 是否保存该交互。"),
  field("role", "Who speaks: `user` or `model`.", "发言者：`user` 或 `model`。", { same: "role" }),
  field(["$.id", "interaction.id"], "The id of the interaction.", "交互的 id。", { same: "response-id" }),
  field(
    ["$.object", "interaction.object"],
    "What this JSON is: `interaction`.",
    "JSON 的类型：`interaction`。",
  ),
  field(["created", "updated"], "When the interaction was begun or last changed.", "创建或最近更新的时间。", {
    same: "created",
  }),
  field(
    ["status", "interaction.status"],
    "How the interaction stands: `in_progress`, `requires_action`, `completed`, `incomplete` or `failed`.",
    "交互的状态：`in_progress`、`requires_action`、`completed`、`incomplete` 或 `failed`。",
    { same: "stop-reason" },
  ),
  term(
    "status=requires_action",
    "The model waits for the results of function calls.",
    "模型在等待函数调用的结果。",
    { same: "stopped-tool" },
  ),
  term("status=completed", "The interaction is whole.", "交互已完整。", { same: "stopped-end" }),
  term(
    "status=incomplete",
    "The answer was cut off, usually by a token limit.",
    "回答被截断，通常因达到 token 上限。",
    { same: "stopped-length" },
  ),
  field(
    ["$.steps", "interaction.steps", "$.outputs", "interaction.outputs"],
    "What happened, in order: thoughts, calls, answers.",
    "按顺序排列的步骤：思考、调用、回答。",
    { same: "choices" },
  ),
  field(["step.type", "steps[].type", "input[].type"], "Which kind of step this is.", "步骤的类型。"),
  term("type=user_input", "What the user said.", "用户的输入。"),
  term("type=model_output", "What the model answered.", "模型的回答。"),
  term("type=thought", "The model's thinking, as a summary and a signature.", "模型的思考，含摘要与签名。"),
  term("type=function_call", "A call for the client to run.", "需要客户端执行的函数调用。", {
    same: "tool-calls",
  }),
  term("type=function_result", "The result of a function, sent by the client.", "客户端发送的函数结果。"),
  term(
    ["type=google_search_call", "type=google_search_result"],
    "A search that Google made itself, or what it found.",
    "由 Google 执行的搜索，或搜索结果。",
  ),
  field(["step.id", "steps[].id", "input[].id"], "The id of this call.", "调用的 id。", {
    same: "tool-call-id",
  }),
  field("call_id", "Which call this result belongs to.", "该结果对应哪次调用。", { same: "tool-result-id" }),
  field(["step.name", "steps[].name", "input[].name"], "The function to call.", "要调用的函数。", {
    same: "tool-call-name",
  }),
  field(
    ["step.arguments", "steps[].arguments", "input[].arguments"],
    "The arguments as a JSON object.",
    "参数（JSON 对象）。",
    { same: "tool-arguments", below: "own" },
  ),
  field(["result", "input[].result"], "What the call gave back.", "调用返回的内容。", {
    same: "tool-result",
  }),
  field(
    ["result[].url", "result[].title", "result[].search_suggestions", "search_type"],
    "A page that the search found, or suggestions that an app must show.",
    "搜索到的网页，或应用须展示的搜索建议。",
  ),
  field("is_error", "Whether the call failed.", "调用是否失败。", { same: "tool-error" }),
  field(
    ["signature", "step.signature"],
    "The model's state of mind, encrypted. Send it back unchanged.",
    "加密的思考状态，须原样带回。",
    { same: "reasoning-signature" },
  ),
  field(["content", "steps[].content", "input[].content"], "The pieces of this step.", "该步骤的内容。"),
  field(["content[].type", "content.type"], "Which kind of content this is.", "内容类型。"),
  field(["content[].text", "content.text", "input[].text"], "The text of this content.", "该内容的文本。", {
    same: "answer-text",
  }),
  field(
    ["input[].data", "input[].mime_type", "input[].uri", "input[].resolution"],
    "A file for the model: its data, format or address, and how closely to look.",
    "给模型的文件：数据、格式或地址，以及查看的精细度。",
    { same: "image" },
  ),
  field(["annotations"], "The pages that the text relies on.", "文本所依据的网页。", { same: "citations" }),
  field(
    [
      "annotations[].type",
      "annotations[].url",
      "annotations[].title",
      "annotations[].start_index",
      "annotations[].end_index",
    ],
    "A cited page, and where in the text it is used.",
    "引用的网页，以及在文本中的位置。",
  ),
  field(["$.usage", "interaction.usage"], "The token counts.", "token 用量。", { same: "usage" }),
  field("total_input_tokens", "Tokens of the input.", "输入 token 数。", { same: "input-tokens" }),
  field(
    "total_output_tokens",
    "Tokens of the answer, without the thoughts.",
    "回答的 token 数，不含思考部分。",
    { same: "output-tokens" },
  ),
  field("total_thought_tokens", "Tokens of the thoughts.", "思考的 token 数。", { same: "reasoning-tokens" }),
  field("total_cached_tokens", "Input tokens that came from the cache.", "来自缓存的输入 token。", {
    same: "cached-tokens",
  }),
  field(
    "total_tool_use_tokens",
    "Tokens that the results of Google's tools took.",
    "Google 内置工具结果所占的 token。",
  ),
  field("usage.total_tokens", "All tokens together.", "全部 token 之和。", { same: "total-tokens" }),
  field(
    [
      "input_tokens_by_modality",
      "output_tokens_by_modality",
      "tool_use_tokens_by_modality",
      "modality",
      "input_tokens_by_modality[].tokens",
      "tool_use_tokens_by_modality[].tokens",
    ],
    "The tokens by kind: text, image, sound.",
    "按类型划分的 token。",
  ),
  field("service_tier", "The processing class.", "服务等级。", { same: "service-tier" }),
  field(["error.code"], "The kind of error.", "错误类型。", { same: "error-code" }),

  field("event_type", "The name of this event.", "事件名。", { source: STREAM }),
  field(
    "event_id",
    "The event's number; a broken stream can be taken up again after it.",
    "事件编号，断线后可据此续传。",
    { source: STREAM },
  ),
  field("interaction_id", "The interaction that this event belongs to.", "事件所属的交互。", {
    source: STREAM,
  }),
  field("$.index", "Which step this event is about.", "事件针对第几个步骤。", {
    source: STREAM,
    same: "index",
  }),
  field("$.interaction", "The interaction as it stands now.", "交互的当前状态。", { source: STREAM }),
  field("$.step", "The step that begins here.", "从这里开始的步骤。", { source: STREAM }),
  field("$.delta", "What this event adds.", "该事件新增的内容。", { source: STREAM, same: "delta" }),
  field(
    "delta.type",
    "What is added: text, arguments, thoughts, a signature, a citation.",
    "新增内容的类型：文本、参数、思考、签名或引用。",
    { source: STREAM },
  ),
  field("delta.text", "The next piece of text.", "文本的下一段。", { source: STREAM, same: "text-delta" }),
  field("delta.arguments", "The next piece of the arguments' JSON text.", "参数 JSON 文本的下一段。", {
    source: STREAM,
    same: "arguments-delta",
    below: "own",
  }),
  field("delta.signature", "The encrypted state of mind.", "加密的思考状态。", {
    source: STREAM,
    same: "reasoning-signature",
  }),
  field("delta.content", "The next piece of the thoughts' summary.", "思考摘要的下一段。", {
    source: STREAM,
    same: "reasoning-delta",
  }),
  field(
    ["$.metadata"],
    "Remarks on the event, such as the token counts so far.",
    "事件的附加信息，例如到目前为止的 token 用量。",
    { source: STREAM, below: "own" },
  ),
  event(["interaction.created", "interaction.start"], "The stream begins.", "流开始。", {
    source: STREAM,
    same: "stream-start",
  }),
  event("interaction.status_update", "The status has changed.", "状态有变化。", { source: STREAM }),
  event(["step.start", "content.start"], "A step begins.", "步骤开始。", {
    source: STREAM,
    same: "part-start",
  }),
  event(["step.delta", "content.delta"], "A piece of this step.", "该步骤的一段内容。", {
    source: STREAM,
    same: "delta",
  }),
  event(["step.stop", "content.stop"], "This step is complete.", "该步骤已完成。", {
    source: STREAM,
    same: "part-stop",
  }),
  event(
    ["interaction.completed", "interaction.complete"],
    "The whole interaction, with its token counts.",
    "完整的交互与 token 用量。",
    { source: STREAM },
  ),
  event("done", "The last event; its data is `[DONE]`.", "最后一个事件，数据为 `[DONE]`。", {
    source: STREAM,
    same: "end-of-stream",
  }),
  event("error", "Something went wrong after the stream had begun.", "流开始之后出错。", {
    source: STREAM,
    same: "error-in-stream",
  }),
];
