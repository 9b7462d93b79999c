/**
 * The rules of MCP that a recorder can check. Each has a stable name, a severity, the document that makes it a rule in
 * either era, and what it means in English and Chinese. What exactly was seen stands in the problem.
 */
import type { Problem } from "../reading.ts";
import type { Era } from "./reading.ts";

export type Rule = {
  readonly severity: Problem["severity"];
  /** Path below https://modelcontextprotocol.io/specification/. */
  readonly legacy: string;
  readonly modern: string;
  readonly en: string;
  readonly zh: string;
};

const L = "2025-11-25/basic";
const M = "2026-07-28/basic";
const CANCEL = { legacy: `${L}/utilities/cancellation`, modern: `${M}/patterns/cancellation` };
const PROGRESS = { legacy: `${L}/utilities/progress`, modern: `${M}/patterns/progress` };
const TOOLS = { legacy: "2025-11-25/server/tools", modern: "2026-07-28/server/tools" };
const HTTP = { legacy: `${L}/transports#streamable-http`, modern: `${M}/transports/streamable-http` };
const BASE = { legacy: L, modern: M };

export const RULES = {
  "mcp/invalid-message": {
    ...BASE,
    severity: "error",
    en: "JSON, but not a JSON-RPC 2.0 message: the other side cannot know what it is.",
    zh: "这是 JSON，但不是 JSON-RPC 2.0 消息，对方无法判断它是什么。",
  },
  "mcp/schema": {
    legacy: "2025-11-25/schema",
    modern: "2026-07-28/schema",
    severity: "error",
    en: "The message does not fit the protocol's JSON Schema of the revision that both sides agreed on.",
    zh: "消息不符合双方协商版本的协议 JSON Schema。",
  },
  "mcp/framing": {
    legacy: `${L}/transports#stdio`,
    modern: `${M}/transports/stdio`,
    severity: "error",
    en: "There is a message here, and not as one line of UTF-8 that ends with a line feed, which is all that a reader takes for a message. Whoever prints it has to write JSON on one line, a line feed behind it, nothing around it, and flush.",
    zh: "这里确实有一条消息，但不是以换行符结尾、独占一行的 UTF-8 文本，而读取方只认这种形式。输出方应把 JSON 写在一行内，后面紧跟换行符，前后不夹带其他内容，并刷新缓冲。",
  },
  "mcp/not-json": {
    legacy: `${L}/transports#stdio`,
    modern: `${M}/transports/stdio`,
    severity: "error",
    en: "Something other than a message stands where only messages may. On stdout some hosts drop the connection, others skip the line silently; logs belong on stderr.",
    zh: "只能出现消息的地方出现了其他内容。若在标准输出上，有的宿主会断开连接，有的会默默跳过；日志应写到标准错误。",
  },
  "mcp/too-deep": {
    ...BASE,
    severity: "warning",
    en: "A message that nests so deep that taking it apart would exhaust the stack. It passed as it came; what it says about its request is not known here.",
    zh: "消息嵌套过深，解析会耗尽调用栈。消息已原样转发；它与哪个请求对应，这里无从得知。",
  },
  "mcp/unknown-answer": {
    ...BASE,
    severity: "error",
    en: "An answer whose id was never asked in this direction.",
    zh: "这个应答的 id 在该方向上从未被请求过。",
  },
  "mcp/second-answer": {
    ...BASE,
    severity: "error",
    en: "The same request was answered twice; only the first answer counts.",
    zh: "同一个请求被应答了两次，只有第一次有效。",
  },
  "mcp/unanswered": {
    ...BASE,
    severity: "warning",
    en: "The session ended and this request had no answer.",
    zh: "会话已经结束，而这个请求一直没有得到应答。",
  },
  "mcp/not-started": {
    legacy: `${L}/lifecycle`,
    modern: `${M}/transports/stdio`,
    severity: "error",
    en: "The server never said anything to its host. Most often the program is not where the host looks for it, a setting or key is missing, or it takes longer to start than the host waits. Run the same command in a terminal: it should stay and wait in silence.",
    zh: "服务器从未对宿主说过任何话。最常见的原因：宿主找不到该程序、缺少某项设置或密钥，或者启动时间超过了宿主的等待时间。请在终端中运行同一条命令：它应当安静地停在那里等待输入。",
  },
  "mcp/no-answer": {
    ...HTTP,
    severity: "error",
    en: "The HTTP exchange is over and brought no answer to this request: nobody will give one any more. A request is answered in the response to its own POST, as JSON or as an event stream.",
    zh: "这次 HTTP 交换已经结束，却没有带来对该请求的应答，之后也不会再有了。请求的应答必须出现在它自己的 POST 响应中：JSON 或事件流。",
  },
  "mcp/redirect": {
    ...HTTP,
    severity: "warning",
    en: "The server sends the client to another address. Some clients follow, some give up, and some follow without their credentials: give the client the address itself.",
    zh: "服务器把客户端重定向到了另一个地址。有的客户端会跟随，有的会放弃，还有的跟随时会丢掉凭据：请直接把最终地址配置给客户端。",
  },
  "mcp/stale-session": {
    legacy: `${L}/transports#session-management`,
    modern: `${L}/transports#session-management`,
    severity: "error",
    en: "The client names a session that the server does not know, because it was ended or the server was started again. On 404 a client has to begin again with initialize, without the old id.",
    zh: "客户端使用的会话已经不被服务器认识：会话已结束，或服务器重启过。收到 404 后，客户端必须丢弃旧的会话 id，重新发送 initialize。",
  },
  "mcp/content-type": {
    ...HTTP,
    severity: "error",
    en: "The answer's Content-Type is neither application/json nor text/event-stream. Clients decide by this header how to read it: the official SDKs refuse, and for them the call has failed.",
    zh: "应答的 Content-Type 既不是 application/json 也不是 text/event-stream。客户端靠这个头决定如何读取；官方 SDK 会拒绝，调用因此失败。",
  },
  "mcp/dropped-event": {
    ...HTTP,
    severity: "error",
    en: "Clients do not read this event: it has a name of its own, or the stream ended inside it. To them the message never came.",
    zh: "客户端不会读取这个事件：它带有自定义的名字，或者流在事件中途结束。对客户端来说，这条消息从未到达。",
  },
  "mcp/notification-id": {
    ...BASE,
    severity: "error",
    en: "A notification carries no id. With one, servers take it for a request: some answer -32601, some nothing, and a client may wait for that.",
    zh: "通知不能带 id。带上之后，有的服务器会把它当作请求：有的返回 -32601，有的什么也不回，客户端可能就此等下去。",
  },
  "mcp/result-and-error": {
    ...BASE,
    severity: "error",
    en: "A response holds a result or an error, never both, and not one of them as null: strict clients refuse the whole message.",
    zh: "应答要么含 result，要么含 error，不能两者都有，也不能把其中一个写成 null：严格的客户端会拒绝整条消息。",
  },
  "mcp/revision": {
    legacy: `${L}/lifecycle#version-negotiation`,
    modern: `${M}/versioning`,
    severity: "error",
    en: "The two sides do not agree on a revision of the protocol. A server answers with the revision that was asked for, or with another one that it knows; a client that does not know that one hangs up, mostly without a word.",
    zh: "双方没有就协议版本达成一致。服务器应返回客户端请求的版本，或它支持的另一个版本；客户端若不认识，就会断开连接，而且通常什么也不说。",
  },
  "mcp/no-handshake": {
    legacy: `${L}/lifecycle#initialization`,
    modern: `${M}/versioning`,
    severity: "warning",
    en: "Up to 2025-11-25 a session begins with initialize, its answer and notifications/initialized; many servers refuse everything before that, or stay silent.",
    zh: "在 2025-11-25 及之前，会话以 initialize、它的应答和 notifications/initialized 开始；在此之前，许多服务器会拒绝一切请求，或保持沉默。",
  },
  "mcp/cancelled-initialize": {
    ...CANCEL,
    severity: "error",
    en: "The initialize request cannot be cancelled. A client that waited too long for a server ends the connection.",
    zh: "initialize 请求不能取消。客户端等得太久时，应直接结束连接。",
  },
  "mcp/progress-token": {
    ...PROGRESS,
    severity: "warning",
    en: "A progress token belongs to one open request of its sender; shared by two, nobody knows whose progress it is.",
    zh: "一个 progressToken 同时只能属于发送方的一个未完成请求；两个请求共用时，无法判断进度属于哪一个。",
  },
  "mcp/cursor": {
    legacy: "2025-11-25/server/utilities/pagination",
    modern: "2026-07-28/server/utilities/pagination",
    severity: "error",
    en: "A page of a list leads back to a page that was read. The last page has no nextCursor at all.",
    zh: "列表的某一页又指回了已经读过的页。最后一页不应带有 nextCursor。",
  },
  "mcp/duplicate-tool": {
    ...TOOLS,
    severity: "error",
    en: "A tool's name is what a model calls it by, so within a server there is one of each.",
    zh: "模型通过名称来调用工具，因此同一服务器内的工具不能重名。",
  },
  "mcp/tool-name": {
    legacy: "2025-11-25/server/tools#tool-names",
    modern: "2026-07-28/server/tools#tool-names",
    severity: "warning",
    en: "A host gives a tool's name on to the model's API, which takes fewer names than MCP does: letters, digits, _ and -, 64 characters, with the host's own prefix in front. One such tool makes the API refuse the whole request.",
    zh: "宿主会把工具名原样交给模型 API，而 API 允许的名称比 MCP 更少：只能是字母、数字、_ 和 -，最长 64 个字符，还要算上宿主加的前缀。只要有一个不合规的工具，整个请求都会被拒绝。",
  },
  "mcp/changed-tool": {
    ...TOOLS,
    severity: "warning",
    en: "The tool is described otherwise than before. A description is an instruction to the model: after a change it should be read again before the tool is trusted.",
    zh: "工具的定义与之前不同。描述就是给模型的指令：定义变更后，应重新审阅，再决定是否信任。",
  },
  "mcp/duplicate-id": {
    ...BASE,
    severity: "error",
    en: "An id was used again. Up to 2025-11-25 an id may be used once in a session; since then not while a request with it is open.",
    zh: "id 被重复使用。2025-11-25 及之前，一个 id 在会话中只能用一次；之后的版本里，只要同 id 的请求尚未结束就不能再用。",
  },
  "mcp/answer-after-cancel": {
    ...CANCEL,
    severity: "note",
    en: "The answer came although the request had been cancelled. It may have crossed the cancellation on the way; the asker ignores it.",
    zh: "请求取消之后仍然收到了应答。可能两者在途中交错，请求方会忽略它。",
  },
  "mcp/input-schema": {
    ...TOOLS,
    severity: "warning",
    en: "The arguments of the call do not match the tool's inputSchema: usually the model guessed a name or a type.",
    zh: "调用参数与工具的 inputSchema 不符，通常是模型猜错了字段名或类型。",
  },
  "mcp/output-schema": {
    ...TOOLS,
    severity: "error",
    en: "The tool promises an outputSchema, and its structuredContent is missing or does not match.",
    zh: "工具声明了 outputSchema，但 structuredContent 缺失或不符合。",
  },
  "mcp/format": {
    ...TOOLS,
    severity: "note",
    en: "A value misses nothing but a format of the tool's schema. JSON Schema's format is an annotation: it makes no value wrong by itself, yet some validators refuse such a value.",
    zh: "该值只是不符合工具 schema 中的 format。JSON Schema 的 format 只是注解，本身不会使值不合法，但有些校验器会拒绝这样的值。",
  },
  "mcp/tool-schema": {
    ...TOOLS,
    severity: "warning",
    en: "The tool's own schema cannot be used: it points elsewhere, is broken or is far too large.",
    zh: "工具自带的 schema 无法使用：引用了外部地址、本身有错，或过于庞大。",
  },
  "mcp/unknown-tool": {
    ...TOOLS,
    severity: "warning",
    en: "The call names a tool that the server's last complete list does not have.",
    zh: "调用的工具不在服务器最近一次完整列表里。",
  },
  "mcp/capability": {
    legacy: `${L}/lifecycle#capability-negotiation`,
    modern: `${M}/versioning`,
    severity: "warning",
    en: "A feature was used that the other side had not declared among its capabilities.",
    zh: "使用了对方未在能力（capabilities）中声明的功能。",
  },
  "mcp/missing-meta": {
    ...BASE,
    severity: "error",
    en: "Since 2026-07-28 every request carries its protocol version and the client's capabilities in _meta; this one does not.",
    zh: "自 2026-07-28 起，每个请求都必须在 _meta 中携带协议版本和客户端能力，而这个请求没有。",
  },
  "mcp/result-type": {
    ...BASE,
    severity: "error",
    en: "A resultType that neither the core protocol nor a declared extension knows: the client must treat the result as invalid.",
    zh: "核心协议和已声明的扩展都没有这个 resultType，客户端必须把结果视为无效。",
  },
  "mcp/input-required": {
    legacy: L,
    modern: `${M}/patterns/mrtr`,
    severity: "error",
    en: "A result that asks for input must belong to a tool call, a prompt or a resource, and must hold inputRequests or requestState.",
    zh: "要求补充输入的结果只能用于工具调用、提示或资源读取，并且必须含有 inputRequests 或 requestState。",
  },
  "mcp/header-mismatch": {
    ...HTTP,
    severity: "error",
    en: "An HTTP header says something else than the body. The server must refuse this with 400 and -32020.",
    zh: "HTTP 头与消息体不一致，服务器必须以 400 和 -32020 拒绝。",
  },
  "mcp/missing-header": {
    ...HTTP,
    severity: "error",
    en: "A header that this revision requires on every POST is missing.",
    zh: "缺少该版本要求每个 POST 都携带的 HTTP 头。",
  },
  "mcp/batch": {
    legacy: "2025-06-18/changelog",
    modern: "2025-06-18/changelog",
    severity: "error",
    en: "Several messages in one array. Batching exists in revision 2025-03-26 only.",
    zh: "把多条消息放进了一个数组。只有 2025-03-26 版本支持批量。",
  },
  "mcp/too-big": {
    legacy: `${L}/transports#stdio`,
    modern: `${M}/transports/stdio`,
    severity: "warning",
    en: "The message is over 10 MiB, the buffer limit of the official SDKs: such hosts hang up here.",
    zh: "消息超过 10 MiB，即官方 SDK 的缓冲上限，使用这些 SDK 的宿主会在此断开。",
  },
  "mcp/wrong-revision": {
    legacy: "2025-11-25/changelog",
    modern: "2026-07-28/changelog",
    severity: "error",
    en: "The method does not exist in the revision that is spoken here: it came later or was removed.",
    zh: "当前使用的版本里没有这个方法：它是后来新增的，或者已被移除。",
  },
  "mcp/wrong-direction": {
    ...BASE,
    severity: "error",
    en: "The wrong side sent this. Since 2026-07-28 servers send no requests and clients no responses.",
    zh: "发送方向不对。自 2026-07-28 起，服务器不再发送请求，客户端也不再发送应答。",
  },
  "mcp/before-initialized": {
    legacy: `${L}/lifecycle`,
    modern: `${M}/versioning`,
    severity: "warning",
    en: "A request other than ping came before the handshake was over.",
    zh: "握手尚未完成，就发送了 ping 之外的请求。",
  },
  "mcp/error-code": {
    ...BASE,
    severity: "warning",
    en: "An error code that this revision forbids: it belonged to an earlier one, or is reserved for the specification.",
    zh: "该版本禁止使用这个错误码：它属于更早的版本，或为规范保留。",
  },
  "mcp/progress": {
    ...PROGRESS,
    severity: "warning",
    en: "Progress must carry a token that is in use, must grow, and must stop when the request is over.",
    zh: "进度通知必须使用有效的 token，数值必须递增，并在请求结束后停止。",
  },
  "mcp/oauth-resource": {
    legacy: `${L}/authorization#token-audience-binding-and-validation`,
    modern: `${M}/authorization`,
    severity: "warning",
    en: "To sign in, a client compares the address that the server gives of itself with the one that it asks. Behind a proxy they differ, and careful clients (the official SDKs) refuse. Sign in without the proxy, or give the client a token in a header.",
    zh: "登录时，客户端会把服务自报的地址与自己访问的地址相比较。经过代理时两者不同，严格的客户端（官方 SDK）会拒绝登录。请在不经过代理时登录，或通过请求头直接提供令牌。",
  },
  "mcp/deprecated": {
    legacy: "2026-07-28/deprecated",
    modern: "2026-07-28/deprecated",
    severity: "note",
    en: "This still works and is on its way out; new implementations should not adopt it.",
    zh: "目前仍可使用，但已被弃用，新实现不应再采用。",
  },
} as const satisfies Record<string, Rule>;

export type RuleName = keyof typeof RULES;

export function ruleOf(name: string): Rule | undefined {
  return Object.hasOwn(RULES, name) ? RULES[name as RuleName] : undefined;
}

export function sourceOf(name: RuleName, era: Era | null): string {
  const { legacy, modern } = RULES[name];
  return `https://modelcontextprotocol.io/specification/${era === "modern" ? modern : legacy}`;
}
