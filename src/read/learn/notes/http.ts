/** Headers that decide how an exchange goes. */
import { note, type Notes } from "../note.ts";

export const ofHeaders: Notes = [
  note(
    "any header content-type",
    [
      "Bytes do not say what they are. `text/event-stream` in the answer tells a client to read events.",
      "字节本身不说明含义。响应中的 `text/event-stream` 告诉客户端按事件读取。",
    ],
    ["The body, in just this form.", "接着是这种格式的正文。"],
  ),
  note(
    "same api-key",
    [
      "Who pays for this request. Here it is masked: the upstream has received it as it was.",
      "由谁为该请求付费。这里已脱敏：上游收到的是原值。",
    ],
    ["Wrong or missing, the API answers 401.", "错误或缺失时，API 返回 401。"],
  ),
  note(
    "any header user-agent",
    ["Which program asks, with its version.", "发起请求的程序及其版本。"],
    ["By this the list names the client.", "列表据此显示客户端名称。"],
  ),
  note(
    "any header accept",
    ["What the client can read.", "客户端能读取的格式。"],
    ["The answer's `content-type` is one of these.", "响应的 `content-type` 是其中之一。"],
  ),
  note(
    "any header accept-encoding",
    [
      "The client can unpack these, which saves bytes on the way.",
      "客户端可以解压这些格式，从而减少传输字节。",
    ],
    ["The answer says in `content-encoding` which was used.", "响应用 `content-encoding` 说明采用了哪种。"],
  ),
  note(
    "any header content-encoding",
    [
      "The body was packed for the way; what is shown here is unpacked.",
      "正文经过压缩传输；此处显示的是解压后的内容。",
    ],
    ["Clients unpack it piece by piece as it comes.", "客户端边接收边逐段解压。"],
  ),
  note(
    "any header content-length",
    ["The size is known before the body comes, so it is no stream.", "正文到来之前已知大小，因此不是流。"],
    ["Exactly so many bytes.", "接着正好是这么多字节。"],
  ),
  note(
    "any header transfer-encoding",
    [
      "Nobody knows yet how long the answer will be: it comes in chunks.",
      "还不知道回答有多长：因此分块传输。",
    ],
    ["Chunks of bytes, which need not be whole events.", "接着是字节块，未必对应完整事件。"],
  ),
  note(
    "any header retry-after",
    ["Too much was asked for: the provider says how long to wait.", "请求过多：服务商说明需要等待多久。"],
    ["SDKs wait that long and send the same request again.", "SDK 会等待这么久，再发送同一请求。"],
  ),
  note(
    "any header x-stainless-retry-count",
    ["How often the SDK has tried this before, on its own.", "SDK 此前已自动重试的次数。"],
    ["After some tries it gives up and throws.", "重试若干次后会放弃并抛出错误。"],
  ),
  note(
    "same remaining-requests",
    ["Limits hold for a window of time: this is what is left of it.", "限额按时间窗口计算：这是剩余次数。"],
    ["At 0 the next request gets 429.", "为 0 时下一个请求会得到 429。"],
  ),
  note(
    "same remaining-tokens",
    ["Tokens are limited too, mostly before requests are.", "token 也有限额，往往比请求数先用完。"],
    ["At 0 the next request gets 429.", "为 0 时下一个请求会得到 429。"],
  ),
  note(
    "same request-id",
    ["The provider can find this request in its logs by it.", "服务商可以据此在日志中找到该请求。"],
    ["Name it when you report a problem.", "报告问题时请附上它。"],
  ),
  note(
    "any header anthropic-version",
    [
      "The API's shape is fixed by a date, so that old clients go on working.",
      "API 的形式由日期固定，使旧客户端继续可用。",
    ],
    ["The answer keeps to that shape.", "响应遵循该形式。"],
  ),
  note(
    "any header anthropic-beta",
    ["What is not final has to be asked for by name.", "尚未定稿的功能必须按名称启用。"],
    ["Fields and events that others do not get.", "响应中会出现其他请求没有的字段和事件。"],
  ),
  note(
    "any header traceparent",
    ["Ties this request to a trace that began elsewhere.", "把该请求与在别处开始的追踪关联起来。"],
    ["Whoever is asked next passes it on.", "后续被调用方会继续传递它。"],
  ),
  note(
    "mcp header mcp-session-id",
    [
      "Up to 2025-11-25 the server remembers a session between posts; this is its name.",
      "在 2025-11-25 及之前，服务器在多次 POST 之间保持会话；这是会话编号。",
    ],
    [
      "Every later request carries it; 404 means: begin again.",
      "之后的每个请求都带上它；收到 404 表示需要重新开始。",
    ],
  ),
  note(
    "same mcp-revision",
    [
      "Which revision of MCP is spoken. Since 2026-07-28 every request says so.",
      "使用哪个 MCP 版本。自 2026-07-28 起每个请求都要说明。",
    ],
    ["The other side agrees, or names those that it knows.", "对方同意，或列出它支持的版本。"],
  ),
  note(
    "mcp header mcp-method",
    [
      "So that gateways can route without reading the body. Since 2026-07-28 it is required.",
      "让网关无需读取正文即可路由。自 2026-07-28 起必须提供。",
    ],
    [
      "It has to agree with the body, or the server refuses with -32020.",
      "必须与正文一致，否则服务器以 -32020 拒绝。",
    ],
  ),
  note(
    "any header last-event-id",
    [
      "The stream broke, and the client wants what came after this event.",
      "流中断后，客户端请求此事件之后的内容。",
    ],
    ["The server goes on behind it, if it can.", "服务器若支持，会从其后继续。"],
  ),
];
