/**
 * What was said, for spans: only where the user asked for it (`--otlp-content`), in the shape of the conventions' JSON
 * schemas for messages. Cut to a bound, and looked through for credentials once more: where one is found, the whole
 * attribute stays here and the span says so.
 */
import { maskText } from "../fact/mask-text.ts";
import { isMasked } from "../fact/secrets/values.ts";
import type { Part, Reading, Tool, Turn } from "../read/reading.ts";
import { OURS, type Semconv } from "./semconv.ts";
import type { ContentKey } from "./trace/span.ts";

/** Where what was said is kept; null where it is not there any more. */
export type ContentSource = {
  reading(exchange: string): Promise<Reading | null>;
  /** The message of a line of a session. */
  message(session: string, seq: number): Promise<unknown>;
};

/** One attribute. Collectors take some megabytes of a request, backends cut far below. */
const MOST_CHARS = 128 * 1024;
const LONGEST_TEXT = 32 * 1024;

/** Attributes to add; `withheld` of them held a credential. */
export type Content = { readonly attributes: Record<string, string>; readonly withheld: number };

export async function contentFor(
  key: ContentKey,
  { names }: Semconv,
  source: ContentSource,
): Promise<Content> {
  switch (key.of) {
    case "model": {
      const reading = await source.reading(key.exchange);
      if (!reading) return NONE;
      return looked({
        [names.systemInstructions]: listOf(reading.system.map(partOf)),
        [names.inputMessages]: listOf(reading.messages.map(messageOf)),
        [names.outputMessages]: listOf(answersOf(reading)),
        [names.toolDefinitions]: listOf(reading.tools.map(toolOf)),
      });
    }
    case "tool": {
      const [asked, seen] = await Promise.all([
        source.reading(key.exchange),
        key.seen === null ? null : source.reading(key.seen),
      ]);
      const call = asked?.answer.parts.filter((part) => part.type === "tool_call")[key.n];
      const id = call?.id ?? null;
      return looked({
        [names.toolArguments]: call ? cut(call.arguments) : null,
        [names.toolResult]: id === null || !seen ? null : resultOf(seen, id),
      });
    }
    case "call": {
      const [asked, answered] = await Promise.all([
        source.message(key.session, key.seq),
        key.answer === null ? null : source.message(key.session, key.answer),
      ]);
      return looked({
        [names.toolArguments]: jsonOf(member(member(asked, "params"), "arguments")),
        [names.toolResult]: jsonOf(member(answered, "result")),
      });
    }
    default:
      return key satisfies never;
  }
}

const NONE: Content = { attributes: {}, withheld: 0 };

function looked(said: Record<string, string | null>): Content {
  const attributes: Record<string, string> = {};
  const held: string[] = [];
  for (const [name, text] of Object.entries(said)) {
    if (text === null) continue;
    if (holdsCredential(text)) held.push(name);
    else attributes[name] = text;
  }
  if (held.length > 0) attributes[OURS.withheld] = held.join(",");
  return { attributes, withheld: held.length };
}

/** What was masked when it was recorded is none. */
export function holdsCredential(text: string): boolean {
  let found = false;
  maskText(text, (credential) => {
    found ||= !isMasked(credential);
    return credential;
  });
  return found;
}

/** The latest of them that fit: what an agent is asked now stands at the end. Null for nothing. */
function listOf(messages: readonly unknown[]): string | null {
  const kept: string[] = [];
  let length = 2;
  for (const message of messages.toReversed()) {
    const json = JSON.stringify(message);
    length += json.length + 1;
    if (length > MOST_CHARS) break;
    kept.push(json);
  }
  return kept.length === 0 ? null : `[${kept.reverse().join(",")}]`;
}

function messageOf({ role, parts, name }: Turn) {
  return { role: ROLES[role] ?? role, parts: parts.map(partOf), ...(name !== undefined && { name }) };
}

const ROLES: Readonly<Record<string, string>> = { developer: "system", model: "assistant" };

function answersOf({ answer, finish_reason }: Reading) {
  const choices = answer.choices.length > 0 ? answer.choices : [{ parts: answer.parts, finish_reason }];
  return choices
    .filter(({ parts }) => parts.length > 0)
    .map(({ parts, finish_reason: why }) => ({
      role: "assistant",
      parts: parts.map(partOf),
      ...(why !== null && { finish_reason: why }),
    }));
}

function partOf(part: Part): unknown {
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: part.type, content: cut(part.text) };
    case "reasoning":
      return { type: "reasoning", content: cut(part.text ?? "") };
    case "tool_call":
      return part.by === "server"
        ? { type: "server_tool_call", id: part.id, name: part.name, server_tool_call: { type: part.name } }
        : { type: "tool_call", id: part.id, name: part.name, arguments: valueOf(part.arguments) };
    case "tool_result":
      return { type: "tool_call_response", id: part.id, response: part.parts.map(partOf) };
    case "image":
    case "audio":
    case "video":
    case "file":
      return part.url === null
        ? { type: "media", modality: part.type, mime_type: part.mime, bytes: part.bytes }
        : { type: "uri", modality: part.type, mime_type: part.mime, uri: cut(part.url) };
    case "citation":
      return { type: "citation", title: part.title, uri: part.url, content: part.text };
    case "unknown":
      return { type: part.kind ?? "unknown" };
    default:
      return part satisfies never;
  }
}

function toolOf({ kind, name, description, schema }: Tool) {
  return { type: kind, name, description, parameters: schema };
}

function resultOf(seen: Reading, id: string): string | null {
  for (const { parts } of seen.messages.toReversed())
    for (const part of parts)
      if (part.type === "tool_result" && part.id === id) return jsonOf(part.parts.map(partOf));
  return null;
}

/** Arguments as the conventions want them, an object; the text where they are none. */
function valueOf(text: string): unknown {
  if (text.length > LONGEST_TEXT) return cut(text);
  try {
    return JSON.parse(text);
  } catch {
    return text; // it was cut off, or is no JSON
  }
}

function jsonOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const json = JSON.stringify(value);
  return json.length > MOST_CHARS ? cut(json) : json;
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT)}…` : text;
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}
