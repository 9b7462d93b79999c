/** Gemini CLI: the machine's settings count more than the user's, and a variable says where they are, for one run. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Places } from "../../config/environment.ts";
import { fileForRun, nothing, object, parsed, readHost, withTaps, type Asked, type Help } from "./help.ts";

const VARIABLE = "GEMINI_CLI_SYSTEM_SETTINGS_PATH";

export function gemini({ places, tap, environment }: Asked): Help {
  if (tap === null) return nothing;
  const files = [places.home, places.cwd].map((folder) =>
    readHost("gemini", join(folder, ".gemini", "settings.json")),
  );
  const servers = Object.assign(
    {},
    ...files.map((file) => (file ? object(object(parsed(withTaps(file, tap)))["mcpServers"]) : {})),
  ) as Record<string, unknown>;
  const ofMachine = settingsAt(environment[VARIABLE] ?? machineFile(places));
  const theirs = object(ofMachine["mcpServers"]);
  // What the machine's own settings say of a server stays.
  const recorded = Object.entries(servers).filter(
    ([name, server]) => !(name in theirs) && typeof object(server)["command"] === "string",
  );
  if (recorded.length === 0) return nothing;
  const mcpServers = { ...Object.fromEntries(recorded), ...theirs };
  const file = fileForRun("settings.json", { ...ofMachine, mcpServers });
  return {
    ...nothing,
    variables: () => ({ [VARIABLE]: file.path }),
    servers: recorded.map(([name]) => name),
    file,
  };
}

function machineFile({ platform }: Places): string {
  if (platform === "darwin") return "/Library/Application Support/GeminiCli/settings.json";
  if (platform === "win32") return "C:\\ProgramData\\gemini-cli\\settings.json";
  return "/etc/gemini-cli/settings.json";
}

function settingsAt(path: string): Record<string, unknown> {
  return existsSync(path) ? object(parsed(readFileSync(path, "utf8"))) : {};
}
