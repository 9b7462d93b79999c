/**
 * `bun run audit`: known holes of the packages that the program is installed with. Exit 1 where there is one of moderate
 * weight or more; a registry that gives no advisories is told, since then nothing was checked.
 */
import { join } from "node:path";

/** A registry that does not answer must not hold up the checks. */
const PATIENCE_MS = 60_000;

export type Verdict = { readonly code: 0 | 1; readonly say: string };

/** What `bun audit` said. It ends with 1 both for a hole and for a registry that has no answer. */
export function verdictOf(output: string, code: number): Verdict {
  if (code === 0) return { code: 0, say: "audit: no known hole in any package" };
  const refused = /^error: .*$/m.exec(output)?.[0];
  if (refused !== undefined && !/\bGHSA-/.test(output))
    return { code: 0, say: `audit: not checked, the registry gave no advisories (${refused.slice(0, 160)})` };
  return { code: 1, say: `audit: packages with known holes:\n${output.trim()}` };
}

if (import.meta.main) {
  const root = join(import.meta.dir, "..");
  const child = Bun.spawn([process.execPath, "audit", "--omit=dev", "--audit-level=moderate"], {
    cwd: root,
    stdout: "pipe",
    stderr: "pipe",
    timeout: PATIENCE_MS,
  });
  const said = (
    await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  ).join("");
  const { code, say } = verdictOf(
    said === "" ? "error: it did not answer in time" : said,
    await child.exited,
  );
  console.log(say);
  process.exitCode = code;
}
