/** `help`: the commands and the settings, made of the tables that the program itself reads. */
import type { Commands } from "./command.ts";
import { readConfig } from "../config.ts";
import { SETTINGS } from "../config/settings.ts";

export async function help([name]: readonly string[], commands: Commands): Promise<number> {
  const command = name ? commands[name] : undefined;
  process.stdout.write(
    command && !command.options ? `bun run ${name} ${command.help}\n` : everything(commands),
  );
  return 0;
}

function everything(commands: Commands): string {
  const defaults = readConfig([], {}) as Record<string, unknown>;
  const width = Math.max(...Object.keys(commands).map((name) => name.length)) + 2;
  const settings = SETTINGS.map(({ key, flag, variables, value, help: what }) => {
    const usual = defaults[key];
    const shown =
      (typeof usual === "string" || typeof usual === "number") && value !== "" ? ` [${usual}]` : "";
    return `  ${`${flag} ${value}`.padEnd(24)}${variables.join(", ").padEnd(28)}${what}${shown}`;
  });
  return [
    "MCP Proxy Logger: see what an AI agent really says.",
    "",
    "Commands (bun run COMMAND):",
    ...Object.entries(commands).map(([name, { help: what }]) => `  ${name.padEnd(width)}${what}`),
    "",
    "Settings of start, proxy and web: flags, else variables (also from .env), else [defaults]:",
    ...settings,
    "",
    "Keys such as OPENAI_API_KEY are added where a client of this machine sent none.",
    "",
  ].join("\n");
}
