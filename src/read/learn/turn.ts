/** A message of a conversation, its system prompt, its tools or its answer, explained by its place in the whole. */
import { entriesIn, explainValue } from "../glossary/explain.ts";
import type { Entry } from "../glossary/entry.ts";
import type { Part, Reading } from "../reading.ts";
import { explained, type Explained } from "./explained.ts";
import { said, type Said } from "./note.ts";

/** `n` counts from 1, as the page does. */
export type Turned = { readonly n: number } | "system" | "tools" | "answer";

export function explainTurn(reading: Reading, which: Turned): Explained | null {
  const concept = (word: string): Entry | null =>
    entriesIn(reading.dialect).find(({ same }) => same === word) ?? null;
  if (which === "system")
    return explained("system", [concept("system")], {
      dialect: reading.dialect,
      why: [weight(reading.system)],
    });
  if (which === "tools")
    return explained("tools", [concept("tools")], { dialect: reading.dialect, why: [offered(reading)] });
  if (which === "answer") return ofAnswer(reading, concept);
  return ofMessage(reading, which.n, concept);
}

type Concept = (word: string) => Entry | null;

function ofMessage({ messages, dialect }: Reading, n: number, concept: Concept): Explained | null {
  const turn = messages[n - 1];
  if (!turn) return null;
  const result = turn.parts.find((part) => part.type === "tool_result");
  const calls = turn.parts.filter((part) => part.type === "tool_call");
  const [first, ...others] = calls;
  const entry = result ? concept("tool-result") : first ? concept("tool-calls") : null;
  const next = first
    ? said([
        `The client ran \`${first.name}\`${others.length > 0 ? ` and ${others.length} more` : ""}; message ${n + 1} brings what came back.`,
        `客户端运行了 \`${first.name}\`${others.length > 0 ? ` 等 ${calls.length} 个工具` : ""}；第 ${n + 1} 条消息带回结果。`,
      ])
    : n === messages.length
      ? said(["It is the last message: the model answers now.", "这是最后一条消息：接下来由模型回答。"])
      : said([
          `Message ${n + 1}, of the ${messages[n]?.role ?? "other"}.`,
          `第 ${n + 1} 条消息，角色为 ${messages[n]?.role ?? "其他"}。`,
        ]);
  return explained(turn.role, entry ? [entry, concept("role")] : [concept("role"), concept("messages")], {
    dialect,
    why: [sentBefore(messages, n), ...(result ? [answers(messages, n, result)] : [])],
    next: [next],
  });
}

/** What stands before the model's last word was sent with the request before, too. */
function sentBefore(messages: Reading["messages"], n: number): Said {
  const saidLast = messages.findLastIndex(({ role }) => role === "assistant");
  if (saidLast < 0)
    return said([
      "The conversation begins with this request: nothing of it was sent before.",
      "对话从该请求开始：之前没有发送过任何内容。",
    ]);
  return n - 1 > saidLast
    ? said([
        "It is new in this request: it came after the model's last answer.",
        "它是本次请求新增的：出现在模型上一次回答之后。",
      ])
    : said([
        "It was in the request before as well, or was its answer: the whole past is sent again.",
        "它在上一个请求中已发送过，或是其回答：全部历史会重新发送。",
      ]);
}

type Result = Extract<Part, { type: "tool_result" }>;

function answers(messages: Reading["messages"], n: number, { id }: Result): Said {
  for (let at = n - 2; at >= 0; at--) {
    const call = messages[at]?.parts.find((part) => part.type === "tool_call" && part.id === id);
    if (call?.type !== "tool_call") continue;
    return said([
      `It answers the call of \`${call.name}\` in message ${at + 1}: the same id stands in both.`,
      `它回应第 ${at + 1} 条消息中对 \`${call.name}\` 的调用：两处的 id 相同。`,
    ]);
  }
  return said(["No earlier message asks for it.", "之前没有消息请求过它。"]);
}

function ofAnswer(
  { dialect, finish_reason, tool_calls, answer, error }: Reading,
  concept: Concept,
): Explained {
  const ended =
    finish_reason === null
      ? null
      : ENDINGS.map((path) => explainValue(dialect, "response", path, finish_reason)).find(
          (it) => it !== null,
        );
  const [first] = tool_calls;
  const entry = first ? concept("tool-calls") : concept("answer-text");
  const kinds = [...new Set(answer.parts.map(({ type }) => type))].join(", ");
  const [n, parts] = [
    answer.parts.length,
    answer.parts.length === 1 ? "one part" : `${answer.parts.length} parts`,
  ];
  const why = kinds
    ? [said([`It is made of ${parts}: ${kinds}.`, `它由 ${n} 个部分组成：${kinds}。`])]
    : [said(["No part of it came.", "没有收到任何部分。"])];
  const next = first
    ? said([
        `The client runs \`${first.name}\` and asks again, with the result.`,
        `客户端运行 \`${first.name}\`，并带着结果再次请求。`,
      ])
    : error
      ? said(["The client shows the error, waits or tries again.", "客户端显示错误、等待或重试。"])
      : said(["It is the user's turn.", "轮到用户。"]);
  return explained("answer", [entry, ended ?? null], { dialect, why, next: [next] });
}

const ENDINGS = ["choices.finish_reason", "stop_reason", "candidates.finishReason", "stopReason", "status"];

function weight(parts: readonly Part[]): Said {
  const characters = parts.reduce((sum, part) => sum + (part.type === "text" ? part.text.length : 0), 0);
  return said([
    `This one has ${characters} characters, about ${Math.ceil(characters / 4)} tokens in every request.`,
    `此处共 ${characters} 个字符，每个请求约占 ${Math.ceil(characters / 4)} 个 token。`,
  ]);
}

function offered({ tools, tool_calls }: Reading): Said {
  const called = new Set(tool_calls.map(({ name }) => name)).size;
  return said([
    `${tools.length} were offered here; the answer calls ${called} of them.`,
    `此处提供了 ${tools.length} 个；回答调用了其中 ${called} 个。`,
  ]);
}
