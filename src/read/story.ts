/** The two short texts of a list's row: what was asked and what came. */
import type { Exchange } from "../fact/exchange.ts";
import { beginningOf } from "../fact/beginning.ts";
import type { LivePart } from "../fact/live.ts";
import { isObject, parseJson } from "./json.ts";
import { ownWords } from "./own-words.ts";
import { plainWords } from "./plain-words.ts";
import { isPrewarm } from "./prewarm.ts";
import type { Part, Reading } from "./reading.ts";

const MOST_CHARS = 120;
const LONGEST_GIST = 60;
/** Of a text that may begin with much white space. */
const MOST_LOOKED_AT = 4000;
/** Parsing more for sixty characters would cost more than it tells. */
const LONGEST_PARSED = 64 * 1024;

export function story(reading: Reading, exchange: Exchange): { asked: string; answered: string } {
  return { asked: short(askedOf(reading) || exchange.path), answered: short(answeredOf(reading, exchange)) };
}

/** Of an answer that is still coming: as many words as the row has room for, and the tools that it calls. */
export function answeredSoFar(parts: readonly LivePart[]): { answered: string; tools: string[] } {
  const calls = parts.filter(({ kind }) => kind === "tool_call");
  const tools = [...new Set(calls.flatMap(({ name }) => (name === null ? [] : [name])))];
  let text = "";
  for (const part of parts) {
    if (text.length >= 2 * MOST_CHARS) break;
    if (part.kind === "text") text += part.text.slice(0, 2 * MOST_CHARS);
  }
  text = plainWords(text);
  const called = tools.join(", ");
  return { answered: short(text && called ? `${cut(text, 60)} → ${called}` : text || called), tools };
}

/** The user's last words; `↩ tool: what it answered` when that came last. */
function askedOf(reading: Reading): string {
  if (isPrewarm(reading)) return "prewarm (generate: false)";
  const { messages, system } = reading;
  // An agent's instructions may come behind the user's words.
  const own = messages.filter(({ role }) => role !== "system" && role !== "developer");
  // Of what is made into numbers each text stands for itself.
  if (reading.embedding && own.length > 1)
    return own
      .slice(0, MOST_RESULTS)
      .map(({ parts }) => cut(wordsOf(parts), LONGEST_GIST))
      .join(" · ");
  // What says nothing but the agent's own may come behind them, too.
  const last = own.findLast(({ parts }) => parts.some(isSaid)) ?? own.at(-1) ?? messages.at(-1);
  if (!last) return wordsOf(system);
  const results = last.parts.filter((part) => part.type === "tool_result");
  const words = results.length > 0 ? saidIn(last.parts) : wordsOf(last.parts);
  if (results.length > 0 && words === "")
    return resultsBefore(own, last)
      .map((part) => {
        const name = nameOf(part, messages);
        return `↩ ${name === null ? "" : `${name}: `}${gist(wordsOf(part.parts)) || kindsOf(part.parts)}`;
      })
      .join(" · ");
  return words || kindsOf(last.parts);
}

/** Some APIs have a message for each result: all that came back together are one answer to the model. */
function resultsBefore(messages: Reading["messages"], last: Reading["messages"][number]): Result[] {
  const end = messages.indexOf(last);
  let from = end;
  while (from > 0 && messages[from - 1]?.parts.every((part) => part.type === "tool_result")) from--;
  const parts = messages.slice(Math.max(from, end - MOST_RESULTS), end + 1).flatMap((it) => it.parts);
  return parts.filter((part) => part.type === "tool_result");
}

/** More than these no row has room for. */
const MOST_RESULTS = 8;

function isSaid(part: Part): boolean {
  return part.type !== "text" || ownWords(part.text) !== null;
}

type Result = Extract<Part, { type: "tool_result" }>;

/** Most APIs name the tool at the call alone, which may stand in another request. */
function nameOf({ id, name }: Result, messages: Reading["messages"]): string | null {
  if (name !== null) return name;
  const calls = messages.flatMap(({ parts }) => parts.filter((part) => part.type === "tool_call"));
  return calls.findLast((call) => id !== null && call.id === id)?.name ?? null;
}

/** What a tool gave back, as words: JSON without its signs, and of JSON that wraps a sentence the sentence. */
function gist(text: string): string {
  if (!/^\s*[[{]/.test(text)) return text;
  const value = text.length > LONGEST_PARSED ? undefined : parseJson(text);
  // Too long, or cut off: its beginning without the signs.
  if (value === undefined)
    return cut(
      text
        .slice(0, 400)
        .replace(/[{}[\]"]+/g, " ")
        .trim() || "…",
      LONGEST_GIST,
    );
  return cut(plain(value, 0) || text.trim(), LONGEST_GIST);
}

function plain(value: unknown, depth: number): string {
  if (depth > DEEPEST && typeof value === "object") return "…";
  if (Array.isArray(value))
    return value
      .slice(0, 3)
      .map((it) => plain(it, depth + 1))
      .join(", ");
  if (!isObject(value)) return String(value);
  const said = SENTENCES.map((name) => value[name]).find(
    (it) => it !== undefined && it !== null && it !== "",
  );
  if (said !== undefined) return plain(said, depth + 1);
  const some = Object.entries(value).slice(0, 6);
  return some.map(([name, it]) => `${name}: ${plain(it, depth + 1)}`).join(", ");
}

const DEEPEST = 3;
const SENTENCES = ["error", "message", "text", "content", "output", "result", "summary"];

function answeredOf(reading: Reading, exchange: Exchange): string {
  const { error, tool_calls, refusal, answer } = reading;
  const { embedding, moderation, token_count, ranking, models, images } = reading;
  if (error)
    return [error.status, error.type, error.message].filter((word) => word !== null && word !== "").join(" ");
  const text = plainWords(reading.text.slice(0, MOST_LOOKED_AT));
  const calls = tool_calls.map((call) => `${call.name}(${brief(call.arguments)})`).join(", ");
  if (text || calls) return text && calls ? `${cut(text, 60)} → ${calls}` : text || calls;
  if (refusal) return refusal;
  if (embedding) return `${embedding.count} × ${embedding.dimensions ?? "?"}`;
  if (moderation) return moderation.flagged ? `flagged: ${moderation.categories.join(", ")}` : "not flagged";
  if (token_count) return `${token_count.input} tokens`;
  if (ranking) return ranking.results.map(({ index, score }) => `#${index} ${score ?? "?"}`).join(" · ");
  if (models) return models.count === 1 ? (models.ids[0] ?? "") : `${models.count} models`;
  if (images) return images.count === 1 ? "1 image" : `${images.count} images`;
  const served = answer.parts.flatMap((part) => (part.type === "tool_call" ? [part.name] : []));
  if (served.length > 0) return served.join(", ");
  return exchange.close?.error ?? kindsOf(answer.parts);
}

const LONGEST_BRIEF = 1_000;

/** `{}` says nothing; short arguments say what the call is about. */
function brief(json: string): string {
  // Forty characters are shown: what follows much space is not among them.
  const text = json.trim().slice(0, LONGEST_BRIEF);
  const inside = text.replace(/^\{/, "").replace(/\}$/, "").trim();
  return cut(inside.replaceAll('"', ""), 40);
}

function wordsOf(parts: readonly Part[]): string {
  return saidIn(parts) || textsOf(parts).join(" ").trim();
}

/** Agents put their reminders beside the user's words. */
function saidIn(parts: readonly Part[]): string {
  return textsOf(parts)
    .flatMap((text) => ownWords(text) ?? [])
    .join(" ")
    .trim();
}

function textsOf(parts: readonly Part[]): string[] {
  return parts.map((part) => (part.type === "text" ? part.text : ""));
}

/** Media and the like, by kind, for what has no words. */
function kindsOf(parts: readonly Part[]): string {
  const kinds = parts.map((part) => (part.type === "unknown" ? (part.kind ?? "") : part.type));
  return [...new Set(kinds.filter((kind) => kind !== ""))].map((kind) => `[${kind}]`).join(" ");
}

function short(text: string): string {
  const start = plainSpaces(text.slice(0, 2 * MOST_CHARS));
  // Much white space in it: the words come later.
  return cut(start.length > MOST_CHARS ? start : plainSpaces(text.slice(0, MOST_LOOKED_AT)), MOST_CHARS);
}

function plainSpaces(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}

/** Never cuts a character in two. */
function cut(text: string, length: number): string {
  if (text.length <= length) return text;
  return `${beginningOf(text, length - 1).replace(/[\uD800-\uDBFF]$/, "")}…`;
}
