/** Programs that we do not know: which `.env` files they read, as far as their runtime or their words say it. */
import { join, resolve } from "node:path";
import { addressesIn, envFile, namedFiles, namesOf, upwards, type EnvFile } from "./env-files.ts";
import { nothing, type Asked, type Help } from "./help.ts";
import { addressVariables, isUsual } from "./variables.ts";

/**
 * What a runtime reads by itself counts for sure. Beyond it a program may read `.env` of its folder and of those above
 * (dotenv, python-dotenv), or may not: where such a file names an address, the variable is left alone, and nothing goes
 * to another place than without us.
 */
export function other({ program, words, places, environment }: Asked): Help {
  const read = filesRead(program, words, places.cwd, environment["NODE_ENV"]);
  const sure = addressesIn(read, environment, addressVariables);
  const mode = environment["NODE_ENV"] || "development";
  // Who tells Bun to read none wants none to be read.
  const isOff = isBun(program) && words.slice(0, beginOfScript(words)).includes("--no-env-file");
  const perhaps = (isOff ? [] : upwards(places.cwd)).flatMap((folder) =>
    namesOf(mode).map((name) => envFile(join(folder, name))),
  );
  const open = addressVariables.filter((variable) => sure.every((each) => each.variable !== variable));
  const unclear = addressesIn(perhaps, environment, open).filter(
    ({ variable, url }) => !isUsual(variable, url),
  );
  return {
    ...nothing,
    own: Object.fromEntries(sure.map(({ variable, url }) => [variable, url])),
    unset: unclear.map(({ variable }) => variable),
    unrecorded: unclear.map(
      ({ variable, path }) =>
        `${variable} stands in ${path}, and whether ${program} reads that file is not known: what it asks there is not recorded. Set ${variable} in the environment to record it`,
    ),
  };
}

function filesRead(
  program: string,
  words: readonly string[],
  cwd: string,
  mode: string | undefined,
): EnvFile[] {
  const own = words.slice(0, beginOfScript(words));
  const named = namedFiles(own, cwd);
  if (!isBun(program)) return named;
  if (named.length > 0 || own.includes("--no-env-file")) return named;
  const at = own.findIndex((word) => /^--cwd(=|$)/.test(word));
  const elsewhere = own[at]?.split("=")[1] ?? own[at + 1];
  const folder = resolve(cwd, at === -1 ? "." : (elsewhere ?? "."));
  // Bun knows three modes (1.4.5).
  const known = mode === "production" || mode === "test" ? mode : "development";
  return namesOf(known).flatMap((name) => envFile(join(folder, name)) ?? []);
}

function isBun(program: string): boolean {
  return program === "bun" || program === "bunx";
}

/** Words behind the script's name are the script's. A value of an option (`--env-file FILE`) is no script. */
function beginOfScript(words: readonly string[]): number {
  const at = words.findIndex(
    (word, n) => !word.startsWith("-") && !/^--(env-file|cwd)/.test(words[n - 1] ?? ""),
  );
  const isRun = words[at] === "run" || words[at] === "x";
  return at === -1 ? words.length : isRun ? at + 1 + beginOfScript(words.slice(at + 1)) : at;
}
