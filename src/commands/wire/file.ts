/**
 * One configuration file: reads its servers, puts taps in and takes them out, and never writes what it has not read
 * back. Before the first change the file is copied; taking all taps out of a file that nobody else changed gives the
 * copy back, byte for byte.
 */
import {
  chmodSync,
  chownSync,
  existsSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  tapEnd,
  tapFiles,
  withoutTap,
  withTap,
  type Entry,
  type Format,
  type Tap,
  type Wanted,
} from "./entry.ts";
import { wiredServers } from "../../config/wired-servers.ts";
import type { Host } from "./hosts.ts";
import { jsonc } from "./jsonc.ts";
import { relayName, unrelayed } from "./relay.ts";
import { toml } from "./toml.ts";
import { yaml } from "./yaml.ts";

export type ConfigFile = {
  readonly path: string;
  readonly text: string;
  readonly entries: readonly Entry[];
  readonly host: Host;
};

const formats: Record<Host["format"], Format> = { json: jsonc, toml, yaml };

/** Null when there is no such file; a sentence when it cannot be read safely. */
export function readFile(path: string, host: Host): ConfigFile | string | null {
  if (!existsSync(path)) return null;
  try {
    return read(path, host);
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const why =
      code === "EISDIR" ? "it is a folder" : code === "EACCES" ? "it is not yours to read" : message;
    return `${path} cannot be read (${why}); left alone`;
  }
}

function read(path: string, host: Host): ConfigFile | string {
  // A link is followed: who keeps settings in a repository links them, and the link has to stay.
  const real = realpathSync(path);
  const bytes = readFileSync(real);
  const text = bytes.toString("utf8");
  if (!Buffer.from(text).equals(bytes)) return `${path} is not UTF-8; left alone`;
  const entries = formats[host.format].read(text, host.servers);
  return typeof entries === "string"
    ? `${path} cannot be read (${entries}); left alone`
    : { path: real, text, entries: entries.map(splittable), host };
}

/** Some hosts give the whole of `command` to a shell. We start programs, and would look for one with that name. */
function splittable(entry: Entry): Entry {
  const [file = "", ...args] = entry.command;
  if (args.length > 0 || !/\s/.test(file.trim()) || existsSync(file)) return entry;
  const stuck = `its command is one text (${file}); write the program as "command" and the rest as "args"`;
  return { ...entry, command: [], stuck };
}

/** `left`: sentences about servers that could not be changed. `relays`: how many of them have another address now. */
export type Change = {
  readonly file: ConfigFile;
  readonly text: string;
  readonly names: readonly string[];
  readonly left: readonly string[];
  readonly relays: number;
};

/** Whether what stands before the server's command is gone: the project was moved, or the runtime taken away. */
export function isBroken({ command }: Entry): string | null {
  return tapFiles(command).find((file) => !existsSync(file)) ?? null;
}

/** The file with taps before these servers. A tap that is gone is written anew; `again`: all that are there, too. */
export function wired(
  file: ConfigFile,
  which: (entry: Entry) => boolean,
  tap: Tap,
  { there = "kept", address = null }: { there?: "kept" | "again"; address?: Address | null } = {},
): Change | string | null {
  const started = file.entries.filter(
    (entry) =>
      entry.command.length > 0 &&
      (there === "again" || tapEnd(entry.command) === null || isBroken(entry) !== null) &&
      which(entry),
  );
  const far =
    address === null ? [] : file.entries.filter(({ url }) => url !== null && relayName(url) === null);
  const wanted = [
    ...started.map((entry) => ({ entry, command: withTap(entry, tap) })),
    ...far.filter(which).flatMap((entry) => addressed(entry, address)),
  ];
  return changed(file, wanted);
}

/** Another address for a server over HTTP; null to leave it. */
export type Address = (entry: Entry) => string | null;

function addressed(entry: Entry, address: Address | null): Wanted[] {
  const url = address?.(entry) ?? null;
  return url === null ? [] : [{ entry, command: [], url }];
}

/** The file without taps before these servers, and with their own addresses, as far as they are known. */
export function unwired(file: ConfigFile, which: (entry: Entry) => boolean): Change | string | null {
  const isWired = ({ command, url }: Entry) =>
    tapEnd(command) !== null || (url !== null && relayName(url) !== null);
  const [before, known] = [beforeTaps(file), wiredServers()];
  const wanted = file.entries.flatMap((entry): Wanted[] => {
    if (!isWired(entry) || !which(entry)) return [];
    if (entry.url === null) return [{ entry, command: withoutTap(entry.command) }];
    return addressed(entry, (each) => unrelayed(each.url ?? "", known) ?? addressBefore(file, before, each));
  });
  const change = changed(file, wanted, before);
  if (change === null || typeof change === "string") return change;
  const done = new Set(wanted.map(({ entry }) => entry));
  const all = file.entries.every((entry) => !isWired(entry) || done.has(entry));
  const backup = all ? backupOf(file) : null;
  return backup === null ? change : { ...change, text: readFileSync(backup, "utf8") };
}

/** Of the copy that was made before our first change. */
function addressBefore({ host }: ConfigFile, before: string | null, { path }: Entry): string | null {
  const entries = before === null ? [] : formats[host.format].read(before, host.servers);
  if (typeof entries === "string") return null;
  return entries.find((entry) => JSON.stringify(entry.path) === JSON.stringify(path))?.url ?? null;
}

function changed(
  file: ConfigFile,
  all: readonly Wanted[],
  before: string | null = null,
): Change | string | null {
  if (all.length === 0) return null;
  const { read: readText, change } = formats[file.host.format];
  const { text, left } = change(file.text, all, before);
  const why = left.map((it) => `${file.path}: ${it.entry.name} is left alone: ${it.why}`);
  const done = all.filter(({ entry }) => !left.some((it) => it.entry === entry));
  if (done.length === 0) return why.join("\n");
  // Read again: every server has to be what it was, but for the commands that we meant to change.
  const wanted = new Map(done.map((it) => [it.entry, it]));
  const expected = file.entries.map((entry) => {
    const { command = entry.command, url = entry.url } = wanted.get(entry) ?? {};
    return { ...entry, command, url };
  });
  const seen = readText(text, file.host.servers);
  const again = typeof seen === "string" ? seen : seen.map(splittable);
  if (JSON.stringify(again) !== JSON.stringify(expected)) {
    return `${file.path} is left alone: it is written in a way that could not be changed safely`;
  }
  const relays = done.filter(({ url }) => url !== undefined).length;
  return { file, text, names: done.map(({ entry }) => entry.name), left: why, relays };
}

/** Writes the change and sees to the backup; a sentence when it cannot, and then nothing has changed. */
export function write(change: Change): { backup: string | null } | string {
  const { path, text } = change.file;
  try {
    // A person thinks before saying yes, and hosts write their files all the time.
    if (readFileSync(path, "utf8") !== text) return `${path} was changed just now; left alone, try again`;
    if ((statSync(path).mode & 0o222) === 0) return `${path} is read-only; left alone`;
    return written(change);
  } catch (error) {
    return `${path} cannot be written (${(error as Error).message}); left alone`;
  }
}

function written({ file, text }: Change): { backup: string | null } {
  const original = backupOf(file);
  const base = original === null ? unwiredText(file) : readFileSync(original, "utf8");
  const stale = backups(file.path);
  const backup = text === base ? null : `${file.path}${MARK}${hash(text)}`;
  // The copy first: whatever stops us, there is a way back.
  if (backup) writeFileSync(backup, base, { mode: statSync(file.path).mode });
  replace(file.path, text);
  for (const old of stale) if (old !== backup) rmSync(old);
  return { backup };
}

const MARK = ".before-mcp-proxy-logger-";

/** The copy of what this file was, when nobody has changed it since we did: its name ends with the hash of our text. */
function backupOf({ path, text }: ConfigFile): string | null {
  const backup = `${path}${MARK}${hash(text)}`;
  return existsSync(backup) ? backup : null;
}

/** The copy, also when the file was changed since: it tells how an entry was written before we came. */
function beforeTaps({ path }: ConfigFile): string | null {
  const copy = backups(path).at(-1);
  return copy === undefined ? null : readFileSync(copy, "utf8");
}

function backups(path: string): string[] {
  const folder = dirname(path);
  return readdirSync(folder)
    .filter((name) => name.startsWith(basename(path) + MARK))
    .map((name) => join(folder, name));
}

function unwiredText(file: ConfigFile): string {
  const change = unwired(file, () => true);
  return change === null || typeof change === "string" ? file.text : change.text;
}

/** All of the new text or all of the old: a host may read at any time. */
function replace(path: string, text: string): void {
  const fresh = `${path}.${process.pid}.tmp`;
  const { mode, uid, gid } = statSync(path);
  try {
    writeFileSync(fresh, text, { mode });
    // What the system's mask took away, and whose it is when somebody else writes it (sudo).
    chmodSync(fresh, mode);
    if (process.getuid?.() !== uid) chownSync(fresh, uid, gid);
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function hash(text: string): string {
  return new Bun.CryptoHasher("sha256").update(text).digest("hex").slice(0, 12);
}
