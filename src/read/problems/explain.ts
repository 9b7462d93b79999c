/** What each rule means, for people who meet it the first time. The sentence of the problem itself says what happened. */
export type Explanation = { readonly en: string; readonly zh: string };

export const explanations: Readonly<Record<string, Explanation>> = {
  "request/rejected": {
    en: "The API answered with an error status. Its own words come first, then what they usually mean.",
    zh: "API 返回了错误状态码。先给出它的原话，再说明通常的含义。",
  },
  "request/prewarm": {
    en: "An agent sends its tools and instructions ahead, while the user still types, so that the first answer comes sooner. It is no turn of the conversation.",
    zh: "智能体趁用户还在输入时，先把工具和指令发送过去，使首个回答更快到来。它不算对话中的一轮。",
  },
  "request/deprecated": {
    en: "This still works, but the API's documents name a successor.",
    zh: "目前仍可使用，但 API 文档已给出替代者。",
  },
  "transfer/client-gone": {
    en: "The client closed the connection first. The upstream was told at once, so that it stops generating.",
    zh: "客户端先关闭了连接。代理会立即通知上游，使其停止生成。",
  },
  "transfer/upstream-error": {
    en: "The connection to the API broke. What came before is in the record.",
    zh: "与 API 的连接中断。中断之前的内容都在记录中。",
  },
  "transfer/unreachable": {
    en: "No connection to the API could be made: a wrong address, a name that is not known, or nothing that listens. The answer that the client got is the proxy's own.",
    zh: "无法连接到 API：地址错误、域名无法解析，或没有程序在监听。客户端收到的应答来自代理本身。",
  },
  "transfer/refused": {
    en: "The proxy itself could not or would not pass this request on: an upstream that there is not, a request that is not HTTP, something that is not allowed. No API has seen it.",
    zh: "代理自身无法或不愿转发该请求：上游不存在、请求不是合法的 HTTP，或不被允许。任何 API 都没有收到它。",
  },
  "transfer/interrupted": {
    en: "The recorder was stopped while this exchange ran; the record ends there.",
    zh: "交换进行中记录器被停止，记录到此为止。",
  },
  "record/gap": {
    en: "Some bytes passed that were not kept. The traffic was not affected, only the record.",
    zh: "有些字节已经通过但没有保存。只影响记录，不影响通信。",
  },
  "record/too-deep": {
    en: "JSON that nests this deep, or of so many values, is not taken apart: it would exhaust the stack or the memory of any program that walks through it. Nothing is lost, the text is all there.",
    zh: "嵌套这么深或值这么多的 JSON 不会被解析：任何遍历它的程序都会耗尽调用栈或内存。内容没有丢失，原文完整保留。",
  },
  "transfer/client-left": {
    en: "Some clients close the connection as soon as they have the last event. Nothing of the answer is missing.",
    zh: "有些客户端在收到最后一个事件后立即关闭连接。回答没有缺失任何内容。",
  },
  "request/probe-failed": {
    en: "A client tries what a server can do before it asks anything. That it cannot do this is no fault.",
    zh: "客户端在正式请求之前会先试探服务器支持什么。不支持并不算错误。",
  },
  "schema/format": {
    en: "JSON Schema's format (date-time, uri, email) is an annotation: it does not make a value wrong by itself. Some validators check it all the same, so that one side may refuse what the other takes.",
    zh: "JSON Schema 的 format（date-time、uri、email）只是注解，本身不会使值不合法。但有些校验器仍会检查它，因此一方可能拒绝另一方接受的值。",
  },
  "answer/empty": {
    en: "The status says that all went well, but nothing came that an agent could go on with. Often a proxy, a wrong path or a model that only thought is behind it.",
    zh: "状态码表示一切正常，但没有任何可供智能体继续的内容。常见原因是中间代理、路径错误，或模型只进行了思考。",
  },
  "answer/leaked-call": {
    en: "Servers turn what the model writes into calls. Here the marks are still in the text, so the client sees words and no call: the server's chat template or tool parser does not fit the model.",
    zh: "服务器会把模型写出的内容转换为工具调用。这里标记仍留在文本中，客户端只看到文字而没有调用：服务器的聊天模板或工具解析器与模型不匹配。",
  },
  "answer/leaked-thoughts": {
    en: "Servers keep a model's thoughts apart from its answer. Here their marks are still in the text: the server's reasoning parser is off or does not fit the model.",
    zh: "服务器会把模型的思考与回答分开。这里思考标记仍留在文本中：服务器的推理解析器未启用，或与模型不匹配。",
  },
  "answer/not-json": {
    en: "An API's answer is JSON, but this body cannot be parsed: it may be a web page that a wrong base URL leads to.",
    zh: "API 的回答应为 JSON，但该正文无法解析：可能是错误的 base URL 指向了一个网页。",
  },
  "answer/not-the-json-asked": {
    en: "The request asked for JSON output, but the model wrote something else.",
    zh: "请求要求输出 JSON，但模型写了别的内容。",
  },
  "answer/not-the-schema-asked": {
    en: "The request gave a JSON Schema for the answer, and the answer does not match it.",
    zh: "请求给出了答案的 JSON Schema，但答案不符合。",
  },
  "finish/length": {
    en: "The model stopped because a token limit was reached. What is missing was never generated.",
    zh: "模型因达到 token 上限而停止，缺少的部分从未生成。",
  },
  "finish/content-filter": {
    en: "A safety filter of the provider stopped or removed the answer.",
    zh: "提供方的安全过滤器中止或移除了回答。",
  },
  "finish/malformed-call": {
    en: "The model tried to call a tool in a form that the API could not read. Trying again often helps; simpler schemas too.",
    zh: "模型尝试调用工具，但格式无法被 API 识别。重试或简化 schema 往往有用。",
  },
  "finish/not-normal": {
    en: "Each API has a few words for an answer that ended as it should. This is none of them; the provider's own words stand behind it where it gives any.",
    zh: "每个 API 用少数几个词表示回答正常结束。这里的词不在其中；若提供方有说明，会附在后面。",
  },
  "gemini/prompt-blocked": {
    en: "Gemini refused the prompt itself; no answer was generated.",
    zh: "Gemini 拦截了提示本身，没有生成回答。",
  },
  "tool/same-name": {
    en: "Tool names must be unique within one request.",
    zh: "同一请求中工具名称必须唯一。",
  },
  "tool/bad-name": {
    en: "The APIs accept letters, digits, underscore and hyphen in tool names.",
    zh: "API 的工具名称只接受字母、数字、下划线和连字符。",
  },
  "tool/unknown": {
    en: "The model invented a tool, or remembered one of an earlier request.",
    zh: "模型编造了一个工具，或记起了之前请求中的工具。",
  },
  "tool/arguments-not-json": {
    en: "Arguments are a JSON text that the model writes; nothing guarantees that it is valid unless strict mode is on.",
    zh: "参数是模型写出的 JSON 文本；除非启用严格模式，否则不保证有效。",
  },
  "tool/arguments-cut": {
    en: "The stream ended before the arguments of this call were complete.",
    zh: "在该调用的参数完整之前，流就结束了。",
  },
  "tool/arguments-mismatch": {
    en: "The arguments are JSON, but not as the tool's schema in the request describes them.",
    zh: "参数是 JSON，但不符合请求中工具的 schema。",
  },
  "tool/result-without-call": {
    en: "A tool result refers to a call by its id. This id stands in no earlier message, and the API will refuse it.",
    zh: "工具结果通过 id 指向调用。此 id 未出现在之前的消息中，API 会拒绝。",
  },
  "tool/call-without-result": {
    en: "The history holds a tool call that nobody answered, and then goes on. Most APIs refuse such a history.",
    zh: "历史中有一个没有结果的工具调用，而对话却继续了。多数 API 会拒绝。",
  },
  "usage/does-not-add-up": {
    en: "The token counts that the API states contradict each other. They are shown as they came.",
    zh: "API 给出的 token 数相互矛盾。这里按原样显示。",
  },
  "usage/cache-missed": {
    en: "Providers keep the beginning of a prompt, so that the same beginning is cheap and quick the next time. Whatever changes in it makes all that follows be read anew; the provider says what it was.",
    zh: "提供方会缓存提示的开头，下次相同的开头更便宜也更快。其中任何改动都会使其后的内容重新读取；提供方在此说明了原因。",
  },
  "media/empty": { en: "Inline media without any data.", zh: "内联媒体没有任何数据。" },
  "media/not-base64": {
    en: "Inline media travels as base64. This text has characters or a length that base64 cannot have.",
    zh: "内联媒体以 base64 传输。此文本含有 base64 不允许的字符或长度。",
  },
  "media/not-an-image": {
    en: "Each image format begins with bytes of its own. These are not those of the type that was named.",
    zh: "每种图片格式都有特定的开头字节。这里的开头与所声明的类型不符。",
  },
  "media/wrong-type": {
    en: "The named media type and the data differ. Some APIs refuse this.",
    zh: "声明的媒体类型与数据不一致。部分 API 会拒绝。",
  },
  "stream/no-terminator": {
    en: "Every streaming API has a last event. It did not come, so the answer may be incomplete even if it looks whole.",
    zh: "每个流式 API 都有结束事件。它没有到来，因此回答即使看似完整也可能不完整。",
  },
  "stream/error-event": {
    en: "The status line was sent before the error happened, so the error came as an event inside the stream.",
    zh: "状态行在错误发生之前就已发出，因此错误以流中事件的形式到来。",
  },
  "stream/index-gap": {
    en: "Parts of the stream are numbered, and a number is missing.",
    zh: "流的各部分有编号，而其中缺少编号。",
  },
  "stream/delta-without-start": {
    en: "A piece came for a part of the answer that was never opened.",
    zh: "收到了某部分的片段，但该部分从未开始。",
  },
  "stream/block-not-closed": {
    en: "A part of the answer was opened and never closed.",
    zh: "回答的某部分已开始但从未结束。",
  },
  "stream/unknown-event": {
    en: "An event that this reader does not know. Nothing is lost: it is in the raw stream.",
    zh: "此解读器不认识的事件。内容没有丢失，可在原始流中查看。",
  },
  "stream/not-json": {
    en: "The events of this API carry JSON; this one does not.",
    zh: "此 API 的事件应携带 JSON，但这个不是。",
  },
  "stream/packed-events": {
    en: "A blank line ends each server-sent event. Without it, or with `data:` written twice, a client that keeps to the standard reads several events as one, and that is no JSON. They are read one by one here.",
    zh: "每个服务器推送事件以空行结束。缺少空行，或重复写了 `data:`，遵循标准的客户端会把多个事件当作一个，而那不是 JSON。这里逐个解读它们。",
  },
  "stream/order": {
    en: "The events came in an order that the API does not describe.",
    zh: "事件顺序与 API 文档不符。",
  },
  "stream/left-out": {
    en: "The last event repeats the whole answer, but something that was streamed before is not in it. It is shown as it was streamed.",
    zh: "最后一个事件会重复完整回答，但其中缺少之前已流式传来的内容。这里按流式内容显示。",
  },
  "stream/more": { en: "Only the first problems of a stream are listed.", zh: "只列出流中最先出现的问题。" },
  "stream/too-many-events": {
    en: "A stream is read up to a number of events, so that one of millions cannot take all memory. The rest was recorded like the beginning: the raw view shows the whole body.",
    zh: "每个流只解读一定数量的事件，以免数百万个事件占满内存。其余部分同样已记录：原始视图显示完整正文。",
  },
  "stream/cut": {
    en: "The last event is not complete: the connection ended in its middle.",
    zh: "最后一个事件不完整：连接在其中间结束。",
  },
  "stream/no-final-blank-line": {
    en: "A blank line ends each server-sent event. A strict reader would drop the last event without it.",
    zh: "每个 SSE 事件以空行结束。没有空行时，严格的解析器会丢弃最后一个事件。",
  },
  "stream/unknown-field": {
    en: "A line of an event stream begins with data, event, id, retry or a colon; clients ignore others, even where a gateway wrote its error there.",
    zh: "事件流的行以 data、event、id、retry 或冒号开头；其他行会被客户端忽略，即使网关在其中写了错误信息。",
  },
  "stream/array-not-closed": {
    en: "The stream is one JSON array that comes in pieces, and its closing bracket did not come.",
    zh: "该流是分片到来的一个 JSON 数组，但没有收到结尾的方括号。",
  },
  "stream/bad-checksum": {
    en: "Each message of a binary event stream has a checksum. This one does not fit, so bytes were changed or lost.",
    zh: "二进制事件流的每条消息都有校验和。此处不符，说明字节被改动或丢失。",
  },
  "stream/bad-length": {
    en: "A message of the binary stream names a length that cannot be; what follows cannot be read.",
    zh: "二进制流中的消息长度不可能成立，其后的内容无法解读。",
  },
  "reader/more": {
    en: "Only the first problems of each kind are listed.",
    zh: "每类问题只列出最先出现的若干个。",
  },
  "reader/failed": {
    en: "Our reader failed. That is our bug; the bytes are complete in the raw view.",
    zh: "我们的解读器出错了。这是我们的缺陷；原始视图中的字节是完整的。",
  },
};
