/** The page's demo button: a process of its own, as any agent is, so that neither thread does an agent's work. */

/** Resolves when the conversation is over; rejects with a sentence for people. */
export async function runDemo(command: readonly string[]): Promise<void> {
  // In our own folder: Bun runs what a bunfig.toml of the one we were started in names.
  const cwd = import.meta.dir;
  const agent = Bun.spawn([...command], { cwd, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  const [code, said] = await Promise.all([agent.exited, new Response(agent.stderr).text()]);
  if (code !== 0) throw new Error(`the demo ended with code ${code}: ${said.trim().split("\n").at(-1)}`);
}
