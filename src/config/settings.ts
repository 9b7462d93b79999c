/** Every setting, by its flag and its variables. The help and the README's tables are made of it. */
import { SEMCONV_VERSIONS } from "../fact/semconv-versions.ts";
import { isYes, logDirectory } from "./environment.ts";
import type { Config } from "./schema.ts";
import { TEAM_SETTINGS } from "./team.ts";
import { text, number, more, isNo, trimUrl, named, size, age } from "./values.ts";

type Setting = {
  key: keyof Config;
  flag: string;
  variables: readonly string[];
  /** What the value looks like, for the help; a switch has none. */
  value: string;
  help: string;
  read: (text: string, before: unknown) => unknown;
};

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
    help: "the page's port; 0 takes any that is free",
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
