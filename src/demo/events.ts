/** The scripted model's answers, event by event, as the client expects them. */
import type { IncomingMessage } from "node:http";
import { restored, restoredResponse, type Plain } from "./codex-tools.ts";

type Json = Record<string, unknown>;

export async function* eventsOf(answer: IncomingMessage, { meant }: Plain): AsyncGenerator<Json> {
  const calls = new Map<string, Json>();
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of answer as AsyncIterable<Uint8Array>) {
    const blocks = (rest + decoder.decode(piece, { stream: true })).split("\n\n");
    rest = blocks.pop() ?? "";
    for (const block of blocks) {
      const event = parsed(/^data: (.*)$/m.exec(block)?.[1] ?? "");
      if (event) yield* restored(event, meant, calls);
    }
  }
}

export async function* framed(events: AsyncGenerator<Json>): AsyncGenerator<Uint8Array> {
  for await (const event of events)
    yield new TextEncoder().encode(`event: ${String(event["type"])}\ndata: ${JSON.stringify(event)}\n\n`);
}

export async function* whole(answer: IncomingMessage, { meant }: Plain): AsyncGenerator<Uint8Array> {
  const text = Buffer.concat(await Array.fromAsync(answer as AsyncIterable<Uint8Array>)).toString("utf8");
  const json = parsed(text);
  yield new TextEncoder().encode(json ? JSON.stringify(restoredResponse(json, meant)) : text);
}

export function parsed(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Json) : null;
  } catch {
    return null; // not for us to look into
  }
}
