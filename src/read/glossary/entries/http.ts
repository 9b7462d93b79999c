/** Headers of HTTP, of streams, of the browser's safety, of rate limits and of the makers' own servers and SDKs. */
import { entriesOf, type Entry } from "../entry.ts";

const HTTP = "https://www.rfc-editor.org/rfc/rfc9110";
const CACHE = "https://www.rfc-editor.org/rfc/rfc9111";
const MDN = "https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers";
const SSE = "https://html.spec.whatwg.org/multipage/server-sent-events.html";
const OPENAI = "https://platform.openai.com/docs/api-reference/debugging-requests";
const OPENAI_LIMITS = "https://platform.openai.com/docs/guides/rate-limits";
const CLAUDE_LIMITS = "https://platform.claude.com/docs/en/api/rate-limits";
const CLAUDE = "https://platform.claude.com/docs/en/api/overview";
const AWS = "https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonParameters.html";
const INVOKE = "https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InvokeModel.html";
const AZURE = "https://learn.microsoft.com/en-us/azure/ai-services/openai/reference";
const CLOUDFLARE = "https://developers.cloudflare.com/fundamentals/reference/http-headers/";
const LITELLM = "https://docs.litellm.ai/docs/proxy/response_headers";
const STAINLESS = "https://www.stainless.com/docs/";
const MISTRAL = "https://docs.mistral.ai/api/";
const KONG = "https://developer.konghq.com/gateway/";

const { header, field } = entriesOf("any", HTTP);

export const http: readonly Entry[] = [
  header(
    "content-type",
    "The format of the body. `application/json` is one document, `text/event-stream` is a stream of server-sent events.",
    "正文的格式：`application/json` 是一份完整文档，`text/event-stream` 则是 SSE 事件流。",
  ),
  header(
    "content-length",
    "The size of the body in bytes. Streams do not have it, because nobody knows yet how long they will be.",
    "正文的字节数。流式响应没有这个头，因为长度事先无从知道。",
  ),
  header(
    "content-encoding",
    "How the body was compressed for transport (gzip, br, zstd). The readable text is what remains after decompression.",
    "正文在传输时采用的压缩方式（gzip、br、zstd），解压之后才是可读的内容。",
  ),
  header(
    "transfer-encoding",
    "`chunked` means that the body comes in pieces of announced size, so that it can start before its end is known. HTTP/1.1 only.",
    "`chunked` 表示正文分块传输，每块自带长度，因此不必等内容全部生成就能开始发送。仅用于 HTTP/1.1。",
    { source: "https://www.rfc-editor.org/rfc/rfc9112" },
  ),
  header(
    "accept",
    "The formats that the client can read, in order of preference. MCP clients must list both JSON and event streams.",
    "客户端能够接受的格式，可附优先级。MCP 客户端必须同时列出 JSON 和事件流。",
  ),
  header(
    "accept-encoding",
    "The compression methods that the client can undo. A server that compresses a stream may also delay it.",
    "客户端支持的压缩方式。服务端压缩流式响应时，可能会因缓冲而造成延迟。",
  ),
  header("accept-language", "The languages that the person behind the client prefers.", "用户偏好的语言。"),
  header(
    "accept-ranges",
    "Says whether the server can send only a part of a file.",
    "表明服务端是否支持只返回文件的一部分。",
  ),
  header(
    "authorization",
    "Carries the credential, usually `Bearer` and an API key or an OAuth token. This recorder keeps it masked.",
    "携带凭据，通常是 `Bearer` 加 API 密钥或 OAuth 令牌。记录中只保留遮盖后的值。",
    { same: "api-key" },
  ),
  header(
    "user-agent",
    "Names the program that sends the request, with its version. It often tells which SDK or agent is at work.",
    "发出请求的程序及其版本，往往能看出用的是哪个 SDK 或智能体。",
  ),
  header("host", "The name of the server that the client wants to reach.", "客户端要访问的服务器名。"),
  header(
    "connection",
    "What happens to the connection after this message: `keep-alive` leaves it open for the next request, `close` ends it.",
    "本次消息之后连接如何处理：`keep-alive` 保持连接以便复用，`close` 则随即关闭。",
  ),
  header(
    "keep-alive",
    "How long an idle connection stays open, and for how many more requests.",
    "空闲连接保留多久、还能处理多少个请求。",
    { source: `${MDN}/Keep-Alive` },
  ),
  header("date", "When the server made the response, in UTC.", "服务端生成响应的时间（UTC）。"),
  header("expires", "From when on a cached copy of the response is out of date.", "缓存副本从何时起失效。", {
    source: CACHE,
  }),
  header("age", "How many seconds the response has been in a cache.", "响应已在缓存中停留的秒数。", {
    source: CACHE,
  }),
  header(
    "server",
    "Names the software or the network that answered, often a gateway rather than the model's host.",
    "作出响应的软件或网络，多半是网关，而非模型所在的主机。",
  ),
  header("via", "The gateways that the message went through on its way.", "消息途经的网关。"),
  header(
    "allow",
    "The HTTP methods that this address accepts. It comes with status 405.",
    "该地址支持的 HTTP 方法，随 405 状态码返回。",
  ),
  header(
    "location",
    "Where to look instead, after a redirect or for a thing that was just made.",
    "重定向后的地址，或刚创建的资源所在的位置。",
  ),
  header(
    "vary",
    "The request headers that a cache must compare before it gives out a stored response.",
    "缓存在复用响应之前必须比对的请求头。",
  ),
  header(
    "cache-control",
    "Rules for caches on the way. Streams say `no-cache` so that nobody keeps or delays them. It has nothing to do with prompt caching.",
    "对沿途缓存的要求。流式响应用 `no-cache` 避免被缓存或拖延。它与提示词缓存（prompt caching）无关。",
    { source: CACHE },
  ),
  header("pragma", "An older word for `cache-control: no-cache`.", "`cache-control: no-cache` 的旧式写法。", {
    source: CACHE,
  }),
  header(
    "etag",
    "A mark of this version of a resource, for asking later whether it has changed.",
    "资源当前版本的标识，供日后查询是否有变化。",
  ),
  header(
    "alt-svc",
    "Offers the same service over another protocol, usually HTTP/3. Clients may use it for later requests.",
    "告知同一服务还可以通过其他协议访问，通常是 HTTP/3，供客户端在后续请求中选用。",
    { source: "https://www.rfc-editor.org/rfc/rfc7838" },
  ),
  header(
    ["upgrade", "sec-websocket-*"],
    "Part of the handshake that turns an HTTP connection into a WebSocket, over which both sides may speak at any time.",
    "WebSocket 握手的一部分。握手完成后，HTTP 连接升级为双方可随时发言的 WebSocket。",
    { source: "https://www.rfc-editor.org/rfc/rfc6455" },
  ),
  header(
    "www-authenticate",
    "Comes with status 401 and says how to log in. In MCP it names the document that describes the authorization server.",
    "随 401 返回，说明应如何认证。在 MCP 中，它指向描述授权服务器的元数据文档。",
  ),
  header(
    "content-disposition",
    "Suggests that a browser save the body as a file.",
    "建议浏览器把正文当作文件保存。",
    { source: `${MDN}/Content-Disposition` },
  ),
  header(
    "set-cookie",
    "Asks the client to keep a small text and send it back. API clients may ignore it; here it is masked.",
    "要求客户端保存一小段文本并在以后带回。API 客户端可以忽略它，记录中已遮盖。",
    { source: `${MDN}/Set-Cookie` },
  ),
  header(
    "cookie",
    "Sends back what `set-cookie` asked to keep. Masked in the record.",
    "把 `set-cookie` 要求保存的内容带回服务端。记录中已遮盖。",
    { source: `${MDN}/Cookie` },
  ),
  header(
    "origin",
    "The web page's site that the request comes from. Local MCP servers check it, so that strange pages cannot call them.",
    "请求来自哪个网站。本地 MCP 服务会检查它，防止陌生网页擅自调用。",
    { source: `${MDN}/Origin` },
  ),
  header(
    ["sec-fetch-*"],
    "Set by browsers: what kind of page element asked, and from which site. Programs do not send it.",
    "由浏览器添加，说明请求由页面的哪类元素、从哪个站点发起。普通程序不会发送。",
    { source: `${MDN}/Sec-Fetch-Site` },
  ),

  header(
    "access-control-*",
    "Cross-origin rules (CORS): which web pages may call this API and which headers their scripts may read. Only browsers heed them.",
    "跨源规则（CORS）：哪些网页可以调用此 API，脚本又能读取哪些头。只有浏览器会理会。",
    { source: "https://fetch.spec.whatwg.org/#http-cors-protocol" },
  ),
  header(
    "strict-transport-security",
    "Tells browsers to use only HTTPS for this site from now on.",
    "要求浏览器今后只用 HTTPS 访问本站。",
    { source: "https://www.rfc-editor.org/rfc/rfc6797" },
  ),
  header(
    [
      "x-content-type-options",
      "x-frame-options",
      "x-xss-protection",
      "content-security-policy",
      "referrer-policy",
      "permissions-policy",
      "expect-ct",
      "cross-origin-*",
    ],
    "A safety rule for browsers that happen to show this response. API clients have no use for it.",
    "给浏览器的安全规则，仅在响应被当作网页显示时起作用，API 客户端无需理会。",
    { source: MDN },
  ),
  header("x-robots-tag", "Asks search engines not to list this address.", "请搜索引擎不要收录此地址。", {
    source: "https://developers.google.com/search/docs/crawling-indexing/robots-meta-tag",
  }),

  header(
    "x-accel-buffering",
    "`no` tells nginx-like gateways to pass each piece on at once. Without it a stream may arrive in one lump.",
    "`no` 要求 nginx 一类的网关逐块转发、不作缓冲，否则流式内容可能攒成一整块才到达。",
    { source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html" },
  ),
  header(
    "x-accel-expires",
    "Tells nginx how long it may cache the response; 0 means not at all.",
    "告诉 nginx 可以缓存多久，0 表示不缓存。",
    { source: "https://nginx.org/en/docs/http/ngx_http_proxy_module.html" },
  ),
  header(
    "last-event-id",
    "The id of the last event that the client got. Sent on reconnecting, it lets the server go on from there.",
    "客户端收到的最后一个事件的 id。重连时带上它，服务端便可从断点续传。",
    { source: SSE },
  ),
  field(
    "data",
    "The lines of a server-sent event that carry its content. Several `data:` lines are one text with line breaks.",
    "SSE 事件中承载内容的行。多个 `data:` 行合成一段带换行的文本。",
    { source: SSE, where: ["sse"] },
  ),
  field(
    "event",
    "The name of a server-sent event. Without it the event is called `message`.",
    "SSE 事件的名称，省略时默认为 `message`。",
    { source: SSE, where: ["sse"] },
  ),
  field(
    "id",
    "The number of a server-sent event, so that a broken stream can be taken up again after it.",
    "SSE 事件的编号，断线后可据此续传。",
    { source: SSE, where: ["sse"] },
  ),
  field(
    "retry",
    "How many milliseconds a client should wait before it reconnects.",
    "客户端重连前应等待的毫秒数。",
    { source: SSE, where: ["sse"] },
  ),
  field(
    "comment",
    "A line that begins with a colon. It means nothing; servers send it to keep a silent connection open.",
    "以冒号开头的行。它没有含义，服务端借此保持空闲连接不断开。",
    { source: SSE, where: ["sse"] },
  ),

  header(
    "retry-after",
    "How long to wait before the next try, in seconds or as a date. Comes with 429 and 503, and SDKs obey it.",
    "再次请求前应等待的时间（秒数或日期）。随 429、503 返回，SDK 会遵守。",
    { same: "retry-after" },
  ),
  header("retry-after-ms", "The same as `retry-after`, in milliseconds.", "同 `retry-after`，单位为毫秒。", {
    source: AZURE,
    same: "retry-after",
  }),
  header(
    "x-should-retry",
    "The server's own opinion on whether trying again makes sense. The official SDKs follow it.",
    "服务端认为是否值得重试，官方 SDK 会照做。",
    { source: STAINLESS },
  ),
  header(
    ["x-request-id", "request-id"],
    "The server's number for this request. Quote it when you ask the provider's support about a call.",
    "服务端为本次请求分配的编号。向提供方报障时请附上它。",
    { source: OPENAI, same: "request-id" },
  ),
  header(
    ["x-ratelimit-limit-requests", "x-ratelimit-limit-req-minute"],
    "How many requests this key may send in one window of time.",
    "此密钥在一个时间窗口内可发送的请求数上限。",
    { source: OPENAI_LIMITS, same: "limit-requests" },
  ),
  header(
    ["x-ratelimit-remaining-requests", "x-ratelimit-remaining-req-minute"],
    "How many requests are left until the window starts anew.",
    "当前时间窗口内还剩多少次请求。",
    { source: OPENAI_LIMITS, same: "remaining-requests" },
  ),
  header(
    "x-ratelimit-reset-requests",
    "How long until the full number of requests is available again.",
    "请求配额恢复到上限还需多久。",
    { source: OPENAI_LIMITS, same: "reset-requests" },
  ),
  header(
    ["x-ratelimit-limit-tokens", "x-ratelimit-limit-tokens-minute", "x-ratelimit-limit-tokens-month"],
    "How many tokens this key may use in one window of time.",
    "此密钥在一个时间窗口内可使用的 token 上限。",
    { source: OPENAI_LIMITS, same: "limit-tokens" },
  ),
  header(
    [
      "x-ratelimit-remaining-tokens",
      "x-ratelimit-remaining-tokens-minute",
      "x-ratelimit-remaining-tokens-month",
    ],
    "How many tokens are left in this window. The estimate includes what `max_tokens` reserves, not only what was used.",
    "当前窗口剩余的 token 数。估算时会把 `max_tokens` 预留的部分也算进去，而不只是实际用量。",
    { source: OPENAI_LIMITS, same: "remaining-tokens" },
  ),
  header(
    "x-ratelimit-reset-tokens",
    "How long until the full number of tokens is available again.",
    "token 配额恢复到上限还需多久。",
    { source: OPENAI_LIMITS, same: "reset-tokens" },
  ),
  header(
    "x-ratelimit-tokens-query-cost",
    "How many tokens of the limit this request used up (Mistral).",
    "本次请求消耗的 token 配额（Mistral）。",
    { source: MISTRAL },
  ),
  header(
    ["x-ratelimit-*", "ratelimit-*", "ratelimitbysize-*", "x-ratelimitbysize-*"],
    "One of the numbers of a rate limit: what is allowed, what is left, or when it starts anew.",
    "限流相关的数值之一：上限、余量或重置时间。",
    { source: MISTRAL },
  ),
  header(
    ["x-endpoint-monthly-call-limit", "x-trial-endpoint-call-limit", "x-trial-endpoint-call-remaining"],
    "The call limit of a Cohere trial key: allowed per month or minute, or left of it.",
    "Cohere 试用密钥的调用限额：每月或每分钟的上限，以及余量。",
    { source: "https://docs.cohere.com/docs/rate-limits" },
  ),

  header(
    "openai-processing-ms",
    "How long OpenAI worked on the request, in milliseconds. The rest of the time is network.",
    "OpenAI 处理该请求的毫秒数，其余时间花在网络上。",
    { source: OPENAI },
  ),
  header(
    "openai-organization",
    "The organization that is billed for the request.",
    "为本次请求付费的组织。",
    { source: OPENAI },
  ),
  header(
    "openai-project",
    "The project within the organization that the request belongs to.",
    "请求所属的组织内项目。",
    { source: OPENAI },
  ),
  header("openai-version", "The version of the REST API that answered.", "作出响应的 REST API 版本。", {
    source: OPENAI,
  }),
  header("openai-model", "The exact model that answered.", "实际作出响应的模型。", { source: OPENAI }),
  header(
    "openai-beta",
    "Asks for an API that is still in beta, for example the older form of the Realtime API.",
    "申请使用尚处 beta 阶段的接口，例如早期的 Realtime API。",
    { source: OPENAI },
  ),
  header(
    "x-client-request-id",
    "A number that the client itself gave to its request, to find it again in the provider's logs.",
    "客户端自行为请求分配的编号，便于在提供方日志中查找。",
    { source: OPENAI },
  ),
  header(
    "x-openai-*",
    "A note of OpenAI's own servers, for their internal use.",
    "OpenAI 服务端的内部标记。",
    { source: OPENAI },
  ),
  header(
    "x-stainless-*",
    "The official SDKs describe themselves here: language, version, system, number of retries. It does not change the answer.",
    "官方 SDK 的自我描述：语言、版本、系统、重试次数等，不影响结果。",
    { source: STAINLESS },
  ),
  header(
    "x-stainless-retry-count",
    "How many times the SDK has tried before. 0 is the first try.",
    "SDK 此前重试的次数，0 表示首次请求。",
    { source: STAINLESS },
  ),
  header(
    ["x-fern-*", "x-client-name"],
    "The SDK (here Cohere's) says what it is and which version.",
    "SDK（此处为 Cohere）说明自己的名称与版本。",
    { source: "https://docs.cohere.com/reference/about" },
  ),

  header(
    "x-api-key",
    "Anthropic's place for the API key. Masked in the record.",
    "Anthropic 用来放 API 密钥的请求头。记录中已遮盖。",
    { source: CLAUDE, same: "api-key" },
  ),
  header(
    "anthropic-version",
    "The version of the API's shape that the client expects. Required; most clients send 2023-06-01.",
    "客户端期望的 API 版本，必填，多数客户端发送 2023-06-01。",
    { source: "https://platform.claude.com/docs/en/api/versioning" },
  ),
  header(
    "anthropic-beta",
    "Switches on features that are still in beta, as a list of names with dates.",
    "启用 beta 功能，值为带日期的名称列表。",
    { source: "https://platform.claude.com/docs/en/api/beta-headers" },
  ),
  header(
    "anthropic-organization-id",
    "The organization that the API key belongs to.",
    "API 密钥所属的组织。",
    { source: CLAUDE },
  ),
  header(
    "anthropic-workspace-id",
    "The workspace within the organization that the key belongs to.",
    "密钥所属的工作区。",
    { source: CLAUDE },
  ),
  header(
    "anthropic-dangerous-direct-browser-access",
    "The caller admits that it calls from a web page, where anybody can read the key.",
    "调用方声明自己在网页中直接访问，此时密钥人人可见。",
    { source: CLAUDE },
  ),
  header(
    "anthropic-ratelimit-requests-limit",
    "How many requests per minute are allowed.",
    "每分钟允许的请求数。",
    { source: CLAUDE_LIMITS, same: "limit-requests" },
  ),
  header(
    "anthropic-ratelimit-requests-remaining",
    "How many requests are left before the limit.",
    "距请求数上限还剩多少次。",
    { source: CLAUDE_LIMITS, same: "remaining-requests" },
  ),
  header(
    "anthropic-ratelimit-requests-reset",
    "When the request limit will be full again, as an RFC 3339 time.",
    "请求配额完全恢复的时刻（RFC 3339）。",
    { source: CLAUDE_LIMITS, same: "reset-requests" },
  ),
  header(
    "anthropic-ratelimit-tokens-limit",
    "How many tokens per minute are allowed, by the strictest limit that applies now.",
    "每分钟允许的 token 数，以当前最严格的限制为准。",
    { source: CLAUDE_LIMITS, same: "limit-tokens" },
  ),
  header(
    "anthropic-ratelimit-tokens-remaining",
    "How many tokens are left, rounded to the nearest thousand.",
    "剩余的 token 数，四舍五入到千位。",
    { source: CLAUDE_LIMITS, same: "remaining-tokens" },
  ),
  header(
    "anthropic-ratelimit-tokens-reset",
    "When the token limit will be full again, as an RFC 3339 time.",
    "token 配额完全恢复的时刻（RFC 3339）。",
    { source: CLAUDE_LIMITS, same: "reset-tokens" },
  ),
  header(
    "anthropic-ratelimit-input-tokens-*",
    "The limit of input tokens per minute: allowed, left, or when it is full again. For most models cached reads do not count.",
    "每分钟输入 token 的限额：上限、余量或恢复时刻。多数模型从缓存读取的 token 不计入。",
    { source: CLAUDE_LIMITS },
  ),
  header(
    "anthropic-ratelimit-output-tokens-*",
    "The limit of output tokens per minute: allowed, left, or when it is full again.",
    "每分钟输出 token 的限额：上限、余量或恢复时刻。",
    { source: CLAUDE_LIMITS },
  ),
  header(
    "anthropic-ratelimit-*",
    "One of Anthropic's rate limits: allowed, left, or when it is full again.",
    "Anthropic 的限流信息之一：上限、余量或恢复时刻。",
    { source: CLAUDE_LIMITS },
  ),

  header(
    "x-goog-api-key",
    "Google's place for the API key. Masked in the record.",
    "Google 用来放 API 密钥的请求头。记录中已遮盖。",
    { source: "https://ai.google.dev/gemini-api/docs/api-key", same: "api-key" },
  ),
  header(
    "x-goog-api-client",
    "The Google SDK says what it is and which version.",
    "Google SDK 说明自己的名称与版本。",
    { source: "https://ai.google.dev/gemini-api/docs/libraries" },
  ),
  header(
    "x-goog-request-params",
    "Repeats a part of the address (such as the model) so that Google's gateways can route the request.",
    "重复地址中的部分信息（如模型名），供 Google 网关路由。",
    { source: "https://google.aip.dev/client-libraries/4222" },
  ),
  header("x-goog-*", "A header of Google's API gateways.", "Google API 网关使用的头。", {
    source: "https://docs.cloud.google.com/apis/docs/system-parameters",
  }),
  header(
    "x-gemini-service-tier",
    "The service tier that served this Gemini request.",
    "处理本次 Gemini 请求的服务等级。",
    { source: "https://ai.google.dev/gemini-api/docs", same: "service-tier" },
  ),

  header(
    "api-key",
    "Azure's place for the API key. Masked in the record.",
    "Azure 用来放 API 密钥的请求头。记录中已遮盖。",
    { source: AZURE, same: "api-key" },
  ),
  header(
    "apim-request-id",
    "The number that Azure's API gateway gave to this request.",
    "Azure API 网关为本次请求分配的编号。",
    { source: AZURE, same: "request-id" },
  ),
  header("x-ms-region", "The Azure region that answered.", "作出响应的 Azure 区域。", { source: AZURE }),
  header(
    "x-ms-rai-invoked",
    "Whether Azure's content filter looked at this exchange.",
    "Azure 内容过滤器是否检查了本次交互。",
    {
      source:
        "https://learn.microsoft.com/en-us/azure/ai-services/openai/concepts/content-filter-annotations",
    },
  ),
  header(
    ["x-ms-*", "azureml-*", "azureai-*"],
    "A note of Azure's own gateways: deployment, tier, session or request number.",
    "Azure 网关的附加信息：部署、等级、会话或请求编号。",
    { source: AZURE },
  ),

  header(
    "x-amz-date",
    "When the request was signed. AWS refuses requests whose signature is minutes old.",
    "请求的签名时间，签名过期数分钟后 AWS 就会拒绝。",
    { source: AWS },
  ),
  header(
    "x-amz-content-sha256",
    "The hash of the body, part of AWS's signature.",
    "正文的哈希值，是 AWS 签名的一部分。",
    { source: AWS },
  ),
  header(
    "x-amz-security-token",
    "The token of temporary AWS credentials. Masked in the record.",
    "AWS 临时凭据的令牌。记录中已遮盖。",
    { source: AWS },
  ),
  header(
    ["amz-sdk-invocation-id", "amz-sdk-request", "x-amz-user-agent"],
    "The AWS SDK says which call this is, which attempt, and what it is itself.",
    "AWS SDK 说明这是哪次调用、第几次尝试，以及 SDK 自身的信息。",
    { source: "https://docs.aws.amazon.com/sdkref/latest/guide/feature-retry-behavior.html" },
  ),
  header(
    "x-amzn-requestid",
    "AWS's number for this request. Support asks for it.",
    "AWS 为本次请求分配的编号，报障时需要提供。",
    { source: AWS, same: "request-id" },
  ),
  header(
    "x-amzn-errortype",
    "The name of the AWS exception; the body has only its message.",
    "AWS 异常的名称，正文里只有错误说明。",
    { source: "https://docs.aws.amazon.com/bedrock/latest/APIReference/CommonErrors.html" },
  ),
  header(
    "x-amzn-trace-id",
    "Ties this request to a trace of AWS X-Ray.",
    "把本次请求关联到 AWS X-Ray 的链路。",
    { source: "https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html" },
  ),
  header(
    "x-amzn-bedrock-input-token-count",
    "How many input tokens Bedrock counted. Models without a usage object are counted here.",
    "Bedrock 统计的输入 token 数。有些模型的正文没有 usage，用量只在这里。",
    { source: INVOKE, same: "input-tokens" },
  ),
  header(
    "x-amzn-bedrock-output-token-count",
    "How many output tokens Bedrock counted.",
    "Bedrock 统计的输出 token 数。",
    { source: INVOKE, same: "output-tokens" },
  ),
  header(
    "x-amzn-bedrock-invocation-latency",
    "How long the model worked, in milliseconds.",
    "模型处理所用的毫秒数。",
    { source: INVOKE },
  ),
  header(
    "x-amzn-bedrock-*",
    "An option or a measurement of Bedrock's InvokeModel, such as the format that is wanted.",
    "Bedrock InvokeModel 的选项或统计，例如期望的格式。",
    { source: INVOKE },
  ),
  header(
    ["x-amz-cf-*", "x-cache"],
    "A note of Amazon's CloudFront network that the request passed through.",
    "请求途经的 Amazon CloudFront 网络留下的信息。",
    {
      source:
        "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/RequestAndResponseBehaviorCustomOrigin.html",
    },
  ),
  header("x-amz-*", "A header of AWS's own protocols.", "AWS 协议自用的头。", { source: AWS }),

  header(
    "cf-ray",
    "Cloudflare's number for this request; the letters at its end name the airport near the data centre.",
    "Cloudflare 为本次请求分配的编号，末尾字母是数据中心附近机场的代码。",
    { source: CLOUDFLARE },
  ),
  header(
    "cf-cache-status",
    "Whether Cloudflare answered from its cache. `DYNAMIC` means that it asked the API.",
    "Cloudflare 是否用缓存作答。`DYNAMIC` 表示请求已转给 API。",
    { source: "https://developers.cloudflare.com/cache/concepts/cache-responses/" },
  ),
  header(
    "cf-*",
    "A note of Cloudflare, whose network stands before the API.",
    "API 前方的 Cloudflare 网络添加的信息。",
    { source: CLOUDFLARE },
  ),
  header(
    ["x-envoy-upstream-service-time", "x-kong-upstream-latency"],
    "How long the service behind the gateway took, in milliseconds.",
    "网关后方的服务所用的毫秒数。",
    { source: "https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter" },
  ),
  header("x-envoy-*", "A note of the Envoy gateway.", "Envoy 网关添加的信息。", {
    source: "https://www.envoyproxy.io/docs/envoy/latest/",
  }),
  header(
    "x-kong-*",
    "A note of the Kong gateway: its request number or its own share of the time.",
    "Kong 网关的信息：请求编号，或网关自身的耗时。",
    { source: KONG },
  ),
  header(
    "server-timing",
    "Times that the servers measured, each with a name.",
    "服务端测得的各项用时，各有名称。",
    { source: "https://www.w3.org/TR/server-timing/" },
  ),
  header(
    ["traceparent", "tracestate", "traceresponse", "baggage"],
    "Trace context: ids that tie this request to others of the same job in tools such as OpenTelemetry.",
    "链路上下文：用一组 id 把同一任务中的请求关联起来，供 OpenTelemetry 等工具使用。",
    { source: "https://www.w3.org/TR/trace-context/" },
  ),
  header(
    ["x-cloud-trace-context", "x-debug-trace-id", "x-ds-trace-id", "mistral-correlation-id"],
    "The provider's own number for following this request through its servers.",
    "提供方用来在内部追踪本次请求的编号。",
    { source: "https://www.w3.org/TR/trace-context/" },
  ),

  header(
    "http-referer",
    "OpenRouter: the address of the app that calls, for its public ranking. A header of its own, not HTTP's `referer`.",
    "OpenRouter：发起调用的应用网址，用于公开排行。注意它不是 HTTP 的 `referer`。",
    { source: "https://openrouter.ai/docs/app-attribution" },
  ),
  header(
    ["x-title", "x-openrouter-title"],
    "OpenRouter: the name of the app that calls.",
    "OpenRouter：发起调用的应用名称。",
    { source: "https://openrouter.ai/docs/app-attribution" },
  ),
  header(
    "x-generation-id",
    "OpenRouter's id of this generation; its price and statistics can be asked for with it.",
    "OpenRouter 为本次生成分配的 id，可用来查询价格与统计。",
    { source: "https://openrouter.ai/docs/api-reference/overview" },
  ),
  header(
    "x-litellm-response-cost",
    "What the call cost in US dollars, as the LiteLLM gateway calculates it.",
    "LiteLLM 网关计算出的本次费用（美元）。",
    { source: LITELLM, same: "cost" },
  ),
  header(
    "x-litellm-*",
    "A note of the LiteLLM gateway: which model and address it chose, how often it retried, what it cost.",
    "LiteLLM 网关的信息：所选的模型与地址、重试次数、费用等。",
    { source: LITELLM },
  ),
  header(
    "llm_provider-*",
    "LiteLLM passes on a header of the provider behind it, with this prefix.",
    "LiteLLM 转发的上游提供方响应头，加上了此前缀。",
    { source: LITELLM },
  ),
  header(
    ["num-chars", "num-tokens", "num_chars", "num_tokens"],
    "Cohere: how many characters or tokens the text had.",
    "Cohere：文本的字符数或 token 数。",
    { source: "https://docs.cohere.com/reference/about" },
  ),
  header(
    "x-api-warning",
    "A warning of the API, for example about a parameter that will go away.",
    "API 发出的警告，例如某个参数即将停用。",
    { source: "https://docs.cohere.com/reference/about" },
  ),
  header(
    "x-metrics-*",
    "A measurement of the server: time to the first token, time between tokens, or the whole time.",
    "服务端的统计：首字延迟、token 间隔或总用时。",
    { source: "https://docs.x.ai/docs" },
  ),
  header(
    ["x-data-retention", "x-zero-data-retention"],
    "Whether the provider keeps what was sent, and under which rule.",
    "提供方是否留存所发送的内容，以及依据哪条规则。",
    { source: "https://docs.x.ai/docs" },
  ),
  header(
    ["x-build-*", "x-ppl-*", "x-max-retry-attempts-reached", "x-request-accepted-at"],
    "A note of the provider's own servers: which build, which region, when, how often it was tried inside.",
    "提供方服务器的内部标记：构建版本、区域、时间或内部重试情况。",
  ),
];
