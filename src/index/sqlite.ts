/** The index in one SQLite file, with full-text search: which room answers what. */
import type { ExchangeRow } from "../fact/rows.ts";
import { facetsOf } from "./facets.ts";
import { fileOf, oneFile, putUnreadable, rowsIn, someFiles } from "./files.ts";
import { forget, repacked } from "./forget.ts";
import { grouped, groupedRank } from "./grouped.ts";
import type { AloneOf, ExchangeQuery, Index, LocalIndex, Page, Standing } from "./index.ts";
import { listed, rankOf, standingAt } from "./list.ts";
import { overviewOf } from "./overview.ts";
import { putExchanges } from "./put-exchanges.ts";
import { deleteDatabase, isUseless } from "./schema.ts";
import {
  listMessages,
  listSessions,
  oneSession,
  putMessages,
  putSession,
  type ReadLine,
  withLines,
} from "./sessions.ts";
import { putStars, starsIn } from "./stars.ts";
import {
  beforePlace,
  clamped,
  EXCHANGE,
  exchangeRow,
  openStore,
  shut,
  type Store,
  type Stored,
  together,
} from "./store.ts";

/**
 * Opens the index at `path` (":memory:" for one that is gone with the process). When the file turns out to be broken
 * while it is in use, it is made again, empty, and `lost` is told, so that somebody fills it from the files. `read` gives
 * a line of a session, or null when it cannot; without it long lines stay outlines. `aloneOf` makes the rows of runs that are
 * one exchange each; who puts none needs none.
 */
export function openIndex(
  path: string,
  lost: () => void = () => {},
  read: ReadLine = async () => null,
  aloneOf: AloneOf = () => {
    throw new Error("nobody has said how the rows of who is alone are made");
  },
): Index & LocalIndex {
  let store = openStore(path, aloneOf);

  function guarded<T>(run: (store: Store) => T): T {
    try {
      return run(store);
    } catch (error) {
      if (!isUseless(error)) throw error;
      shut(store);
      deleteDatabase(path);
      store = openStore(path, aloneOf);
      lost();
      return run(store);
    }
  }

  /** Asked at once and answered as if it were far away: nobody may count on more. */
  async function asked<T>(run: (store: Store) => T): Promise<T> {
    return guarded(run);
  }

  return {
    exchanges: (query) => asked((store) => listExchanges(store, query)),
    exchange: (id) => asked((store) => oneExchange(store, id)),
    rank: (id, query) => asked((store) => rankOfId(store, id, query)),
    standing: (id, query) => asked((store) => standing(store, id, query)),
    grouped: (query) => asked(({ db }) => grouped(db, { ...query, limit: clamped(query.limit) })),
    groupedRank: (id, query) => asked(({ db }) => groupedRank(db, id, query)),
    overview: (query) => asked(({ db }) => overviewOf(db, query)),
    facets: () => asked((store) => facetsOf(store.facets.all())),
    sessions: (query) => asked((store) => listSessions(store, query)),
    session: (id) => asked((store) => oneSession(store, id)),
    async messages(session, after = -1, limit = 1_000) {
      const rows = await asked((store) => listMessages(store, session, after, limit));
      const next = rows.length < clamped(limit) ? null : (rows.at(-1)?.seq ?? null);
      return { items: await withLines(rows, read), next };
    },
    runs: (query) => asked(({ runs }) => runs.runs(query, clamped(query.limit))),
    runFacets: () => asked(({ runs }) => runs.facets()),
    run: (id) => asked(({ runs }) => runs.run(id)),
    steps: (run, after, limit = 1_000) => asked(({ runs }) => runs.steps(run, after, clamped(limit))),
    step: (id) => asked(({ runs }) => runs.step(id)),
    stepsOf: (exchange) => asked(({ runs }) => runs.stepsOf(exchange)),
    treated: (limit) => asked(({ runs }) => runs.treated(clamped(limit))),
    ties: (run) => asked(({ runs }) => runs.ties(run)),
    tie: (id) => asked(({ runs }) => runs.tie(id)),
    tiesOf: (session) => asked(({ runs }) => runs.tiesOf(session)),
    counts: () => asked((store) => store.counts.get() ?? { exchanges: 0, sessions: 0, messages: 0 }),
    stars: () => asked(({ db }) => starsIn(db)),
    unreadable: () => asked((store) => store.unreadable.all()),

    putExchanges: (entries) => guarded((store) => putExchanges(store, entries)),
    putSession: (row, file) => guarded((store) => putSession(store, row, file)),
    putMessages: (rows) => guarded((store) => putMessages(store, rows)),
    putRuns: (changes) => guarded((store) => together(store, () => store.runs.put(changes))),
    putStars: (stars) => guarded(({ db }) => putStars(db, stars)),
    foreignWrites: () => guarded(({ runs }) => runs.foreignWrites()),
    putEvidence: (pieces) => guarded((store) => together(store, () => store.runs.putEvidence(pieces))),
    waiting: (limit) => guarded(({ runs }) => runs.waiting(clamped(limit))),
    evidence: (of, limit) => guarded(({ runs }) => runs.evidence(of, limit)),
    said: (source, limit) => guarded(({ runs }) => runs.said(source, clamped(limit))),
    joined: (ids) =>
      guarded((store) => {
        let found: ReturnType<LocalIndex["joined"]> = [];
        together(store, () => (found = store.runs.joined(ids)));
        return found;
      }),
    aloneBefore: (at, keys) => guarded(({ threads }) => threads.aloneBefore(at, keys)),
    aloneBetween: (agent, from, to, limit) =>
      guarded(({ runs }) => runs.aloneBetween(agent, from, to, clamped(limit))),
    settled: (read, homes, changes) =>
      guarded((store) =>
        together(store, () => {
          if (changes) store.runs.put(changes);
          store.runs.settled(read, homes);
        }),
      ),

    threads: (before) => store.threads.lookup(before),
    rethread: (after, limit, resolve) =>
      guarded((store) => store.threads.again(after, clamped(limit), resolve)),
    files: (after = "", limit = -1) => guarded((store) => someFiles(store, after, limit)),
    again: () => guarded((store) => store.again.all().map(({ path }) => path)),
    file: (path) => guarded((store) => oneFile(store, path)),
    fileOf: (id) => guarded((store) => fileOf(store, id)),
    rowsIn: (path) => guarded((store) => rowsIn(store, path)),
    forget: (path) => guarded((store) => forget(store, path)),
    repacked: (pack, moved) => guarded((store) => repacked(store, pack, moved)),
    putUnreadable: (file) => guarded((store) => putUnreadable(store, file)),
    close: () => shut(store),
  };
}

function listExchanges({ db }: Store, query: ExchangeQuery): Page<ExchangeRow> {
  const limit = clamped(query.limit);
  const after = query.before === undefined ? null : beforePlace(db, "exchanges", query.before);
  // One row more tells whether there is a next page; ranks tell it by themselves.
  const most = query.from === undefined ? limit + 1 : limit;
  const { rows, total } = listed<Stored>(db, query, { limit: most, after }, EXCHANGE);
  const items = rows.slice(0, limit).map(exchangeRow);
  return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null, total };
}

function rankOfId({ db }: Store, id: string, query: Pick<ExchangeQuery, "filter" | "now">): number | null {
  const known = db.query<{ place: number }, [string]>("select place from exchanges where id = ?").get(id);
  return known && rankOf(db, { limit: 1, ...query }, known.place);
}

function standing(store: Store, id: string, query: Parameters<Index["standing"]>[1]): Standing | null {
  const own = store.exchangeAt.get(id);
  return own && standingAt(store.db, query, own.place);
}

function oneExchange(store: Store, id: string): ExchangeRow | null {
  const found = store.exchange.get(id);
  return found && exchangeRow(found);
}
