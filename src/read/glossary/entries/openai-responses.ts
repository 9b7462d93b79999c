/** OpenAI Responses: requests, output items, the events of its stream, the tools that OpenAI runs itself. */
import { entriesOf, type Entry } from "../entry.ts";

const RESPONSES = "https://platform.openai.com/docs/api-reference/responses";
const CREATE = "https://platform.openai.com/docs/api-reference/responses/create";
const STREAM = "https://platform.openai.com/docs/api-reference/responses-streaming";
const REASONING = "https://platform.openai.com/docs/guides/reasoning";
const FUNCTIONS = "https://platform.openai.com/docs/guides/function-calling";
const SCHEMAS = "https://platform.openai.com/docs/guides/structured-outputs";
const CACHE = "https://platform.openai.com/docs/guides/prompt-caching";
const SEARCH = "https://platform.openai.com/docs/guides/tools-web-search";
const FILES = "https://platform.openai.com/docs/guides/tools-file-search";
const CODE = "https://platform.openai.com/docs/guides/tools-code-interpreter";
const IMAGES = "https://platform.openai.com/docs/guides/tools-image-generation";
const MCP = "https://platform.openai.com/docs/guides/tools-connectors-mcp";
const PROMPTS = "https://platform.openai.com/docs/guides/prompting";

const { field, term, event, error } = entriesOf("openai-responses", RESPONSES);

export const openaiResponses: readonly Entry[] = [
  field(
    ["$.model", "response.model", "session.model"],
    "The model that is asked for, or in a response the exact one that answered.",
    "请求的模型；在响应中则是实际作答的模型。",
    { source: CREATE, same: "model" },
  ),
  field(
    "$.input",
    "What the model should answer: a text, or a list of items (messages, tool calls, tool results).",
    "给模型的输入：一段文本，或由消息、工具调用、工具结果等条目组成的列表。",
    { source: CREATE, same: "messages" },
  ),
  field(
    ["role", "input[].role"],
    "Who speaks: `system` or `developer` sets the rules, `user` asks, `assistant` answers.",
    "发言者：`system` 或 `developer` 定规则，`user` 提问，`assistant` 作答。",
    { source: CREATE, same: "role" },
  ),
  field(
    ["input[].content", "item.content", "output[].content", "instructions[].content"],
    "The parts of this message: texts, images, files.",
    "消息的各个部分：文本、图片、文件。",
  ),
  field(["content[].text", "part.text", "text"], "The text of this part.", "该部分的文本。", {
    same: "answer-text",
  }),
  field(
    ["content[].image_url", "image_url"],
    "An image for the model, as an address or a `data:` URL.",
    "给模型看的图片，网址或 `data:` URL。",
    { same: "image" },
  ),
  field(
    [
      "content[].file_id",
      "content[].file_url",
      "content[].file_data",
      "content[].filename",
      "file_id",
      "file_url",
    ],
    "A file for the model: uploaded before, at an address, or inline.",
    "给模型的文件：已上传、网址或内联数据。",
  ),
  field(
    "detail",
    "How closely the model looks at an image. `low` costs fewer tokens.",
    "看图的精细程度，`low` 消耗的 token 更少。",
  ),
  field(
    ["$.instructions", "response.instructions", "session.instructions"],
    "The system prompt of this one request. It is not carried over by `previous_response_id`.",
    "本次请求的系统提示，不会随 `previous_response_id` 延续。",
    { source: CREATE, same: "system" },
  ),
  field(
    ["previous_response_id", "$.previous_response_id"],
    "Goes on from a response that OpenAI has stored, so that the history need not be sent again. Its tokens are billed all the same.",
    "接着服务端保存的某次响应继续，无需重发历史，但历史 token 照样计费。",
    { source: CREATE },
  ),
  field("conversation", "The stored conversation to which this request belongs.", "请求所属的已保存会话。", {
    source: CREATE,
  }),
  field(
    "$.prompt",
    "A stored prompt template instead of instructions written out.",
    "使用已保存的提示词模板，代替直接书写。",
    { source: PROMPTS },
  ),
  field(["prompt.id", "prompt.version"], "Which stored template, in which version.", "模板的 id 与版本。", {
    source: PROMPTS,
  }),
  field("prompt.variables", "What fills the blanks of the template.", "填入模板占位符的内容。", {
    source: PROMPTS,
    below: "named",
  }),
  field(
    "max_output_tokens",
    "The most tokens the answer may have, hidden reasoning included.",
    "回答的 token 上限，含不可见的推理部分。",
    { source: CREATE, same: "max-output" },
  ),
  field(
    "max_tool_calls",
    "How many calls to built-in tools one response may make in all.",
    "一次响应中内置工具调用的总数上限。",
    { source: CREATE },
  ),
  field(
    "temperature",
    "How much chance there is in the choice of words, from 0 to 2.",
    "选词的随机程度，取值 0 到 2。",
    { source: CREATE, same: "temperature" },
  ),
  field(
    "top_p",
    "Chooses only among the likeliest words that together reach this probability.",
    "只在累计概率达到该值的高概率词中选取。",
    { source: CREATE, same: "top-p" },
  ),
  field(
    "top_logprobs",
    "How many of the likeliest alternatives to list at each token.",
    "每个 token 位置列出多少个候选。",
    { source: CREATE },
  ),
  field(
    ["presence_penalty", "frequency_penalty"],
    "Above 0 they keep the model from coming back to the same topics or words.",
    "大于 0 可抑制重复的话题或用词。",
    { source: CREATE, same: "penalty" },
  ),
  field(
    "truncation",
    "What to do when the input is too long: `disabled` is an error, `auto` drops the oldest items.",
    "输入过长时的处理：`disabled` 报错，`auto` 丢弃最早的条目。",
    { source: CREATE },
  ),
  field(
    "$.stream",
    "`true` asks for typed server-sent events while the answer is being written.",
    "`true` 表示边生成边以带类型的 SSE 事件返回。",
    { source: CREATE, same: "stream", side: "request" },
  ),
  field(
    "store",
    "Whether OpenAI keeps the response (30 days by default). Needed for `previous_response_id`.",
    "OpenAI 是否保存该响应（默认 30 天）。使用 `previous_response_id` 需要开启。",
    { source: CREATE },
  ),
  field(
    ["$.background", "response.background"],
    "`true` runs the request in the background; the client asks for the result later.",
    "`true` 时在后台运行，客户端稍后再取结果。",
    { source: "https://platform.openai.com/docs/guides/background" },
  ),
  field(
    "include",
    "Extra data to send along, such as `reasoning.encrypted_content` or the sources of a search.",
    "要求附带返回的数据，如 `reasoning.encrypted_content` 或搜索来源。",
    { source: CREATE },
  ),
  field(
    "metadata",
    "Notes of your own, up to 16 pairs. The model does not see them.",
    "自定义附注，最多 16 对键值，模型看不到。",
    { source: CREATE, below: "own" },
  ),
  field(
    ["user", "safety_identifier"],
    "An anonymous, stable mark of the end user, for detecting abuse.",
    "最终用户的匿名固定标识，用于识别滥用。",
    { source: CREATE, same: "user" },
  ),
  field(
    [
      "prompt_cache_key",
      "prompt_cache_retention",
      "prompt_cache_options",
      "prompt_cache_options.mode",
      "prompt_cache_options.ttl",
    ],
    "Which cache the request should be sent to, and how long the beginning of the prompt stays there.",
    "请求路由到哪个缓存，以及前缀保留多久。",
    { source: CACHE },
  ),
  field(
    "prompt_cache_options.comparison_response_id",
    "An earlier response to compare with: the answer then says why the cache was missed.",
    "用于比较的较早响应：回答会据此说明缓存未命中的原因。",
    { source: CACHE },
  ),
  field(
    ["prompt_cache_diagnostics", "prompt_cache_diagnostics.type", "prompt_cache_diagnostics.reason"],
    "Whether the prompt was found in the cache, and if not, what differs from the response that it was compared with.",
    "提示是否命中缓存；若未命中，与所比较的响应有何不同。",
    { source: CACHE },
  ),
  field(
    ["prompt_cache_diagnostics.cache_missed_tokens", "prompt_cache_diagnostics.comparison_reusable_tokens"],
    "How many tokens were read anew, and how many could have come from the cache.",
    "重新读取的 token 数，以及本可来自缓存的 token 数。",
    { source: CACHE },
  ),
  ...(
    [
      ["tools_changed", "The tools are others, or in another order.", "工具不同，或顺序不同。"],
      ["input_changed", "An earlier item of the input is not as it was.", "较早的某个输入条目已改变。"],
      ["model_changed", "Another model was asked.", "请求了另一个模型。"],
      ["prompt_cache_key_changed", "The cache key is another.", "缓存键不同。"],
      ["text_format_changed", "The format asked for the text is another.", "所要求的文本格式不同。"],
      ["reasoning_effort_changed", "The reasoning effort is another.", "推理强度不同。"],
      ["verbosity_changed", "The verbosity is another.", "详略程度不同。"],
      ["context_compacted", "The conversation was summed up in between.", "其间对话已被压缩。"],
      ["service_tier_changed", "The service tier is another.", "服务等级不同。"],
    ] as const
  ).map(([word, en, zh]) => term(`prompt_cache_diagnostics.reason=${word}`, en, zh, { source: CACHE })),
  field(
    ["steer", "required_input", "response.inject.input"],
    "Words for a response that is still being made, and what the server does with them.",
    "发给仍在生成的响应的内容，以及服务器的处理方式。",
    { source: STREAM },
  ),
  event(
    ["response.steer", "response.inject"],
    "The client speaks into a response that is being made: new words to heed, or items to put in.",
    "客户端向正在生成的响应插话：需要留意的新内容，或要插入的条目。",
    { source: STREAM },
  ),
  event(
    ["response.steer.accepted", "response.steer.pending", "response.inject.created"],
    "What was said into the running response has been taken, or waits for something that must come first.",
    "对运行中响应的插话已被接受，或在等待必须先到的内容。",
    { source: STREAM },
  ),
  event(
    ["response.steer.failed", "response.inject.failed"],
    "What was said into the running response could not be taken. The response itself goes on.",
    "对运行中响应的插话未被接受，响应本身继续进行。",
    { source: STREAM },
  ),
  event(
    "response.compaction.compacting",
    "The server sums up the conversation so far, to make room.",
    "服务器正在压缩此前的对话以腾出空间。",
    { source: STREAM },
  ),
  ...(
    [
      [
        "additional_tools",
        "Tools that the developer adds in the middle of a conversation.",
        "开发者在对话中途添加的工具。",
      ],
      [
        "configuration_update",
        "Settings that hold from here on, such as the reasoning effort.",
        "从此处起生效的设置，例如推理强度。",
      ],
      ["agent_message", "One agent of several speaks to another.", "多个智能体之间的消息。"],
      [
        "multi_agent_call",
        "The model starts, asks, awaits or stops another agent.",
        "模型启动、询问、等待或中止另一个智能体。",
      ],
      ["multi_agent_call_output", "What another agent gave back.", "另一个智能体返回的内容。"],
      [
        "tool_search_output",
        "The tools that a search among deferred tools found.",
        "在延迟加载的工具中搜索到的工具。",
      ],
      ["compaction_trigger", "Asks the server to sum up the conversation now.", "要求服务器现在压缩对话。"],
    ] as const
  ).map(([word, en, zh]) => term(`type=${word}`, en, zh)),
  field(
    "async",
    "The tool's result may come later: the model goes on without it.",
    "工具结果可稍后返回，模型会先继续。",
    {
      source: FUNCTIONS,
    },
  ),
  field(
    "service_tier",
    "The processing class that is asked for, or that was used.",
    "请求或实际采用的服务等级。",
    { source: CREATE, same: "service-tier" },
  ),
  field(
    ["$.context_management", "context_management[].type", "compact_threshold"],
    "Lets the server sum up a long conversation by itself once it reaches this many tokens.",
    "会话达到指定 token 数后由服务端自动压缩。",
    { source: "https://platform.openai.com/docs/guides/compaction" },
  ),
  field(
    ["$.reasoning", "response.reasoning", "session.reasoning"],
    "How a reasoning model thinks, and what of it is shown.",
    "推理的方式，以及显示多少推理内容。",
    { source: REASONING, same: "reasoning-effort" },
  ),
  field(
    "reasoning.effort",
    "How long the model may think: from none or minimal to high.",
    "推理程度，从 none、minimal 到 high。",
    { source: REASONING, same: "reasoning-effort" },
  ),
  field(
    "reasoning.summary",
    "Asks for a readable summary of the thoughts. The thoughts themselves are never shown.",
    "要求给出可读的推理摘要，原始推理从不公开。",
    { source: REASONING },
  ),
  field(
    ["reasoning.context", "reasoning.mode"],
    "Which earlier thoughts the model gets to see again, and how it thinks.",
    "模型可以看到哪些先前的推理，以及推理模式。",
    { source: REASONING },
  ),
  field(
    ["$.text", "response.text"],
    "The form of the text: free or JSON, wordy or brief.",
    "文本输出的设置：自由文本或 JSON，详略如何。",
    { source: SCHEMAS },
  ),
  field(
    "text.format",
    "Free text, any JSON, or JSON after a schema.",
    "自由文本、任意 JSON，或按 schema 的 JSON。",
    { source: SCHEMAS, same: "structured-output" },
  ),
  field(
    ["text.format.type", "text.format.name", "text.format.strict"],
    "Which of these, the schema's name, and whether it is enforced.",
    "所用格式、schema 名称，以及是否强制。",
    { source: SCHEMAS },
  ),
  field(
    ["text.format.schema", "tools[].output_schema"],
    "The JSON Schema that the output must match.",
    "输出须符合的 JSON Schema。",
    { source: SCHEMAS, same: "output-schema", below: "schema" },
  ),
  field(
    "text.verbosity",
    "How wordy the answer should be: low, medium or high.",
    "回答的详略程度：low、medium 或 high。",
    { source: CREATE },
  ),

  field(
    ["$.tools", "response.tools", "session.tools"],
    "The tools that the model may use: functions of the client, and tools that OpenAI runs itself.",
    "模型可用的工具：客户端的函数，以及由 OpenAI 自行执行的工具。",
    { source: FUNCTIONS, same: "tools" },
  ),
  field(
    "tools[].type",
    "`function` and `custom` are run by the client; `web_search`, `code_interpreter`, `mcp` and others by OpenAI.",
    "`function` 与 `custom` 由客户端执行；`web_search`、`code_interpreter`、`mcp` 等由 OpenAI 执行。",
    { source: FUNCTIONS },
  ),
  field("tools[].name", "The tool's name.", "工具名。", { source: FUNCTIONS, same: "tool-name" }),
  field("tools[].description", "What the tool does and when to use it.", "工具的用途与适用场景。", {
    source: FUNCTIONS,
    same: "tool-description",
  }),
  field("tools[].parameters", "A JSON Schema of the arguments.", "参数的 JSON Schema。", {
    source: FUNCTIONS,
    same: "tool-schema",
    below: "schema",
  }),
  field(
    "tools[].strict",
    "`true` forces the arguments to match the schema exactly.",
    "`true` 时强制参数严格符合 schema。",
    { source: FUNCTIONS, same: "strict" },
  ),
  field(
    ["tools[].format", "format.type", "format.syntax", "format.definition"],
    "For a custom tool: the grammar that its free-text input must follow.",
    "自定义工具的自由文本输入须遵循的语法。",
    { source: FUNCTIONS },
  ),
  field(
    "tools[].defer_loading",
    "Keeps the tool out of the prompt until tool search finds it.",
    "暂不放入提示词，待工具搜索命中后再加载。",
    { source: FUNCTIONS, same: "defer-loading" },
  ),
  field(
    ["tools[].allowed_callers", "tools[].execution", "tools[].container", "container.type"],
    "Who may call the tool, and where it runs.",
    "谁可以调用该工具，以及在何处运行。",
    { source: CODE },
  ),
  field(
    [
      "vector_store_ids",
      "max_num_results",
      "filters",
      "ranking_options",
      "ranking_options.ranker",
      "ranking_options.score_threshold",
    ],
    "File search: where to look, how much to return, and how to rank it.",
    "文件搜索：检索范围、返回数量与排序方式。",
    { source: FILES },
  ),
  field(
    [
      "server_label",
      "server_url",
      "server_description",
      "allowed_tools",
      "require_approval",
      "tools[].headers",
    ],
    "A remote MCP server that OpenAI connects to: name, address, which tools, and whether each call must be approved.",
    "由 OpenAI 连接的远程 MCP 服务：名称、地址、可用工具，以及调用是否需要批准。",
    { source: MCP },
  ),
  field(
    [
      "size",
      "quality",
      "background",
      "output_format",
      "output_compression",
      "tools[].n",
      "tools[].moderation",
      "revised_prompt",
    ],
    "Image generation: how the image should look as a file, or the prompt that was really used.",
    "图片生成：尺寸、质量、背景、格式等，或实际使用的提示词。",
    { source: IMAGES },
  ),
  field(
    "tool_choice",
    "Whether the model must, may or must not use a tool, or which one.",
    "规定模型必须、可以还是不得使用工具，或指定某个工具。",
    { source: FUNCTIONS, same: "tool-choice" },
  ),
  field(
    "parallel_tool_calls",
    "Whether the model may ask for several tools at once.",
    "是否允许同时发起多个工具调用。",
    { source: FUNCTIONS, same: "parallel-tools" },
  ),

  field(
    ["$.id", "response.id"],
    "The id of the response, for `previous_response_id` and for fetching it later.",
    "响应的 id，用于 `previous_response_id` 或日后获取。",
    { same: "response-id" },
  ),
  field(
    ["$.object", "response.object", "item.object", "session.object"],
    "What this JSON is, for example `response`.",
    "JSON 的类型，例如 `response`。",
  ),
  field(
    ["created_at", "completed_at"],
    "When the response was begun or finished, in seconds since 1970.",
    "开始或完成的时间，1970 年以来的秒数。",
    { same: "created" },
  ),
  field(
    ["$.status", "response.status"],
    "How the response stands: `in_progress`, `completed`, `incomplete`, `failed`, `cancelled` or `queued`.",
    "响应的状态：`in_progress`、`completed`、`incomplete`、`failed`、`cancelled` 或 `queued`。",
    { same: "stop-reason" },
  ),
  term(["$.status=completed", "response.status=completed"], "The response is whole.", "响应已完整。", {
    same: "stopped-end",
  }),
  term(
    ["$.status=incomplete", "response.status=incomplete"],
    "The response stopped early; `incomplete_details` says why.",
    "响应提前停止，原因见 `incomplete_details`。",
    { same: "stopped-length" },
  ),
  term(
    ["$.status=failed", "response.status=failed"],
    "The response failed; `error` says why.",
    "响应失败，原因见 `error`。",
  ),
  field("incomplete_details", "Why the response is not whole.", "响应不完整的原因。"),
  field(
    "incomplete_details.reason",
    "`max_output_tokens` or `content_filter`.",
    "`max_output_tokens` 或 `content_filter`。",
    { same: "stop-reason" },
  ),
  field(["$.error", "response.error"], "What went wrong, or null.", "出错信息，没有则为 null。", {
    same: "error",
  }),
  field(
    ["$.output", "response.output"],
    "What the model did, in order: thoughts, tool calls, messages. Each is an item.",
    "模型的产出，按顺序排列：推理、工具调用、消息，每个都是一个条目。",
    { same: "choices" },
  ),
  field(["item.type", "output[].type", "input[].type"], "Which kind of item this is.", "条目的类型。"),
  term("type=message", "A message with text.", "文本消息。"),
  term(
    "type=reasoning",
    "The model's thinking: a summary, or encrypted data to send back.",
    "模型的推理：摘要，或需带回的密文。",
    { source: REASONING },
  ),
  term(
    "type=function_call",
    "A call to a function of the client. Run it and send a `function_call_output`.",
    "对客户端函数的调用，执行后发送 `function_call_output`。",
    { source: FUNCTIONS, same: "tool-calls" },
  ),
  term(
    "type=function_call_output",
    "The result of a function, sent by the client.",
    "客户端发送的函数结果。",
    { source: FUNCTIONS },
  ),
  term(
    "type=custom_tool_call",
    "A call to a tool that takes free text instead of JSON.",
    "对自由文本工具的调用。",
    { source: FUNCTIONS },
  ),
  term("type=web_search_call", "A web search that OpenAI made itself.", "由 OpenAI 执行的联网搜索。", {
    source: SEARCH,
  }),
  term(
    "type=file_search_call",
    "A search in uploaded files, made by OpenAI.",
    "由 OpenAI 在已上传文件中执行的搜索。",
    { source: FILES },
  ),
  term("type=code_interpreter_call", "Code that OpenAI ran in a sandbox.", "由 OpenAI 在沙箱中运行的代码。", {
    source: CODE,
  }),
  term("type=image_generation_call", "An image that OpenAI made.", "由 OpenAI 生成的图片。", {
    source: IMAGES,
  }),
  term(
    "type=mcp_call",
    "A call to a tool of a remote MCP server, made by OpenAI.",
    "由 OpenAI 对远程 MCP 服务发起的工具调用。",
    { source: MCP },
  ),
  term("type=mcp_list_tools", "The tools that a remote MCP server offers.", "远程 MCP 服务提供的工具列表。", {
    source: MCP,
  }),
  term(
    "type=mcp_approval_request",
    "OpenAI asks whether it may call this MCP tool. The client must answer.",
    "询问是否允许调用该 MCP 工具，客户端必须答复。",
    { source: MCP },
  ),
  term(
    ["type=local_shell_call", "type=shell_call"],
    "A command for the client to run.",
    "需要客户端执行的命令。",
    { source: "https://platform.openai.com/docs/guides/tools-local-shell" },
  ),
  term("type=apply_patch_call", "A change to a file for the client to make.", "需要客户端执行的文件修改。", {
    source: RESPONSES,
  }),
  term(
    "type=compaction",
    "A conversation summed up in encrypted form. Send it back in place of the old items.",
    "经压缩并加密的会话，用它代替旧条目带回。",
    { source: "https://platform.openai.com/docs/guides/compaction" },
  ),
  term("type=output_text", "Text that the model wrote.", "模型写出的文本。"),
  term("type=input_text", "Text that was sent to the model.", "发给模型的文本。"),
  term("type=input_image", "An image that was sent to the model.", "发给模型的图片。"),
  term("type=input_file", "A file that was sent to the model.", "发给模型的文件。"),
  term("type=refusal", "The model refuses; the text says why.", "模型拒绝作答，文本说明原因。", {
    same: "refusal",
  }),
  field(["item.id", "output[].id", "input[].id"], "The id of this item.", "条目的 id。"),
  field(
    ["item.status", "output[].status"],
    "How this item stands: in progress, completed or incomplete.",
    "条目的状态：进行中、已完成或不完整。",
  ),
  field(
    "call_id",
    "Ties a tool call to its result: both have the same `call_id`. It is not the item's `id`.",
    "把工具调用与结果对应起来的标识，两者相同。注意它不是条目的 `id`。",
    { source: FUNCTIONS, same: "tool-call-id" },
  ),
  field(
    ["item.name", "output[].name", "input[].name", "namespace"],
    "The tool that is called.",
    "被调用的工具。",
    { source: FUNCTIONS, same: "tool-call-name" },
  ),
  field(
    ["item.arguments", "output[].arguments", "input[].arguments"],
    "The arguments as a JSON text that the model wrote.",
    "模型写出的 JSON 文本参数。",
    { source: FUNCTIONS, same: "tool-arguments", below: "own" },
  ),
  field(
    ["item.input", "output[].input"],
    "The free-text input of a custom tool.",
    "自定义工具的自由文本输入。",
    { source: FUNCTIONS, same: "tool-arguments" },
  ),
  field(["input[].output", "item.output"], "The tool's result.", "工具的结果。", {
    source: FUNCTIONS,
    same: "tool-result",
  }),
  field(
    ["summary", "item.summary"],
    "A readable summary of the thoughts. Empty unless it was asked for.",
    "可读的推理摘要，未请求时为空。",
    { source: REASONING, same: "reasoning-text" },
  ),
  field(["summary[].type", "summary[].text"], "A part of the summary.", "摘要的一部分。", {
    source: REASONING,
  }),
  field(
    "encrypted_content",
    "The thoughts, encrypted. Send them back so that the model can go on thinking without OpenAI storing anything.",
    "加密的推理内容。带回它，模型无需服务端存储也能延续推理。",
    { source: REASONING, same: "reasoning-encrypted" },
  ),
  field(
    ["item.phase", "output[].phase", "phase"],
    "Whether this message is a remark on the way or the final answer.",
    "该消息是过程说明还是最终回答。",
  ),
  field(
    ["annotations", "annotation", "part.annotations"],
    "Remarks on the text, such as cited pages or files.",
    "对文本的标注，例如引用的网页或文件。",
    { source: SEARCH, same: "citations" },
  ),
  field(
    [
      "annotations[].type",
      "annotation.type",
      "annotations[].url",
      "annotation.url",
      "annotations[].title",
      "annotation.title",
    ],
    "A cited page or file: its kind, address or title.",
    "引用的网页或文件：类型、地址或标题。",
    { source: SEARCH },
  ),
  field(
    [
      "annotations[].start_index",
      "annotations[].end_index",
      "annotation.start_index",
      "annotation.end_index",
    ],
    "Where in the text the cited passage begins or ends.",
    "引用内容在文本中的起止位置。",
    { source: SEARCH },
  ),
  field(
    [
      "action",
      "action.type",
      "action.query",
      "action.queries",
      "action.sources",
      "action.sources[].type",
      "action.sources[].url",
    ],
    "What the search did: the query, and the pages it looked at.",
    "搜索的动作：查询词与查看的网页。",
    { source: SEARCH },
  ),
  field(
    ["action.command", "action.env", "action.working_directory", "action.timeout_ms"],
    "The command to run, with its folder and variables.",
    "要执行的命令及其目录与环境变量。",
    { source: "https://platform.openai.com/docs/guides/tools-local-shell" },
  ),
  field(
    ["operation", "operation.type", "operation.diff", "operation.path"],
    "The change to make: which file, and the diff.",
    "要做的修改：文件与差异内容。",
  ),
  field(
    ["code", "container_id", "outputs", "outputs[].type", "outputs[].logs"],
    "The code that ran, the sandbox it ran in, and what it printed.",
    "运行的代码、所在沙箱与输出。",
    { source: CODE },
  ),
  field(
    ["queries", "results"],
    "What was searched for in the files, and what was found.",
    "在文件中搜索的内容与结果。",
    { source: FILES },
  ),
  field(
    ["item.result", "output[].result", "partial_image_b64"],
    "The image in base64.",
    "base64 编码的图片。",
    { source: IMAGES },
  ),
  field(
    ["item.tools", "output[].tools"],
    "The tools that were found or that the MCP server offers.",
    "找到的或 MCP 服务提供的工具。",
    { source: MCP },
  ),
  field(
    ["tools[].annotations", "annotations.read_only"],
    "The MCP server's hints about the tool.",
    "MCP 服务对该工具的提示。",
    { source: MCP },
  ),
  field(
    "tools[].input_schema",
    "A JSON Schema of the MCP tool's arguments.",
    "MCP 工具参数的 JSON Schema。",
    { source: MCP, same: "tool-schema", below: "schema" },
  ),
  field(
    ["approval_request_id", "item.error", "output[].error", "output[].output"],
    "The outcome of an MCP call: its result or error, and the approval it had.",
    "MCP 调用的结果或错误，以及对应的批准请求。",
    { source: MCP },
  ),
  field(
    ["caller", "caller.type", "caller.caller_id", "fingerprint", "item.execution", "output[].execution"],
    "Who made this call (the model or its program) and on whose side it runs.",
    "由谁发起调用（模型或其程序），在哪一侧执行。",
  ),
  field(
    ["item.format", "output[].format"],
    "OpenRouter: in whose format the thoughts are.",
    "OpenRouter：推理内容采用的格式。",
    { source: "https://openrouter.ai/docs/api-reference/overview" },
  ),
  field(["billing", "billing.payer"], "Who pays for the response.", "由谁付费。"),
  field(
    ["response.moderation", "$.moderation"],
    "The result of a moderation check, if one was asked for.",
    "审核结果（如有请求）。",
  ),
  field(
    [
      "tool_usage",
      "tool_usage.image_gen",
      "tool_usage.web_search",
      "tool_usage.web_search.num_requests",
      "image_gen.input_tokens",
      "image_gen.output_tokens",
      "image_gen.total_tokens",
      "image_gen.input_tokens_details",
      "image_gen.output_tokens_details",
    ],
    "What the built-in tools used up: images in tokens, searches by number.",
    "内置工具的用量：图片按 token，搜索按次数。",
  ),
  field(
    [
      "input_tokens_details.image_tokens",
      "input_tokens_details.text_tokens",
      "output_tokens_details.image_tokens",
      "output_tokens_details.text_tokens",
      "input_token_details",
      "input_token_details.text_tokens",
      "input_token_details.audio_tokens",
    ],
    "Tokens by kind of content: text, images or sound.",
    "按内容类型划分的 token：文本、图片或音频。",
  ),

  field(
    ["$.usage", "response.usage"],
    "The token counts that are billed. In a stream only the last event has them.",
    "计费用的 token 数。流式时仅最后一个事件携带。",
    { same: "usage" },
  ),
  field(
    "usage.input_tokens",
    "Tokens of the input, cached ones included.",
    "输入 token 数，含命中缓存的部分。",
    { same: "input-tokens" },
  ),
  field(
    "usage.output_tokens",
    "Tokens of the output, hidden reasoning included.",
    "输出 token 数，含不可见的推理部分。",
    { same: "output-tokens" },
  ),
  field("usage.total_tokens", "Input and output together.", "输入与输出之和。", { same: "total-tokens" }),
  field(["input_tokens_details", "output_tokens_details"], "What these tokens were.", "这些 token 的构成。"),
  field(
    "input_tokens_details.cached_tokens",
    "Input tokens that were found in the cache. They are cheaper.",
    "命中缓存的输入 token，价格更低。",
    { source: CACHE, same: "cached-tokens" },
  ),
  field(
    "input_tokens_details.cache_write_tokens",
    "Input tokens that were written to the cache.",
    "写入缓存的输入 token。",
    { source: CACHE, same: "cache-write-tokens" },
  ),
  field(
    "output_tokens_details.reasoning_tokens",
    "Output tokens that the model spent on thinking.",
    "模型用于推理的输出 token。",
    { source: REASONING, same: "reasoning-tokens" },
  ),

  event("response.created", "The stream begins; the response is still empty.", "流开始，此时响应还是空的。", {
    source: STREAM,
    same: "stream-start",
  }),
  event("response.queued", "A background response waits for its turn.", "后台响应正在排队。", {
    source: STREAM,
  }),
  event("response.in_progress", "The model has begun to work.", "模型开始处理。", { source: STREAM }),
  event(
    "response.output_item.added",
    "A new item begins: thoughts, a tool call or a message.",
    "新条目开始：推理、工具调用或消息。",
    { source: STREAM, same: "part-start" },
  ),
  event("response.output_item.done", "This item is complete.", "该条目已完成。", {
    source: STREAM,
    same: "part-stop",
  }),
  event("response.content_part.added", "A new part of a message begins.", "消息的新部分开始。", {
    source: STREAM,
    same: "part-start",
  }),
  event("response.content_part.done", "This part is complete.", "该部分已完成。", {
    source: STREAM,
    same: "part-stop",
  }),
  event("response.output_text.delta", "The next piece of the text.", "文本的下一段。", {
    source: STREAM,
    same: "text-delta",
  }),
  event(
    "response.output_text.done",
    "The whole text of this part, once more in full.",
    "该部分的完整文本，再发一遍。",
    { source: STREAM },
  ),
  event("response.output_text.annotation.added", "A citation for the text.", "文本的一处引用。", {
    source: STREAM,
    same: "citations",
  }),
  event(
    ["response.refusal.delta", "response.refusal.done"],
    "The model's words of refusal.",
    "模型拒绝时的说明。",
    { source: STREAM, same: "refusal" },
  ),
  event(
    "response.function_call_arguments.delta",
    "The next piece of the arguments' JSON text.",
    "参数 JSON 文本的下一段。",
    { source: STREAM, same: "arguments-delta" },
  ),
  event(
    "response.function_call_arguments.done",
    "The arguments are complete and can be parsed.",
    "参数已完整，可以解析。",
    { source: STREAM },
  ),
  event(
    ["response.custom_tool_call_input.delta", "response.custom_tool_call_input.done"],
    "The input of a custom tool, in pieces or whole.",
    "自定义工具的输入，分段或完整。",
    { source: STREAM, same: "arguments-delta" },
  ),
  event(
    ["response.reasoning_summary_part.added", "response.reasoning_summary_part.done"],
    "A part of the summary begins or is complete.",
    "推理摘要的一部分开始或完成。",
    { source: STREAM },
  ),
  event(
    ["response.reasoning_summary_text.delta", "response.reasoning_summary_text.done"],
    "The summary of the thoughts, in pieces or whole.",
    "推理摘要，分段或完整。",
    { source: STREAM, same: "reasoning-delta" },
  ),
  event(
    ["response.reasoning_text.delta", "response.reasoning_text.done"],
    "The thoughts themselves, from models that show them.",
    "原始推理文本，仅部分模型提供。",
    { source: STREAM, same: "reasoning-delta" },
  ),
  event(
    [
      "response.web_search_call.in_progress",
      "response.web_search_call.searching",
      "response.web_search_call.completed",
    ],
    "How far a web search has come.",
    "联网搜索的进度。",
    { source: STREAM },
  ),
  event(
    [
      "response.file_search_call.in_progress",
      "response.file_search_call.searching",
      "response.file_search_call.completed",
    ],
    "How far a file search has come.",
    "文件搜索的进度。",
    { source: STREAM },
  ),
  event(
    [
      "response.code_interpreter_call.in_progress",
      "response.code_interpreter_call.interpreting",
      "response.code_interpreter_call.completed",
    ],
    "How far the code in the sandbox has come.",
    "沙箱中代码的运行进度。",
    { source: STREAM },
  ),
  event(
    ["response.code_interpreter_call_code.delta", "response.code_interpreter_call_code.done"],
    "The code that the model writes, in pieces or whole.",
    "模型编写的代码，分段或完整。",
    { source: STREAM },
  ),
  event(
    [
      "response.image_generation_call.in_progress",
      "response.image_generation_call.generating",
      "response.image_generation_call.partial_image",
      "response.image_generation_call.completed",
    ],
    "How far an image has come; partial images are previews.",
    "图片生成的进度，partial image 是预览。",
    { source: STREAM },
  ),
  event(
    [
      "response.mcp_list_tools.in_progress",
      "response.mcp_list_tools.completed",
      "response.mcp_list_tools.failed",
    ],
    "OpenAI asks a remote MCP server for its tools.",
    "OpenAI 正在向远程 MCP 服务获取工具列表。",
    { source: STREAM },
  ),
  event(
    ["response.mcp_call.in_progress", "response.mcp_call.completed", "response.mcp_call.failed"],
    "How far a call to an MCP tool has come.",
    "MCP 工具调用的进度。",
    { source: STREAM },
  ),
  event(
    ["response.mcp_call_arguments.delta", "response.mcp_call_arguments.done"],
    "The arguments of an MCP call, in pieces or whole.",
    "MCP 调用的参数，分段或完整。",
    { source: STREAM, same: "arguments-delta" },
  ),
  event(
    "response.completed",
    "The end: the whole response with its token counts.",
    "结束：携带完整响应与 token 用量。",
    { source: STREAM, same: "end-of-stream" },
  ),
  event(
    "response.incomplete",
    "The end, but early: a limit or a filter stopped the model.",
    "提前结束：模型因上限或过滤器而停止。",
    { source: STREAM, same: "end-of-stream" },
  ),
  event("response.failed", "The end by an error.", "因错误而结束。", {
    source: STREAM,
    same: "error-in-stream",
  }),
  event("error", "Something went wrong after the stream had begun.", "流开始之后出错。", {
    source: STREAM,
    same: "error-in-stream",
  }),
  event(
    "keepalive",
    "Keeps the connection open while nothing else is to be said.",
    "没有内容时用于保持连接。",
    { source: STREAM, same: "keep-alive" },
  ),
  field(
    "$.type",
    "The name of this event; it decides which other names stand beside it.",
    "事件名，决定其余字段。",
    { source: STREAM, side: "stream" },
  ),
  field("$.response", "The response as it stands now.", "响应的当前状态。", {
    source: STREAM,
    side: "stream",
  }),
  field(
    "sequence_number",
    "Counts the events of the stream, so that a gap would be seen.",
    "事件的连续编号，缺号即可发现丢失。",
    { source: STREAM },
  ),
  field("output_index", "Which item of `output` this event is about.", "针对 `output` 中第几个条目。", {
    source: STREAM,
    same: "index",
  }),
  field("content_index", "Which part of the item this event is about.", "针对条目中的第几个部分。", {
    source: STREAM,
  }),
  field(
    ["summary_index", "annotation_index", "partial_image_index"],
    "Which part of the summary, which citation or which preview this is.",
    "第几段摘要、第几处引用或第几张预览。",
    { source: STREAM },
  ),
  field("item_id", "The id of the item that this event is about.", "该事件所针对条目的 id。", {
    source: STREAM,
  }),
  field(
    "$.item",
    "The item, empty at its beginning and whole at its end.",
    "条目，开始时为空，完成时完整。",
    { source: STREAM, side: "stream" },
  ),
  field(
    "$.part",
    "The part, empty at its beginning and whole at its end.",
    "部分，开始时为空，完成时完整。",
    { source: STREAM, side: "stream" },
  ),
  field(
    ["part.type", "content[].type"],
    "Which kind of part this is: text, image, file or refusal.",
    "该部分的类型：文本、图片、文件或拒绝说明。",
  ),
  field(
    "$.delta",
    "The next piece of text, arguments, thoughts or code; the event's type says which.",
    "下一段文本、参数、推理或代码，由事件类型决定。",
    { source: STREAM, same: "delta" },
  ),
  field("$.text", "The whole text of the part that has just ended.", "刚结束的那一部分的完整文本。", {
    source: STREAM,
    side: "stream",
  }),
  field("$.arguments", "The whole arguments as a JSON text.", "完整的参数（JSON 文本）。", {
    source: STREAM,
    side: "stream",
    same: "tool-arguments",
  }),
  field(
    "logprobs",
    "How sure the model was of each token, when it was asked for.",
    "模型对每个 token 的把握，仅在请求时返回。",
    { same: "logprobs" },
  ),
  field(
    ["logprobs[].token", "logprobs[].logprob", "logprobs[].bytes", "logprobs[].top_logprobs"],
    "A token as text and bytes, the logarithm of its probability, and what else might have come.",
    "token 的文本与字节、概率的对数，以及其他候选。",
  ),
  field(
    "$.obfuscation",
    "Random letters that make all events equally long, so that an eavesdropper cannot guess words from lengths.",
    "随机填充字符，使事件长度一致，防止从长度推测内容。",
    { source: STREAM, same: "padding" },
  ),
  error(
    "insufficient_quota",
    "The account has no credit left, or the month's limit is reached.",
    "账户余额不足，或已达当月额度。",
    {
      source: "https://platform.openai.com/docs/guides/error-codes",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  error(
    "rate_limit_exceeded",
    "Too many requests or tokens in too short a time.",
    "短时间内请求或 token 过多。",
    {
      source: "https://platform.openai.com/docs/guides/error-codes",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  error(
    "tokens",
    "The limit that was reached is that of tokens in a minute or a day: input and the answer that may come count.",
    "触发的是 token 数量限制（每分钟或每天）：输入与可能的回答都计算在内。",
    {
      source: "https://platform.openai.com/docs/guides/rate-limits",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  error(
    "requests",
    "The limit that was reached is that of requests in a minute or a day, however small they are.",
    "触发的是请求次数限制（每分钟或每天），与请求大小无关。",
    {
      source: "https://platform.openai.com/docs/guides/rate-limits",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  error(
    "server_error",
    "Something failed at the provider (500). The request may be right: try again after a moment.",
    "服务端出错（500）。请求本身可能没有问题，稍后重试即可。",
    {
      source: "https://platform.openai.com/docs/guides/error-codes",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  error("invalid_api_key", "The API key is wrong or was revoked.", "API 密钥有误或已吊销。", {
    source: "https://platform.openai.com/docs/guides/error-codes",
    where: ["openai-chat", "openai-responses", "openai-realtime"],
  }),
  error(
    "model_not_found",
    "There is no such model, or this key may not use it.",
    "模型不存在，或该密钥无权使用。",
    {
      source: "https://platform.openai.com/docs/guides/error-codes",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  error(
    "context_length_exceeded",
    "The conversation is longer than the model can read.",
    "会话长度超出模型的上下文窗口。",
    {
      source: "https://platform.openai.com/docs/guides/error-codes",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  error(
    "invalid_request_error",
    "The request is malformed, or a value in it is not allowed. `param` names the field.",
    "请求有误或某个值不被允许，`param` 指出是哪个字段。",
    {
      source: "https://platform.openai.com/docs/guides/error-codes",
      where: ["openai-chat", "openai-responses", "openai-realtime"],
    },
  ),
  event(
    ["response.reasoning_part.added", "response.reasoning_part.done"],
    "A part of the thoughts begins or is complete (LM Studio).",
    "推理内容的一部分开始或完成（LM Studio）。",
    { source: "https://lmstudio.ai/docs" },
  ),
  field(
    "$.input_tokens",
    "How many input tokens the request would have (`/responses/input_tokens`).",
    "该请求的输入 token 数（`/responses/input_tokens`）。",
    { source: "https://platform.openai.com/docs/api-reference/responses/input-tokens", same: "input-tokens" },
  ),
  field(
    ["input[].tools", "input[].execution", "input[].status"],
    "The tools that this item brings, who looked for them, and how far it is.",
    "该条目带来的工具、由谁搜索得到，以及进度。",
  ),
  field("input[].reasoning", "The reasoning settings from here on.", "从此处起的推理设置。", {
    source: REASONING,
  }),
  field(
    ["input[].author", "input[].recipient"],
    "Which agent speaks to which.",
    "消息由哪个智能体发给哪个智能体。",
  ),
  field(
    ["steer.id", "response_id", "name"],
    "What the event is about: its id or its name.",
    "事件所指的对象：其 id 或名称。",
    {
      source: STREAM,
      side: "stream",
    },
  ),
  field(
    ["data", "data[].id", "data[].status", "data[].content"],
    "The items that a stored response was asked with.",
    "已保存响应的输入条目。",
    { side: "response" },
  ),
  field(
    ["first_id", "last_id", "has_more"],
    "Where this page of the list begins and ends, and whether there are more.",
    "列表本页的首尾，以及是否还有更多。",
    { side: "response" },
  ),
];
