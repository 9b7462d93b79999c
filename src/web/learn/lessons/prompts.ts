/** Lessons about what is sent again and again, what that costs, and what happens when it is too much. */
import { both, type Lesson, question, step } from "../lesson.ts";

export const cache: Lesson = {
  name: "cache",
  title: both(["A prompt is cached", "提示缓存"]),
  about: both([
    "The same beginning twice: written into the cache the first time, read from it the second.",
    "相同的开头发送两次：第一次写入缓存，第二次从缓存读取。",
  ]),
  steps: [
    step(
      0,
      "request",
      '"cache_control":{"type":"ephemeral"}',
      ["The mark: up to here the prompt will be the same again.", "标记：到此为止的提示下次不变。"],
      "$.system[0].cache_control",
    ),
    step(0, "answer", '"cache_creation_input_tokens":1480', [
      "Nothing was there yet, so it was written. That costs a quarter more than plain input.",
      "缓存中尚无内容，于是写入。写入比普通输入贵四分之一。",
    ]),
    step(
      1,
      "request",
      "And was it used",
      [
        "The next turn: everything before the mark is the same to the byte.",
        "下一轮：标记之前的内容逐字节相同。",
      ],
      "$.messages",
    ),
    step(1, "answer", '"cache_read_input_tokens":1480', [
      "It was read. That costs a tenth, and the first token comes sooner.",
      "命中缓存。只需十分之一的价格，首个 token 也更快。",
    ]),
    step(1, "answer", '"input_tokens":31', [
      "Only what is new is counted as plain input here. The whole prompt is the sum of the three.",
      "此处只有新增内容算作普通输入。整个提示是三者之和。",
    ]),
  ],
  question: question(
    3,
    [
      "A clock in the system prompt changes each minute. What does the cache do?",
      "系统提示中的时钟每分钟变化。缓存会怎样？",
    ],
    [
      ["It misses each time", "每次都无法命中"],
      [
        "Yes: everything from the first changed character on is new.",
        "对：从第一个变化的字符起，其后全部视为新内容。",
      ],
    ],
    [
      ["It leaves the clock out", "自动忽略时钟"],
      ["It compares bytes and knows nothing of clocks.", "它只比较字节，不认识时钟。"],
    ],
    [
      ["It updates the entry", "更新缓存条目"],
      ["Entries are not updated; another one is written, and paid.", "条目不会更新；会另写一条并计费。"],
    ],
  ),
};

export const compaction: Lesson = {
  name: "compaction",
  title: both(["The context is made smaller", "上下文压缩"]),
  about: both([
    "A long conversation no longer fits. Here the provider itself leaves out old tool results.",
    "对话太长，放不下了。此处由服务商自行清除旧的工具结果。",
  ]),
  steps: [
    step(
      0,
      "request",
      '"context_management":{',
      [
        "The client allows it: beyond so many tokens, old tool results may go.",
        "客户端允许：超过一定 token 数后可清除旧的工具结果。",
      ],
      "$.context_management.edits",
    ),
    step(
      0,
      "request",
      '"tool_use_id":"toolu_1"',
      ["The client still sends all results, the oldest too.", "客户端仍发送全部结果，包括最旧的。"],
      "$.messages[2].content",
    ),
    step(0, "answer", '"input_tokens":418', ["Far less was read than was sent.", "实际读取的远少于发送的。"]),
    step(0, "answer", '"applied_edits":[', [
      "The answer says what was left out: two results. The model can no longer see them.",
      "回答说明了被清除的内容：两个结果。模型已看不到它们。",
    ]),
  ],
  question: question(
    2,
    ["The client sent three results. How many can the model read?", "客户端发送了三个结果。模型能读到几个？"],
    [
      ["One", "一个"],
      ["Yes: two were cleared before the model saw anything.", "对：在模型看到之前已清除两个。"],
    ],
    [
      ["Three", "三个"],
      [
        "What is sent is not what is read: the provider edits it first.",
        "发送的不等于读取的：服务商会先编辑。",
      ],
    ],
    [
      ["None", "一个也没有"],
      ["The newest are kept: the model still needs them.", "最新的会保留：模型仍需要它们。"],
    ],
  ),
};

export const retry: Lesson = {
  name: "retry",
  title: both(["429, and again", "429 与重试"]),
  about: both([
    "Too many requests: the provider says how long to wait, and the SDK tries again by itself.",
    "请求过多：服务商说明要等多久，SDK 自动重试。",
  ]),
  steps: [
    step(
      0,
      "asked",
      "x-stainless-retry-count: 0",
      ["The SDK counts its tries. This is the first.", "SDK 会统计尝试次数。这是第一次。"],
      "x-stainless-retry-count",
    ),
    step(
      0,
      "replied",
      "429",
      ["Refused, before the model was asked. Nothing is paid.", "在询问模型之前就被拒绝。不计费。"],
      "retry-after",
    ),
    step(
      0,
      "replied",
      "retry-after: 1",
      [
        "One second, says the provider. Who comes sooner is refused again.",
        "服务商要求等一秒。提前再来仍会被拒绝。",
      ],
      "retry-after",
    ),
    step(
      0,
      "answer",
      "rate_limit_error",
      [
        "The type is for programs, the message for people. There is no stream: it is one JSON document.",
        "type 供程序使用，message 供人阅读。这不是流，而是一个 JSON 文档。",
      ],
      "$.error.type",
    ),
    step(
      1,
      "asked",
      "x-stainless-retry-count: 1",
      ["A second later: the same body, and one more try counted.", "一秒之后：相同的正文，尝试次数加一。"],
      "x-stainless-retry-count",
    ),
    step(1, "answer", '"type":"message_start"', [
      "Now it is let through. The program that called the SDK has noticed nothing but the wait.",
      "这次通过了。调用 SDK 的程序只感到多等了一会儿。",
    ]),
  ],
  question: question(
    4,
    ["Who sends the request again?", "由谁重新发送请求？"],
    [
      ["The SDK, by itself", "SDK 自动发送"],
      ["Yes: the program that called it only waits longer.", "对：调用它的程序只是多等一会儿。"],
    ],
    [
      ["The provider", "服务商"],
      ["It has forgotten the request.", "它已不记得该请求。"],
    ],
    [
      ["The proxy", "代理"],
      ["It passes on what comes, and adds nothing.", "它只转发，不添加任何内容。"],
    ],
  ),
};
