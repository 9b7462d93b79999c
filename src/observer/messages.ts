/** What the two threads say to each other. */
import type { Config } from "../config.ts";
import type { AddedTime } from "../fact/added-time.ts";
import type { SpoolFile, SpoolRange } from "../journal/spool.ts";

export type Settings = {
  readonly config: Config;
  /** One name for one run of the program; tells its spool files from those of other lives. */
  readonly life: string;
  /** When the program began, ms since 1970. */
  readonly startedAt: number;
  /** Null when only the page runs. */
  readonly proxyUrl: string | null;
  readonly upstreams: readonly { readonly name: string; readonly url: string }[];
  readonly defaultUpstream: string;
  readonly version: string;
  /** The command lines that run the demo's agent, by its language; null where no proxy runs. */
  readonly demo: Readonly<Record<"en" | "zh", readonly string[]>> | null;
  /** What packs exchanges that are as old as that; null where none are packed. */
  readonly packs: { readonly afterMs: number; readonly command: readonly string[] } | null;
  /** What of this machine could be recorded, and by which command; see `Sources`. */
  readonly here: readonly { readonly title: string; readonly command: string }[];
  /** False: record only, without a page. */
  readonly web: boolean;
  /** Said on the page: what happened to an observer before this one, secrets that are not masked. */
  readonly warnings: readonly string[];
};

export type ToObserver =
  /** `resume`: what an observer before this one was told and may not have written. */
  | { readonly type: "settings"; readonly settings: Settings; readonly resume: readonly SpoolFile[] }
  /** Facts that lie in the spool. */
  | { readonly type: "spooled"; readonly range: SpoolRange }
  /** Facts that the disk did not take. */
  | { readonly type: "facts"; readonly seq: number; readonly bytes: Uint8Array }
  /** What only the traffic's thread knows: what it lost, and what passing on costs. */
  | {
      readonly type: "trouble";
      readonly lostBytes: number;
      readonly lostExchanges: number;
      readonly spool: string | null;
      readonly added: AddedTime | null;
    }
  | { readonly type: "stop" };

export type FromObserver =
  | { readonly type: "ready"; readonly dashboardUrl: string | null }
  /** It cannot start, and starting it again would not help: `message` is for a person. */
  | { readonly type: "failed"; readonly message: string }
  | { readonly type: "acked"; readonly seq: number }
  /** These exchanges have their files. */
  | { readonly type: "finished"; readonly ids: readonly string[] }
  | { readonly type: "warning"; readonly message: string }
  /** It ends, and another one has to be started. */
  | { readonly type: "dying"; readonly message: string }
  | { readonly type: "stopped" };
