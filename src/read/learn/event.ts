/** One event of a stream, explained by itself and by its neighbours: what it goes on with, what came before it, what came then. */
import type { Added, Lane } from "../dialect.ts";
import { entriesIn, explain } from "../glossary/explain.ts";
import type { Entry } from "../glossary/entry.ts";
import { isEndMark, type Frame } from "../frames/frame.ts";
import { isObject } from "../json.ts";
import type { Look } from "../look.ts";
import type { Usage } from "../reading.ts";
import { timelineEvent } from "../timeline.ts";
import { explained, time, type Explained } from "./explained.ts";
import { said, type Said } from "./note.ts";

type Of = { readonly look: Look; readonly usage: Usage | null; readonly isOver: boolean };

/** Null where the stream has no such event. Costs the events before it, once. */
export function explainEvent({ look, usage, isOver }: Of, n: number): Explained | null {
  const frames = look.stream?.frames ?? [];
  const frame = frames[n];
  if (!frame) return null;
  const dialect = look.dialect.name;
  const added = look.added.get(n) ?? [];
  const { type, lane } = timelineEvent(frame, added, 0);
  const own = nameOf(frame, type, dialect);
  const concept = conceptOf(dialect, added);
  // One name for all events says little: what it brings says more.
  const isGeneric = own === null || own.key.endsWith("chat.completion.chunk");
  const entries = isGeneric ? [concept, own] : [own, concept];
  return explained(isEndMark(frame.data) ? "[DONE]" : type, entries, {
    dialect,
    why: [
      ...placeOf(look, n, lane, added),
      ...(added.some((it) => it.lane === "usage") && usage ? [counted(usage)] : []),
      ...(!frame.whole ? [CUT] : []),
      ...timeOf(frames, n),
    ],
    next: [thenCame(frames, n, isOver)],
  });
}

function nameOf({ data, name }: Frame, type: string, dialect: string): Entry | null {
  if (isEndMark(data)) return explain(dialect, "event:[DONE]") ?? explain("openai-chat", "event:[DONE]");
  return explain(dialect, `event:${type}`) ?? (name === null ? null : explain(dialect, `event:${name}`));
}

/** The entry of this dialect for what the event brings. */
function conceptOf(dialect: string, added: readonly Added[]): Entry | null {
  const first = added.find(({ lane }) => lane !== "control") ?? added[0];
  if (!first) return null;
  const words =
    first.begins !== undefined && first.lane === "tool" ? ["tool-calls"] : (CONCEPTS[first.lane] ?? []);
  const entries = entriesIn(dialect);
  for (const word of words) {
    const found = entries.find(({ same }) => same === word);
    if (found) return found;
  }
  return null;
}

const CONCEPTS: Partial<Record<Lane, readonly string[]>> = {
  text: ["text-delta", "answer-text", "delta"],
  reasoning: ["reasoning-delta", "reasoning-text"],
  tool: ["arguments-delta", "tool-arguments"],
  usage: ["usage"],
  error: ["error-in-stream", "error"],
  control: ["stop-reason"],
};

/** What it goes on with: pieces of the same part before it. */
function placeOf(look: Look, n: number, lane: Lane, added: readonly Added[]): Said[] {
  if (n === 0) return [said(["It is the first event of the stream.", "这是流的第一个事件。"])];
  if (lane === "tool") return ofCall(look, n, added);
  if (lane !== "text" && lane !== "reasoning") return [];
  let [pieces, characters] = [0, 0];
  for (let at = 0; at <= n; at++)
    for (const it of look.added.get(at) ?? [])
      if (it.lane === lane && it.text !== "")
        [pieces, characters] = [pieces + 1, characters + it.text.length];
  const [en, zh] = lane === "text" ? ["text", "文本"] : ["reasoning", "推理"];
  if (pieces <= 1) return [said([`It is the first piece of the ${en}.`, `这是${zh}的第一个片段。`])];
  return [
    said([
      `It is piece ${pieces} of the ${en}, which has ${characters} characters with it.`,
      `这是${zh}的第 ${pieces} 个片段，至此共 ${characters} 个字符。`,
    ]),
  ];
}

function ofCall({ added: all }: Look, n: number, added: readonly Added[]): Said[] {
  const begins = added.find(({ lane, begins: name }) => lane === "tool" && name !== undefined)?.begins;
  if (begins !== undefined)
    return [
      said([
        `A call of \`${begins}\` begins: its arguments come in the events that follow.`,
        `对 \`${begins}\` 的调用开始：参数在后续事件中到达。`,
      ]),
    ];
  const part = added.find(({ lane }) => lane === "tool")?.part;
  let start = -1;
  let name = "";
  for (let at = n - 1; at >= 0 && start < 0; at--)
    for (const it of all.get(at) ?? [])
      if (it.lane === "tool" && it.begins !== undefined && (part === undefined || it.part === part))
        [start, name] = [at, it.begins];
  if (start < 0) return [];
  let text = "";
  for (let at = start; at <= n; at++)
    for (const it of all.get(at) ?? [])
      if (it.lane === "tool" && (part === undefined || it.part === part) && it.begins === undefined)
        text += it.text;
  const isWhole = isJson(text);
  return [
    said([
      `It goes on with the arguments of \`${name}\`, which began at event ${start}. ${isWhole ? "With it they are whole JSON." : "So far they are no JSON: nobody can run the tool yet."}`,
      `它继续 \`${name}\` 的参数，该调用始于事件 ${start}。${isWhole ? "至此参数已是完整的 JSON。" : "目前还不是合法 JSON：工具尚不能运行。"}`,
    ]),
  ];
}

/** Arguments longer than this are not parsed to say whether they are whole. */
const MOST_CHARS = 100_000;

function isJson(text: string): boolean {
  if (text.length > MOST_CHARS || !/^\s*[{[]/.test(text)) return false;
  try {
    return isObject(JSON.parse(text));
  } catch {
    return false; // not yet
  }
}

function counted({ input, output, cached }: Usage): Said {
  const [i, o] = [input ?? "?", output ?? "?"];
  const en = (cached ?? 0) > 0 ? `, ${cached} of them out of the cache` : "";
  const zh = (cached ?? 0) > 0 ? `，其中 ${cached} 个来自缓存` : "";
  return said([`${i} tokens went in${en}; ${o} came out.`, `输入 ${i} 个 token${zh}；输出 ${o} 个。`]);
}

const CUT: Said = said([
  "The stream ended inside it: its rest never came.",
  "流在它中途结束：其余部分未到达。",
]);

/** A silence of this many usual gaps stands out. */
const LONG = 5;

function timeOf(frames: readonly Frame[], n: number): Said[] {
  const [before, frame] = [frames[n - 1], frames[n]];
  if (!before || !frame) return [];
  if (before.first === frame.first && before.from === frame.from)
    return [
      said([
        `It came in the same network read as event ${n - 1}: the network does not care where events end.`,
        `它与事件 ${n - 1} 在同一次网络读取中到达：网络并不关心事件的边界。`,
      ]),
    ];
  const gap = frame.t - before.t;
  const usual = (frame.t - (frames[0]?.t ?? 0)) / n;
  if (gap < 100 || gap < usual * LONG) return [];
  return [
    said([
      `Before it there was silence for ${time(gap)}, where ${time(usual)} is usual here.`,
      `在它之前沉默了 ${time(gap)}，而此处通常间隔 ${time(usual)}。`,
    ]),
  ];
}

function thenCame(frames: readonly Frame[], n: number, isOver: boolean): Said {
  const [frame, after] = [frames[n], frames[n + 1]];
  if (!after && isOver) return said(["Here nothing came after it.", "此处其后没有任何内容。"]);
  if (!after || !frame) return said(["It has not come yet.", "尚未到达。"]);
  const { type } = timelineEvent(after, [], 0);
  const shown = isEndMark(after.data) ? "[DONE]" : type.slice(0, 80);
  const later = time(Math.max(0, after.t - frame.t));
  return said([`Here came \`${shown}\`, ${later} later.`, `此处 ${later} 后到达 \`${shown}\`。`]);
}
