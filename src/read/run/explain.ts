/** What the words of runs mean, for people who meet them the first time: problems, the rules of ties, states of calls. */
import type { StepState, TieRule } from "../../fact/rows.ts";
import type { Explanation } from "../problems/explain.ts";

export const runProblems: Readonly<Record<string, Explanation>> = {
  "join/attempts": {
    en: "The same messages were sent again after an error or a cut: a retry, or a fallback to another model. It is one step of the run.",
    zh: "在出错或中断之后，相同的消息被再次发送：这是重试，或回退到另一个模型。在运行中算作同一步。",
  },
  "join/model-failed": {
    en: "No attempt brought an answer that the run could go on with.",
    zh: "所有尝试都没有得到可以让运行继续的回答。",
  },
  "join/arguments-changed": {
    en: "The host may add defaults, turn a text into a number or drop what the schema does not name. What the server got is not what the model wrote.",
    zh: "宿主可能补上默认值、把文本转换为数字，或丢掉模式中没有的字段。服务器收到的与模型写出的并不相同。",
  },
  "join/structured-only": {
    en: "A result may come as text and as structured content. This host shows the model the structured one; the text is for hosts that do not know it.",
    zh: "结果可以同时包含文本和结构化内容。该宿主只向模型展示结构化内容；文本是给不支持它的宿主准备的。",
  },
  "join/content-only": {
    en: "A result may come as text and as structured content. This host shows the model the text; exact values that stand only in the structured content do not reach it.",
    zh: "结果可以同时包含文本和结构化内容。该宿主只向模型展示文本；只存在于结构化内容中的精确值不会到达模型。",
  },
  "join/result-twice": {
    en: "The model got the same result in both forms. Each costs tokens, now and in every later request that brings the conversation again.",
    zh: "模型以两种形式得到了同一个结果。两者都要消耗词元，之后每次重新发送对话时还会再次消耗。",
  },
  "join/result-cut": {
    en: "Hosts cut long results to save context. What the model answers rests on what was left.",
    zh: "为节省上下文，宿主会截断较长的结果。模型的回答只基于保留下来的部分。",
  },
  "join/result-rewritten": {
    en: "The host put the result into other words before the model saw it. The marked difference shows which.",
    zh: "在模型看到之前，宿主改写了结果。标出的差异就是被改动的地方。",
  },
  "join/result-replaced": {
    en: "The model saw something else than the server's result: an error of the host's own, a refusal, or a summary.",
    zh: "模型看到的并不是服务器的结果，而是宿主自己的错误、拒绝信息或摘要。",
  },
  "join/media-dropped": {
    en: "Images, sound, links and embedded resources are parts of a result. This host did not hand them on.",
    zh: "图像、音频、链接和内嵌资源都是结果的一部分。该宿主没有把它们传给模型。",
  },
  "join/media-as-text": {
    en: "Something that is no text reached the model as a few words about it, or as its address.",
    zh: "非文本内容到达模型时只剩几个描述它的字，或仅是它的地址。",
  },
  "join/meta-leaked": {
    en: "`_meta` is meant for the host, not for the model. Here the model saw it, and paid for it.",
    zh: "`_meta` 是给宿主的，不是给模型的。这里模型看到了它，并为此消耗了词元。",
  },
  "join/error-lost": {
    en: "A server says with `isError` that a call failed, so that the model can mend it. Without that the model takes the words for a success.",
    zh: "服务器用 `isError` 表示调用失败，以便模型纠正。缺少这一标记，模型会把这些文字当作成功的结果。",
  },
  "join/not-sent": {
    en: "Some hosts check a call against the tool's schema, or ask a person, and send nothing when it does not pass. The model is told so; the server never knows.",
    zh: "有些宿主会先按工具的模式检查调用，或询问用户，不通过就不发送。模型会得到说明，服务器则毫不知情。",
  },
  "join/no-answer": {
    en: "The call was sent and no answer came: the server hangs, was stopped, or lost it.",
    zh: "调用已发送但没有应答：服务器卡住、被停止，或丢失了该调用。",
  },
  "join/never-sent-back": {
    en: "The server did its work, and the model never learned of it: the host lost the result, or a person went on before it came.",
    zh: "服务器完成了工作，但模型从未得知：宿主丢失了结果，或用户在结果到来之前就继续了。",
  },
  "join/answered-late": {
    en: "The host told the model something else, often a time-out, before the server answered. The real result reached nobody.",
    zh: "在服务器应答之前，宿主已告诉模型别的内容（通常是超时）。真正的结果没有送达任何人。",
  },
  "join/clocks-differ": {
    en: "The two sides were recorded with different clocks, on two machines perhaps. Ids tie them all the same; how long each waited for the other cannot be said.",
    zh: "两端由不同的时钟记录，可能来自两台机器。id 仍能把它们对应起来，但无法说明彼此等待了多久。",
  },
  "join/order-changed": {
    en: "Results may stand in the order in which they came. Each names its call, so nothing is wrong with it. The parts of one result name nothing: there the order may be what they mean.",
    zh: "结果可能按到达的先后排列。每个结果都标明了对应的调用，因此没有问题。同一结果的各部分则没有标识，顺序本身可能就有含义。",
  },
  "join/repeated": {
    en: "An agent that calls the same with the same arguments again and again is often stuck: the result does not tell it what it needs.",
    zh: "智能体反复用相同参数发起相同调用，往往是陷入了循环：结果没有给出它需要的信息。",
  },
  "join/not-asked": {
    en: "A person in an inspector, a script or another program made this call, or the model that asked was not recorded.",
    zh: "该调用来自调试工具中的用户、脚本或其他程序，或者发出请求的模型没有被记录。",
  },
};

export const tieRules: Readonly<Record<TieRule, Explanation>> = {
  "meta-tool-use-id": {
    en: "The id of the model's call stands in `_meta` of the MCP call.",
    zh: "模型调用的 id 出现在 MCP 调用的 `_meta` 中。",
  },
  "codex-call-id": {
    en: "Codex writes the model's `call_id` into `_meta` of the MCP call.",
    zh: "Codex 把模型的 `call_id` 写入 MCP 调用的 `_meta`。",
  },
  "codex-item-id": {
    en: "Codex writes the id of the model's item into `_meta`; one script may make several calls.",
    zh: "Codex 把模型条目的 id 写入 `_meta`；一段脚本可能发起多次调用。",
  },
  traceparent: {
    en: "Both wires carry the same W3C trace, and name and arguments fit nothing else in it.",
    zh: "两侧带有相同的 W3C 追踪标识，且其中没有其他调用符合名称与参数。",
  },
  "thread-id": {
    en: "Both wires name the same thread; name, arguments and order fit nothing else.",
    zh: "两侧标明同一个线程；名称、参数和先后顺序没有其他可匹配的。",
  },
  "run-id": {
    en: "`run` gave both wires one id; within it name, arguments and order fit nothing else.",
    zh: "`run` 为两侧写入同一个 id；其中名称、参数和先后顺序没有其他可匹配的。",
  },
  "name+arguments+order": {
    en: "The name as hosts write it, equal arguments, and the time between answer and next request fit nothing else.",
    zh: "按宿主写法对应的名称、相同的参数，以及回答与下一请求之间的时间，没有其他可匹配的。",
  },
  "name+result-text": {
    en: "The arguments differ, but the name fits and the model saw this very result.",
    zh: "参数不同，但名称相符，且模型看到的正是这个结果。",
  },
};

export const stepStates: Readonly<Record<StepState, Explanation>> = {
  asked: { en: "The host has it: it may wait for a person's word.", zh: "宿主已收到：可能在等待用户确认。" },
  "not-sent": { en: "Asked, and not sent by the host.", zh: "模型已请求，宿主没有发送。" },
  unrecorded: {
    en: "A server's tool, and no session of that server was recorded.",
    zh: "属于某个服务器的工具，但没有记录到该服务器的会话。",
  },
  running: { en: "The server is at it.", zh: "服务器正在执行。" },
  served: { en: "Asked and served.", zh: "已请求并已执行。" },
  cancelled: { en: "Sent, and called off.", zh: "已发送，随后被取消。" },
  "no-answer": { en: "Sent, and never answered.", zh: "已发送，始终没有应答。" },
  host: { en: "The host ran it itself.", zh: "由宿主自己执行。" },
  provider: { en: "Ran where the model runs.", zh: "在模型提供方执行。" },
  nobody: { en: "No recorded model asked for it.", zh: "没有任何被记录的模型请求过它。" },
  ok: { en: "The model answered.", zh: "模型已回答。" },
  failed: { en: "No answer came of it.", zh: "没有得到回答。" },
};
