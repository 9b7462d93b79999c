/** Anthropic Messages: requests, content blocks, the events of its stream, server tools, errors, the older completions. */
import { entriesOf, type Entry } from "../entry.ts";

const MESSAGES = "https://platform.claude.com/docs/en/api/messages";
const STREAM = "https://platform.claude.com/docs/en/build-with-claude/streaming";
const THINKING = "https://platform.claude.com/docs/en/build-with-claude/extended-thinking";
const TOOLS = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/overview";
const CACHE = "https://platform.claude.com/docs/en/build-with-claude/prompt-caching";
const CITATIONS = "https://platform.claude.com/docs/en/build-with-claude/citations";
const SEARCH = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool";
const FETCH = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-fetch-tool";
const CODE = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/code-execution-tool";
const TOOL_SEARCH = "https://platform.claude.com/docs/en/agents-and-tools/tool-use/tool-search-tool";
const CONNECTOR = "https://platform.claude.com/docs/en/agents-and-tools/mcp-connector";
const CONTEXT = "https://platform.claude.com/docs/en/build-with-claude/context-editing";
const COMPACTION = "https://platform.claude.com/docs/en/build-with-claude/compaction";
const ERRORS = "https://platform.claude.com/docs/en/api/errors";
const COMPLETE = "https://platform.claude.com/docs/en/api/completions";

const { field, term, event, error } = entriesOf("anthropic-messages", MESSAGES);

export const anthropic: readonly Entry[] = [
  field(
    ["$.model", "message.model"],
    "The model that is asked for, or that answered.",
    "请求的模型，或实际作答的模型。",
    {
      same: "model",
    },
  ),
  field(
    "$.messages",
    "The conversation so far. `user` and `assistant` take turns; the system prompt is not in it.",
    "截至目前的会话，`user` 与 `assistant` 轮流发言，系统提示不在其中。",
    { same: "messages" },
  ),
  field(
    ["role", "messages[].role"],
    "Who speaks: `user` or `assistant`. Tool results come from `user` too.",
    "发言者：`user` 或 `assistant`。工具结果也以 `user` 的身份发送。",
    { same: "role" },
  ),
  field(
    "messages[].content",
    "What is said: a text, or a list of content blocks.",
    "消息内容：一段文本，或由内容块组成的列表。",
  ),
  field(
    "$.system",
    "The system prompt: who the model should be and what rules hold. It stands beside the messages, not among them.",
    "系统提示：设定模型的身份与规则。它与 messages 并列，不属于其中。",
    { same: "system" },
  ),
  field(
    ["system[].text", "content[].text", "content_block.text"],
    "The text of this block.",
    "该内容块的文本。",
  ),
  field(
    "$.max_tokens",
    "The most tokens the answer may have, thinking included. Required.",
    "回答的 token 上限，含思考部分。必填。",
    { same: "max-output" },
  ),
  field(
    "temperature",
    "How much chance there is in the choice of words, from 0 to 1.",
    "选词的随机程度，取值 0 到 1。",
    { same: "temperature" },
  ),
  field(
    "top_p",
    "Chooses only among the likeliest words that together reach this probability.",
    "只在累计概率达到该值的高概率词中选取。",
    { same: "top-p" },
  ),
  field("top_k", "Chooses only among this many of the likeliest words.", "只在概率最高的若干个词中选取。", {
    same: "top-k",
  }),
  field(["stop_sequences"], "Texts at which the model stops writing.", "停止序列：生成到这些文本时停止。", {
    same: "stop",
  }),
  field(
    "$.stream",
    "`true` asks for the answer as server-sent events while it is being written.",
    "`true` 表示边生成边以 SSE 事件返回。",
    { same: "stream", side: "request" },
  ),
  field(
    "$.metadata",
    "Notes on the request; `user_id` is an anonymous mark of the end user.",
    "请求的附注，其中 `user_id` 是最终用户的匿名标识。",
    { below: "own" },
  ),
  field(
    "service_tier",
    "Whether the request may use reserved capacity. In `usage`: which kind was used.",
    "请求是否可以使用预留容量；在 `usage` 中则是实际所用的类型。",
    { same: "service-tier" },
  ),
  field(
    ["inference_geo", "usage.inference_geo"],
    "In which part of the world the model ran.",
    "模型运行所在的地理区域。",
  ),
  field(
    "output_config",
    "How the answer should be: how much effort, or which JSON Schema it must match.",
    "回答的要求：投入程度，或须符合的 JSON Schema。",
    { same: "structured-output" },
  ),
  field(
    "output_config.effort",
    "How much work the model puts into the answer, thinking and tool calls included.",
    "模型为回答投入的程度，包括思考和工具调用。",
    { same: "reasoning-effort" },
  ),
  field(
    "$.thinking",
    "Lets the model think before it answers, with a budget or as much as it sees fit.",
    "让模型先思考再作答，可指定预算或由模型自行决定。",
    { source: THINKING, same: "reasoning-effort" },
  ),
  field(
    "thinking.type",
    "`enabled` with a budget, `adaptive` (the model decides), or `disabled`.",
    "`enabled`（指定预算）、`adaptive`（由模型决定）或 `disabled`。",
    { source: THINKING },
  ),
  field(
    "thinking.budget_tokens",
    "How many tokens the model may spend on thinking. They count towards `max_tokens`.",
    "思考可用的 token 数，计入 `max_tokens`。",
    { source: THINKING, same: "thinking-budget" },
  ),

  field(
    "$.tools",
    "The tools that the model may call. Those with an `input_schema` are run by the client, the named ones often by Anthropic.",
    "模型可调用的工具。带 `input_schema` 的由客户端执行，具名的内置工具多由 Anthropic 执行。",
    { source: TOOLS, same: "tools" },
  ),
  field("tools[].name", "The tool's name.", "工具名。", { source: TOOLS, same: "tool-name" }),
  field(
    "tools[].description",
    "What the tool does and when to use it. The more exact, the better the model uses it.",
    "工具的用途与适用场景，写得越清楚，模型用得越好。",
    { source: TOOLS, same: "tool-description" },
  ),
  field("tools[].input_schema", "A JSON Schema of the tool's input.", "工具输入的 JSON Schema。", {
    source: TOOLS,
    same: "tool-schema",
    below: "schema",
  }),
  field(
    "tools[].type",
    "Absent or `custom` for a tool of your own; else the dated name of a built-in one such as `web_search_20250305`.",
    "自定义工具可省略或写 `custom`；内置工具则是带日期的名称，如 `web_search_20250305`。",
    { source: TOOLS },
  ),
  field(
    "tools[].strict",
    "`true` forces the input to match the schema exactly.",
    "`true` 时强制输入严格符合 schema。",
    { source: TOOLS, same: "strict" },
  ),
  field(
    "tools[].defer_loading",
    "Keeps the tool out of the prompt until tool search finds it, which saves tokens.",
    "暂不放入提示词，待工具搜索命中后再加载，以节省 token。",
    { source: TOOL_SEARCH, same: "defer-loading" },
  ),
  field(
    ["max_uses", "allowed_domains", "blocked_domains", "user_location"],
    "Limits of web search: how many searches, on which sites, and from where.",
    "联网搜索的限制：次数、站点范围与所在地。",
    { source: SEARCH },
  ),
  field(
    "tool_choice",
    "Whether the model must, may or must not call a tool, or which one.",
    "规定模型必须、可以还是不得调用工具，或指定某个工具。",
    { source: TOOLS, same: "tool-choice" },
  ),
  field(
    "tool_choice.type",
    "`auto` leaves it to the model, `any` demands some tool, `tool` a certain one, `none` forbids all.",
    "`auto` 由模型决定，`any` 必须调用某个工具，`tool` 指定工具，`none` 禁止调用。",
    { source: TOOLS },
  ),
  field("tool_choice.name", "The one tool that the model must call.", "指定模型必须调用的工具。", {
    source: TOOLS,
  }),
  field(
    "tool_choice.disable_parallel_tool_use",
    "`true` allows only one tool call in an answer.",
    "`true` 时每次回答最多调用一个工具。",
    { source: TOOLS, same: "parallel-tools" },
  ),
  field(
    "cache_control",
    "A cache breakpoint: everything up to here is kept, so that the next request with the same beginning is cheaper and quicker.",
    "缓存断点：此处之前的内容会被缓存，下次以相同前缀请求时更便宜也更快。",
    { source: CACHE, same: "cache-breakpoint" },
  ),
  field("cache_control.type", "Always `ephemeral` for now.", "目前只有 `ephemeral`。", { source: CACHE }),
  field(
    "cache_control.ttl",
    "How long the cached part is kept: 5 minutes or 1 hour since its last use.",
    "缓存保留时长：自上次使用起 5 分钟或 1 小时。",
    { source: CACHE },
  ),
  field(
    "$.mcp_servers",
    "Remote MCP servers that Anthropic connects to on its own side, so that the model can use their tools.",
    "由 Anthropic 一侧直接连接的远程 MCP 服务，模型可使用其工具。",
    { source: CONNECTOR },
  ),
  field(
    ["mcp_servers[].name", "mcp_servers[].url", "mcp_servers[].type", "mcp_servers[].authorization_token"],
    "Name, address and credential of a remote MCP server.",
    "远程 MCP 服务的名称、地址与凭据。",
    { source: CONNECTOR },
  ),
  field(
    "context_management",
    "Rules for shortening a long conversation on the server, and in an answer what was shortened.",
    "在服务端精简长会话的规则；在响应中则是已作的精简。",
    { source: CONTEXT },
  ),
  field(
    [
      "context_management.edits",
      "context_management.applied_edits",
      "edits[].type",
      "edits[].trigger",
      "trigger.type",
      "trigger.value",
    ],
    "One such rule: what it removes or sums up, and from how many tokens on.",
    "某条精简规则：删除或概括什么，以及 token 达到多少时触发。",
    { source: CONTEXT },
  ),
  field(
    "container",
    "The sandbox in which code runs. Send its id again to find your files there.",
    "运行代码的沙箱，再次传入其 id 可继续使用其中的文件。",
    { source: CODE },
  ),
  field(
    ["container.id", "container.expires_at"],
    "The sandbox's id, and when it will be deleted.",
    "沙箱的 id 及其过期时间。",
    { source: CODE },
  ),

  field(
    ["$.content", "message.content"],
    "The answer, as a list of content blocks in order: text, thinking, tool calls.",
    "回答，由内容块依次组成：文本、思考、工具调用等。",
    { same: "choices" },
  ),
  field(
    ["content[].type", "messages[].content[].type"],
    "Which kind of content block this is.",
    "内容块的类型。",
  ),
  term("type=text", "A block of text.", "文本块。"),
  term(
    "type=thinking",
    "The model's thoughts. Send the block back unchanged while tools are in use.",
    "模型的思考过程。使用工具期间须原样带回。",
    { source: THINKING },
  ),
  term(
    "type=redacted_thinking",
    "Thoughts that were hidden for safety reasons. Only Anthropic can read them; send them back unchanged.",
    "因安全原因被隐藏的思考内容，只有 Anthropic 能解密，应原样带回。",
    { source: THINKING },
  ),
  term(
    "type=tool_use",
    "A tool call: the client runs the tool and sends a `tool_result`.",
    "工具调用：由客户端执行后发回 `tool_result`。",
    { source: TOOLS, same: "tool-calls" },
  ),
  term(
    "type=tool_result",
    "The result of a tool, sent by the client in the next `user` message.",
    "工具结果，由客户端放在下一条 `user` 消息里发送。",
    { source: TOOLS },
  ),
  term(
    "type=server_tool_use",
    "A tool call that Anthropic runs itself. The client does nothing.",
    "由 Anthropic 自行执行的工具调用，客户端无需处理。",
    { source: TOOLS },
  ),
  term("type=web_search_tool_result", "What the web search found.", "联网搜索的结果。", { source: SEARCH }),
  term("type=web_fetch_tool_result", "The page that was fetched.", "抓取到的网页。", { source: FETCH }),
  term(
    [
      "type=code_execution_tool_result",
      "type=bash_code_execution_tool_result",
      "type=text_editor_code_execution_tool_result",
    ],
    "What came of code or a command that ran in the sandbox.",
    "沙箱中代码或命令的执行结果。",
    { source: CODE },
  ),
  term("type=tool_search_tool_result", "Which tools the tool search found.", "工具搜索的结果。", {
    source: TOOL_SEARCH,
  }),
  term(
    "type=mcp_tool_use",
    "A call to a tool of a remote MCP server, made by Anthropic.",
    "由 Anthropic 对远程 MCP 服务发起的工具调用。",
    { source: CONNECTOR },
  ),
  term("type=mcp_tool_result", "What the remote MCP server answered.", "远程 MCP 服务返回的结果。", {
    source: CONNECTOR,
  }),
  term(
    "type=compaction",
    "A summary that takes the place of the older conversation.",
    "替代较早会话内容的摘要。",
    { source: COMPACTION },
  ),
  term("type=image", "A picture for the model.", "给模型看的图片。", { same: "image" }),
  term("type=document", "A document for the model: PDF or text.", "给模型阅读的文档：PDF 或文本。"),
  field(
    ["content[].id", "content_block.id"],
    "The id of this call; the result carries it in `tool_use_id`.",
    "本次调用的 id，结果通过 `tool_use_id` 与之对应。",
    { source: TOOLS, same: "tool-call-id" },
  ),
  field(["content[].name", "content_block.name"], "The tool that is called.", "被调用的工具。", {
    source: TOOLS,
    same: "tool-call-name",
  }),
  field(
    ["content[].input", "content_block.input"],
    "The tool's arguments as a JSON object. In a stream it begins empty and comes as `input_json_delta`.",
    "工具参数（JSON 对象）。流式时初始为空，随后以 `input_json_delta` 到来。",
    { source: TOOLS, same: "tool-arguments", below: "own" },
  ),
  field(["tool_use_id"], "Which call this result belongs to.", "该结果对应哪次调用。", {
    source: TOOLS,
    same: "tool-result-id",
  }),
  field(
    ["is_error", "content[].is_error"],
    "`true` tells the model that the tool failed; it may then try another way.",
    "`true` 表示工具执行失败，模型可能换一种方式重试。",
    { source: TOOLS, same: "tool-error" },
  ),
  field(
    ["content[].content", "content_block.content"],
    "What the tool gave back: a text or content blocks.",
    "工具返回的内容：文本或内容块。",
    { source: TOOLS, same: "tool-result" },
  ),
  field(
    ["content[].thinking", "content_block.thinking"],
    "The model's thoughts; newer models give a summary of them.",
    "模型的思考内容，较新的模型只返回摘要。",
    { source: THINKING, same: "reasoning-text" },
  ),
  field(
    ["content[].signature", "content_block.signature"],
    "Proves that the thoughts were not changed. Send it back with them.",
    "证明思考内容未被改动，应随思考内容一并带回。",
    { source: THINKING, same: "reasoning-signature" },
  ),
  field(["content[].data", "content_block.data"], "The encrypted thoughts.", "加密的思考内容。", {
    source: THINKING,
    same: "reasoning-encrypted",
  }),
  field(
    ["caller", "caller.type", "caller.tool_id"],
    "Who called the tool: the model itself, or code that it runs in the sandbox.",
    "工具由谁调用：模型本身，或它在沙箱中运行的代码。",
    { source: CODE },
  ),
  field("server_name", "The MCP server whose tool was called.", "所调用工具所属的 MCP 服务。", {
    source: CONNECTOR,
  }),
  field(
    "source",
    "Where the picture or document comes from: inline, an address, or an uploaded file.",
    "图片或文档的来源：内联数据、网址或已上传的文件。",
  ),
  field(
    ["source.type", "source.media_type", "source.url"],
    "The kind of source, its format, or its address.",
    "来源的类型、格式或地址。",
  ),
  field(
    "source.data",
    "The picture or document itself, in base64 (or as text).",
    "图片或文档本身，base64 编码（或文本）。",
  ),
  field(["file_id", "source.file_id"], "A file that was uploaded before.", "此前上传的文件。", {
    source: "https://platform.claude.com/docs/en/build-with-claude/files",
  }),
  field(
    ["content[].title", "content[].context", "content.title"],
    "The document's or page's title, or remarks about it.",
    "文档或网页的标题，或附加说明。",
  ),
  field(
    ["content[].citations", "content_block.citations"],
    "In a document: whether it may be cited. In an answer: what the text relies on.",
    "在文档中：是否允许引用；在回答中：文本的依据。",
    { source: CITATIONS, same: "citations" },
  ),
  field(
    "citations.enabled",
    "`true` makes the model say which passages it relies on.",
    "`true` 时模型会标明所依据的段落。",
    { source: CITATIONS },
  ),
  field(
    ["citations[].type", "citation.type"],
    "What is cited: characters or pages of a document, or a search result.",
    "引用的对象：文档中的字符范围、页码，或搜索结果。",
    { source: CITATIONS },
  ),
  field(
    "cited_text",
    "The passage that is cited. It does not count as output tokens.",
    "被引用的原文，不计入输出 token。",
    { source: CITATIONS },
  ),
  field(
    [
      "document_index",
      "document_title",
      "start_char_index",
      "end_char_index",
      "start_page_number",
      "end_page_number",
    ],
    "Which document is cited, and where in it.",
    "引用了哪份文档的哪个位置。",
    { source: CITATIONS },
  ),
  field(
    "encrypted_index",
    "A pointer to the passage that must be sent back unchanged in later turns.",
    "指向引文的加密索引，后续轮次须原样带回。",
    { source: SEARCH },
  ),
  field(
    "encrypted_content",
    "The page's content, encrypted. Send it back unchanged so that the model can cite it later.",
    "加密的网页内容，须原样带回，模型之后才能继续引用。",
    { source: SEARCH },
  ),
  field(
    [
      "content[].url",
      "citations[].url",
      "citation.url",
      "citations[].title",
      "citation.title",
      "content.url",
      "page_age",
      "retrieved_at",
    ],
    "A page of the web search: address, title, age, or when it was fetched.",
    "网页的地址、标题、更新时间或抓取时间。",
    { source: SEARCH },
  ),
  field(
    ["stdout", "stderr", "return_code"],
    "What the command printed, and its exit code.",
    "命令的输出与退出码。",
    { source: CODE },
  ),
  field(
    ["is_file_update", "file_type", "num_lines", "start_line", "total_lines", "error_code", "error_message"],
    "What the file tool did or showed, or why it could not.",
    "文件工具所作的操作、所显示的内容，或失败原因。",
    { source: CODE },
  ),
  field(
    ["tool_references", "tool_references[].type", "tool_references[].tool_name"],
    "The tools that the search found and that the model may now call.",
    "搜索到的工具，模型此后可以调用。",
    { source: TOOL_SEARCH },
  ),

  field(["$.id", "message.id"], "The id of this answer.", "本次回答的 id。", { same: "response-id" }),
  field("stop_reason", "Why the model stopped.", "模型停止的原因。", { same: "stop-reason" }),
  term("stop_reason=end_turn", "The model finished by itself.", "模型自行结束。", { same: "stopped-end" }),
  term(
    "stop_reason=max_tokens",
    "`max_tokens` was reached; the answer is cut off.",
    "达到 `max_tokens`，回答被截断。",
    { same: "stopped-length" },
  ),
  term(
    "stop_reason=tool_use",
    "The model waits for the results of its tool calls.",
    "模型在等待工具调用的结果。",
    { same: "stopped-tool" },
  ),
  term("stop_reason=stop_sequence", "One of the `stop_sequences` came up.", "遇到了 `stop_sequences` 之一。"),
  term(
    "stop_reason=pause_turn",
    "A long turn with server tools was interrupted. Send the answer back to let it go on.",
    "使用服务端工具的长轮次被暂停，把回答原样发回即可继续。",
  ),
  term("stop_reason=refusal", "The model or a safety check refused to answer.", "模型或安全检查拒绝作答。", {
    same: "stopped-filter",
  }),
  field("stop_sequence", "Which stop text ended the answer, if one did.", "结束回答的停止序列（如有）。", {
    same: "stop-sequence",
  }),
  field(
    "stop_details",
    "More about the stop, above all why the model refused.",
    "停止的详情，主要说明拒绝的原因。",
    { same: "refusal" },
  ),
  field(
    [
      "stop_details.type",
      "stop_details.category",
      "stop_details.explanation",
      "stop_details.fallback_credit_token",
      "stop_details.fallback_has_prefill_claim",
    ],
    "What kind of refusal it was, why, and what may be tried instead.",
    "拒绝的类别、原因以及可替代的做法。",
  ),
  field(
    ["$.usage", "message.usage"],
    "The token counts. In a stream `message_start` has the input and `message_delta` the final numbers.",
    "token 用量。流式时 `message_start` 给出输入部分，`message_delta` 给出最终数字。",
    { same: "usage" },
  ),
  field(
    "usage.input_tokens",
    "Input tokens that were neither read from the cache nor written to it. The whole input is the sum of all three.",
    "既未命中缓存也未写入缓存的输入 token，总输入是三者之和。",
    { same: "input-tokens" },
  ),
  field(
    "usage.output_tokens",
    "Tokens of the output, thinking included. In a stream each number replaces the one before.",
    "输出 token，含思考部分。流式时后一个数值覆盖前一个。",
    { same: "output-tokens" },
  ),
  field(
    "cache_read_input_tokens",
    "Input tokens that were read from the cache, at about a tenth of the price.",
    "从缓存读取的输入 token，价格约为十分之一。",
    { source: CACHE, same: "cached-tokens" },
  ),
  field(
    "cache_creation_input_tokens",
    "Input tokens that were written to the cache, at a higher price.",
    "写入缓存的输入 token，单价较高。",
    { source: CACHE, same: "cache-write-tokens" },
  ),
  field(
    [
      "cache_creation",
      "cache_creation.ephemeral_5m_input_tokens",
      "cache_creation.ephemeral_1h_input_tokens",
    ],
    "The tokens written to the cache, by how long they are kept.",
    "写入缓存的 token，按保留时长划分。",
    { source: CACHE },
  ),
  field(
    ["output_tokens_details", "output_tokens_details.thinking_tokens"],
    "How many of the output tokens were thinking.",
    "输出中用于思考的 token。",
    { source: THINKING, same: "reasoning-tokens" },
  ),
  field(
    ["server_tool_use", "server_tool_use.web_search_requests", "server_tool_use.web_fetch_requests"],
    "How often server tools ran. Searches are billed one by one.",
    "服务端工具的执行次数，搜索按次计费。",
    { source: SEARCH },
  ),
  field(
    [
      "usage.iterations",
      "iterations[].type",
      "iterations[].model",
      "iterations[].input_tokens",
      "iterations[].output_tokens",
    ],
    "The token counts of each step when one request took several.",
    "一次请求分多步完成时，每一步的 token 用量。",
    { source: COMPACTION },
  ),

  event(
    "message_start",
    "Opens the stream with an empty message: its id, its model and the input tokens.",
    "流的开端，携带一条空消息：id、模型与输入 token。",
    { source: STREAM, same: "stream-start" },
  ),
  event(
    "content_block_start",
    "Opens the content block with this index and says of which kind it is.",
    "开启该序号的内容块，并说明其类型。",
    { source: STREAM, same: "part-start" },
  ),
  event(
    "content_block_delta",
    "Adds a piece to the content block with this index.",
    "向该序号的内容块追加一段内容。",
    { source: STREAM, same: "delta" },
  ),
  event(
    "content_block_stop",
    "The content block with this index is complete. Only now can tool input be parsed.",
    "该序号的内容块已完整，此时才能解析工具参数。",
    { source: STREAM, same: "part-stop" },
  ),
  event(
    "message_delta",
    "Tells the stop reason and the final token counts.",
    "给出停止原因与最终的 token 用量。",
    { source: STREAM },
  ),
  event("message_stop", "The end of the stream.", "流结束。", { source: STREAM, same: "end-of-stream" }),
  event(
    "ping",
    "Keeps the connection open. It may come at any time and means nothing.",
    "用于保持连接，随时可能出现，没有含义。",
    { source: STREAM, same: "keep-alive" },
  ),
  event(
    "error",
    "Something went wrong after the stream had begun, for example `overloaded_error`. Nothing follows.",
    "流开始之后出错，例如 `overloaded_error`，其后不再有内容。",
    { source: STREAM, same: "error-in-stream" },
  ),
  field(
    "$.message",
    "The message as it is at the start: empty but for id, model and input tokens.",
    "起始时的消息，仅有 id、模型与输入 token。",
    { source: STREAM, side: "stream" },
  ),
  field(["$.index", "index"], "Which content block this event is about.", "该事件针对第几个内容块。", {
    source: STREAM,
    same: "index",
  }),
  field("$.content_block", "The block that begins here.", "从这里开始的内容块。", { source: STREAM }),
  field("$.delta", "What this event adds or changes.", "该事件新增或更改的内容。", { source: STREAM }),
  field(
    "delta.type",
    "What is added: text, tool input, thoughts, a signature or a citation.",
    "新增内容的类型：文本、工具参数、思考、签名或引用。",
    { source: STREAM },
  ),
  field("delta.text", "The next piece of text.", "文本的下一段。", { source: STREAM, same: "text-delta" }),
  field(
    "delta.partial_json",
    "The next piece of the tool input's JSON text. Parse it only when the block has stopped.",
    "工具参数 JSON 文本的下一段，待内容块结束后再解析。",
    { source: STREAM, same: "arguments-delta" },
  ),
  field("delta.thinking", "The next piece of the thoughts.", "思考内容的下一段。", {
    source: THINKING,
    same: "reasoning-delta",
  }),
  field(
    "delta.signature",
    "The signature of the thoughts, just before their block stops.",
    "思考内容的签名，在该内容块结束前到来。",
    { source: THINKING, same: "reasoning-signature" },
  ),
  field("delta.citation", "A citation for the text block.", "文本块的一处引用。", {
    source: CITATIONS,
    same: "citations",
  }),
  field(
    "delta.content",
    "A piece of the summary that replaces older conversation.",
    "替代较早会话的摘要片段。",
    { source: COMPACTION },
  ),
  term("delta.type=input_json_delta", "A piece of a tool's input.", "工具参数的片段。", { source: STREAM }),
  term("delta.type=signature_delta", "The signature of the thoughts.", "思考内容的签名。", {
    source: STREAM,
  }),

  field(
    "request_id",
    "The number of this request, also in the header `request-id`.",
    "本次请求的编号，与 `request-id` 头相同。",
    { source: ERRORS, same: "request-id" },
  ),
  error(
    "invalid_request_error",
    "The request is malformed, or a value in it is not allowed (400).",
    "请求格式有误，或某个值不被允许（400）。",
    { source: ERRORS },
  ),
  error("authentication_error", "The API key is missing or wrong (401).", "API 密钥缺失或有误（401）。", {
    source: ERRORS,
  }),
  error("billing_error", "There is a problem with the payment (402).", "账单或付款有问题（402）。", {
    source: ERRORS,
  }),
  error("permission_error", "The key may not use this (403).", "密钥无权使用该资源（403）。", {
    source: ERRORS,
  }),
  error("not_found_error", "There is no such model or thing (404).", "模型或资源不存在（404）。", {
    source: ERRORS,
  }),
  error("request_too_large", "The body is over the limit in bytes (413).", "正文超过字节上限（413）。", {
    source: ERRORS,
  }),
  error(
    "rate_limit_error",
    "A rate limit was reached (429). The headers tell which and until when.",
    "触发限流（429），响应头会说明是哪项限制及恢复时间。",
    { source: ERRORS },
  ),
  error("api_error", "Something failed inside Anthropic (500).", "Anthropic 内部出错（500）。", {
    source: ERRORS,
  }),
  error(
    "overloaded_error",
    "Anthropic has too many requests right now (529). It can also come in the middle of a stream.",
    "Anthropic 当前过载（529），也可能在流的中途出现。",
    { source: ERRORS },
  ),

  field(
    "$.prompt",
    "The older completions: the conversation as one text with `Human:` and `Assistant:`.",
    "旧版 completions：以 `Human:` 与 `Assistant:` 写成的一整段会话。",
    { source: COMPLETE, where: ["anthropic-complete", "bedrock-invoke"] },
  ),
  field(
    "max_tokens_to_sample",
    "The older completions: the most tokens the answer may have.",
    "旧版 completions：回答的 token 上限。",
    { source: COMPLETE, where: ["anthropic-complete", "bedrock-invoke"], same: "max-output" },
  ),
  field(
    "completion",
    "The older completions: the text, or in a stream its next piece.",
    "旧版 completions：回答文本，流式时为下一段。",
    { source: COMPLETE, where: ["anthropic-complete", "bedrock-invoke"], same: "answer-text" },
  ),
  field(
    ["$.stop", "log_id"],
    "The older completions: the stop text that was reached, or the id for the logs.",
    "旧版 completions：触发停止的文本，或日志编号。",
    { source: COMPLETE, where: ["anthropic-complete", "bedrock-invoke"] },
  ),
  event(
    "completion",
    "The older completions: the next piece of the text.",
    "旧版 completions：文本的下一段。",
    { source: COMPLETE, where: ["anthropic-complete"], same: "text-delta" },
  ),
  field(
    "$.input_tokens",
    "How many input tokens the request would have. Counting is free.",
    "该请求的输入 token 数。计数不收费。",
    {
      source: "https://platform.claude.com/docs/en/build-with-claude/token-counting",
      where: ["anthropic-count-tokens"],
      same: "input-tokens",
    },
  ),
  field(
    "anthropic_version",
    "On Bedrock and Vertex: the version of the Messages format. It replaces the header.",
    "在 Bedrock 与 Vertex 上：Messages 格式的版本，代替同名请求头。",
    { source: "https://platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock" },
  ),
  field(
    "anthropic_beta",
    "On Bedrock and Vertex: beta features to switch on. It replaces the header.",
    "在 Bedrock 与 Vertex 上：要启用的 beta 功能，代替同名请求头。",
    { source: "https://platform.claude.com/docs/en/build-with-claude/claude-on-amazon-bedrock" },
  ),
  ...(
    [
      ["tool_addition", "From here on the model may use this tool, too.", "从此处起模型还可以使用该工具。"],
      [
        "tool_removal",
        "From here on the model may not use this tool any more.",
        "从此处起模型不能再使用该工具。",
      ],
      [
        "mcp_tool_listing",
        "The tools of an MCP server as they were listed, sent back so that they stay the same.",
        "MCP 服务器当时列出的工具，原样送回以保持不变。",
      ],
      ["mcp_toolset_reference", "All tools of one MCP server.", "某个 MCP 服务器的全部工具。"],
      [
        "browser_state",
        "The open tabs of the browser that the client drives, and what changed.",
        "客户端所控浏览器的打开标签页及其变化。",
      ],
    ] as const
  ).map(([word, en, zh]) => term(`type=${word}`, en, zh)),
  field(
    ["tool_changes", "mcp_server_name", "content[].tool", "tool.definition", "tool.server_name"],
    "Which tools come or go in the middle of the conversation, and of which MCP server.",
    "对话中途增减的工具，及其所属的 MCP 服务器。",
    { source: MESSAGES },
  ),
  field(
    ["tabs", "tabs[].tab_id", "tabs[].title", "tabs[].url", "state_changes", "state_changes[].type"],
    "The tabs that stand open in the browser, and what happened there since.",
    "浏览器中打开的标签页，以及其间发生的变化。",
    { source: MESSAGES },
  ),
  field("toolset_name", "The set of tools that the called tool belongs to.", "被调用的工具所属的工具集。", {
    source: TOOLS,
  }),
  field(
    ["content[].tools", "tool.tool_name", "state_changes[].tab_id"],
    "Which tools, which one, or which tab the block speaks of.",
    "该内容块所指的工具或标签页。",
  ),
  field(
    ["tool.definition.name", "tool.definition.description"],
    "How the new tool is called, and what the model is told of it.",
    "新工具的名称，以及告诉模型的说明。",
    { source: TOOLS },
  ),
  field("tool.definition.input_schema", "Which arguments the new tool takes.", "新工具接受的参数。", {
    source: TOOLS,
    below: "schema",
  }),
];
