/** From an exchange to what the index keeps of it: its row, its text, its place in a conversation. */
import type { Exchange } from "../fact/exchange.ts";
import type { ThreadKeys } from "../fact/thread.ts";
import type { IndexEntry, LocalIndex } from "../index/index.ts";
import type { Passed } from "../journal/exchange-file.ts";
import { parseExchange } from "../journal/exchange-read.ts";
import { look, type Look } from "../read/look.ts";
import { read } from "../read/read.ts";
import type { Reading } from "../read/reading.ts";
import { threadKeys, threadOf } from "../read/thread.ts";
import { evidenceOf } from "./evidence.ts";
import { isOfTheDisk } from "./of-the-disk.ts";
import { beginningOf } from "./open-socket.ts";
import type { Pending } from "./pending.ts";
import { passedOf, rowOf } from "./row.ts";
import { searchText } from "./search-text.ts";

/**
 * Puts the reading's thread in, from what the index knows and what waits to be put there; gives the keys to keep with
 * the row.
 */
export function thread(
  reading: Reading,
  exchange: Exchange,
  seen: Look,
  index: Pick<LocalIndex, "threads">,
  pending: Pending,
): ThreadKeys | null {
  // The conversation of a socket is that of its responses.
  if (exchange.responses) return null;
  const keys = threadKeys(reading, exchange, seen);
  reading.thread = threadOf(exchange, keys, pending.lookup(exchange, index.threads(exchange)));
  return keys;
}

export function entryOf(
  exchange: Exchange,
  index: Pick<LocalIndex, "threads">,
  pending: Pending,
  passed?: Passed,
): Omit<IndexEntry, "file"> {
  const told = toRead(exchange);
  const { request, response } = passedOf(exchange);
  const isLarge = Math.max(request, response) > LARGE;
  const seen = look(told);
  if (isLarge) Bun.gc(true);
  const reading = read(told, seen);
  if (isLarge) Bun.gc(true);
  const keys = thread(reading, exchange, seen, index, pending);
  const row = rowOf(exchange, reading, passed);
  const evidence = evidenceOf(exchange, seen, reading, keys, row)?.json ?? null;
  return { row, text: searchText(exchange, reading), keys, evidence };
}

/** What is read of an exchange: of a socket that holds responses, which are read each by itself, its beginning. */
export function toRead(exchange: Exchange): Exchange {
  return exchange.responses ? beginningOf(exchange) : exchange;
}

/** The same from the text of an exchange file. What cannot be read is in the list all the same, as it came. */
export function entryOfText(
  text: string,
  index: Pick<LocalIndex, "threads">,
  pending: Pending,
): Omit<IndexEntry, "file"> | { error: string } {
  const parsed = parseExchange(text);
  if ("error" in parsed) return parsed;
  // What was made of it on the way is several times its size.
  if (text.length > LARGE) Bun.gc(true);
  try {
    return entryOf(parsed.exchange, index, pending, parsed.passed);
  } catch (error) {
    if (isOfTheDisk(error)) throw error;
    return entryUnread(parsed.exchange, parsed.passed);
  }
}

const LARGE = 8 * 1024 * 1024;

/** Of an exchange of which only the outside is known. */
export function entryUnread(exchange: Exchange, passed?: Passed): Omit<IndexEntry, "file"> {
  const { id, method, path, target } = exchange;
  const row = { ...rowOf(exchange, null, passed), problems: 1 };
  return { row, text: `${id} ${method} ${path} ${target}`, keys: null };
}
