/**
 * Where Claude Code asks: an `env` in its settings wins over the environment. `--settings` comes last of all that is
 * not an administrator's (2.1.332), so for one run the address is given to it there.
 */
import { join } from "node:path";
import { object, settingsIn, type Asked, type Help } from "./help.ts";
import { isAddress } from "./variables.ts";

const VARIABLE = "ANTHROPIC_BASE_URL";

/** Providers with addresses and signatures of their own. */
const CLOUDS = [
  ["CLAUDE_CODE_USE_BEDROCK", "Amazon Bedrock"],
  ["CLAUDE_CODE_USE_VERTEX", "Vertex AI"],
  ["CLAUDE_CODE_USE_FOUNDRY", "Microsoft Foundry"],
] as const;

export function addressOf(asked: Asked): Partial<Help> {
  const { environment, words } = asked;
  const { managed, files } = settingsOf(asked);
  const said = (name: string) => [managed, ...files].find(({ env }) => typeof env[name] === "string");
  const cloud = CLOUDS.find(([name]) => isOn(said(name)?.env[name] ?? environment[name]));
  if (cloud) return { unrecorded: [`Claude Code asks ${cloud[1]} (${cloud[0]}), which is not recorded`] };
  if (typeof managed.env[VARIABLE] === "string")
    return {
      unrecorded: [
        `${VARIABLE} stands in ${managed.path}, which is an administrator's and counts before everything else: what is asked there is not recorded`,
      ],
    };
  const file = files.find(({ env }) => typeof env[VARIABLE] === "string");
  const url = file?.env[VARIABLE];
  const kept = { variables: () => asItsOwn(environment, url) };
  if (file === undefined || typeof url !== "string") return kept;
  const given = words.some((word) => /^--settings(=|$)/.test(word));
  if (given || !file.counts || !isAddress(url)) {
    const why = given
      ? "beside your own --settings ours would not count"
      : "it counts once you trust this folder";
    return {
      unrecorded: [`${VARIABLE} stands in ${file.path}, and ${why}: what is asked there is not recorded`],
    };
  }
  return {
    ...kept,
    own: { [VARIABLE]: url },
    options: ({ pointed }) => ["--settings", JSON.stringify({ env: { [VARIABLE]: pointed[VARIABLE] } })],
  };
}

/**
 * Behind an address that is not Anthropic's it sends other headers, caches less, and loads all tools at once. Ours leads
 * to Anthropic, so it is told to do as it does without us; a gateway of the user's own was one before.
 */
function asItsOwn(environment: NodeJS.ProcessEnv, url: unknown): NodeJS.ProcessEnv {
  const before = typeof url === "string" ? url : environment[VARIABLE];
  if (before && !TO_ANTHROPIC.test(before)) return {};
  return {
    ENABLE_TOOL_SEARCH: environment["ENABLE_TOOL_SEARCH"] ?? "true",
    _CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL: environment["_CLAUDE_CODE_ASSUME_FIRST_PARTY_BASE_URL"] ?? "1",
  };
}

/** Its API itself, or through a proxy of ours. */
const TO_ANTHROPIC = /^https?:\/\/(api\.anthropic\.com|[^/]+(\/@run:[^/]*)?\/@anthropic)(\/|$)/;

type Settings = { readonly path: string; readonly env: Record<string, unknown>; readonly counts: boolean };

/** All that hold an `env`, the one that counts most first. */
function settingsOf({ places, environment, words }: Asked): { managed: Settings; files: Settings[] } {
  const own = environment["CLAUDE_CONFIG_DIR"] || join(places.home, ".claude");
  const machine = {
    darwin: "/Library/Application Support/ClaudeCode",
    win32: "C:\\Program Files\\ClaudeCode",
  }[places.platform as string];
  const state = join(environment["CLAUDE_CONFIG_DIR"] || places.home, ".claude.json");
  const here = object(object(settingsIn(state)["projects"])[places.cwd]);
  // Without a terminal it asks nobody whether this folder is to be trusted.
  const trusted =
    here["hasTrustDialogAccepted"] === true || words.some((word) => /^(-p|--print)$/.test(word));
  const read = (path: string, counts = true) => ({ path, env: object(settingsIn(path)["env"]), counts });
  return {
    managed: read(join(machine ?? "/etc/claude-code", "managed-settings.json")),
    files: [
      read(join(places.cwd, ".claude", "settings.local.json"), trusted),
      read(join(places.cwd, ".claude", "settings.json"), trusted),
      read(join(own, "settings.json")),
      read(state),
    ],
  };
}

function isOn(value: unknown): boolean {
  return value === true || (typeof value === "string" && /^(1|true|yes|on)$/i.test(value));
}
