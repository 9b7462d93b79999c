/** The tool results that a request brings to the model: the new ones, and some before them. */
import type { Part, Turn } from "../reading.ts";
import type { Block, SeenResult } from "./evidence.ts";
import { excerpt, KEPT } from "./excerpt.ts";

/** Results of earlier turns count only where the request that brought them was not recorded. */
const MOST_RESULTS = 64;
const FRESH = 1_000;
const BLOCKS = 64;

/** In the order of the request. `most` characters of each text are kept. */
export function seenResults(exchange: string, messages: readonly Turn[], most = KEPT): SeenResult[] {
  const found: Omit<SeenResult, "n">[] = [];
  let fresh = true;
  for (let i = messages.length - 1; i >= 0; i--) {
    const { role, parts } = messages[i]!;
    for (let k = parts.length - 1; k >= 0; k--) {
      const part = parts[k]!;
      if (part.type === "tool_result" && part.by === "client")
        found.push(resultOf(exchange, part, fresh, most));
      else if (isModels(role, part)) fresh = false;
      if (found.length >= (fresh ? FRESH : MOST_RESULTS)) break;
    }
    if (found.length >= (fresh ? FRESH : MOST_RESULTS)) break;
  }
  return found.toReversed().map((result, n) => ({ ...result, n }));
}

function isModels(role: string, part: Part): boolean {
  return (
    ((role === "assistant" || role === "model") && part.type !== "unknown") ||
    (part.type === "tool_call" && part.by === "client")
  );
}

function resultOf(
  exchange: string,
  { id, name, error, parts }: Extract<Part, { type: "tool_result" }>,
  fresh: boolean,
  most: number,
): Omit<SeenResult, "n"> {
  return {
    exchange,
    id,
    name,
    fresh,
    error: error === true,
    blocks: parts.slice(0, BLOCKS).map((part) => blockOf(part, most)),
    agents: fresh ? agentsIn(parts) : [],
  };
}

function blockOf(part: Part, most: number): Block {
  switch (part.type) {
    case "text":
    case "refusal":
      return { type: "text", said: excerpt(part.text, most), mime: null, bytes: null };
    case "image":
    case "audio":
    case "video":
    case "file":
      return { type: part.type, said: null, mime: part.mime, bytes: part.bytes };
    case "citation":
      return { type: "text", said: excerpt(part.text ?? part.title ?? "", most), mime: null, bytes: null };
    case "unknown":
      return { type: part.kind ?? "unknown", said: null, mime: null, bytes: null };
    default:
      return { type: part.type, said: null, mime: null, bytes: null };
  }
}

/** How Claude Code and OpenCode say which agent a call has started. */
function agentsIn(parts: readonly Part[]): string[] {
  const named = /\bagentId:\s*([\w-]{4,64})|<task id="([\w-]{4,64})"/g;
  return parts.flatMap((part) =>
    part.type === "text"
      ? [...part.text.slice(-4_000).matchAll(named), ...part.text.slice(0, 1_000).matchAll(named)].flatMap(
          ([, agent, task]) => agent ?? task ?? [],
        )
      : [],
  );
}
