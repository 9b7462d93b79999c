/** The messages of MCP, in both eras: with a handshake (up to 2025-11-25) and without (from 2026-07-28 on). */
import { note, type Notes } from "../note.ts";

export const ofMcp: Notes = [
  note(
    "mcp method initialize",
    [
      "Up to 2025-11-25 a session opens with this: the client says which revision it speaks, what it can do and who it is.",
      "在 2025-11-25 及之前，会话以此开始：客户端说明协议版本、能力和身份。",
    ],
    [
      "The server answers with its own, then the client sends notifications/initialized. Since 2026-07-28 there is no handshake.",
      "服务器返回自己的信息，随后客户端发送 notifications/initialized。自 2026-07-28 起没有握手。",
    ],
  ),
  note(
    "mcp method notifications/initialized",
    [
      "The client has read the server's answer: the handshake is over.",
      "客户端已读取服务器的应答：握手结束。",
    ],
    [
      "Requests may come now; mostly `tools/list` is the first.",
      "现在可以发送请求；通常首先是 `tools/list`。",
    ],
  ),
  note(
    "mcp method server/discover",
    [
      "Since 2026-07-28 a client that wants to know a server before it asks anything asks this. It may leave it out.",
      "自 2026-07-28 起，客户端若想事先了解服务器就发送它，也可以省略。",
    ],
    [
      "The server names its revisions and capabilities. An old server answers -32601, and the client falls back to initialize.",
      "服务器列出版本和能力。旧服务器返回 -32601，客户端随后改用 initialize。",
    ],
  ),
  note(
    "mcp method tools/list",
    [
      "The host needs names, descriptions and schemas: it copies them into each request to the model.",
      "宿主需要名称、描述和 schema：它会把这些复制到发给模型的每个请求。",
    ],
    ["A page of tools; `nextCursor` leads to the next one.", "返回一页工具；`nextCursor` 指向下一页。"],
  ),
  note(
    "mcp method tools/call",
    [
      "The model asked for this tool in its answer, and the host now runs it. The server never hears of the model.",
      "模型在回答中请求了该工具，宿主现在执行它。服务器并不知道模型的存在。",
    ],
    [
      "Perhaps progress, perhaps a question back; then a result, which the host sends to the model in a new request.",
      "可能有进度，可能有反问；然后是结果，宿主会在新的请求中把它发给模型。",
    ],
  ),
  note(
    "mcp method resources/list",
    [
      "What the server has to read: files, tables, pages, each by its URI.",
      "服务器可供读取的内容：文件、表、页面，各有 URI。",
    ],
    ["`resources/read` for those that are wanted.", "对需要的内容发送 `resources/read`。"],
  ),
  note(
    "mcp method resources/templates/list",
    [
      "Some resources have no list: a template says how their URIs are made.",
      "有些资源无法列举：模板说明其 URI 的构成。",
    ],
    ["The client fills one in and reads it.", "客户端填好模板后读取。"],
  ),
  note(
    "mcp method resources/read",
    ["The person or the host wants this content in the conversation.", "用户或宿主希望把该内容放入对话。"],
    ["The content, as text or base64.", "返回文本或 base64 内容。"],
  ),
  note(
    "mcp method resources/subscribe",
    [
      "The client wants to hear when this resource changes. Up to 2025-11-25.",
      "客户端希望在该资源变化时得到通知。用于 2025-11-25 及之前。",
    ],
    [
      "notifications/resources/updated; the content itself has to be read again.",
      "之后会收到 notifications/resources/updated；内容仍需重新读取。",
    ],
  ),
  note(
    "mcp method prompts/list",
    ["Prompts are for people: hosts show them as commands.", "提示模板供人使用：宿主通常显示为命令。"],
    ["`prompts/get` when somebody picks one.", "有人选用时发送 `prompts/get`。"],
  ),
  note(
    "mcp method prompts/get",
    ["Somebody picked this prompt and gave its arguments.", "有人选择了该提示模板并填写了参数。"],
    ["Messages that the host puts into the conversation.", "返回消息，由宿主放入对话。"],
  ),
  note(
    "mcp method completion/complete",
    [
      "Somebody types an argument, and the server may know what fits.",
      "有人正在输入参数，服务器可能知道候选值。",
    ],
    ["A few suggestions.", "返回若干建议。"],
  ),
  note(
    "mcp method logging/setLevel",
    ["How much the server should say about its work.", "设置服务器日志的详细程度。"],
    ["notifications/message of this level and above.", "之后会收到该级别及以上的 notifications/message。"],
  ),
  note(
    "mcp method notifications/message",
    [
      "A line of the server's log. It belongs to people, not to the model.",
      "服务器的一行日志。供人查看，而不是给模型。",
    ],
    ["Nothing is expected in return.", "无需回应。"],
  ),
  note(
    "mcp method sampling/createMessage",
    [
      "The server needs a model and has none: it asks the host for one, in the middle of a call. Deprecated since 2026-07-28.",
      "服务器需要模型但自己没有：在调用途中向宿主请求。自 2026-07-28 起已弃用。",
    ],
    ["The host asks the person, then its model, and answers.", "宿主先征得用户同意，再询问模型并返回。"],
  ),
  note(
    "mcp method elicitation/create",
    [
      "In the middle of a call the server needs something that only the person knows.",
      "调用途中，服务器需要只有用户才知道的信息。",
    ],
    [
      "accept with the content, decline, or cancel. Since 2026-07-28 the question comes inside a result and the call is sent again.",
      "返回 accept（带内容）、decline 或 cancel。自 2026-07-28 起，问题放在结果中，随后重新发送调用。",
    ],
  ),
  note(
    "mcp method roots/list",
    ["The server asks in which folders it may work.", "服务器询问可以在哪些目录工作。"],
    ["A list of `file://` addresses.", "返回一组 `file://` 地址。"],
  ),
  note(
    "mcp method subscriptions/listen",
    [
      "Since 2026-07-28 changes are told on one long stream that the client opens.",
      "自 2026-07-28 起，变更通过客户端打开的一条长流通知。",
    ],
    [
      "First an acknowledgement, then silence until something changes.",
      "先是确认，然后保持安静，直到有变化。",
    ],
  ),
  note(
    "mcp method notifications/subscriptions/acknowledged",
    ["The stream stands; the server says what it will tell.", "流已建立；服务器说明会通知哪些内容。"],
    ["Events as they happen, perhaps for hours none.", "有变化时才有事件，可能数小时都没有。"],
  ),
  note(
    "mcp method notifications/progress",
    [
      "The request carried a `progressToken`, so the server may tell how far it is.",
      "请求带有 `progressToken`，因此服务器可以报告进度。",
    ],
    ["The number grows until the result comes, and not after it.", "数值递增直到结果返回，之后不再发送。"],
  ),
  note(
    "mcp method notifications/cancelled",
    ["Whoever asked does not want the answer any more.", "请求方不再需要应答。"],
    [
      "The other side stops if it can, and sends no answer; one on its way may still come.",
      "对方尽可能停止且不再应答；已在途中的应答仍可能到达。",
    ],
  ),
  note(
    "mcp method notifications/tools/list_changed",
    ["The server offers other tools now than it listed.", "服务器现在提供的工具与之前列出的不同。"],
    [
      "`tools/list` again. What the model was told of before may be gone.",
      "重新发送 `tools/list`。模型之前得知的工具可能已不存在。",
    ],
  ),
  note(
    "mcp method notifications/resources/updated",
    ["A resource that the client watches is another now.", "客户端关注的资源已发生变化。"],
    ["`resources/read`, if somebody still needs it.", "若仍需要，则发送 `resources/read`。"],
  ),
  note(
    "mcp method ping",
    ["Is the other side still there? Up to 2025-11-25.", "对方是否还在？用于 2025-11-25 及之前。"],
    ["An empty result at once.", "应立即返回空结果。"],
  ),
  note(
    "mcp method tasks/get",
    [
      "A call was answered with a handle instead of a result: the client asks how it goes.",
      "调用返回的是句柄而不是结果：客户端查询进展。",
    ],
    ["Its status; when it is done, the result.", "返回状态；完成后返回结果。"],
  ),
  note(
    "mcp field $.id",
    [
      "Answers may come in any order: the number says which request is meant.",
      "应答可能以任意顺序到达：编号说明对应哪个请求。",
    ],
    [
      "The answer repeats it. Both sides count from the same numbers, each for its own requests.",
      "应答原样带回。双方各自为自己的请求编号，可能用到相同的数字。",
    ],
  ),
  note(
    "mcp field $.result",
    ["The request was carried out as far as the protocol goes.", "就协议而言，请求已被执行。"],
    ["A failed tool says so inside, with `isError`.", "工具执行失败时，会在其中用 `isError` 说明。"],
  ),
  note(
    "mcp field $.error",
    ["The request could not be carried out at all.", "请求根本无法执行。"],
    [
      "The model mostly never sees this: the host decides what becomes of it.",
      "模型通常看不到它：由宿主决定如何处理。",
    ],
  ),
];
