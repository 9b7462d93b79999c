/**
 * `.env` files, as far as they say where an API is asked. A variable that we set would win over them, so they are read
 * before: what such a file means for somebody else's address must not go to the provider, nor the other way round.
 */
import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseEnv } from "node:util";
import { isAddress } from "./variables.ts";

export type EnvFile = { readonly path: string; readonly values: NodeJS.ProcessEnv };

/** Written by hand. What is larger is something else, and no agent's time is spent on it. */
const MOST_BYTES = 1024 * 1024;

/** Folders above one another; systems allow paths of 4096 characters, people use ten. */
const DEEPEST = 100;

/** Null where there is none that can be read: the program will not read it either. */
export function envFile(path: string): EnvFile | null {
  try {
    const { size } = statSync(path);
    return size > MOST_BYTES ? null : { path, values: parseEnv(readFileSync(path, "utf8")) };
  } catch {
    return null;
  }
}

/** This folder and all above it, the nearest first. */
export function upwards(folder: string): string[] {
  const found = [folder];
  for (let above = dirname(folder); above !== found.at(-1) && found.length < DEEPEST; above = dirname(above))
    found.push(above);
  return found;
}

export type Address = { readonly variable: string; readonly url: string; readonly path: string };

/** Addresses that these files give where the environment gives none; of two files the first one counts. */
export function addressesIn(
  files: readonly (EnvFile | null)[],
  environment: NodeJS.ProcessEnv,
  variables: readonly string[],
): Address[] {
  return variables
    .filter((variable) => !environment[variable])
    .flatMap((variable) => {
      const file = files.find((each) => each?.values[variable]);
      const url = file?.values[variable];
      return file && url && isAddress(url) ? [{ variable, url, path: file.path }] : [];
    });
}

/** Names under which such files are kept in a folder (Bun, Vite, Next, dotenv), the one that counts most first. */
export function namesOf(mode: string): string[] {
  const local = mode === "test" ? [] : [".env.local"];
  return [`.env.${mode}.local`, ...local, `.env.${mode}`, ".env"];
}

/** Files that a program is told to read by words of its own, the last one first: it counts most. */
export function namedFiles(words: readonly string[], cwd: string): EnvFile[] {
  const paths = words.flatMap((word, n) => {
    const [, value] = /^--env-file(?:-if-exists)?(?:=(.*))?$/.exec(word) ?? [null];
    const path = value ?? words[n + 1];
    return word.startsWith("--env-file") && path ? [join(path.startsWith("/") ? "" : cwd, path)] : [];
  });
  return paths
    .toReversed()
    .map(envFile)
    .filter((file) => file !== null);
}
