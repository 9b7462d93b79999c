/**
 * Stars: kept in their file, told to the index, said in every row that is published, and heeded by retention. Another program's
 * stars in the same folder count as well.
 */
import { join } from "node:path";
import type { ExchangeRow, Star } from "../fact/rows.ts";
import type { Feed, News } from "../feed/feed.ts";
import type { LocalIndex } from "../index/index.ts";
import { MOST_STARS, readStars, STARS_FILE, starsStamp, writeStar } from "../journal/stars.ts";
import { reasonOf } from "./of-the-disk.ts";

export type Stars = {
  /** Throws a sentence for people when it cannot be kept. */
  set(star: Star, how: "given" | "taken"): void;
  /** What stands in the file, and what another program has said since; cheap when nobody has. */
  look(): void;
  /** Rows of what is in flight, with their stars. */
  said(rows: ExchangeRow[]): ExchangeRow[];
  /** The index was made again, empty. */
  again(): void;
  /** Whether something in this file is starred, or belongs to a run that is. */
  keeps(path: string): boolean;
};

const keyOf = ({ of, id }: Star) => `${of} ${id}`;

export type StarsOptions = {
  readonly logDir: string;
  readonly index: () => Pick<LocalIndex, "putStars" | "rowsIn">;
  /** What is published says it of itself from here on. */
  readonly feed: Feed;
  readonly warn: (message: string) => void;
};

export function keepStars({ logDir, index, feed, warn }: StarsOptions): { stars: Stars; feed: Feed } {
  let known = new Map<string, Star>();
  /** Null until it was looked at. */
  let stamp: string | null = null;
  const has = (of: Star["of"], id: string | null) => id !== null && known.has(keyOf({ of, id }));

  function read(): void {
    stamp = starsStamp(logDir);
    const before = known;
    known = new Map(readStars(logDir).map((star) => [keyOf(star), star]));
    index().putStars([...known.values()]);
    for (const [key, star] of known)
      if (!before.has(key)) feed.publish({ type: "star", ...star, starred: true });
    for (const [key, star] of before)
      if (!known.has(key)) feed.publish({ type: "star", ...star, starred: false });
  }

  const stars: Stars = {
    set(star, how) {
      if (how === "given" && known.size >= MOST_STARS)
        throw new Error(`${MOST_STARS} things are starred already: take a star away first`);
      if (has(star.of, star.id) === (how === "given")) return;
      try {
        writeStar(logDir, star, how, Date.now());
        read();
      } catch (error) {
        throw new Error(`${join(logDir, STARS_FILE)} cannot be written: ${reasonOf(error)}`, {
          cause: error,
        });
      }
    },
    look() {
      const now = starsStamp(logDir);
      if (now === stamp) return;
      try {
        read();
      } catch (error) {
        // Said once for each state of the file: those that are known stay.
        stamp = now;
        warn(`${join(logDir, STARS_FILE)} cannot be read: ${reasonOf(error)}`);
      }
    },
    said: (rows) =>
      known.size === 0
        ? rows
        : rows.map((row) => (has("exchange", row.id) ? { ...row, starred: true } : row)),
    again: () => index().putStars([...known.values()]),
    keeps(path) {
      if (known.size === 0) return false;
      const { exchanges, sessions } = index().rowsIn(path);
      return (
        exchanges.some(({ starred, run }) => starred || has("run", run)) ||
        sessions.some(({ starred }) => starred)
      );
    },
  };

  return {
    stars,
    feed: {
      ...feed,
      publish(news) {
        const star = starOf(news);
        if (star !== null && known.has(keyOf(star)) && "row" in news)
          feed.publish({ ...news, row: { ...news.row, starred: true } } as News);
        else feed.publish(news);
      },
    },
  };
}

/** What a row that may have a star tells of. */
function starOf(news: News): Star | null {
  switch (news.type) {
    case "exchange.head":
    case "exchange.row":
    case "exchange.close":
      return { of: "exchange", id: news.row.id };
    case "mcp.session":
      return { of: "session", id: news.row.id };
    case "run.row":
      return { of: "run", id: news.row.id };
    default:
      return null;
  }
}
