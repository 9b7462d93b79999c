/**
 * Where the tokens of a request come from. The sum is the provider's own count; how it is shared out among the parts is
 * an estimate by their characters, and says so.
 */
import { isChained } from "../chained.ts";
import type { Part, Reading, Tool, Turn } from "../reading.ts";
import { partChars } from "./sizes.ts";

export type LedgerKind =
  | "system"
  | "tools"
  | "user"
  | "answers"
  | "reasoning"
  | "calls"
  | "results"
  | "images"
  | "files"
  | "other"
  /** What the API keeps of earlier requests, and counts again. */
  | "kept";

export type LedgerEntry = {
  kind: LedgerKind;
  /** The server of tools, the tool of a result; "" where the kind says all. */
  name: string;
  chars: number;
  tokens: number;
};

export type Ledger = {
  input: number;
  /** `provider`: the sum is what the provider counted. `estimated`: it counted nothing, or says nothing. */
  sum: "provider" | "estimated";
  /** How the sum is shared out. */
  shares: "by characters";
  cached: number | null;
  entries: LedgerEntry[];
  output: { total: number | null; reasoning: number | null };
};

/** What a text's characters are in tokens where nobody counted; of English and JSON alike. */
const CHARS_PER_TOKEN = 4;

export function ledgerOf({ system, tools, messages, settings, usage, token_count }: Reading): Ledger {
  const parts = new Map<string, Omit<LedgerEntry, "tokens">>();
  const add = (kind: LedgerKind, name: string, chars: number) => {
    if (chars === 0) return;
    const key = `${kind}\n${name}`;
    const entry = parts.get(key);
    if (entry) entry.chars += chars;
    else parts.set(key, { kind, name, chars });
  };
  for (const part of system) add("system", "", partChars(part));
  for (const tool of tools) add("tools", serverOf(tool), toolChars(tool));
  addMessages(messages, add);
  const all = [...parts.values()].toSorted((a, b) => b.chars - a.chars);
  const counted = usage?.input ?? token_count?.input ?? null;
  const chars = all.reduce((sum, entry) => sum + entry.chars, 0);
  const brought = Math.round(chars / CHARS_PER_TOKEN);
  const input = counted ?? brought;
  // Of a request that goes on from an earlier one, what it brings is the smaller part of what is counted.
  const kept = isChained(settings) ? Math.max(0, input - brought) : 0;
  const entries = shared(all, input - kept, chars);
  return {
    input,
    sum: counted === null ? "estimated" : "provider",
    shares: "by characters",
    cached: usage?.cached ?? null,
    entries: kept === 0 ? entries : [{ kind: "kept", name: "", chars: 0, tokens: kept }, ...entries],
    output: { total: usage?.output ?? null, reasoning: usage?.reasoning ?? null },
  };
}

function addMessages(
  messages: readonly Turn[],
  add: (kind: LedgerKind, name: string, chars: number) => void,
): void {
  const names = new Map<string, string>();
  for (const { role, parts } of messages) {
    const isModel = role === "assistant" || role === "model";
    for (const part of parts) {
      if (part.type === "tool_call" && part.id !== null) names.set(part.id, part.name);
      const [kind, name] = placeOf(
        part,
        isModel ? "answers" : role === "system" || role === "developer" ? "system" : "user",
        names,
      );
      add(kind, name, partChars(part));
    }
  }
}

function placeOf(
  part: Part,
  otherwise: LedgerKind,
  names: ReadonlyMap<string, string>,
): [LedgerKind, string] {
  switch (part.type) {
    case "reasoning":
      return ["reasoning", ""];
    case "tool_call":
      return ["calls", part.name];
    case "tool_result":
      return ["results", part.name ?? names.get(part.id ?? "") ?? ""];
    case "image":
    case "video":
      return ["images", ""];
    case "audio":
    case "file":
      return ["files", ""];
    case "unknown":
      return ["other", part.kind ?? ""];
    default:
      return [otherwise, ""];
  }
}

/** The server that a tool's name tells, where hosts write it; the rest are the host's own. */
export function serverOf({ name, namespace, kind, by }: Tool): string {
  if (namespace !== undefined) return namespace.replace(/^mcp_+/, "");
  const found = /^mcp__(.+?)__/.exec(name)?.[1] ?? /^mcp_([^_]+)_/.exec(name)?.[1];
  if (found !== undefined) return found;
  return by === "server" || kind === "mcp_server" ? "provider" : "";
}

export function toolChars({ name, description, schema }: Tool): number {
  return (
    name.length + (description?.length ?? 0) + (schema === null ? 0 : (JSON.stringify(schema)?.length ?? 0))
  );
}

/** Whole tokens that add up to the sum: what is left over by rounding goes to those that lost most by it. */
function shared(all: readonly Omit<LedgerEntry, "tokens">[], input: number, chars: number): LedgerEntry[] {
  if (chars === 0) return input === 0 ? [] : [{ kind: "other", name: "", chars: 0, tokens: input }];
  const exact = all.map((entry) => (entry.chars / chars) * input);
  const tokens = exact.map(Math.floor);
  let left = input - tokens.reduce((sum, n) => sum + n, 0);
  const byLoss = exact
    .map((share, n) => [share - Math.floor(share), n] as const)
    .toSorted(([a], [b]) => b - a);
  for (const [, n] of byLoss) {
    if (left <= 0) break;
    tokens[n]! += 1;
    left--;
  }
  return all.map((entry, n) => ({ ...entry, tokens: tokens[n]! }));
}
