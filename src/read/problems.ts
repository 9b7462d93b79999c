/** The linter of the LLM side: every rule, in the order in which its problems are shown. */
import { attempt } from "./look.ts";
import { cache } from "./problems/cache.ts";
import { deprecated } from "./problems/deprecated.ts";
import { finish } from "./problems/finish.ts";
import { leaks } from "./problems/leaks.ts";
import { mcp } from "./problems/mcp.ts";
import { media } from "./problems/media.ts";
import { nesting } from "./problems/nesting.ts";
import { output } from "./problems/output.ts";
import { prewarm } from "./problems/prewarm.ts";
import { rejected } from "./problems/rejected.ts";
import type { Read, Rule } from "./problems/rule.ts";
import { silence } from "./problems/silence.ts";
import { tools } from "./problems/tools.ts";
import { transfer } from "./problems/transfer.ts";
import { usage } from "./problems/usage.ts";
import type { Problem } from "./reading.ts";

export const rules: readonly Rule[] = [
  ...rejected,
  ...prewarm,
  ...transfer,
  ...silence,
  ...finish,
  ...tools,
  ...output,
  ...leaks,
  ...usage,
  ...cache,
  ...media,
  ...mcp,
  ...deprecated,
  ...nesting,
];

/** A body of half a million calls may have a problem in each: the first of each rule are told, the rest is counted. */
const MOST_OF_A_RULE = 50;

export function firstOfEach(problems: readonly Problem[]): Problem[] {
  const counts = new Map<string, number>();
  const kept = problems.filter(({ rule }) => {
    const count = (counts.get(rule) ?? 0) + 1;
    counts.set(rule, count);
    return count <= MOST_OF_A_RULE;
  });
  const more = problems.length - kept.length;
  if (more === 0) return kept;
  const what = `${more} further problems of the same kinds are not listed`;
  return [...kept, { where: "record", what, rule: "reader/more", severity: "note", source: null }];
}

/** A rule that fails is a problem of ours, told in the reading. */
export function problemsOf(read: Read): Problem[] {
  const ours: Problem[] = [];
  const found = rules.flatMap((rule) => attempt(ours, "rules", [], () => rule(read)));
  return [...found, ...ours];
}
