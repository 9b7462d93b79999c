/** The messages of one exchange as lines of a session: the first ones of each side, and a gap that says how many came. */
import type { Header } from "../../fact/fact.ts";
import { elementsOf, onOneLine } from "../../fact/json-source.ts";
import { MOST_FRAMES } from "../frames/frame.ts";
import { parseJson } from "../json.ts";
import type { HttpLine, InEvent } from "./http-line.ts";
import { record } from "./line.ts";
import { rpcOf, type Rpc } from "./message.ts";

type Side = "client" | "server";

type MessageOptions = {
  readonly exchange_id: string;
  /** What HTTP said around the messages of a side, for the first line of it. */
  readonly hintOf: (from: Side) => Record<string, unknown> | undefined;
  /** Events of the answer that are not read. */
  readonly unread: () => number;
};

export const REQUEST_HEADERS = /^(mcp-.+|last-event-id|accept|content-type|user-agent|origin)$/i;
export const ANSWER_HEADERS = /^(mcp-.+|content-type|www-authenticate|allow|retry-after)$/i;

/** Characters: enough to see what it was. The exchange's own file has all that was recorded. */
export const CUT_SHOWN_CHARS = 64 * 1024;

export function httpMessages({ exchange_id, hintOf, unread }: MessageOptions) {
  /** Bytes that passed and are not recorded. */
  const missing = { client: 0, server: 0 };
  /** Messages of each side that were told, and those beyond the first ones. */
  const told = { client: 0, server: 0 };
  const beyond = { client: 0, server: 0 };

  return { missing, told, untold, limited, gap, linesOf };

  function untold(from: Side): number {
    return beyond[from] + (from === "server" ? unread() : 0);
  }

  /** Says once for each side that more comes than is told. */
  function limited(from: Side, t: number, tell: () => HttpLine[]): HttpLine[] {
    const before = untold(from);
    const lines = tell();
    if (before === 0 && untold(from) > 0)
      lines.push(
        gap(from, t, `more than ${MOST_FRAMES} messages came in one body: the rest is not told here`),
      );
    return lines;
  }

  function gap(from: Side, t: number, what: string): HttpLine {
    const why = `${what}; the exchange ${exchange_id} has all of them`;
    return { t, body: { exchange_id, event: "gap", from, lost: 0, why } };
  }

  /** `isPart`: an event of a stream, which is whole although bytes of the stream are missing. */
  function linesOf(
    from: Side,
    words: string,
    t: number,
    place: InEvent,
    part: "part" | "whole" = "whole",
  ): HttpLine[] {
    if (words.trim() === "") return [];
    if (missing[from] > 0 && part === "whole") {
      const raw = words.slice(0, CUT_SHOWN_CHARS);
      const truncated = { bytes: words.length + missing[from] };
      const http = hintOf(from);
      return [{ t, body: { exchange_id, from, raw, truncated, ...(http && { http }) } }];
    }
    // A byte order mark is no JSON, and every client's decoder takes it away.
    const plain = words.replace(/^\ufeff/, "");
    const value = parseJson(plain);
    const batch = Array.isArray(value) ? (value as unknown[]) : null;
    const each = (batch ?? [value]).slice(0, MOST_FRAMES - told[from]);
    const size = batch?.length ?? 1;
    told[from] += each.length;
    beyond[from] += size - each.length;
    const known = each.map((it) => ({ message: record(it), direction: directionOf(rpcOf(it)) }));
    const http = hintOf(from);
    const hint = http ? { http } : {};
    if (size === 0 || known.some((it) => it.message === null || it.direction === null))
      return [{ t, body: { exchange_id, from, raw: words, ...place, ...hint } }];
    const sources = batch ? elementsOf(plain) : [plain];
    return known.map(({ message, direction }, index) => ({
      t,
      source: onOneLine(sources[index] ?? JSON.stringify(message)),
      body: {
        exchange_id,
        direction: direction ?? "request",
        from,
        message: message ?? {},
        ...(batch && { batch: { index, size } }),
        ...place,
        ...(index === 0 && hint),
      },
    }));
  }
}

export function picked(headers: readonly Header[], wanted: RegExp): Record<string, string> {
  return Object.fromEntries(
    headers.filter(([name]) => wanted.test(name)).map(([name, value]) => [name.toLowerCase(), value]),
  );
}

function directionOf(rpc: Rpc): "request" | "response" | "notification" | null {
  if (rpc.kind === "request" || rpc.kind === "notification") return rpc.kind;
  return rpc.kind === "invalid" ? null : "response";
}
