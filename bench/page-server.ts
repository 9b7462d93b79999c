/**
 * The page over an index of many rows, in a process of its own, for `page.ts`: says its port, and then does what it is told
 * on stdin: `rate N` publishes N frames a second (each exchange is three: it comes, is answered, is over), 0 stops.
 */
import { join } from "node:path";
import type { ExchangeRow } from "../src/fact/rows.ts";
import { createFeed } from "../src/feed/ring.ts";
import type { IndexEntry } from "../src/index/index.ts";
import { openIndex } from "../src/index/sqlite.ts";
import { createWeb } from "../src/web/app.ts";
import { believable, exchangeOf, idAt } from "../test/believable.ts";
import { specOf } from "../test/world.ts";
import { folderFor } from "./peers.ts";
import { entry } from "./recorder.ts";

const count = Number(process.argv[2]);
const TICK_MS = 10;
const TURNS = 10;
const BESIDE = 4;

const index = openIndex(join(folderFor("page"), "index.sqlite"));
for (let n = 0; n < count; n += 500)
  index.putExchanges(
    Array.from({ length: Math.min(500, count - n) }, (_, k) => inGroups(entry(n + k), n + k)),
  );

const feed = createFeed({ ring: 20_000, queue: 5_000 });
const opened = exchangeOf(specOf(0, Date.now()));
const app = await createWeb(
  believable({ index, feed, load: async (id) => ({ ...opened, id }), inFlight: () => [], live: () => null })
    .sources,
);
app.listen({ port: 0, hostname: "127.0.0.1" });
process.stdout.write(`${app.server?.port}\n`);

let perSecond = 0;
let owed = 0;
let made = count;
setInterval(() => {
  owed += (perSecond * TICK_MS) / 1000 / 3;
  const rows: ExchangeRow[] = [];
  for (; owed >= 1; owed--) rows.push(fresh());
  for (const row of rows)
    feed.publish({ type: "exchange.open", row: { ...row, state: "waiting", status: null } });
  for (const row of rows)
    feed.publish({ type: "exchange.head", row: { ...row, state: "streaming" }, headers: [] });
  if (rows.length > 0) index.putExchanges(rows.map((row) => ({ ...entry(0), row, file: fileOf(row) })));
  for (const row of rows) feed.publish({ type: "exchange.close", row, ending: "complete" });
}, TICK_MS);

/** Its id says when it was made. */
function fresh(): ExchangeRow {
  const at = Date.now();
  const { row } = inGroups(entry(made), made++);
  return { ...row, id: idAt(at), at };
}

/** Conversations of ten turns, four of which go on beside each other; a run has some of them. */
function inGroups(entered: IndexEntry, n: number): IndexEntry {
  const nth = Math.floor(n / (TURNS * BESIDE)) * BESIDE + (n % BESIDE);
  const row = { ...entered.row, conversation: `conversation-${nth}`, run: `run-${nth >> 1}` };
  return { ...entered, row };
}

function fileOf({ id }: ExchangeRow) {
  return { path: `llm_proxy/${id}.json`, mtime: 0, size: 1000 };
}

for await (const line of console) perSecond = Number(/^rate (\d+)$/.exec(line)?.[1] ?? 0);
