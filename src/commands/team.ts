/** `team`: what the owner of a team's store does there, and what this machine's recorder held back from it. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { SQL } from "bun";
import { type Config, readConfig, settingsOf } from "../config.ts";
import { SETTINGS } from "../config/settings.ts";
import { ageOf } from "../config/values.ts";
import { ConfigError, readOptions, UsageError, valueOf, type Said } from "../config/options.ts";
import { printable } from "../fact/printable.ts";
import { connectStore } from "../index/postgres/connect.ts";
import { VERSION } from "../index/postgres/migrate.ts";
import { openCheckpoint } from "../ship/checkpoint.ts";
import { auditSince, dropBefore, givePassword, makeToken, revoke, tokens } from "../team/admin.ts";

const OPTIONS = [
  { flag: "--recorder-password", value: "PASSWORD" },
  { flag: "--page-password", value: "PASSWORD" },
  { flag: "--since", value: "AGE" },
  { flag: "--older-than", value: "AGE" },
  { flag: "--release", value: "ID" },
  { flag: "--secret", value: "TOKEN" },
] as const;

const USAGE = `team init [--recorder-password … --page-password …]   sets the store up; roles for recorders and pages
team token recorder|page NAME [--project P]          a token, said once; '*' is every project
                                                     (--secret TOKEN: this one, which a vault gave)
team tokens                                          which there are
team revoke NAME                                     takes them back
team audit [--since 1d]                              who opened what
team prune --older-than 90d                          lets whole days go
team held [--release ID]                             what this machine held back, and why
`;

type Job = (words: readonly string[], said: Said, config: Config) => Promise<string>;

const JOBS: Readonly<Record<string, Job>> = {
  init: (_, said, config) => withStore(config, (sql) => init(sql, said)),
  token: (words, said, config) => withStore(config, (sql) => give(sql, words, said)),
  tokens: (_, __, config) => withStore(config, list),
  revoke: ([name], _, config) => withStore(config, (sql) => takeBack(sql, name)),
  audit: (_, said, config) => withStore(config, (sql) => opened(sql, said)),
  prune: (_, said, config) => withStore(config, (sql) => prune(sql, said)),
  held: (_, said, config) => held(said, config),
};

export async function team(args: readonly string[]): Promise<number> {
  const said = readOptions(args, [...OPTIONS, ...SETTINGS]);
  const [word = "", ...words] = said.names;
  const job = Object.hasOwn(JOBS, word) ? JOBS[word] : undefined;
  if (!job) throw new UsageError(`team needs to know what to do:\n\n${USAGE}`);
  process.stdout.write(
    printable(
      await job(words, said, readConfig(settingsOf(said).filter((word) => !word.startsWith("--project=")))),
    ),
  );
  return 0;
}

async function withStore(config: Config, work: (sql: SQL) => Promise<string>): Promise<string> {
  if (config.store === null)
    throw new ConfigError("which store? --store postgres://OWNER:PASSWORD@HOST/DATABASE (or TEAM_STORE)");
  const sql = await connectStore(config.store).catch((error: Error) => {
    throw new ConfigError(`the store cannot be used: ${error.message}`);
  });
  try {
    return await work(sql);
  } finally {
    await sql.close({ timeout: 1 });
  }
}

/** Connecting has made everything; what is left are the passwords of the two roles. */
async function init(sql: SQL, said: Said): Promise<string> {
  const lines = [`the store is of version ${VERSION}`];
  for (const part of ["recorder", "page"] as const) {
    const password = valueOf(said, `--${part}-password`);
    if (password === undefined) continue;
    await givePassword(sql, `mcpl_${part}`, password);
    lines.push(`${part}s sign in as mcpl_${part}`);
  }
  if ((await tokens(sql)).length === 0)
    lines.push(
      "nobody is asked for a token yet, and pages listen on their own machine alone: `bun run team token page NAME`",
    );
  return `${lines.join("\n")}\n`;
}

async function give(sql: SQL, [kind, name]: readonly string[], said: Said): Promise<string> {
  if ((kind !== "recorder" && kind !== "page") || !name)
    throw new UsageError("team token recorder NAME, or team token page NAME");
  const projects = said.options.flatMap(([flag, value]) => (flag === "--project" ? value.split(",") : []));
  const own = projects.length > 0 ? projects : [kind === "page" ? "*" : "default"];
  const isFirst = (await tokens(sql)).length === 0;
  const given = valueOf(said, "--secret");
  if (given !== undefined && given.length < 16)
    throw new ConfigError("--secret is at least 16 characters that nobody guesses");
  const secret = await makeToken(sql, kind, name, own, given);
  const first = isFirst ? "from now on every recorder and every page needs one\n" : "";
  return `${secret}\n${first}TEAM_TOKEN for ${kind} ${name}, project ${own.join(", ")}; the store keeps its hash alone, so it is not said again\n`;
}

async function list(sql: SQL): Promise<string> {
  const all = await tokens(sql);
  if (all.length === 0) return "there are none: nobody is asked for one\n";
  return all
    .map(({ name, kind, projects, made, revoked }) => {
      const until = revoked ? `, taken back ${revoked.toISOString()}` : "";
      return `${kind.padEnd(9)}${name.padEnd(24)}${projects.join(", ").padEnd(24)}since ${made.toISOString()}${until}\n`;
    })
    .join("");
}

async function takeBack(sql: SQL, name: string | undefined): Promise<string> {
  if (!name) throw new UsageError("team revoke NAME");
  const n = await revoke(sql, name);
  if (n === 0)
    throw new ConfigError(`no token of the name ${name} is in use; \`bun run team tokens\` lists them`);
  return `${n} taken back; pages notice within 15 seconds, recorders at once\n`;
}

async function opened(sql: SQL, said: Said): Promise<string> {
  const all = await auditSince(sql, Date.now() - agoOf(said, "--since", "1d"));
  return (
    all
      .map(
        ({ at, page, visitor, what, id }) =>
          `${at.toISOString()}  ${visitor || "?"}  ${what} ${id}  on ${page}\n`,
      )
      .join("") || "nothing was opened\n"
  );
}

async function prune(sql: SQL, said: Said): Promise<string> {
  if (valueOf(said, "--older-than") === undefined) throw new UsageError("team prune --older-than 90d");
  const days = await dropBefore(sql, Date.now() - agoOf(said, "--older-than", "90d"));
  return `${days} days are gone from the store; let the bucket forget its objects by their age too\n`;
}

async function held(said: Said, config: Config): Promise<string> {
  const path = join(config.logDir, "ship.sqlite");
  if (!existsSync(path)) return `nothing was shipped from ${config.logDir}\n`;
  const checkpoint = openCheckpoint(path, null);
  try {
    const id = valueOf(said, "--release");
    if (id !== undefined) {
      if (!checkpoint.release(id)) throw new ConfigError(`${id} was not held back`);
      return `${id} is shipped as it is\n`;
    }
    const all = checkpoint.aside(1_000);
    return (
      all.map(({ id: one, kind, how, why }) => `${how.padEnd(9)}${kind} ${one}: ${why}\n`).join("") ||
      "nothing is held back\n"
    );
  } finally {
    checkpoint.close();
  }
}

function agoOf(said: Said, flag: string, usual: string): number {
  const given = valueOf(said, flag) ?? usual;
  const ms = ageOf(given);
  if (ms === null)
    throw new ConfigError(`${flag} is ${JSON.stringify(given)}: give an age such as 12h or 7d`);
  return ms;
}
