/**
 * An exchange that has ended becomes a file and an entry of the index. Whatever is wrong with it costs only itself: what
 * cannot be read is kept as it came, and what cannot be kept as a file is set aside; the reason is told each time.
 */
import { edenGC } from "bun:jsc";
import { join } from "node:path";
import type { Exchange } from "../fact/exchange.ts";
import type { Mask } from "../fact/mask.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import type { FiledEntry } from "../index/index.ts";
import { type Derived, exchangeParts, exchangePath, type Passed } from "../journal/exchange-file.ts";
import { setAside } from "../journal/quarantine.ts";
import { writeWhole } from "../journal/write-file.ts";
import { look, type Look } from "../read/look.ts";
import { assembled, read } from "../read/read.ts";
import type { Reading } from "../read/reading.ts";
import { rowsOfOne } from "../read/run/alone.ts";
import type { ModelEvidence } from "../read/run/evidence.ts";
import { entryUnread, toRead } from "./entry.ts";
import { evidenceOf } from "./evidence.ts";
import { isOfTheDisk, reasonOf } from "./of-the-disk.ts";
import { rowOf } from "./row.ts";
import { searchText } from "./search-text.ts";

export type SettleOptions = {
  readonly logDir: string;
  /** Drafts of files lie where nobody watches: each step of a file would be told to us by the system. */
  readonly drafts: string;
  /** Puts the reading's thread in; gives the keys to keep with the row. */
  readonly thread: (reading: Reading, exchange: Exchange, seen: Look) => ThreadKeys | null;
  /** Null keeps credentials as they are. */
  readonly mask: Mask | null;
  /** It is all of its run, as far as anybody knows. Absent: of none is that known. */
  readonly isAlone?: (it: ModelEvidence) => boolean;
};

/** `entry` is null for what was set aside. `why`: what went wrong, when something did. */
export type Settled = { readonly entry: FiledEntry | null; readonly why: string | null };

/** Throws what the disk says, and nothing else. */
export function settle(exchange: Exchange, passed: Passed, options: SettleOptions): Settled {
  try {
    return { entry: settleWhole(exchange, passed, options), why: null };
  } catch (error) {
    if (isOfTheDisk(error)) throw error;
    return settleUnread(exchange, passed, options, reasonOf(error));
  }
}

function settleWhole(exchange: Exchange, passed: Passed, options: SettleOptions): FiledEntry {
  const told = toRead(exchange);
  const seen = look(told);
  const reading = read(told, seen);
  const keys = options.thread(reading, exchange, seen);
  const isSocket = exchange.responses !== undefined;
  const derived = {
    assembled: isSocket ? undefined : masked(assembled(exchange, seen) ?? undefined, options.mask),
    summary: isSocket ? socketSummary(reading) : summaryOf(reading),
    bodies: { request: seen.glimpse.requestBody, response: seen.stream ? undefined : seen.message },
  };
  // Everything that can fail has been done when the file is written: it is written once.
  const row = rowOf(exchange, reading, passed);
  const text = searchText(exchange, reading);
  const said = evidenceOf(exchange, seen, reading, keys, row);
  const alone = said && options.isAlone?.(said.it) === true ? rowsOfOne(said.it) : null;
  const file = write(exchange, derived, passed, options);
  const evidence = said?.json ?? null;
  return { row: alone ? { ...row, run: alone.run.id } : row, text, keys, evidence, alone, file };
}

/** Kept as it came: nothing of its bodies is looked at. */
function settleUnread(exchange: Exchange, passed: Passed, options: SettleOptions, why: string): Settled {
  const reason = `it could not be read (${why}) and is kept as it came`;
  try {
    const entry = entryUnread(exchange, passed);
    const derived = { assembled: undefined, summary: { problems: [], reason }, bodies: "as text" } as const;
    const file = write(exchange, derived, passed, options);
    return { entry: { ...entry, file }, why: reason };
  } catch (error) {
    if (isOfTheDisk(error)) throw error;
    const both = `it could not be read (${why}), nor written (${reasonOf(error)})`;
    setAside(options.logDir, exchange, both);
    return { entry: null, why: both };
  }
}

function write(
  exchange: Exchange,
  derived: Derived,
  passed: Passed,
  { logDir, drafts }: SettleOptions,
): FiledEntry["file"] {
  const path = exchangePath(exchange);
  const parts = collected(exchangeParts(exchange, derived, passed));
  return { path, ...writeWhole(join(logDir, path), parts, drafts) };
}

/** What each part was made of is needed no more, and would all lie there at the end of a large file. */
function* collected(parts: Iterable<string | Uint8Array>): Generator<string | Uint8Array> {
  let written = 0;
  for (const part of parts) {
    yield part;
    if ((written += part.length) < COLLECT_EVERY) continue;
    written = 0;
    edenGC();
  }
}

/** Far above most files; a collection of what is new takes about 1 ms. */
const COLLECT_EVERY = 4 * 1024 * 1024;

/** A key that came in many small pieces is one only where they are put together. */
function masked(value: unknown, mask: Mask | null): unknown {
  if (!mask || value === undefined) return value;
  const text = JSON.stringify(value) ?? "";
  const told = mask.text(text);
  return told === text ? value : JSON.parse(told);
}

/** What was said stands in the files of its responses. */
function socketSummary({ dialect, provider, model }: Reading): Record<string, unknown> {
  return { dialect, provider, model };
}

/** What stands at the end of the file for people who grep. */
function summaryOf(reading: Reading): Record<string, unknown> {
  const { dialect, provider, model, finish_reason, usage, cost, tool_calls, problems, thread, timing } =
    reading;
  return {
    dialect,
    provider,
    model,
    finish_reason,
    usage: usage && {
      input: usage.input,
      output: usage.output,
      total: usage.total,
      cached: usage.cached,
      reasoning: usage.reasoning,
    },
    cost,
    ttft_ms: timing.ttft_ms,
    tool_calls: tool_calls.map(({ id, name }) => ({ id, name })),
    conversation: thread?.conversation ?? null,
    turn: thread?.turn ?? null,
    problems: problems.map(({ rule, where, what }) => ({ rule, where, what })),
  };
}
