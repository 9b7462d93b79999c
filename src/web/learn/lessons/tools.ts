/** Lessons about tools: who asks, who runs, who sees the result. */
import { both, type Lesson, question, step } from "../lesson.ts";

export const toolCall: Lesson = {
  name: "tool-call",
  title: both(["A tool call is two requests", "一次工具调用是两个请求"]),
  about: both([
    "The model asks, the client runs the tool at an MCP server, and asks the model again.",
    "模型提出请求，客户端在 MCP 服务器上运行工具，再次询问模型。",
  ]),
  steps: [
    step(
      0,
      "request",
      '"tools":[',
      [
        "The client tells the model which tools there are. The model has never seen their code.",
        "客户端告诉模型有哪些工具。模型从未见过它们的代码。",
      ],
      "$.tools",
    ),
    step(0, "answer", '"name":"get_forecast"', [
      "The model answers with a wish: this tool, please.",
      "模型以一个愿望作答：请用这个工具。",
    ]),
    step(0, "answer", 's\\":2}', [
      "The arguments come in pieces of text. With this one they are whole.",
      "参数以文本片段到达。至此已完整。",
    ]),
    step(0, "answer", '"finish_reason":"tool_calls"', [
      "And the answer is over. Nothing has run: it is the client's turn.",
      "回答到此结束。什么都还没运行：轮到客户端。",
    ]),
    step(1, "line", '"method":"tools/call"', [
      "The client calls the MCP server, with the name and arguments that the model wrote.",
      "客户端用模型写出的名称和参数调用 MCP 服务器。",
    ]),
    step(1, "line", '"content":[{"type":"text","text":"Paris', [
      "The server has answered the client. The model knows nothing of it yet.",
      "服务器已答复客户端。模型对此仍一无所知。",
    ]),
    step(
      2,
      "request",
      '"role":"tool"',
      [
        "The second request: everything from before, the call, and its result.",
        "第二个请求：之前的全部内容、调用及其结果。",
      ],
      "$.messages[3].tool_call_id",
    ),
    step(2, "answer", '"content":"Here i"', [
      "Now the model can speak of the weather.",
      "模型现在可以谈论天气了。",
    ]),
  ],
  question: question(
    4,
    ["The answer asks for `get_forecast`. Who runs it?", "回答请求 `get_forecast`。由谁运行？"],
    [
      ["The client", "客户端"],
      ["Yes: here by calling an MCP server.", "对：此处通过调用 MCP 服务器。"],
    ],
    [
      ["The model", "模型"],
      ["A model only writes text; its answer is over.", "模型只会生成文本；它的回答已结束。"],
    ],
    [
      ["The provider", "服务商"],
      ["Only its own tools, such as a web search.", "它只运行自己的工具，例如网页搜索。"],
    ],
  ),
};

export const parallel: Lesson = {
  name: "parallel",
  title: both(["Two tools side by side", "并行调用两个工具"]),
  about: both([
    "One answer may ask for several calls: ids tell their pieces and their results apart.",
    "一个回答可以请求多个调用：靠编号区分各自的片段和结果。",
  ]),
  steps: [
    step(
      0,
      "request",
      "Paris and Oslo",
      ["A question that needs two forecasts.", "一个需要两份预报的问题。"],
      "$.messages[1].content",
    ),
    step(0, "answer", '"tool_calls":[{"index":0', [
      "The first call begins, with index 0 and an id of its own.",
      "第一个调用开始，index 为 0，并有自己的 id。",
    ]),
    step(0, "answer", '"tool_calls":[{"index":1', [
      "Index 1: a second call in the same answer. Pieces with the same index belong together.",
      "index 为 1：同一回答中的第二个调用。index 相同的片段属于同一调用。",
    ]),
    step(1, "line", '"arguments":{"location":"Paris"', [
      "The client runs both at once.",
      "客户端同时运行两者。",
    ]),
    step(1, "line", '"arguments":{"location":"Oslo"', [
      "The second request goes out before the first has its answer: JSON-RPC's ids keep them apart.",
      "第二个请求不等第一个的应答就已发出：靠 JSON-RPC 的 id 区分。",
    ]),
    step(
      2,
      "request",
      '"role":"tool"',
      [
        "Both results go back in one request, each under the id of its call.",
        "两个结果在同一个请求中返回，各自带着调用的 id。",
      ],
      "$.messages[3].tool_call_id",
    ),
    step(2, "answer", '"content":"Side b"', ["One answer for both.", "一个回答同时用到两者。"]),
  ],
  question: question(
    5,
    [
      "Both calls are answered. How many requests go to the model now?",
      "两个调用都有了结果。现在要向模型发送几个请求？",
    ],
    [
      ["One, with both results", "一个，带上两个结果"],
      ["Yes: each result names its call by the id.", "对：每个结果用 id 指明所属的调用。"],
    ],
    [
      ["Two, one for each", "两个，每个结果一个"],
      [
        "Then the first would leave a call without its result, which APIs refuse.",
        "那样第一个请求会缺少一个调用的结果，API 会拒绝。",
      ],
    ],
    [
      ["None", "不用发送"],
      ["The model has seen no result yet, and cannot answer.", "模型还没看到任何结果，无法回答。"],
    ],
  ),
};
