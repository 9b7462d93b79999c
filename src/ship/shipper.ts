/**
 * Ships the record of this machine to the store of a team: what is new as it comes, and behind it everything that was not shipped yet.
 * Never on the traffic's thread, never in its way: it reads what is finished, and waits as long as the store is away.
 */
import type { ExchangeRow } from "../fact/rows.ts";
import type { Frame } from "../fact/frame.ts";
import { openCheckpoint } from "./checkpoint.ts";
import type { Context } from "./context.ts";
import { hasMoved, shipExchanges, shipMoved } from "./exchanges.ts";
import { sentenceOf } from "./failure.ts";
import { forwarded } from "./live.ts";
import type { SetAside, ShipOptions, ShipState } from "./ports.ts";
import { type Dirty, shipDirty, shipRunsBefore } from "./runs.ts";
import { shipSession } from "./sessions.ts";

export type Shipper = {
  state(): ShipState;
  /** The last that were held back or refused. */
  aside(limit: number): SetAside[];
  /** Ships it all the same, or tries again. */
  release(id: string): boolean;
  /** Resolves when everything that there is was shipped or set aside. */
  caughtUp(): Promise<void>;
  /** What still waits, waits for the next start. */
  close(): Promise<void>;
};

/** Exchanges of one batch: what a transaction costs by itself is a hundredth of what these do. */
const BATCH = 500;
/** Batches of one turn, one behind the other; then new ones go before those of the walk. */
const BATCHES = 4;
/** Ids that wait in memory; beyond them the walk over all files finds them. */
const MOST_WAITING = 10_000;
/** Files that the walk looks at in one step, and after how many others have their turn. */
const PAGE = 2_000;
const TURN = 100;
/** Looks for the file of one exchange before the walk is left to find it. */
const TRIES = 50;
const REST_MS = 20;
const RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 60_000;
/** Whoever looks at the store sees that what is in flight still is. */
const ALIVE_MS = 5_000;
/** Says how it does, whether it can ship or not: the store may be well where the bucket is not. */
const REPORT_MS = 5_000;
const DROP_AFTER_MS = 15 * 60_000;

export function startShipper(options: ShipOptions): Shipper {
  const {
    local,
    store,
    origin,
    drop,
    dropAfterMs = DROP_AFTER_MS,
    restMs = REST_MS,
    retryMs = RETRY_MS,
    reportMs = REPORT_MS,
  } = options;
  const checkpoint = openCheckpoint(options.checkpoint, options.target);
  const count = { exchanges: 0, sessions: 0, runs: 0, bytes: 0 };
  const context: Context = {
    local,
    store,
    origin,
    checkpoint,
    count,
    setAside: (what) => checkpoint.setAside(what, Date.now()),
  };
  /** Since when each waits, and how often it was looked for. */
  const waiting = new Map<string, { since: number; tries: number }>();
  const sessions = new Map<string, number>();
  /** Said once at the start: they may have changed while nothing was shipped. */
  let stars: "changed" | "said" = "changed";
  const dirty: Dirty = { runs: new Set(), steps: new Set(), ties: new Set() };
  /** Where the walk over files, and then over runs, stands; null when it is through. */
  let walk: { files: string } | { runs: string | undefined } | null = { files: "" };
  let seen = checkpoint.foreignWrites();
  let stopped = false;
  let busy = false;
  let errors = 0;
  let failures = 0;
  let trouble: string | null = null;
  let wake = () => {};
  let droppedAt = 0;
  let aliveAt = -Infinity;

  const listener = local.feed.listen(hear);
  let reporting: Promise<void> | null = null;
  const reports = setInterval(report, reportMs);
  reports.unref();
  const running = work();

  return {
    state,
    aside: checkpoint.aside,
    release(id) {
      const known = checkpoint.release(id);
      if (known) lookAgain();
      return known;
    },
    async caughtUp() {
      while (!stopped && !isIdle()) await Bun.sleep(5);
    },
    async close() {
      stopped = true;
      clearInterval(reports);
      listener.close();
      wake();
      await running;
      await reporting;
      checkpoint.close();
    },
  };

  function state(): ShipState {
    const oldest = Math.min(
      ...[...waiting.values()].slice(0, 1).map(({ since }) => since),
      ...[...sessions.values()].slice(0, 1),
    );
    return {
      backlog: waiting.size + sessions.size + dirty.runs.size,
      unlooked: walk !== null,
      lag_ms: Number.isFinite(oldest) ? Math.max(0, Math.round(performance.now() - oldest)) : 0,
      shipped: { ...count },
      errors,
      ...checkpoint.counts(),
      trouble,
    };
  }

  function report(): void {
    const { backlog, lag_ms, shipped, held, refused } = state();
    const { exchanges, sessions: some, runs } = shipped;
    reporting ??= store.rows
      .report({
        now: Date.now(),
        version: options.version ?? "",
        backlog,
        lag_ms,
        shipped: exchanges + some + runs,
        errors,
        held,
        refused,
        trouble,
      })
      // A store that is away, or older than this, hears nothing; shipping itself says why.
      .catch(() => {})
      .finally(() => (reporting = null));
  }

  function isIdle(): boolean {
    return (
      !busy &&
      walk === null &&
      stars === "said" &&
      waiting.size + sessions.size + dirty.runs.size + dirty.steps.size + dirty.ties.size === 0
    );
  }

  function hear(frames: readonly Frame[]): "sent" {
    for (const frame of frames) {
      take(frame);
      const news = forwarded(frame, origin);
      if (news !== null) store.tell(news);
    }
    wake();
    return "sent";
  }

  function take(frame: Frame): void {
    const now = performance.now();
    switch (frame.type) {
      case "exchange.close":
        if (waiting.size >= MOST_WAITING) lookAgain();
        else waiting.set(frame.row.id, { since: now, tries: 0 });
        break;
      case "mcp.session":
        if (!sessions.has(frame.row.id)) sessions.set(frame.row.id, now);
        break;
      case "run.row":
        dirty.runs.add(frame.row.id);
        break;
      case "run.step":
        dirty.steps.add(frame.row.id);
        break;
      case "run.tie":
        dirty.ties.add(frame.row.id);
        break;
      case "run.gone":
        for (const id of frame.runs) dirty.runs.add(id);
        for (const id of frame.steps) dirty.steps.add(id);
        for (const id of frame.ties) dirty.ties.add(id);
        break;
      case "star":
        stars = "changed";
        break;
      case "resync":
        stars = "changed";
        lookAgain();
        break;
    }
    if (dirty.steps.size > MOST_WAITING) {
      for (const ids of [dirty.runs, dirty.steps, dirty.ties]) ids.clear();
      lookAgain();
    }
  }

  function lookAgain(): void {
    walk = { files: "" };
    wake();
  }

  async function work(): Promise<void> {
    while (!stopped) {
      try {
        busy = true;
        const did = await step().finally(() => (busy = false));
        failures = 0;
        trouble = null;
        if (did === "nothing") await rest(restMs * 10);
        else await rest(0);
      } catch (error) {
        errors++;
        trouble = sentenceOf(error);
        // Together after a long absence they would be too many at once.
        await pause(Math.min(retryMs * 2 ** failures++, LONGEST_RETRY_MS) * (0.75 + Math.random() / 2));
      }
    }
  }

  async function step(): Promise<"something" | "nothing"> {
    keepAlive();
    // Somebody has released what was held back, from another process.
    const written = checkpoint.foreignWrites();
    if (written !== seen) lookAgain();
    seen = written;
    const wasIdle = isIdle();
    await shipWaiting();
    await shipSessions();
    if (stars === "changed") await shipStars();
    if (dirty.runs.size + dirty.steps.size + dirty.ties.size > 0) await shipDirty(dirty, context);
    if (walk !== null) await walkOn(walk);
    else if (drop) dropShipped(drop);
    return wasIdle ? "nothing" : "something";
  }

  async function shipWaiting(): Promise<void> {
    const ids = [...waiting.keys()].slice(0, BATCH * BATCHES);
    if (ids.length === 0) return;
    const { later } = await shipExchanges(batchesOf(ids.filter((id) => !checkpoint.isDone(id))), context);
    const again = new Set(later);
    for (const id of ids) {
      const known = waiting.get(id)!;
      waiting.delete(id);
      // Its file is written in a moment; or it never is, and the record says why.
      if (again.has(id) && known.tries < TRIES)
        waiting.set(id, { since: known.since, tries: known.tries + 1 });
    }
    if (again.size === ids.length) await pause(restMs);
  }

  async function shipSessions(): Promise<void> {
    for (const id of [...sessions.keys()].slice(0, PAGE)) {
      const since = sessions.get(id)!;
      // What comes while it is shipped puts it here again.
      sessions.delete(id);
      try {
        if ((await shipSession(id, context)) === "more") sessions.set(id, since);
      } catch (error) {
        sessions.set(id, since);
        throw error;
      }
    }
  }

  /** What is changed while they are on their way goes with the next. */
  async function shipStars(): Promise<void> {
    stars = "said";
    try {
      await store.rows.putStars(await local.index.stars());
    } catch (error) {
      stars = "changed";
      throw error;
    }
  }

  /** Files in the order of their names, which begin with the time; then runs. */
  async function walkOn(at: NonNullable<typeof walk>): Promise<void> {
    if ("runs" in at) {
      const before = await shipRunsBefore(at.runs, context);
      if (walk === at) walk = before === null ? null : { runs: before };
      return;
    }
    const batch: string[] = [];
    const moved: ExchangeRow[] = [];
    const paths = [...local.index.files(at.files, PAGE).keys()];
    for (const [n, path] of paths.entries()) {
      if (n % TURN === TURN - 1) await rest(0);
      const { exchanges, sessions: all } = local.index.rowsIn(path);
      for (const row of exchanges) {
        if (!checkpoint.isDone(row.id)) batch.push(row.id);
        else if (hasMoved(row, context)) moved.push(row);
      }
      if (batch.length >= BATCH * BATCHES) await shipExchanges(batchesOf(batch.splice(0)), context);
      while (moved.length >= BATCH) await shipMoved(moved.splice(0, BATCH), context);
      for (const { id } of all)
        while ((await shipSession(id, context)) === "more" && !stopped) await pause(restMs);
      if (stopped) return;
    }
    if (batch.length > 0) await shipExchanges(batchesOf(batch.splice(0)), context);
    if (moved.length > 0) await shipMoved(moved.splice(0), context);
    if (walk !== at) return;
    const last = paths.at(-1);
    walk = paths.length < PAGE || last === undefined ? { runs: undefined } : { files: last };
  }

  function batchesOf<T>(all: readonly T[]): T[][] {
    return Array.from({ length: Math.ceil(all.length / BATCH) }, (_, n) =>
      all.slice(n * BATCH, (n + 1) * BATCH),
    );
  }

  function keepAlive(): void {
    const now = performance.now();
    if (now - aliveAt < ALIVE_MS) return;
    aliveAt = now;
    for (const row of local.inFlight().slice(0, BATCH))
      store.tell({ type: "exchange.row", row: { ...row, origin } });
  }

  function dropShipped(remove: (path: string) => void): void {
    const now = Date.now();
    if (now - droppedAt < Math.min(dropAfterMs, 60_000)) return;
    droppedAt = now;
    for (const id of checkpoint.shippedBefore(now - dropAfterMs, PAGE)) {
      const path = local.index.fileOf(id)?.path;
      // What lies in a pack goes with the pack.
      if (path !== undefined && !path.includes("#")) remove(path);
      checkpoint.dropped(id);
    }
  }

  /** Until there is something new. */
  function rest(ms: number): Promise<void> {
    if (ms === 0) return new Promise((resolve) => setImmediate(resolve));
    const { promise, resolve } = Promise.withResolvers<void>();
    const timer = setTimeout(resolve, ms);
    wake = resolve;
    return promise.finally(() => clearTimeout(timer));
  }

  /** Whatever comes. */
  async function pause(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !stopped; left -= 100) await Bun.sleep(Math.min(left, 100));
  }
}
