/** `wire [host] [server…]`: puts the tap before the MCP servers in a host's configuration. Without a host: lists them. */
import { join, resolve } from "node:path";
import { readConfig } from "../config.ts";
import { logDirectory, places, projectRoot, variablesAnywhere } from "../config/environment.ts";
import { UsageError, readOptions, valueOf } from "../config/options.ts";
import { quoted, withoutSecrets } from "../fact/command.ts";
import { printable } from "../fact/printable.ts";
import { maskText } from "../fact/mask-text.ts";
import { keepWiredServers, wiredServers, type WiredServers } from "../config/wired-servers.ts";
import { running } from "../journal/running.ts";
import { difference } from "./wire/diff.ts";
import { tapEnd, withoutTap, type Entry, type Tap } from "./wire/entry.ts";
import {
  isBroken,
  readFile,
  unwired,
  wired,
  write,
  type Address,
  type Change,
  type ConfigFile,
} from "./wire/file.ts";
import { hostOfFile, hosts, type Host } from "./wire/hosts.ts";
import { relayed, relayName, unrelayed } from "./wire/relay.ts";

const USAGE = `wire                              lists the MCP servers of the hosts on this machine
wire HOST [SERVER …] [--yes]      records these servers (all of the host's when none is named)
unwire [HOST [SERVER …]] [--yes]  gives the configuration back as it was
--file PATH                       a configuration file of any other host, in place of HOST
--project                         the files of this folder too, not only your own
--http                            servers over HTTP too, through the proxy, which has to run whenever the host does
                                  (without it, only while it runs)
--log-dir DIR                     where the taps write (the project's logs/ unless set)
hosts: ${hosts.map(({ id }) => id).join(", ")}`;

const YES = { flag: "--yes", short: "-y", value: "" };
const PROJECT = { flag: "--project", value: "" };
const FILE = { flag: "--file", value: "PATH" };
const HTTP = { flag: "--http", value: "" };
const LOG_DIR = { flag: "--log-dir", value: "FOLDER" };

export async function wire(words: string[]): Promise<number> {
  const asked = readWords(words);
  if (asked.host === null) return list();
  const cli = join(projectRoot, "src", "cli.ts");
  // The host will not have our environment: a folder of the user's own choice has to stand in the command.
  const logDir = logDirectory(asked.logDir ?? undefined);
  const isUsual = logDir === join(projectRoot, "logs");
  const tap: Tap = { runtime: process.execPath, cli, logDir: isUsual ? null : logDir };
  const passing = [tap.runtime, cli].find((path) => CACHE.test(path));
  if (passing !== undefined)
    say(
      `${passing} is in a cache that is emptied now and then, and the hosts' servers with it: install it first`,
    );
  const relays = relaysFor(asked.http, logDir);
  const change: Apply = (file, which) => wired(file, which, tap, { address: relays?.address ?? null });
  return apply(asked, change, "recorded", relays?.keep);
}

type Relays = { readonly address: Address; readonly keep: () => void };

/**
 * Servers over HTTP go through the proxy, where it runs or somebody says that it will: a host whose server is not
 * reached is worse than one that is not recorded. Null: leave them.
 */
function relaysFor(http: boolean, logDir: string): Relays | null {
  const { port } = readConfig([], variablesAnywhere());
  const runs = running(logDir).some(
    ({ proxyUrl }) => proxyUrl !== null && new URL(proxyUrl).port === String(port),
  );
  if (!http && !runs) return null;
  let known: WiredServers = wiredServers();
  return {
    address({ name, url }) {
      if (url === null || !/^https?:\/\//i.test(url)) return null;
      const relay = relayed(name, url, `http://localhost:${port}`, known);
      known = { ...known, [relay.name]: relay.place };
      return relay.url;
    },
    keep: () => keepWiredServers(known),
  };
}

export async function unwire(words: string[]): Promise<number> {
  const asked = readWords(words);
  return apply(asked, unwired, "not recorded any more");
}

/** Where npx, bunx and pnpm dlx put what they run once. */
const CACHE = /[\\/](_npx|dlx|bunx-[^\\/]*)[\\/]/;

type Asked = {
  readonly host: Host | null;
  readonly servers: readonly string[];
  readonly yes: boolean;
  readonly scopes: readonly ("user" | "project")[];
  readonly logDir: string | null;
  readonly http: boolean;
};

function readWords(words: readonly string[]): Asked {
  const said = readOptions(words, [YES, PROJECT, FILE, HTTP, LOG_DIR]);
  const file = valueOf(said, FILE.flag);
  const [id, ...rest] = said.names;
  const servers = file === undefined ? rest : said.names;
  const host =
    file === undefined ? (hosts.find((each) => each.id === id) ?? null) : hostOfFile(resolve(file));
  if (id !== undefined && host === null) throw new UsageError(`there is no host ${id}\n\n${USAGE}`);
  return {
    host,
    servers,
    yes: valueOf(said, YES.flag) !== undefined,
    scopes: valueOf(said, PROJECT.flag) === undefined ? ["user"] : ["user", "project"],
    logDir: valueOf(said, LOG_DIR.flag) ?? null,
    http: valueOf(said, HTTP.flag) !== undefined,
  };
}

function list(): number {
  let found = 0;
  for (const host of hosts) {
    for (const { path, scope } of host.files(places())) {
      const file = readFile(path, host);
      if (file === null) continue;
      found++;
      say(`${host.title} (${host.id}${scope === "project" ? ", --project" : ""})  ${path}`);
      if (typeof file === "string") say(`  ${file}`);
      else if (file.entries.length === 0) say("  no MCP servers");
      else for (const entry of file.entries) say(`  ${described(entry)}`);
    }
  }
  if (found === 0) say(`no configuration of ${hosts.map(({ title }) => title).join(", ")} was found`);
  else say("\nwire HOST puts the recorder before all of a host's servers, wire HOST SERVER before one");
  return 0;
}

function described(entry: Entry): string {
  const { name, path, command, url, stuck } = entry;
  // Claude Code keeps servers of single projects in the same file.
  const where = path[0] === "projects" ? `${name} (in ${path[1]})` : name;
  if (stuck !== null) return `${where}: cannot be recorded: ${maskedLine(stuck)}`;
  if (url !== null && relayName(url) !== null) {
    const own = unrelayed(url, wiredServers());
    const known =
      own === null ? "[its own address is not known any more]" : "[recorded while the proxy runs]";
    return `${where}: over HTTP, ${maskedLine(own ?? url)}  ${known}`;
  }
  if (url !== null) return `${where}: over HTTP, ${maskedLine(url)}; ${overHttp(name)}`;
  const gone = isBroken(entry);
  const recorded = gone === null ? "[recorded]" : `[its recorder is gone: ${gone}; wire HOST writes it anew]`;
  const own = quoted(withoutSecrets(withoutTap(command), (word) => maskText(word, () => "***")));
  return `${where}: ${own}${tapEnd(command) === null ? "" : `  ${recorded}`}`;
}

function overHttp(name: string): string {
  return `add --http to put the proxy before it, or start the proxy with --mcp ${name}=URL and use its /@mcp/${name}`;
}

type Apply = (file: ConfigFile, which: (entry: Entry) => boolean) => Change | string | null;

async function apply(
  { host, servers, yes, scopes }: Asked,
  change: Apply,
  done: "recorded" | "not recorded any more",
  keep: () => void = () => {},
): Promise<number> {
  const which = ({ name }: Entry) => servers.length === 0 || servers.includes(name);
  const chosen = host ? [host] : hosts;
  const files = chosen.flatMap((each) =>
    each
      .files(places())
      .filter(({ scope }) => scopes.includes(scope))
      .map(({ path }) => readFile(path, each)),
  );
  const known = files.filter((file) => file !== null);
  const results = known.map((file) => (typeof file === "string" ? file : change(file, which)));
  const changes = results.filter((result) => result !== null && typeof result !== "string");
  const taken = new Set(changes.flatMap(({ names }) => names));
  const meant = known.flatMap((file) => (typeof file === "string" ? [] : file.entries.filter(which)));
  const refusals = [
    ...results.filter((result) => typeof result === "string"),
    ...changes.flatMap(({ left }) => left),
    ...(done === "recorded" ? meant.flatMap((entry) => leftAlone(entry, servers, taken)) : []),
  ];
  for (const refusal of refusals) say(refusal);
  const missing = servers.filter((name) => !meant.some((entry) => entry.name === name));
  if (missing.length > 0) say(`${host?.title} has no server called ${missing.join(", ")}`);
  if (known.length === 0 && host) say(`no configuration of ${host.title} was found`);
  if (changes.length === 0) {
    if (refusals.length + missing.length === 0 && known.length > 0) say("nothing to change");
    return refusals.length + missing.length > 0 || known.length === 0 ? 1 : 0;
  }
  for (const { file, text } of changes) say(`${file.path}\n${difference(file.text, text, maskedLine)}\n`);
  if (!yes && !(await agrees())) {
    say("nothing was written");
    return 1;
  }
  // Before the hosts know: the proxy has to know where an address leads as soon as one asks.
  if (changes.some(({ relays }) => relays > 0)) keep();
  let failed = 0;
  for (const each of changes) {
    const result = write(each);
    if (typeof result === "string") {
      failed++;
      say(result);
      continue;
    }
    const { backup } = result;
    say(`${each.names.join(", ")}: ${done}; restart ${each.file.host.title}`);
    if (each.relays > 0 && done === "recorded")
      say("servers over HTTP are reached while the proxy runs: bun run start");
    if (backup) say(`the file as it was: ${backup}`);
  }
  return refusals.length + missing.length + failed > 0 ? 1 : 0;
}

/** Servers that were meant and cannot be recorded from here. One over HTTP is only spoken of when it was named. */
function leftAlone(
  { name, url, stuck }: Entry,
  named: readonly string[],
  taken: ReadonlySet<string>,
): string[] {
  if (taken.has(name) || (url !== null && relayName(url) !== null)) return [];
  if (stuck !== null) return [`${name} is left alone: ${maskedLine(stuck)}`];
  return url !== null && named.length > 0
    ? [`${name} is left alone, it is reached over HTTP: ${overHttp(name)}`]
    : [];
}

async function agrees(): Promise<boolean> {
  if (!process.stdin.isTTY) {
    say("add --yes to write this");
    return false;
  }
  return /^y(es)?$/i.test((prompt("write this? [y/N]") ?? "").trim());
}

function maskedLine(text: string): string {
  return maskText(text, () => "***");
}

function say(text: string): void {
  // Names and paths are of whoever wrote the file, which may be a repository's.
  process.stdout.write(`${printable(text)}\n`);
}
