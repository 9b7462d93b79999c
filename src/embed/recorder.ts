/** The record of a program of one's own: into a log folder, by the same way as the proxy's, one for each folder. */
import { resolve } from "node:path";
import type { RecordOptions } from "../capture/record/record-options.ts";
import { readConfig } from "../config.ts";
import { keepPrivate } from "../journal/private.ts";
import { createRecord } from "../record.ts";
import { version } from "../../package.json";

export type RecorderOptions = {
  /** Where the files go; `logs` in the current folder unless it is said. `bun run web --log-dir …` shows them. */
  readonly logDir?: string;
  /** False writes credentials as they are; think twice. */
  readonly mask?: boolean;
  /** Bytes of one body that are kept. */
  readonly bodyLimit?: number;
};

export type Recorder = {
  readonly record: RecordOptions;
  /** Resolves when everything is written; the next call for this folder begins anew. */
  stop(): Promise<void>;
};

const recorders = new Map<string, Recorder>();

/** The options count where the folder is named for the first time. A program may end without `stop`: it is waited for. */
export function recorderOf(options: RecorderOptions = {}): Recorder {
  const logDir = resolve(options.logDir ?? "logs");
  const known = recorders.get(logDir);
  if (known) return known;
  const { mask = true, bodyLimit } = options;
  const words = [`--log-dir=${logDir}`];
  // Nothing of the program's environment is meant for the recorder.
  const config = { ...readConfig(words, {}), logDir, mask, ...(bodyLimit !== undefined && { bodyLimit }) };
  const warnings = [keepPrivate(logDir)].filter((warning) => warning !== null);
  const record = createRecord(config);
  const startedAt = Date.now();
  const settings = () => ({
    config,
    life: record.life,
    startedAt,
    proxyUrl: null,
    upstreams: [],
    defaultUpstream: "",
    version,
    demo: null,
    packs: null,
    here: [],
    web: false,
    warnings,
  });
  // Says why by itself; without it what was told waits in the spool for the next start.
  record.observe(settings, warnings).catch((error: Error) => process.stderr.write(`${error.message}\n`));
  record.unref();
  const stop = async () => {
    process.off("beforeExit", stop);
    recorders.delete(logDir);
    await record.stop();
  };
  process.once("beforeExit", stop);
  const recorder = { record: record.options, stop };
  recorders.set(logDir, recorder);
  return recorder;
}
