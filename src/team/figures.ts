/**
 * What a scraper gets of a team's page: how the store and its recorders do, and the exchanges of all of them, counted since this page
 * began, and the MCP calls that were answered. Each page counts by itself: scrape one of them.
 */
import type { RecorderLine } from "../fact/recorder-state.ts";
import type { SessionRow } from "../fact/rows.ts";
import type { SemconvVersion } from "../fact/semconv-versions.ts";
import type { StoreFeed } from "../feed/postgres.ts";
import { createTelemetry, type Exposition, type Figures, pagesAt } from "../telemetry/telemetry.ts";
import { callsOf } from "./calls.ts";

export type PageFigures = { exposition(accept: string | null): Promise<Exposition>; close(): void };

export type PageFiguresOptions = {
  readonly version: string;
  readonly semconv: SemconvVersion;
  readonly feed: Pick<StoreFeed, "listen" | "silentMs">;
  session(id: string): Promise<SessionRow | null>;
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
  const calls = callsOf({ session: asked.session, call: telemetry.call, ended: telemetry.session });
  const listener = feed.listen((frames) => {
    for (const frame of frames) {
      if (frame.type === "exchange.close") telemetry.exchange(frame.row);
      calls.hear(frame);
    }
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
