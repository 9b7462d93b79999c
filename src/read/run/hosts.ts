/** How each host treats the results of tools, from the calls at hand. */
import type { Fidelity, RunRow, StepRow } from "../../fact/rows.ts";
import { familyOfAgent } from "./families.ts";

export type Host = {
  host: string;
  versions: string[];
  calls: number;
  forms: Record<string, number>;
  likeness: Record<string, number>;
  wrappers: Record<string, number>;
  media: { served: number; seen: number };
  /** In a sentence. */
  says: string;
};

type Treated = { step: StepRow; run: RunRow };

/** The one with the most calls first. */
export function hostsOf(all: readonly Treated[]): Host[] {
  const byHost = Map.groupBy(all, ({ run }) => nameOf(run.agent));
  return [...byHost].map(([host, treated]) => hostOf(host, treated)).toSorted((a, b) => b.calls - a.calls);
}

/** A program that is none of the known ones goes by its own name, without the version. */
function nameOf(agent: string | null): string {
  return familyOfAgent(agent) ?? agent?.split("/")[0] ?? "unknown";
}

function hostOf(host: string, treated: readonly Treated[]): Host {
  const found = treated.flatMap(({ step }) => step.fidelity ?? []);
  const versions = new Set(treated.flatMap(({ run }) => run.agent?.split("/")[1] ?? []));
  const media = { served: 0, seen: 0 };
  for (const one of found) {
    media.served += one.media.served;
    media.seen += Math.min(one.media.seen, one.media.served);
  }
  const told = {
    host,
    versions: [...versions].toSorted(),
    calls: found.length,
    forms: tally(found, ({ form }) => form),
    likeness: tally(found, ({ likeness }) => likeness),
    wrappers: tally(found, ({ wrapper }) => wrapper),
    media,
  };
  return { ...told, says: sentence(told) };
}

function tally(all: readonly Fidelity[], of: (one: Fidelity) => string | null): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of all) {
    const name = of(one);
    if (name !== null) counts[name] = (counts[name] ?? 0) + 1;
  }
  return counts;
}

function sentence({ forms, likeness, wrappers, media, calls }: Omit<Host, "says">): string {
  const parts = [
    mostly(forms, {
      content: "the model sees the text",
      structured: "the model sees structuredContent",
      both: "the model sees the text and structuredContent",
      neither: "the model sees neither of the two",
    }),
    mostly(likeness, { cut: "results are cut", rewritten: "results are rewritten" }),
    Object.keys(wrappers).length > 0 ? "the text is wrapped" : null,
    media.served === 0
      ? null
      : media.seen === media.served
        ? "images, sound and links are kept"
        : media.seen === 0
          ? "images, sound and links are dropped or turned into text"
          : `${media.seen} of ${media.served} images, sounds and links come through`,
  ].filter((part) => part !== null);
  return `${parts.join(", ")}; from ${calls} ${calls === 1 ? "call" : "calls"}`;
}

/** What holds for most of the calls, or a mixture with its share. */
function mostly(counts: Record<string, number>, words: Record<string, string>): string | null {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  const [name, count] = Object.entries(counts).toSorted(([, a], [, b]) => b - a)[0] ?? [];
  const said = name === undefined ? undefined : words[name];
  if (said === undefined || count === undefined) return null;
  return count === all ? said : `${said} (${count} of ${all})`;
}
