/** The answer as it grows, in parts, from what each event added: only what is new is told. */
import type { GrowingText } from "../fact/growing-text.ts";
import type { LivePart, PartAdded } from "../fact/live.ts";
import type { Added } from "./dialect.ts";

type Growing = { kind: LivePart["kind"]; name: string | null; text: string; mask: GrowingText | null };

const KINDS = { text: "text", reasoning: "reasoning", tool: "tool_call" } as const;

/** An answer has some dozens. Of a hostile one the rest goes into the last: each costs some KB while it grows. */
const MOST_PARTS = 2_000;

export function liveParts(mask?: () => GrowingText) {
  const parts: Growing[] = [];
  /** By the key that the dialect gives. */
  const byKey = new Map<string, number>();
  let current = -1;
  let told: PartAdded[] = [];

  return { add, end, all: (): readonly LivePart[] => parts, added };

  function add(all: readonly Added[]): void {
    for (const { lane, text, part, begins } of all) {
      if (lane !== "text" && lane !== "reasoning" && lane !== "tool") continue;
      const n = partFor(KINDS[lane], part, begins);
      // Where the name is all that it brings, it stands above the part and not in it.
      if (begins !== text) append(n, text);
    }
  }

  /** The part of this key; without one the last part goes on as long as the kind is the same. */
  function partFor(kind: LivePart["kind"], key: string | undefined, begins: string | undefined): number {
    const known = key === undefined ? undefined : byKey.get(key);
    if (known !== undefined) {
      current = known;
      if (begins !== undefined) rename(known, begins);
      return known;
    }
    const goesOn = key === undefined && begins === undefined && parts[current]?.kind === kind;
    if (goesOn) return current;
    if (parts.length >= MOST_PARTS) return (current = parts.length - 1);
    parts.push({ kind, name: begins ?? null, text: "", mask: mask?.() ?? null });
    current = parts.length - 1;
    if (key !== undefined) byKey.set(key, current);
    told.push({ n: current, kind, name: begins ?? null, at: 0, append: "" });
    return current;
  }

  /** A name that comes in pieces. */
  function rename(n: number, more: string): void {
    const part = parts[n];
    if (!part) return;
    part.name = (part.name ?? "") + more;
    told.push({ n, kind: part.kind, name: part.name, at: part.text.length, append: "" });
  }

  function append(n: number, text: string): void {
    const part = parts[n];
    if (part) write(n, part, part.mask ? part.mask.push(text) : text);
  }

  function write(n: number, part: Growing, text: string): void {
    if (text === "") return;
    const last = told.at(-1);
    if (last?.n === n) last.append += text;
    else told.push({ n, kind: part.kind, name: part.name, at: part.text.length, append: text });
    part.text += text;
  }

  function end(): void {
    for (const [n, part] of parts.entries()) if (part.mask) write(n, part, part.mask.end());
  }

  /** What was added since this was last asked. */
  function added(): PartAdded[] {
    const some = told;
    told = [];
    return some;
  }
}
