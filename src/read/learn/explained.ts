/** What a learner is told of the thing that is selected: what it is, why it is here now, what comes next. */
import type { Entry } from "../glossary/entry.ts";
import { sameAs } from "../glossary/explain.ts";
import type { Said } from "./note.ts";
import { noteOf } from "./notes.ts";

export type Explained = {
  /** As on the wire. */
  readonly name: string;
  readonly what: readonly Said[];
  readonly why: readonly Said[];
  readonly next: readonly Said[];
  /** How other dialects call it. */
  readonly same: readonly { readonly dialect: string; readonly name: string }[];
  /** The document that defines it. */
  readonly source: string | null;
};

/** Others that mean the same; more than these would be a list and no help. */
const MOST_SAME = 6;

/** From entries of the glossary, the one that says most first, with what is only known here behind it. */
export function explained(
  name: string,
  entries: readonly (Entry | null)[],
  here: { readonly why?: readonly Said[]; readonly next?: readonly Said[]; readonly dialect?: string } = {},
): Explained {
  const known = [...new Set(entries.filter((entry) => entry !== null))];
  const found = known.map(noteOf).filter((it) => it !== null);
  const [note] = found;
  return {
    name,
    what: known.map(({ en, zh }) => ({ en, zh })),
    why: [...(note ? [note.why] : []), ...(here.why ?? [])],
    next: [...(note ? [note.next] : []), ...(here.next ?? [])],
    same: sameOf(known, here.dialect ?? known[0]?.where[0] ?? ""),
    source: known[0]?.source ?? null,
  };
}

/** Elsewhere: what is called so here is known. */
function sameOf(entries: readonly Entry[], here: string): Explained["same"] {
  const all = entries.flatMap((entry) => sameAs(entry).map(nameOf));
  const seen = new Set([here]);
  return all.filter(({ dialect }) => !seen.has(dialect) && seen.add(dialect)).slice(0, MOST_SAME);
}

function nameOf({ where, at }: Entry): Explained["same"][number] {
  return { dialect: where[0] ?? "", name: (at[0] ?? "").replace("$.", "") };
}

/** `1234` → `1.23 s`; the same words as the page's numbers, which this floor does not see. */
export function time(ms: number): string {
  return ms >= 1000 ? `${(ms / 1000).toFixed(2)} s` : `${Math.round(ms)} ms`;
}
