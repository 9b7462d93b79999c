/** What other servers add to the shape of OpenAI: Azure, DeepSeek, Groq, Mistral, xAI, Perplexity, llama.cpp, vLLM, … */
import { entriesOf, type Entry } from "../entry.ts";

const AZURE = "https://learn.microsoft.com/en-us/azure/ai-foundry/openai/concepts/content-filter";
const DEEPSEEK = "https://api-docs.deepseek.com/api/create-chat-completion";
const GROQ = "https://console.groq.com/docs/api-reference";
const MISTRAL = "https://docs.mistral.ai/api/";
const XAI = "https://docs.x.ai/docs/api-reference";
const PERPLEXITY = "https://docs.perplexity.ai/api-reference/chat-completions-post";
const LLAMA = "https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md";
const VLLM = "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html";
const COPILOT = "https://docs.github.com/en/copilot/concepts/billing/copilot-requests";

const { field, event } = entriesOf("openai-compatible", VLLM);

export const openaiCompatible: readonly Entry[] = [
  field(
    ["content_filter_results", "choices[].content_filter_results"],
    "Azure: what its content filter found in the answer, by kind of harm.",
    "Azure：内容过滤器对回答的检查结果，按危害类别列出。",
    { source: AZURE, same: "safety" },
  ),
  field(
    "prompt_filter_results",
    "Azure: what its content filter found in the prompt.",
    "Azure：内容过滤器对提示词的检查结果。",
    { source: AZURE, same: "safety" },
  ),
  field(
    ["prompt_index", "prompt_filter_results[].prompt_index"],
    "Azure: which prompt was checked, from 0.",
    "Azure：被检查的是第几个提示词，从 0 开始。",
    { source: AZURE },
  ),
  field(
    [
      "content_filter_results.hate",
      "content_filter_results.self_harm",
      "content_filter_results.sexual",
      "content_filter_results.violence",
    ],
    "Azure: the finding for one kind of harm.",
    "Azure：某一危害类别的检查结果。",
    { source: AZURE },
  ),
  field(
    ["content_filter_results.jailbreak", "content_filter_results.indirect_attack"],
    "Azure: whether somebody tried to talk the model out of its rules.",
    "Azure：是否有人试图诱导模型违背规则。",
    { source: AZURE },
  ),
  field(
    ["content_filter_results.protected_material_code", "content_filter_results.protected_material_text"],
    "Azure: whether the answer repeats known code or text that is protected.",
    "Azure：回答是否重复了受保护的代码或文本。",
    { source: AZURE },
  ),
  field(
    ["hate.severity", "self_harm.severity", "sexual.severity", "violence.severity"],
    "Azure: how bad it is: safe, low, medium or high.",
    "Azure：严重程度：safe、low、medium 或 high。",
    { source: AZURE },
  ),
  field(
    [
      "hate.filtered",
      "self_harm.filtered",
      "sexual.filtered",
      "violence.filtered",
      "jailbreak.filtered",
      "protected_material_code.filtered",
      "protected_material_text.filtered",
    ],
    "Azure: whether the text was blocked because of it.",
    "Azure：是否因此被拦截。",
    { source: AZURE },
  ),
  field(
    ["jailbreak.detected", "protected_material_code.detected", "protected_material_text.detected"],
    "Azure: whether it was found at all.",
    "Azure：是否检出。",
    { source: AZURE },
  ),
  field(
    ["usage.latency_checkpoint", "usage_breakdown"],
    "Azure: times or counts that its own servers measured.",
    "Azure：自家服务端测得的时间或用量明细。",
    { source: AZURE, below: "own" },
  ),
  field(
    "content_filters",
    "Azure: what its content filter found in this response.",
    "Azure：内容过滤器对本次响应的检查结果。",
    { source: AZURE },
  ),

  field(
    "reasoning_content",
    "DeepSeek and others: the model's thoughts, apart from the answer. DeepSeek wants them left out of later requests, except after tool calls.",
    "DeepSeek 等：模型的推理内容，与回答分开。除工具调用之后，DeepSeek 要求后续请求不要带上。",
    { source: "https://api-docs.deepseek.com/guides/thinking_mode", same: "reasoning-text" },
  ),
  field(
    "reasoning_text",
    "GitHub Copilot: the model's thoughts, apart from the answer.",
    "GitHub Copilot：模型的推理内容，与回答分开。",
    { source: COPILOT, same: "reasoning-text" },
  ),
  field(
    "reasoning_opaque",
    "GitHub Copilot: the thoughts in a form that only the API can read; to be sent back with the next request.",
    "GitHub Copilot：只有 API 能读懂的推理内容；下次请求时需原样传回。",
    { source: COPILOT },
  ),
  field(
    ["executed_tools", "executed_tools[].index", "executed_tools[].arguments", "executed_tools[].output"],
    "Groq: the tools that the API ran itself (a search, code), each with its arguments and what it gave.",
    "Groq：API 自行运行的工具（搜索、代码），包含各自的参数与输出。",
    { source: GROQ },
  ),
  field(
    [
      "executed_tools[].search_results",
      "executed_tools[].search_results.results[].title",
      "executed_tools[].search_results.results[].url",
      "executed_tools[].search_results.results[].content",
      "executed_tools[].search_results.results[].score",
    ],
    "Groq: what a search found: title, address, text and how well it fits.",
    "Groq：搜索结果：标题、地址、正文与匹配程度。",
    { source: GROQ },
  ),
  field(
    "usage.prompt_cache_hit_tokens",
    "DeepSeek: input tokens that were found in the cache.",
    "DeepSeek：命中缓存的输入 token。",
    { source: DEEPSEEK, same: "cached-tokens" },
  ),
  field(
    "usage.prompt_cache_miss_tokens",
    "DeepSeek: input tokens that were not in the cache.",
    "DeepSeek：未命中缓存的输入 token。",
    { source: DEEPSEEK },
  ),

  field(
    "x_groq",
    "Groq: its own additions, such as the request's id.",
    "Groq 自有的附加信息，例如请求 id。",
    { source: GROQ },
  ),
  field("x_groq.id", "Groq: the id of the request, for support.", "Groq：请求 id，报障时使用。", {
    source: GROQ,
    same: "request-id",
  }),
  field("x_groq.seed", "Groq: the seed that was used.", "Groq：实际使用的种子。", { source: GROQ }),
  field(
    "x_groq.usage",
    "Groq: the token counts, in the last chunk of a stream.",
    "Groq：token 用量，位于流的最后一块。",
    { source: GROQ, same: "usage" },
  ),
  field("usage.queue_time", "Groq: seconds that the request waited for its turn.", "Groq：请求排队的秒数。", {
    source: GROQ,
  }),
  field(
    ["usage.prompt_time", "usage.completion_time", "usage.total_time"],
    "Groq: seconds spent on reading the input, on writing the output, or on both.",
    "Groq：处理输入、生成输出或两者合计的秒数。",
    { source: GROQ },
  ),
  field(
    "delta.channel",
    "The channel of gpt-oss models: `analysis` is thinking, `final` is the answer.",
    "gpt-oss 模型的通道：`analysis` 为推理，`final` 为回答。",
    { source: "https://cookbook.openai.com/articles/openai-harmony" },
  ),
  field(
    ["error.failed_generation", "error.status_code"],
    "Groq: what the model wrote when it failed to form a tool call, and the status that goes with it.",
    "Groq：模型未能生成合法工具调用时写出的内容，及对应状态码。",
    { source: GROQ },
  ),

  field(
    "safe_prompt",
    "Mistral: puts a safety instruction before the conversation.",
    "Mistral：在会话前加入一段安全指令。",
    { source: MISTRAL },
  ),
  field(
    ["delta.content[].type", "message.content[].type"],
    "Mistral: which kind of piece this is: `text` or `thinking`.",
    "Mistral：该片段的类型：`text` 或 `thinking`。",
    { source: MISTRAL },
  ),
  field(["delta.content[].text", "message.content[].text"], "The text of this piece.", "该片段的文本。", {
    source: MISTRAL,
  }),
  field(
    ["content[].thinking", "delta.content[].thinking"],
    "Mistral: a piece of the model's thoughts.",
    "Mistral：推理内容的片段。",
    { source: MISTRAL, same: "reasoning-text" },
  ),
  field(
    ["thinking[].type", "thinking[].text", "content[].closed"],
    "Mistral: the text of a thought, and whether the thought is complete.",
    "Mistral：推理片段的文本，以及该段推理是否已结束。",
    { source: MISTRAL },
  ),
  field(
    ["$.p"],
    "Padding that makes chunks equally long, so that their lengths tell nothing to an eavesdropper.",
    "填充字符，使各分块长度一致，避免因长度泄露内容。",
    { source: MISTRAL, same: "padding" },
  ),
  field("usage.service_tier", "The service tier that was billed.", "实际计费的服务等级。", {
    source: MISTRAL,
    same: "service-tier",
  }),

  field(
    "usage.num_sources_used",
    "xAI: how many sources the live search used.",
    "xAI：实时搜索用到的来源数。",
    { source: XAI },
  ),
  field(
    "usage.cost_in_usd_ticks",
    "xAI: the price in very small parts of a dollar; ten billion ticks are one dollar.",
    "xAI：以极小单位计的价格，一百亿 tick 为一美元。",
    { source: XAI, same: "cost" },
  ),
  field(
    ["usage.num_server_side_tools_used", "server_side_tool_usage_details"],
    "xAI: how often its servers ran tools during the answer.",
    "xAI：作答过程中服务端执行工具的次数。",
    { source: XAI },
  ),
  field(
    [
      "server_side_tool_usage_details.web_search_calls",
      "server_side_tool_usage_details.x_search_calls",
      "server_side_tool_usage_details.code_interpreter_calls",
      "server_side_tool_usage_details.file_search_calls",
      "server_side_tool_usage_details.mcp_calls",
      "server_side_tool_usage_details.document_search_calls",
      "server_side_tool_usage_details.image_generation_calls",
    ],
    "xAI: how often this one tool ran.",
    "xAI：该工具的执行次数。",
    { source: XAI },
  ),
  field(
    ["usage.context_details", "context_details.input_tokens", "context_details.output_tokens"],
    "xAI: how many tokens of the context the last step used.",
    "xAI：最后一步所占用的上下文 token。",
    { source: XAI },
  ),

  field(
    "$.citations",
    "Perplexity and xAI: the addresses of the web pages behind the answer; `[1]` in the text is the first.",
    "Perplexity 与 xAI：回答所依据的网页地址，文中的 `[1]` 对应第一个。",
    { source: PERPLEXITY, same: "citations" },
  ),
  field("$.search_results", "Perplexity: the pages that the search found.", "Perplexity：搜索得到的网页。", {
    source: PERPLEXITY,
  }),
  field(
    ["search_results[].title", "search_results[].url", "search_results[].snippet", "search_results[].source"],
    "Perplexity: what is known of a found page: title, address, an excerpt, or where it was found.",
    "Perplexity：网页的标题、地址、摘录或来源。",
    { source: PERPLEXITY },
  ),
  field(
    ["search_results[].date", "search_results[].last_updated", "search_results[].place_metadata"],
    "Perplexity: when a found page was published or changed, or which place it is about.",
    "Perplexity：网页的发布或更新日期，或其涉及的地点。",
    { source: PERPLEXITY },
  ),
  field(
    ["usage.search_context_size", "web_search_options.search_context_size", "tools[].search_context_size"],
    "How much of the found pages the model gets to read. More costs more.",
    "模型可读取多少搜索结果，越多越贵。",
    { source: PERPLEXITY },
  ),
  field(
    ["cost.input_tokens_cost", "cost.output_tokens_cost", "cost.request_cost", "cost.total_cost"],
    "Perplexity: the price in US dollars, by part or in all.",
    "Perplexity：以美元计的费用，分项或总额。",
    { source: PERPLEXITY },
  ),

  field(
    ["choices[].text"],
    "The text of a legacy completion, or of this chunk of it.",
    "旧版 completions 的文本，或其中一块。",
    { source: "https://platform.openai.com/docs/api-reference/completions", same: "answer-text" },
  ),
  field(
    ["choices[].stop_reason", "choices[].matched_stop"],
    "vLLM and SGLang: which stop text or token ended the answer.",
    "vLLM 与 SGLang：是哪个停止文本或 token 结束了回答。",
    { same: "stop-sequence" },
  ),
  field(
    ["choices[].token_ids", "prompt_token_ids", "delta.token_id"],
    "The numbers of the tokens, for debugging.",
    "token 编号，供调试使用。",
  ),
  field(
    "prompt_text",
    "The whole prompt as text, after the chat template.",
    "套用聊天模板后的完整提示词文本。",
  ),
  field(
    "choices[].seed",
    "The seed that was used for this answer (Together).",
    "生成该回答所用的种子（Together）。",
    { source: "https://docs.together.ai/reference/chat-completions" },
  ),
  field(["delta.index"], "Repeats the number of the answer.", "重复回答的序号。"),
  field(
    "$.timings",
    "llama.cpp: how many tokens it read and wrote, and how fast.",
    "llama.cpp：处理与生成的 token 数及速度。",
    { source: LLAMA },
  ),
  field(
    ["timings.prompt_n", "timings.prompt_ms", "timings.prompt_per_token_ms", "timings.prompt_per_second"],
    "llama.cpp: tokens of the prompt that were read, and how fast.",
    "llama.cpp：处理的提示词 token 数及速度。",
    { source: LLAMA },
  ),
  field(
    [
      "timings.predicted_n",
      "timings.predicted_ms",
      "timings.predicted_per_token_ms",
      "timings.predicted_per_second",
    ],
    "llama.cpp: tokens that were written, and how fast.",
    "llama.cpp：生成的 token 数及速度。",
    { source: LLAMA },
  ),
  field(
    "timings.cache_n",
    "llama.cpp: tokens of the prompt that were still in memory.",
    "llama.cpp：仍在缓存中的提示词 token 数。",
    { source: LLAMA, same: "cached-tokens" },
  ),
  field(
    ["usage.draft_tokens", "usage.draft_tokens_acceptance"],
    "How many tokens a small helper model guessed ahead, and how many of them were right.",
    "小模型预测的 token 数，以及被采纳的比例。",
  ),
  field(
    [
      "usage.prompt_tokens_per_second",
      "usage.tokens_per_second",
      "usage.time_per_output_token_ms",
      "usage.time_to_first_token_ms",
    ],
    "How fast the server was: tokens per second, or ms to the first token or for each.",
    "服务端速度：每秒 token 数、首字延迟或每 token 毫秒数。",
  ),
  field(
    "choices[].delta",
    "What this chunk adds. Perplexity sends an empty one with whole answers too.",
    "本块新增的内容。Perplexity 在完整回答中也会附上一个空的。",
    { source: PERPLEXITY, side: "response" },
  ),
  field(
    "copilot_usage",
    "GitHub Copilot: what the call used up, in its own units.",
    "GitHub Copilot：以其自有单位计量的用量。",
    { source: COPILOT },
  ),
  field(
    [
      "copilot_usage.token_details",
      "copilot_usage.total_nano_aiu",
      "token_details[].batch_size",
      "token_details[].cost_per_batch",
      "token_details[].token_count",
      "token_details[].token_type",
    ],
    "GitHub Copilot: tokens by kind, with their price in its own units.",
    "GitHub Copilot：各类 token 的数量及以其自有单位计的价格。",
    { source: COPILOT },
  ),
  event(
    "chat.completion.done",
    "Some servers send this as the last object instead of `[DONE]`.",
    "有的服务端以此作为最后一个对象，代替 `[DONE]`。",
    { source: PERPLEXITY, same: "end-of-stream" },
  ),
  event(
    "error",
    "Something went wrong after the stream had begun (Groq names this event).",
    "流开始之后出错（Groq 会为此事件命名）。",
    { source: GROQ, same: "error-in-stream" },
  ),
  field(
    ["delta.text", "delta.content_list", "delta.type"],
    "Snowflake: the next piece once more, and what kind it is.",
    "Snowflake：重复给出的下一段内容及其类型。",
    { source: "https://docs.snowflake.com/en/user-guide/snowflake-cortex/cortex-rest-api", side: "stream" },
  ),
  field(
    "choices[].usage",
    "Moonshot: the token counts, inside the last choice of the stream.",
    "Moonshot：token 用量，放在流的最后一个选项中。",
    { source: "https://platform.moonshot.ai/docs/api/chat", same: "usage", side: "stream" },
  ),
  field(
    ["usage.citation_tokens", "usage.num_search_queries"],
    "Perplexity: tokens of the pages that were read, and how many searches were made.",
    "Perplexity：所读网页的 token 数与搜索次数。",
    { source: PERPLEXITY },
  ),
  field(
    ["$.message", "$.param", "$.code"],
    "vLLM: an error in the middle of a stream, said in a piece of its own.",
    "vLLM：流中途出错时单独发送的错误信息。",
    { source: "https://docs.vllm.ai/en/latest/serving/openai_compatible_server.html", side: "stream" },
  ),
  field(
    ["content[].reference_ids", "content[].tool", "content[].url", "content[].title"],
    "Mistral: the sources of the text before, by their numbers or as a page.",
    "Mistral：前文的来源，以编号或网页给出。",
    { source: MISTRAL },
  ),
  field(
    "agent_id",
    "Mistral: the agent that should answer, instead of a model.",
    "Mistral：由哪个智能体作答，代替模型名。",
    { source: MISTRAL },
  ),
  field(
    ["$.prompt", "$.suffix"],
    "Mistral, DeepSeek: code or text before the gap, and after it. The model fills the gap.",
    "Mistral、DeepSeek：空缺之前与之后的代码或文本，由模型补全中间部分。",
    { source: MISTRAL },
  ),
];
