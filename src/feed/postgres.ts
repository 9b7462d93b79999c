/**
 * A feed over the store of a team: frames lie in a table of the last minutes, `NOTIFY` is the bell at its door. Who was away asks for
 * what came since the number that it saw last. What cannot be told within seconds is not told: every row is elsewhere too.
 */
import type { SQL } from "bun";
import { isObject, jsonOf } from "../fact/believed.ts";
import { createDelivery, type FeedOptions } from "./delivery.ts";
import { type Frame } from "../fact/frame.ts";
import { topicOf, type Feed, type News, type Topic } from "./feed.ts";
import { foreignNews } from "./foreign.ts";
import { weightOf } from "./weight.ts";

export type StoreFeed = Feed & {
  /** Told of what somebody begins or ends to follow on another machine. */
  onFollow(told: (topic: Topic, state: "followed" | "left") => void): void;
  /** Since when the store has not been heard, ms; 0 while it is. */
  silentMs(): number;
  close(): Promise<void>;
};

export type StoreFeedOptions = Omit<FeedOptions, "after"> & {
  /** Where what is published goes; null for who only listens. */
  readonly writes: { readonly project: string; readonly token: string } | null;
  /** Whose frames are read; null for who only publishes, and may not read. */
  readonly reads: (() => Promise<readonly string[]>) | null;
};

const FRAMES_BELL = "mcpl_frames";
const FOLLOWS_BELL = "mcpl_follows";
/** Frames that come in this time go in one call. */
const GATHER_MS = 25;
/** Frames of one call, and of one answer. */
const BATCH = 500;
/** What waits to be told: beyond it listeners are told to ask again. */
const MOST_WAITING = 4_000;
const MOST_BYTES = 8 * 1024 * 1024;
/** Older news is none. */
const STALE_MS = 10_000;
/** A bell may be lost on the way (some poolers have none): looked for all the same. */
const LOOK_MS = 1_000;
const RETRY_MS = 500;
/** The table forgets after ten minutes: who was away for longer than this asks for everything. */
const AWAY_MS = 5 * 60_000;
/** A follower says so again and again; one that is gone is forgotten. */
const FOLLOWS_MS = 30_000;

export async function postgresFeed(sql: SQL, options: StoreFeedOptions): Promise<StoreFeed> {
  const { writes, reads } = options;
  const [start] =
    reads === null ? [{ seq: 0 }] : await sql.unsafe("select last_value::float8 as seq from mcpl.frame_seq");
  const delivery = createDelivery({ ...options, after: start.seq });
  const self = crypto.randomUUID();
  let last: number = start.seq;
  let waiting: { topic: string; frame: string; at: number }[] = [];
  let bytes = 0;
  let lost = false;
  let telling: Promise<void> | null = null;
  let looking: Promise<void> | null = null;
  let again = false;
  let heardAt = performance.now();
  let closed = false;
  /** What is followed elsewhere, and until when. */
  const follows = new Map<string, { topic: Topic; until: number; by: ReadonlySet<string> }>();
  /** What is followed here. */
  const own = new Map<string, { topic: Topic; n: number }>();
  let toldOf: (topic: Topic, state: "followed" | "left") => void = () => {};

  const subscriptions = [
    ...(reads
      ? [
          await sql.listen(
            FRAMES_BELL,
            () => void look(),
            () => void look(),
          ),
        ]
      : []),
    ...(writes ? [await sql.listen(FOLLOWS_BELL, followed)] : []),
  ];
  const timer = setInterval(() => {
    if (reads) void look();
    forget();
    for (const { topic } of own.values()) sayFollowed(topic);
  }, LOOK_MS);
  timer.unref();

  return {
    ...delivery,
    publish(news) {
      if (writes === null || closed) return;
      const topic = topicOf(news);
      if (topic && !isFollowed(topic)) return;
      push(news, topic);
      telling ??= tell().finally(() => (telling = null));
    },
    isFollowed,
    listen(send, since) {
      const listener = delivery.listen(send, since);
      const mine = new Set<string>();
      const leave = (key: string) => {
        const known = mine.delete(key) ? own.get(key) : undefined;
        if (known && --known.n === 0) own.delete(key);
      };
      return {
        ...listener,
        subscribe(topic) {
          const key = keyOf(topic);
          listener.subscribe(topic);
          if (mine.has(key)) return;
          mine.add(key);
          own.set(key, { topic, n: (own.get(key)?.n ?? 0) + 1 });
          sayFollowed(topic);
        },
        unsubscribe(topic) {
          listener.unsubscribe(topic);
          leave(keyOf(topic));
        },
        close() {
          listener.close();
          for (const key of mine) leave(key);
        },
      };
    },
    onFollow: (told) => void (toldOf = told),
    silentMs: () =>
      looking === null && reads === null ? 0 : Math.max(0, performance.now() - heardAt - 2 * LOOK_MS),
    async close() {
      closed = true;
      clearInterval(timer);
      await telling;
      await looking;
      await Promise.allSettled(subscriptions.map((one) => one.unlisten()));
    },
  };

  function isFollowed(topic: Topic): boolean {
    return delivery.isFollowed(topic) || follows.has(keyOf(topic));
  }

  function push(news: News, topic: Topic | null): void {
    const frame = JSON.stringify(news).toWellFormed();
    waiting.push({ topic: topic ? keyOf(topic) : "", frame, at: performance.now() });
    bytes += weightOf(news);
    if (waiting.length <= MOST_WAITING && bytes <= MOST_BYTES) return;
    waiting = [];
    bytes = 0;
    lost = true;
  }

  async function tell(): Promise<void> {
    while (waiting.length > 0 || lost) {
      await Bun.sleep(GATHER_MS);
      const fresh = waiting.filter(({ at }) => performance.now() - at < STALE_MS);
      if (fresh.length < waiting.length) lost = true;
      const some = fresh.slice(0, BATCH);
      waiting = fresh.slice(BATCH);
      bytes = waiting.length === 0 ? 0 : bytes;
      // Those who listen ask the API for what was not told.
      const all = lost ? [{ topic: "", frame: '{"type":"resync","from":0}' }, ...some] : some;
      if (all.length === 0) return;
      try {
        await sql.unsafe("select mcpl.tell($1::text, $2::text, $3::text[], $4::text[])", [
          writes!.token,
          writes!.project,
          arrayOf(all.map(({ topic }) => topic)),
          arrayOf(all.map(({ frame }) => frame)),
        ]);
        lost = false;
      } catch {
        // The store is away, or does not take what we say: whoever ships says why. Nothing waits for this.
        if (closed) return;
        waiting = [...some, ...waiting];
        await Bun.sleep(RETRY_MS);
      }
    }
  }

  function look(): Promise<void> {
    again = true;
    return (looking ??= readOn().finally(() => (looking = null)));
  }

  async function readOn(): Promise<void> {
    while (again && !closed) {
      again = false;
      try {
        await catchUp();
        heardAt = performance.now();
      } catch {
        // It is asked again when it rings, and every second.
        return;
      }
    }
  }

  async function catchUp(): Promise<void> {
    const wasAway = performance.now() - heardAt > AWAY_MS;
    const projects = arrayOf(await reads!());
    for (;;) {
      const topics = arrayOf([...own.keys()]);
      const rows: { seq: number; project: string; frame: string | null }[] = await sql.unsafe(
        `select seq::float8 as seq, project, frame from mcpl.frame
         where seq > $1::bigint and project = any($2::text[]) and (topic is null or topic = any($3::text[]))
         order by seq limit ${BATCH}`,
        [last, projects, topics],
      );
      if (wasAway) delivery.take({ type: "resync", seq: rows[0]?.seq ?? last, from: 0 });
      for (const { seq, project, frame } of rows) {
        last = seq;
        const news = foreignNews(frame, project);
        if (news) delivery.take({ ...news, seq } as Frame);
      }
      if (rows.length < BATCH) return;
    }
  }

  function sayFollowed(topic: Topic): void {
    if (reads === null || closed) return;
    sql.notify(FOLLOWS_BELL, JSON.stringify({ ...topic, by: self })).catch(() => {
      // It is said again in a second.
    });
  }

  function followed(payload: string): void {
    const said = jsonOf(payload);
    if (!isObject(said)) return;
    const { what, of, by } = said;
    if (by === self || typeof by !== "string") return;
    if (typeof of !== "string" || (what !== "added" && what !== "bytes")) return;
    const topic: Topic = { what, of };
    const key = keyOf(topic);
    const known = follows.get(key);
    if (known === undefined && follows.size >= MOST_FOLLOWS) return;
    const until = performance.now() + FOLLOWS_MS;
    const isNew = known?.by.has(by) !== true;
    follows.set(key, { topic, until, by: new Set([...(known?.by ?? []), by].slice(-MOST_FOLLOWS)) });
    // Of each page: it has to be told what was before.
    if (isNew) toldOf(topic, "followed");
  }

  function forget(): void {
    const now = performance.now();
    for (const [key, { topic, until }] of follows)
      if (until < now) {
        follows.delete(key);
        toldOf(topic, "left");
      }
  }
}

/** Of one recorder: nobody looks at more at a time. */
const MOST_FOLLOWS = 100;

function keyOf({ what, of }: Topic): string {
  return `${what} ${of}`.toWellFormed().replaceAll("\0", "\ufffd");
}

/** As the text form of an array. */
function arrayOf(values: readonly string[]): string {
  return `{${values.map((value) => `"${value.replace(/["\\]/g, "\\$&")}"`).join(",")}}`;
}
