/**
 * `bun run audit`: known holes of the packages that the program is installed with. Exit 1 where there is one of moderate
 * weight or more; a registry that gives no advisories is told, since then nothing was checked.
 */
import { join } from "node:path";
import { quickAudit, type Answer, type Lock } from "./quick-audit.ts";

/** A registry that does not answer must not hold up the checks. */
const PATIENCE_MS = 60_000;

export type Verdict = { readonly code: 0 | 1; readonly say: string; readonly isChecked: boolean };

/** What `bun audit` said. It ends with 1 both for a hole and for a registry that has no answer. */
export function verdictOf(output: string, code: number): Verdict {
  if (code === 0) return { code: 0, say: NONE, isChecked: true };
  const refused = /^error: .*$/m.exec(output)?.[0];
  if (refused !== undefined && !/\bGHSA-/.test(output))
    return { code: 0, say: notChecked([refused]), isChecked: false };
  return { code: 1, say: `${HOLES}\n${output.trim()}`, isChecked: true };
}

/** What the older ways of asking came to, after the first one came to nothing. */
export function secondVerdict(first: Verdict, answer: Answer): Verdict {
  if ("asked" in answer) return { ...first, say: `${first.say}\n  ${answer.asked.join("\n  ")}` };
  if (answer.holes.length === 0) return { code: 0, say: NONE, isChecked: true };
  const lines = answer.holes.map(
    ({ name, severity, title, url }) => `${name} (${severity}): ${title} ${url}`,
  );
  return { code: 1, say: `${HOLES}\n${lines.join("\n")}`, isChecked: true };
}

const NONE = "audit: no known hole in any package";
const HOLES = "audit: packages with known holes:";

function notChecked(why: readonly string[]): string {
  return `audit: not checked, the registry gave no advisories (${why.join("; ").slice(0, 160)})`;
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
  const bun = verdictOf(said === "" ? "error: it did not answer in time" : said, await child.exited);
  const registry = registryIn(said);
  const { code, say } =
    bun.isChecked || registry === null
      ? bun
      : secondVerdict(bun, await quickAudit(await lock(root), (way, body) => ask(registry, way, body)));
  console.log(say);
  process.exitCode = code;
}

/** The registry that Bun asked, as its refusal names it: whatever says which one it is has been obeyed. */
export function registryIn(said: string): string | null {
  return /\bPOST (https?:\/\/\S+?)\/-\/npm\//.exec(said)?.[1] ?? null;
}

async function lock(root: string): Promise<Lock> {
  // JSON with commas at the ends of lists.
  const text = await Bun.file(join(root, "bun.lock")).text();
  return JSON.parse(text.replaceAll(/,(\s*[\]}])/g, "$1")) as Lock;
}

async function ask(registry: string, way: string, body: unknown): Promise<unknown> {
  const answer = await fetch(`${registry}/${way}`, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!answer.ok) throw new Error(`${answer.status}`);
  return await answer.json();
}
