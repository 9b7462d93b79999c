/** Sessions that are on somebody's screen: read on as their lines come, and their messages in pages. */
import { sessionList, type SessionList } from "../read/mcp/session-list.ts";
import type { ShownLine } from "../fact/live.ts";
import type { SessionRow } from "../fact/rows.ts";
import type { Index } from "../index/index.ts";
import type { Sources } from "./sources.ts";

export type Fold = { readonly row: SessionRow; readonly list: SessionList };

type Kept = { list: SessionList; last: number; reading: Promise<void> | null };

/** Sessions that nobody follows; a few open windows. */
const KEPT_SESSIONS = 8;
const PAGE_LINES = 1_000;

export type Folds = ReturnType<typeof folds>;

/** What the follower has read is not read again: only of a session that it does not follow a fold is made here. */
export function folds({ index, session: followed }: Pick<Sources, "index" | "session">) {
  const kept = new Map<string, Kept>();

  /** One at a time: two that read on at once would add the same lines twice. */
  function readOn(id: string, it: Kept): Promise<void> {
    return (it.reading ??= more(id, it).finally(() => (it.reading = null)));
  }

  async function more(id: string, it: Kept): Promise<void> {
    for (;;) {
      const { items, next } = await index.messages(id, it.last, PAGE_LINES);
      for (const { seq, line } of items) {
        it.list.add(line, seq);
        it.last = seq;
      }
      // Nobody is told of them: who asks gets their rows.
      it.list.news();
      if (next === null) return;
    }
  }

  return async function fold(id: string): Promise<Fold | null> {
    const row = await index.session(id);
    if (!row) return null;
    const list = followed?.(id) ?? null;
    if (list) {
      kept.delete(id);
      return { row, list };
    }
    const it = kept.get(id) ?? { list: sessionList(id), last: -1, reading: null };
    kept.delete(id);
    kept.set(id, it);
    await readOn(id, it);
    const [oldest] = kept.keys();
    if (kept.size > KEPT_SESSIONS && oldest !== undefined) kept.delete(oldest);
    return { row, list: it.list };
  };
}

/** The rows of the lines after `after`, and those before of which these say more; `next`: `after` of the next page. */
export async function rowsAfter(
  index: Index,
  { row, list }: Fold,
  after: number,
): Promise<{ rows: ShownLine[]; changed: ShownLine[]; next: number | null }> {
  const { items, next } = await index.messages(row.id, after, PAGE_LINES);
  const seqs = items.map(({ seq }) => seq);
  return {
    rows: items.map(({ seq, line }) => list.shown(line, seq)),
    changed: list.changedBy(seqs, after + 1),
    next,
  };
}
