/** Settings of a team's store: where rows and bodies are shipped to, or read from, and whose they are. */
import { type Static, Type } from "@sinclair/typebox";
import type { Environment } from "./environment.ts";

const Name = Type.String({ pattern: "^[\\w .@:/+-]{1,100}$" });

export const Team = {
  /** Where rows go and come from; null where nothing is shared. */
  store: Type.Union([Type.String({ pattern: "^postgres(?:ql)?://\\S+$" }), Type.Null()]),
  /** `s3://BUCKET/PREFIX?endpoint=URL&region=NAME`. */
  bodies: Type.Union([Type.String({ pattern: "^s3://[^/?#\\s]+\\S*$" }), Type.Null()]),
  /** Of what is shipped. A page shows this project alone where it is given, and all that it may read else. */
  project: Type.Union([Name, Type.Null()]),
  /** Null: the names that the system has. */
  user: Type.Union([Name, Type.Null()]),
  recorderName: Type.Union([Name, Type.Null()]),
  storeToken: Type.Union([Type.String({ minLength: 8 }), Type.Null()]),
  /** What becomes of files that the store has. */
  afterShipping: Type.Union([Type.Literal("keep"), Type.Literal("pack"), Type.Literal("drop")]),
  s3: Type.Object({
    accessKeyId: Type.Union([Type.String(), Type.Null()]),
    secretAccessKey: Type.Union([Type.String(), Type.Null()]),
    sessionToken: Type.Union([Type.String(), Type.Null()]),
    region: Type.Union([Type.String(), Type.Null()]),
    endpoint: Type.Union([Type.String(), Type.Null()]),
  }),
};

const Schema = Type.Object(Team);
export type TeamConfig = Static<typeof Schema>;

const text = (value: string): string => value.trim();

export const TEAM_SETTINGS = [
  {
    key: "store",
    flag: "--store",
    variables: ["TEAM_STORE"],
    value: "URL",
    help: "a team's store: ships what is recorded to it; with `web`, shows what all have shipped (postgres://…)",
    read: text,
  },
  {
    key: "bodies",
    flag: "--bodies",
    variables: ["TEAM_BODIES"],
    value: "URL",
    help: "the bucket of the store's bodies (s3://BUCKET/PREFIX?endpoint=URL&region=NAME; keys as S3_… or AWS_…)",
    read: text,
  },
  {
    key: "project",
    flag: "--project",
    variables: ["TEAM_PROJECT"],
    value: "NAME",
    help: "the project of what is shipped; a page shows this one alone",
    read: text,
  },
  {
    key: "user",
    flag: "--user",
    variables: ["TEAM_USER"],
    value: "NAME",
    help: "whose traffic it is, in the store; the system's user unless given",
    read: text,
  },
  {
    key: "recorderName",
    flag: "--recorder-name",
    variables: ["TEAM_RECORDER"],
    value: "NAME",
    help: "what this recorder is called in the store; the machine's name unless given",
    read: text,
  },
  {
    key: "storeToken",
    flag: "--store-token",
    variables: ["TEAM_TOKEN"],
    value: "TOKEN",
    help: "the token of this recorder or page, where the store asks for one",
    read: text,
  },
  {
    key: "afterShipping",
    flag: "--after-shipping",
    variables: ["TEAM_AFTER_SHIPPING"],
    value: "WHAT",
    help: "what becomes of files that the store has: keep, pack (after a minute) or drop (after 15)",
    read: text,
  },
] as const;

export const TEAM_EXPECTED: Partial<Record<keyof TeamConfig, string>> = {
  store: "an address such as postgres://user:password@host:5432/database",
  bodies: "an address such as s3://bucket or s3://bucket/prefix?endpoint=http://127.0.0.1:9000",
  project: "a name of letters, digits and . _ - @ : / +",
  user: "a name of letters, digits and . _ - @ : / +",
  recorderName: "a name of letters, digits and . _ - @ : / +",
  storeToken: "at least 8 characters",
  afterShipping: "keep, pack or drop",
};

/** Keys of a bucket come from the environment alone, by the names that others use. */
export function teamDefaults(environment: Environment): TeamConfig {
  const either = (ours: string, theirs: string) => environment[ours] || environment[theirs] || null;
  return {
    store: null,
    bodies: null,
    project: null,
    user: null,
    recorderName: null,
    storeToken: null,
    afterShipping: "keep",
    s3: {
      accessKeyId: either("S3_ACCESS_KEY_ID", "AWS_ACCESS_KEY_ID"),
      secretAccessKey: either("S3_SECRET_ACCESS_KEY", "AWS_SECRET_ACCESS_KEY"),
      sessionToken: either("S3_SESSION_TOKEN", "AWS_SESSION_TOKEN"),
      region: either("S3_REGION", "AWS_REGION"),
      endpoint: either("S3_ENDPOINT", "AWS_ENDPOINT"),
    },
  };
}
