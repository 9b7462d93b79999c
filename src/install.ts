/** Installs the dependencies from the lockfile when they are missing: a clean clone starts with one command. */
import { existsSync } from "node:fs";
import { join, resolve } from "node:path";

/** Nothing goes to stdout: an MCP host may be reading there. Throws when the installation fails. */
export async function ensureInstalled(root: string = resolve(import.meta.dir, "..")): Promise<void> {
  // Installed as a package itself: its dependencies lie beside it, not below.
  const isInstalled = () => existsSync(join(root, "node_modules", "elysia"));
  if (isInstalled() || !existsSync(join(root, "bun.lock"))) return;
  process.stderr.write("installing the dependencies (once) …\n");
  const { exitCode, stderr } = Bun.spawnSync([process.execPath, "install", "--frozen-lockfile", "--silent"], {
    cwd: root,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  if (exitCode !== 0 || !isInstalled()) {
    throw new Error(`bun install failed in ${root}: ${stderr.toString().trim()}`);
  }
  await again();
}

/**
 * A Bun that started without node_modules keeps looking for packages elsewhere (1.4.5: `import()` of what was just
 * installed hangs for minutes). So the same command line is run by a fresh one, with our pipes, signals and exit.
 */
async function again(): Promise<never> {
  // The runtime's own options too: they keep it from what a stranger's folder says.
  const child = Bun.spawn([process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    stdin: "inherit",
    stdout: "inherit",
    stderr: "inherit",
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  for (const signal of signals) process.on(signal, () => child.kill(signal));
  const code = await child.exited;
  if (child.signalCode) {
    for (const signal of signals) process.removeAllListeners(signal);
    process.kill(process.pid, child.signalCode);
  }
  process.exit(code);
}
