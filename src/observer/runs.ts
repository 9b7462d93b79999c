/**
 * Makes runs of what both wires say: takes the evidence that waits in the index, a slice at a time and behind everything
 * else, puts the rows that are others by it, and tells the feed. What it knows is a cache of the index: it lets go of
 * it when it is too much, and reads whole runs again when something new touches them.
 */
import { chainOf } from "../fact/chain.ts";
import type { Exchange } from "../fact/exchange.ts";
import type { RunChanges, StepRow } from "../fact/rows.ts";
import type { News } from "../feed/feed.ts";
import type { Alone, Evidence, EvidenceAt, LocalIndex } from "../index/index.ts";
import type { ModelEvidence } from "../read/run/evidence.ts";
import { isOfTheDisk, reasonOf } from "./of-the-disk.ts";
import { type FlyingStep, FlyingSteps, type InFlight } from "./flying-steps.ts";
import { LATE } from "../read/run/plausible.ts";
import { LoadedBook } from "./loaded-book.ts";
import { StandingAlone } from "./standing-alone.ts";

export type RunMaker = {
  /** It is all of its run, as far as is known now; see `standing-alone.ts`. */
  isAlone(it: ModelEvidence): boolean;
  /** These are in the index, and are all of their runs. */
  alone(rows: readonly Alone[]): void;
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
  readonly index: Pick<
    LocalIndex,
    "waiting" | "evidence" | "settled" | "foreignWrites" | "joined" | "aloneBefore" | "aloneBetween"
  >;
  readonly publish: (news: News) => void;
  /** All that is others now, also where the page is told to ask again. */
  readonly onChanges?: (changes: RunChanges) => void;
  /** Somebody listens: else news of those that are alone are not made, and who comes back asks again. */
  readonly isHeard?: () => boolean;
  /** What ended waits for its file: that goes first. */
  readonly isBusy: () => boolean;
  readonly warn: (message: string) => void;
  /** Pieces in memory before it lets go of them, and their bytes: most are some KB, and one may be a thousand calls. */
  readonly most?: number;
  readonly mostBytes?: number;
};

const SLICE_MS = 8;
/** Pieces of one transaction. */
const BATCH = 50;
/** Between two slices while what has ended waits for its file: runs take a tenth of the time then. */
const BEHIND_MS = 80;
const RETRY_MS = 1_000;
const MOST_PIECES = 20_000;
/** What 20,000 pieces of a usual size take; a run that is larger by itself is held whole, since it must be read again. */
const MOST_BYTES = 64 * 1024 * 1024;
/** More changes than these are told as one `resync`: the page asks for what it shows. */
const NEWS = 500;

export function makeRuns(options: RunMakerOptions): RunMaker {
  const {
    index,
    publish,
    onChanges = () => {},
    isHeard = () => true,
    isBusy,
    warn,
    most = MOST_PIECES,
    mostBytes = MOST_BYTES,
  } = options;
  const known = new LoadedBook({ index, warn, onModel: hear });
  const standing = new StandingAlone();
  /** Where exchanges that were taken for alone may belong to somebody. */
  const single = new Set<string>();
  const joining: { agent: string | null; from: number; to: number }[] = [];
  let limit = most;
  let limitBytes = mostBytes;
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
    look: (flying, now, whole) =>
      flights.look(flying, now, whole, {
        flying(it) {
          const before = joinedOf(index.aloneBefore(it.at, it));
          if (before.length > 0) together(before);
          return known.book.flying(it);
        },
        isStep: (id) => known.book.isStep(id),
      }),
    isAlone: (it) => standing.has(it),
    alone(rows) {
      const changes = { runs: rows.map(({ run }) => run), steps: rows.map(({ step }) => step) };
      const all = { ...changes, ties: [], gone: { runs: [], steps: [], ties: [] } };
      if (isHeard()) tell(all);
      else untold++;
      onChanges(all);
    },
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
    // Two programs may stand on one folder: what the other one took is not in this book.
    const written = index.foreignWrites();
    if (written !== foreign) {
      start();
      standing.unready();
    }
    foreign = written;
    const before = joined();
    const pieces = before.length > 0 ? before : index.waiting(batch);
    if (alone-- <= 0) batch = BATCH;
    if (pieces.length === 0) {
      // Nobody was here lately who could have asked for what comes.
      const now = Date.now();
      if (index.evidence({ from: now - LATE, to: now }, 1).length === 0) standing.ready();
      return false;
    }
    if (known.size > limit || known.bytes > limitBytes) start();
    together([...joinedOf(pieces.flatMap((piece) => known.aloneBefore(piece))), ...pieces]);
    standing.ready();
    return true;
  }

  /** Takes these, and puts what is another by that. */
  function together(pieces: readonly Evidence[]): void {
    const before = known.size;
    known.load(pieces);
    if (known.size > before) {
      // What was read again gives what is there already.
      known.book.take();
      limit = Math.max(most, 2 * known.size);
      limitBytes = Math.max(mostBytes, 2 * known.bytes);
    }
    for (const piece of pieces) known.take(piece);
    const taken = known.book.take();
    const homes = homesOf(taken.steps);
    const changes = withGone(taken, goneOf(pieces, homes));
    index.settled(pieces, homes, changes);
    single.clear();
    tell(changes);
    onChanges(changes);
  }

  function start(): void {
    known.forget();
    limit = most;
    limitBytes = mostBytes;
  }

  /** Also what is only read again tells who may be alone. */
  function hear(it: ModelEvidence): void {
    if (it.previous !== null || it.prefixes.length > 0) standing.awaits(it);
    for (const times of [standing.asked(it), standing.failed(it)])
      if (times) joining.push({ agent: it.agent, ...times });
  }

  /** Those that were alone, and that a model may have asked for: some of them at a time. */
  function joined(): Evidence[] {
    for (let next = joining[0]; next; next = joining[0]) {
      const { agent, from, to } = next;
      const ids = index.aloneBetween(agent, from, to, batch);
      if (ids.length > 0) return joinedOf(ids);
      joining.shift();
    }
    return [];
  }

  /** Of those that were alone no book knows that their runs were told: they are gone with them, or have joined others. */
  function goneOf(pieces: readonly Evidence[], homes: readonly EvidenceAt[]): RunChanges["gone"] {
    const forgotten = pieces.filter(({ kind, source, run }) => kind === "gone" && run === chainOf(source));
    const moved = homes.filter(({ source, run }) => single.has(source) && run !== chainOf(source));
    return {
      runs: [...forgotten, ...moved].map(({ source }) => chainOf(source)),
      steps: forgotten.map(({ source }) => source),
      ties: [],
    };
  }

  /** They are new to the book, which has to say what is another by them. */
  function joinedOf(ids: readonly string[]): Evidence[] {
    const pieces = ids.length === 0 ? [] : index.joined(ids);
    for (const { source } of pieces) single.add(source);
    return pieces;
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

function withGone(changes: RunChanges, gone: RunChanges["gone"]): RunChanges {
  const both = (kind: keyof RunChanges["gone"]) => [...new Set([...changes.gone[kind], ...gone[kind]])];
  return { ...changes, gone: { runs: both("runs"), steps: both("steps"), ties: both("ties") } };
}

/** To the end of the loop's queue, so that messages that wait are handled first. */
function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
