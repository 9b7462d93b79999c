/** Runs to the store: the rows that are others now, as the index has them. Who made them knows what joins; here it is handed on. */
import type { RunChanges, RunRow } from "../fact/rows.ts";
import { type Context, putOrSetAside } from "./context.ts";

/** Ids of which the feed has said that something is new. */
export type Dirty = { readonly runs: Set<string>; readonly steps: Set<string>; readonly ties: Set<string> };

/** Rows of one transaction. */
const ROWS = 400;
const PAGE = 200;

export async function shipDirty(dirty: Dirty, context: Context): Promise<void> {
  const [runs, steps, ties] = [take(dirty.runs), take(dirty.steps), take(dirty.ties)];
  try {
    await put(runs, steps, ties, context);
  } catch (error) {
    for (const [kind, ids] of [
      ["runs", runs],
      ["steps", steps],
      ["ties", ties],
    ] as const)
      for (const id of ids) dirty[kind].add(id);
    throw error;
  }
}

/**
 * All runs that are others than they were when they were shipped whole, a page at a time from `before` on; null at the end. A program
 * that was killed between two of its rows has shipped the one and not the other: the stamp is of all of them.
 */
export async function shipRunsBefore(before: string | undefined, context: Context): Promise<string | null> {
  const { local, checkpoint } = context;
  const page = await local.index.runs({ limit: PAGE, ...(before !== undefined && { before }) });
  for (const run of page.items) {
    const stamp = await wholeStampOf(run, context);
    if (checkpoint.run(run.id) === stamp) continue;
    await shipWhole(run, context);
    checkpoint.shippedRuns(new Map([[run.id, stamp]]), []);
  }
  return page.next;
}

async function wholeStampOf(run: RunRow, { local: { index } }: Context): Promise<string> {
  const hash = new Bun.CryptoHasher("sha1").update(JSON.stringify([run, await index.ties(run.id)]));
  for (let after: string | undefined; ;) {
    const { items, next } = await index.steps(run.id, after, ROWS);
    hash.update(JSON.stringify(items));
    if (next === null) return hash.digest("hex");
    after = next;
  }
}

async function shipWhole(run: RunRow, context: Context): Promise<void> {
  const { index } = context.local;
  const ties = (await index.ties(run.id)).map(({ id }) => id);
  for (let after: string | undefined; ;) {
    const { items, next } = await index.steps(run.id, after, ROWS);
    await put(
      [],
      items.map(({ id }) => id),
      ties.splice(0, ROWS),
      context,
    );
    if (next === null) break;
    after = next;
  }
  for (let some = ties.splice(0, ROWS); some.length > 0; some = ties.splice(0, ROWS))
    await put([], [], some, context);
  // The run last: who sees it finds its steps.
  await put([run.id], [], [], context);
}

async function put(
  runIds: string[],
  stepIds: string[],
  tieIds: string[],
  { local, store, checkpoint, origin, count, setAside }: Context,
): Promise<void> {
  const [runs, steps, ties] = await Promise.all([
    known(runIds, (id) => local.index.run(id)),
    known(stepIds, (id) => local.index.step(id)),
    known(tieIds, (id) => local.index.tie(id)),
  ]);
  const gone = { runs: runs.gone, steps: steps.gone, ties: ties.gone };
  const changes: RunChanges = {
    runs: runs.rows.map((row) => ({ ...row, origin })),
    steps: steps.rows,
    ties: ties.rows,
    gone,
  };
  await putOrSetAside(
    eachOf(changes),
    async (some) => void (await store.rows.putRuns(together(some))),
    (one, why) => {
      const [row] = [...one.runs, ...one.steps, ...one.ties];
      setAside({ id: row?.id ?? "?", kind: "run", how: "refused", why });
    },
  );
  // A part of it: whether the rest is there too is looked at by the next walk.
  const parts = [...runs.rows.map(({ id }) => id), ...steps.rows.map(({ run }) => run)];
  const tied = ties.rows.flatMap(({ run }) => run ?? []);
  checkpoint.shippedRuns(new Map([...parts, ...tied].map((id) => [id, ""])), gone.runs);
  count.runs += runs.rows.length;
}

const NONE = { runs: [], steps: [], ties: [] };

/** One row each, and what is gone at once, so that it can be found which one is refused. */
function eachOf({ runs, steps, ties, gone }: RunChanges): RunChanges[] {
  const all = [
    ...steps.map((row) => ({ ...NONE, steps: [row], gone: NONE })),
    ...ties.map((row) => ({ ...NONE, ties: [row], gone: NONE })),
    ...runs.map((row) => ({ ...NONE, runs: [row], gone: NONE })),
  ];
  return gone.runs.length + gone.steps.length + gone.ties.length > 0 ? [{ ...NONE, gone }, ...all] : all;
}

function together(all: readonly RunChanges[]): RunChanges {
  return {
    runs: all.flatMap(({ runs }) => runs),
    steps: all.flatMap(({ steps }) => steps),
    ties: all.flatMap(({ ties }) => ties),
    gone: {
      runs: all.flatMap(({ gone }) => gone.runs),
      steps: all.flatMap(({ gone }) => gone.steps),
      ties: all.flatMap(({ gone }) => gone.ties),
    },
  };
}

async function known<Row>(
  ids: readonly string[],
  find: (id: string) => Promise<Row | null>,
): Promise<{ rows: Row[]; gone: string[] }> {
  const found = await Promise.all(ids.map(async (id) => [id, await find(id)] as const));
  return {
    rows: found.flatMap(([, row]) => (row === null ? [] : [row])),
    gone: found.flatMap(([id, row]) => (row === null ? [id] : [])),
  };
}

function take(from: Set<string>): string[] {
  const some = [...from].slice(0, ROWS);
  for (const id of some) from.delete(id);
  return some;
}
