/** OpenCode: a configuration in a variable is laid over the others, for one run. */
import { join } from "node:path";
import { type Entry, withTap } from "../wire/entry.ts";
import { upwards } from "./env-files.ts";
import {
  canRecord,
  nothing,
  object,
  overHttp,
  parsed,
  put,
  readHost,
  settingsIn,
  type Asked,
  type Help,
} from "./help.ts";
import { relaysOf } from "./relays.ts";
import { isAddress, isOurs, ourPath } from "./variables.ts";

/** Where each provider is asked without any setting, and the variable that it takes another address from (1.18.33). */
const KNOWN = [
  { name: "anthropic", path: "/@anthropic/v1", variable: "ANTHROPIC_BASE_URL" },
  { name: "openai", path: "/@openai/v1", variable: "OPENAI_BASE_URL" },
  { name: "google", path: "/@gemini/v1beta", variable: null },
  { name: "openrouter", path: "/@openrouter/v1", variable: null },
] as const;

/** Only where the user has signed in to them: a provider with an address is one that can be chosen. */
const SIGNED_IN = [
  { name: "groq", path: "/@groq" },
  { name: "mistral", path: "/@mistral" },
  { name: "xai", path: "/@xai" },
  { name: "deepseek", path: "/@deepseek" },
  { name: "perplexity", path: "/@perplexity" },
] as const;

export function opencode(asked: Asked): Help {
  const { tap, environment } = asked;
  const files = filesOf(asked);
  const given = object(parsed(environment["OPENCODE_CONFIG_CONTENT"] ?? "{}"));
  const settings = [...files.map((file) => object(parsed(file.text))), given];
  const own = ownAddresses(settings, environment);
  const accounts = Object.keys(settingsIn(join(dataFolder(asked), "opencode", "auth.json")));
  const entries = (tap ? files.flatMap((file) => file.entries.filter(canRecord)) : []).filter(
    ({ path }) => at(given, path) === undefined,
  );
  const wholeOf = ({ path }: Entry): Record<string, unknown> =>
    Object.assign({}, ...settings.map((each) => object(at(each, path))));
  // A later file's word counts: the address that stands then.
  const far = new Map(
    (tap ? files.flatMap((file) => file.entries) : []).flatMap((entry) =>
      entry.url === null ? [] : [[entry.name, entry]],
    ),
  );
  const relays = relaysOf(
    [...far.values()].filter((entry) => wholeOf(entry)["url"] === entry.url),
    wholeOf,
  );
  const known: string[] = [...KNOWN, ...SIGNED_IN].map(({ name }) => name);
  const direct = [
    ...own.flatMap(({ name, url }) => (url === null ? [name] : [])),
    ...accounts.filter((name) => !known.includes(name) && own.every((each) => each.name !== name)),
  ];
  return {
    ...nothing,
    extra: Object.fromEntries(
      own.flatMap(({ upstream, url }) => (url === null || isOurs(url) ? [] : [[upstream, url]])),
    ),
    variables: ({ proxyUrl, pointed }) => {
      const addresses = new Map<string, string | null>([
        ...KNOWN.map(
          ({ name, path, variable }) =>
            [name, said(variable, environment, pointed) ?? proxyUrl + path] as const,
        ),
        ...SIGNED_IN.filter(({ name }) => accounts.includes(name)).map(
          ({ name, path }) => [name, proxyUrl + path] as const,
        ),
        ...own.map(
          ({ name, upstream, url }) =>
            [name, url && (ourPath(url, proxyUrl) ?? `${proxyUrl}/@${upstream}`)] as const,
        ),
      ]);
      let content: Record<string, unknown> = given;
      for (const [name, url] of addresses)
        if (url !== null) content = put(content, ["provider", name, "options", "baseURL"], url);
      for (const entry of entries) {
        // Each layer is checked by itself, so the entry has to be whole; a later file's word counts.
        const command = tap ? withTap(entry, tap) : entry.command;
        content = put(content, entry.path, { ...wholeOf(entry), command });
      }
      for (const { entry, path } of relays)
        content = put(content, entry.path, { ...wholeOf(entry), url: proxyUrl + path });
      return { OPENCODE_CONFIG_CONTENT: JSON.stringify(content) };
    },
    relays: Object.fromEntries(relays.map(({ name, place }) => [name, place])),
    servers: [...new Set([...entries, ...relays.map(({ entry }) => entry)].map(({ name }) => name))],
    unrecorded: [
      ...(direct.length === 0
        ? []
        : [`providers that OpenCode asks directly, not recorded: ${direct.join(", ")}`]),
      ...(tap
        ? overHttp(
            "opencode",
            files
              .flatMap((file) => file.entries)
              .filter(({ name }) => relays.every(({ entry }) => entry.name !== name)),
          )
        : []),
    ],
  };
}

/** The variable's own word, through us; null where it says nothing. */
function said(
  variable: string | null,
  environment: NodeJS.ProcessEnv,
  pointed: NodeJS.ProcessEnv,
): string | null {
  return variable !== null && environment[variable] ? (pointed[variable] ?? null) : null;
}

/** From the one that counts least: the user's, the one that a variable names, those of this folder and above. */
function filesOf({ places, environment }: Asked) {
  const names = ["opencode.json", "opencode.jsonc"];
  const above = upwards(places.cwd).toReversed();
  const folders = [
    join(places.config, "opencode"),
    ...above,
    ...above.map((folder) => join(folder, ".opencode")),
    ...(environment["OPENCODE_CONFIG_DIR"] ? [environment["OPENCODE_CONFIG_DIR"]] : []),
  ];
  const named = environment["OPENCODE_CONFIG"];
  const paths = folders.map((folder) => names.map((name) => join(folder, name)));
  const [user = [], ...rest] = paths;
  return [...user, ...(named ? [named] : []), ...rest.flat()]
    .map((path) => readHost("opencode", path))
    .filter((file) => file !== null);
}

function dataFolder({ places, environment }: Asked): string {
  return environment["XDG_DATA_HOME"] || join(places.home, ".local", "share");
}

/** `url` is null for one that only OpenCode knows. */
type OwnAddress = { readonly name: string; readonly upstream: string; readonly url: string | null };

/** What is asked at an address of the user's own has to go there, through us. */
function ownAddresses(
  settings: readonly Record<string, unknown>[],
  environment: NodeJS.ProcessEnv,
): OwnAddress[] {
  const found = new Map<string, OwnAddress>();
  for (const each of settings) {
    for (const [name, value] of Object.entries(object(each["provider"]))) {
      const provider = object(value);
      const written = object(provider["options"])["baseURL"] ?? provider["api"];
      const upstream = `own-opencode-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-")}`;
      if (typeof written === "string") {
        const url = written.replaceAll(
          /\{env:([^}]+)\}/g,
          (_, variable: string) => environment[variable] ?? "",
        );
        // `{file:PATH}` is OpenCode's own to fill in.
        found.set(name, { name, upstream, url: isAddress(url) && !/[{}]/.test(url) ? url : null });
      } else if (typeof provider["npm"] === "string" && !found.has(name)) {
        // Another client than the usual one under this name: where it asks by itself is not known.
        found.set(name, { name, upstream, url: null });
      }
    }
  }
  return [...found.values()];
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>((inside, key) => object(inside)[key], value);
}
