/** What the page needs from whoever serves it. Everything is a parameter, so that a test can hand in believable data. */
import type { Exchange } from "../fact/exchange.ts";
import type { Door } from "../door/sender.ts";
import type { ExchangeRow, RunRow, Star, StepRow } from "../fact/rows.ts";
import type { Status } from "../fact/frame.ts";
import type { LiveTimes } from "../fact/live.ts";
import type { Feed } from "../feed/feed.ts";
import type { LiveSnapshot } from "../read/live.ts";
import type { SessionList } from "../read/mcp/session-list.ts";
import type { Index } from "../index/index.ts";

export type Sources = {
  readonly index: Index;
  readonly feed: Feed;
  /** In flight or from its file, bodies after content-decoding. Null when nobody knows it. */
  load(id: string): Promise<Exchange | null>;
  /** The exchange file's JSON text; for one in flight what there is so far. */
  file(id: string): Promise<string | Uint8Array<ArrayBuffer> | null>;
  /** What an exchange in flight has come to, events from a number on; null when it is not in flight. */
  live(id: string, from: number): (LiveSnapshot & LiveTimes) | null;
  /** In any order; the same rows as the feed tells. */
  inFlight(): ExchangeRow[];
  /** A session whose lines are read as they come, with all that the index has of it; null for one that nobody reads. */
  session?(id: string): SessionList | null;
  /** Model calls that have not been answered yet, with the runs that they go on with or begin. */
  flyingSteps?(): readonly { readonly step: StepRow; readonly run: RunRow }[];
  /** Absent where the page only reads. Throws a sentence for people when it cannot be kept. */
  star?(star: Star, how: "given" | "taken"): void;
  /** Deletes for good; what is kept all the same says why: `goes-on`, `gone`, or what the disk says. Absent where the page only reads. */
  remove?(
    things: readonly Star[],
  ): Promise<{ readonly deleted: number; readonly kept: readonly (Star & { readonly why: string })[] }>;
  status(): Promise<Status>;
  /** For a scraper, in the format that its `Accept` wants; absent where nothing is counted. */
  metrics?(accept: string | null): Promise<{ readonly contentType: string; readonly body: string }>;
  readonly about: About;
  /** Absent where there is no proxy to run it through. Rejects with a sentence for people. */
  runDemo?(language: "en" | "zh"): Promise<void>;
  /** Plays a lesson, or breaks the demo in one of its ways; as `runDemo`. */
  runLesson?(name: string): Promise<void>;
  /** How far the demo is that runs or ran last; null before the first. */
  demoProgress?(): DemoProgress | null;
  /** Agents and hosts that were found on this machine, with the command that records each. */
  readonly here?: readonly { readonly title: string; readonly command: string }[];
  /** Asked of every visitor when it is not null. */
  readonly token: string | null;
  /** Other machines are let in without it. */
  readonly isOpen?: boolean;
  /** Says who visits; absent where everybody who gets there is let in. */
  readonly door?: Door;
  /** Host names, without port, that are right besides those of this machine. */
  readonly allowedHosts: readonly string[];
};

/** `kind`: `start`, `mcp`, `user`, `model`, `call`, `result`, `error`. `at`: ms since 1970. */
export type DemoStep = { readonly kind: string; readonly words: string; readonly at: number };
export type DemoProgress = {
  readonly running: boolean;
  /** ms since 1970. */
  readonly began: number;
  readonly steps: readonly DemoStep[];
  /** Why it broke off. */
  readonly failed: string | null;
};

export type About = {
  readonly version: string;
  /** Null when only the page runs. */
  readonly proxyUrl: string | null;
  readonly dashboardUrl: string;
  readonly upstreams: readonly { readonly name: string; readonly url: string }[];
  readonly defaultUpstream: string;
  readonly logDir: string;
  /** False when credentials are written as they are. */
  readonly masked: boolean;
};
