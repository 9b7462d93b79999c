/** Facts in → journal → index → feed, and the page on top: everything behind the traffic, wired in one place. */
import { createFeed } from "../feed/ring.ts";
import type { Status } from "../fact/frame.ts";
import type { Feed } from "../feed/feed.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { lookAt, openSessions } from "./open-sessions.ts";
import { lineMask } from "../journal/line-mask.ts";
import { maskFor } from "../journal/mask-key.ts";
import { startPacking } from "../journal/packing.ts";
import type { SpoolFile } from "../journal/spool.ts";
import type { Outbox } from "../telemetry/send/outbox.ts";
import { createTelemetry, type Figures, pagesAt, type Telemetry } from "../telemetry/telemetry.ts";
import { threadOf } from "../read/thread.ts";
import { deletingFrom } from "./deleting.ts";
import { entryOfText, thread } from "./entry.ts";
import { McpSessions } from "./mcp-sessions.ts";
import { openLogIndex, wakingAt } from "./log-index.ts";
import { reasonOf } from "./of-the-disk.ts";
import type { FromObserver, Settings } from "./messages.ts";
import { type Batch, Recorder } from "./recorder.ts";
import { ownFigures, processFigures } from "./own-figures.ts";
import { messageAt, outboxFor } from "./outbox-for.ts";
import { packOlder } from "./pack-older.ts";
import { makeRuns, type RunMaker } from "./runs.ts";
import type { Shipping } from "./shipping.ts";
import { servePage } from "./serve.ts";
import { startRetentionTimer } from "./retention-timer.ts";
import { Recovery } from "./recovery.ts";
import { keepStars, type Stars } from "./stars.ts";
import { statusOf, syncing, type Trouble } from "./status.ts";
import { Stored } from "./stored.ts";
import { startSync, type Sync } from "./sync/sync.ts";
import { counted, tellOfSession } from "./telling.ts";

/**
 * Frames that a page that was away may ask for, and frames that a slow one may be behind: some seconds of the highest
 * rate. Who was away for longer asks the API for what it shows, which costs it one answer.
 */
const RING = 8_000;
const QUEUE = 5_000;

const BEAT_MS = 500;
/** How often leftovers of killed programs are looked for: one look reads the names in a folder. */
const LOOK_MS = 3_000;

export class Observer {
  readonly #settings: Settings;
  readonly #say: (message: FromObserver) => void;
  readonly #outbox: Outbox | null;
  readonly #telemetry: Telemetry;
  #pageUrl: string | null = null;
  readonly #feed: Feed;
  readonly #stored: Stored;
  readonly #index: Index & LocalIndex;
  readonly #stars: Stars;
  readonly #relay: McpSessions;
  readonly #recorder: Recorder;
  readonly #runs: RunMaker;
  #sync: Sync | null = null;
  #shipping: Shipping | null = null;
  #retention: { close(): void } | null = null;
  #packing: { close(): void } | null = null;
  #trouble: Trouble = { lostBytes: 0, lostExchanges: 0, spool: null, added: null };
  /** Exchanges that have their files, not yet said. */
  #settled: string[] = [];
  #web: { stop(): Promise<unknown> } | null = null;
  #heartbeat: ReturnType<typeof setInterval> | null = null;
  #looking: ReturnType<typeof setInterval> | null = null;
  #caught = { count: 0, why: "" };
  readonly #recovery: Recovery;
  #told = "";
  #stopping = false;

  constructor(settings: Settings, say: (message: FromObserver) => void) {
    this.#settings = settings;
    this.#say = say;
    const warn = (message: string) => say({ type: "warning", message });
    const { life, config } = settings;
    const { logDir } = config;
    this.#outbox = outboxFor(settings, {
      metrics: () => this.#telemetry.metrics(),
      load: (id) => this.#stored.load(id),
      message: (session, seq) => messageAt(this.#index, session, seq),
    });
    this.#telemetry = createTelemetry({
      semconv: config.semconv,
      startedAt: settings.startedAt,
      now: Date.now,
      figures: () => this.#figures(),
      hash: (text) => new Bun.CryptoHasher("sha256").update(text).digest("hex"),
      pages: () => pagesAt(config.pageUrl ?? this.#pageUrl),
      spans: this.#outbox && ((spans) => this.#outbox?.spans(spans)),
    });
    const plain = counted(createFeed({ ring: RING, queue: QUEUE }), this.#telemetry);
    const { stars, feed } = keepStars({ logDir, index: () => this.#index, feed: plain, warn });
    [this.#stars, this.#feed] = [stars, feed];
    this.#stored = new Stored({ logDir, recorder: () => this.#recorder, index: () => this.#index });
    const opened = openLogIndex(
      logDir,
      (message) => {
        warn(message);
        if (this.#sync) stars.again();
        this.#sync?.again();
      },
      (session, place) => this.#stored.line(session, place),
    );
    this.#runs = makeRuns({
      index: opened,
      publish: (news) => this.#feed.publish(news),
      onChanges: (changes) => this.#telemetry.runs(changes),
      isHeard: () => this.#feed.isHeard(),
      isBusy: () => this.#recorder.isBehind(),
      warn,
    });
    this.#index = wakingAt(
      opened,
      this.#runs,
      (at) => this.#sync?.late(at),
      (row) => this.#telemetry.exchange(row),
    );
    stars.look();
    this.#relay = new McpSessions({
      logDir,
      mask: lineMask(logDir, config.mask ? "masked" : "kept"),
      versions: { recorder: settings.version, bun: Bun.version },
    });
    this.#recorder = new Recorder({
      logDir,
      mask: config.mask ? maskFor(logDir) : null,
      bodyLimit: config.bodyLimit,
      index: this.#index,
      feed: this.#feed,
      thread: (reading, exchange, seen, pending) => thread(reading, exchange, seen, this.#index, pending),
      onWritten: (path, file) => this.#sync?.known(path, file),
      onFact: (fact) => this.#relay.tell(fact),
      onSettled: (id) => this.#settled.push(id),
      isAlone: (it) => this.#runs.isAlone(it),
    });
    this.#recovery = new Recovery({ logDir, life, recorder: this.#recorder, index: this.#index, warn });
  }

  /** Resolves with the page's address when it listens. Throws a sentence when it cannot. */
  async start(resume: readonly SpoolFile[]): Promise<string | null> {
    // Before the facts that follow, since those go on where these end.
    void this.#recovery
      .recover(resume, "goes-on")
      .catch((error: unknown) =>
        this.#say({ type: "warning", message: `the spool cannot be read again (${reasonOf(error)})` }),
      );
    const url = this.#settings.web ? await this.#serve() : null;
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
    setImmediate(() => void this.#recovery.look());
    const { logDir } = this.#settings.config;
    const sessions = openSessions(logDir, this.#index, (id) => this.#index.fileOf(id)?.path ?? null);
    const endSessions = lookAt(sessions, (message) => this.#say({ type: "warning", message }));
    this.#looking = setInterval(() => {
      void this.#recovery.look();
      this.#stars.look();
      void endSessions();
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
    const [counts, unreadable] = await Promise.all([this.#index.counts(), this.#index.unreadable()]);
    return statusOf({
      state: this.#recorder.state(),
      counts,
      unreadable,
      trouble: this.#trouble,
      caught: this.#caught,
      left: this.#recovery.trouble(),
      unsent: this.#outbox?.trouble() ?? null,
      warnings: [
        ...this.#settings.warnings,
        ...syncing(this.#sync?.state()),
        ...(this.#shipping?.warnings() ?? []),
      ],
    });
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
    return {
      own,
      process: processFigures(this.#settings),
      shipping: this.#shipping?.figures() ?? null,
      sending: this.#outbox?.figures() ?? null,
    };
  }

  /** After the index knows what there is: it says which sessions are open. */
  #keep(): void {
    if (this.#stopping) return;
    const { logDir: logs, maxAgeMs, maxBytes, maxCount } = this.#settings.config;
    const limits = { maxAgeMs, maxBytes, maxCount };
    const say = (message: string) => this.#say({ type: "warning", message });
    this.#retention = startRetentionTimer({
      logs,
      limits,
      index: this.#index,
      isStarred: this.#stars.keeps,
      onMessage: say,
    });
    const { packs } = this.#settings;
    if (packs === null) return;
    const { afterMs, command } = packs;
    const onTrouble = (error: unknown) => say(`old exchanges cannot be packed (${reasonOf(error)})`);
    this.#packing = startPacking({ logs, afterMs, pack: () => packOlder(command), onTrouble });
  }

  async stop(): Promise<void> {
    if (this.#heartbeat) clearInterval(this.#heartbeat);
    if (this.#looking) clearInterval(this.#looking);
    this.#stopping = true;
    this.#retention?.close();
    this.#packing?.close();
    await this.#recorder.stop();
    await this.#recovery.stop();
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
      bodies: this.#stored.bodies,
      feed: this.#feed,
      inFlight: () => this.#recorder.inFlight(),
      live: (id) => this.#recorder.live(id, 0),
    });
  }

  async #serve(): Promise<string> {
    const { app, url } = await servePage(this.#settings, {
      index: this.#index,
      feed: this.#feed,
      load: (id) => this.#stored.load(id),
      file: (id) => this.#stored.file(id),
      inFlight: () => this.#stars.said(this.#recorder.inFlight()),
      live: (id, from) => this.#recorder.live(id, from),
      session: (id) => this.#sync?.session(id) ?? null,
      flyingSteps: () => this.#runs.flying(),
      star: this.#stars.set,
      remove: deletingFrom({
        logs: this.#settings.config.logDir,
        index: () => this.#index,
        feed: this.#feed,
        stars: this.#stars,
        isGoingOn: (id) => this.#recorder.exchange(id) !== null,
        known: (path, file) => this.#sync?.known(path, file),
      }),
      status: () => this.status(),
      metrics: (accept) => this.#telemetry.exposition(accept),
    });
    this.#web = app;
    this.#pageUrl = url;
    return url;
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
