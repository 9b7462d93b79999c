/** MCP, both eras: with a handshake (up to 2025-11-25) and without (from 2026-07-28), and the JSON-RPC under it. */
import { entriesOf, type Entry } from "../entry.ts";

const RPC = "https://www.jsonrpc.org/specification";
const NEW = "https://modelcontextprotocol.io/specification/2026-07-28";
const OLD = "https://modelcontextprotocol.io/specification/2025-11-25";
const BASIC = `${NEW}/basic`;
const HTTP = `${NEW}/basic/transports/streamable-http`;
const MRTR = `${NEW}/basic/patterns/mrtr`;
const TOOLS = `${NEW}/server/tools`;
const RESOURCES = `${NEW}/server/resources`;
const PROMPTS = `${NEW}/server/prompts`;
const LOGGING = `${NEW}/server/utilities/logging`;
const COMPLETION = `${NEW}/server/utilities/completion`;
const SAMPLING = `${NEW}/client/sampling`;
const ELICITATION = `${NEW}/client/elicitation`;
const ROOTS = `${NEW}/client/roots`;
const LIFECYCLE = `${OLD}/basic/lifecycle`;
const OLD_HTTP = `${OLD}/basic/transports`;
const TASKS = `${OLD}/basic/utilities/tasks`;
const PROGRESS = `${OLD}/basic/utilities/progress`;
const SCHEMA = `${NEW}/schema`;

const { field, term, method, error, header, event } = entriesOf("mcp", SCHEMA);

export const mcp: readonly Entry[] = [
  field("jsonrpc", "The version of JSON-RPC. Always `2.0`.", "JSON-RPC 的版本，总是 `2.0`。", {
    source: RPC,
  }),
  field(
    "$.id",
    "The request's number, chosen by whoever asks. The answer repeats it; a message without it is a notification.",
    "请求编号，由发起方选定，响应原样带回。没有 id 的消息是通知。",
    { source: RPC },
  ),
  field("method", "What is asked for, or what is told in a notification.", "请求的操作，或通知的内容。", {
    source: RPC,
  }),
  field(["$.params", "params"], "What goes with the method.", "方法的参数。", { source: RPC }),
  field(
    "$.result",
    "The answer. A message has either this or `error`.",
    "结果。响应中要么有它，要么有 `error`。",
    { source: RPC },
  ),
  field(
    "$.error",
    "Why the request failed as a protocol matter. A tool that fails answers with a result and `isError` instead.",
    "协议层面的失败原因。工具执行失败则应返回带 `isError` 的结果。",
    { source: RPC, same: "error" },
  ),
  field(
    "error.code",
    "The kind of error as a number. Those from -32768 to -32000 belong to JSON-RPC and MCP.",
    "错误编号，-32768 到 -32000 由 JSON-RPC 与 MCP 保留。",
    { source: RPC, same: "error-code" },
  ),
  field("error.message", "The error in one sentence.", "一句话的错误说明。", {
    source: RPC,
    same: "error-message",
  }),
  field(
    "error.data",
    "More about the error, in a form that depends on its code.",
    "错误的更多信息，格式取决于错误编号。",
    { source: RPC, below: "own" },
  ),
  error("-32700", "Parse error: what came was not JSON.", "解析错误：收到的内容不是 JSON。", { source: RPC }),
  error(
    "-32600",
    "Invalid request: JSON, but not a JSON-RPC message.",
    "无效请求：是 JSON，但不是 JSON-RPC 消息。",
    { source: RPC },
  ),
  error(
    "-32601",
    "Method not found: the other side does not know this method, or does not offer the capability for it.",
    "方法不存在：对方不认识该方法，或不提供相应能力。",
    { source: RPC },
  ),
  error(
    "-32602",
    "Invalid params: wrong arguments, an unknown tool, or since 2026-07-28 a resource that does not exist.",
    "参数无效：参数有误、工具不存在；自 2026-07-28 起也表示资源不存在。",
    { source: RPC },
  ),
  error(
    "-32603",
    "Internal error: something failed inside the side that answers.",
    "内部错误：应答一方内部出错。",
    { source: RPC },
  ),
  error(
    "-32000",
    "A server's own error. SDKs also use it for a closed connection.",
    "服务端自定的错误，SDK 也用它表示连接已关闭。",
    { source: RPC },
  ),
  error("-32002", "Resource not found, up to 2025-11-25.", "资源不存在（2025-11-25 及之前）。", {
    source: `${OLD}/server/resources`,
  }),
  error(
    "-32042",
    "The user must first open a page (2025-11-25): the error names the address.",
    "需要用户先打开某个网页（2025-11-25），错误中给出地址。",
    { source: `${OLD}/client/elicitation` },
  ),
  error(
    "-32020",
    "Header mismatch: an HTTP header and the message's body do not say the same.",
    "头不匹配：HTTP 头与消息正文不一致。",
    { source: HTTP },
  ),
  error(
    "-32021",
    "The server needs a capability that the client did not declare.",
    "服务端需要客户端未声明的能力。",
    { source: BASIC },
  ),
  error(
    "-32022",
    "The server does not speak this revision of the protocol; the error lists those it does.",
    "服务端不支持该协议版本，错误中会列出支持的版本。",
    { source: BASIC },
  ),

  method(
    "initialize",
    "Opens a connection up to 2025-11-25: both sides say which revision they speak and what they can do.",
    "建立连接（2025-11-25 及之前）：双方说明协议版本与各自能力。",
    { source: LIFECYCLE },
  ),
  method(
    "notifications/initialized",
    "The client is ready; from now on both sides may ask.",
    "客户端已就绪，此后双方都可发起请求。",
    { source: LIFECYCLE },
  ),
  method(
    "server/discover",
    "Asks a server what it is and what it can do, without a handshake (from 2026-07-28).",
    "无需握手即可询问服务端的身份与能力（2026-07-28 起）。",
    { source: `${NEW}/server/discover` },
  ),
  method(
    "ping",
    "Asks only whether the other side is still there (up to 2025-11-25).",
    "仅用于确认对方是否在线（2025-11-25 及之前）。",
    { source: `${OLD}/basic/utilities/ping`, same: "keep-alive" },
  ),
  method("tools/list", "Asks which tools the server has.", "询问服务端有哪些工具。", { source: TOOLS }),
  method(
    "tools/call",
    "Runs a tool. This is what happens when the model asks for a tool call.",
    "执行工具，模型发起工具调用后实际走的就是这一步。",
    { source: TOOLS },
  ),
  method(
    "resources/list",
    "Asks which resources (files, records, pages) the server offers for reading.",
    "询问可读取的资源（文件、记录、网页等）。",
    { source: RESOURCES },
  ),
  method(
    "resources/templates/list",
    "Asks for resources whose address has blanks to fill in.",
    "询问地址中带有占位符的资源模板。",
    { source: RESOURCES },
  ),
  method("resources/read", "Reads a resource.", "读取资源。", { source: RESOURCES }),
  method(
    "resources/subscribe",
    "Asks to be told when this resource changes (up to 2025-11-25).",
    "订阅该资源的变更（2025-11-25 及之前）。",
    { source: `${OLD}/server/resources` },
  ),
  method("resources/unsubscribe", "Ends such a subscription.", "取消订阅。", {
    source: `${OLD}/server/resources`,
  }),
  method(
    "prompts/list",
    "Asks which ready-made prompts the server offers to people.",
    "询问服务端提供给用户的提示词模板。",
    { source: PROMPTS },
  ),
  method("prompts/get", "Fetches a prompt, with its blanks filled in.", "获取填好参数的提示词。", {
    source: PROMPTS,
  }),
  method(
    "completion/complete",
    "Asks for suggestions while somebody types an argument.",
    "在用户输入参数时请求补全建议。",
    { source: COMPLETION },
  ),
  method(
    "logging/setLevel",
    "Says how important log messages must be to be sent (up to 2025-11-25).",
    "设定要发送的最低日志级别（2025-11-25 及之前）。",
    { source: `${OLD}/server/utilities/logging` },
  ),
  method(
    "sampling/createMessage",
    "The server asks the client's model to write something. Up to 2025-11-25 a request, later one of the `inputRequests`. Deprecated.",
    "服务端请求客户端的模型生成内容。2025-11-25 及之前是独立请求，之后改为 `inputRequests` 之一。已弃用。",
    { source: SAMPLING },
  ),
  method(
    "elicitation/create",
    "The server asks the person at the client for something, with a form or a web page.",
    "服务端通过表单或网页向用户询问信息。",
    { source: ELICITATION },
  ),
  method(
    "roots/list",
    "The server asks which folders it may work in. Deprecated since 2026-07-28.",
    "服务端询问可以使用哪些目录。自 2026-07-28 起弃用。",
    { source: ROOTS },
  ),
  method(
    "subscriptions/listen",
    "Opens one long stream on which the server tells of changes (from 2026-07-28). It stays open; it does not hang.",
    "打开一条长期的流，由服务端推送变更（2026-07-28 起）。它一直开着是正常现象，并非卡住。",
    { source: `${NEW}/basic/patterns/subscriptions` },
  ),
  method(
    "notifications/subscriptions/acknowledged",
    "The first message of such a stream: which of the wishes the server will serve.",
    "该流的首条消息：服务端确认将推送哪些变更。",
    { source: `${NEW}/basic/patterns/subscriptions` },
  ),
  method("notifications/progress", "How far a long call has come.", "长时间调用的进度。", {
    source: `${NEW}/basic/patterns/progress`,
  }),
  method("notifications/message", "A log message of the server.", "服务端的日志消息。", { source: LOGGING }),
  method(
    "notifications/cancelled",
    "Whoever asked is no longer interested in the answer. It may still come.",
    "发起方不再需要该请求的结果，不过响应仍可能到来。",
    { source: `${NEW}/basic/patterns/cancellation` },
  ),
  method(
    "notifications/tools/list_changed",
    "The server's tools have changed; ask for the list again.",
    "工具有变化，应重新获取列表。",
    { source: TOOLS },
  ),
  method(
    "notifications/resources/list_changed",
    "The server's resources have changed; ask for the list again.",
    "资源有变化，应重新获取列表。",
    { source: RESOURCES },
  ),
  method(
    "notifications/resources/updated",
    "A resource that was subscribed to has changed.",
    "所订阅的资源有更新。",
    { source: RESOURCES },
  ),
  method(
    "notifications/prompts/list_changed",
    "The server's prompts have changed; ask for the list again.",
    "提示词有变化，应重新获取列表。",
    { source: PROMPTS },
  ),
  method(
    "notifications/roots/list_changed",
    "The client's folders have changed (up to 2025-11-25).",
    "客户端的目录有变化（2025-11-25 及之前）。",
    { source: `${OLD}/client/roots` },
  ),
  method(
    "notifications/elicitation/complete",
    "The person is done with the web page (2025-11-25).",
    "用户已完成网页上的操作（2025-11-25）。",
    { source: `${OLD}/client/elicitation` },
  ),
  method(
    ["tasks/get", "tasks/list", "tasks/result", "tasks/update", "tasks/cancel"],
    "Asks for the state or result of a task that runs on after its call was answered, changes or cancels it.",
    "查询、更新或取消任务。任务在调用返回之后仍在后台继续。",
    { source: TASKS },
  ),
  method(
    ["notifications/tasks", "notifications/tasks/status"],
    "A task's state has changed.",
    "任务状态有变化。",
    { source: TASKS },
  ),

  field(
    "_meta",
    "A place for additions. Names with a prefix and a slash belong to whoever owns the prefix.",
    "附加信息。带前缀与斜杠的名称归前缀的所有者定义。",
    { source: BASIC, below: "own" },
  ),
  field(
    ["params._meta", "result._meta"],
    "What a modern message says of itself: revision, who sends it, what it can do. Without a handshake each message says it anew.",
    "新版消息的自述：协议版本、发送者、能力。由于没有握手，每条消息都要重新说明。",
    { source: BASIC },
  ),
  field(
    "_meta.io.modelcontextprotocol/protocolVersion",
    "The revision of MCP that this request follows. Required on every request from 2026-07-28 on.",
    "该请求遵循的 MCP 版本。自 2026-07-28 起每个请求都必须携带。",
    { source: BASIC, same: "mcp-revision" },
  ),
  field(
    ["_meta.io.modelcontextprotocol/clientInfo", "params.clientInfo"],
    "Which program the client is.",
    "客户端程序的信息。",
    { source: BASIC },
  ),
  field(
    ["_meta.io.modelcontextprotocol/serverInfo", "result.serverInfo"],
    "Which program the server is.",
    "服务端程序的信息。",
    { source: BASIC },
  ),
  field(
    [
      "clientInfo.name",
      "clientInfo.version",
      "clientInfo.title",
      "serverInfo.name",
      "serverInfo.version",
      "serverInfo.title",
      "io.modelcontextprotocol/clientInfo.name",
      "io.modelcontextprotocol/clientInfo.version",
      "io.modelcontextprotocol/serverInfo.name",
      "io.modelcontextprotocol/serverInfo.version",
      "io.modelcontextprotocol/serverInfo.title",
    ],
    "The program's name, version or title for people.",
    "程序的名称、版本或供人阅读的标题。",
    { source: BASIC },
  ),
  field(
    ["_meta.io.modelcontextprotocol/clientCapabilities", "params.capabilities"],
    "What the client can do. A server may only ask for what is declared here.",
    "客户端的能力，服务端只能请求这里声明过的能力。",
    { source: BASIC },
  ),
  field(
    "result.capabilities",
    "What the server offers. A client should only use what is declared here.",
    "服务端提供的能力，客户端只应使用这里声明过的能力。",
    { source: LIFECYCLE },
  ),
  field(
    [
      "capabilities.tools",
      "capabilities.resources",
      "capabilities.prompts",
      "capabilities.logging",
      "capabilities.completions",
      "capabilities.tasks",
      "capabilities.extensions",
    ],
    "The server offers this kind of thing.",
    "服务端提供该项功能。",
    { source: LIFECYCLE },
  ),
  field("capabilities.experimental", "Features outside of the specification.", "规范之外的功能。", {
    source: LIFECYCLE,
    below: "own",
  }),
  field(
    [
      "capabilities.sampling",
      "capabilities.roots",
      "capabilities.elicitation",
      "clientCapabilities.sampling",
      "io.modelcontextprotocol/clientCapabilities.sampling",
      "io.modelcontextprotocol/clientCapabilities.roots",
      "io.modelcontextprotocol/clientCapabilities.elicitation",
    ],
    "The client can do this: let its model write, name its folders, or ask the person.",
    "客户端支持该能力：代为调用模型、提供目录或询问用户。",
    { source: LIFECYCLE },
  ),
  field("listChanged", "Whether changes of the list will be announced.", "列表变化时是否会通知。", {
    source: LIFECYCLE,
  }),
  field("resources.subscribe", "Whether single resources can be watched.", "是否支持订阅单个资源。", {
    source: `${OLD}/server/resources`,
  }),
  field(
    "_meta.io.modelcontextprotocol/subscriptionId",
    "The id of the `subscriptions/listen` request that this message belongs to.",
    "该消息所属的 `subscriptions/listen` 请求的 id。",
    { source: `${NEW}/basic/patterns/subscriptions` },
  ),
  field(
    "_meta.io.modelcontextprotocol/logLevel",
    "From which importance on log messages should be sent for this request.",
    "为该请求发送日志的最低级别。",
    { source: LOGGING },
  ),
  field(
    ["_meta.traceparent", "_meta.tracestate", "_meta.baggage"],
    "Trace context: ties this message to other spans of the same job.",
    "链路上下文：把消息与同一任务的其他跨度关联起来。",
    { source: BASIC },
  ),
  field(
    ["params.protocolVersion", "result.protocolVersion"],
    "The revision of MCP: the client proposes one, the server answers with the one that will be used.",
    "MCP 版本：客户端提议，服务端回复最终采用的版本。",
    { source: LIFECYCLE, same: "mcp-revision" },
  ),
  field("supportedVersions", "The revisions that the server speaks.", "服务端支持的协议版本。", {
    source: `${NEW}/server/discover`,
  }),
  field(
    "instructions",
    "How the server should be used. Clients may put it into the system prompt.",
    "服务端的使用说明，客户端可将其加入系统提示。",
    { source: LIFECYCLE, same: "system" },
  ),

  field("result.tools", "The tools that the server has.", "服务端提供的工具。", {
    source: TOOLS,
    same: "tools",
  }),
  field("tools[].name", "The tool's name, unique within the server.", "工具名，在该服务内唯一。", {
    source: TOOLS,
    same: "tool-name",
  }),
  field(
    "tools[].description",
    "What the tool does. It is passed on to the model, so treat it as untrusted.",
    "工具的用途。它会传给模型，应视为不可信内容。",
    { source: TOOLS, same: "tool-description" },
  ),
  field(["tools[].inputSchema"], "A JSON Schema of the arguments.", "参数的 JSON Schema。", {
    source: TOOLS,
    same: "tool-schema",
    below: "schema",
  }),
  field(
    "tools[].outputSchema",
    "A JSON Schema of `structuredContent` in the result.",
    "结果中 `structuredContent` 的 JSON Schema。",
    { source: TOOLS, same: "output-schema", below: "schema" },
  ),
  field(
    "tools[].annotations",
    "Hints about the tool's behaviour. They are the server's own words, no guarantee.",
    "关于工具行为的提示，由服务端自述，并不保证属实。",
    { source: TOOLS },
  ),
  field(
    ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"],
    "A hint: changes nothing, may destroy, may be repeated, or reaches out to the world.",
    "行为提示：只读、可能破坏数据、可重复执行，或会接触外部环境。",
    { source: TOOLS },
  ),
  field(
    ["execution", "execution.taskSupport"],
    "Whether the tool may, must or cannot run as a task (2025-11-25).",
    "工具是否可以、必须或不能以任务方式运行（2025-11-25）。",
    { source: TASKS },
  ),
  field(
    ["tools[].title", "resources[].title", "resourceTemplates[].title", "prompts[].title"],
    "A name for people.",
    "供人阅读的名称。",
    { source: TOOLS },
  ),
  field(
    ["icons", "icons[].src", "icons[].mimeType", "icons[].sizes", "icons[].theme"],
    "Pictures for user interfaces: address, format, sizes.",
    "供界面显示的图标：地址、格式与尺寸。",
    { source: SCHEMA },
  ),
  field("params.name", "The tool or prompt that is meant.", "要调用的工具或提示词。", {
    source: TOOLS,
    same: "tool-call-name",
  }),
  field(
    "params.arguments",
    "The arguments, as the tool's or prompt's definition asks for.",
    "参数，须符合工具或提示词的定义。",
    { source: TOOLS, same: "tool-arguments", below: "own" },
  ),
  field("result.content", "What the tool gave back, for the model to read.", "工具返回给模型阅读的内容。", {
    source: TOOLS,
    same: "tool-result",
  }),
  field(
    ["content[].type", "content.type"],
    "The kind of content: text, image, audio, a link to a resource, or a resource itself.",
    "内容类型：文本、图片、音频、资源链接或内嵌资源。",
    { source: TOOLS },
  ),
  field(["content[].text", "content.text"], "The text for the model.", "给模型的文本。", { source: TOOLS }),
  field(["content[].data", "content.data"], "An image or sound in base64.", "base64 编码的图片或音频。", {
    source: TOOLS,
    same: "image",
  }),
  field(["mimeType"], "The format of the data, as a media type.", "数据格式（媒体类型）。", {
    source: RESOURCES,
  }),
  field(["content[].resource"], "A resource that is in the result itself.", "直接内嵌在结果中的资源。", {
    source: TOOLS,
  }),
  field(
    ["content[].uri", "content[].name", "content[].description", "content[].title", "content[].size"],
    "The resource that is linked: address, name, size.",
    "所链接资源的地址、名称与大小。",
    { source: TOOLS },
  ),
  field(
    ["annotations", "annotations.audience", "annotations.priority", "annotations.lastModified"],
    "For whom the content is meant and how important it is.",
    "内容面向谁、重要程度如何。",
    { source: RESOURCES },
  ),
  field(
    "structuredContent",
    "The result as JSON, after the tool's `outputSchema`. For programs; the text is for the model.",
    "符合 `outputSchema` 的 JSON 结果，供程序使用；文本部分供模型阅读。",
    { source: TOOLS, same: "structured-output", below: "own" },
  ),
  field(
    "isError",
    "`true`: the tool itself failed. The model gets to see it and may correct itself.",
    "`true` 表示工具本身执行失败，模型能看到并自行纠正。",
    { source: TOOLS, same: "tool-error" },
  ),
  field(
    "resultType",
    "`complete`, or `input_required` when the server first needs an answer from the client (from 2026-07-28).",
    "`complete`，或 `input_required`：服务端需要客户端先补充信息（2026-07-28 起）。",
    { source: MRTR },
  ),
  term("resultType=complete", "The result is final.", "最终结果。", { source: MRTR }),
  term(
    "resultType=input_required",
    "Not done yet: answer the `inputRequests` and send the request again under a new id.",
    "尚未完成：回答 `inputRequests` 后，换一个新 id 重新发送请求。",
    { source: MRTR },
  ),
  field(
    "inputRequests",
    "What the server wants to know before it goes on, each under a name of its own.",
    "服务端继续之前需要的信息，每项各有名称。",
    { source: MRTR, below: "named" },
  ),
  field(
    "inputResponses",
    "The client's answers to `inputRequests`, under the same names.",
    "客户端对 `inputRequests` 的回答，名称一一对应。",
    { source: MRTR, below: "named" },
  ),
  field(
    "requestState",
    "The server's own note for continuing. The client sends it back unchanged.",
    "服务端用于继续处理的状态，客户端原样带回。",
    { source: MRTR },
  ),
  field(
    "ttlMs",
    "For how many ms the client may use this list or content without asking again.",
    "客户端可在多少毫秒内直接使用该结果而不必重新请求。",
    { source: `${NEW}/server/utilities/caching` },
  ),
  field(
    "cacheScope",
    "`public` may be shared among users, `private` may not.",
    "`public` 可在用户间共享，`private` 则不可。",
    { source: `${NEW}/server/utilities/caching` },
  ),
  field(
    ["params.cursor", "result.nextCursor"],
    "A bookmark for the next page of a long list.",
    "长列表的翻页游标。",
    { source: `${NEW}/server/utilities/pagination` },
  ),

  field("result.resources", "The resources that can be read.", "可读取的资源。", { source: RESOURCES }),
  field(
    ["uri"],
    "The address of a resource, in a scheme of the server's choice.",
    "资源地址，协议方案由服务端自定。",
    { source: RESOURCES },
  ),
  field(
    ["resources[].name", "resources[].description", "resources[].size"],
    "The resource's name, description or size in bytes.",
    "资源的名称、说明或字节数。",
    { source: RESOURCES },
  ),
  field("result.resourceTemplates", "Resources whose address has blanks.", "地址带占位符的资源模板。", {
    source: RESOURCES,
  }),
  field(
    "uriTemplate",
    "An address with blanks in braces, after RFC 6570.",
    "带花括号占位符的地址，遵循 RFC 6570。",
    { source: RESOURCES },
  ),
  field(
    ["resourceTemplates[].name", "resourceTemplates[].description"],
    "The template's name or description.",
    "模板的名称或说明。",
    { source: RESOURCES },
  ),
  field(
    "result.contents",
    "What was read. One address may give several contents.",
    "读取到的内容，一个地址可对应多份。",
    { source: RESOURCES },
  ),
  field(
    ["contents[].text", "contents[].blob"],
    "The content as text, or in base64.",
    "文本内容，或 base64 数据。",
    { source: RESOURCES },
  ),
  field("result.prompts", "The prompts that the server offers.", "服务端提供的提示词。", { source: PROMPTS }),
  field(
    ["prompts[].name", "prompts[].description", "result.description"],
    "The prompt's name or description.",
    "提示词的名称或说明。",
    { source: PROMPTS },
  ),
  field(
    [
      "prompts[].arguments",
      "prompts[].arguments[].name",
      "prompts[].arguments[].description",
      "prompts[].arguments[].required",
    ],
    "A blank of the prompt: its name, what it means, whether it must be filled in.",
    "提示词的参数：名称、含义、是否必填。",
    { source: PROMPTS },
  ),
  field("result.messages", "The prompt, as messages for a model.", "提示词展开成的消息列表。", {
    source: PROMPTS,
    same: "messages",
  }),
  field("role", "Who speaks: `user` or `assistant`.", "发言者：`user` 或 `assistant`。", {
    source: PROMPTS,
    same: "role",
  }),
  field(["messages[].content", "content"], "What is said in this message.", "消息内容。", {
    source: PROMPTS,
  }),
  field(
    ["params.ref", "ref.type", "ref.name", "params.argument", "argument.name", "argument.value"],
    "What is being typed: the prompt or resource, the argument, and its beginning.",
    "正在输入的内容：所属提示词或资源、参数名及已输入部分。",
    { source: COMPLETION },
  ),
  field(
    ["result.completion", "completion.values", "completion.total", "completion.hasMore"],
    "The suggestions, and whether there are more.",
    "补全建议，以及是否还有更多。",
    { source: COMPLETION },
  ),

  field(
    ["progressToken", "_meta.progressToken"],
    "A mark by which progress messages name their call. Without it there is no progress.",
    "进度标识：进度消息靠它对应到具体调用，没有它就不会有进度。",
    { source: PROGRESS },
  ),
  field(
    "params.progress",
    "How much is done. It must grow with each message.",
    "当前进度，每条消息都应递增。",
    { source: PROGRESS },
  ),
  field("params.total", "How much there is in all, if known.", "总量（如已知）。", { source: PROGRESS }),
  field(
    "params.message",
    "A sentence for people: about the progress, or what the server asks.",
    "给人看的一句话：进度说明，或服务端的询问。",
    { source: PROGRESS },
  ),
  field(
    "params.level",
    "How important the log message is, from `debug` to `emergency`.",
    "日志级别，从 `debug` 到 `emergency`。",
    { source: LOGGING },
  ),
  field("params.logger", "Which part of the server speaks.", "日志来自服务端的哪个部分。", {
    source: LOGGING,
  }),
  field("params.data", "What is logged: any JSON.", "日志内容，任意 JSON。", {
    source: LOGGING,
    below: "own",
  }),
  field("params.requestId", "The request that is cancelled.", "被取消的请求。", {
    source: `${NEW}/basic/patterns/cancellation`,
  }),
  field("params.reason", "Why, in words.", "原因说明。", { source: `${NEW}/basic/patterns/cancellation` }),
  field(
    [
      "params.notifications",
      "notifications.toolsListChanged",
      "notifications.promptsListChanged",
      "notifications.resourcesListChanged",
      "notifications.resourceSubscriptions",
    ],
    "Which changes the client wants to hear of, or the server will tell.",
    "客户端希望收到、或服务端同意推送的变更类型。",
    { source: `${NEW}/basic/patterns/subscriptions` },
  ),

  field(["result.roots", "roots"], "The folders that the server may work in.", "服务端可使用的目录。", {
    source: ROOTS,
  }),
  field(["roots[].uri", "roots[].name"], "A folder's address and name.", "目录的地址与名称。", {
    source: ROOTS,
  }),
  field(
    "params.messages",
    "The conversation that the client's model should continue.",
    "要让客户端模型续写的会话。",
    { source: SAMPLING, same: "messages" },
  ),
  field("maxTokens", "The most tokens the model may write.", "模型最多可生成的 token 数。", {
    source: SAMPLING,
    same: "max-output",
  }),
  field(
    ["params.systemPrompt"],
    "The system prompt that the server would like.",
    "服务端希望使用的系统提示。",
    { source: SAMPLING, same: "system" },
  ),
  field(
    ["params.modelPreferences"],
    "What kind of model the server would like: cheap, quick or clever.",
    "服务端对模型的偏好：便宜、快速或聪明。",
    { source: SAMPLING, below: "own" },
  ),
  field(["result.model", "model"], "The model that answered.", "实际作答的模型。", {
    source: SAMPLING,
    same: "model",
  }),
  field("stopReason", "Why the model stopped.", "模型停止的原因。", {
    source: SAMPLING,
    same: "stop-reason",
  }),
  field(
    "requestedSchema",
    "A simple JSON Schema of the form that the person fills in.",
    "用户所填表单的 JSON Schema（简化版）。",
    { source: ELICITATION, below: "schema" },
  ),
  field(
    "params.mode",
    "`form`, or `url` for a web page where secrets can be typed in safely.",
    "`form`（表单）或 `url`（网页，适合输入敏感信息）。",
    { source: ELICITATION },
  ),
  field(
    "action",
    "What the person did: `accept`, `decline` or `cancel`.",
    "用户的选择：`accept`、`decline` 或 `cancel`。",
    { source: ELICITATION },
  ),
  field(
    [
      "params.task",
      "result.task",
      "taskId",
      "task.taskId",
      "task.status",
      "status",
      "statusMessage",
      "pollInterval",
      "ttl",
      "createdAt",
      "lastUpdatedAt",
    ],
    "A task: its id, its state, how long it is kept and how often to ask for it.",
    "任务信息：id、状态、保留时长与轮询间隔。",
    { source: TASKS },
  ),

  header(
    "mcp-session-id",
    "The session on a Streamable HTTP server, up to 2025-11-25. The server gives it out at `initialize`, the client sends it ever after.",
    "Streamable HTTP 的会话编号（2025-11-25 及之前）。服务端在 `initialize` 时下发，客户端此后一直带上。",
    { source: OLD_HTTP },
  ),
  header(
    "mcp-protocol-version",
    "The revision of MCP that this HTTP request follows.",
    "该 HTTP 请求遵循的 MCP 版本。",
    { source: HTTP, same: "mcp-revision" },
  ),
  header(
    "mcp-method",
    "Repeats the method of the body, so that gateways need not read it (from 2026-07-28).",
    "重复正文中的 method，便于网关无需解析正文（2026-07-28 起）。",
    { source: HTTP },
  ),
  header(
    "mcp-name",
    "Repeats the name of the tool, prompt or resource in the body (from 2026-07-28).",
    "重复正文中的工具名、提示词名或资源地址（2026-07-28 起）。",
    { source: HTTP },
  ),
  header(
    "mcp-param-*",
    "Repeats an argument of the tool that its schema marks for gateways (from 2026-07-28).",
    "重复工具 schema 中标记出来供网关使用的参数（2026-07-28 起）。",
    { source: HTTP },
  ),
  event(
    "endpoint",
    "HTTP+SSE (2024-11-05): the first event, which tells the client where to post its messages.",
    "HTTP+SSE（2024-11-05）：首个事件，告诉客户端把消息 POST 到哪里。",
    { source: "https://modelcontextprotocol.io/specification/2024-11-05/basic/transports" },
  ),
  event("message", "A JSON-RPC message as an SSE event.", "以 SSE 事件承载的 JSON-RPC 消息。", {
    source: HTTP,
  }),
  term(["type=text"], "Text for the model.", "给模型阅读的文本。", { source: TOOLS }),
  term(
    ["type=resource_link"],
    "The address of a resource that can be read later.",
    "资源链接，之后可再读取。",
    { source: TOOLS },
  ),
];
