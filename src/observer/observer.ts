/** Facts in → journal → index → feed, and the page on top: everything behind the traffic, wired in one place. */
import { mkdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Bodies, BodyKey } from "../bodies/bodies.ts";
import { fileBodies } from "../bodies/files.ts";
import { createDoor } from "../door/sender.ts";
import { createFeed } from "../feed/ring.ts";
import type { Feed, Status } from "../feed/feed.ts";
import type { Exchange } from "../fact/exchange.ts";
import type { ExchangeRow, LinePlace } from "../fact/rows.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { openIndex } from "../index/sqlite.ts";
import { exchangeText } from "../journal/exchange-file.ts";
import { parseExchange } from "../journal/exchange-read.ts";
import { LARGEST_READ, outlineOf, partsOf } from "../journal/outline.ts";
import { openSessions, type OpenSessions } from "./open-sessions.ts";
import { lineMask } from "../journal/line-mask.ts";
import { maskFor } from "../journal/mask-key.ts";
import { PRIVATE_FOLDER } from "../journal/private.ts";
import { claim, clearDrafts, giants, leftovers } from "../journal/leftovers.ts";
import type { SpoolFile } from "../journal/spool.ts";
import type { Outbox } from "../telemetry/send/outbox.ts";
import { createTelemetry, type Figures, pagesAt, type Telemetry } from "../telemetry/telemetry.ts";
import { createWeb } from "../web/app.ts";
import { threadOf } from "../read/thread.ts";
import { entryOfText, thread } from "./entry.ts";
import { McpSessions } from "./mcp-sessions.ts";
import { reasonOf } from "./of-the-disk.ts";
import { LetGo } from "./let-go.ts";
import { listenError, urlHost } from "./listen-error.ts";
import type { FromObserver, Settings, ToObserver } from "./messages.ts";
import { type Batch, Recorder } from "./recorder.ts";
import { ownFigures } from "./own-figures.ts";
import { passedOf } from "./row.ts";
import { demoRunner } from "./run-demo.ts";
import { messageAt, outboxFor } from "./outbox-for.ts";
import { makeRuns, type RunMaker } from "./runs.ts";
import type { Shipping } from "./shipping.ts";
import { startRetentionTimer } from "./retention-timer.ts";
import { startSync, type Sync } from "./sync/sync.ts";
import { tellOfSession } from "./telling.ts";

/** Frames that a page that was away may ask for, and frames that a slow one may be behind. */
const RING = 20_000;
const QUEUE = 5_000;

const BEAT_MS = 500;
/** How often leftovers of killed programs are looked for: one look reads the names in a folder. */
const LOOK_MS = 3_000;

type ReadLine = (session: string, place: LinePlace) => Promise<string | null>;
type Trouble = Omit<Extract<ToObserver, { type: "trouble" }>, "type">;

export class Observer {
  readonly #settings: Settings;
  readonly #say: (message: FromObserver) => void;
  readonly #outbox: Outbox | null;
  readonly #telemetry: Telemetry;
  #pageUrl: string | null = null;
  readonly #feed: Feed;
  readonly #bodies: Bodies;
  readonly #index: Index & LocalIndex;
  readonly #relay: McpSessions;
  readonly #recorder: Recorder;
  readonly #runs: RunMaker;
  #sync: Sync | null = null;
  #shipping: Shipping | null = null;
  #retention: { close(): void } | null = null;
  #trouble: Trouble = { lostBytes: 0, lostExchanges: 0, spool: null, added: null };
  /** Exchanges that have their files, not yet said. */
  #settled: string[] = [];
  #web: { stop(): Promise<unknown> } | null = null;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #looking: ReturnType<typeof setInterval> | null = null;
  #recovering: Promise<void> | null = null;
  #caught = { count: 0, why: "" };
  /** What stands in the way of recovering what a killed program left. */
  #left: string | null = null;
  readonly #letGo = new LetGo();
  #told = "";
  #stopping = false;
  /** Why sessions could not be looked at, as it was said last. */
  #unseen: string | null = null;

  constructor(settings: Settings, say: (message: FromObserver) => void) {
    this.#settings = settings;
    this.#say = say;
    const warn = (message: string) => say({ type: "warning", message });
    const { logDir } = settings.config;
    this.#outbox = outboxFor(settings, {
      metrics: () => this.#telemetry.metrics(),
      load: (id) => this.#load(id),
      message: (session, seq) => messageAt(this.#index, session, seq),
    });
    this.#telemetry = createTelemetry({
      semconv: settings.config.semconv,
      startedAt: settings.startedAt,
      now: Date.now,
      figures: () => this.#figures(),
      hash: (text) => new Bun.CryptoHasher("sha256").update(text).digest("hex"),
      pages: () => pagesAt(settings.config.pageUrl ?? this.#pageUrl),
      spans: this.#outbox && ((spans) => this.#outbox?.spans(spans)),
    });
    this.#feed = counted(createFeed({ ring: RING, queue: QUEUE }), this.#telemetry);
    this.#bodies = fileBodies(logDir, (key) => this.#pathOf(key));
    const opened = openLogIndex(
      logDir,
      (message) => {
        warn(message);
        this.#sync?.again();
      },
      (session, place) => this.#line(session, place),
    );
    this.#runs = makeRuns({
      index: opened,
      publish: (news) => this.#feed.publish(news),
      onChanges: (changes) => this.#telemetry.runs(changes),
      isBusy: () => this.#recorder.isBehind(),
      warn,
    });
    this.#index = wakingAt(
      opened,
      () => this.#runs.wake(),
      (at) => this.#sync?.late(at),
      (row) => this.#telemetry.exchange(row),
    );
    this.#relay = new McpSessions({
      logDir,
      mask: lineMask(logDir, settings.config.mask ? "masked" : "kept"),
      versions: { recorder: settings.version, bun: Bun.version },
    });
    this.#recorder = new Recorder({
      logDir,
      mask: settings.config.mask ? maskFor(logDir) : null,
      bodyLimit: settings.config.bodyLimit,
      index: this.#index,
      feed: this.#feed,
      thread: (reading, exchange, seen, pending) => thread(reading, exchange, seen, this.#index, pending),
      onWritten: (path, file) => this.#sync?.known(path, file),
      onFact: (fact) => this.#relay.tell(fact),
      onSettled: (id) => this.#settled.push(id),
    });
  }

  /** Resolves with the page's address when it listens. Throws a sentence when it cannot. */
  async start(resume: readonly SpoolFile[]): Promise<string | null> {
    const { web } = this.#settings;
    // Before the facts that follow, since those go on where these end.
    void this.#recover(resume, "goes-on").catch((error: unknown) =>
      this.#say({ type: "warning", message: `the spool cannot be read again (${reasonOf(error)})` }),
    );
    const url = web ? await this.#serve() : null;
    this.#heartbeat = setInterval(() => void this.#beat(), BEAT_MS);
    this.#sync = startSync({
      logs: this.#settings.config.logDir,
      index: this.#index,
      feed: this.#feed,
      understand: (text, pending) => entryOfText(text, this.#index, pending),
      resolve: (id, keys, lookup) => threadOf({ id }, keys, lookup),
      onSession: (news) => tellOfSession(this.#telemetry, news),
    });
    this.#runs.wake();
    if (this.#settings.config.store !== null) await this.#ship();
    void this.#sync.caughtUp.then(() => this.#keep());
    setImmediate(() => void this.#recoverLeftovers());
    const { logDir } = this.#settings.config;
    const sessions = openSessions(logDir, this.#index, (id) => this.#index.fileOf(id)?.path ?? null);
    this.#looking = setInterval(() => {
      void this.#recoverLeftovers();
      void this.#endSessions(sessions);
    }, LOOK_MS);
    return url;
  }

  take(batch: Batch): void {
    this.#recorder.take(batch);
  }

  /** An error that nobody else has taken: of a timer, a socket, a promise. */
  caught(why: string): void {
    this.#caught = { count: this.#caught.count + 1, why };
  }

  trouble(trouble: Trouble): void {
    this.#trouble = trouble;
  }

  async status(): Promise<Status> {
    const { inFlight, waiting, backlog, warnings } = this.#recorder.state();
    const [{ exchanges, sessions }, unreadable] = await Promise.all([
      this.#index.counts(),
      this.#index.unreadable(),
    ]);
    const { lostBytes, lostExchanges, spool } = this.#trouble;
    const lost =
      lostBytes + lostExchanges > 0
        ? [
            `${lostBytes} bytes and ${lostExchanges} exchanges were not recorded: more came than could be written; traffic was not affected`,
          ]
        : [];
    if (this.#left !== null) lost.push(this.#left);
    const { count, why } = this.#caught;
    if (count > 0)
      lost.push(`${count} errors of the recorder's own, the last: ${why}; traffic was not affected`);
    const unsent = this.#outbox?.trouble() ?? null;
    if (unsent !== null) lost.push(unsent);
    if (spool !== null)
      lost.push(`exchanges in flight are not safe from a crash: the spool cannot be written (${spool})`);
    return {
      exchanges,
      sessions,
      in_flight: inFlight,
      waiting,
      backlog,
      warnings: [
        ...warnings,
        ...lost,
        ...this.#settings.warnings,
        ...this.#syncing(),
        ...(this.#shipping?.warnings() ?? []),
      ],
      unreadable,
    };
  }

  async #figures(): Promise<Figures> {
    const [counts, unreadable] = await Promise.all([this.#index.counts(), this.#index.unreadable()]);
    const own = ownFigures({
      recorder: this.#recorder,
      counts: { exchanges: counts.exchanges, sessions: counts.sessions },
      unreadable: unreadable.length,
      trouble: this.#trouble,
      caught: this.#caught.count,
      added: this.#trouble.added,
    });
    const { user, system } = process.cpuUsage();
    const { version, startedAt } = this.#settings;
    const memory = process.memoryUsage.rss();
    return {
      own,
      process: { version, bun: Bun.version, startedAt, memory, cpu: (user + system) / 1e6 },
      shipping: this.#shipping?.figures() ?? null,
      sending: this.#outbox?.figures() ?? null,
    };
  }

  /** After the index knows what there is: it says which sessions are open. */
  #keep(): void {
    if (this.#stopping) return;
    const { logDir: logs, maxAgeMs, maxBytes, maxCount } = this.#settings.config;
    const limits = { maxAgeMs, maxBytes, maxCount };
    this.#retention = startRetentionTimer({
      logs,
      limits,
      index: this.#index,
      onMessage: (message) => this.#say({ type: "warning", message }),
    });
  }

  /** What the page should know of files that are still taken in, or cannot be. */
  #syncing(): string[] {
    const { waiting, of, trouble } = this.#sync?.state() ?? { waiting: 0, of: 0, trouble: null };
    const progress = of > 0 ? [`${of - waiting} of ${of} files of the log folder are taken in`] : [];
    return trouble === null ? progress : [...progress, trouble];
  }

  async stop(): Promise<void> {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    if (this.#looking) clearInterval(this.#looking);
    this.#stopping = true;
    this.#retention?.close();
    await this.#recorder.stop();
    await this.#recovering;
    // The last lines of sessions are news too: the index must not wait for the next start to learn that they ended.
    await this.#sync?.close(await this.#relay.stop());
    await this.#web?.stop();
    this.#sayFinished();
    await this.#runs.close();
    // What was written last waits for the next start if the store does not take it at once.
    await this.#shipping?.close();
    this.#telemetry.tick("all");
    await this.#outbox?.close();
    this.#index.close();
  }

  /** Loaded where it is used: most machines share nothing. */
  async #ship(): Promise<void> {
    const { shippingOf } = await import("./shipping.ts");
    this.#shipping = shippingOf(this.#settings.config, {
      version: this.#settings.version,
      index: this.#index,
      bodies: this.#bodies,
      feed: this.#feed,
      inFlight: () => this.#recorder.inFlight(),
      live: (id) => this.#recorder.live(id, 0),
    });
  }

  async #serve(): Promise<string> {
    const { config, proxyUrl, upstreams, defaultUpstream, version, demo, here } = this.#settings;
    const sources = {
      index: this.#index,
      feed: this.#feed,
      load: (id: string) => this.#load(id),
      file: (id: string) => this.#file(id),
      inFlight: () => this.#recorder.inFlight(),
      live: (id: string, from: number) => this.#recorder.live(id, from),
      session: (id: string) => this.#sync?.session(id) ?? null,
      flyingSteps: () => this.#runs.flying(),
      status: () => this.status(),
      metrics: (accept: string | null) => this.#telemetry.exposition(accept),
      about: {
        version,
        proxyUrl,
        dashboardUrl: "",
        upstreams,
        defaultUpstream,
        logDir: config.logDir,
        masked: config.mask,
      },
      token: config.token,
      door: createDoor(config),
      isOpen: config.allowRemote.length > 0,
      ...(demo && demoRunner(demo)),
      here,
      allowedHosts: config.allowedHosts,
    };
    const app = await createWeb(sources);
    try {
      // Elysia shares its port by default: a second program would take half of the visitors.
      app.listen({ hostname: config.host, port: config.webPort, idleTimeout: 0, reusePort: false });
    } catch (error) {
      const message = listenError(config.host, config.webPort, "WEB_PORT or --web-port", error);
      throw new Error(message, { cause: error });
    }
    this.#web = app;
    const url = `http://${urlHost(config.host)}:${app.server!.port}`;
    sources.about.dashboardUrl = url;
    this.#pageUrl = url;
    return url;
  }

  async #load(id: string) {
    const flying = this.#recorder.exchange(id);
    if (flying) return flying;
    // The text is nobody's from here on: a large one is let go of before more is made of what it says.
    const exchange = parsedOf(await this.#text(id));
    if (exchange) this.#letGo.done(largest(exchange));
    return exchange;
  }

  async #file(id: string): Promise<string | Uint8Array<ArrayBuffer> | null> {
    const flying = this.#recorder.exchange(id);
    return flying
      ? exchangeText(flying, { assembled: undefined, summary: {} }, passedOf(flying))
      : ((await this.#bodies.get({ of: "exchange", id })) as Uint8Array<ArrayBuffer> | null);
  }

  /** Of what is too large to be read, its outside. */
  async #text(id: string): Promise<string | null> {
    const bytes = await this.#bodies.get({ of: "exchange", id });
    if (bytes === null) return null;
    if (bytes.byteLength <= LARGEST_READ) return new TextDecoder().decode(bytes);
    const work = outlineOf(partsOf(bytes), bytes.byteLength);
    for (;;) {
      const { done, value } = work.next();
      if (done) return "text" in value ? value.text : null;
      await new Promise((next) => setImmediate(next));
    }
  }

  #pathOf({ of, id }: BodyKey): string | null {
    const waiting = of === "exchange" ? this.#recorder.pathOf(id) : null;
    return waiting ?? this.#index.fileOf(id)?.path ?? null;
  }

  async #line(id: string, { offset, size }: LinePlace): Promise<string | null> {
    const bytes = await this.#bodies.range({ of: "session", id }, offset, offset + size);
    return bytes && new TextDecoder().decode(bytes);
  }

  /**
   * What dead programs left: whole exchanges, and ones that were interrupted. A file goes when those have theirs. Looked
   * for again and again: that one is dead may be known only later, and another may die while we run.
   */
  #recoverLeftovers(): Promise<void> {
    return (this.#recovering ??= this.#lookForLeftovers()
      .catch((error: unknown) => {
        this.#left = `what a killed program left in logs/spool cannot be read yet (${reasonOf(error)}); it is tried again`;
      })
      .finally(() => (this.#recovering = null)));
  }

  async #lookForLeftovers(): Promise<void> {
    const { config, life } = this.#settings;
    const [giant] = giants(config.logDir);
    this.#left =
      giant === undefined ? null : `logs/spool/${giant} is larger than any spool and is left alone`;
    for (const paths of leftovers(config.logDir, life)) {
      if (this.#stopping) return;
      const mine = claim(paths, life);
      try {
        if (await this.#recover(mine.files, "cut")) mine.done();
      } finally {
        mine.release();
      }
    }
    clearDrafts(config.logDir);
  }

  /** Those of taps that were killed. */
  async #endSessions(sessions: OpenSessions): Promise<void> {
    try {
      await sessions.look();
    } catch (error) {
      const message = `open sessions cannot be looked at (${reasonOf(error)})`;
      if (this.#unseen !== message) this.#say({ type: "warning", message });
      this.#unseen = message;
    }
  }

  /** The files of one life: an exchange may begin in one and end in a later one. */
  async #recover(files: readonly SpoolFile[], rest: "cut" | "goes-on"): Promise<boolean> {
    const ranges = files.map(({ path, size }) => ({
      path,
      at: 0,
      length: Math.min(size, statSync(path).size),
    }));
    const { torn, settled } = await this.#recorder.recover(
      ranges,
      (id) => this.#index.fileOf(id) !== null,
      rest,
    );
    const message = `${torn} bytes at the end of the spool were cut off when its program was killed`;
    if (torn > 0) this.#say({ type: "warning", message });
    return settled;
  }

  #sayFinished(): void {
    if (this.#settled.length > 0) this.#say({ type: "finished", ids: this.#settled });
    this.#settled = [];
  }

  /** The spool may let go of what is written, and the page is told how things stand when that has changed. */
  async #beat(): Promise<void> {
    this.#sayFinished();
    this.#telemetry.tick();
    this.#runs.look(this.#recorder.flying(), Date.now(), (id) => this.#recorder.exchange(id));
    const status = await this.status();
    const said = JSON.stringify(status);
    if (said !== this.#told) this.#feed.publish({ type: "status", status });
    this.#told = said;
  }
}

/**
 * Whatever may be evidence of a run wakes who makes runs of it. `late` is told of an exchange whose session has gone on
 * before it ended: those that began behind it and ended before are in the wrong place until then.
 */
function wakingAt(
  index: Index & LocalIndex,
  wake: () => void,
  late: (at: number) => void,
  taken: (row: ExchangeRow) => void,
): Index & LocalIndex {
  return {
    ...index,
    putExchanges(entries) {
      index.putExchanges(entries);
      for (const { row } of entries) taken(row);
      const overtaken = entries.filter(({ row, keys }) => isOvertaken(index, row.id, keys?.header ?? null));
      if (overtaken.length > 0) late(Math.min(...overtaken.map(({ row }) => row.at)));
      wake();
    },
    putEvidence(pieces) {
      index.putEvidence(pieces);
      wake();
    },
    forget(path) {
      const ids = index.forget(path);
      wake();
      return ids;
    },
  };
}

/** What another process has put into the index is only told. */
function counted(feed: Feed, telemetry: Telemetry): Feed {
  return {
    ...feed,
    publish(news) {
      if (news.type === "exchange.close") telemetry.exchange(news.row);
      feed.publish(news);
    },
  };
}

/** Ids count up in time. */
function isOvertaken(index: LocalIndex, id: string, header: string | null): boolean {
  if (header === null) return false;
  const latest = index.threads({ at: Number.MAX_SAFE_INTEGER, id: "" }).byHeader(header);
  return latest !== null && latest.id > id;
}

/** In memory where the folder cannot be written: the page then shows what this run sees. */
function parsedOf(text: string | null): Exchange | null {
  const parsed = text === null ? null : parseExchange(text);
  return parsed && "exchange" in parsed ? parsed.exchange : null;
}

function largest(exchange: Exchange): number {
  const { request, response } = passedOf(exchange);
  return Math.max(request, response);
}

function openLogIndex(logDir: string, warn: (message: string) => void, read: ReadLine): Index & LocalIndex {
  try {
    mkdirSync(logDir, { recursive: true, mode: PRIVATE_FOLDER });
    return openIndex(
      join(logDir, "index.sqlite"),
      () => warn("the index was damaged or of another version and is built again from the files"),
      read,
    );
  } catch (error) {
    warn(
      `the index cannot be kept in ${logDir}: ${error instanceof Error ? error.message : error}; it is kept in memory`,
    );
    return openIndex(":memory:", () => {}, read);
  }
}
