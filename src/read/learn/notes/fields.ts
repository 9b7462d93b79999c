/** Fields that stand everywhere: kinds, numbers, schemas, errors, and those of MCP's messages. */
import { note, type Notes } from "../note.ts";

export const ofFields: Notes = [
  note(
    "any field type",
    [
      "Several shapes may stand in one place; this word says which one it is.",
      "同一位置可能出现多种结构；这个词说明是哪一种。",
    ],
    ["The other fields of this object belong to that kind.", "该对象的其他字段都属于这一类型。"],
  ),
  note(
    "any field error.message",
    [
      "Why it failed, in words for people. Programs should look at the type.",
      "供人阅读的失败原因。程序应查看 type。",
    ],
    ["SDKs put it into the exception that they throw.", "SDK 会把它放入抛出的异常。"],
  ),
  note(
    "any field error.type",
    [
      "The kind of failure, for programs: whether to try again depends on it.",
      "供程序使用的失败类型：是否重试取决于它。",
    ],
    [
      "Overload and limits are worth another try; a wrong request is not.",
      "过载和限流值得重试；请求本身有误则不必。",
    ],
  ),
  note(
    "any field error.code",
    ["A finer word than the type, where there is one.", "比 type 更细的分类（若有）。"],
    ["The provider's documents list them.", "服务商文档中列有全部取值。"],
  ),
  note(
    "any field error.param",
    ["Which part of the request was wrong.", "请求中出错的部分。"],
    ["Change it, and send the request again.", "修改后重新发送请求。"],
  ),
  note(
    "json-schema field type",
    [
      "JSON has few kinds of values; the schema names the one that is wanted.",
      "JSON 的值只有几种；schema 指明需要哪一种。",
    ],
    ["A value of another kind does not fit.", "其他类型的值不符合。"],
  ),
  note(
    "json-schema field required",
    [
      "Without this list every property may be left out, and models do leave some out.",
      "没有这个列表，所有属性都可省略，而模型确实会省略。",
    ],
    ["Arguments without one of these do not fit the schema.", "缺少其中任何一项的参数都不符合 schema。"],
  ),
  note(
    "json-schema field properties",
    ["The names that the model may use, each with what it takes.", "模型可以使用的名称及各自接受的值。"],
    ["The arguments of a call have these names.", "调用的参数使用这些名称。"],
  ),
  note(
    "json-schema field additionalProperties",
    [
      "Whether names beyond the listed ones are allowed. Strict modes want it to be false.",
      "是否允许列表之外的名称。严格模式要求为 false。",
    ],
    ["With false, an invented argument is an error.", "为 false 时，编造的参数即为错误。"],
  ),
  note(
    "json-schema field $schema",
    ["Which edition of JSON Schema this is written in.", "该 schema 所用的 JSON Schema 版本。"],
    ["Validators read the rest accordingly.", "校验器据此解读其余内容。"],
  ),
  note(
    "same total-tokens",
    [
      "Input and output added up, for those who only want one number.",
      "输入与输出之和，供只需要一个数字的人使用。",
    ],
    ["It is no price: the two cost differently.", "它不是价格：两者单价不同。"],
  ),
  note(
    "same created",
    ["When the provider made this answer, by its own clock.", "服务商生成该回答的时间，以其时钟为准。"],
    ["All pieces of one answer have the same.", "同一回答的所有片段相同。"],
  ),
  note(
    "same service-tier",
    [
      "Quicker and dearer, or slower and cheaper: which lane served this.",
      "更快更贵，或更慢更便宜：由哪一档提供服务。",
    ],
    ["The price of the tokens follows from it.", "token 的价格由此决定。"],
  ),
  note(
    "same refusal",
    [
      "The model declines, and says so apart from its text, so that programs notice.",
      "模型拒绝回答，并与正文分开说明，以便程序识别。",
    ],
    ["Show it to the user; asking the same again seldom helps.", "展示给用户；重复同样的请求通常没有用。"],
  ),
  note(
    "same logprobs",
    [
      "How likely each token was. It is sent only where it was asked for.",
      "每个 token 的概率。只有请求时才会返回。",
    ],
    ["Most clients leave it empty.", "多数客户端不使用它。"],
  ),
  note(
    "same modalities",
    ["In which forms the answer may come: text, sound, pictures.", "回答可以采用的形式：文本、声音、图片。"],
    ["Parts of these kinds, and of no other.", "只会出现这些类型的内容。"],
  ),
  note(
    "same strict",
    [
      "The provider makes the model keep to the schema, token by token.",
      "服务商逐个 token 约束模型遵守 schema。",
    ],
    ["The arguments fit the schema for certain.", "参数必定符合 schema。"],
  ),
  note(
    "openai-chat field messages[].content",
    ["What this speaker said: a text, or a list of parts.", "该角色说的内容：一段文本，或多个部分。"],
    ["The model reads all of it, in order.", "模型按顺序读取全部内容。"],
  ),
  note(
    "anthropic-messages field messages[].content",
    [
      "What this speaker said: a text, or a list of blocks. Tool results are blocks of the user's.",
      "该角色说的内容：文本或内容块列表。工具结果属于用户的内容块。",
    ],
    ["The model reads all of it, in order.", "模型按顺序读取全部内容。"],
  ),
  note(
    "openai-responses field input[].content",
    ["What this item says: a text, or a list of parts.", "该条目的内容：文本或多个部分。"],
    ["The model reads all of it, in order.", "模型按顺序读取全部内容。"],
  ),
  note(
    "openai-chat field $.object",
    [
      "Which shape this JSON has: a whole answer, or a chunk of one.",
      "该 JSON 的形式：完整回答，或其中一块。",
    ],
    ["A chunk has `delta`, a whole answer has `message`.", "分块含 `delta`，完整回答含 `message`。"],
  ),
  note(
    "openai-responses field $.object",
    ["Which shape this JSON has.", "该 JSON 的形式。"],
    ["The rest is read accordingly.", "其余内容据此解读。"],
  ),
  note(
    "openai-chat field choices[].index",
    [
      "Which of several answers this piece belongs to; mostly there is only 0.",
      "片段属于第几个回答；通常只有 0。",
    ],
    ["Pieces with the same number are joined.", "编号相同的片段拼接在一起。"],
  ),
  note(
    "openai-chat field delta.role",
    ["Said once, at the beginning: whose words follow.", "只在开头说明一次：接下来是谁的话。"],
    ["Pieces of content without it.", "之后的片段不再带它。"],
  ),
  note(
    "openai-chat field tools[].type",
    [
      "Most tools are functions of the client's; some run at the provider.",
      "多数工具是客户端的函数；有些由服务商运行。",
    ],
    ["For a function: its name, description and schema.", "若为函数：接着是名称、描述和 schema。"],
  ),
  note(
    "openai-chat field tool_calls[].type",
    ["Which kind of tool is called.", "被调用工具的类型。"],
    ["For a function: its name and arguments.", "若为函数：接着是名称和参数。"],
  ),
  note(
    "openai-chat field stream_options.include_usage",
    ["Without it a stream ends without saying what it cost.", "不设置它，流结束时不会说明用量。"],
    [
      "One more chunk at the end, with `usage` and no choices.",
      "末尾会多一个分块，含 `usage` 而没有 choices。",
    ],
  ),
  note(
    "openai-chat field system_fingerprint",
    [
      "Which build of the model answered. With `seed` it tells whether an answer can be repeated.",
      "回答的模型版本指纹。配合 `seed` 可判断能否复现。",
    ],
    [
      "Another fingerprint, and the same request may be answered otherwise.",
      "指纹变化时，相同请求可能得到不同回答。",
    ],
  ),
  note(
    "openai-responses field $.type (stream)",
    [
      "Each event of this API has a name of its own, in the data as well as in `event:`.",
      "该 API 的每个事件都有自己的名称，既在数据中也在 `event:` 中。",
    ],
    ["The other fields belong to this event.", "其他字段属于该事件。"],
  ),
  note(
    "openai-responses field sequence_number",
    [
      "Events are numbered, so that a broken stream can be taken up again.",
      "事件带编号，中断的流可以据此续传。",
    ],
    ["The next event has one more.", "下一个事件编号加一。"],
  ),
  note(
    "openai-responses field item_id",
    ["Which item of the output this piece belongs to.", "片段属于输出的哪个条目。"],
    ["Pieces with the same id are joined.", "id 相同的片段拼接在一起。"],
  ),
  note(
    "openai-responses field content_index",
    ["Which part of the item this piece belongs to.", "片段属于条目的第几个部分。"],
    ["Pieces with the same number are joined.", "编号相同的片段拼接在一起。"],
  ),
  note(
    "openai-responses field item.type",
    [
      "An output is a list of items: messages, reasoning, calls. This says which one begins.",
      "输出由多个条目组成：消息、推理、调用。这里说明是哪一种。",
    ],
    ["Events for items of this kind.", "接着是该类条目的事件。"],
  ),
  note(
    "openai-responses field item.id",
    [
      "The provider's name for this item; later events and requests name it.",
      "服务商为条目起的编号；后续事件和请求会用到。",
    ],
    ["Events carry it as `item_id`.", "事件以 `item_id` 引用它。"],
  ),
  note(
    "openai-responses field item.status",
    ["Whether this item is still growing.", "该条目是否仍在增长。"],
    ["`completed` when it is whole.", "完整后变为 `completed`。"],
  ),
  note(
    "openai-responses field part.type",
    ["What kind of part begins inside the item.", "条目内开始的部分是哪一种。"],
    ["Its pieces.", "接着是它的片段。"],
  ),
  note(
    "anthropic-messages field content[].type",
    [
      "A message is made of blocks; this says which kind of block it is.",
      "消息由内容块组成；这里说明是哪一种。",
    ],
    ["The fields of that kind.", "接着是该类型的字段。"],
  ),
  note(
    "anthropic-messages field delta.type",
    [
      "What this piece adds to: text, thinking, arguments or a signature.",
      "该片段追加到：文本、思考、参数或签名。",
    ],
    ["Append it to the block with this index.", "追加到相同 index 的内容块。"],
  ),
  note(
    "anthropic-messages field system[].text",
    [
      "One block of the system prompt. Blocks allow a cache mark between them.",
      "系统提示的一个块。分块便于在其间放置缓存标记。",
    ],
    ["The next block, or the messages.", "接着是下一块或消息。"],
  ),
  note(
    "anthropic-messages field stop_sequence",
    [
      "Which of the request's stop texts ended the answer; mostly none did.",
      "由请求中的哪个停止文本结束；通常没有。",
    ],
    ["The turn is over.", "本轮结束。"],
  ),
  note(
    "anthropic-messages field cache_control.type",
    ["There is one kind of cache so far, kept for minutes.", "目前只有一种缓存，保留数分钟。"],
    ["The usage says whether it was written or read.", "用量会说明是写入还是读取。"],
  ),
  note(
    "anthropic-messages field context_management.edits",
    ["What the API may leave out of a long conversation by itself.", "API 可自行从长对话中清除的内容。"],
    ["The answer lists what was applied.", "回答会列出实际应用的编辑。"],
  ),
  note(
    "anthropic-messages field source.type",
    [
      "How the picture or file travels: as base64, by an address, or by an id.",
      "图片或文件的传输方式：base64、地址或 id。",
    ],
    ["The data in that form.", "接着是该形式的数据。"],
  ),
  note(
    "anthropic-messages field tool_choice.type",
    [
      "Whether the model decides by itself, must use a tool, or may use none.",
      "由模型自行决定、必须使用工具，或不得使用。",
    ],
    ["The answer holds a call, or none, accordingly.", "回答中会相应地包含或不包含调用。"],
  ),
  note(
    "gemini field candidates[].index",
    ["Which of several answers this is; mostly there is only one.", "第几个候选回答；通常只有一个。"],
    ["Clients read the first.", "客户端读取第一个。"],
  ),
  note(
    "gemini field inlineData.mimeType",
    ["What the bytes are: a picture, sound, a document.", "字节的类型：图片、声音或文档。"],
    ["The bytes as base64.", "接着是 base64 编码的字节。"],
  ),
  note(
    "gemini field error.status",
    ["The kind of failure as a word, for programs.", "以单词表示的失败类型，供程序使用。"],
    [
      "`RESOURCE_EXHAUSTED` and `UNAVAILABLE` are worth another try.",
      "`RESOURCE_EXHAUSTED` 与 `UNAVAILABLE` 值得重试。",
    ],
  ),
  note(
    "mcp field jsonrpc",
    ["MCP is written in JSON-RPC 2.0; every message says so.", "MCP 使用 JSON-RPC 2.0；每条消息都会注明。"],
    ["A method, a result or an error.", "接着是方法、结果或错误。"],
  ),
  note(
    "mcp field method",
    ["What is asked for, or what is told.", "请求的操作，或通知的内容。"],
    ["`params` with what goes with it.", "接着是相应的 `params`。"],
  ),
  note(
    "mcp field clientInfo.name",
    [
      "Servers may treat hosts differently, and people want to know who asked.",
      "服务器可能区别对待不同宿主，人们也想知道是谁在请求。",
    ],
    ["Its version, and what it can do.", "接着是版本与能力。"],
  ),
  note(
    "mcp field capabilities.sampling",
    ["The host lends its model: servers may ask for answers.", "宿主出借模型：服务器可以请求回答。"],
    ["Perhaps `sampling/createMessage` from the server.", "服务器可能发送 `sampling/createMessage`。"],
  ),
  note(
    "mcp field capabilities.tools",
    [
      "The server has tools. Without this nobody should ask for them.",
      "服务器提供工具。没有声明就不应请求。",
    ],
    ["`tools/list`.", "接着是 `tools/list`。"],
  ),
  note(
    "mcp field listChanged",
    [
      "The list may change while the session lasts, and the server will say so.",
      "会话期间列表可能变化，服务器会通知。",
    ],
    ["A notification when it does.", "变化时会收到通知。"],
  ),
  note(
    "mcp field tools[].title",
    ["A name for people; the model gets the other one.", "给人看的名称；模型使用另一个。"],
    ["Hosts show it in their menus.", "宿主在菜单中显示它。"],
  ),
  note(
    "mcp field readOnlyHint",
    [
      "The tool says that it changes nothing. A hint only: the host need not believe it.",
      "工具声明不会修改任何内容。仅为提示：宿主不必相信。",
    ],
    ["Some hosts do not ask the person before such a call.", "有的宿主调用此类工具前不询问用户。"],
  ),
  note(
    "mcp field content[].type",
    [
      "Results are made of parts: text, pictures, sound, links.",
      "结果由多个部分组成：文本、图片、声音、链接。",
    ],
    ["The host turns each into what its model's API takes.", "宿主把每一部分转换成模型 API 接受的形式。"],
  ),
  note(
    "mcp field content[].text",
    [
      "What the model will read, unless the host prefers the structured content.",
      "模型将读到的内容，除非宿主改用结构化内容。",
    ],
    ["It stands in the next request to the model.", "它会出现在发给模型的下一个请求中。"],
  ),
  note(
    "mcp field progressToken",
    [
      "With this the server may tell how far it is; without it, it must not.",
      "带上它，服务器才可以报告进度；否则不得报告。",
    ],
    ["notifications/progress with the same token.", "接着是带相同 token 的 notifications/progress。"],
  ),
  note(
    "mcp field params.progress",
    ["How far it is. The number has to grow each time.", "当前进度。数值每次都必须增大。"],
    ["A larger one, or the result.", "接着是更大的数值，或结果。"],
  ),
  note(
    "mcp field params.total",
    ["How much there is in all, where the server knows.", "总量（若服务器知道）。"],
    ["With it a host can draw a bar.", "宿主可据此绘制进度条。"],
  ),
  note(
    "mcp field params.message",
    ["What is going on, in words for the person.", "供用户阅读的说明。"],
    ["Hosts show it as it is.", "宿主按原样显示。"],
  ),
  note(
    "mcp field params.level",
    ["How serious this line of the log is.", "该日志的级别。"],
    ["Levels below the wanted one are not sent.", "低于所需级别的不会发送。"],
  ),
  note(
    "mcp field mimeType",
    ["What the content is, so that the host knows how to show it.", "内容类型，宿主据此决定如何显示。"],
    ["The content in that form.", "接着是该形式的内容。"],
  ),
  note(
    "mcp field action",
    [
      "What the person did with the question: accept, decline or cancel.",
      "用户对提问的处理：接受、拒绝或取消。",
    ],
    ["With accept, the filled-in form.", "若接受，则带有填好的表单。"],
  ),
  note(
    "mcp field params.requestId",
    ["Which request is no longer wanted: the id that it was sent with.", "不再需要的请求：发送时使用的 id。"],
    ["No answer for it, or one that nobody reads.", "不会再有应答，或应答无人读取。"],
  ),
  note(
    "mcp field params.reason",
    ["Why, in words for a log.", "写入日志的原因。"],
    ["Nothing depends on it.", "没有任何行为取决于它。"],
  ),
  note(
    "mcp field supportedVersions",
    ["The revisions that the server speaks; the client picks one.", "服务器支持的版本；由客户端选择。"],
    ["Every request names the one that was picked.", "之后每个请求都注明所选版本。"],
  ),
  note(
    "mcp field resultType",
    [
      "Since 2026-07-28 a result may be a question: this says which of the two it is.",
      "自 2026-07-28 起，结果可能是反问：这里说明是哪一种。",
    ],
    [
      "`complete`: it is over. `input_required`: the request comes again.",
      "`complete` 表示完成；`input_required` 表示请求会再次发送。",
    ],
  ),
  note(
    "mcp field ttlMs",
    ["How long the client may go on without asking again.", "客户端在多长时间内无需再次询问。"],
    ["Within that time no new request for it should come.", "在此期间不应出现新的请求。"],
  ),
  note(
    "mcp field cacheScope",
    ["Whether the answer may be shared between users.", "该应答能否在用户之间共享。"],
    ["Caches in between heed it.", "中间缓存会遵守它。"],
  ),
  note(
    "mcp field requestState",
    [
      "The server remembers nothing, so it gives its state to the client to keep.",
      "服务器不保存状态，因此交给客户端保管。",
    ],
    ["It comes back unchanged in the next request.", "它会在下一个请求中原样返回。"],
  ),
  note(
    "mcp field error.code",
    [
      "The kind of failure as a number; the same number means the same everywhere.",
      "以数字表示的失败类型；同一数字处处含义相同。",
    ],
    ["The client decides by it whether to try otherwise.", "客户端据此决定是否换种方式。"],
  ),
  note(
    "mcp field error.message",
    ["Why, in one sentence for people.", "一句供人阅读的原因。"],
    ["The host shows or logs it; the model mostly does not see it.", "宿主显示或记录它；模型通常看不到。"],
  ),
  note(
    "mcp field uri",
    [
      "Each resource has an address of its own; only the server knows what is behind it.",
      "每个资源都有自己的地址；只有服务器知道其内容。",
    ],
    ["`resources/read` with this address.", "以该地址发送 `resources/read`。"],
  ),
];
