/** Exchanges to the store: the body of each, then the rows of all of them, then what they say about runs. */
import type { ExchangeRow } from "../fact/rows.ts";
import type { ShippedExchange } from "./checkpoint.ts";
import { type Context, putOrSetAside, roomFor, someAtOnce } from "./context.ts";
import { isOwnFault, sentenceOf } from "./failure.ts";
import { credentialIn } from "./second-look.ts";

/** Bodies on their way at the same time: a bucket answers in tens of ms, wherever it is, and as many are put in that time. */
const AT_ONCE = 64;
/** Of all of these together, and of one that is larger by itself. */
const BYTES_AT_ONCE = 64 * 1024 * 1024;

/**
 * While the rows of one batch go to the store, the bodies of the next go to the bucket. `later`: those whose files are not there yet.
 * Rejects when the store or the bucket is away; what is marked then is there.
 */
export async function shipExchanges(
  batches: readonly (readonly string[])[],
  context: Context,
): Promise<{ later: string[] }> {
  const later: string[] = [];
  let putting = Promise.resolve();
  try {
    for (const ids of batches) {
      const bodies = await putBodies(ids, context);
      later.push(...bodies.later);
      await putting;
      putting = putRows(bodies.put, context);
      // It is waited for below, whatever becomes of the next.
      putting.catch(() => {});
    }
  } finally {
    await putting;
  }
  return { later };
}

async function putBodies(
  ids: readonly string[],
  context: Context,
): Promise<{ put: ExchangeRow[]; later: string[] }> {
  const { local, store, origin, checkpoint, count, setAside } = context;
  const later: string[] = [];
  const put: ExchangeRow[] = [];
  const asked = await Promise.all(ids.map((id) => local.index.exchange(id)));
  const rows = asked
    .filter((row): row is ExchangeRow => row?.state === "done")
    .map((row) => ({ ...row, origin }));
  const taken = new Set(rows.length > 0 ? await store.rows.taken(rows) : []);
  const room = roomFor(BYTES_AT_ONCE);
  await someAtOnce(AT_ONCE, rows, async (row) => {
    const { id } = row;
    if (taken.has(id)) return refuse(id, TAKEN, context);
    const leave = await room(local.index.fileOf(id)?.size ?? 0);
    try {
      const bytes = await local.bodies.get({ of: "exchange", id });
      if (bytes === null) return void later.push(id);
      const found = checkpoint.isAllowed(id) ? null : await credentialIn(bytes);
      if (found !== null) return setAside({ id, kind: "exchange", how: "held", why: found });
      await store.bodies.put({ of: "exchange", id }, bytes);
      count.bytes += bytes.byteLength;
      put.push({ ...row, sum: sumOf(bytes) });
    } catch (error) {
      if (!isOwnFault(error)) throw error;
      refuse(id, `its body cannot be put: ${sentenceOf(error)}`, context);
    } finally {
      leave();
    }
  });
  return { put, later };
}

async function putRows(ready: readonly ExchangeRow[], context: Context): Promise<void> {
  const { local, store, checkpoint, count } = context;
  const put = new Set<ExchangeRow>();
  await putOrSetAside(
    ready,
    async (some) => {
      const theirs = new Set(await store.rows.share(some.map((row) => ({ row, text: wordsOf(row) }))));
      for (const row of some) {
        if (theirs.has(row.id)) refuse(row.id, TAKEN, context);
        else put.add(row);
      }
    },
    ({ id }, why) => refuse(id, why, context),
  );
  await putOrSetAside(
    [...put].flatMap(({ id }) => local.index.said(id, 1)),
    (some) => store.rows.putEvidence(some),
    ({ source }, why) => refuse(source, `its part in a run: ${why}`, context),
  );
  checkpoint.shipped([...put].map(shippedAs), Date.now());
  count.exchanges += put.size;
  for (const row of put) store.tell({ type: "exchange.close", row, ending: row.ending ?? "complete" });
}

function refuse(id: string, why: string, { setAside }: Context): void {
  setAside({ id, kind: "exchange", how: "refused", why });
}

/**
 * Rows that stand in other threads than when they were shipped, since an older exchange came late: they are put once more. Their
 * bodies are as they were.
 */
export async function shipMoved(rows: readonly ExchangeRow[], context: Context): Promise<void> {
  const { store, origin, checkpoint } = context;
  const put: ExchangeRow[] = [];
  const all = rows.map((row) => ({ ...row, origin }));
  // What was deleted there meanwhile is not told of either.
  const taken = new Set(await store.rows.taken(all));
  await putOrSetAside(
    await Promise.all(
      all
        .filter(({ id }) => !taken.has(id))
        .map(async (row) => ({ ...row, ...(await sumOfFile(row.id, context)) })),
    ),
    async (some) => {
      await store.rows.share(some.map((row) => ({ row, text: wordsOf(row) })));
      put.push(...some);
    },
    // What the store has stays as it was: it is no loss, and would be refused again.
    (row) => void put.push(row),
  );
  checkpoint.shipped([...put, ...all.filter(({ id }) => taken.has(id))].map(shippedAs), Date.now());
  for (const row of put) store.tell({ type: "exchange.close", row, ending: row.ending ?? "complete" });
}

/** Of the file that was shipped; what has no file here any more goes without. */
async function sumOfFile(id: string, { local }: Context): Promise<{ sum?: string }> {
  const bytes = await local.bodies.get({ of: "exchange", id });
  return bytes === null ? {} : { sum: sumOf(bytes) };
}

export function sumOf(bytes: Uint8Array): string {
  return new Bun.CryptoHasher("sha256").update(bytes).digest("hex");
}

/** Whether it was shipped, and says something else of its thread by now. */
export function hasMoved(row: ExchangeRow, { checkpoint }: Context): boolean {
  const thread = checkpoint.thread(row.id);
  return thread !== null && thread !== threadOf(row);
}

function shippedAs(row: ExchangeRow): ShippedExchange {
  return { id: row.id, thread: threadOf(row) };
}

function threadOf({ conversation, turn, parent }: ExchangeRow): string {
  return JSON.stringify([conversation, turn, parent]);
}

const TAKEN = "another recorder has put an exchange of this id, or it was deleted from the store";

/** What a row is found by in the store, the most telling first: it keeps some words. */
function wordsOf({ tools, error, model, asked, answered, path, client }: ExchangeRow): string {
  return [...tools, error, model, asked, answered, client, path].filter(Boolean).join("\n");
}
