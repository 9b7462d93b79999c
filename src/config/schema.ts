/** What each setting may be, and how that is said to whoever gives another value. */
import { type Static, Type } from "@sinclair/typebox";
import { SEMCONV_VERSIONS } from "../fact/semconv-versions.ts";
import { Otlp } from "./otlp.ts";
import { Team, TEAM_EXPECTED } from "./team.ts";

const Port = Type.Integer({ minimum: 0, maximum: 65535 });
const HttpUrl = Type.String({ pattern: "^https?://[^/?#\\s]+[^?#\\s]*$" });
/** Some MCP servers take their key in the query. */
const McpUrl = Type.String({ pattern: "^https?://[^/?#\\s]+[^#\\s]*$" });

export const Schema = Type.Object({
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

/** What may hold a password is not said again. */
export const SECRET: ReadonlySet<string> = new Set(["token", "store", "bodies", "storeToken"]);

/** For a value that is none, after "must be". */
export const EXPECTED: Partial<Record<keyof Config, string>> = {
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
