/** Fields that few requests and answers carry: newer features, and what single servers add. */
import { entriesOf, type Entry } from "../entry.ts";

const CLAUDE = "https://platform.claude.com/docs/en";
const OPENAI = "https://platform.openai.com/docs";
const GEMINI = "https://ai.google.dev";
const AWS = "https://docs.aws.amazon.com/bedrock/latest";

const claude = entriesOf("anthropic-messages", `${CLAUDE}/api/messages`);
const responses = entriesOf("openai-responses", `${OPENAI}/api-reference/responses/create`);
const gemini = entriesOf("gemini", `${GEMINI}/api/generate-content`);
const interactions = entriesOf("gemini-interactions", `${GEMINI}/api/interactions-api`);
const converse = entriesOf("bedrock-converse", `${AWS}/APIReference/API_runtime_Converse.html`);
const chat = entriesOf("openai-chat", `${OPENAI}/api-reference/chat/create`);
const compatible = entriesOf(
  "openai-compatible",
  "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html",
);
const openrouter = entriesOf("openrouter", "https://openrouter.ai/docs/api-reference/overview");
const cohere = entriesOf("cohere", "https://docs.cohere.com/reference/chat");
const ollama = entriesOf("ollama", "https://github.com/ollama/ollama/blob/main/docs/api.md");

export const rarer: readonly Entry[] = [
  claude.field(
    ["input_transformations", "input_transformations[].path", "input_transformations[].reason"],
    "What the API changed in the messages before the model read them, where and why.",
    "模型读取之前 API 对消息所做的改动：位置与原因。",
  ),
  claude.field(
    ["diagnostics", "diagnostics.previous_message_id"],
    "Asks why the prompt cache was missed, compared with this earlier message; the answer says it under the same name.",
    "请求与这条较早消息比较，说明提示缓存未命中的原因；回答以同名字段给出。",
    { source: `${CLAUDE}/build-with-claude/prompt-caching` },
  ),
  claude.field(
    ["diagnostics.cache_miss_reason", "cache_miss_reason.type"],
    "What differs from the earlier request, so that the prompt was not found in the cache; null while it is not known yet.",
    "与较早请求的差异所在，因此提示未命中缓存；尚未得知时为 null。",
    { source: `${CLAUDE}/build-with-claude/prompt-caching` },
  ),
  claude.field(
    "cache_miss_reason.cache_missed_input_tokens",
    "How many input tokens were read anew because of it.",
    "因此而重新读取的输入 token 数。",
    { source: `${CLAUDE}/build-with-claude/prompt-caching` },
  ),
  ...(
    [
      ["model_changed", "Another model than in the earlier request.", "模型与较早请求不同。"],
      ["system_changed", "The system prompt is not the same.", "系统提示不同。"],
      ["tools_changed", "The tools are others, or in another order.", "工具不同，或顺序不同。"],
      ["messages_changed", "An earlier message is not as it was.", "较早的某条消息已改变。"],
      [
        "previous_message_not_found",
        "The message to compare with is not known any more.",
        "用于比较的消息已不可查。",
      ],
      ["unavailable", "No reason can be given.", "无法给出原因。"],
    ] as const
  ).map(([word, en, zh]) =>
    claude.term(`cache_miss_reason.type=${word}`, en, zh, {
      source: `${CLAUDE}/build-with-claude/prompt-caching`,
    }),
  ),
  claude.field(
    ["container.skills", "container.skills[].skill_id", "container.skills[].version"],
    "Skills that lie ready in the sandbox.",
    "沙箱中备好的技能。",
    { source: `${CLAUDE}/agents-and-tools/agent-skills/overview` },
  ),
  claude.field(
    [
      "applied_edits[].cleared_tool_uses",
      "applied_edits[].cleared_input_tokens",
      "applied_edits[].cleared_thinking_turns",
    ],
    "How much the editing of the context took out.",
    "上下文编辑清除了多少内容。",
    { source: `${CLAUDE}/build-with-claude/context-editing` },
  ),
  claude.field(
    ["edits[].keep", "edits[].clear_at_least", "edits[].exclude_tools", "edits[].clear_tool_inputs"],
    "What the editing of the context must keep, and how much it takes out at a time.",
    "上下文编辑须保留什么、每次至少清除多少。",
    { source: `${CLAUDE}/build-with-claude/context-editing` },
  ),
  claude.field(
    ["from.model", "to.model", "content[].from", "content[].to"],
    "Which model gave up, and which one took over.",
    "由哪个模型让位，由哪个模型接手。",
    { source: `${CLAUDE}/build-with-claude/refusals-and-fallback` },
  ),
  claude.field(
    ["fallbacks", "fallbacks[].model"],
    "Models that should answer when the first one refuses.",
    "首选模型拒答时接替作答的模型。",
    { source: `${CLAUDE}/build-with-claude/refusals-and-fallback`, side: "request" },
  ),
  claude.field(
    ["encrypted_stdout"],
    "A program's output that only the API can read.",
    "仅 API 可读的程序输出。",
    { source: `${CLAUDE}/agents-and-tools/tool-use/code-execution-tool` },
  ),
  claude.field(
    ["citations[].search_result_index", "citations[].start_block_index", "citations[].end_block_index"],
    "Which search result is cited, and which of its pieces.",
    "引用的是第几条搜索结果及其中的哪些片段。",
    { source: `${CLAUDE}/build-with-claude/citations` },
  ),
  claude.field(
    ["thinking.display", "thinking.block_binding", "block_binding.prefix_mismatch_behavior"],
    "Whether the thoughts are shown, and what happens to thoughts of a history that was changed.",
    "是否显示思考内容，以及历史被改动时如何处理旧的思考。",
    { source: `${CLAUDE}/build-with-claude/extended-thinking` },
  ),
  claude.field(
    ["output_config.format", "output_format", "output_format.type"],
    "The form that the answer must have.",
    "回答必须遵循的格式。",
    { source: `${CLAUDE}/build-with-claude/structured-outputs`, same: "structured-output", side: "request" },
  ),
  claude.field(
    ["output_config.format.schema", "output_format.schema"],
    "A JSON Schema that the answer must fit.",
    "回答必须符合的 JSON Schema。",
    { source: `${CLAUDE}/build-with-claude/structured-outputs`, below: "schema", side: "request" },
  ),
  claude.field(
    [
      "mcp_servers[].tool_configuration",
      "tool_configuration.enabled",
      "tool_configuration.allowed_tools",
      "tools[].mcp_server_name",
      "tools[].default_config",
      "default_config.enabled",
      "default_config.defer_loading",
    ],
    "Which of an MCP server's tools the model may use.",
    "模型可以使用 MCP 服务的哪些工具。",
    { source: `${CLAUDE}/agents-and-tools/mcp-connector`, side: "request" },
  ),
  claude.field(
    "tools[].configs",
    "Settings for single tools of the set, by name.",
    "按名称对组内单个工具的设置。",
    {
      source: `${CLAUDE}/agents-and-tools/mcp-connector`,
      below: "named",
      side: "request",
    },
  ),
  claude.field(
    ["user_location.city", "user_location.region", "user_location.country", "user_location.timezone"],
    "Where the person is, so that the search finds what is near.",
    "用户所在地，使搜索结果更贴近本地。",
    { source: `${CLAUDE}/agents-and-tools/tool-use/web-search-tool` },
  ),
  claude.field(
    ["tools[].max_content_tokens", "tools[].max_characters"],
    "The most that a fetched page or a file that is looked at may bring.",
    "抓取网页或查看文件时内容的上限。",
    { source: `${CLAUDE}/agents-and-tools/tool-use/web-fetch-tool`, side: "request" },
  ),
  claude.field("tools[].input_examples", "Examples of the tool's input.", "工具输入的示例。", {
    source: `${CLAUDE}/agents-and-tools/tool-use/overview`,
    below: "own",
    side: "request",
  }),
  claude.field(
    ["tools[].allowed_callers", "tools[].eager_input_streaming"],
    "Who may call the tool (the model or its program), and whether its input is streamed unchecked.",
    "谁可以调用该工具（模型或其程序），以及参数是否不经校验直接流式输出。",
    { source: `${CLAUDE}/agents-and-tools/tool-use/programmatic-tool-calling`, side: "request" },
  ),
  claude.field(
    ["content[].tool_name"],
    "A tool that was found and may now be called.",
    "已找到、现可调用的工具。",
    {
      source: `${CLAUDE}/agents-and-tools/tool-use/tool-search-tool`,
    },
  ),
  claude.field("$.speed", "Whether to answer faster at a higher price.", "是否以更高价格换取更快的回答。", {
    side: "request",
  }),
  responses.field(
    ["stream_options.include_obfuscation"],
    "Whether events are padded to hide the length of their text.",
    "是否填充事件以隐藏文本长度。",
  ),
  responses.field(
    ["tool_choice.mode", "tool_choice.tools"],
    "Which of the tools are allowed now, and whether one must be used.",
    "当前允许哪些工具，是否必须使用其一。",
    { source: `${OPENAI}/guides/function-calling` },
  ),
  responses.field(
    "tools[].connector_id",
    "A service that OpenAI connects to itself.",
    "由 OpenAI 直接接入的服务。",
    {
      source: `${OPENAI}/guides/tools-connectors-mcp`,
    },
  ),
  responses.field(
    ["tools[].input_image_mask", "tools[].partial_images"],
    "Which part of the image to change, and how many previews to send.",
    "要修改的图片区域，以及发送多少张预览图。",
    { source: `${OPENAI}/guides/tools-image-generation` },
  ),
  responses.field(
    ["tools[].display_width", "tools[].display_height"],
    "The size of the screen that the model works on.",
    "模型所操作屏幕的尺寸。",
    { source: `${OPENAI}/guides/tools-computer-use` },
  ),
  responses.field(
    [
      "filters.allowed_domains",
      "user_location.timezone",
      "user_location.city",
      "user_location.country",
      "user_location.region",
      "tools[].external_web_access",
    ],
    "Web search: which sites count, where the person is, whether live pages are opened.",
    "网络搜索：限定网站、用户所在地、是否访问实时网页。",
    { source: `${OPENAI}/guides/tools-web-search` },
  ),
  responses.field(
    ["acknowledged_safety_checks", "pending_safety_checks"],
    "Warnings before a click or a key, and those that the person has agreed to.",
    "操作前的安全警告，以及用户已确认的部分。",
    { source: `${OPENAI}/guides/tools-computer-use` },
  ),
  responses.field(
    [
      "action.x",
      "action.y",
      "action.button",
      "action.keys",
      "action.scroll_x",
      "action.scroll_y",
      "action.path",
    ],
    "What to do on the screen: where to click, drag or scroll, which keys to press.",
    "屏幕操作：点击、拖动、滚动的位置与要按的键。",
    { source: `${OPENAI}/guides/tools-computer-use` },
  ),
  responses.field(
    ["input[].approve"],
    "Whether the person lets the MCP call happen.",
    "用户是否批准该 MCP 调用。",
    {
      source: `${OPENAI}/guides/tools-connectors-mcp`,
    },
  ),
  responses.field("client_metadata", "What the client notes about itself.", "客户端对自身的备注。", {
    below: "own",
    side: "request",
  }),
  gemini.field("modelStatus", "Whether the model will soon be switched off.", "模型是否即将停用。"),
  gemini.field(
    "logprobsResult",
    "How likely the chosen words were, and which others there were.",
    "所选词的概率及其他候选。",
    {
      same: "logprobs",
    },
  ),
  gemini.field(
    [
      "groundingMetadata.retrievalQueries",
      "maps.placeId",
      "groundingSupports[].confidenceScores",
      "groundingMetadata.googleMapsWidgetContextToken",
    ],
    "More about the sources: the queries, the place on the map, how sure the match is.",
    "来源的补充信息：查询词、地图地点与匹配的可信度。",
    { source: `${GEMINI}/gemini-api/docs/google-search` },
  ),
  gemini.field(
    ["parts[].videoMetadata", "videoMetadata.startOffset", "videoMetadata.endOffset", "videoMetadata.fps"],
    "Which part of the video the model sees, and how many pictures a second.",
    "模型观看视频的哪一段，以及每秒取多少帧。",
    { source: `${GEMINI}/gemini-api/docs/video-understanding` },
  ),
  gemini.field(
    ["citations[].license", "citationSources[].license"],
    "The licence of the cited text.",
    "所引内容的许可协议。",
  ),
  gemini.field(
    ["toolCall.toolType", "toolResponse.toolType", "parts[].toolCall", "parts[].toolResponse"],
    "A tool that Google ran itself: which one, what it was given and what it gave.",
    "由 Google 自行运行的工具：种类、输入与结果。",
    { source: `${GEMINI}/gemini-api/docs/function-calling` },
  ),
  gemini.field("blockReasonMessage", "Why the prompt was blocked, in words.", "提示被拦截的文字说明。"),
  gemini.field(
    ["generationConfig.speechConfig", "speechConfig.voiceConfig", "speechConfig.languageCode"],
    "How a spoken answer should sound.",
    "语音回答的声音设置。",
    { source: `${GEMINI}/gemini-api/docs/speech-generation` },
  ),
  gemini.field(
    ["generationConfig.imageConfig", "imageConfig.aspectRatio", "imageConfig.imageSize"],
    "The shape and size of images that the model makes.",
    "生成图片的比例与尺寸。",
    { source: `${GEMINI}/gemini-api/docs/image-generation` },
  ),
  gemini.field(
    ["generationConfig.mediaResolution", "parts[].mediaResolution"],
    "How finely images and films are looked at; finer costs more tokens.",
    "查看图片与视频的精细程度，越精细消耗 token 越多。",
    { source: `${GEMINI}/gemini-api/docs/media-resolution` },
  ),
  gemini.field(
    ["generationConfig.routingConfig", "generationConfig.enableEnhancedCivicAnswers"],
    "Rarely used switches: which model to prefer, more detail on civic questions.",
    "少用的开关：模型路由偏好、公共事务问题的详尽回答。",
  ),
  gemini.field(
    ["toolConfig.retrievalConfig", "toolConfig.includeServerSideToolInvocations", "retrievalConfig.latLng"],
    "Where the person is, and whether Google's own tool calls are shown.",
    "用户所在位置，以及是否显示 Google 端的工具调用。",
    { source: `${GEMINI}/gemini-api/docs/function-calling` },
  ),
  gemini.field(
    ["tools[].fileSearch", "tools[].googleMaps", "tools[].computerUse", "tools[].retrieval"],
    "Tools of Google's: files, maps, a computer's screen, stored documents.",
    "Google 提供的工具：文件搜索、地图、电脑操作、文档检索。",
    { source: `${GEMINI}/gemini-api/docs/function-calling` },
  ),
  gemini.field(
    ["functionDeclarations[].behavior"],
    "Whether the model waits for the function's result.",
    "模型是否等待函数结果。",
    { source: `${GEMINI}/gemini-api/docs/function-calling` },
  ),
  gemini.field(
    "functionDeclarations[].response",
    "A schema of what the function gives.",
    "函数返回值的 schema。",
    {
      source: `${GEMINI}/gemini-api/docs/function-calling`,
      below: "schema",
    },
  ),
  gemini.field(
    "safetySettings[].method",
    "By what the harm is measured: its severity or its likelihood.",
    "有害性的衡量方式：严重程度或概率。",
    {
      source: `${GEMINI}/gemini-api/docs/safety-settings`,
    },
  ),
  gemini.field("$.store", "Whether Google may keep the exchange.", "Google 是否可以保存此次交互。", {
    side: "request",
  }),
  interactions.field(
    ["$.background", "agent_config", "$.environment"],
    "Whether the work goes on without a connection, and how the agent is set up.",
    "是否在后台继续运行，以及智能体的设置。",
  ),
  interactions.field(
    ["response_modalities", "generation_config.tool_choice", "tools[].search_types"],
    "What the answer may consist of, whether tools must be used, what is searched.",
    "回答可包含的形式、是否必须使用工具、搜索的范围。",
  ),
  converse.field(
    ["additionalModelResponseFieldPaths", "additionalModelResponseFields"],
    "Fields of the model's own answer that Converse should pass on, and those fields.",
    "要求 Converse 转交的模型自有字段，以及这些字段的值。",
    { below: "own" },
  ),
  converse.field(
    ["performanceConfig", "performanceConfig.latency", "serviceTier", "serviceTier.type"],
    "Whether speed or price matters more.",
    "速度与价格的取舍。",
  ),
  converse.field("requestMetadata", "Notes for the log, of the client's own.", "客户端自定的日志备注。", {
    below: "own",
  }),
  converse.field("promptVariables", "Values for a stored prompt.", "已存提示词的变量值。", { below: "own" }),
  converse.field(
    ["cachePoint.ttl", "usage.cacheDetails", "cacheDetails[].ttl", "cacheDetails[].inputTokens"],
    "How long the cache lasts, and how many tokens went into it.",
    "缓存的有效时长与写入的 token 数。",
    { source: `${AWS}/userguide/prompt-caching.html` },
  ),
  converse.field(
    "toolSpec.strict",
    "Whether the input must fit the schema exactly.",
    "输入是否必须严格符合 schema。",
    {
      source: `${AWS}/userguide/tool-use.html`,
    },
  ),
  converse.field(
    ["audio.format", "audio.source"],
    "Sound for the model: its format and its data.",
    "提供给模型的音频：格式与数据。",
  ),
  converse.field("trace.promptRouter", "Which model a router chose.", "路由器选择了哪个模型。"),
  chat.field(
    "prediction.content",
    "What the answer will mostly be; it only has to be changed.",
    "预计的回答内容，模型只需修改。",
  ),
  compatible.field(
    ["chat_template_kwargs", "extra_body"],
    "vLLM, llama.cpp: switches for the template that turns messages into a prompt.",
    "vLLM、llama.cpp：把消息转换为提示词的模板参数。",
    { below: "own" },
  ),
  compatible.field(
    [
      "enable_thinking",
      "$.thinking",
      "thinking.type",
      "reasoning_format",
      "include_reasoning",
      "prompt_mode",
    ],
    "Whether and how the model thinks before it answers, and whether the thoughts are sent.",
    "模型作答前是否思考、如何思考，以及是否返回思考内容。",
    { side: "request" },
  ),
  compatible.field(
    ["$.top_k", "repetition_penalty", "min_p", "num_ctx"],
    "Open models: how words are chosen, and how long the context is.",
    "开源模型：选词方式与上下文长度。",
    { side: "request" },
  ),
  compatible.field(
    ["guided_json", "guided_regex", "guided_choice", "guided_grammar"],
    "vLLM: a form that the answer is forced into.",
    "vLLM：强制回答遵循的格式。",
    { below: "own", side: "request" },
  ),
  compatible.field(
    ["search_parameters", "search_parameters.mode", "$.deferred"],
    "xAI: live search and its settings; an answer to be fetched later.",
    "xAI：实时搜索及其设置；稍后获取回答。",
    { source: "https://docs.x.ai/docs/api-reference", side: "request" },
  ),
  compatible.field(
    ["compound_custom", "citation_options", "disable_tool_validation"],
    "Groq: settings of its compound system, its citations, and the check of tool calls.",
    "Groq：复合系统、引用与工具调用校验的设置。",
    { source: "https://console.groq.com/docs/api-reference", side: "request" },
  ),
  compatible.field(
    [
      "search_domain_filter",
      "search_recency_filter",
      "return_images",
      "return_related_questions",
      "media_response",
    ],
    "Perplexity: which sites and how new, and whether images and further questions come along.",
    "Perplexity：限定网站与时间，是否返回图片与相关问题。",
    { source: "https://docs.perplexity.ai/api-reference/chat-completions-post", side: "request" },
  ),
  compatible.field(
    ["related_questions", "$.images"],
    "Perplexity: questions to go on with, and images that were found.",
    "Perplexity：相关问题与找到的图片。",
    { source: "https://docs.perplexity.ai/api-reference/chat-completions-post", side: "response" },
  ),
  compatible.field(
    [
      "usage.num_cached_tokens",
      "usage.prompt_audio_seconds",
      "prompt_tokens_details.messages",
      "prompt_token_details",
    ],
    "Mistral: tokens from the cache, seconds of sound, and the counts message by message.",
    "Mistral：缓存 token、音频秒数与逐条消息的用量。",
    { source: "https://docs.mistral.ai/api/" },
  ),
  compatible.field("time_info", "Cerebras: how long each step took.", "Cerebras：各步骤耗时。", {
    source: "https://inference-docs.cerebras.ai/api-reference/chat-completions",
    below: "named",
  }),
  compatible.field(
    "kv_transfer_params",
    "vLLM: how parts of the work are handed from server to server.",
    "vLLM：服务器之间交接计算的参数。",
    {
      below: "own",
    },
  ),
  openrouter.field(
    ["choices[].error", "message.images"],
    "An error of this answer alone, and images that the model made.",
    "仅属于该回答的错误，以及模型生成的图片。",
  ),
  openrouter.field(
    ["$.route", "plugins[].id", "$.debug", "$.trace"],
    "How to choose among models, which plug-ins to use, and switches for finding errors.",
    "模型选择方式、使用的插件与调试开关。",
    { side: "request" },
  ),
  openrouter.field("completion_tokens_details.video_tokens", "Tokens that were film.", "视频占用的 token。"),
  cohere.field(
    ["citation_options.mode", "strict_tools", "$.priority", "raw_prompting"],
    "How citations are made, whether tool calls must fit, how urgent it is, whether the prompt is taken as it is.",
    "引用方式、工具调用是否严格、优先级、是否原样使用提示词。",
    { side: "request" },
  ),
  ollama.field(
    ["options.num_gpu", "options.mirostat", "options.min_p", "options.num_thread", "options.num_batch"],
    "How the model is run and how it chooses words.",
    "模型的运行方式与选词方式。",
  ),
  ollama.field(
    ["$.truncate", "$.dimensions", "$.logprobs", "$.top_logprobs"],
    "Whether long input is cut, how long vectors are, and whether likelihoods are told.",
    "是否截断过长输入、向量维数、是否返回概率。",
    { side: "request" },
  ),
];
