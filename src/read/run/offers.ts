/** Which recorded servers offer a tool: a call that none of them got, although one offers it, was not sent. */
import type { SessionEvidence } from "./evidence.ts";
import { EARLY } from "./plausible.ts";
import { TimeLists } from "./time-list.ts";
import { fitOf, lastWord } from "./tool-names.ts";
import type { Asked, Group } from "./world.ts";

const LATEST = 32;

type Offer = {
  readonly at: number;
  readonly key: string;
  readonly tool: string;
  readonly session: () => SessionEvidence;
};

export function offers() {
  const byWord = new TimeLists<Offer>();
  const made = new Map<string, { it: SessionEvidence; offers: Map<string, Offer> }>();

  return {
    /** Gives the tools that are new. */
    put(it: SessionEvidence, before: SessionEvidence | null): string[] {
      const known = made.get(it.id) ?? { it, offers: new Map<string, Offer>() };
      known.it = it;
      made.set(it.id, known);
      if (before?.tools === it.tools) return [];
      const fresh = it.tools.filter((tool) => !known.offers.has(tool));
      for (const tool of fresh) {
        const offer = { at: it.at, key: `${it.id} ${tool}`, tool, session: () => known.it };
        known.offers.set(tool, offer);
        byWord.add(lastWord(tool), offer);
      }
      return fresh;
    },
    drop({ id }: SessionEvidence): void {
      for (const [tool, offer] of made.get(id)?.offers ?? []) byWord.remove(lastWord(tool), offer);
      made.delete(id);
    },
    /** `serves`: other ties say that the session serves the conversation. */
    has({ it, at, node }: Asked, serves: (session: string, group: Group) => boolean): boolean {
      for (const { tool, session } of byWord.get(lastWord(it.name))?.backFrom(at + EARLY, LATEST) ?? []) {
        const { id, name, server, family, run, closed, last } = session();
        if (closed && last < at) continue;
        if (family !== null && node.it.family !== null && family !== node.it.family) continue;
        if (run !== null && node.it.run !== null && run !== node.it.run) continue;
        const fit = fitOf(it, tool, [name, server]);
        if (fit === 3 || (fit > 0 && (serves(id, node.group) || (run !== null && run === node.it.run))))
          return true;
      }
      return false;
    },
  };
}
