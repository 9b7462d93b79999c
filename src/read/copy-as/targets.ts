/** A recorded request as a command or a program that sends the same again. A new one is a line here. */
import type { Exchange } from "../../fact/exchange.ts";
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

export function targetsFor(exchange: Exchange): readonly Target[] {
  if (exchange.wire === "websocket") return [];
  const request = requestOf(exchange);
  return TARGETS.filter(({ write }) => write(request) !== null);
}

export function copyAs(exchange: Exchange, name: string): string | null {
  const target = TARGETS.find((it) => it.name === name);
  if (!target || exchange.wire === "websocket") return null;
  return target.write(requestOf(exchange));
}
