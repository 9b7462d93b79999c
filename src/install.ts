/** Installs the dependencies from the lockfile when they are missing: a clean clone starts with one command. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Nothing goes to stdout: an MCP host may be reading there. Throws when the installation fails. */
export function ensureInstalled(root: string = resolve(import.meta.dir, "..")): void {
  // Installed as a package itself: its dependencies lie beside it, not below.
  if (existsSync(join(root, "node_modules", "elysia")) || !existsSync(join(root, "bun.lock"))) return;
  process.stderr.write("installing the dependencies (once) …\n");
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile", "--silent"], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  if (exitCode !== 0) throw new Error(`bun install failed in ${root}: ${stderr.toString().trim()}`);
}
