/**
 * Qwen Code: its addresses stand in `.env` files and in settings. Its MCP servers are given to it in settings of the
 * machine, which a variable can point elsewhere: for one run they hold ours too.
 */
import { dirname, join } from "node:path";
import { addressesIn, envFile, upwards, type EnvFile } from "./env-files.ts";
import {
  fileForRun,
  nothing,
  object,
  overHttp,
  parsed,
  readHost,
  settingsIn,
  withTaps,
  type Asked,
  type Help,
} from "./help.ts";
import { isTrusted } from "./trusted-folders.ts";
import { isAddress } from "./variables.ts";

const VARIABLES = ["OPENAI_BASE_URL", "ANTHROPIC_BASE_URL"];

export function qwen(asked: Asked): Help {
  const { places, environment, words } = asked;
  const home = environment["QWEN_HOME"] || join(places.home, ".qwen");
  const settings = [join(home, "settings.json"), join(places.cwd, ".qwen", "settings.json")].map(settingsIn);
  const [user = {}] = settings;
  const trusted = isTrusted(user, home, places.cwd, "off");
  const counts = trusted === "yes" ? settings : [user];
  const ofUser = [join(home, ".env"), join(places.home, ".env")].map(envFile);
  // Beside the user's files the nearest one is read.
  const near = upwards(places.cwd)
    .filter((folder) => folder !== places.home)
    .flatMap((folder) => [join(folder, ".qwen", ".env"), join(folder, ".env")])
    .map(envFile)
    .find((each) => each !== null);
  const files = trusted === "yes" ? [near ?? null, ...ofUser] : ofUser;
  const inSettings: EnvFile[] = counts
    .toReversed()
    .map((each) => ({ path: "", values: textsOf(each["env"]) }));
  const said = addressesIn([...files, ...inSettings], environment, VARIABLES);
  const named = Object.fromEntries(said.map(({ variable, url }) => [variable, url]));
  const auth = counts
    .map((each) => object(object(each["security"])["auth"])["baseUrl"])
    .findLast((url) => typeof url === "string");
  const signed = counts
    .map((each) => object(object(each["security"])["auth"])["selectedType"])
    .findLast((type) => typeof type === "string");
  // What the settings say counts where no variable says anything, for the API that they are signed in to.
  const lowest = signed === "anthropic" ? "ANTHROPIC_BASE_URL" : "OPENAI_BASE_URL";
  const fromSettings =
    typeof auth === "string" && isAddress(auth) && !environment[lowest] && !named[lowest]
      ? { [lowest]: auth }
      : {};
  const given = words.some((word) => word.startsWith("--openai-base-url"));
  return {
    ...nothing,
    ...serversOf(asked, user),
    own: { ...fromSettings, ...named },
    unrecorded: [
      ...(asked.tap ? overHttp("qwen", readHost("qwen", join(home, "settings.json"))?.entries ?? []) : []),
      ...(given
        ? ["the address that you gave with --openai-base-url is asked directly and not recorded"]
        : []),
      ...(signed === "qwen-oauth"
        ? [
            "signed in with an account of Qwen's, Qwen Code asks another address, which is not recorded; with a key it is",
          ]
        : []),
      ...direct(counts),
    ],
  };
}

/** Models with an address of their own: no variable changes it. */
function direct(settings: readonly Record<string, unknown>[]): string[] {
  const models = settings.flatMap((each) =>
    Object.values(object(each["modelProviders"])).flatMap((list) =>
      Array.isArray(list) ? (list as unknown[]) : [],
    ),
  );
  const names = models.flatMap((model) =>
    typeof object(model)["baseUrl"] === "string" ? [String(object(model)["id"])] : [],
  );
  return names.length === 0
    ? []
    : [
        `models with an address of their own (modelProviders: ${[...new Set(names)].join(", ")}) are asked directly and not recorded`,
      ];
}

/** The user's servers; those of a folder stay as they are: whether they may start is for the user to say. */
function serversOf({ places, environment, tap }: Asked, user: Record<string, unknown>): Partial<Help> {
  const home = environment["QWEN_HOME"] || join(places.home, ".qwen");
  const file = tap ? readHost("qwen", join(home, "settings.json")) : null;
  const servers = object(user["mcpServers"]);
  const tapped = file && tap ? object(object(parsed(withTaps(file, tap)))["mcpServers"]) : {};
  const recorded = Object.keys(servers).filter(
    (name) => typeof object(servers[name])["command"] === "string",
  );
  if (recorded.length === 0) return {};
  const machine = environment["QWEN_CODE_SYSTEM_SETTINGS_PATH"] || machineSettings(places.platform);
  const before = settingsIn(machine);
  const ours = Object.fromEntries(recorded.map((name) => [name, tapped[name]]));
  const run = fileForRun("settings.json", {
    ...before,
    mcpServers: { ...ours, ...object(before["mcpServers"]) },
  });
  const defaults =
    environment["QWEN_CODE_SYSTEM_DEFAULTS_PATH"] || join(dirname(machine), "system-defaults.json");
  return {
    variables: () => ({ QWEN_CODE_SYSTEM_SETTINGS_PATH: run.path, QWEN_CODE_SYSTEM_DEFAULTS_PATH: defaults }),
    servers: recorded,
    file: run,
  };
}

function machineSettings(platform: NodeJS.Platform): string {
  if (platform === "darwin") return "/Library/Application Support/QwenCode/settings.json";
  return platform === "win32" ? "C:\\ProgramData\\qwen-code\\settings.json" : "/etc/qwen-code/settings.json";
}

function textsOf(value: unknown): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(object(value)).flatMap(([key, text]) => (typeof text === "string" ? [[key, text]] : [])),
  );
}
