/** The few words that a row of the message list says about its message. */
import { beginningOf } from "../../fact/beginning.ts";
import { stringifyExact } from "../../fact/json-source.ts";
import { record } from "./line.ts";

/** What a row has room for. */
const SHOWN_CHARS = 300;

export function shownText(text: string): string {
  return beginningOf(text, SHOWN_CHARS);
}

/** What a request asks, in its own words: the arguments of a call, who says hello. */
export function askedNote(method: string, params: Record<string, unknown>): string | null {
  const client = record(params.clientInfo);
  if (client) return words(client.name, client.version, params.protocolVersion);
  if (method.startsWith("resources/") && typeof params.uri === "string") return null; // it is the row's name
  const shown = Object.entries(params).filter(([name]) => name !== "_meta" && name !== "name");
  const said = record(params.arguments) ?? Object.fromEntries(shown);
  return Object.keys(said).length > 0 ? shownText(stringifyExact(said)) : null;
}

/** The first words of a result: what a person wants to see in the row. */
export function resultNote(result: Record<string, unknown> | null): string | null {
  const content = result?.content;
  if (Array.isArray(content)) {
    const texts = content.map((it) => record(it)?.text).filter((it) => typeof it === "string");
    if (texts.length > 0) return shownText(texts.join(" "));
  }
  for (const list of [
    "tools",
    "prompts",
    "resources",
    "resourceTemplates",
    "roots",
    "contents",
    "messages",
  ]) {
    const found = result?.[list];
    if (Array.isArray(found)) return `${found.length} ${list}`;
  }
  const server = record(result?.serverInfo);
  if (server) return words(server.name, server.version, result?.protocolVersion);
  return result && Object.keys(result).length > 0 ? shownText(stringifyExact(result)) : null;
}

export function toldNote(method: string, params: Record<string, unknown>): string | null {
  const said = params.message ?? params.reason ?? params.data ?? params.uri;
  if (typeof said === "string") return shownText(said);
  return method === "notifications/message" && said !== undefined ? shownText(stringifyExact(said)) : null;
}

/** Those that are words: any of them may be anything. */
function words(...said: readonly unknown[]): string {
  return said.filter((it) => typeof it === "string" && it !== "").join(" · ");
}
