/** A message of MCP, explained by its method and by what belongs to it: its call, its answer, what it was asked in. */
import type { ShownLine } from "../../fact/live.ts";
import { explain } from "../glossary/explain.ts";
import type { Call } from "../mcp/reading.ts";
import { milestoneMeanings } from "../milestones/meanings.ts";
import { RULES } from "../mcp/rules.ts";
import { explained, time, type Explained } from "./explained.ts";
import { said, type Said } from "./note.ts";

/** `parent`: of what the server asked, the client's call that it belongs to. */
export type About = { readonly call: Call | null; readonly parent: Call | null };

export function explainMessage(row: ShownLine, about: About): Explained {
  const { kind, method } = row;
  if (kind === "raw" || kind === "stderr" || kind === "event" || kind === "invalid") return noMessage(row);
  const isAnswer = kind === "result" || kind === "error";
  const entry = method === null ? null : explain("mcp", `method:${method}`);
  const shape = isAnswer ? explain("mcp", kind === "error" ? "field:$.error" : "field:$.result") : null;
  const then =
    row.milestone === "input-asked" ? ASKS_BACK : kind === "result" ? AFTER[method ?? ""] : undefined;
  const here = { why: whyHere(row, about), next: then ? [then] : nextHere(row, about.call) };
  const told = isAnswer
    ? answerOf(method ?? kind, [shape, entry], here, then !== undefined)
    : explained(method ?? kind, [entry], here);
  const step = row.milestone === null ? null : milestoneMeanings[row.milestone];
  const what = step ? [...told.what, { en: step.en.means, zh: step.zh.means }] : told.what;
  return { ...told, what };
}

type Here = Parameters<typeof explained>[2];

/** What follows a result is known by its method: the general word would only be in the way. */
function answerOf(
  name: string,
  entries: Parameters<typeof explained>[1],
  here: Here,
  isKnown: boolean,
): Explained {
  const told = explained(name, entries, here);
  return isKnown ? { ...told, next: here?.next ?? [] } : told;
}

const ASKS_BACK = said([
  "The client asks the person, and sends the same request again under a new id, with the answers in `inputResponses`.",
  "客户端询问用户，再以新的 id 重新发送同一请求，答复放在 `inputResponses` 中。",
]);

const AFTER: Readonly<Record<string, Said>> = {
  initialize: said([
    "The client sends `notifications/initialized`; before that it may ask for nothing but `ping`.",
    "客户端发送 `notifications/initialized`；在此之前除 `ping` 外不能请求其他内容。",
  ]),
  "server/discover": said([
    "The client asks for what it needs, naming a revision of this list in every request.",
    "客户端请求所需内容，并在每个请求中注明列表中的某个版本。",
  ]),
  "tools/list": said([
    "The host offers these tools to the model, under its own names for them, in every request.",
    "宿主以自己的命名把这些工具提供给模型，每个请求都会带上。",
  ]),
  "tools/call": said([
    "The host puts the result into the next request to the model: only then does the model see it.",
    "宿主把结果放入发给模型的下一个请求：模型此时才能看到它。",
  ]),
  "elicitation/create": said([
    "The server goes on with the call that it had to ask in.",
    "服务器继续执行它为之提问的调用。",
  ]),
  "sampling/createMessage": said([
    "The server uses the answer for the call that it had to ask in.",
    "服务器把该回答用于它为之请求的调用。",
  ]),
};

function whyHere({ kind, seq, state, ms, of, from }: ShownLine, { call, parent }: About): Said[] {
  const found: Said[] = [];
  if ((kind === "result" || kind === "error") && of !== null)
    found.push(
      said([
        `It answers message ${of}${ms === null ? "" : ` after ${time(ms)}`}: both have the same id.`,
        `它应答第 ${of} 条消息${ms === null ? "" : `，用时 ${time(ms)}`}：两者 id 相同。`,
      ]),
    );
  if (state === "tool-error" && kind === "result")
    found.push(
      said([
        "The tool failed, and says so inside a result, so that the model can read why.",
        "工具执行失败，并在结果中说明，使模型能读到原因。",
      ]),
    );
  if (kind === "request" && from === "server" && parent)
    found.push(
      said([
        `The server asks while message ${parent.seq} (\`${parent.method}\`) is open: it needs this to go on.`,
        `第 ${parent.seq} 条消息（\`${parent.method}\`）尚未结束，服务器需要它才能继续。`,
      ]),
    );
  const round = call?.rounds.findIndex((it) => it.seq === seq) ?? -1;
  if (kind === "request" && round > 0)
    found.push(
      said([
        `The same call as message ${call?.rounds[round - 1]?.seq}, sent again with what the server asked for.`,
        `与第 ${call?.rounds[round - 1]?.seq} 条消息是同一次调用，带着服务器要求的内容重新发送。`,
      ]),
    );
  if (kind === "notification" && call)
    found.push(
      said([
        `It is about message ${call.seq}, \`${call.method}\`.`,
        `它与第 ${call.seq} 条消息 \`${call.method}\` 有关。`,
      ]),
    );
  return found;
}

function nextHere({ kind, seq }: ShownLine, call: Call | null): Said[] {
  if (kind !== "request" || !call) return [];
  const round = call.rounds.find((it) => it.seq === seq);
  if (call.cancelled)
    return [
      said([
        `Here it was cancelled by message ${call.cancelled.seq}.`,
        `此处被第 ${call.cancelled.seq} 条消息取消。`,
      ]),
    ];
  if (!round || round.answer_seq === null) return [said(["Here no answer has come.", "此处尚未收到应答。"])];
  const later = round.latency_ms === null ? "" : time(round.latency_ms);
  return [
    said([
      `Here its answer is message ${round.answer_seq}${later && `, ${later} later`}.`,
      `此处的应答是第 ${round.answer_seq} 条消息${later && `，${later} 之后`}。`,
    ]),
  ];
}

/** What stands in a record beside messages. */
function noMessage({ kind, method }: ShownLine): Explained {
  const stdio = "https://modelcontextprotocol.io/specification/2026-07-28/basic/transports/stdio";
  const rule =
    kind === "raw" ? RULES["mcp/not-json"] : kind === "invalid" ? RULES["mcp/invalid-message"] : null;
  const what: Said = rule
    ? { en: rule.en, zh: rule.zh }
    : kind === "stderr"
      ? said([
          "A line that the server printed for people. Over stdio stderr is the place for logs, and no error by itself.",
          "服务器打印给人看的一行。使用 stdio 时，stderr 用于日志，本身并不表示错误。",
        ])
      : said([
          "Not a message: something that the recorder saw happen to the connection.",
          "不是消息：记录器观察到的连接事件。",
        ]);
  const next =
    kind === "raw"
      ? said(["Some hosts hang up here, others skip it.", "有的宿主会在此断开，有的会跳过。"])
      : said(["Nobody has to answer it.", "无需任何人回应。"]);
  return { name: method ?? kind, what: [what], why: [], next: [next], same: [], source: stdio };
}
