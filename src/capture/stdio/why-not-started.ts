/** Why a program cannot be started, for a person: which word, which place, what to do. Exit codes as a shell has them. */
import { accessSync, closeSync, constants, openSync, readSync, statSync } from "node:fs";
import { delimiter, isAbsolute, join, resolve } from "node:path";

export type NotStarted = { readonly code: 126 | 127; readonly why: string };

/** A PATH may have any length; what was searched first is what counts. */
const PATH_SHOWN = 2000;

export function whyNotStarted(
  file: string,
  { cwd, env }: { cwd: string; env: NodeJS.ProcessEnv },
  error: NodeJS.ErrnoException,
): NotStarted {
  const cannot = `cannot start ${file}`;
  if (!isFolder(cwd)) return { code: 127, why: `${cannot}: its working directory ${cwd} does not exist` };
  const isPath = /[\\/]/.test(file);
  const path = isPath ? (isAbsolute(file) ? file : resolve(cwd, file)) : null;
  if (error.code === "ENOENT") {
    if (path === null) {
      const found = inPath(file, env);
      if (found !== null)
        return { code: 126, why: `${cannot}: ${found} may not be executed; chmod +x makes it a program` };
      const hint = "a host that was started from the desktop has another PATH than your terminal";
      return { code: 127, why: `${cannot}: there is no such program in PATH (${searched(env)}); ${hint}` };
    }
    const interpreter = interpreterOf(path);
    if (interpreter !== null)
      return { code: 127, why: `${cannot}: it is a script for ${interpreter}, which is not there` };
    return { code: 127, why: `${cannot}: there is no such program` };
  }
  if (error.code === "EACCES") {
    if (path !== null && isFolder(path)) return { code: 126, why: `${cannot}: it is a folder` };
    return { code: 126, why: `${cannot}: it may not be executed; chmod +x makes a script a program` };
  }
  if (error.code === "ENOEXEC") {
    const why = `${cannot}: it is no program for this system; a script needs a first line such as #!/usr/bin/env node`;
    return { code: 126, why };
  }
  return { code: 126, why: `${cannot}: ${error.message}` };
}

/** A file of this name that the search passed over, since it is no program. */
function inPath(file: string, env: NodeJS.ProcessEnv): string | null {
  const folders = (env["PATH"] ?? "").split(delimiter).filter((folder) => folder !== "");
  const found = folders.map((folder) => join(folder, file)).find(isFile);
  return found ?? null;
}

function searched(env: NodeJS.ProcessEnv): string {
  const path = env["PATH"] ?? env["Path"] ?? "";
  if (path === "") return "PATH is empty";
  const shown = [...new Set(path.split(delimiter))].join(", ");
  return shown.length > PATH_SHOWN ? `${shown.slice(0, PATH_SHOWN)}, …` : shown;
}

/** What a script's first line names, when that is not there; the system then says that the script is not. */
function interpreterOf(path: string): string | null {
  const named = /^#!\s*(\S+)/.exec(beginningOf(path))?.[1];
  if (named === undefined) return null;
  try {
    accessSync(named, constants.X_OK);
    return null;
  } catch {
    return named;
  }
}

function beginningOf(path: string): string {
  try {
    const file = openSync(path, "r");
    try {
      const bytes = Buffer.alloc(500);
      return bytes.toString("latin1", 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return ""; // not there, or not ours to read: the system's own word has to do
  }
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
