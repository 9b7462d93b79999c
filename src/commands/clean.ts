/** `clean`: deletes what was recorded, after asking. */
import { lstatSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ConfigError, readOptions, valueOf } from "../config/options.ts";
import { printable } from "../fact/printable.ts";
import { readConfig, settingsOf } from "../config.ts";
import { SETTINGS } from "../config/settings.ts";
import { running } from "../journal/running.ts";

/** Ours, and nothing else that somebody may keep there. */
const OURS =
  /^(?:llm_proxy|mcp_.+|spool|run|quarantine|trash|stars\.jsonl|(?:index|ship)\.sqlite(?:-wal|-shm)?)$/;

const YES = { flag: "--yes", short: "-y", value: "" };

export async function clean(args: readonly string[]): Promise<number> {
  const said = readOptions(args, [YES, ...SETTINGS]);
  const yes = valueOf(said, YES.flag) !== undefined;
  const config = readConfig([...settingsOf(said), ...said.names]);
  if (running(config.logDir).length > 0)
    throw new ConfigError(`a program records to ${config.logDir}; stop it first`);
  const named = entries(config.logDir).filter((name) => OURS.test(name));
  const kept = named.filter((name) => strangersIn(config.logDir, name) !== undefined);
  const found = named.filter((name) => !kept.includes(name));
  for (const name of kept) {
    const stranger = printable(join(name, strangersIn(config.logDir, name) ?? ""));
    process.stdout.write(`${printable(name)} stays: ${stranger} is no record of ours\n`);
  }
  if (found.length === 0) {
    process.stdout.write(`nothing to delete in ${config.logDir}\n`);
    return 0;
  }
  const { files, bytes } = weigh(found.map((name) => join(config.logDir, name)));
  const names = found.map(printable).join(", ");
  const what = `${files} files, ${(bytes / 1e6).toFixed(1)} MB, in ${config.logDir} (${names})`;
  if (!yes && !(await agrees(`Delete ${what}? [y/N] `))) {
    process.stdout.write("nothing was deleted\n");
    return 1;
  }
  for (const name of found) rmSync(join(config.logDir, name), { recursive: true, force: true });
  process.stdout.write(`deleted ${what}\n`);
  return 0;
}

/** Folders that others have under such names too, and what all files of ours in them are called. */
const SHARED_NAMES: readonly (readonly [folder: RegExp, file: RegExp])[] = [
  [/^mcp_/, /\.jsonl$/],
  [/^run$/, /^\d+\.json$/],
  [/^trash$/, /\.(?:json|jsonl|pack)$/],
];

/** Something in one of them that is not ours: then it may be anything, source code for example. */
function strangersIn(logDir: string, folder: string): string | undefined {
  const ours = SHARED_NAMES.find(([names]) => names.test(folder))?.[1];
  return ours && entries(join(logDir, folder)).find((name) => !ours.test(name));
}

/** Without a terminal nobody can answer, and no answer is a no. */
async function agrees(question: string): Promise<boolean> {
  process.stdout.write(question);
  for await (const line of console) return /^y(?:es)?$/i.test(line.trim());
  process.stdout.write("\n");
  return false;
}

function weigh(paths: readonly string[]): { files: number; bytes: number } {
  let [files, bytes] = [0, 0];
  for (const path of paths) {
    const stat = lstatSync(path);
    const below = stat.isDirectory()
      ? weigh(entries(path).map((name) => join(path, name)))
      : { files: 1, bytes: stat.size };
    files += below.files;
    bytes += below.bytes;
  }
  return { files, bytes };
}

function entries(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
