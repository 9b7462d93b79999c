/** An MCP server as a host's configuration has it, and how its command looks with the tap in front. */

import { dirname, join } from "node:path";

export type Entry = {
  readonly name: string;
  /** Where it stands: the keys from the top of the file. */
  readonly path: readonly string[];
  /** Empty for a server over HTTP, and for one that cannot be recorded. */
  readonly command: readonly string[];
  readonly url: string | null;
  /** Why no tap can be put before it; null where one can. */
  readonly stuck: string | null;
};

/** `url`: another address in place of a command. */
export type Wanted = { readonly entry: Entry; readonly command: readonly string[]; readonly url?: string };

/** `left`: those that are written in a way we cannot change safely; the others have their command. */
export type Changed = {
  readonly text: string;
  readonly left: readonly { readonly entry: Entry; readonly why: string }[];
};

/** Texts of one format, read and changed without touching anything else in them. */
export type Format = {
  /** A sentence when the text cannot be read safely. */
  read(text: string, patterns: readonly (readonly string[])[]): readonly Entry[] | string;
  /**
   * The text with these commands. `before`: the text before our first change, where it is known; arguments that it did
   * not have are taken away whole.
   */
  change(text: string, wanted: readonly Wanted[], before?: string | null): Changed;
};

/** What stands before the server's own command. */
export type Tap = {
  readonly runtime: string;
  readonly cli: string;
  readonly logDir: string | null;
  /** Of one run of an agent; a tap that stays in a host's settings has none. */
  readonly run?: string;
};

export function withTap(
  { command, name }: Pick<Entry, "command" | "name">,
  { runtime, cli, logDir, run }: Tap,
): string[] {
  const folder = logDir === null ? [] : ["--log-dir", logDir];
  const bound = run === undefined ? [] : ["--run", run];
  const own = withoutTap(command);
  // Without the flags the runtime would run what a `bunfig.toml` of its working directory names, and give the server
  // what a `.env` there holds.
  const alone = [`--config=${join(dirname(cli), "bunfig.toml")}`, "--no-env-file"];
  return [runtime, ...alone, cli, "tap", "--name", name, ...folder, ...bound, "--", ...own];
}

/** Where the server's own command begins; null when there is no tap. */
export function tapEnd(command: readonly string[]): number | null {
  const tap = command.indexOf("tap");
  if (tap < 1 || tap > 4) return null;
  const before = command[tap - 1] ?? "";
  if (!/(^|[\\/])(cli\.ts|mcp-proxy-logger)$/.test(before)) return null;
  const end = command.indexOf("--", tap);
  return end === -1 || end === command.length - 1 ? null : end + 1;
}

export function withoutTap(command: readonly string[]): string[] {
  return command.slice(tapEnd(command) ?? 0);
}

/** Files of the tap that are named by their whole path: when one is gone, the server cannot start any more. */
export function tapFiles(command: readonly string[]): string[] {
  const end = tapEnd(command);
  if (end === null) return [];
  const tap = command.indexOf("tap");
  return [command[0] ?? "", command[tap - 1] ?? ""].filter((word) => /^([\\/]|[A-Za-z]:[\\/])/.test(word));
}
