/**
 * Joins at the store what was recorded on several machines: an agent's model calls on one, its MCP servers on another. Made of the
 * evidence that recorders ship, by the same code that makes the runs of one machine. Of all pages one does it, whoever holds the lock;
 * it writes only runs in which more than one recorder has a part, so each run has one maker. What it knows is a cache: whoever takes
 * over reads the last days again.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ReservedSQL, SQL } from "bun";
import type { RunChanges, RunRow, StepRow } from "../fact/rows.ts";
import type { Index, LocalIndex } from "../index/index.ts";
import { changesOf } from "../index/postgres/writes.ts";
import { openIndex } from "../index/sqlite.ts";
import { makeRuns, type RunMaker } from "../observer/runs.ts";

export type Joiner = { warnings(): string[]; close(): Promise<void> };

export type JoinerOptions = {
  readonly sql: SQL;
  readonly token: string;
  readonly projects: () => Promise<readonly string[]>;
  /** How far back it reads when it begins, and how often it looks. */
  readonly windowMs?: number;
  readonly lookMs?: number;
};

const WINDOW_MS = 2 * 86_400_000;
const LOOK_MS = 400;
/** Between two tries of who does not hold the lock. */
const WAIT_MS = 3_000;
const PAGE = 1_000;
const NONE = { runs: [], steps: [], ties: [] };
const NOBODY = { recorder: null, person: null, host: null };

type Piece = {
  source: string;
  part: string;
  kind: "model" | "session" | "served" | "gone";
  at: number;
  recorder: string | null;
  json: string;
  seq: number;
  tx: string;
};

export function startJoiner({
  sql,
  token,
  projects,
  windowMs = WINDOW_MS,
  lookMs = LOOK_MS,
}: JoinerOptions): Joiner {
  const books = new Map<string, ProjectBook>();
  let closed = false;
  let trouble: string | null = null;
  const running = work();

  return {
    warnings: () =>
      trouble === null ? [] : [`what was recorded on several machines is not joined: ${trouble}`],
    async close() {
      closed = true;
      await running;
    },
  };

  async function work(): Promise<void> {
    while (!closed) {
      let held: ReservedSQL | null = null;
      try {
        held = await sql.reserve();
        const [lock] = await held.unsafe("select pg_try_advisory_lock(5063, 3) as mine");
        trouble = null;
        if (lock.mine) await lead(held);
      } catch (error) {
        trouble = (error as Error).message.slice(0, 200);
      }
      for (const book of books.values()) await book.close();
      books.clear();
      await held?.unsafe("select pg_advisory_unlock_all()").catch(() => {});
      held?.release();
      await pause(WAIT_MS);
    }
  }

  /** For as long as the connection that holds the lock lives. */
  async function lead(held: ReservedSQL): Promise<void> {
    while (!closed) {
      for (const project of await projects()) {
        const book =
          books.get(project) ?? projectBook(project, held, { token, since: Date.now() - windowMs });
        books.set(project, book);
        await book.look();
        if (closed) return;
      }
      await pause(lookMs);
    }
  }

  async function pause(ms: number): Promise<void> {
    for (let left = ms; left > 0 && !closed; left -= 50) await Bun.sleep(Math.min(left, 50));
  }
}

type ProjectBook = { look(): Promise<void>; close(): Promise<void> };

function projectBook(
  project: string,
  held: ReservedSQL,
  { token, since }: { token: string; since: number },
): ProjectBook {
  const folder = mkdtempSync(join(tmpdir(), "joiner-"));
  const index: Index & LocalIndex = openIndex(join(folder, "evidence.sqlite"));
  let made: RunChanges[] = [];
  const maker: RunMaker = makeRuns({
    index,
    publish: () => {},
    onChanges: (changes) => made.push(changes),
    isBusy: () => false,
    warn: () => {},
  });
  const recorders = new Map<string, string>();
  /** Who has a part in a run. It may be one too many where a step has moved: that run has one maker all the same. */
  const parts = new Map<string, Set<string>>();
  const joined = new Set<string>();
  let after: { tx: string; seq: number } = { tx: "0", seq: 0 };

  async function look(): Promise<void> {
    for (;;) {
      const pieces: Piece[] = await held.unsafe(
        `select source, part, kind, at, recorder, json, seq::float8 as seq, tx::text as tx from mcpl.evidence
         where project = $1 and (tx, seq) > ($2::text::xid8, $3::bigint) and at >= $4::float8
           and tx < pg_snapshot_xmin(pg_current_snapshot())
         order by tx, seq limit ${PAGE}`,
        [project, after.tx, after.seq, since],
      );
      if (pieces.length === 0) return;
      for (const { source, recorder } of pieces) recorders.set(source, recorder ?? "");
      index.putEvidence(pieces);
      await maker.done();
      await write();
      after = pieces.at(-1)!;
      if (pieces.length < PAGE) return;
    }
  }

  async function write(): Promise<void> {
    for (const changes of made.splice(0)) {
      for (const step of changes.steps) credit(step);
      const some = await ofJoined(changes);
      if (some === null) continue;
      await held.unsafe("select mcpl.join_runs($1::text, $2::text, $3::text)", [
        token,
        project,
        JSON.stringify(changesOf(some, NOBODY)),
      ]);
    }
  }

  function credit({ run, attempts, ties }: StepRow): void {
    const sources = [
      ...attempts.map(({ exchange }) => exchange),
      ...ties.map((key) => key.slice(0, key.lastIndexOf("/"))),
    ];
    const known = parts.get(run) ?? new Set<string>();
    for (const source of sources) {
      const recorder = recorders.get(source);
      if (recorder !== undefined) known.add(recorder);
    }
    parts.set(run, known);
  }

  /** Of these changes those of runs of several recorders; a run that has just become one goes whole. */
  async function ofJoined(changes: RunChanges): Promise<RunChanges | null> {
    const touched = new Set([...changes.runs.map(({ id }) => id), ...changes.steps.map(({ run }) => run)]);
    const fresh = [...touched].filter((run) => (parts.get(run)?.size ?? 0) > 1 && !joined.has(run));
    for (const run of fresh) joined.add(run);
    const isJoined = (run: string | null) => run !== null && joined.has(run);
    const gone = { ...changes.gone, runs: changes.gone.runs.filter(isJoined) };
    const all: RunChanges = {
      runs: changes.runs.filter(({ id }) => isJoined(id)),
      steps: changes.steps.filter(({ run }) => isJoined(run)),
      ties: changes.ties.filter(({ run }) => isJoined(run)),
      gone: NONE,
    };
    for (const run of fresh) {
      const whole = await index.run(run);
      if (whole) all.runs = [...all.runs.filter(({ id }) => id !== run), whole];
      all.steps = [...all.steps.filter((step) => step.run !== run), ...(await stepsOf(run))];
      all.ties = [...all.ties.filter((tie) => tie.run !== run), ...(await index.ties(run))];
    }
    if (all.runs.length + all.steps.length + all.ties.length + gone.runs.length === 0) return null;
    // A call that nobody had asked for, as far as its own recorder knew, is a step of the run now.
    const served = all.steps.flatMap(({ id, ties }) => ties.filter((key) => key !== id));
    return {
      ...all,
      runs: all.runs.map(ofSeveral),
      gone: { ...gone, steps: [...new Set([...gone.steps, ...served])] },
    };
  }

  async function stepsOf(run: string): Promise<StepRow[]> {
    const found: StepRow[] = [];
    for (let after: string | undefined; ;) {
      const { items, next } = await index.steps(run, after, PAGE);
      found.push(...items);
      if (next === null) return found;
      after = next;
    }
  }

  function ofSeveral(run: RunRow): RunRow {
    const recorder = [...(parts.get(run.id) ?? [])].sort().join(" + ");
    return { ...run, origin: { project, recorder, user: null, host: null } };
  }

  return {
    look,
    async close() {
      await maker.close();
      index.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
