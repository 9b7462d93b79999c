/**
 * What a scraper gets of a team's page: how the store and its recorders do, and the exchanges of all of them, counted since this page
 * began. Each page counts by itself: scrape one of them. Lines of MCP sessions are counted where they are recorded.
 */
import type { RecorderLine } from "../fact/recorder-state.ts";
import type { SemconvVersion } from "../fact/semconv-versions.ts";
import type { StoreFeed } from "../feed/postgres.ts";
import { createTelemetry, type Exposition, type Figures, pagesAt } from "../telemetry/telemetry.ts";

export type PageFigures = { exposition(accept: string | null): Promise<Exposition>; close(): void };

export type PageFiguresOptions = {
  readonly version: string;
  readonly semconv: SemconvVersion;
  readonly feed: Pick<StoreFeed, "listen" | "silentMs">;
  counts(): Promise<{ exchanges: number; sessions: number }>;
  recorders(): Promise<RecorderLine[]>;
  inFlight(): number;
};

const TICK_MS = 1_000;

export function pageFigures({ version, semconv, feed, ...asked }: PageFiguresOptions): PageFigures {
  const startedAt = Date.now();
  const telemetry = createTelemetry({
    semconv,
    startedAt,
    now: Date.now,
    figures,
    hash: (text) => new Bun.CryptoHasher("sha256").update(text).digest("hex"),
    pages: () => pagesAt(null),
    spans: null,
  });
  const listener = feed.listen((frames) => {
    for (const frame of frames) if (frame.type === "exchange.close") telemetry.exchange(frame.row);
    return "sent";
  });
  const timer = setInterval(() => telemetry.tick(), TICK_MS);
  timer.unref();

  async function figures(): Promise<Figures> {
    const [{ exchanges, sessions }, recorders] = await Promise.all([asked.counts(), asked.recorders()]);
    const { user, system } = process.cpuUsage();
    return {
      own: {
        inFlight: asked.inFlight(),
        waiting: 0,
        backlog: 0,
        exchanges,
        sessions,
        unreadable: 0,
        lostBytes: {},
        lostExchanges: {},
        faults: {},
        added: null,
      },
      process: {
        version,
        bun: Bun.version,
        startedAt,
        memory: process.memoryUsage.rss(),
        cpu: (user + system) / 1e6,
      },
      shipping: null,
      sending: null,
      team: { recorders, silentMs: feed.silentMs() },
    };
  }

  return {
    exposition: (accept) => telemetry.exposition(accept),
    close() {
      clearInterval(timer);
      listener.close();
    },
  };
}
