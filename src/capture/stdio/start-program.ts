/** Starts a program and passes signals to it, on every system. */
import { spawn, type ChildProcess, type SpawnOptions } from "node:child_process";
import { existsSync } from "node:fs";
import { endTree, windowsCommand } from "./windows.ts";

type Options = SpawnOptions & { readonly env: NodeJS.ProcessEnv };

export function startProgram(command: readonly [string, ...string[]], options: Options): ChildProcess {
  const [file, ...args] = command;
  if (process.platform !== "win32") return spawnAsHostsDo(file, args, options);
  const cwd = String(options.cwd ?? process.cwd());
  const started = windowsCommand(command, options.env, cwd, existsSync);
  return spawn(started.file, started.args, {
    ...options,
    windowsHide: true,
    windowsVerbatimArguments: started.verbatim,
  });
}

/** A script without a first line that names its interpreter is the shell's, as execvp(3) and so Node have it. */
function spawnAsHostsDo(file: string, args: readonly string[], options: Options): ChildProcess {
  try {
    return spawn(file, args, options);
  } catch (error) {
    const { PATH = "" } = options.env;
    const cwd = String(options.cwd ?? process.cwd());
    const script =
      (error as NodeJS.ErrnoException).code === "ENOEXEC" ? Bun.which(file, { PATH, cwd }) : null;
    if (script === null) throw error;
    return spawn("/bin/sh", [script, ...args], options);
  }
}

/** Windows has no signals. Ctrl-C reaches every program of the console by itself; anything else means the end. */
export function passSignal(child: ChildProcess, signal: NodeJS.Signals): void {
  if (process.platform !== "win32") return void child.kill(signal);
  if (signal === "SIGINT" || child.pid === undefined) return;
  const [file, ...args] = endTree(child.pid);
  spawn(file, args, { stdio: "ignore", windowsHide: true }).on("error", () => child.kill());
}
