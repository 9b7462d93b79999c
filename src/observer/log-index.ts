/** The index that stands beside the files: opened, or kept in memory; whoever waits for what comes into it is told. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { ExchangeRow, LinePlace } from "../fact/rows.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { openIndex } from "../index/sqlite.ts";
import type { RunMaker } from "./runs.ts";
import { aloneOf } from "./evidence.ts";
import { PRIVATE_FOLDER } from "../journal/private.ts";

type ReadLine = (session: string, place: LinePlace) => Promise<string | null>;

/**
 * Whatever may be evidence of a run wakes who makes runs of it. `late` is told of an exchange whose session has gone on
 * before it ended: those that began behind it and ended before are in the wrong place until then.
 */
export function wakingAt(
  index: Index & LocalIndex,
  { wake, alone }: Pick<RunMaker, "wake" | "alone">,
  late: (at: number) => void,
  taken: (row: ExchangeRow) => void,
): Index & LocalIndex {
  return {
    ...index,
    putExchanges(entries) {
      index.putExchanges(entries);
      for (const { row } of entries) taken(row);
      const overtaken = entries.filter(({ row, keys }) => isOvertaken(index, row.id, keys?.header ?? null));
      if (overtaken.length > 0) late(Math.min(...overtaken.map(({ row }) => row.at)));
      const single = entries.flatMap((entry) => entry.alone ?? []);
      if (single.length > 0) alone(single);
      wake();
    },
    putEvidence(pieces) {
      index.putEvidence(pieces);
      wake();
    },
    forget(path) {
      const ids = index.forget(path);
      wake();
      return ids;
    },
  };
}

/** Ids count up in time. */
function isOvertaken(index: LocalIndex, id: string, header: string | null): boolean {
  if (header === null) return false;
  const latest = index.threads({ at: Number.MAX_SAFE_INTEGER, id: "" }).byHeader(header);
  return latest !== null && latest.id > id;
}

/** In memory where the folder cannot be written: the page then shows what this run sees. */
export function openLogIndex(
  logDir: string,
  warn: (message: string) => void,
  read: ReadLine,
): Index & LocalIndex {
  try {
    mkdirSync(logDir, { recursive: true, mode: PRIVATE_FOLDER });
    return openIndex(
      join(logDir, "index.sqlite"),
      () => warn("the index was damaged or of another version and is built again from the files"),
      read,
      aloneOf,
    );
  } catch (error) {
    warn(
      `the index cannot be kept in ${logDir}: ${error instanceof Error ? error.message : error}; it is kept in memory`,
    );
    return openIndex(":memory:", () => {}, read, aloneOf);
  }
}
