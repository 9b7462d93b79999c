/** What was found in a session: each finding with the severity of its rule and the document that has it. */
import type { Identity } from "./identity.ts";
import type { Finding } from "./lint-http.ts";
import type { Call, SessionProblem } from "./reading.ts";
import { RULES, sourceOf } from "./rules.ts";
import { isRevision, schemaUrl } from "./schemas.ts";

export type Findings = ReturnType<typeof findings>;

export function findings(who: Identity) {
  const problems: SessionProblem[] = [];
  const said = new Set<string>();

  return { all: (): readonly SessionProblem[] => problems, add, addOnce, deprecated, failed };

  function add({ seq }: { seq: number }, call: Call | null, found: readonly Finding[]): void {
    for (const { rule, where, what } of found) {
      const revision = who.revision();
      const schema = rule === "mcp/schema" && isRevision(revision) ? schemaUrl(revision) : null;
      const source = schema ?? sourceOf(rule, who.era());
      const { severity } = RULES[rule];
      problems.push({ seq, call: call?.key ?? null, rule, where, what, severity, source });
    }
  }

  /** A session that uses sampling a hundred times has one thing to learn: `word` says which. */
  function addOnce(word: string, at: { seq: number }, call: Call | null, found: Finding): void {
    if (said.has(word)) return;
    said.add(word);
    add(at, call, [found]);
  }

  function deprecated(at: { seq: number }, call: Call | null, what: string): void {
    addOnce(what, at, call, { rule: "mcp/deprecated", where: "$", what: `${what} is deprecated` });
  }

  function failed(seq: number, error: unknown): void {
    const why = error instanceof Error ? error.message : "unknown reason";
    const what = `our rules failed here: ${why}; the message itself is complete`;
    const rule = "reader/failed";
    problems.push({ seq, call: null, rule, where: "$", what, severity: "note", source: null });
  }
}
