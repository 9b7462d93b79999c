/** `pack`: compresses old exchanges; they stay listed, searchable and openable. */
import { ageOf, ConfigError, readConfig } from "../config.ts";
import { packExchanges } from "../journal/pack.ts";

/** Agents come back to what they said today. */
const OLDER_THAN = "1d";

export async function pack(args: readonly string[]): Promise<number> {
  const at = args.findIndex((arg) => arg === "--older-than" || arg.startsWith("--older-than="));
  const inline = args[at]?.split("=")[1];
  const given = at < 0 ? OLDER_THAN : (inline ?? args[at + 1] ?? "");
  const age = ageOf(given);
  if (age === null)
    throw new ConfigError(`--older-than is ${JSON.stringify(given)}: give an age such as 12h or 7d`);
  const config = readConfig(at < 0 ? args : args.toSpliced(at, inline === undefined ? 2 : 1));
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
