/** Settings: flags over environment over defaults, checked once, frozen. */
import { Value } from "@sinclair/typebox/value";
import { logDirectory, variables as allVariables, type Environment } from "./config/environment.ts";
import { ConfigError, readOptions, type Said } from "./config/options.ts";
import { otlpOf } from "./config/otlp.ts";
import { EXPECTED, Schema, SECRET, type Config } from "./config/schema.ts";
import { SETTINGS } from "./config/settings.ts";
import { shown } from "./config/shown.ts";
import { teamDefaults } from "./config/team.ts";
import { list } from "./config/values.ts";
import { DEFAULT_SEMCONV } from "./fact/semconv-versions.ts";
import { KEY_VARIABLES } from "./fact/upstreams.ts";

export type { Config } from "./config/schema.ts";

export const DEFAULT_TARGET = "https://openrouter.ai/api/v1";

/** Throws ConfigError. What is left of the arguments is an error too: a flag that nobody reads is a mistake. */
export function readConfig(args: readonly string[] = [], environment: Environment = allVariables()): Config {
  const config: Record<string, unknown> = defaults(environment);
  const said: Record<string, string> = {};
  for (const { key, variables, read } of SETTINGS) {
    const variable = variables.find((name) => environment[name] !== undefined && environment[name] !== "");
    if (variable === undefined) continue;
    config[key] = read(environment[variable]!, config[key]);
    said[key] = variable;
  }
  const { options, names } = readOptions(args, SETTINGS);
  if (names.length > 0)
    throw new ConfigError(`unknown option ${shown(names[0])}; \`bun run help\` lists them`);
  for (const [flag, value] of options) {
    const { key, read } = SETTINGS.find((known) => known.flag === flag)!;
    config[key] = read(value, config[key]);
    said[key] = flag;
  }
  config["tokenIsGiven"] = config["token"] !== null;
  config["token"] = tokenOf(config["token"] as string | null, config["host"] as string);
  const wrong = Value.Errors(Schema, config).First();
  if (wrong) {
    const key = wrong.path.split("/")[1] as keyof Config;
    const setting = SETTINGS.find((known) => known.key === key);
    const where = said[key] ?? setting?.variables[0] ?? key;
    throw new ConfigError(
      `${where} must be ${EXPECTED[key] ?? setting?.value ?? "valid"}, not ${SECRET.has(key) ? "that" : shown(wrong.value)}`,
    );
  }
  if (config["afterShipping"] === "pack") config["packAfterMs"] = 60_000;
  return Object.freeze(config) as Config;
}

/** What was said of the settings, for `readConfig`; the rest is the command's own. */
export function settingsOf({ options }: Said): string[] {
  return options.flatMap(([flag, value]) =>
    SETTINGS.some((known) => known.flag === flag) ? [`${flag}=${value}`] : [],
  );
}

/** `off` is for a container, whose ports are published on this machine only. */
function tokenOf(said: string | null, host: string): string | null {
  if (said?.toLowerCase() === "off") return null;
  return said ?? (listensBeyond(host) ? crypto.randomUUID().replaceAll("-", "") : null);
}

/** Whether others than this machine reach what listens on this address. */
export function listensBeyond(host: string): boolean {
  return !["127.0.0.1", "::1", "localhost"].includes(host);
}

function defaults(environment: Environment): Config {
  const keys = Object.fromEntries(
    KEY_VARIABLES.flatMap((name) => (environment[name] ? [[name, environment[name]]] : [])),
  );
  const either = (name: string) => environment[name.toLowerCase()] || environment[name] || null;
  const resource = environment["AZURE_OPENAI_RESOURCE"];
  return {
    targetUrl: DEFAULT_TARGET,
    port: 8000,
    webPort: 8080,
    host: "127.0.0.1",
    logDir: logDirectory("logs"),
    upstreams: {},
    mcpServers: {},
    mask: true,
    bodyLimit: 32 * 1024 * 1024,
    maxAgeMs: null,
    maxBytes: null,
    maxCount: null,
    packAfterMs: 15 * 60_000,
    token: null,
    tokenIsGiven: false,
    allowedHosts: [],
    allowedOrigins: [],
    allowRemote: [],
    users: /^\d{1,9}$/.test(environment["SUDO_UID"] ?? "") ? [Number(environment["SUDO_UID"])] : [],
    proxies: { http: either("HTTP_PROXY"), https: either("HTTPS_PROXY"), no: list(either("NO_PROXY") ?? "") },
    insecureTls: false,
    keys,
    azureEndpoint:
      environment["AZURE_OPENAI_ENDPOINT"] || (resource ? `https://${resource}.openai.azure.com` : null),
    otlpUrl: null,
    otlpProtocol: "http/protobuf",
    otlpContent: false,
    pageUrl: null,
    otlp: otlpOf(environment),
    ...teamDefaults(environment),
    semconv: DEFAULT_SEMCONV,
  };
}
