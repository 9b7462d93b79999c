/** Gemini generateContent and streamGenerateContent, on Google's own API and on Vertex; tokens and embeddings too. */
import { entriesOf, type Entry } from "../entry.ts";

const API = "https://ai.google.dev/api/generate-content";
const CACHING = "https://ai.google.dev/api/caching";
const FUNCTIONS = "https://ai.google.dev/gemini-api/docs/function-calling";
const THINKING = "https://ai.google.dev/gemini-api/docs/thinking";
const SIGNATURES = "https://ai.google.dev/gemini-api/docs/thought-signatures";
const SEARCH = "https://ai.google.dev/gemini-api/docs/google-search";
const URLS = "https://ai.google.dev/gemini-api/docs/url-context";
const CODE = "https://ai.google.dev/gemini-api/docs/code-execution";
const SAFETY = "https://ai.google.dev/gemini-api/docs/safety-settings";
const SCHEMAS = "https://ai.google.dev/gemini-api/docs/structured-output";
const TOKENS = "https://ai.google.dev/api/tokens";
const EMBEDDINGS = "https://ai.google.dev/api/embeddings";
const ERRORS = "https://ai.google.dev/gemini-api/docs/troubleshooting";
const VERTEX = "https://docs.cloud.google.com/vertex-ai/generative-ai/docs/model-reference/inference";

const { field, term, error, event } = entriesOf("gemini", API);

export const gemini: readonly Entry[] = [
  field(
    "$.contents",
    "The conversation so far. `user` and `model` take turns.",
    "截至目前的会话，`user` 与 `model` 轮流发言。",
    { same: "messages" },
  ),
  field("role", "Who speaks: `user` or `model`.", "发言者：`user` 或 `model`。", { same: "role" }),
  field(
    ["parts", "contents[].parts", "content.parts"],
    "The pieces of this message: texts, files, tool calls, results.",
    "消息的各个部分：文本、文件、工具调用、结果。",
  ),
  field(
    "parts[].text",
    "The text of this part, or in a stream its next piece.",
    "该部分的文本，流式时为下一段。",
    { same: "answer-text" },
  ),
  field(["systemInstruction", "system_instruction"], "The system prompt.", "系统提示。", { same: "system" }),
  field(
    ["inlineData", "inline_data"],
    "A file inside the request, in base64.",
    "直接内嵌在请求中的文件（base64）。",
    { same: "image" },
  ),
  field(
    ["inlineData.mimeType", "inline_data.mime_type", "fileData.mimeType", "file_data.mime_type"],
    "The format of the file.",
    "文件格式。",
  ),
  field(["inlineData.data", "inline_data.data"], "The file itself in base64.", "文件内容（base64）。"),
  field(
    ["fileData", "file_data", "fileData.fileUri", "file_data.file_uri"],
    "A file that was uploaded before, by its address.",
    "已上传的文件，以地址引用。",
  ),
  field(["$.tools"], "The tools that the model may use.", "模型可用的工具。", {
    source: FUNCTIONS,
    same: "tools",
  }),
  field(
    ["functionDeclarations", "function_declarations"],
    "Functions that the client runs.",
    "由客户端执行的函数。",
    { source: FUNCTIONS },
  ),
  field(["functionDeclarations[].name", "function_declarations[].name"], "The function's name.", "函数名。", {
    source: FUNCTIONS,
    same: "tool-name",
  }),
  field(
    ["functionDeclarations[].description", "function_declarations[].description"],
    "What the function does and when to use it.",
    "函数的用途与适用场景。",
    { source: FUNCTIONS, same: "tool-description" },
  ),
  field(
    [
      "functionDeclarations[].parameters",
      "function_declarations[].parameters",
      "parametersJsonSchema",
      "parameters_json_schema",
    ],
    "A schema of the arguments: Google's own dialect in `parameters`, plain JSON Schema in the longer name.",
    "参数的 schema：`parameters` 用 Google 自己的写法，较长的字段名用标准 JSON Schema。",
    { source: FUNCTIONS, same: "tool-schema", below: "schema" },
  ),
  field(
    ["googleSearch", "google_search"],
    "Lets the model search with Google. Google runs it.",
    "允许模型使用 Google 搜索，由 Google 执行。",
    { source: SEARCH },
  ),
  field(
    ["codeExecution", "code_execution"],
    "Lets the model write and run Python. Google runs it.",
    "允许模型编写并运行 Python，由 Google 执行。",
    { source: CODE },
  ),
  field(
    ["urlContext", "url_context"],
    "Lets the model read pages whose addresses are in the prompt.",
    "允许模型读取提示词中给出的网页。",
    { source: URLS },
  ),
  field(
    ["toolConfig", "tool_config", "functionCallingConfig", "function_calling_config"],
    "How the model may use the tools.",
    "工具的使用方式。",
    { source: FUNCTIONS, same: "tool-choice" },
  ),
  field(
    ["functionCallingConfig.mode", "function_calling_config.mode"],
    "`AUTO` leaves it to the model, `ANY` demands a call, `NONE` forbids calls.",
    "`AUTO` 由模型决定，`ANY` 必须调用，`NONE` 禁止调用。",
    { source: FUNCTIONS, same: "tool-choice" },
  ),
  field(
    ["allowedFunctionNames", "allowed_function_names"],
    "With `ANY`: only these functions may be called.",
    "配合 `ANY`：只能调用这些函数。",
    { source: FUNCTIONS },
  ),
  field(["generationConfig", "generation_config"], "Settings of the answer.", "生成设置。"),
  field(
    ["maxOutputTokens", "max_output_tokens"],
    "The most tokens the answer may have, thoughts included.",
    "回答的 token 上限，含思考部分。",
    { same: "max-output" },
  ),
  field(
    "temperature",
    "How much chance there is in the choice of words, from 0 to 2.",
    "选词的随机程度，取值 0 到 2。",
    { same: "temperature" },
  ),
  field(
    ["topP", "top_p"],
    "Chooses only among the likeliest words that together reach this probability.",
    "只在累计概率达到该值的高概率词中选取。",
    { same: "top-p" },
  ),
  field(
    ["topK", "top_k"],
    "Chooses only among this many of the likeliest words.",
    "只在概率最高的若干个词中选取。",
    { same: "top-k" },
  ),
  field("seed", "Makes answers more repeatable.", "提高结果的可复现性。", { same: "seed" }),
  field(["stopSequences", "stop_sequences"], "Texts at which the model stops writing.", "停止序列。", {
    same: "stop",
  }),
  field(["candidateCount", "candidate_count"], "How many answers to write.", "生成几个回答。", {
    same: "n-choices",
  }),
  field(
    ["presencePenalty", "frequencyPenalty"],
    "Above 0 they keep the model from coming back to the same topics or words.",
    "大于 0 可抑制重复的话题或用词。",
    { same: "penalty" },
  ),
  field(
    ["responseMimeType", "response_mime_type"],
    "`application/json` asks for JSON instead of free text.",
    "`application/json` 要求输出 JSON。",
    { source: SCHEMAS, same: "structured-output" },
  ),
  field(
    ["responseSchema", "response_schema", "responseJsonSchema", "response_json_schema"],
    "The schema that the JSON must match.",
    "JSON 须符合的 schema。",
    { source: SCHEMAS, same: "output-schema", below: "schema" },
  ),
  field(
    ["responseModalities", "response_modalities"],
    "What the answer may consist of: text, images, sound.",
    "回答可包含的形式：文本、图片、音频。",
    { same: "modalities" },
  ),
  field(
    ["thinkingConfig", "thinking_config"],
    "How the model thinks, and whether its thoughts come back.",
    "思考方式，以及是否返回思考内容。",
    { source: THINKING },
  ),
  field(
    ["includeThoughts", "include_thoughts"],
    "Whether summaries of the thoughts are in the answer.",
    "回答中是否包含思考摘要。",
    { source: THINKING },
  ),
  field(
    ["thinkingLevel", "thinking_level"],
    "How long the model may think, as a word (Gemini 3).",
    "思考程度（Gemini 3）。",
    { source: THINKING, same: "reasoning-effort" },
  ),
  field(
    ["thinkingBudget", "thinking_budget"],
    "How many tokens the model may spend on thinking; -1 lets it decide, 0 switches thinking off where possible.",
    "思考可用的 token 数，-1 由模型决定，0 在支持时关闭思考。",
    { source: THINKING, same: "thinking-budget" },
  ),
  field(
    ["safetySettings", "safety_settings"],
    "From which probability of harm on an answer is blocked, by kind.",
    "按类别设定拦截阈值。",
    { source: SAFETY },
  ),
  field("safetySettings[].category", "The kind of harm.", "危害类别。", { source: SAFETY }),
  field("safetySettings[].threshold", "From which probability on to block.", "达到何种概率即拦截。", {
    source: SAFETY,
  }),
  field(
    ["cachedContent", "cached_content"],
    "A part of the prompt that was stored before, by its name.",
    "事先缓存的提示词内容，以名称引用。",
    { source: CACHING },
  ),
  field("labels", "Vertex: notes of your own, for the bill.", "Vertex：自定义标签，用于账单。", {
    source: VERTEX,
    below: "own",
  }),

  field(["$.candidates"], "The answers; usually one.", "回答列表，通常只有一个。", { same: "choices" }),
  field(
    "candidates[].content",
    "The answer, or in a stream what this piece adds to it.",
    "回答；流式时为本块新增的内容。",
  ),
  field("candidates[].index", "The number of this answer, from 0.", "回答的序号，从 0 开始。"),
  field(
    "parts[].thought",
    "`true`: this text is a thought, not part of the answer.",
    "`true` 表示该文本是思考内容，不属于回答。",
    { source: THINKING, same: "reasoning-text" },
  ),
  field(
    "thoughtSignature",
    "The model's state of mind, encrypted. Send it back with its part, or the model forgets why it called the tool.",
    "加密的思考状态。须随所在部分原样带回，否则模型会丢失推理上下文。",
    { source: SIGNATURES, same: "reasoning-signature" },
  ),
  field("functionCall", "A tool call for the client to run.", "需要客户端执行的工具调用。", {
    source: FUNCTIONS,
    same: "tool-calls",
  }),
  field("functionCall.name", "The function to call.", "要调用的函数。", {
    source: FUNCTIONS,
    same: "tool-call-name",
  }),
  field("functionCall.args", "The arguments, as a JSON object.", "参数（JSON 对象）。", {
    source: FUNCTIONS,
    same: "tool-arguments",
    below: "own",
  }),
  field(
    ["functionCall.id", "functionResponse.id"],
    "Ties a call to its result. Older models send none; then name and order decide.",
    "把调用与结果对应起来。旧模型没有 id，靠名称和顺序对应。",
    { source: FUNCTIONS, same: "tool-call-id" },
  ),
  field(
    "functionCall.willContinue",
    "`true`: more of this call follows.",
    "`true` 表示该调用还有后续片段。",
    { source: VERTEX },
  ),
  field(
    "partialArgs",
    "Pieces of the arguments, each with the place where it belongs.",
    "参数片段，各自标明所在位置。",
    { source: VERTEX, same: "arguments-delta" },
  ),
  field(
    ["partialArgs[].jsonPath", "partialArgs[].willContinue"],
    "Where in the arguments the piece belongs, and whether more of it follows.",
    "片段在参数中的位置，以及是否还有后续。",
    { source: VERTEX },
  ),
  field(
    [
      "partialArgs[].stringValue",
      "partialArgs[].numberValue",
      "partialArgs[].boolValue",
      "partialArgs[].nullValue",
    ],
    "The value at this place; texts come in several pieces.",
    "该位置的值，文本会分多段到来。",
    { source: VERTEX },
  ),
  field("functionResponse", "The result of a tool, sent by the client.", "客户端发送的工具结果。", {
    source: FUNCTIONS,
    same: "tool-result",
  }),
  field("functionResponse.name", "The function that was run.", "已执行的函数。", { source: FUNCTIONS }),
  field("functionResponse.response", "What it gave back, as a JSON object.", "返回内容（JSON 对象）。", {
    source: FUNCTIONS,
    below: "own",
  }),
  field(
    ["executableCode", "executableCode.language", "executableCode.code", "executableCode.id"],
    "Code that the model wrote and Google runs.",
    "模型编写、由 Google 运行的代码。",
    { source: CODE },
  ),
  field(
    [
      "codeExecutionResult",
      "codeExecutionResult.outcome",
      "codeExecutionResult.output",
      "codeExecutionResult.id",
    ],
    "What came of the code: whether it worked and what it printed.",
    "代码的运行结果：是否成功及输出。",
    { source: CODE },
  ),
  field(
    "finishReason",
    "Why the model stopped. It stands in the last piece of a stream.",
    "模型停止的原因，流式时位于最后一块。",
    { same: "stop-reason" },
  ),
  term(
    "finishReason=STOP",
    "The model finished by itself. Tool calls end this way too.",
    "模型自行结束，工具调用也以此结束。",
    { same: "stopped-end" },
  ),
  term(
    "finishReason=MAX_TOKENS",
    "`maxOutputTokens` was reached; the answer is cut off.",
    "达到 `maxOutputTokens`，回答被截断。",
    { same: "stopped-length" },
  ),
  term(
    "finishReason=SAFETY",
    "The answer was stopped for safety; `safetyRatings` says of which kind.",
    "因安全原因中止，类别见 `safetyRatings`。",
    { same: "stopped-filter" },
  ),
  term("finishReason=RECITATION", "The answer came too close to known texts.", "回答与已有文本过于相似。"),
  term(
    ["finishReason=MALFORMED_FUNCTION_CALL", "finishReason=UNEXPECTED_TOOL_CALL"],
    "The model tried to call a tool, but in a form that cannot be used.",
    "模型尝试调用工具，但格式不可用。",
    { source: FUNCTIONS },
  ),
  field("finishMessage", "More about the stop, in words.", "停止原因的文字说明。"),
  field(
    "avgLogprobs",
    "How sure the model was on average; nearer to 0 is surer.",
    "平均对数概率，越接近 0 越有把握。",
  ),
  field(
    ["promptFeedback"],
    "What was found in the prompt. Only there when the prompt was blocked or rated.",
    "对提示词的检查结果。",
    { source: SAFETY, same: "safety" },
  ),
  field(
    "blockReason",
    "The prompt was refused for this reason; there is no answer.",
    "提示词被拦截的原因，此时没有回答。",
    { source: SAFETY },
  ),
  field(
    ["safetyRatings", "candidates[].safetyRatings"],
    "How likely each kind of harm is.",
    "各类危害的可能性。",
    { source: SAFETY, same: "safety" },
  ),
  field(
    [
      "safetyRatings[].category",
      "safetyRatings[].probability",
      "safetyRatings[].probabilityScore",
      "safetyRatings[].severity",
      "safetyRatings[].severityScore",
      "safetyRatings[].blocked",
    ],
    "The kind of harm, how likely and how bad it is, and whether it blocked the text.",
    "危害类别、概率、严重程度，以及是否因此拦截。",
    { source: SAFETY },
  ),
  field(
    "groundingMetadata",
    "What the search found and which words rely on it.",
    "搜索所得，以及哪些文字以它为依据。",
    { source: SEARCH, same: "citations" },
  ),
  field(
    ["groundingChunks", "groundingChunks[].web", "web.uri", "web.title"],
    "The pages that were found.",
    "搜索到的网页。",
    { source: SEARCH },
  ),
  field(
    [
      "groundingSupports",
      "groundingSupports[].segment",
      "segment.startIndex",
      "segment.endIndex",
      "segment.text",
      "groundingChunkIndices",
    ],
    "Which passage of the answer relies on which pages. Positions count bytes.",
    "回答中的哪一段依据哪些网页，位置按字节计。",
    { source: SEARCH },
  ),
  field("webSearchQueries", "What Google was asked.", "实际的搜索词。", { source: SEARCH }),
  field(
    ["searchEntryPoint", "searchEntryPoint.renderedContent"],
    "HTML with search suggestions that an app must show.",
    "应用须展示的搜索建议 HTML。",
    { source: SEARCH },
  ),
  field(
    ["urlContextMetadata", "urlMetadata", "urlMetadata[].retrievedUrl", "urlMetadata[].urlRetrievalStatus"],
    "Which pages were read, and whether that worked.",
    "读取了哪些网页以及是否成功。",
    { source: URLS },
  ),
  field(
    [
      "citationMetadata",
      "citationSources",
      "citationSources[].startIndex",
      "citationSources[].endIndex",
      "citationSources[].uri",
      "citations",
    ],
    "Passages that repeat a known source, with its address.",
    "与已知来源重合的段落及其地址。",
    { same: "citations" },
  ),
  field(
    ["usageMetadata"],
    "The token counts. In a stream each piece has its own; the last is right.",
    "token 用量。流式时每块都有，以最后一块为准。",
    { same: "usage" },
  ),
  field(
    "promptTokenCount",
    "Tokens of the input, cached ones included.",
    "输入 token 数，含命中缓存的部分。",
    { same: "input-tokens" },
  ),
  field(
    "candidatesTokenCount",
    "Tokens of the answer, without the thoughts.",
    "回答的 token 数，不含思考部分。",
    { same: "output-tokens" },
  ),
  field(
    "thoughtsTokenCount",
    "Tokens of the thoughts. Billed as output, but not in `candidatesTokenCount`.",
    "思考的 token 数，按输出计费，但不包含在 `candidatesTokenCount` 中。",
    { source: THINKING, same: "reasoning-tokens" },
  ),
  field("totalTokenCount", "All tokens together.", "全部 token 之和。", { same: "total-tokens" }),
  field("cachedContentTokenCount", "Input tokens that came from the cache.", "来自缓存的输入 token。", {
    source: CACHING,
    same: "cached-tokens",
  }),
  field(
    "toolUsePromptTokenCount",
    "Tokens that the results of Google's own tools added to the input.",
    "Google 内置工具的结果所占的输入 token。",
  ),
  field(
    [
      "promptTokensDetails",
      "candidatesTokensDetails",
      "cacheTokensDetails",
      "toolUsePromptTokensDetails",
      "promptTokenDetails",
    ],
    "The tokens by kind: text, image, sound, video.",
    "按类型划分的 token：文本、图片、音频、视频。",
  ),
  field(["modality", "tokenCount"], "A kind of content, and its tokens.", "内容类型及其 token 数。"),
  field(["trafficType", "serviceTier"], "How the capacity was paid for.", "所用容量的计费方式。", {
    source: VERTEX,
    same: "service-tier",
  }),
  field("modelVersion", "The exact model that answered.", "实际作答的模型。", { same: "model" }),
  field("responseId", "The id of this answer.", "本次回答的 id。", { same: "response-id" }),
  field("createTime", "Vertex: when the request was received.", "Vertex：收到请求的时间。", {
    source: VERTEX,
    same: "created",
  }),
  field("error.code", "The HTTP status, once more.", "与 HTTP 状态码相同。", {
    source: ERRORS,
    same: "error-code",
  }),
  field("error.status", "The kind of error, in Google's words.", "Google 定义的错误类型。", {
    source: ERRORS,
    same: "error-type",
  }),
  error(
    "INVALID_ARGUMENT",
    "The request is malformed, or the key is not valid (400).",
    "请求格式有误，或密钥无效（400）。",
    { source: ERRORS },
  ),
  error(
    "FAILED_PRECONDITION",
    "The free tier is not offered here, or billing is missing (400).",
    "所在地区不提供免费额度，或未开通结算（400）。",
    { source: ERRORS },
  ),
  error("PERMISSION_DENIED", "The key may not use this (403).", "密钥没有权限（403）。", { source: ERRORS }),
  error("NOT_FOUND", "There is no such model or file (404).", "模型或文件不存在（404）。", {
    source: ERRORS,
  }),
  error("RESOURCE_EXHAUSTED", "A rate limit or quota is used up (429).", "触发限流或配额用尽（429）。", {
    source: ERRORS,
  }),
  error(
    "INTERNAL",
    "Something failed inside Google; a shorter prompt sometimes helps (500).",
    "Google 内部出错，缩短提示词有时有效（500）。",
    { source: ERRORS },
  ),
  error("UNAVAILABLE", "The model is overloaded for the moment (503).", "模型暂时过载（503）。", {
    source: ERRORS,
  }),
  error("DEADLINE_EXCEEDED", "The answer took too long (504).", "处理超时（504）。", { source: ERRORS }),
  event(
    "array element",
    "Without `alt=sse` the stream is one JSON array that comes in pieces; each element is an event.",
    "不带 `alt=sse` 时，流是一个分段到来的 JSON 数组，每个元素是一个事件。",
  ),

  field("totalTokens", "How many tokens the content has.", "内容的 token 数。", {
    source: TOKENS,
    same: "input-tokens",
  }),
  field(
    ["$.content", "requests[].content", "instances[].content"],
    "What to turn into a vector.",
    "要转换为向量的内容。",
    { source: EMBEDDINGS, where: ["gemini-embeddings"], same: "embedding-input" },
  ),
  field(
    ["$.requests", "$.instances", "$.parameters", "requests[].model"],
    "Several texts at once, with the model for each.",
    "批量请求，以及各自的模型。",
    { source: EMBEDDINGS, where: ["gemini-embeddings"] },
  ),
  field(
    ["outputDimensionality", "taskType"],
    "How many numbers each vector should have, or what it is for.",
    "向量的维数，或用途。",
    { source: EMBEDDINGS, where: ["gemini-embeddings"], same: "dimensions" },
  ),
  field(
    [
      "$.embedding",
      "$.embeddings",
      "predictions",
      "predictions[].embeddings",
      "embedding.values",
      "embeddings[].values",
    ],
    "The vectors, one for each content.",
    "向量，与内容一一对应。",
    { source: EMBEDDINGS, where: ["gemini-embeddings"], same: "embedding" },
  ),
  field(
    ["statistics", "statistics.token_count", "statistics.truncated"],
    "Vertex: how long the text was, and whether it was cut.",
    "Vertex：文本的 token 数，以及是否被截断。",
    { source: VERTEX, where: ["gemini-embeddings"] },
  ),
];
