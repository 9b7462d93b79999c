/**
 * The text by which an exchange is found: all that was said in both bodies, what is new first. Agents send their whole
 * context again with every turn: of a turn that continues another one only the newest part is taken, since what comes
 * before it is found where it was said first.
 */
import { parseWithin } from "../fact/nesting.ts";
import { firstBytes, type Exchange, type Piece } from "../fact/exchange.ts";
import type { Part, Reading } from "../read/reading.ts";

/** Characters of an exchange that continues nothing: a book pasted into a question is found to its last page. */
const WHOLE = 1024 * 1024;
/** Characters of a continuation: its answer, and more than one turn of tool results before it. */
const NEWEST = 64 * 1024;

export function searchText(exchange: Exchange, reading: Reading): string {
  const limit = reading.thread?.parent ? NEWEST : WHOLE;
  const texts: string[] = [];
  let size = 0;
  for (const text of textsOf(exchange, reading)) {
    if (!text) continue;
    texts.push(text.slice(0, limit - size));
    size += text.length + 1;
    if (size >= limit) break;
  }
  return texts.join("\n");
}

function* textsOf(exchange: Exchange, reading: Reading): Generator<string | null | undefined> {
  const { id, method, path, target, close } = exchange;
  yield `${id} ${method} ${path} ${target}`;
  // What was said on a socket is found at its responses.
  if (exchange.responses) return;
  yield* [reading.model, close?.error, reading.error?.message, reading.error?.type, responseId(exchange)];
  let said = false;
  for (const { parts } of [...reading.answer.choices, ...reading.messages.toReversed()]) {
    for (const part of parts) {
      said = true;
      yield textOf(part);
    }
  }
  if (!said) yield* [textOfBody(exchange.request.pieces), textOfBody(exchange.response?.pieces ?? [])];
  for (const part of reading.system) yield textOf(part);
  for (const { name, description, schema } of reading.tools)
    yield `${name} ${description ?? ""} ${words(schema)}`;
  yield words(reading.settings);
}

function textOf(part: Part): string {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "reasoning":
      return part.text ?? "";
    case "tool_call":
      return `${part.id ?? ""} ${part.name} ${words(parsed(part.arguments))}`;
    case "tool_result":
      return `${part.id ?? ""} ${part.parts.map(textOf).join("\n")}`;
    case "citation":
      return [part.title, part.url, part.text].filter(Boolean).join(" ");
    case "image":
    case "audio":
    case "video":
    case "file":
      return [part.name, part.url, part.mime].filter(Boolean).join(" ");
    case "unknown":
      return words(part.value);
    default:
      return part satisfies never;
  }
}

/** Names and values of JSON as text: in its own notation a line break would stick to the word after it. */
function words(value: unknown): string {
  const found: string[] = [];
  let left = WHOLE;
  gather(value);
  return found.join(" ");

  function gather(one: unknown): void {
    if (left <= 0 || one === undefined) return;
    if (typeof one !== "object" || one === null) return add(String(one));
    if (Array.isArray(one)) return one.forEach(gather);
    for (const [name, inside] of Object.entries(one)) {
      add(name);
      gather(inside);
    }
  }

  function add(word: string): void {
    found.push(word);
    left -= word.length + 1;
  }
}

/** What is cut, too deep, or never was JSON is searched as it stands. */
function parsed(json: string): unknown {
  const value = parseWithin(json);
  return value === undefined ? json : value;
}

const decoder = new TextDecoder();

/** What the API calls this answer: people search for it when a provider asks them for it. */
function responseId({ response }: Exchange): string | undefined {
  const start = decoder.decode(response?.pieces[0]?.bytes.subarray(0, 2_048));
  return /"id":\s*"([^"]{1,100})"/.exec(start)?.[1];
}

/** For what is no conversation. Binary bodies hold no words. */
function textOfBody(pieces: readonly Piece[]): string {
  const text = decoder.decode(firstBytes(pieces, WHOLE));
  return text.includes("\0") ? "" : words(parsed(text));
}
