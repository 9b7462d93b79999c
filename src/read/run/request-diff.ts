/** A request against another one, in its parts: settings, system, tools, messages, with the texts inside of each. */
import { isChained, ownSettings } from "../chained.ts";
import { compact } from "../json.ts";
import type { Part, Reading, Tool, Turn } from "../reading.ts";
import { canonical } from "./excerpt.ts";
import { type Change, schemaChanges } from "./schema-diff.ts";
import { type Stretch, textDiff } from "./text-diff.ts";

export type ToolChange = {
  name: string;
  kind: "added" | "removed" | "changed" | "moved";
  changes: Change[];
  description: Stretch[] | null;
};

export type MessageChange = {
  /** Its place in the later request; of one that is gone, in the earlier. */
  place: number;
  kind: "added" | "removed" | "changed";
  role: string;
  text: Stretch[];
};

export type RequestDiff = {
  model: { before: string | null; after: string | null } | null;
  settings: Change[];
  system: Stretch[] | null;
  tools: ToolChange[];
  messages: {
    /** How many stand at the beginning of both. */
    kept: number;
    changes: MessageChange[];
  };
};

type Asked = Pick<Reading, "model" | "settings" | "system" | "tools" | "messages">;

/** A conversation grows by some messages; of two that have nothing in common the first are shown. */
const MOST_CHANGES = 200;

export function requestDiff(before: Asked, after: Asked): RequestDiff {
  if (isChained(after.settings)) return added(before, after);
  const [old, now] = [textOf(before.system), textOf(after.system)];
  return {
    model: before.model === after.model ? null : { before: before.model, after: after.model },
    settings: schemaChanges(before.settings, after.settings),
    system: old === now ? null : textDiff(old, now),
    tools: toolChanges(before.tools, after.tools),
    messages: messageChanges(before.messages, after.messages),
  };
}

/** All that was said before stands, without being said again. */
function added(before: Asked, after: Asked): RequestDiff {
  const now = textOf(after.system);
  const kept = before.messages.length;
  return {
    model: before.model === after.model ? null : { before: before.model, after: after.model },
    settings: schemaChanges(ownSettings(before.settings), ownSettings(after.settings)),
    system: now === "" ? null : textDiff("", now),
    tools: toolChanges(before.tools, after.tools).filter(
      ({ kind }) => kind === "added" || kind === "changed",
    ),
    messages: {
      kept,
      changes: messageChanges([], after.messages).changes.map((one) => ({ ...one, place: one.place + kept })),
    },
  };
}

export function isSameRequest({ model, settings, system, tools, messages }: RequestDiff): boolean {
  return (
    model === null &&
    settings.length === 0 &&
    system === null &&
    tools.length === 0 &&
    messages.changes.length === 0
  );
}

function toolChanges(before: readonly Tool[], after: readonly Tool[]): ToolChange[] {
  const old = new Map(before.map((tool, place) => [keyOf(tool), { tool, place }]));
  const now = new Map(after.map((tool, place) => [keyOf(tool), { tool, place }]));
  const found: ToolChange[] = [];
  for (const [name] of old)
    if (!now.has(name)) found.push({ name, kind: "removed", changes: [], description: null });
  const stayed = [...now.keys()].filter((name) => old.has(name));
  const inOrder = [...old.keys()].filter((name) => now.has(name));
  for (const [name, { tool }] of now) {
    const known = old.get(name);
    if (!known) {
      found.push({ name, kind: "added", changes: [], description: null });
      continue;
    }
    const change = toolChange(name, known.tool, tool);
    if (change) found.push(change);
    else if (inOrder[stayed.indexOf(name)] !== name)
      found.push({ name, kind: "moved", changes: [], description: null });
  }
  return found.slice(0, MOST_CHANGES);
}

function toolChange(name: string, before: Tool, after: Tool): ToolChange | null {
  const changes = schemaChanges(before.schema, after.schema, "$.schema");
  const said = (before.description ?? "") !== (after.description ?? "");
  if (before.kind !== after.kind)
    changes.push({ where: "$.type", kind: "changed", before: before.kind, after: after.kind });
  if (changes.length === 0 && !said) return null;
  const description = said ? textDiff(before.description ?? "", after.description ?? "") : null;
  return { name, kind: "changed", changes, description };
}

function keyOf({ name, namespace }: Tool): string {
  return namespace === undefined ? name : `${namespace}.${name}`;
}

/** By what they say; where a stretch in the middle is another, its messages are compared one by one. */
function messageChanges(before: readonly Turn[], after: readonly Turn[]): RequestDiff["messages"] {
  const [old, now] = [before.map(signOf), after.map(signOf)];
  let kept = 0;
  while (kept < old.length && kept < now.length && old[kept] === now[kept]) kept++;
  let end = 0;
  const shorter = Math.min(old.length, now.length) - kept;
  while (end < shorter && old.at(-1 - end) === now.at(-1 - end)) end++;
  const changes: MessageChange[] = [];
  const [goneCount, cameCount] = [old.length - kept - end, now.length - kept - end];
  for (let n = 0; n < Math.max(goneCount, cameCount) && changes.length < MOST_CHANGES; n++) {
    const place = kept + n;
    const gone = n < goneCount ? before[place] : undefined;
    const came = n < cameCount ? after[place] : undefined;
    if (gone && came && gone.role === came.role)
      changes.push({ place, kind: "changed", role: came.role, text: textDiff(wordsOf(gone), wordsOf(came)) });
    else {
      if (gone)
        changes.push({
          place,
          kind: "removed",
          role: gone.role,
          text: [{ kind: "gone", text: wordsOf(gone) }],
        });
      if (came)
        changes.push({ place, kind: "added", role: came.role, text: [{ kind: "new", text: wordsOf(came) }] });
    }
  }
  return { kept, changes };
}

function signOf({ role, parts, name }: Turn): string {
  return canonical([role, name ?? null, parts]);
}

function wordsOf({ parts }: Turn): string {
  return textOf(parts);
}

export function textOf(parts: readonly Part[]): string {
  return parts.map(partText).join("\n");
}

function partText(part: Part): string {
  switch (part.type) {
    case "text":
    case "refusal":
      return part.text;
    case "reasoning":
      return part.text ?? "[reasoning]";
    case "tool_call":
      return `→ ${part.name}(${part.arguments})`;
    case "tool_result":
      return `← ${part.id ?? part.name ?? ""}: ${textOf(part.parts)}`;
    case "citation":
      return `[${part.title ?? part.url ?? "citation"}]`;
    case "unknown":
      return compact(part.value).slice(0, 20_000);
    default:
      return `[${part.type} ${part.name ?? part.mime ?? ""} ${part.url ?? part.bytes ?? ""}]`;
  }
}
