/** Reads the words behind a command: one reader for all commands, so that an option means the same in each. Loads nothing. */

/** A wrong setting or option, in one sentence for a person. */
export class ConfigError extends Error {}

/** Words that a command does not understand: it ends with 2, as is usual, instead of 1. */
export class UsageError extends ConfigError {}

export type Option = {
  readonly flag: string;
  readonly short?: string;
  /** What the value looks like, for the sentence that asks for it; empty for a switch. */
  readonly value: string;
};

export type Said = {
  /** Options in the order they were said, by the flag's full name; a switch has the value "1". */
  readonly options: readonly (readonly [flag: string, value: string])[];
  /** Words that are no options. */
  readonly names: readonly string[];
  /** What follows `--`, or begins with the first word that is no option: another program's own words. */
  readonly command: readonly string[];
};

/**
 * `command: "follows"`: the first word that is no option begins another program's command, since the runtime takes the
 * first `--` away. Throws UsageError.
 */
export function readOptions(
  words: readonly string[],
  known: readonly Option[],
  command: "none" | "follows" = "none",
): Said {
  const options: [string, string][] = [];
  const names: string[] = [];
  for (let n = 0; n < words.length; n++) {
    const word = words[n]!;
    if (command === "follows" && (word === "--" || !word.startsWith("-")))
      return { options, names, command: words.slice(word === "--" ? n + 1 : n) };
    if (!word.startsWith("-")) {
      names.push(word);
      continue;
    }
    const at = word.startsWith("--") ? word.indexOf("=") : -1;
    const flag = at > 0 ? word.slice(0, at) : word;
    const option = known.find((each) => each.flag === flag || each.short === flag);
    if (!option) throw new UsageError(`unknown option ${flag}; \`bun run help\` lists them`);
    const value = at > 0 ? word.slice(at + 1) : option.value === "" ? "1" : words[++n];
    if (value === undefined || value === "")
      throw new UsageError(`${option.flag} needs a value: ${option.flag} ${option.value}`);
    options.push([option.flag, value]);
  }
  return { options, names, command: [] };
}

/** The value that was said last, or undefined. */
export function valueOf({ options }: Said, flag: string): string | undefined {
  return options.findLast(([name]) => name === flag)?.[1];
}
