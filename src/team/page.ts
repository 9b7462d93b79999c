/**
 * The page over a team's store: everything that the page of one machine shows, of all recorders that its token may read. It keeps
 * nothing: any number of them may stand behind a load balancer. It runs where no traffic passes.
 */
import { hostname } from "node:os";
import type { SQL } from "bun";
import { bucketAt } from "../bodies/bucket.ts";
import type { Config } from "../config.ts";
import type { Exchange } from "../fact/exchange.ts";
import type { ExchangeRow } from "../fact/rows.ts";
import { createDoor } from "../door/sender.ts";
import type { Status } from "../fact/frame.ts";
import { postgresFeed } from "../feed/postgres.ts";
import type { Index } from "../index/index.ts";
import { asker, readableProjects } from "../index/postgres/asking.ts";
import { postgresIndex } from "../index/postgres/asks.ts";
import { recorders } from "../index/postgres/recorders.ts";
import { connectStore } from "../index/postgres/connect.ts";
import { parseExchange } from "../journal/exchange-read.ts";
import { listenError, urlHost } from "../door/listening.ts";
import { createWeb } from "../web/app.ts";
import { auditIn, type Audit } from "./audit.ts";
import { flyingAt } from "./flying.ts";
import { followingAt } from "./following.ts";
import { pageFigures } from "./figures.ts";
import { startJoiner } from "./joiner.ts";
import { isBodyOf } from "./whose.ts";
import { statusFeed } from "./status-feed.ts";

export type TeamPage = { readonly url: string; stop(): Promise<void> };

/** Frames that a page that was away may ask for, and frames that a slow one may be behind. */
const RING = 20_000;
const QUEUE = 5_000;

/** Throws a sentence when it cannot start. `isBeyond`: others than this machine reach its address. */
export async function startTeamPage(
  config: Config,
  { version, isBeyond }: { readonly version: string; readonly isBeyond: boolean },
): Promise<TeamPage> {
  const { store, bodies: bucket } = config;
  if (store === null || bucket === null) throw new Error("a team's page needs --store and --bodies");
  const token = config.storeToken ?? "";
  const sql = await connectStore(store, token);
  try {
    await mayServe(sql, isBeyond);
    const only = config.project === null ? null : [config.project];
    const bodies = bucketAt(bucket, config.s3);
    const audit = auditIn(sql, { token, page: hostname() });
    const index = audited(
      postgresIndex(sql, { token, projects: only }, async (id, { offset, size }) => {
        const bytes = await bodies.range({ of: "session", id }, offset, offset + size);
        return bytes && new TextDecoder().decode(bytes);
      }),
      audit,
    );
    const ask = asker(sql);
    const projects = readableProjects(ask, token, only);
    const feed = await postgresFeed(sql, { ring: RING, queue: QUEUE, writes: null, reads: projects });
    const flying = flyingAt(feed);
    const following = followingAt(feed);
    const joiner = startJoiner({ sql, token, projects });
    const figures = pageFigures({
      version,
      semconv: config.semconv,
      feed,
      session: (id) => index.session(id),
      counts: () => index.counts(),
      recorders: async () => recorders(ask, await projects()),
      inFlight: () => flying.rows().length,
    });
    const statuses = statusFeed(following.feed, status, (message) => process.stderr.write(`${message}\n`));

    async function status(): Promise<Status> {
      const [counts, all] = await Promise.all([
        index.counts(),
        projects().then((own) => recorders(ask, own)),
      ]);
      const silent = feed.silentMs();
      const warnings =
        silent > 0
          ? [
              `the store has not answered for ${Math.ceil(silent / 1000)} s: what is new is shown when it does`,
            ]
          : [];
      return {
        exchanges: counts.exchanges,
        sessions: counts.sessions,
        in_flight: flying.rows().length,
        waiting: 0,
        backlog: 0,
        warnings: [...warnings, ...joiner.warnings()],
        unreadable: [],
        recorders: all,
      };
    }

    /** Only what the index shows: a bucket knows no projects. */
    async function file(id: string): Promise<string | null> {
      const row = await index.exchange(id);
      if (row === null) return null;
      await audit.opened("exchange", id);
      const bytes = await bodies.get({ of: "exchange", id });
      return bytes && (await isBodyOf(ask, row, bytes)) ? new TextDecoder().decode(bytes) : null;
    }

    const door = createDoor(config);
    const sources = {
      index,
      feed: statuses.feed,
      file,
      async load(id: string): Promise<Exchange | null> {
        const text = await file(id);
        const parsed = text === null ? null : parseExchange(text);
        if (parsed) return "exchange" in parsed ? parsed.exchange : null;
        const row = flying.row(id);
        return row && outsideOf(row);
      },
      live: (id: string, from: number) => following.live(id, from),
      inFlight: () => flying.rows(),
      status,
      metrics: figures.exposition,
      about: {
        version,
        proxyUrl: null,
        dashboardUrl: "",
        upstreams: [],
        defaultUpstream: "",
        logDir: nameOf(store),
        masked: true,
      },
      token: config.token,
      door(ends: Parameters<typeof door>[0]) {
        audit.visit(ends.address);
        return door(ends);
      },
      isOpen: config.allowRemote.length > 0,
      allowedHosts: config.allowedHosts,
    };
    const app = await createWeb(sources);
    try {
      app.listen({ hostname: config.host, port: config.webPort, idleTimeout: 0, reusePort: false });
    } catch (error) {
      throw new Error(listenError(config.host, config.webPort, "WEB_PORT or --web-port", error), {
        cause: error,
      });
    }
    const url = `http://${urlHost(config.host)}:${app.server!.port}`;
    sources.about.dashboardUrl = url;
    return {
      url,
      async stop() {
        await app.stop();
        statuses.close();
        figures.close();
        await joiner.close();
        flying.close();
        following.close();
        await feed.close();
        await sql.close({ timeout: 1 });
      },
    };
  } catch (error) {
    await sql.close({ timeout: 0 });
    throw error;
  }
}

/** Where nobody has to show a token, everybody who gets to the page sees everything: then this machine alone gets there. */
async function mayServe(sql: SQL, isBeyond: boolean): Promise<void> {
  const [found] = await sql.unsafe("select mcpl.is_open() as open");
  if (found.open && isBeyond)
    throw new Error(
      "the store asks nobody for a token, so its page listens on this machine alone: make one with `bun run team token`, or leave --host out",
    );
}

/** A session's lines are its body. */
function audited(index: Index, audit: Audit): Index {
  return {
    ...index,
    async messages(session, after, limit) {
      const found = await index.messages(session, after, limit);
      if (found.items.length > 0) await audit.opened("session", session);
      return found;
    },
  };
}

/** Of an exchange in flight elsewhere, what its row says. */
function outsideOf(row: ExchangeRow): Exchange {
  const { id, at, wire, upstream, method, path, target, status, ttfb_ms } = row;
  return {
    id,
    at,
    wire,
    upstream,
    method,
    path,
    target,
    request: { headers: [], pieces: [] },
    response: status === null ? null : { status, headers: [], pieces: [], ttfb: ttfb_ms ?? 0 },
    gaps: [],
    close: null,
  };
}

/** Without what lets one in. */
function nameOf(store: string): string {
  const { host, pathname } = new URL(store);
  return `${host}${pathname}`;
}
