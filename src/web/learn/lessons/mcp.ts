/** Lessons about MCP in both eras. */
import { both, type Lesson, question, step } from "../lesson.ts";

export const handshake: Lesson = {
  name: "handshake",
  title: both(["MCP's handshake, and without it", "MCP 的握手与无握手"]),
  about: both([
    "The same server, asked in both eras: up to 2025-11-25 with a handshake, since 2026-07-28 without one.",
    "同一台服务器，两代协议：2025-11-25 及之前需要握手，自 2026-07-28 起不再需要。",
  ]),
  steps: [
    step(0, "line", '"method":"initialize"', [
      "The client speaks first, and says who it is and what it can do.",
      "客户端先开口，说明自己是谁、能做什么。",
    ]),
    step(0, "line", '"protocolVersion":"2025-11-25","capabilities":{"tools"', [
      "The server agrees on the revision and says what it offers. What is not named here may not be asked for.",
      "服务器确认版本并说明提供的功能。未列出的功能不可请求。",
    ]),
    step(0, "line", "notifications/initialized", [
      "Three messages, and the session stands. A notification has no id: nobody answers it.",
      "三条消息之后会话建立。通知没有 id：无人应答。",
    ]),
    step(0, "line", '"method":"tools/list"', [
      "First of all the client asks for the tools, for the model's sake.",
      "客户端首先索取工具列表，供模型使用。",
    ]),
    step(0, "line", '"progressToken":1', [
      "A call. The token allows the server to tell how far it is.",
      "一次调用。这个 token 允许服务器报告进度。",
    ]),
    step(0, "line", '"progress":0', [
      "Progress comes as notifications, before the result.",
      "进度以通知形式先于结果到达。",
    ]),
    step(1, "line", '"method":"server/discover"', [
      "The other era. This question is optional: the client could call a tool at once.",
      "另一代协议。这个询问是可选的：客户端可以直接调用工具。",
    ]),
    step(1, "line", '"supportedVersions"', [
      "The server names its revisions. Nothing is remembered from here on: there is no session.",
      "服务器列出支持的版本。此后不保留任何状态：没有会话。",
    ]),
    step(
      1,
      "line",
      '"method":"tools/call"',
      [
        "So every request says again which revision it speaks and what the client can do, in `_meta`.",
        "因此每个请求都在 `_meta` 中重新说明版本和客户端能力。",
      ],
      "$.params._meta",
    ),
    step(
      1,
      "line",
      '"resultType":"complete"',
      [
        "And every result says whether it is one: `complete`, or a question back.",
        "每个结果也会说明自己是否完成：`complete`，或是反问。",
      ],
      "$.result.resultType",
    ),
  ],
  question: question(
    6,
    [
      "Since 2026-07-28: what must come before a tool can be called?",
      "自 2026-07-28 起：调用工具之前必须先做什么？",
    ],
    [
      ["Nothing", "什么都不需要"],
      [
        "Yes: each request carries all that the server has to know.",
        "对：每个请求都带有服务器需要的全部信息。",
      ],
    ],
    [
      ["initialize", "initialize"],
      ["It is gone; a server of that era does not know it.", "它已被移除；该代服务器不认识它。"],
    ],
    [
      ["server/discover", "server/discover"],
      ["It may come, and need not.", "可以有，但并非必须。"],
    ],
  ),
};

export const elicitation: Lesson = {
  name: "elicitation",
  title: both(["A server asks the person", "服务器向用户提问"]),
  about: both([
    "In the middle of a call the server needs something that only the person knows. The two eras ask differently.",
    "调用途中，服务器需要只有用户知道的信息。两代协议的提问方式不同。",
  ]),
  steps: [
    step(
      0,
      "line",
      '"elicitation":{}',
      [
        "The client says that it can ask its user. Without this no server may.",
        "客户端声明它可以询问用户。否则服务器不得提问。",
      ],
      "$.params.capabilities",
    ),
    step(0, "line", '"name":"plan_picnic"', ["A call begins.", "一次调用开始。"]),
    step(0, "line", '"method":"elicitation/create"', [
      "Instead of an answer the server sends a request of its own, with a form. The call stays open.",
      "服务器没有应答，而是发出自己的请求并附上表单。调用仍未结束。",
    ]),
    step(0, "line", '"action":"accept"', [
      "The person filled in the form. It might have been declined, too.",
      "用户填写了表单。也可能拒绝。",
    ]),
    step(0, "line", "Best on", ["Only now comes the result of the call.", "此时才返回调用结果。"]),
    step(1, "line", '"elicitation":{"form":{}}', [
      "The other era: the call carries what the client can do.",
      "另一代协议：调用本身说明客户端的能力。",
    ]),
    step(1, "line", '"resultType":"input_required"', [
      "The server may not send requests any more. It answers, and the answer is a question.",
      "服务器不能再发送请求。它以应答的形式提问。",
    ]),
    step(1, "line", '"inputResponses"', [
      "The client asks the person and sends the whole call again, under a new id, with the answers in it.",
      "客户端询问用户后，以新的 id 重新发送整个调用，并附上答复。",
    ]),
    step(1, "line", '"resultType":"complete"', [
      "Two requests for one call, and the server had to remember nothing in between.",
      "一次调用用了两个请求，而服务器在此期间无需记住任何东西。",
    ]),
  ],
  question: question(
    6,
    [
      "A server of 2026-07-28 needs to ask the person. How does it?",
      "2026-07-28 的服务器需要询问用户。它怎么做？",
    ],
    [
      ["It answers the call with a question", "以一个问题作为调用的应答"],
      ["Yes: `resultType` says that it is one.", "对：`resultType` 会说明这一点。"],
    ],
    [
      ["It sends a request of its own", "发送自己的请求"],
      ["Servers of that era send no requests.", "该代服务器不发送请求。"],
    ],
    [
      ["It asks the model", "询问模型"],
      [
        "The model is not at this connection, and does not know the answer.",
        "模型不在这条连接上，也不知道答案。",
      ],
    ],
  ),
};
