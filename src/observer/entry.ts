/** From an exchange to what the index keeps of it: its row, its text, its place in a conversation. */
import type { Exchange } from "../fact/exchange.ts";
import type { Index, IndexEntry, ThreadKeys, ThreadKnown, ThreadLookup } from "../index/index.ts";
import { parseExchange, type Passed } from "../journal/exchange-file.ts";
import { look, type Look } from "../read/look.ts";
import { read } from "../read/read.ts";
import type { Reading } from "../read/reading.ts";
import { threadKeys, threadOf } from "../read/thread.ts";
import { rowOf } from "./row.ts";
import { searchText } from "./search-text.ts";

/**
 * Puts the reading's thread in, from what the index knows and what waits to be put there; gives the keys to keep with
 * the row.
 */
export function thread(
  reading: Reading,
  exchange: Exchange,
  seen: Look,
  index: Index,
  pending: readonly IndexEntry[],
): ThreadKeys {
  const keys = threadKeys(reading, exchange, seen);
  reading.thread = threadOf(exchange, keys, lookup(exchange, index, pending));
  return keys;
}

export function entryOf(
  exchange: Exchange,
  index: Index,
  pending: readonly IndexEntry[],
  passed?: Passed,
): Omit<IndexEntry, "file"> {
  const seen = look(exchange);
  const reading = read(exchange, seen);
  const keys = thread(reading, exchange, seen, index, pending);
  return { row: rowOf(exchange, reading, passed), text: searchText(exchange, reading), keys };
}

/** The same from the text of an exchange file. */
export function entryOfText(
  text: string,
  index: Index,
  pending: readonly IndexEntry[],
): Omit<IndexEntry, "file"> | { error: string } {
  const parsed = parseExchange(text);
  return "error" in parsed ? parsed : entryOf(parsed.exchange, index, pending, parsed.passed);
}

/** An agent's next turn may come before its last one is in the index: both are then of one batch. */
function lookup({ id, at }: Exchange, index: Index, pending: readonly IndexEntry[]): ThreadLookup {
  const known = index.threads({ at, id });
  const before = pending.filter(({ row }) => row.id !== id && row.at <= at);
  const among = (key: "header" | "response_id" | "whole", value: string): ThreadKnown | null => {
    const found = before.findLast(({ keys }) => keys?.[key] === value);
    if (!found) return null;
    const { row } = found;
    return { id: row.id, conversation: row.conversation ?? row.id, turn: row.turn ?? 1 };
  };
  return {
    byHeader: (header) => among("header", header) ?? known.byHeader(header),
    byResponse: (response) => among("response_id", response) ?? known.byResponse(response),
    byWhole(wholes) {
      // The longest prefix counts, wherever it is known.
      const waiting = new Set(before.map(({ keys }) => keys?.whole));
      const first = wholes.findIndex((whole) => waiting.has(whole));
      if (first === 0) return among("whole", wholes[0]!);
      if (first < 0) return known.byWhole(wholes);
      return known.byWhole(wholes.slice(0, first)) ?? among("whole", wholes[first]!);
    },
  };
}
