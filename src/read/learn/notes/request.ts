/** What a request carries, whatever a dialect calls it. */
import { note, type Notes } from "../note.ts";

export const ofRequests: Notes = [
  note(
    "same messages",
    [
      "The API remembers nothing between requests: the client sends the whole conversation each time.",
      "API 不会记住之前的请求：客户端每次都要发送完整对话。",
    ],
    [
      "The answer is appended to this list, and the next request sends all of it again.",
      "回答会追加到这个列表，下一个请求再把全部内容发送一遍。",
    ],
  ),
  note(
    "same system",
    [
      "Who the model should be is said once, apart from what the user says, so that the user cannot easily overrule it.",
      "模型的角色单独说明，与用户的话分开，使用户不易推翻它。",
    ],
    [
      "It stands before all messages of every request; unchanged, it is what a cache can keep.",
      "它位于每个请求的所有消息之前；保持不变时，正好可以被缓存。",
    ],
  ),
  note(
    "same role",
    [
      "A model reads one text; the role says whose words these are.",
      "模型读到的是一段文本；角色说明这些话是谁说的。",
    ],
    [
      "After the user's words the assistant's follow; after a tool call, the tool's.",
      "用户之后是助手；工具调用之后是工具结果。",
    ],
  ),
  note(
    "same model",
    [
      "One address serves many models: the request names the one that is to answer.",
      "同一地址服务于多个模型：请求指定由哪一个回答。",
    ],
    [
      "The answer names a model too, often with a date: the one that really ran.",
      "回答中也会给出模型名，通常带有日期：即实际运行的模型。",
    ],
  ),
  note(
    "same max-output",
    [
      "An upper limit for what may be generated, and so for what it may cost.",
      "限制最多生成多少，也就限制了费用。",
    ],
    [
      "Reached, the answer ends in the middle of a word and the reason for stopping says so.",
      "达到上限时，回答会在中途截断，停止原因会说明这一点。",
    ],
  ),
  note(
    "same temperature",
    [
      "Each token is drawn from a list of likely ones; this says how daring the draw is.",
      "每个 token 都从候选中抽取；它决定抽取的随机程度。",
    ],
    [
      "At 0 the same request mostly gets the same answer; higher, it varies.",
      "为 0 时相同的请求大多得到相同的回答；越高差异越大。",
    ],
  ),
  note(
    "same stream",
    [
      "An answer takes seconds. Streamed, a person reads while it is still being written.",
      "生成回答需要数秒。流式传输让人可以边生成边阅读。",
    ],
    [
      "The response is a stream of events instead of one JSON document.",
      "响应不再是一个 JSON 文档，而是一串事件。",
    ],
  ),
  note(
    "same tools",
    [
      "The model can only ask for what it was told of, so the client sends every tool with every request. They cost input tokens each time.",
      "模型只能请求它已知的工具，因此客户端每次都要发送全部工具。它们每次都计入输入 token。",
    ],
    [
      "The answer may hold a call of one of them. The client runs it: the API does not.",
      "回答中可能包含对某个工具的调用。由客户端执行，API 不会执行。",
    ],
  ),
  note(
    "same tool-name",
    [
      "The model writes this name when it wants the tool; the client finds the code by it.",
      "模型需要该工具时会写出这个名称；客户端据此找到代码。",
    ],
    ["The same name stands in the call.", "调用中会出现同样的名称。"],
  ),
  note(
    "same tool-description",
    [
      "All that the model knows of the tool is what stands here and in the schema: it is part of the prompt.",
      "模型对该工具的了解全部来自这里和 schema：它是提示的一部分。",
    ],
    ["From this the model decides whether and when to call it.", "模型据此决定是否以及何时调用它。"],
  ),
  note(
    "same tool-schema",
    [
      "It tells the model which arguments there are. Unless strict mode is on, nothing makes the model keep to it.",
      "它告诉模型有哪些参数。除非启用严格模式，否则无法保证模型遵守。",
    ],
    [
      "The arguments of a call should match it; check before you run anything.",
      "调用的参数应符合它；运行之前请先校验。",
    ],
  ),
  note(
    "same tool-choice",
    [
      "Left alone the model decides by itself; this forces, forbids or names a tool.",
      "默认由模型自行决定；这里可以强制、禁止或指定工具。",
    ],
    ["The answer holds a call, or none, accordingly.", "回答中会相应地包含或不包含调用。"],
  ),
  note(
    "same tool-result",
    [
      "The client ran the tool and brings what came back: only now can the model see it.",
      "客户端运行了工具并带回结果：模型此时才能看到它。",
    ],
    ["The model answers with it, or asks for the next tool.", "模型据此回答，或请求下一个工具。"],
  ),
  note(
    "same tool-result-id",
    [
      "Several calls may have been asked for at once: the id says which one this result belongs to.",
      "可能同时请求了多个调用：id 说明该结果属于哪一个。",
    ],
    [
      "Every call needs exactly one result, or the API refuses the request.",
      "每个调用都必须恰好有一个结果，否则 API 会拒绝请求。",
    ],
  ),
  note(
    "same tool-error",
    [
      "The tool failed. The model is told in words instead of the request failing.",
      "工具执行失败。通过文字告诉模型，而不是让请求失败。",
    ],
    [
      "The model reads why and tries again, otherwise, or gives up.",
      "模型读到原因后会重试、换种方式或放弃。",
    ],
  ),
  note(
    "same parallel-tools",
    [
      "Calls that do not need each other can be asked for in one answer and run side by side.",
      "互不依赖的调用可以在一个回答中同时请求、并行执行。",
    ],
    ["Their results go back together, in one request.", "它们的结果在同一个请求中一并返回。"],
  ),
  note(
    "same cache-breakpoint",
    [
      "Up to this mark the prompt will be the same next time: the provider may keep what it has worked out so far.",
      "到此标记为止的提示下次不会变：服务商可以保存已计算的部分。",
    ],
    [
      "The usage says what was written and, next time, what was read. One changed character before the mark, and it is not found.",
      "用量会说明写入了多少，以及下次读取了多少。标记之前哪怕改动一个字符，也无法命中。",
    ],
  ),
  note(
    "same reasoning-effort",
    [
      "Thinking makes answers better, slower and dearer: the request says how much is wanted.",
      "思考让回答更好，但更慢、更贵：请求说明需要多少思考。",
    ],
    [
      "Before the first word there is more or less silence, and reasoning tokens are counted as output.",
      "首个词之前的等待或长或短，推理 token 计入输出。",
    ],
  ),
  note(
    "same thinking-budget",
    ["A limit for the tokens that may be spent on thinking.", "限制可用于思考的 token 数。"],
    ["What is thought counts as output, on top of the answer itself.", "思考内容与回答一样计入输出。"],
  ),
  note(
    "same structured-output",
    [
      "A program reads the answer, so it has to be JSON of a known shape.",
      "回答由程序读取，因此必须是已知结构的 JSON。",
    ],
    [
      "The text of the answer is that JSON; cut by a limit, it is no JSON any more.",
      "回答文本就是该 JSON；若因上限被截断，就不再是合法 JSON。",
    ],
  ),
  note(
    "same stop",
    [
      "The client knows a text behind which it needs nothing more.",
      "客户端知道出现某段文本后就不再需要后续内容。",
    ],
    ["Generation ends there, and the text itself is left out.", "生成到此结束，且不包含该文本本身。"],
  ),
  note(
    "same image",
    [
      "The model looks at pictures too; they travel as base64 or as an address.",
      "模型也能看图片；以 base64 或地址传输。",
    ],
    [
      "A picture counts as tokens by its size, again in every request that holds it.",
      "图片按尺寸计为 token，每个包含它的请求都会重复计费。",
    ],
  ),
];
