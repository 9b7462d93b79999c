/** What OpenRouter adds to the shape of OpenAI: routing, reasoning, prices. */
import { entriesOf, type Entry } from "../entry.ts";

const API = "https://openrouter.ai/docs/api-reference/overview";
const ROUTING = "https://openrouter.ai/docs/guides/routing/provider-selection";
const REASONING = "https://openrouter.ai/docs/guides/best-practices/reasoning-tokens";
const USAGE = "https://openrouter.ai/docs/use-cases/usage-accounting";

const { field, term, event } = entriesOf("openrouter", API);

export const openrouter: readonly Entry[] = [
  field(
    "$.provider",
    "In a request: which providers may serve it and in which order. In an answer: who did.",
    "请求中：可由哪些提供方处理以及先后顺序；响应中：实际处理的提供方。",
    { source: ROUTING },
  ),
  field("provider.order", "Providers to try, first one first.", "按顺序尝试的提供方。", { source: ROUTING }),
  field(
    "provider.allow_fallbacks",
    "Whether other providers may step in when the listed ones fail.",
    "所列提供方都失败时，是否允许换用其他提供方。",
    { source: ROUTING },
  ),
  field(
    "$.models",
    "More models to try, in this order, when the first fails.",
    "首选模型失败时依次尝试的其他模型。",
    { source: "https://openrouter.ai/docs/guides/routing/model-fallbacks", side: "request" },
  ),
  field(
    "$.transforms",
    "Changes that OpenRouter may make to the prompt, such as cutting out its middle when it is too long.",
    "允许 OpenRouter 对提示词做的处理，例如过长时截去中段。",
    { source: "https://openrouter.ai/docs/guides/features/message-transforms" },
  ),
  field(
    "$.plugins",
    "Additions that OpenRouter runs itself, such as web search or reading PDFs.",
    "由 OpenRouter 自己运行的插件，例如联网搜索或解析 PDF。",
    { source: "https://openrouter.ai/docs/guides/features/plugins/overview" },
  ),
  field(
    "$.reasoning",
    "How much the model should think, and whether its thoughts come back. One form for all makers of models.",
    "控制推理的程度以及是否返回推理内容，对各家模型统一写法。",
    { source: REASONING, same: "reasoning-effort" },
  ),
  field(
    "reasoning.effort",
    "How long the model may think, as a word from minimal to high.",
    "推理程度，取值从 minimal 到 high。",
    { source: REASONING, same: "reasoning-effort" },
  ),
  field(
    "reasoning.max_tokens",
    "How many tokens the model may spend on thinking.",
    "推理可使用的 token 上限。",
    { source: REASONING, same: "thinking-budget" },
  ),
  field(
    ["reasoning.exclude", "reasoning.enabled"],
    "Whether to think at all, or to think but keep the thoughts out of the answer.",
    "是否启用推理，或启用但不在回答中返回。",
    { source: REASONING },
  ),
  field(
    ["delta.reasoning", "message.reasoning"],
    "The model's thoughts as plain text.",
    "纯文本形式的推理内容。",
    { source: REASONING, same: "reasoning-text" },
  ),
  field(
    "reasoning_details",
    "The thoughts with everything needed to send them back unchanged: text, summary, signature or encrypted data.",
    "推理的完整结构：文本、摘要、签名或密文。后续请求应原样带回。",
    { source: REASONING, same: "reasoning-text" },
  ),
  field(
    "reasoning_details[].type",
    "`reasoning.text` can be read, `reasoning.summary` is a short version, `reasoning.encrypted` only the maker can open.",
    "`reasoning.text` 可读，`reasoning.summary` 为摘要，`reasoning.encrypted` 只有模型厂商能解开。",
    { source: REASONING },
  ),
  field(
    "reasoning_details[].text",
    "The thoughts themselves, or in a stream the next piece.",
    "推理文本；流式时为下一段。",
    { source: REASONING },
  ),
  field("reasoning_details[].summary", "A short version of the thoughts.", "推理的摘要。", {
    source: REASONING,
  }),
  field(
    "reasoning_details[].data",
    "The encrypted thoughts. Send them back as they are.",
    "加密的推理内容，原样带回即可。",
    { source: REASONING, same: "reasoning-encrypted" },
  ),
  field(
    "reasoning_details[].signature",
    "The maker's proof that the thoughts were not changed.",
    "模型厂商的签名，证明推理内容未被改动。",
    { source: REASONING, same: "reasoning-signature" },
  ),
  field(
    "reasoning_details[].format",
    "Whose format the thoughts are in, for example Anthropic's.",
    "推理内容采用哪家的格式，例如 Anthropic。",
    { source: REASONING },
  ),
  field(
    ["reasoning_details[].id", "reasoning_details[].index"],
    "Which of several thoughts this is.",
    "第几段推理。",
    { source: REASONING },
  ),
  field(
    "native_finish_reason",
    "Why the model stopped, in the words of its own provider. `finish_reason` is the same in OpenAI's words.",
    "停止原因在上游提供方的原始写法；`finish_reason` 则统一为 OpenAI 的写法。",
  ),
  field(
    "$.usage",
    "Asks for prices in the answer's `usage`. Newer versions always send them.",
    "要求在响应的 `usage` 中给出价格；新版总会返回。",
    { source: USAGE, side: "request" },
  ),
  field("usage.include", "Asks for prices and detailed token counts.", "要求返回价格与详细的 token 用量。", {
    source: USAGE,
    side: "request",
  }),
  field("usage.cost", "What the call cost in credits (US dollars).", "本次调用的费用，以额度（美元）计。", {
    source: USAGE,
    same: "cost",
  }),
  field(
    "usage.is_byok",
    "Whether the call ran on your own key at the provider, so that OpenRouter only charges a fee.",
    "是否使用你自己在提供方的密钥，此时 OpenRouter 只收手续费。",
    { source: USAGE },
  ),
  field("usage.cost_details", "How the cost came about.", "费用明细。", { source: USAGE }),
  field(
    [
      "cost_details.upstream_inference_cost",
      "cost_details.upstream_inference_prompt_cost",
      "cost_details.upstream_inference_completions_cost",
      "cost_details.upstream_inference_input_cost",
      "cost_details.upstream_inference_output_cost",
    ],
    "What the provider behind OpenRouter charges: in all, for the input, or for the output.",
    "上游提供方收取的费用：总额、输入部分或输出部分。",
    { source: USAGE },
  ),
  field(
    ["prompt_tokens_details.cache_write_tokens", "input_tokens_details.cache_write_tokens"],
    "Input tokens that were put into the cache for later. Some makers charge extra for it.",
    "写入缓存以备后用的输入 token，有的厂商为此额外收费。",
    { source: "https://openrouter.ai/docs/guides/best-practices/prompt-caching", same: "cache-write-tokens" },
  ),
  field(
    [
      "prompt_tokens_details.video_tokens",
      "prompt_tokens_details.image_tokens",
      "prompt_tokens_details.text_tokens",
      "completion_tokens_details.image_tokens",
    ],
    "Tokens of one kind of content: text, images or video.",
    "某类内容所占的 token：文本、图片或视频。",
    { source: USAGE },
  ),
  field(
    ["usage.server_tool_use_details", "usage.server_tool_use"],
    "How often tools ran on the server's side.",
    "服务端执行工具的次数统计。",
    { source: USAGE },
  ),
  field(
    [
      "server_tool_use_details.web_search_requests",
      "server_tool_use_details.tool_calls_requested",
      "server_tool_use_details.tool_calls_executed",
    ],
    "How many searches or tool calls the server was asked for or made.",
    "请求或实际执行的搜索、工具调用次数。",
    { source: USAGE },
  ),
  field(
    "cache_control",
    "Marks a place up to which the prompt should be cached, for makers that want it said.",
    "缓存断点：提示词到此为止应写入缓存，用于需要显式声明的厂商。",
    { source: "https://openrouter.ai/docs/guides/best-practices/prompt-caching", same: "cache-breakpoint" },
  ),
  field(
    ["cache_control.type", "cache_control.ttl"],
    "How the marked part is cached, and for how long.",
    "缓存方式与保留时长。",
    { source: "https://openrouter.ai/docs/guides/best-practices/prompt-caching" },
  ),
  field("session_id", "Ties requests of one session together.", "把同一次会话的请求关联起来。"),
  term("native_finish_reason=end_turn", "Anthropic's word for a normal end.", "Anthropic 对正常结束的写法。"),
  event(
    ": OPENROUTER PROCESSING",
    "A comment that keeps the connection open while the model has not begun. Clients skip it.",
    "模型尚未开始输出时用来保持连接的注释行，客户端应忽略。",
    { source: "https://openrouter.ai/docs/api-reference/streaming" },
  ),
];
