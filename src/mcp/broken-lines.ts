/** The weather server broken on purpose: what becomes of each line that it writes. For learning what a linter names. */
import { Writable } from "node:stream";
import type { ServerBreak } from "../fact/lessons.ts";

/** A stdout that writes what the switch makes of each message. Lines come whole: the transport writes one at a time. */
export function brokenLines(kind: ServerBreak, out: Writable): Writable {
  let isFirst = true;
  return new Writable({
    write(piece: Buffer, _, done) {
      const lines = piece.toString().split("\n").filter(Boolean);
      const made = lines.flatMap((line) => broken(kind, line, isFirst));
      isFirst = false;
      out.write(made.join(""), () => done());
    },
  });
}

/** With its line feeds: some switches leave them out, or put more in. */
function broken(kind: ServerBreak, line: string, isFirst: boolean): string[] {
  const message = JSON.parse(line) as Message;
  const isResult = message.result?.content !== undefined;
  const whole = `${line}\n`;
  switch (kind) {
    case "pollution":
      return isResult ? ["weather: asked the service, 200 OK\n", whole] : [whole];
    case "two-lines":
      return isResult ? [`${JSON.stringify(message, null, 2)}\n`] : [whole];
    case "second-answer":
      return isResult ? [whole, whole] : [whole];
    case "unknown-answer":
      return isResult ? [`${JSON.stringify({ ...message, id: 9_999 })}\n`, whole] : [whole];
    case "no-answer":
      return isResult ? [] : [whole];
    case "reused-id": {
      const ping = `${JSON.stringify({ jsonrpc: "2.0", id: 1, method: "ping" })}\n`;
      return isFirst ? [whole] : isResult ? [ping, ping, whole] : [whole];
    }
    case "bad-result": {
      const structuredContent = { ...message.result?.structuredContent, days: "three sunny ones" };
      return isResult
        ? [`${JSON.stringify({ ...message, result: { ...message.result, structuredContent } })}\n`]
        : [whole];
    }
    default:
      return [kind satisfies never];
  }
}

type Message = {
  readonly id?: unknown;
  readonly result?: { readonly content?: unknown; readonly structuredContent?: Record<string, unknown> };
};
