/** What each milestone is called and what it means, for people who meet it the first time. */
import type { MilestoneName } from "../../fact/milestones.ts";

type Meaning = { readonly name: string; readonly means: string };

export const milestoneMeanings: Readonly<
  Record<MilestoneName, { readonly en: Meaning; readonly zh: Meaning }>
> = {
  retry: {
    en: {
      name: "Retry",
      means: "The SDK sends the same request again after an error, on its own. It says so in a header.",
    },
    zh: { name: "重试", means: "出错后，SDK 自动重新发送同一请求，并在请求头中标明。" },
  },
  "tool-served": {
    en: {
      name: "Tool served",
      means: "The tool ran, and its result is here. The model sees it only once a request carries it back.",
    },
    zh: { name: "工具已执行", means: "工具已运行，结果在此。只有当请求把结果带回时，模型才能看到它。" },
  },
  compaction: {
    en: {
      name: "Compaction",
      means:
        "Older parts of the conversation were replaced by less, so that it fits into the context window.",
    },
    zh: { name: "上下文压缩", means: "较早的对话内容被更短的内容取代，以便放入上下文窗口。" },
  },
  "cache-hit": {
    en: {
      name: "Cache hit",
      means:
        "The beginning of this prompt was in the provider's cache: read, not worked out anew, and cheaper.",
    },
    zh: { name: "命中缓存", means: "提示的开头已在服务商的缓存中：直接读取，无需重新计算，也更便宜。" },
  },
  "cache-write": {
    en: {
      name: "Cache write",
      means:
        "The beginning of this prompt was kept for the next request. Writing costs more than plain input.",
    },
    zh: { name: "写入缓存", means: "提示的开头已保存，供下一个请求使用。写入比普通输入更贵。" },
  },
  "reasoning-began": {
    en: {
      name: "Reasoning began",
      means: "The model thinks before it answers. These tokens are paid as output, shown or not.",
    },
    zh: { name: "开始推理", means: "模型在回答之前先思考。这些 token 按输出计费，无论是否展示。" },
  },
  "first-token": {
    en: {
      name: "First token",
      means: "The first piece of the answer is here. Until now a person saw nothing but a spinner.",
    },
    zh: { name: "首个 token", means: "回答的第一部分到达。在此之前，用户看到的只有等待。" },
  },
  "tool-asked": {
    en: {
      name: "Tool asked",
      means:
        "A tool is asked for, by name and with arguments. Asking runs nothing: whoever has the tool does.",
    },
    zh: {
      name: "请求调用工具",
      means: "按名称和参数请求一个工具。请求本身不会运行任何东西，由拥有工具的一方执行。",
    },
  },
  "provider-tool": {
    en: {
      name: "Provider's tool",
      means: "The provider ran this tool itself, such as a web search. The client has nothing to do.",
    },
    zh: { name: "服务商工具", means: "服务商自行运行了该工具，例如网页搜索。客户端无需处理。" },
  },
  finished: {
    en: {
      name: "Finished",
      means: "The model stopped, and says why in one word. The word decides what the client does next.",
    },
    zh: { name: "回答结束", means: "模型停止生成，并用一个词说明原因。客户端据此决定下一步。" },
  },
  "handshake-began": {
    en: {
      name: "Handshake began",
      means:
        "The client says which revision it speaks and what it can do. Up to 2025-11-25 nothing comes before this.",
    },
    zh: {
      name: "握手开始",
      means: "客户端说明自己使用的协议版本和能力。在 2025-11-25 及之前，它必须是第一条消息。",
    },
  },
  "handshake-done": {
    en: {
      name: "Handshake done",
      means: "Both sides know what the other can do. From here on the client may ask for anything offered.",
    },
    zh: { name: "握手完成", means: "双方已了解对方的能力。从此客户端可以请求服务器提供的任何功能。" },
  },
  discovered: {
    en: {
      name: "Server discovered",
      means:
        "The server has said what it can do. Since 2026-07-28 this replaces the handshake, and it is optional.",
    },
    zh: { name: "已发现服务器", means: "服务器说明了自己的能力。自 2026-07-28 起它取代握手，而且是可选的。" },
  },
  "tools-listed": {
    en: {
      name: "Tools listed",
      means: "The server's tools with their schemas. The host copies them into every request to the model.",
    },
    zh: { name: "列出工具", means: "服务器的工具及其 schema。宿主会把它们复制到发给模型的每个请求中。" },
  },
  "tool-failed": {
    en: {
      name: "Tool failed",
      means:
        "The tool itself says that it failed. The call went well: the model reads the words and may try again.",
    },
    zh: { name: "工具执行失败", means: "工具自己报告失败。调用过程本身正常：模型会读到这些文字并可以重试。" },
  },
  "progress-began": {
    en: {
      name: "Progress began",
      means: "The server tells how far it is, because the request gave it a token to do so with.",
    },
    zh: { name: "开始报告进度", means: "请求中带有进度 token，服务器据此报告进展。" },
  },
  "elicitation-asked": {
    en: {
      name: "Elicitation asked",
      means: "In the middle of its work the server asks the person something. The model is not involved.",
    },
    zh: { name: "向用户提问", means: "服务器在工作途中向用户提问，模型并不参与。" },
  },
  "elicitation-answered": {
    en: {
      name: "Elicitation answered",
      means: "The person accepted, declined or dismissed the question; the server goes on with that.",
    },
    zh: { name: "用户已答复", means: "用户接受、拒绝或关闭了提问，服务器据此继续。" },
  },
  "sampling-asked": {
    en: {
      name: "Sampling asked",
      means: "The server asks for an answer of the host's model: it has none of its own.",
    },
    zh: { name: "请求模型采样", means: "服务器请求宿主的模型给出回答：它自己没有模型。" },
  },
  "sampling-answered": {
    en: {
      name: "Sampling answered",
      means: "The host's model has answered the server, as far as the person let it.",
    },
    zh: { name: "采样已返回", means: "在用户允许的范围内，宿主的模型回答了服务器。" },
  },
  "roots-asked": {
    en: { name: "Roots asked", means: "The server asks in which folders it may work." },
    zh: { name: "询问根目录", means: "服务器询问可以在哪些目录中工作。" },
  },
  "roots-answered": {
    en: { name: "Roots answered", means: "The folders that the host has opened to the server." },
    zh: { name: "已返回根目录", means: "宿主向服务器开放的目录。" },
  },
  "input-asked": {
    en: {
      name: "Input asked",
      means:
        "Instead of a result the server says what it needs first. Since 2026-07-28 this is how it asks back.",
    },
    zh: {
      name: "需要补充输入",
      means: "服务器没有给出结果，而是说明还需要什么。自 2026-07-28 起，它以这种方式反问。",
    },
  },
  "input-answered": {
    en: {
      name: "Input answered",
      means: "The same request again, with what the server asked for and under a new id.",
    },
    zh: { name: "已补充输入", means: "同一请求带着服务器要求的内容、以新的 id 再次发送。" },
  },
  "resource-read": {
    en: {
      name: "Resource read",
      means: "The content of a resource. The host decides whether the model ever sees it.",
    },
    zh: { name: "读取资源", means: "资源的内容。模型是否会看到它，由宿主决定。" },
  },
  "prompt-given": {
    en: {
      name: "Prompt given",
      means: "A prompt of the server's, filled in: messages that the person chose to send.",
    },
    zh: { name: "取得提示模板", means: "服务器的提示模板已填好：用户选择发送的消息。" },
  },
  "task-made": {
    en: {
      name: "Task made",
      means: "This will take longer: the server answers with a handle, and the result is fetched later.",
    },
    zh: { name: "建立任务", means: "操作耗时较长：服务器先返回任务句柄，结果稍后获取。" },
  },
  "task-done": {
    en: { name: "Task done", means: "The work that was promised with the handle is over." },
    zh: { name: "任务完成", means: "任务句柄所对应的工作已经结束。" },
  },
  subscribed: {
    en: {
      name: "Subscribed",
      means: "The stream for changes is open. Silence on it is no hang: it speaks when something changes.",
    },
    zh: { name: "已订阅", means: "变更通知流已打开。安静不代表卡住：有变化时才会发送。" },
  },
  "list-changed": {
    en: {
      name: "List changed",
      means: "What the server offers is not what it was. A client that cares asks for the list again.",
    },
    zh: { name: "列表已变更", means: "服务器提供的内容有变化。关心的客户端会重新请求列表。" },
  },
  cancelled: {
    en: {
      name: "Cancelled",
      means: "Whoever asked wants no answer any more. One that is on its way already may still come.",
    },
    zh: { name: "已取消", means: "请求方不再需要应答。已经在途中的应答仍可能到达。" },
  },
};
