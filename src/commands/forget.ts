/** `forget`: deletes a person's traffic, or all of it up to a time, from a team's store, after asking. */
import { bucketAt } from "../bodies/bucket.ts";
import { readConfig, settingsOf } from "../config.ts";
import { SETTINGS } from "../config/settings.ts";
import { ageOf } from "../config/values.ts";
import { ConfigError, readOptions, UsageError, valueOf } from "../config/options.ts";
import { printable } from "../fact/printable.ts";
import { connectStore } from "../index/postgres/connect.ts";
import { countOf, forget as forgetIn, type Forgotten, remainsOf } from "../team/forget.ts";

const BEFORE = { flag: "--before", value: "TIME" };
const YES = { flag: "--yes", short: "-y", value: "" };

export async function forget(args: readonly string[]): Promise<number> {
  const said = readOptions(args, [BEFORE, YES, ...SETTINGS]);
  const config = readConfig([...settingsOf(said), ...said.names]);
  const before = valueOf(said, BEFORE.flag);
  if (config.user === null && before === undefined)
    throw new UsageError(
      "whose, or up to when? forget --user NAME [--before 2026-11-01] (or 30d), or forget --before 90d",
    );
  if (config.store === null || config.bodies === null)
    throw new ConfigError("forget needs --store (as its owner) and --bodies");
  const what: Forgotten = {
    person: config.user,
    project: config.project,
    before: before === undefined ? Date.now() : timeOf(before),
  };
  const bodies = bucketAt(config.bodies, config.s3);
  const sql = await connectStore(config.store);
  try {
    const { exchanges, sessions } = await countOf(sql, what);
    const whose = `${what.person === null ? "everybody" : what.person}${what.project === null ? "" : ` in ${what.project}`}, begun before ${new Date(what.before).toISOString()}`;
    const yes = valueOf(said, YES.flag) !== undefined;
    const asked = `Delete ${exchanges} exchanges and ${sessions} MCP sessions of ${whose}, with the runs in which they have a part? [y/N] `;
    if (!yes && !(await agrees(printable(asked)))) {
      process.stdout.write("nothing was deleted\n");
      return 1;
    }
    const gone = await forgetIn(sql, bodies, what);
    const left = await remainsOf(sql, what);
    process.stdout.write(
      printable(`deleted ${gone.exchanges} exchanges and ${gone.sessions} MCP sessions of ${whose}; shipped again they stay away
what remains: ${left.exchanges} exchanges and ${left.sessions} sessions that began later; the log folders of the machines that
recorded them; lines of the audit, which hold ids alone; backups of the store, and older versions that the bucket keeps
`),
    );
    return 0;
  } finally {
    await sql.close({ timeout: 1 });
  }
}

/** A date, or how long ago. */
function timeOf(said: string): number {
  const ago = ageOf(said);
  const at = ago === null ? Date.parse(said) : Date.now() - ago;
  if (Number.isNaN(at))
    throw new ConfigError(
      `--before is ${JSON.stringify(said)}: give a date such as 2026-11-01, or an age such as 30d`,
    );
  return at;
}

/** Without a terminal nobody can answer, and no answer is a no. */
async function agrees(question: string): Promise<boolean> {
  process.stdout.write(question);
  for await (const line of console) return /^y(?:es)?$/i.test(line.trim());
  process.stdout.write("\n");
  return false;
}
