/**
 * The connection of a recorder to its team's store. A call that is not answered in time is given up with its connections: behind a
 * network that dropped them they would hang for as long as the system's own limits, some minutes to for ever. The next call
 * begins with new ones.
 */
import type { SQL } from "bun";
import type { Origin } from "../fact/rows.ts";
import type { News, Topic } from "../feed/feed.ts";
import { postgresFeed, type StoreFeed } from "../feed/postgres.ts";
import type { SharedWriter } from "../index/index.ts";
import { openStore } from "../index/postgres/connect.ts";
import { migrate } from "../index/postgres/migrate.ts";
import { postgresWriter } from "../index/postgres/writes.ts";

export type StoreLink = {
  readonly rows: SharedWriter;
  tell(news: News): void;
  close(): Promise<void>;
};

export type StoreLinkOptions = {
  readonly url: string;
  readonly token: string;
  readonly origin: Origin;
  onFollow(topic: Topic, state: "followed" | "left"): void;
  readonly timeoutMs?: number;
};

/** A batch of 500 rows takes below a second where the store is well, and some when it is not. */
const TIMEOUT_MS = 30_000;

type Connected = { readonly sql: SQL; readonly rows: SharedWriter; readonly feed: StoreFeed };

export function storeLink({
  url,
  token,
  origin,
  onFollow,
  timeoutMs = TIMEOUT_MS,
}: StoreLinkOptions): StoreLink {
  let sql: SQL | null = null;
  let connecting: Promise<Connected> | null = null;
  let connected: Connected | null = null;

  /** A store may be away when we start, and older than we are when it comes. */
  async function connect(): Promise<Connected> {
    const own = (sql = openStore(url));
    await migrate(own);
    const writes = { project: origin.project, token };
    const feed = await postgresFeed(own, { ring: 1, queue: 1, writes, reads: null });
    feed.onFollow(onFollow);
    return (connected = { sql: own, rows: postgresWriter(own, { token, origin }), feed });
  }

  async function drop(): Promise<void> {
    const [own, known] = [sql, connected];
    [sql, connected, connecting] = [null, null, null];
    void known?.feed.close().catch(() => {});
    await own?.close({ timeout: 0 }).catch(() => {});
  }

  async function ask<T>(call: (rows: SharedWriter) => Promise<T> | T): Promise<T> {
    const { promise: late, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new Late(timeoutMs)), timeoutMs);
    try {
      connecting ??= connect();
      const asked = connecting.then(({ rows }) => call(rows));
      asked.catch(() => {});
      return await Promise.race([asked, late]);
    } catch (error) {
      if (error instanceof Late || connected === null) await drop();
      throw error;
    } finally {
      clearTimeout(timer);
      late.catch(() => {});
    }
  }

  return {
    rows: {
      taken: (rows) => ask((store) => store.taken(rows)),
      share: (entries) => ask((store) => store.share(entries)),
      putExchanges: (entries) => ask((store) => store.putExchanges(entries)),
      putSession: (row) => ask((store) => store.putSession(row)),
      putMessages: (rows) => ask((store) => store.putMessages(rows)),
      putRuns: (changes) => ask((store) => store.putRuns(changes)),
      putStars: (stars) => ask((store) => store.putStars(stars)),
      putEvidence: (pieces) => ask((store) => store.putEvidence(pieces)),
      // Said again in some seconds: nobody connects for it.
      report: async (state) => void (connected && (await ask((store) => store.report(state)))),
    },
    tell: (news) => connected?.feed.publish(news),
    close: drop,
  };
}

class Late extends Error {
  constructor(ms: number) {
    super(`the store has not answered within ${Math.ceil(ms / 1000)} s`);
  }
}
