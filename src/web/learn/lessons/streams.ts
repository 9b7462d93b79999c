/** Lessons about one answer: how it comes, how it thinks, how it is left. */
import { both, type Lesson, question, step } from "../lesson.ts";

export const stream: Lesson = {
  name: "stream",
  title: both(["A stream", "流式回答"]),
  about: both([
    "One question, one answer, piece by piece: what passes while you watch the words appear.",
    "一个问题、一个回答、逐块到达：看着文字出现时，线路上传输了什么。",
  ]),
  steps: [
    step(
      0,
      "request",
      '"stream":true',
      [
        "The client asks for a stream. Without this it would wait for the whole answer.",
        "客户端请求流式返回。否则要等整个回答生成完。",
      ],
      "$.stream",
    ),
    step(
      0,
      "replied",
      "text/event-stream",
      [
        "The head of the answer comes first, before a single word. The status is sent now and cannot change any more.",
        "先到的是响应头，还没有任何文字。状态码此时已发出，不能再改。",
      ],
      "content-type",
    ),
    step(0, "answer", '"role":"assistant","content":""', [
      "The first event only says who speaks. It is no token: there is nothing to read in it.",
      "第一个事件只说明谁在说话。它不是 token：里面没有可读的内容。",
    ]),
    step(0, "answer", '"content":"Hello!"', [
      "The first token. The time until here is what people feel as waiting: TTFT.",
      "首个 token。到此为止的时间就是人们感受到的等待：TTFT。",
    ]),
    step(0, "answer", '"content":" I am "', [
      "Each event has only what is new, with spaces where they belong. Joined, the pieces are the text.",
      "每个事件只含新增内容，空格也在其中。拼接起来就是全文。",
    ]),
    step(0, "answer", '"finish_reason":"stop"', [
      "An event without any text, which says why the model stopped. Only now is the answer known to be whole.",
      "一个没有文本的事件，说明模型为何停止。此时才知道回答已完整。",
    ]),
    step(0, "answer", '"usage":', [
      "What is to be paid comes last, and only because the request asked for it (`include_usage`).",
      "用量最后到达，而且仅因为请求中要求了它（`include_usage`）。",
    ]),
    step(0, "answer", "[DONE]", [
      "Not JSON: the word that closes every stream of this API.",
      "它不是 JSON：该 API 的每个流都以这个词结束。",
    ]),
  ],
  question: question(
    5,
    ["How does the client know that the answer is whole?", "客户端如何知道回答已经完整？"],
    [
      ["By an event that says why the model stopped", "由一个说明停止原因的事件得知"],
      ["Yes: `finish_reason`, and then `[DONE]`.", "对：`finish_reason`，随后是 `[DONE]`。"],
    ],
    [
      ["By the end of the connection", "由连接关闭得知"],
      ["A broken connection ends as well: that says nothing.", "连接中断同样会结束：这说明不了什么。"],
    ],
    [
      ["By `content-length`", "由 `content-length` 得知"],
      ["Nobody knew the length when the head was sent.", "发送响应头时没有人知道长度。"],
    ],
  ),
};

export const thinking: Lesson = {
  name: "thinking",
  title: both(["Thinking before answering", "先思考再回答"]),
  about: both([
    "Reasoning is output like any other: it streams first, it is paid, and it is signed.",
    "推理也是输出：先于回答流式到达，要计费，并带有签名。",
  ]),
  steps: [
    step(
      0,
      "request",
      '"thinking":{',
      ["The request allows so many tokens for thinking.", "请求允许用于思考的 token 数。"],
      "$.thinking.budget_tokens",
    ),
    step(0, "answer", '"type":"message_start"', [
      "The message opens empty. What went in is counted already.",
      "消息以空内容开始。输入数量此时已统计。",
    ]),
    step(0, "answer", '"content_block":{"type":"thinking"', [
      "The first block is thinking. A client that shows it knows now that no answer comes yet.",
      "第一个内容块是思考。客户端由此知道回答还没开始。",
    ]),
    step(0, "answer", '"thinking":"Twelve"', [
      "The first token is one of thinking: for the clock it counts, for the reader mostly not.",
      "首个 token 属于思考：计时算在内，但读者通常看不到。",
    ]),
    step(0, "answer", "signature_delta", [
      "A signature closes the thinking. When tools are used, it has to be sent back untouched.",
      "签名为思考收尾。使用工具时，必须原样发回。",
    ]),
    step(0, "answer", '"content_block":{"type":"text"', [
      "Block 1: now the answer itself begins.",
      "第 1 块：回答本身开始。",
    ]),
    step(0, "answer", '"stop_reason":"end_turn"', [
      "All output is counted in one number: what was thought and what was said.",
      "全部输出合计为一个数字：思考的与说出的。",
    ]),
  ],
  question: question(
    6,
    ["Are the tokens of thinking paid?", "思考的 token 要计费吗？"],
    [
      ["Yes, as output", "要，按输出计费"],
      ["Yes, shown or not: `output_tokens` has them all.", "对，无论是否展示：全部计入 `output_tokens`。"],
    ],
    [
      ["No, only the answer", "不，只计回答"],
      ["They were generated, and that is what costs.", "它们也是生成出来的，费用由此产生。"],
    ],
    [
      ["Yes, as input", "要，按输入计费"],
      ["Not now; when they are sent back, they are input as well.", "此时不是；发回时才会再算作输入。"],
    ],
  ),
};

export const cancel: Lesson = {
  name: "cancel",
  title: both(["Somebody presses stop", "有人按下停止"]),
  about: both([
    "There is no message for it: the client closes the connection, and that has to reach the model.",
    "没有专门的消息：客户端关闭连接，而这必须传达到模型。",
  ]),
  steps: [
    step(
      0,
      "request",
      '"messages":[',
      ["An ordinary request for a stream.", "一个普通的流式请求。"],
      "$.messages",
    ),
    step(0, "answer", '"reasoning_content":"They w"', [
      "The answer begins, here with thinking.",
      "回答开始，此处先是思考。",
    ]),
    step(0, "answer", '"reasoning_content":"n poin"', [
      "The last event that came. Then the client hung up, and the proxy hung up on the model at once: what is not generated is not paid.",
      "最后一个到达的事件。随后客户端断开，代理立即断开与模型的连接：未生成的部分不计费。",
    ]),
  ],
  question: question(
    2,
    ["What does the client send to stop the answer?", "客户端发送什么来停止回答？"],
    [
      ["Nothing: it closes the connection", "什么也不发：直接关闭连接"],
      ["Yes. And a proxy in between has to pass that on.", "对。中间的代理必须把它传递下去。"],
    ],
    [
      ["A DELETE request", "一个 DELETE 请求"],
      ["These APIs have no such request for a stream.", "这些 API 没有针对流的此类请求。"],
    ],
    [
      ["An event in the stream", "流中的一个事件"],
      ["The stream goes one way only: from the server.", "流是单向的：只从服务器发出。"],
    ],
  ),
};
