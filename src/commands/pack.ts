/** `pack`: compresses old exchanges; they stay listed, searchable and openable. */
import { ConfigError, readOptions, valueOf } from "../config/options.ts";
import { readConfig, settingsOf } from "../config.ts";
import { SETTINGS } from "../config/settings.ts";
import { ageOf } from "../config/values.ts";
import { packExchanges } from "../journal/pack.ts";

/** Agents come back to what they said today. */
const OLDER_THAN = "1d";

const AGE = { flag: "--older-than", value: "AGE" };

export async function pack(args: readonly string[]): Promise<number> {
  const said = readOptions(args, [AGE, ...SETTINGS]);
  const given = valueOf(said, AGE.flag) ?? OLDER_THAN;
  const age = ageOf(given);
  if (age === null)
    throw new ConfigError(`--older-than is ${JSON.stringify(given)}: give an age such as 12h or 7d`);
  const config = readConfig([...settingsOf(said), ...said.names]);
  const { exchanges, packs, bytesBefore, bytesAfter } = packExchanges({
    logs: config.logDir,
    before: Date.now() - age,
  });
  process.stdout.write(
    exchanges === 0
      ? `nothing in ${config.logDir} is older than ${given}\n`
      : `packed ${exchanges} exchanges into ${packs} files: ${megabytes(bytesBefore)} became ${megabytes(bytesAfter)}\n`,
  );
  return 0;
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
