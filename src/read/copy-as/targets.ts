/** A recorded request as a command or a program that sends the same again. A new one is a line here. */
import { firstBytes, type Exchange } from "../../fact/exchange.ts";
import { decode } from "../frames/frame.ts";
import { isObject, type Json } from "../json.ts";
import { anthropicPython, anthropicTypescript } from "./anthropic.ts";
import { geminiTypescript } from "./gemini.ts";
import { openaiPython, openaiTypescript } from "./openai.ts";
import { requestOf, type Request } from "./request.ts";
import { curl, httpie } from "./shell.ts";

export type Target = {
  /** Stands in the address. */
  readonly name: string;
  readonly title: string;
  /** Null where this program cannot send such a request. Never with a key in it: keys are environment variables. */
  readonly write: (request: Request) => string | null;
};

export const TARGETS: readonly Target[] = [
  { name: "curl", title: "cURL", write: curl },
  { name: "httpie", title: "HTTPie", write: httpie },
  { name: "openai-python", title: "openai · Python", write: openaiPython },
  { name: "openai-typescript", title: "openai · TypeScript", write: openaiTypescript },
  { name: "anthropic-python", title: "anthropic · Python", write: anthropicPython },
  { name: "anthropic-typescript", title: "@anthropic-ai/sdk · TypeScript", write: anthropicTypescript },
  { name: "gemini-typescript", title: "@google/genai · TypeScript", write: geminiTypescript },
];

/** `body`: the request's, as it was read already. */
export function targetsFor(exchange: Exchange, body: unknown): readonly Target[] {
  if (exchange.wire === "websocket") return [];
  const outline = { ...requestOf(withoutBody(exchange)), json: hasJson(exchange) ? outlineOf(body) : null };
  return TARGETS.filter(({ write }) => write(outline) !== null);
}

/** What can be sent is decided by the names in it: to write all that it says takes many times its size. */
function outlineOf(body: unknown): Json | null {
  if (!isObject(body)) return null;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [name, typeof value === "boolean" ? value : null]),
  );
}

function withoutBody(exchange: Exchange): Exchange {
  return { ...exchange, request: { ...exchange.request, pieces: [] } };
}

/** A form has names and values too. */
function hasJson({ request }: Exchange): boolean {
  return /^\s*\{/.test(decode(firstBytes(request.pieces, 64)));
}

export function copyAs(exchange: Exchange, name: string): string | null {
  const target = TARGETS.find((it) => it.name === name);
  if (!target || exchange.wire === "websocket") return null;
  return target.write(requestOf(exchange));
}
