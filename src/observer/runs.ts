/**
 * Makes runs of what both wires say: takes the evidence that waits in the index, a slice at a time and behind everything
 * else, puts the rows that are others by it, and tells the feed. What it knows is a cache of the index: it lets go of
 * it when it is too much, and reads whole runs again when something new touches them.
 */
import type { Exchange } from "../fact/exchange.ts";
import type { RunChanges, StepRow } from "../fact/rows.ts";
import type { News } from "../feed/feed.ts";
import type { Evidence, EvidenceAt, LocalIndex } from "../index/index.ts";
import { type RunBook, runBook } from "../read/run/book.ts";
import type { ModelEvidence, ServedCall, SessionEvidence } from "../read/run/evidence.ts";
import { groupNamed } from "../read/run/lineage.ts";
import { isOfTheDisk, reasonOf } from "./of-the-disk.ts";
import { type FlyingStep, FlyingSteps, type InFlight } from "./flying-steps.ts";

export type RunMaker = {
  /** There may be something new. */
  wake(): void;
  /** Looks at what is in flight; `whole` gives what came of one so far. */
  look(flying: readonly InFlight[], now: number, whole: (id: string) => Exchange | null): void;
  /** Model calls that have not been answered yet. */
  flying(): FlyingStep[];
  /** Resolves when nothing waits. */
  done(): Promise<void>;
  close(): Promise<void>;
};

export type RunMakerOptions = {
  readonly index: Pick<LocalIndex, "waiting" | "evidence" | "settled" | "foreignWrites">;
  readonly publish: (news: News) => void;
  /** All that is others now, also where the page is told to ask again. */
  readonly onChanges?: (changes: RunChanges) => void;
  /** What ended waits for its file: that goes first. */
  readonly isBusy: () => boolean;
  readonly warn: (message: string) => void;
  /** Pieces in memory before it lets go of them; each is some KB. */
  readonly most?: number;
};

const SLICE_MS = 8;
/** Pieces of one transaction. */
const BATCH = 50;
/** Between two slices while what has ended waits for its file: runs take a tenth of the time then. */
const BEHIND_MS = 80;
const RETRY_MS = 1_000;
const MOST = 20_000;
/** Pieces of one run, and of one hour, that are read again. */
const OF_A_RUN = 50_000;
const OF_AN_HOUR = 2_000;
const HOUR = 3_600_000;
/** More changes than these are told as one `resync`: the page asks for what it shows. */
const NEWS = 500;

export function makeRuns(options: RunMakerOptions): RunMaker {
  const { index, publish, onChanges = () => {}, isBusy, warn, most = MOST } = options;
  let book: RunBook = runBook();
  const loaded = new Set<string>();
  const hours = new Set<number>();
  let limit = most;
  let running: Promise<void> | null = null;
  let awake = false;
  let stopped = false;
  let untold = 0;
  /** Pieces that are taken together, and how many steps are still taken with one alone. */
  let batch = BATCH;
  let alone = 0;
  let foreign = index.foreignWrites();
  const flights = new FlyingSteps(publish);

  return {
    wake,
    look: (flying, now, whole) => flights.look(flying, now, whole, book, (id) => book.isStep(id)),
    flying: () => flights.all(),
    async done() {
      wake();
      while (running) await running;
    },
    async close() {
      // What still waits is in the index, and waits for the next start.
      stopped = true;
      await running;
    },
  };

  function wake(): void {
    awake = true;
    if (stopped) return;
    running ??= work().finally(() => {
      running = null;
      if (awake && !stopped) wake();
    });
  }

  async function work(): Promise<void> {
    await rest();
    let since = performance.now();
    while (!stopped) {
      awake = false;
      try {
        if (!step()) break;
      } catch (error) {
        if (isOfTheDisk(error)) {
          warn(`runs cannot be put together (${reasonOf(error)}); the record is complete`);
          await Bun.sleep(RETRY_MS);
        } else giveUp(reasonOf(error));
        start();
        if (!isOfTheDisk(error)) continue;
        return;
      }
      if (performance.now() - since < SLICE_MS) continue;
      await rest();
      since = performance.now();
    }
    if (untold > 0) publish({ type: "resync", from: 0 });
    untold = 0;
  }

  function rest(): Promise<void> {
    return isBusy() ? Bun.sleep(BEHIND_MS) : turn();
  }

  /** It would fail again with the same pieces: they are taken one by one, until it is known which it is. */
  function giveUp(why: string): void {
    const [piece] = index.waiting(1);
    if (batch === 1 && piece) {
      warn(`what ${piece.source} says of its run cannot be understood (${why}); the record is complete`);
      index.settled([piece], []);
    }
    batch = 1;
    alone = BATCH;
  }

  /** False when nothing waits. */
  function step(): boolean {
    const pieces = index.waiting(batch);
    if (alone-- <= 0) batch = BATCH;
    if (pieces.length === 0) return false;
    // Two programs may stand on one folder: what the other one took is not in this book.
    const written = index.foreignWrites();
    if (written !== foreign) start();
    foreign = written;
    if (sizeOf(book) > limit) start();
    const before = sizeOf(book);
    for (const piece of pieces) load(piece);
    if (sizeOf(book) > before) {
      // What was read again gives what is there already.
      book.take();
      limit = Math.max(most, 2 * sizeOf(book));
    }
    for (const piece of pieces) take(piece);
    const changes = book.take();
    index.settled(pieces, homesOf(changes.steps), changes);
    tell(changes);
    onChanges(changes);
    return true;
  }

  function start(): void {
    book = runBook();
    loaded.clear();
    hours.clear();
    limit = most;
  }

  /** Everything that a piece may touch, when it is not known already. */
  function load({ source, kind, at, run, parent, json }: Evidence): void {
    if (run !== null) loadRun(run);
    if (kind === "model") {
      if (parent !== null && !book.has(parent))
        for (const before of index.evidence({ source: parent }, 1))
          if (before.run !== null) loadRun(before.run);
      for (const group of groupsIn(json)) loadRun(group);
    } else if (!book.has(source)) loadSession(source);
    loadHours(at);
  }

  function loadRun(run: string): void {
    if (loaded.has(run)) return;
    loaded.add(run);
    const sessions = new Set<string>();
    for (const piece of index.evidence({ run }, OF_A_RUN)) {
      again(piece);
      if (piece.kind === "served") sessions.add(piece.source);
    }
    for (const session of sessions) if (!isNamed(session)) loadSession(session);
  }

  function loadSession(session: string): void {
    for (const piece of index.evidence({ source: session }, OF_A_RUN)) {
      again(piece);
      if (piece.run !== null) loadRun(piece.run);
    }
  }

  function isNamed(session: string): boolean {
    return loaded.has(`session ${session}`);
  }

  /** What was recorded around that time may belong to it: two wires are two files, and one may have come first. */
  function loadHours(at: number): void {
    const hour = Math.floor(at / HOUR);
    for (const near of [hour - 1, hour, hour + 1]) {
      if (hours.has(near)) continue;
      hours.add(near);
      for (const piece of index.evidence({ from: near * HOUR, to: (near + 1) * HOUR }, OF_AN_HOUR)) {
        if (piece.run !== null) loadRun(piece.run);
        else again(piece);
      }
    }
  }

  function again(piece: Evidence): void {
    if (piece.kind === "session") loaded.add(`session ${piece.source}`);
    if (!book.has(piece.source + piece.part) || piece.kind === "session") take(piece);
  }

  /** A piece that cannot be understood costs itself, whoever asks for it. */
  function take(piece: Evidence): void {
    try {
      takeIn(piece);
    } catch (error) {
      warn(
        `what ${piece.source} says of its run cannot be understood (${reasonOf(error)}); the record is complete`,
      );
    }
  }

  function takeIn({ source, kind, json }: Evidence): void {
    switch (kind) {
      case "model":
        return book.model(JSON.parse(json) as ModelEvidence);
      case "session":
        return book.session(JSON.parse(json) as SessionEvidence);
      case "served":
        return book.served(JSON.parse(json) as ServedCall);
      case "gone":
        return book.forget(source);
      default:
        return kind satisfies never;
    }
  }

  function tell({ runs, steps, ties, gone }: RunChanges): void {
    const count = runs.length + steps.length + ties.length;
    if (untold > 0 || count > NEWS) {
      untold += count;
      return;
    }
    for (const row of steps) publish({ type: "run.step", row });
    for (const row of ties) publish({ type: "run.tie", row });
    for (const row of runs) publish({ type: "run.row", row });
    // A tie that is gone is told by its step, which is another by that.
    if (gone.runs.length + gone.steps.length > 0) publish({ type: "run.gone", ...gone });
  }
}

function sizeOf(book: RunBook): number {
  const { exchanges, calls } = book.size();
  return exchanges + calls;
}

/** Where the evidence of these steps belongs now. */
function homesOf(steps: readonly StepRow[]): EvidenceAt[] {
  return steps.flatMap(({ kind, run, attempts, ties }): EvidenceAt[] => {
    if (kind === "model")
      return attempts.map(({ exchange }) => ({ source: exchange, part: "", kind: "model", run }));
    return ties.map((key) => {
      const at = key.lastIndexOf("/");
      return { source: key.slice(0, at), part: key.slice(at), kind: "served", run };
    });
  });
}

/** The run that an exchange names itself, or the session that may be its own or its parent's. */
function groupsIn(json: string): string[] {
  const { run, session, parent_session } = JSON.parse(json) as Partial<ModelEvidence>;
  return groupNamed({ run: run ?? null, session: session ?? null, parent_session: parent_session ?? null });
}

/** To the end of the loop's queue, so that messages that wait are handled first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
