/**
 * Windows starts programs differently: `npx` is a script, `npx.cmd`, that only `cmd.exe` can run, and arguments are one
 * string that each program takes apart by itself. Pure: what exists is asked of the caller.
 * https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */
import { win32 } from "node:path";

export type Started = {
  readonly file: string;
  readonly args: readonly string[];
  /** The arguments are quoted already; nobody may quote them again. */
  readonly verbatim: boolean;
};

/** Variables' names have no case there. */
type Environment = Readonly<Record<string, string | undefined>>;

/** What to start for this command. A program that is not found is left as it is, so that the system says so. */
export function windowsCommand(
  [file = "", ...args]: readonly string[],
  environment: Environment,
  cwd: string,
  exists: (path: string) => boolean,
): Started {
  const found = programAt(file, environment, cwd, exists);
  if (found === null) return { file, args, verbatim: false };
  if (!/\.(?:cmd|bat)$/i.test(found)) return { file: found, args, verbatim: false };
  // A launcher of npm's hands its arguments to a second program through `cmd.exe`: they are read twice.
  const times = /[\\/]node_modules[\\/]\.bin[\\/]/i.test(found) || isNpmLauncher(found) ? 2 : 1;
  const line = [escaped(win32.normalize(found), 1), ...args.map((word) => escaped(quoted(word), times))];
  const shell = variable(environment, "comspec") ?? "cmd.exe";
  return { file: shell, args: ["/d", "/s", "/c", `"${line.join(" ")}"`], verbatim: true };
}

/** Ends a process and all below it: a launcher's own end would leave its server running. */
export function endTree(pid: number): readonly [string, ...string[]] {
  return ["taskkill", "/PID", String(pid), "/T", "/F"];
}

/** npm installs `npx.cmd` and globally installed programs' launchers beside Node or in its own folder. */
function isNpmLauncher(path: string): boolean {
  return /[\\/](?:npm|nodejs)[\\/][^\\/]+\.cmd$/i.test(path);
}

/** As `cmd.exe` looks for it: in the folder, then along PATH, with each ending of PATHEXT. */
function programAt(
  file: string,
  environment: Environment,
  cwd: string,
  exists: (path: string) => boolean,
): string | null {
  const endings = (variable(environment, "pathext") ?? ".COM;.EXE;.BAT;.CMD").split(";").filter(Boolean);
  const hasEnding = endings.some((ending) => file.toLowerCase().endsWith(ending.toLowerCase()));
  const names = hasEnding ? [file] : endings.map((ending) => file + ending.toLowerCase());
  const isPath = /[\\/]/.test(file) || /^[a-z]:/i.test(file);
  const folders = isPath ? [cwd] : [cwd, ...(variable(environment, "path") ?? "").split(";").filter(Boolean)];
  for (const folder of folders) {
    for (const name of names) {
      const path = win32.resolve(cwd, folder.replaceAll('"', ""), name);
      if (exists(path)) return path;
    }
  }
  return null;
}

/** One argument as a program's own reader takes it: backslashes count only before a quote. */
function quoted(word: string): string {
  return `"${word.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, "$1$1")}"`;
}

/** For `cmd.exe` every character with a meaning is written with a caret, quotes too: it must see no quoted text. */
function escaped(text: string, times: number): string {
  let line = text;
  for (let n = 0; n < times; n++) line = line.replace(/[()[\]%!^"`<>&|;, *?]/g, "^$&");
  return line;
}

function variable(environment: Environment, name: string): string | undefined {
  return Object.entries(environment).find(([key]) => key.toLowerCase() === name)?.[1];
}
