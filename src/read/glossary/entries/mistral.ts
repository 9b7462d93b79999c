/** What Mistral has beside OpenAI's shape: conversations that the server keeps, and reading documents. */
import { entriesOf, type Entry } from "../entry.ts";

const { field, event } = entriesOf("mistral-conversations", "https://docs.mistral.ai/agents/agents");
const ocr = entriesOf("mistral-ocr", "https://docs.mistral.ai/capabilities/document_ai/basic_ocr");

export const mistral: readonly Entry[] = [
  field(
    "$.inputs",
    "What is new in the conversation: a text or a list of entries.",
    "会话中的新内容：一段文本或条目列表。",
    {
      same: "messages",
    },
  ),
  field("$.outputs", "What the model and its tools did, entry by entry.", "模型及其工具所做的事，逐条列出。"),
  field(
    ["inputs[].type", "outputs[].type", "inputs[].object", "outputs[].object"],
    "Which kind of entry this is: a message, a call of a function, its result, a tool that ran.",
    "条目的类型：消息、函数调用、函数结果或已运行的工具。",
  ),
  field(
    ["conversation_id", "agent_id"],
    "The conversation that the server keeps, and the agent that answers in it.",
    "服务端保存的会话，以及其中作答的智能体。",
  ),
  field(
    ["$.instructions", "completion_args", "store", "handoff_execution"],
    "How to answer: rules, settings of the model, whether the conversation is kept, who runs a handoff.",
    "如何作答：规则、模型设置、是否保存会话、由谁执行转交。",
    { side: "request" },
  ),
  field("tool_call_id", "Joins a call of a function with its result.", "把函数调用与其结果对应起来。", {
    same: "tool-call-id",
  }),
  field(["outputs[].name", "$.name"], "The function or tool that is called.", "所调用的函数或工具。", {
    same: "tool-name",
  }),
  field(
    ["outputs[].arguments", "$.arguments"],
    "The call's arguments as JSON text, or their next piece.",
    "调用参数（JSON 文本），或其中的下一段。",
    { same: "tool-arguments" },
  ),
  field(["inputs[].result"], "What the function gave.", "函数的返回结果。", { same: "tool-result" }),
  field(
    ["outputs[].content", "inputs[].content", "$.content"],
    "The words of this entry, or their next piece.",
    "该条目的文字，或其中的下一段。",
    { same: "answer-text" },
  ),
  field(
    ["output_index", "content_index"],
    "Which entry, and which part of it, this piece belongs to.",
    "该片段属于第几个条目的第几部分。",
    { side: "stream" },
  ),
  field(
    ["outputs[].role", "$.role"],
    "Who speaks; here it is always `assistant`.",
    "发言者，此处总是 `assistant`。",
    {
      same: "role",
    },
  ),
  field(
    ["outputs[].id", "outputs[].model", "$.id", "$.model"],
    "The entry's id, and the model that wrote it.",
    "条目的标识与写下它的模型。",
  ),
  field(
    ["created_at", "completed_at", "outputs[].info"],
    "When the entry was begun and done, and what the tool noted.",
    "条目的开始与完成时间，以及工具的附注。",
  ),
  field(
    ["usage.connector_tokens", "usage.connectors"],
    "Tokens that the server's tools took, and how often each was used.",
    "服务端工具占用的 token 与各工具的使用次数。",
    { below: "named" },
  ),
  event(
    ["conversation.response.started", "conversation.response.done", "conversation.response.error"],
    "The answer begins, is done (with the token counts), or failed.",
    "回答开始、完成（附 token 用量）或失败。",
  ),
  event("message.output.delta", "The next words of the answer.", "回答文字的下一段。"),
  event("function.call.delta", "A call of a function, or its next piece.", "函数调用，或其中的下一段。"),
  event(
    ["tool.execution.started", "tool.execution.delta", "tool.execution.done"],
    "A tool runs at Mistral: it starts, its arguments come, it is done.",
    "工具在 Mistral 端运行：开始、参数到达、完成。",
  ),
  event(
    ["agent.handoff.started", "agent.handoff.done"],
    "One agent hands the conversation over to another.",
    "一个智能体把会话转交给另一个。",
  ),
  ocr.field(
    ["$.document", "document.type", "document.document_url", "document.image_url", "document.document_name"],
    "The document or image to read: its kind and its address.",
    "要识别的文档或图片：类型与地址。",
  ),
  ocr.field(
    ["$.pages", "pages[].index", "pages[].markdown"],
    "The pages that were read, each as Markdown.",
    "识别出的各页，内容为 Markdown。",
  ),
  ocr.field(
    ["pages[].images", "images[].id", "images[].image_base64", "include_image_base64"],
    "Images found on the page, and whether their data is sent along.",
    "页面中的图片，以及是否一并返回图片数据。",
  ),
  ocr.field(
    [
      "pages[].dimensions",
      "dimensions.dpi",
      "dimensions.height",
      "dimensions.width",
      "images[].top_left_x",
      "images[].top_left_y",
      "images[].bottom_right_x",
      "images[].bottom_right_y",
    ],
    "How large the page is, and where on it the image stands.",
    "页面尺寸与图片所在位置。",
  ),
  ocr.field(
    ["usage_info", "usage_info.pages_processed", "usage_info.doc_size_bytes"],
    "What is billed: pages, not tokens.",
    "计费依据：页数，而非 token。",
  ),
];
