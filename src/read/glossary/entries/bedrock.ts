/** Amazon Bedrock: Converse for all models alike, and InvokeModel with each maker's own body. */
import { entriesOf, type Entry } from "../entry.ts";

const CONVERSE = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_Converse.html";
const STREAM = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ConverseStream.html";
const INVOKE =
  "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModelWithResponseStream.html";
const TOOLS = "https://docs.aws.amazon.com/bedrock/latest/userguide/tool-use.html";
const GUARDRAILS = "https://docs.aws.amazon.com/bedrock/latest/userguide/guardrails.html";
const CACHE = "https://docs.aws.amazon.com/bedrock/latest/userguide/prompt-caching.html";
const MODELS = "https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html";
const ERRORS = "https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html";
const FRAMES = "https://smithy.io/2.0/aws/amazon-eventstream.html";

const { field, term, event, error } = entriesOf("bedrock-converse", CONVERSE);
const invoke = entriesOf("bedrock-invoke", MODELS);
const counted = entriesOf(
  "bedrock-count-tokens",
  "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_CountTokens.html",
);

export const bedrock: readonly Entry[] = [
  field(
    "$.messages",
    "The conversation so far. `user` and `assistant` take turns.",
    "截至目前的会话，`user` 与 `assistant` 轮流发言。",
    { same: "messages" },
  ),
  field("role", "Who speaks: `user` or `assistant`.", "发言者：`user` 或 `assistant`。", { same: "role" }),
  field(
    ["messages[].content", "message.content"],
    "The content blocks of this message. The one name in each block says what it is.",
    "消息的内容块，块中唯一的字段名即其类型。",
  ),
  field(
    ["content[].text", "guardContent.text", "text.text", "source.text"],
    "The text of this block.",
    "该内容块的文本。",
    { same: "answer-text" },
  ),
  field(["$.system", "system[].text"], "The system prompt.", "系统提示。", { same: "system" }),
  field("inferenceConfig", "Settings that all models have.", "各模型通用的生成设置。"),
  field(
    [
      "outputConfig",
      "outputConfig.textFormat",
      "outputConfig.textFormat.structure",
      "outputConfig.textFormat.structure.jsonSchema",
      "outputConfig.textFormat.structure.jsonSchema.name",
      "outputConfig.textFormat.structure.jsonSchema.schema",
    ],
    "The form that the answer must have; the JSON Schema is written as a text.",
    "要求的回答格式；JSON Schema 以文本形式书写。",
  ),
  field("maxTokens", "The most tokens the answer may have.", "回答的 token 上限。", { same: "max-output" }),
  field("temperature", "How much chance there is in the choice of words.", "选词的随机程度。", {
    same: "temperature",
  }),
  field(
    "topP",
    "Chooses only among the likeliest words that together reach this probability.",
    "只在累计概率达到该值的高概率词中选取。",
    { same: "top-p" },
  ),
  field("stopSequences", "Texts at which the model stops writing.", "停止序列。", { same: "stop" }),
  field(
    "additionalModelRequestFields",
    "Settings that only this model has, passed on as they are.",
    "该模型特有的设置，原样传给模型。",
  ),
  field(
    ["additionalModelRequestFields.thinking", "thinking.type"],
    "Claude's own setting for thinking, passed on as it is.",
    "Claude 自有的思考设置，原样传递。",
  ),
  field(
    "thinking.budget_tokens",
    "How many tokens Claude may spend on thinking.",
    "Claude 思考可用的 token 数。",
    { same: "thinking-budget" },
  ),
  field(
    "cachePoint",
    "A cache breakpoint: everything before it is kept for the next request.",
    "缓存断点：此前的内容会缓存供下次请求使用。",
    { source: CACHE, same: "cache-breakpoint" },
  ),
  field("toolConfig", "The tools, and how the model may use them.", "工具及其使用方式。", { source: TOOLS }),
  field("toolConfig.tools", "The tools that the model may call.", "模型可调用的工具。", {
    source: TOOLS,
    same: "tools",
  }),
  field("toolSpec", "A tool that the client runs.", "由客户端执行的工具。", { source: TOOLS }),
  field("toolSpec.name", "The tool's name.", "工具名。", { source: TOOLS, same: "tool-name" }),
  field("toolSpec.description", "What the tool does and when to use it.", "工具的用途与适用场景。", {
    source: TOOLS,
    same: "tool-description",
  }),
  field(
    "inputSchema",
    "A JSON Schema of the tool's input, under `json`.",
    "工具输入的 JSON Schema，放在 `json` 下。",
    { source: TOOLS, same: "tool-schema", below: "schema" },
  ),
  field(
    ["systemTool", "systemTool.name"],
    "A tool that Amazon runs itself, such as web grounding.",
    "由 Amazon 执行的工具，例如联网检索。",
    { source: TOOLS },
  ),
  field(
    ["toolChoice", "toolChoice.auto", "toolChoice.any", "toolChoice.tool", "toolChoice.tool.name"],
    "`auto` leaves it to the model, `any` demands some tool, `tool` a certain one.",
    "`auto` 由模型决定，`any` 必须调用某个工具，`tool` 指定工具。",
    { source: TOOLS, same: "tool-choice" },
  ),
  field("toolUse", "A tool call. Run it and send a `toolResult`.", "工具调用，执行后发送 `toolResult`。", {
    source: TOOLS,
    same: "tool-calls",
  }),
  field("toolUseId", "Ties a call to its result.", "把调用与结果对应起来。", {
    source: TOOLS,
    same: "tool-call-id",
  }),
  field("toolUse.name", "The tool that is called.", "被调用的工具。", {
    source: TOOLS,
    same: "tool-call-name",
  }),
  field(
    "toolUse.type",
    "`server_tool_use` for a tool that Amazon runs itself.",
    "`server_tool_use` 表示由 Amazon 执行的工具。",
    { source: TOOLS },
  ),
  field("toolUse.input", "The arguments as a JSON object.", "参数（JSON 对象）。", {
    source: TOOLS,
    same: "tool-arguments",
    below: "own",
  }),
  field(["toolResult", "toolResult.type"], "The result of a tool.", "工具的结果。", {
    source: TOOLS,
    same: "tool-result",
  }),
  field(["toolResult.content", "toolResult.content[].text"], "What the tool gave back.", "工具返回的内容。", {
    source: TOOLS,
    same: "tool-result",
  }),
  field("toolResult.content[].json", "What the tool gave back, as JSON.", "工具返回的 JSON。", {
    source: TOOLS,
    below: "own",
  }),
  field("toolResult.status", "`success` or `error`.", "`success` 或 `error`。", {
    source: TOOLS,
    same: "tool-error",
  }),
  field(
    ["image", "video", "image.format", "video.format"],
    "A picture or film for the model, with its format.",
    "给模型的图片或视频及其格式。",
    { same: "image" },
  ),
  field(
    ["document", "document.format", "document.name", "document.context"],
    "A document for the model, with its format and name.",
    "给模型的文档及其格式与名称。",
  ),
  field(
    ["document.citations", "citations.enabled"],
    "Whether the model should say which passages it relies on.",
    "是否要求模型标明所依据的段落。",
  ),
  field(
    ["document.source", "image.source", "source.bytes"],
    "The file itself in base64.",
    "文件内容（base64）。",
  ),
  field(
    ["s3Location", "s3Location.uri", "s3Location.bucketOwner"],
    "A file in Amazon S3.",
    "存放在 Amazon S3 的文件。",
  ),
  field(
    [
      "guardrailConfig",
      "guardrailIdentifier",
      "guardrailVersion",
      "guardrailConfig.trace",
      "streamProcessingMode",
    ],
    "Which guardrail (a filter of your own making) watches over the exchange.",
    "对本次交互生效的 guardrail（自定义过滤规则）。",
    { source: GUARDRAILS },
  ),
  field(
    ["guardContent", "guardContent.text.qualifiers"],
    "Text that the guardrail should look at.",
    "需要 guardrail 检查的文本。",
    { source: GUARDRAILS },
  ),

  field("output", "The answer of the model.", "模型的回答内容。", { same: "choices" }),
  field(
    ["output.message", "$.message"],
    "The answer as a message; in an error, its words.",
    "回答消息；出错时为错误说明。",
  ),
  field("stopReason", "Why the model stopped.", "模型停止的原因。", { same: "stop-reason" }),
  term("stopReason=end_turn", "The model finished by itself.", "模型自行结束。", { same: "stopped-end" }),
  term(
    "stopReason=tool_use",
    "The model waits for the results of its tool calls.",
    "模型在等待工具调用的结果。",
    { same: "stopped-tool" },
  ),
  term(
    "stopReason=max_tokens",
    "`maxTokens` was reached; the answer is cut off.",
    "达到 `maxTokens`，回答被截断。",
    { same: "stopped-length" },
  ),
  term(
    "stopReason=guardrail_intervened",
    "A guardrail blocked or changed the text.",
    "guardrail 拦截或改写了文本。",
    { source: GUARDRAILS, same: "stopped-filter" },
  ),
  field(["reasoningContent", "reasoningText"], "The model's thoughts.", "模型的思考内容。", {
    same: "reasoning-text",
  }),
  field(["reasoningText.text"], "The thoughts as text.", "文本形式的思考内容。", { same: "reasoning-text" }),
  field(
    ["reasoningText.signature", "reasoningContent.signature"],
    "Proves that the thoughts were not changed. Send it back with them.",
    "证明思考内容未被改动，须一并带回。",
    { same: "reasoning-signature" },
  ),
  field(
    "redactedContent",
    "Thoughts that were hidden for safety reasons, encrypted.",
    "因安全原因隐藏的思考内容，已加密。",
    { same: "reasoning-encrypted" },
  ),
  field(
    ["citation", "citationsContent"],
    "A passage of the answer with its source.",
    "回答中的引用及其来源。",
    { same: "citations" },
  ),
  field(
    [
      "citation.location",
      "citation.title",
      "citation.sourceContent",
      "sourceContent[].text",
      "location.web",
      "web.domain",
      "web.url",
    ],
    "What is cited: title, place and the passage.",
    "引用的标题、位置与原文。",
  ),
  field(
    [
      "documentChar",
      "documentPage",
      "documentChunk",
      "documentChar.documentIndex",
      "documentPage.documentIndex",
      "documentChar.start",
      "documentChar.end",
      "documentPage.start",
      "documentPage.end",
    ],
    "Which document is cited, and from where to where: characters or pages.",
    "引用了哪份文档，起止字符或页码。",
  ),
  field(["$.usage", "metadata.usage"], "The token counts.", "token 用量。", { same: "usage" }),
  field(
    "usage.inputTokens",
    "Tokens of the input, without those of the cache.",
    "输入 token 数，不含缓存部分。",
    { same: "input-tokens" },
  ),
  field("usage.outputTokens", "Tokens of the output.", "输出 token 数。", { same: "output-tokens" }),
  field("usage.totalTokens", "All tokens together.", "全部 token 之和。", { same: "total-tokens" }),
  field(
    ["cacheReadInputTokens", "cacheReadInputTokenCount"],
    "Input tokens that came from the cache.",
    "来自缓存的输入 token。",
    { source: CACHE, same: "cached-tokens" },
  ),
  field(
    ["cacheWriteInputTokens", "cacheWriteInputTokenCount"],
    "Input tokens that were written to the cache.",
    "写入缓存的输入 token。",
    { source: CACHE, same: "cache-write-tokens" },
  ),
  field("serverToolUsage", "How often Amazon's own tools ran.", "Amazon 内置工具的执行次数。", {
    below: "own",
  }),
  field(["metrics", "metrics.latencyMs"], "How long the call took, in ms.", "调用耗时（毫秒）。"),
  field(
    ["trace", "trace.guardrail", "guardrail.actionReason", "guardrail.modelOutput"],
    "What the guardrail did and why.",
    "guardrail 的处理过程与原因。",
    { source: GUARDRAILS, same: "safety" },
  ),
  field(
    ["inputAssessment", "outputAssessments"],
    "What the guardrail found in the input or in the output, by guardrail.",
    "各 guardrail 对输入或输出的评估。",
    { source: GUARDRAILS, below: "named" },
  ),
  field(
    [
      "invocationMetrics",
      "guardrailCoverage",
      "guardrailCoverage.textCharacters",
      "textCharacters.guarded",
      "textCharacters.total",
      "guardrailProcessingLatency",
    ],
    "How much text the guardrail looked at, and how long it took.",
    "guardrail 检查的文本量与耗时。",
    { source: GUARDRAILS },
  ),
  field(
    "invocationMetrics.usage",
    "What the guardrail is billed for: units of each policy.",
    "guardrail 的计费用量，按各策略单位计。",
    { source: GUARDRAILS, below: "own" },
  ),
  field(
    [
      "sensitiveInformationPolicy",
      "piiEntities",
      "piiEntities[].type",
      "piiEntities[].match",
      "piiEntities[].action",
      "piiEntities[].detected",
    ],
    "Personal data that the guardrail found, and what it did about it.",
    "guardrail 发现的个人信息及处理方式。",
    { source: GUARDRAILS },
  ),
  field(
    [
      "contextualGroundingPolicy",
      "contextualGroundingPolicy.filters",
      "filters[].type",
      "filters[].score",
      "filters[].threshold",
      "filters[].action",
      "filters[].detected",
      "contentPolicy",
      "topicPolicy",
      "wordPolicy",
    ],
    "A rule of the guardrail: its score, its threshold and what it did.",
    "guardrail 的一条规则：得分、阈值与处理方式。",
    { source: GUARDRAILS },
  ),

  event("messageStart", "The stream begins; it says who speaks.", "流开始，说明发言者。", {
    source: STREAM,
    same: "stream-start",
  }),
  event(
    "contentBlockStart",
    "A content block begins. Text blocks may begin without it.",
    "内容块开始，文本块可能省略此事件。",
    { source: STREAM, same: "part-start" },
  ),
  event(
    "contentBlockDelta",
    "The next piece of the content block with this number.",
    "该序号内容块的下一段。",
    { source: STREAM, same: "delta" },
  ),
  event("contentBlockStop", "The content block with this number is complete.", "该序号的内容块已完整。", {
    source: STREAM,
    same: "part-stop",
  }),
  event("messageStop", "The answer is complete; tells why the model stopped.", "回答结束，给出停止原因。", {
    source: STREAM,
  }),
  event("metadata", "The last event: token counts and times.", "最后一个事件：token 用量与耗时。", {
    source: STREAM,
    same: "end-of-stream",
  }),
  field("contentBlockIndex", "Which content block this event is about.", "事件针对第几个内容块。", {
    source: STREAM,
    same: "index",
  }),
  field(
    ["$.start", "start.toolUse", "start.toolResult", "start.reasoningContent"],
    "What kind of block begins here.",
    "从这里开始的内容块。",
    { source: STREAM },
  ),
  field(["$.delta", "contentBlockDelta.delta"], "What this event adds.", "该事件新增的内容。", {
    source: STREAM,
  }),
  field("delta.text", "The next piece of text.", "文本的下一段。", { source: STREAM, same: "text-delta" }),
  field("delta.toolUse", "The next piece of a tool call.", "工具调用的下一段。", { source: STREAM }),
  field("delta.toolUse.input", "The next piece of the arguments' JSON text.", "参数 JSON 文本的下一段。", {
    source: STREAM,
    same: "arguments-delta",
  }),
  field(
    ["delta.reasoningContent", "delta.reasoningContent.text"],
    "The next piece of the thoughts.",
    "思考内容的下一段。",
    { source: STREAM, same: "reasoning-delta" },
  ),
  field(
    ["delta.toolResult", "delta.toolResult[].text"],
    "A piece of the result of Amazon's own tool.",
    "Amazon 内置工具结果的一段。",
    { source: STREAM },
  ),
  field(
    "$.p",
    "Padding of random length, so that message lengths tell nothing to an eavesdropper.",
    "长度随机的填充，避免因消息长度泄露内容。",
    { source: STREAM, same: "padding" },
  ),
  error(
    "ThrottlingException",
    "Too many requests or tokens for this account (429).",
    "账户的请求或 token 超出限额（429）。",
    { source: ERRORS, where: ["bedrock-converse", "bedrock-invoke"] },
  ),
  error(
    "ValidationException",
    "The request is malformed, or the model does not support what it asks for (400).",
    "请求有误，或模型不支持所请求的功能（400）。",
    { source: ERRORS, where: ["bedrock-converse", "bedrock-invoke"] },
  ),
  error("AccessDeniedException", "The account may not use this model (403).", "账户无权使用该模型（403）。", {
    source: ERRORS,
    where: ["bedrock-converse", "bedrock-invoke"],
  }),
  error(
    "ModelNotReadyException",
    "The model is being loaded; try again (429).",
    "模型正在加载，请重试（429）。",
    { source: ERRORS, where: ["bedrock-converse", "bedrock-invoke"] },
  ),
  event(
    "modelStreamErrorException",
    "The model failed in the middle of the stream.",
    "模型在流的中途出错。",
    { source: STREAM, where: ["bedrock-converse", "bedrock-invoke"], same: "error-in-stream" },
  ),
  event("throttlingException", "A limit was reached in the middle of the stream.", "流的中途触发限流。", {
    source: STREAM,
    where: ["bedrock-converse", "bedrock-invoke"],
    same: "error-in-stream",
  }),
  event(
    ["internalServerException", "serviceUnavailableException", "validationException"],
    "Something went wrong in the middle of the stream.",
    "流的中途出错。",
    { source: STREAM, where: ["bedrock-converse", "bedrock-invoke"], same: "error-in-stream" },
  ),
  event(
    ":event-type",
    "The name of a message in AWS's binary stream; it stands in the message's headers.",
    "AWS 二进制流中消息的名称，位于消息头里。",
    { source: FRAMES, where: ["bedrock-converse", "bedrock-invoke"] },
  ),

  invoke.event(
    "chunk",
    "A piece of the stream. Its `bytes` are the maker's own event in base64.",
    "流的一块，其 `bytes` 是厂商自己的事件（base64）。",
    { source: INVOKE, same: "delta" },
  ),
  invoke.field("$.bytes", "The maker's own event in base64.", "厂商自己的事件（base64）。", {
    source: INVOKE,
  }),
  invoke.field(
    "amazon-bedrock-invocationMetrics",
    "Bedrock's own count at the end of the stream: tokens and times.",
    "流末尾由 Bedrock 附加的统计：token 与耗时。",
    { source: INVOKE, same: "usage" },
  ),
  invoke.field(
    ["amazon-bedrock-invocationMetrics.inputTokenCount"],
    "Tokens of the input.",
    "输入 token 数。",
    { source: INVOKE, same: "input-tokens" },
  ),
  invoke.field(
    ["amazon-bedrock-invocationMetrics.outputTokenCount"],
    "Tokens of the output.",
    "输出 token 数。",
    { source: INVOKE, same: "output-tokens" },
  ),
  invoke.field(
    ["invocationLatency", "firstByteLatency"],
    "How long the model took, in all or until its first byte, in ms.",
    "模型的总耗时，或首字节延迟（毫秒）。",
    { source: INVOKE },
  ),
  invoke.field("amazon-bedrock-guardrailAction", "Whether a guardrail stepped in.", "guardrail 是否介入。", {
    source: GUARDRAILS,
  }),
  invoke.field(
    "inputText",
    "Titan: the prompt, or the text to turn into a vector.",
    "Titan：提示词，或要转换为向量的文本。",
  ),
  invoke.field(
    ["textGenerationConfig", "textGenerationConfig.maxTokenCount"],
    "Titan: settings, above all the most tokens of the answer.",
    "Titan：生成设置，主要是回答的 token 上限。",
  ),
  invoke.field(
    ["results", "results[].outputText", "outputText"],
    "Titan: the text, or its next piece.",
    "Titan：回答文本，或下一段。",
  ),
  invoke.field(
    ["inputTextTokenCount", "results[].tokenCount", "totalOutputTextTokenCount"],
    "Titan: tokens of the input or of the output.",
    "Titan：输入或输出的 token 数。",
  ),
  invoke.field("completionReason", "Titan: why the model stopped.", "Titan：模型停止的原因。", {
    same: "stop-reason",
  }),
  invoke.field("max_gen_len", "Llama: the most tokens the answer may have.", "Llama：回答的 token 上限。", {
    same: "max-output",
  }),
  invoke.field("generation", "Llama: the text, or its next piece.", "Llama：回答文本，或下一段。"),
  invoke.field("prompt_token_count", "Llama: tokens of the input.", "Llama：输入 token 数。", {
    same: "input-tokens",
  }),
  invoke.field("generation_token_count", "Llama: tokens of the output.", "Llama：输出 token 数。", {
    same: "output-tokens",
  }),
  invoke.field(
    ["$.outputs", "outputs[].text", "outputs[].stop_reason"],
    "Mistral: the text, and why the model stopped.",
    "Mistral：回答文本与停止原因。",
  ),
  invoke.field("schemaVersion", "Nova: the version of the body's shape.", "Nova：正文格式的版本。"),
  invoke.field(
    [
      "$.messageStart",
      "$.contentBlockDelta",
      "$.contentBlockStart",
      "$.contentBlockStop",
      "$.messageStop",
      "$.metadata",
    ],
    "Nova: an event, under its name.",
    "Nova：事件，以事件名为键。",
  ),
  invoke.field(["$.embedding"], "Titan: the vector.", "Titan：转换所得的向量。", { same: "embedding" }),
  invoke.field(
    ["taskType", "singleEmbeddingParams", "segmentedEmbeddingParams"],
    "Nova embeddings: what to turn into a vector, in one piece or in segments.",
    "Nova 向量：要转换的内容，整体或分段。",
  ),
  invoke.field(
    ["embeddingPurpose", "embeddingDimension", "truncationMode", "text.value"],
    "Nova embeddings: what the vector is for, its length, where a long text is cut, and the text.",
    "Nova 向量：用途、维数、超长文本的截断方式与文本本身。",
  ),
  invoke.field(
    "singleEmbeddingParams.text",
    "Nova embeddings: the text to turn into a vector.",
    "Nova 向量：要转换的文本。",
  ),
  invoke.field(
    ["$.embeddings", "embeddings[].embedding", "embeddings[].embeddingType"],
    "The vectors, each with the kind of thing it stands for.",
    "转换所得的向量及其对应内容的类型。",
    { same: "embedding" },
  ),
  invoke.field(["$.text"], "Cohere: the text, or its next piece.", "Cohere：回答文本，或下一段。"),
  invoke.field(
    ["is_finished", "index", "contentBlockDelta.contentBlockIndex"],
    "Whether this was the last piece, or which block it belongs to.",
    "是否为最后一块，或属于第几个内容块。",
  ),
  invoke.field("choices[].text", "The text of a completion.", "补全所得的文本。"),
  counted.field(
    ["$.input", "input.converse"],
    "The request whose tokens are to be counted, as Converse would get it.",
    "要计数的请求，与发给 Converse 的相同。",
  ),
  counted.field(
    ["input.invokeModel", "invokeModel.body"],
    "The request whose tokens are to be counted, as InvokeModel would get it.",
    "要计数的请求，与发给 InvokeModel 的相同。",
  ),
  counted.field("$.inputTokens", "How many input tokens the request would have.", "该请求的输入 token 数。", {
    same: "input-tokens",
  }),
  counted.field("converse.messages", "The conversation whose tokens are to be counted.", "要计数的会话。", {
    same: "messages",
  }),
  counted.field("converse.system", "The system prompt, counted too.", "系统提示，同样计入。", {
    same: "system",
  }),
];
