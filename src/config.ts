/** Settings: flags over environment over defaults, checked once, frozen. */
import { type Static, Type } from "@sinclair/typebox";
import { Value } from "@sinclair/typebox/value";
import { isYes, logDirectory, variables as allVariables, type Environment } from "./config/environment.ts";
import { ConfigError, readOptions, type Said } from "./config/options.ts";
import { Team, TEAM_EXPECTED, TEAM_SETTINGS, teamDefaults } from "./config/team.ts";
import { Otlp, otlpOf } from "./config/otlp.ts";
import { shown } from "./config/shown.ts";
import { DEFAULT_SEMCONV, SEMCONV_VERSIONS } from "./fact/semconv-versions.ts";
import { KEY_VARIABLES } from "./fact/upstreams.ts";

const Port = Type.Integer({ minimum: 0, maximum: 65535 });
const HttpUrl = Type.String({ pattern: "^https?://[^/?#\\s]+[^?#\\s]*$" });
/** Some MCP servers take their key in the query. */
const McpUrl = Type.String({ pattern: "^https?://[^/?#\\s]+[^#\\s]*$" });

const Schema = Type.Object({
  /** The default upstream's base URL. */
  targetUrl: HttpUrl,
  port: Port,
  webPort: Port,
  host: Type.String({ minLength: 1 }),
  logDir: Type.String({ minLength: 1 }),
  /** The user's own upstreams and MCP servers, by name. */
  upstreams: Type.Record(Type.String(), HttpUrl),
  mcpServers: Type.Record(Type.String(), McpUrl),
  /** False turns masking off. */
  mask: Type.Boolean(),
  /** Bytes of one body that the record keeps. */
  bodyLimit: Type.Integer({ minimum: 1024 }),
  /** Retention; null is off. */
  maxAgeMs: Type.Union([Type.Integer({ minimum: 1000 }), Type.Null()]),
  maxBytes: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  maxCount: Type.Union([Type.Integer({ minimum: 1 }), Type.Null()]),
  /** Exchanges that are older are packed while the program runs; null leaves them as files. */
  packAfterMs: Type.Union([Type.Integer({ minimum: 60_000 }), Type.Null()]),
  /**
   * Asked for by the page, and by the proxy of whoever is not known; null where none was given and only this machine
   * gets there. Made up when it listens beyond and none was given.
   */
  token: Type.Union([Type.String({ minLength: 8 }), Type.Null()]),
  /** A token was given: then it is asked for where the system cannot tell who comes, too. */
  tokenIsGiven: Type.Boolean(),
  /** Names beside localhost under which both ports may be reached. */
  allowedHosts: Type.Array(Type.String()),
  /** Pages of one's own, for which keys may be spent. */
  allowedOrigins: Type.Array(Type.String({ pattern: "^[a-z][a-z0-9+.-]*://[^/\\s]+$" })),
  /** Who else is let in as this machine is: addresses, networks, `gateway`, `all`. */
  allowRemote: Type.Array(Type.String({ pattern: "^(?:all|gateway|[\\da-fA-F.:]+(?:/\\d{1,3})?)$" })),
  /** Users of this machine who are let in beside our own and root. */
  users: Type.Array(Type.Integer()),
  proxies: Type.Object({
    http: Type.Union([Type.String(), Type.Null()]),
    https: Type.Union([Type.String(), Type.Null()]),
    no: Type.Array(Type.String()),
  }),
  insecureTls: Type.Boolean(),
  /** Keys from the environment, by the variable's name. */
  keys: Type.Record(Type.String(), Type.String()),
  azureEndpoint: Type.Union([HttpUrl, Type.Null()]),
  /** Where spans and metrics go; null sends none. */
  otlpUrl: Type.Union([HttpUrl, Type.Null()]),
  otlpProtocol: Type.Union([Type.Literal("http/protobuf"), Type.Literal("http/json")]),
  /** By which others reach the page, for links in spans; null takes the one that it listens on. */
  pageUrl: Type.Union([HttpUrl, Type.Null()]),
  /** Whether spans hold what was said. */
  otlpContent: Type.Boolean(),
  otlp: Otlp,
  /** The version of the conventions that spans and metrics are named by. */
  semconv: Type.Union(SEMCONV_VERSIONS.map((version) => Type.Literal(version))),
  ...Team,
});

export type Config = Readonly<Static<typeof Schema>>;

export const DEFAULT_TARGET = "https://openrouter.ai/api/v1";

type Setting = {
  key: keyof Config;
  flag: string;
  variables: readonly string[];
  /** What the value looks like, for the help; a switch has none. */
  value: string;
  help: string;
  read: (text: string, before: unknown) => unknown;
};

const text = (value: string) => value;
const number = (value: string) => (/^\d+$/.test(value.trim()) ? Number(value) : value);
const list = (value: string) => value.split(/[\s,]+/).filter((word) => word !== "");

/** Every setting: what a flag, a variable and a default are called. The help and the README's table are made of it. */
export const SETTINGS: readonly Setting[] = [
  {
    key: "targetUrl",
    flag: "--target-url",
    variables: ["TARGET_BASE_URL", "TARGET_URL"],
    value: "URL",
    help: "the default upstream",
    read: trimUrl,
  },
  {
    key: "port",
    flag: "--port",
    variables: ["PROXY_PORT"],
    value: "PORT",
    help: "the proxy's port; 0 takes any that is free",
    read: number,
  },
  {
    key: "webPort",
    flag: "--web-port",
    variables: ["WEB_PORT"],
    value: "PORT",
    help: "the dashboard's port; 0 takes any that is free",
    read: number,
  },
  {
    key: "host",
    flag: "--host",
    variables: ["HOST"],
    value: "ADDRESS",
    help: "the address both listen on",
    read: text,
  },
  {
    key: "logDir",
    flag: "--log-dir",
    variables: ["LOG_DIR"],
    value: "FOLDER",
    help: "where everything is kept",
    read: logDirectory,
  },
  {
    key: "upstreams",
    flag: "--upstream",
    variables: ["UPSTREAMS"],
    value: "NAME=URL",
    help: "an upstream of your own, at /@NAME/; may be repeated",
    read: named,
  },
  {
    key: "mcpServers",
    flag: "--mcp",
    variables: ["MCP_SERVERS"],
    value: "NAME=URL",
    help: "an MCP server over HTTP, at /@mcp/NAME; may be repeated",
    read: named,
  },
  {
    key: "bodyLimit",
    flag: "--body-limit",
    variables: ["BODY_LIMIT"],
    value: "SIZE",
    help: "how much of one body the record keeps",
    read: size,
  },
  {
    key: "maxAgeMs",
    flag: "--max-age",
    variables: ["LOG_MAX_AGE"],
    value: "AGE",
    help: "delete records older than this (30d, 12h)",
    read: age,
  },
  {
    key: "maxBytes",
    flag: "--max-size",
    variables: ["LOG_MAX_SIZE"],
    value: "SIZE",
    help: "delete the oldest records beyond this (2GB)",
    read: size,
  },
  {
    key: "maxCount",
    flag: "--max-count",
    variables: ["LOG_MAX_COUNT"],
    value: "COUNT",
    help: "delete the oldest records beyond this many",
    read: number,
  },
  {
    key: "packAfterMs",
    flag: "--pack-after",
    variables: ["LOG_PACK_AFTER"],
    value: "AGE",
    help: "compress exchanges that are older, when there are many (15m); off: leave them as files",
    read: (value) => (value.trim().toLowerCase() === "off" ? null : age(value)),
  },
  {
    key: "token",
    flag: "--token",
    variables: ["DASHBOARD_TOKEN"],
    value: "TOKEN",
    help: "asked for where it is not known who comes: beyond this machine, and always when given; off: never",
    read: text,
  },
  {
    key: "allowedHosts",
    flag: "--allow-host",
    variables: ["ALLOWED_HOSTS"],
    value: "NAME",
    help: "a further name both ports may be reached by",
    read: more,
  },
  {
    key: "allowedOrigins",
    flag: "--allow-origin",
    variables: ["ALLOWED_ORIGINS"],
    value: "ORIGIN",
    help: "a page of your own that may spend your keys (http://localhost:3000); may be repeated",
    read: (value, before) => more(value.toLowerCase().replaceAll(/\/(?=[\s,]|$)/g, ""), before),
  },
  {
    key: "allowRemote",
    flag: "--allow-remote",
    variables: ["ALLOW_REMOTE"],
    value: "",
    help: "other machines may do all that this one may; =ADDRESS or =10.0.0.0/8: those alone",
    read: (value, before) => (isYes(value) ? ["all"] : isNo(value) ? [] : more(value, before)),
  },
  {
    key: "mask",
    flag: "--log-secrets",
    variables: ["LOG_SECRETS"],
    value: "",
    help: "write credentials unmasked (LOG_SECRETS=1); think twice",
    read: (value) => !isYes(value),
  },
  {
    key: "insecureTls",
    flag: "--insecure-tls",
    variables: ["INSECURE_TLS"],
    value: "",
    help: "accept any certificate of an upstream (INSECURE_TLS=1)",
    read: isYes,
  },
  {
    key: "otlpUrl",
    flag: "--otlp",
    variables: ["OTEL_EXPORTER_OTLP_ENDPOINT"],
    value: "URL",
    help: "send spans and metrics to an OpenTelemetry collector over HTTP (http://localhost:4318)",
    read: (value) => trimUrl(value).replace(/\/v1\/(?:traces|metrics)$/, ""),
  },
  {
    key: "otlpProtocol",
    flag: "--otlp-protocol",
    variables: ["OTEL_EXPORTER_OTLP_PROTOCOL"],
    value: "http/json",
    help: "http/protobuf or http/json",
    // The variable is every program's: gRPC is what others of them may speak.
    read: (value) => (value.trim() === "grpc" ? "http/protobuf" : value.trim()),
  },
  {
    key: "otlpContent",
    flag: "--otlp-content",
    variables: ["OTLP_CONTENT"],
    value: "",
    help: "let spans hold prompts, answers, arguments and results too (OTLP_CONTENT=1)",
    read: isYes,
  },
  {
    key: "pageUrl",
    flag: "--page-url",
    variables: ["PAGE_URL"],
    value: "URL",
    help: "the address by which others reach the page: links in spans lead there",
    read: trimUrl,
  },
  {
    key: "semconv",
    flag: "--semconv",
    variables: ["GENAI_SEMCONV"],
    value: "VERSION",
    help: `the version of OpenTelemetry's conventions for generative AI: ${SEMCONV_VERSIONS.join(", ")}`,
    read: (value) => value.trim().replace(/^v/, ""),
  },
  ...TEAM_SETTINGS,
];

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

/** What may hold a password is not said again. */
const SECRET: ReadonlySet<string> = new Set(["token", "store", "bodies", "storeToken"]);

const EXPECTED: Partial<Record<keyof Config, string>> = {
  targetUrl: "a URL that starts with http:// or https:// and has no query",
  port: "a number from 0 to 65535",
  webPort: "a number from 0 to 65535",
  upstreams: "NAME=URL with a URL that starts with http:// or https://",
  mcpServers: "NAME=URL with a URL that starts with http:// or https://",
  bodyLimit: "a size such as 32MB, at least 1KB",
  maxAgeMs: "an age such as 30d, 12h or 45m",
  maxBytes: "a size such as 500MB",
  maxCount: "a whole number above 0",
  packAfterMs: "an age such as 15m or 2h, at least 1m, or off",
  token: "at least 8 characters, or off",
  allowedOrigins: "an origin such as http://localhost:3000",
  otlpUrl: "a URL that starts with http:// or https:// and has no query",
  pageUrl: "a URL that starts with http:// or https:// and has no query",
  otlpProtocol: "http/protobuf or http/json",
  ...TEAM_EXPECTED,
  semconv: `one of ${SEMCONV_VERSIONS.join(", ")}`,
  allowRemote: "an address, a network such as 10.0.0.0/8, or gateway",
};

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

function more(value: string, before: unknown): string[] {
  return [...((before as string[]) ?? []), ...list(value)];
}

function isNo(value: string): boolean {
  return /^(?:0|false|no|off)$/i.test(value.trim());
}

function trimUrl(value: string): string {
  return value.trim().replace(/\/+$/, "");
}

function named(value: string, before: unknown): unknown {
  const found: Record<string, string> = { ...(before as Record<string, string>) };
  for (const pair of pairs(value)) {
    const at = pair.indexOf("=");
    const name = pair.slice(0, at).toLowerCase();
    if (at < 1 || !/^[a-z0-9][a-z0-9._-]*$/.test(name))
      throw new ConfigError(`${shown(pair)} is not NAME=URL; a name is letters, digits, dots and dashes`);
    found[name] = pair.slice(at + 1).trim();
  }
  return found;
}

/** Addresses hold commas of their own (`?tools=a,b`): one that separates stands before the next name and its address.
 *  No address holds a space or a line's end: those always separate. */
function pairs(value: string): string[] {
  const parts = value.split(/\s+|,(?=[^\s=,/?#&]+=[a-z][a-z0-9+.-]*:\/\/)/i);
  return parts.map((part) => part.replace(/,$/, "")).filter((part) => part !== "");
}

function size(value: string): unknown {
  const match = /^(\d+(?:\.\d+)?)\s*(k|m|g|t)?i?b?$/i.exec(value.trim());
  if (!match) return value;
  return Math.round(Number(match[1]) * 1024 ** " kmgt".indexOf((match[2] ?? " ").toLowerCase()));
}

/** `30d`, `12h` in ms; null for anything else. */
export function ageOf(value: string): number | null {
  const found = age(value);
  return typeof found === "number" ? found : null;
}

function age(value: string): unknown {
  const match = /^(\d+(?:\.\d+)?)\s*(s|m|h|d|w)$/i.exec(value.trim());
  if (!match) return value;
  const unit = { s: 1e3, m: 6e4, h: 36e5, d: 864e5, w: 6048e5 }[match[2]!.toLowerCase() as "s"];
  return Math.round(Number(match[1]) * unit);
}
