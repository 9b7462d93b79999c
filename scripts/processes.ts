/** What starting an engine beside us takes, for the team's demo and for tests. */
import { userInfo } from "node:os";

/** Of this machine alone; somebody else may take it before it is used. */
export function freePort(): number {
  const listener = Bun.listen({ hostname: "127.0.0.1", port: 0, socket: { data() {} } });
  const { port } = listener;
  listener.stop(true);
  return port;
}

/** What stands before a command that does not run as root, as Postgres does not; the folders become that user's. */
export function asOther(folders: readonly string[]): string[] {
  if (process.platform !== "linux" || userInfo().uid !== 0) return [];
  for (const folder of folders) Bun.spawnSync(["chown", "-R", "nobody", folder]);
  return ["setpriv", "--reuid=nobody", "--regid=nogroup", "--clear-groups", "--"];
}

/** Rejects with what it said on stderr when it does not end with 0. */
export async function ran(words: string[]): Promise<void> {
  const child = Bun.spawn(words, { stdio: ["ignore", "ignore", "pipe"] });
  if ((await child.exited) !== 0) throw new Error(await new Response(child.stderr).text());
}
