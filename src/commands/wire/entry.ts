/** An MCP server as a host's configuration has it, and how its command looks with the tap in front. */

import { dirname, join } from "node:path";

export type Entry = {
  readonly name: string;
  /** Where it stands: the keys from the top of the file. */
  readonly path: readonly string[];
  /** Empty for a server over HTTP. */
  readonly command: readonly string[];
  readonly url: string | null;
};

/** Texts of one format, read and changed without touching anything else in them. */
export type Format = {
  /** A sentence when the text cannot be read safely. */
  read(text: string, patterns: readonly (readonly string[])[]): readonly Entry[] | string;
  /**
   * The text with this command for the entry. A sentence when it is written in a way we cannot change safely. `before`:
   * the text before our first change, where it is known; arguments that it did not have are taken away whole.
   */
  change(
    text: string,
    entry: Entry,
    command: readonly string[],
    before?: string | null,
  ): { text: string } | string;
};

/** What stands before the server's own command. */
export type Tap = {
  readonly runtime: string;
  readonly cli: string;
  readonly logDir: string | null;
  /** Of one run of an agent; a tap that stays in a host's settings has none. */
  readonly run?: string;
};

export function withTap({ command, name }: Entry, { runtime, cli, logDir, run }: Tap): string[] {
  const folder = logDir === null ? [] : ["--log-dir", logDir];
  const bound = run === undefined ? [] : ["--run", run];
  // Without the flags the runtime would run what a `bunfig.toml` of its working directory names, and give the server
  // what a `.env` there holds.
  const alone = [`--config=${join(dirname(cli), "bunfig.toml")}`, "--no-env-file"];
  return [runtime, ...alone, cli, "tap", "--name", name, ...folder, ...bound, "--", ...command];
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
