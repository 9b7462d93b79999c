/** Cohere: Chat v2, the older Chat v1, and embeddings. */
import { entriesOf, type Entry } from "../entry.ts";

const CHAT = "https://docs.cohere.com/reference/chat";
const STREAM = "https://docs.cohere.com/v2/docs/streaming";
const CITATIONS = "https://docs.cohere.com/docs/documents-and-citations";
const TOOLS = "https://docs.cohere.com/docs/tool-use-overview";
const V1 = "https://docs.cohere.com/v1/reference/chat";
const V1_STREAM = "https://docs.cohere.com/v1/docs/streaming";
const EMBED = "https://docs.cohere.com/reference/embed";

const { field, term, event } = entriesOf("cohere", CHAT);
const v1 = entriesOf("cohere-v1", V1);
const rerank = entriesOf("rerank", "https://docs.cohere.com/reference/rerank");
const embed = entriesOf("cohere-embeddings", EMBED);

export const cohere: readonly Entry[] = [
  field("$.model", "The model that is asked for.", "请求的模型。", { same: "model" }),
  field("$.messages", "The conversation so far.", "截至目前的会话。", { same: "messages" }),
  field(
    "role",
    "Who speaks: `system`, `user`, `assistant` or `tool`.",
    "发言者：`system`、`user`、`assistant` 或 `tool`。",
    { same: "role" },
  ),
  field(
    ["messages[].content", "message.content"],
    "What is said: a text, or a list of parts.",
    "消息内容：文本或多个部分。",
  ),
  field(
    "content[].type",
    "Which kind of part this is: text, thinking, image or document.",
    "该部分的类型：文本、思考、图片或文档。",
  ),
  field(["content[].text", "message.content[].text"], "The text of this part.", "该部分的文本。", {
    same: "answer-text",
  }),
  field("content[].thinking", "The model's thoughts.", "模型的思考内容。", { same: "reasoning-text" }),
  field("max_tokens", "The most tokens the answer may have.", "回答的 token 上限。", { same: "max-output" }),
  field("temperature", "How much chance there is in the choice of words.", "选词的随机程度。", {
    same: "temperature",
  }),
  field(
    "$.p",
    "Chooses only among the likeliest words that together reach this probability. Others call it `top_p`.",
    "只在累计概率达到该值的高概率词中选取，其他 API 称为 `top_p`。",
    { side: "request", same: "top-p" },
  ),
  field(
    "$.k",
    "Chooses only among this many of the likeliest words. Others call it `top_k`.",
    "只在概率最高的若干个词中选取，其他 API 称为 `top_k`。",
    { side: "request", same: "top-k" },
  ),
  field("stop_sequences", "Texts at which the model stops writing.", "停止序列。", { same: "stop" }),
  field("seed", "Makes answers more repeatable.", "提高结果的可复现性。", { same: "seed" }),
  field("thinking", "Whether and how long the model may think.", "是否思考以及思考多久。", {
    same: "reasoning-effort",
    side: "request",
  }),
  field(
    "thinking.token_budget",
    "How many tokens the model may spend on thinking.",
    "思考可用的 token 数。",
    { same: "thinking-budget" },
  ),
  field("response_format", "Free text or JSON, if wanted after a schema.", "自由文本或 JSON，可附 schema。", {
    same: "structured-output",
  }),
  field("safety_mode", "How strict the safety instruction is.", "安全指令的严格程度。"),
  field("$.documents", "Texts that the model should rely on and cite.", "供模型依据并引用的文档。", {
    source: CITATIONS,
  }),
  field(["documents[].id", "document.id"], "The document's name, for citations.", "文档的标识，用于引用。", {
    source: CITATIONS,
  }),
  field(
    ["documents[].data", "document.data", "content[].document", "sources[].document"],
    "The document itself: text, title and whatever else you give it.",
    "文档内容：正文、标题及其他自定字段。",
    { source: CITATIONS, below: "own" },
  ),
  field(
    "citation_options",
    "How citations are made: exactly, quickly or not at all.",
    "引用的生成方式：精确、快速或不生成。",
    { source: CITATIONS },
  ),
  field("$.tools", "The tools that the model may call.", "模型可调用的工具。", {
    source: TOOLS,
    same: "tools",
  }),
  field(["tools[].type", "tools[].function"], "A function that the client runs.", "由客户端执行的函数。", {
    source: TOOLS,
  }),
  field(["tools[].function.name"], "The tool's name.", "工具名。", { source: TOOLS, same: "tool-name" }),
  field("tools[].function.description", "What the tool does and when to use it.", "工具的用途与适用场景。", {
    source: TOOLS,
    same: "tool-description",
  }),
  field("tools[].function.parameters", "A JSON Schema of the arguments.", "参数的 JSON Schema。", {
    source: TOOLS,
    same: "tool-schema",
    below: "schema",
  }),
  field(
    "tool_choice",
    "`REQUIRED` demands a tool call, `NONE` forbids it.",
    "`REQUIRED` 必须调用工具，`NONE` 禁止调用。",
    { source: TOOLS, same: "tool-choice" },
  ),
  field(
    ["tool_calls", "message.tool_calls"],
    "The tools that the model wants run.",
    "模型要求执行的工具调用。",
    { source: TOOLS, same: "tool-calls" },
  ),
  field(
    "tool_calls[].id",
    "The call's id; the result carries it in `tool_call_id`.",
    "调用的 id，结果通过 `tool_call_id` 对应。",
    { source: TOOLS, same: "tool-call-id" },
  ),
  field(["tool_calls[].type", "tool_calls[].function"], "The function to call.", "要调用的函数。", {
    source: TOOLS,
  }),
  field("tool_calls[].function.name", "The name of the function.", "函数名。", {
    source: TOOLS,
    same: "tool-call-name",
  }),
  field(
    "tool_calls[].function.arguments",
    "The arguments as a JSON text that the model wrote.",
    "模型写出的 JSON 文本参数。",
    { source: TOOLS, same: "tool-arguments" },
  ),
  field("tool_call_id", "Which call this result belongs to.", "该结果对应哪次调用。", {
    source: TOOLS,
    same: "tool-result-id",
  }),
  field(
    "tool_plan",
    "What the model means to do with the tools, in a sentence or two.",
    "模型打算如何使用工具的简短说明。",
    { source: TOOLS, same: "reasoning-text" },
  ),
  field(["$.id", "generation_id", "response_id"], "The id of this answer.", "本次回答的 id。", {
    same: "response-id",
  }),
  field("$.message", "The answer as a message; in an error, its words.", "回答消息；出错时为错误说明。", {
    side: "response",
  }),
  field(["finish_reason", "delta.finish_reason"], "Why the model stopped.", "模型停止的原因。", {
    same: "stop-reason",
  }),
  term("finish_reason=COMPLETE", "The model finished by itself.", "模型自行结束。", { same: "stopped-end" }),
  term(
    "finish_reason=MAX_TOKENS",
    "`max_tokens` was reached; the answer is cut off.",
    "达到 `max_tokens`，回答被截断。",
    { same: "stopped-length" },
  ),
  term(
    "finish_reason=TOOL_CALL",
    "The model waits for the results of its tool calls.",
    "模型在等待工具调用的结果。",
    { same: "stopped-tool" },
  ),
  term(
    "finish_reason=STOP_SEQUENCE",
    "One of the `stop_sequences` came up.",
    "遇到了 `stop_sequences` 之一。",
  ),
  field(
    ["citations", "message.citations"],
    "Which words of the answer rely on which documents or tool results.",
    "回答中的哪些文字依据哪些文档或工具结果。",
    { source: CITATIONS, same: "citations" },
  ),
  field(
    [
      "citations[].start",
      "citations[].end",
      "citations[].text",
      "citations[].type",
      "citations[].content_index",
    ],
    "Where the cited words stand in the answer, and what they are.",
    "被引文字在回答中的位置与内容。",
    { source: CITATIONS },
  ),
  field(
    ["citations[].sources", "citations[].document_ids", "sources[].type", "sources[].id"],
    "The sources: documents or tool results.",
    "来源：文档或工具结果。",
    { source: CITATIONS },
  ),
  field("sources[].tool_output", "The tool result that is cited.", "被引用的工具结果。", {
    source: CITATIONS,
    below: "own",
  }),
  field(["$.usage", "delta.usage"], "The token counts.", "token 用量。", { same: "usage" }),
  field(
    [
      "billed_units",
      "billed_units.input_tokens",
      "billed_units.output_tokens",
      "billed_units.search_units",
      "billed_units.classifications",
      "billed_units.image_tokens",
    ],
    "What is billed. Tokens that Cohere's own prompt adds are not in it.",
    "计费用量，不含 Cohere 自身提示词所占的 token。",
  ),
  field(["usage.tokens", "meta.tokens"], "What the model really read and wrote.", "模型实际读写的 token。"),
  field(
    "tokens.input_tokens",
    "Tokens of the input, Cohere's own prompt included.",
    "输入 token 数，含 Cohere 自身的提示词。",
    { same: "input-tokens" },
  ),
  field("tokens.output_tokens", "Tokens of the output.", "输出 token 数。", { same: "output-tokens" }),
  field("tokens.reasoning_tokens", "Tokens of the thoughts.", "思考的 token 数。", {
    same: "reasoning-tokens",
  }),
  field("usage.cached_tokens", "Input tokens that came from the cache.", "来自缓存的输入 token。", {
    same: "cached-tokens",
  }),
  event("message-start", "The stream begins.", "流开始，给出 id 与发言者。", {
    source: STREAM,
    same: "stream-start",
  }),
  event("content-start", "A part of the answer begins: text or thinking.", "回答的一部分开始：文本或思考。", {
    source: STREAM,
    same: "part-start",
  }),
  event("content-delta", "The next piece of this part.", "该部分的下一段。", {
    source: STREAM,
    same: "text-delta",
  }),
  event("content-end", "This part is complete.", "该部分已完整。", { source: STREAM, same: "part-stop" }),
  event("tool-plan-delta", "The next piece of the plan for the tools.", "工具使用计划的下一段。", {
    source: STREAM,
    same: "reasoning-delta",
  }),
  event("tool-call-start", "A tool call begins, with its id and name.", "工具调用开始，带 id 与名称。", {
    source: STREAM,
    same: "part-start",
  }),
  event("tool-call-delta", "The next piece of the arguments' JSON text.", "参数 JSON 文本的下一段。", {
    source: STREAM,
    same: "arguments-delta",
  }),
  event("tool-call-end", "This tool call is complete.", "该工具调用已完整。", {
    source: STREAM,
    same: "part-stop",
  }),
  event("citation-start", "A citation for words that have already come.", "针对已输出文字的一处引用。", {
    source: STREAM,
    same: "citations",
  }),
  event("citation-end", "This citation is complete.", "该引用已完整。", { source: STREAM }),
  event("message-end", "The end: the reason and the token counts.", "结束：停止原因与 token 用量。", {
    source: STREAM,
    same: "end-of-stream",
  }),
  field(
    ["$.delta", "delta.message", "delta.message.content"],
    "What this event adds.",
    "该事件新增的内容。",
    { source: STREAM, same: "delta" },
  ),
  field("$.index", "Which part, call or citation this event is about.", "事件针对第几个部分、调用或引用。", {
    source: STREAM,
    same: "index",
  }),

  v1.field(
    "$.message",
    "What the user says now. The earlier turns are in `chat_history`.",
    "用户当前的话，先前的轮次在 `chat_history` 中。",
    { same: "messages" },
  ),
  v1.field(["chat_history", "chat_history[].message"], "The earlier turns.", "先前的轮次。", {
    same: "messages",
  }),
  v1.field(
    "chat_history[].role",
    "Who spoke: `USER`, `CHATBOT`, `SYSTEM` or `TOOL`.",
    "发言者：`USER`、`CHATBOT`、`SYSTEM` 或 `TOOL`。",
    { same: "role" },
  ),
  v1.field("preamble", "The system prompt.", "系统提示。", { same: "system" }),
  v1.field("conversation_id", "Lets Cohere remember the turns.", "由 Cohere 保存会话轮次。"),
  v1.field(
    ["tools[].name", "tools[].description"],
    "The tool's name, or what it does.",
    "工具的名称或用途。",
  ),
  v1.field(
    "parameter_definitions",
    "The tool's arguments, in Cohere's older form: name, type, whether required.",
    "工具参数的旧式定义：名称、类型、是否必填。",
    { below: "own" },
  ),
  v1.field("tool_calls[].name", "The tool to call.", "要调用的工具。", { same: "tool-call-name" }),
  v1.field(["tool_calls[].parameters"], "The arguments as a JSON object.", "参数（JSON 对象）。", {
    same: "tool-arguments",
    below: "own",
  }),
  v1.field("tool_results", "What the tools gave back.", "工具返回的结果。", {
    same: "tool-result",
    below: "own",
  }),
  v1.field(
    ["$.text", "response.text"],
    "The text, or in a stream its next piece.",
    "回答文本，流式时为下一段。",
    { same: "answer-text" },
  ),
  v1.field(
    ["$.meta", "response.meta", "meta.api_version", "api_version.version"],
    "The version of the API and the token counts.",
    "API 版本与 token 用量。",
    { same: "usage" },
  ),
  v1.field("is_finished", "Whether this was the last line of the stream.", "是否为流的最后一行。", {
    source: V1_STREAM,
  }),
  v1.field("event_type", "The name of this event.", "事件名。", { source: V1_STREAM }),
  v1.field(
    ["tool_call_delta", "tool_call_delta.index", "tool_call_delta.name"],
    "A piece of a tool call.",
    "工具调用的一段。",
    { source: V1_STREAM },
  ),
  v1.field("tool_call_delta.parameters", "The next piece of the arguments.", "参数的下一段。", {
    source: V1_STREAM,
    same: "arguments-delta",
  }),
  v1.field("$.response", "The whole answer, in the last line.", "完整回答，位于最后一行。", {
    source: V1_STREAM,
  }),
  v1.field(
    ["response.documents", "documents[].title", "documents[].url", "documents[].snippet"],
    "The documents that the answer relies on.",
    "回答所依据的文档。",
  ),
  v1.event("stream-start", "The stream begins.", "流开始，给出生成 id。", {
    source: V1_STREAM,
    same: "stream-start",
  }),
  v1.event("text-generation", "The next piece of the text.", "文本的下一段。", {
    source: V1_STREAM,
    same: "text-delta",
  }),
  v1.event(
    ["tool-calls-chunk", "tool-calls-generation"],
    "A piece of a tool call, or all of them whole.",
    "工具调用的一段，或全部完整的调用。",
    { source: V1_STREAM, same: "arguments-delta" },
  ),
  v1.event("citation-generation", "Citations for the text so far.", "到目前为止的引用。", {
    source: V1_STREAM,
    same: "citations",
  }),
  v1.event(
    ["search-queries-generation", "search-results"],
    "What was searched for, or what was found.",
    "搜索词或搜索结果。",
    { source: V1_STREAM },
  ),
  v1.event(
    "stream-end",
    "The last line: the whole answer, the reason and the token counts.",
    "最后一行：完整回答、停止原因与 token 用量。",
    { source: V1_STREAM, same: "end-of-stream" },
  ),

  embed.field(["$.texts", "$.images", "$.inputs"], "What to turn into vectors.", "要转换为向量的内容。", {
    same: "embedding-input",
  }),
  embed.field(
    "input_type",
    "What the vectors are for: search for documents, queries, classification or clustering. It changes them.",
    "向量的用途（检索文档、查询、分类或聚类），不同用途结果不同。",
  ),
  embed.field(
    "embedding_types",
    "Which forms of vector are wanted: `float`, `int8`, `binary` and others.",
    "需要哪些形式的向量：`float`、`int8`、`binary` 等。",
  ),
  embed.field("output_dimension", "How many numbers each vector should have.", "向量的维数。", {
    same: "dimensions",
  }),
  embed.field(
    ["embeddings", "embeddings.float", "embeddings.int8", "embeddings.binary"],
    "The vectors, by form.",
    "向量，按形式分列。",
    { same: "embedding" },
  ),
  embed.field("response_type", "In which form the vectors are grouped.", "向量的组织形式。"),

  rerank.field("query", "The question by which the documents are put in order.", "用来给文档排序的查询。"),
  rerank.field(
    "$.documents",
    "The texts to put in order, best first in the answer.",
    "待排序的文本，结果按相关度从高到低返回。",
  ),
  rerank.field(["top_n", "top_k"], "How many of the best documents to return.", "返回前多少个文档。"),
  rerank.field(
    ["$.results", "$.data"],
    "The documents in order, best first. Only their numbers come back unless the texts are asked for.",
    "按相关度排序的结果，默认只返回文档序号，不含文本。",
  ),
  rerank.field(
    ["results[].index", "data[].index"],
    "Which document of the request this is, from 0.",
    "对应请求中的第几个文档，从 0 开始。",
  ),
  rerank.field(
    "relevance_score",
    "How well the document fits the question, from 0 to 1. Scores of different questions cannot be compared.",
    "文档与查询的相关度，0 到 1。不同查询的分数不可相互比较。",
  ),
  rerank.field(
    ["return_documents", "document"],
    "Whether the texts come back too, or such a text.",
    "是否同时返回文本，或返回的文本。",
  ),
  rerank.field("$.object", "What this JSON is: `list`.", "JSON 的类型：`list`。"),
  rerank.field(["$.usage", "usage.total_tokens"], "The tokens that are billed.", "计费的 token 数。", {
    same: "usage",
  }),
  rerank.field(
    "search_units",
    "What is billed: one unit for each question with up to 100 documents.",
    "计费单位：一次查询加不超过 100 个文档为一个单位。",
  ),
];
