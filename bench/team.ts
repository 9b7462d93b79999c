/**
 * `bun run bench team`: a team's store in Postgres, filled to 10^4, 10^5 and 10^6 exchanges: what the page asks, what shipping costs, how
 * late the feed is. Writes bench/team.md. `bun run bench team 4 5` goes less far, and writes nothing.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "../scripts/processes.ts";
import { fetchEngines, startPostgres } from "../scripts/team-engines.ts";
import type { ExchangeRow } from "../src/fact/rows.ts";
import { postgresFeed } from "../src/feed/postgres.ts";
import { filterOf } from "../src/filter/filter.ts";
import { postgresIndex } from "../src/index/postgres/asks.ts";
import { connectStore } from "../src/index/postgres/connect.ts";
import { postgresWriter } from "../src/index/postgres/writes.ts";
import { shippingRates, type ShippingRates } from "./shipping.ts";

const powers = Bun.argv
  .slice(3)
  .map(Number)
  .filter((n) => n >= 3 && n <= 7);
const SIZES = (powers.length > 0 ? powers : [4, 5, 6]).map((power) => 10 ** power);
const DAYS = 30;
const START = Date.UTC(2026, 9, 1);
const END = START + DAYS * 864e5;
const PROJECT = "bench";
/** As the store makes them of the first exchange. */
const [CONVERSATION, RUN] = ["cfcd208495d565ef", "run_cfcd208495d565ef66e7"];
/** Of version 7, as ids of ours are; in no order, so that an index of them is as wide as it gets. */
const ID = `'01' || substr(md5(n::text), 1, 6) || '-' || substr(md5(n::text), 7, 4) || '-7' || substr(md5(n::text), 11, 3)
       || '-' || substr(md5(n::text), 14, 4) || '-' || substr(md5(n::text), 18, 12)`;
const folder = mkdtempSync(join(tmpdir(), "bench-team-"));
Bun.spawnSync(["chmod", "755", folder]);
const server = await startPostgres(await fetchEngines(), join(folder, "postgres"), freePort());
const cpu = processorTime(join(folder, "postgres/data/postmaster.pid"));
process.on("SIGINT", () => process.exit(130));
try {
  await measure();
} finally {
  await server.stop();
  rmSync(folder, { recursive: true, force: true });
}

async function measure(): Promise<void> {
  const sql = await connectStore(server.url);
  const [{ version }] = await sql.unsafe("select split_part(version(), ' ', 2) as version");
  const index = postgresIndex(sql, { token: "", projects: [PROJECT] });
  const origin = { project: PROJECT, recorder: "r0", user: "u0", host: "h" };
  const writer = postgresWriter(sql, { token: "", origin });
  const results: Record<string, string[]> = {};
  const put = (name: string, value: string) => (results[name] ??= []).push(value);
  let there = 0;
  for (const size of SIZES) {
    for (const step = 100_000; there < size; there = Math.min(size, there + step)) {
      await fill(sql, there, Math.min(size, there + step));
      process.stdout.write(`\r${Math.min(size, there + step)} of ${size} `);
    }
    process.stdout.write("\n");
    await sql.unsafe("vacuum analyze mcpl.exchange");
    await sql.unsafe("vacuum analyze mcpl.lean");
    const page = await index.exchanges({ limit: 100 });
    const middle = page.items[50]!.id;
    const ask = async (name: string, question: () => Promise<unknown>) => put(name, await timed(question));
    const filtered = (q: string) => index.exchanges({ limit: 100, now: END, filter: filterOf({ q }) });
    const sorted = (by: "cost" | "total" | "model") =>
      index.exchanges({ limit: 100, sort: { by, order: "descending" } });
    await ask("first page of 100, with the total", () => index.exchanges({ limit: 100 }));
    await ask("the next page, by key", () => index.exchanges({ limit: 100, before: middle }));
    await ask("rows from the middle of the list, by rank", () =>
      index.exchanges({ limit: 100, from: Math.floor(size / 2) }),
    );
    await ask("filter `model:m3 status:>=400`, page and total", () => filtered("model:m3 status:>=400"));
    await ask("filter `is:error`, page and total", () => filtered("is:error"));
    await ask("filter `model:m3` (a seventh of all), page and total", () => filtered("model:m3"));
    await ask("filter `recorder:r3 tool:get_weather`, page and total", () =>
      filtered("recorder:r3 tool:get_weather"),
    );
    await ask("filter `cost:>0.9 -client:agent*`, which nothing fits", () =>
      filtered("cost:>0.9 -client:agent*"),
    );
    await ask("filter `recorder:r3 since:1d`, page and total", () => filtered("recorder:r3 since:1d"));
    await ask("one conversation, page and total", () => filtered(`conv:${CONVERSATION}`));
    await ask("one run, page and total", () => filtered(`run:${RUN}`));
    await ask("search for a rare word, page and total", () => filtered("w4711"));
    await ask("search for a common word (1 %), page and total", () => filtered("c7"));
    await ask("search and filter, `c7 model:m3`, page and total", () => filtered("c7 model:m3"));
    await ask("sort by cost, first page", () => sorted("cost"));
    await ask("sort by duration, first page", () => sorted("total"));
    await ask("sort by model, first page", () => sorted("model"));
    await ask("overview of all: sums, stretches, models", () => index.overview({ stretches: 120 }));
    await ask("overview of `model:m3`", () =>
      index.overview({ stretches: 120, now: END, filter: filterOf({ q: "model:m3" }) }),
    );
    await ask("values with counts, for completion", () => index.facets());
    await ask("one exchange by its id", () => index.exchange(middle));
    const rows = Array.from({ length: 3_000 }, (_, n) => ({ row: rowOf(n, origin), text: textOf(n) }));
    const began = performance.now();
    for (let at = 0; at < rows.length; at += 500) await writer.share(rows.slice(at, at + 500));
    put(
      "rows shipped a second, one recorder, batches of 500",
      Math.round(rows.length / ((performance.now() - began) / 1000)).toLocaleString("en"),
    );
    await sql.unsafe("delete from mcpl.exchange where project = $1 and id = any($2::text[])", [
      PROJECT,
      `{${rows.map(({ row }) => row.id).join(",")}}`,
    ]);
    const [{ bytes, words }] =
      await sql.unsafe(`select sum(pg_total_relation_size(inhrelid))::float8 as bytes,
      (select sum(pg_relation_size(indexrelid))::float8 from pg_index i join pg_class c on c.oid = i.indexrelid join pg_am a on a.oid = c.relam where a.amname = 'gin') as words
      from pg_inherits where inhparent in ('mcpl.exchange'::regclass, 'mcpl.lean'::regclass)`);
    put(
      "bytes a row, indexes included (of them full text)",
      `${Math.round(bytes / size)} (${Math.round(words / size)})`,
    );
    const lag = await feedLag(sql);
    put(
      "feed: eight recorders, 200 exchanges/s, p50 / p99",
      `${lag.p50.toFixed(0)} / ${lag.p99.toFixed(0)} ms`,
    );
  }
  const shipped = async () =>
    (
      await sql.unsafe(
        "select coalesce(sum(n), 0)::float8 as n from mcpl.tally where project = 'shipping' and kind = 'exchange'",
      )
    )[0].n;
  process.stdout.write("recording and shipping …\n");
  const rates = await shippingRates({ url: server.url, rows: shipped }, SIZES.length > 2 ? 12_000 : 4_000);
  await sql.close();
  const text = report(results, version, rates);
  process.stdout.write(text);
  if (powers.length === 0) await Bun.write(join(import.meta.dir, "team.md"), text);
}

/** As a recorder puts them, but by the store itself: 24 words of 60,000, one of 100, days in turn. */
async function fill(sql: Bun.SQL, from: number, to: number): Promise<void> {
  await sql.unsafe(
    "select mcpl.ensure_days(array(select $1::bigint + d::bigint * 86400000 from generate_series(0, $2::int) d))",
    [START, DAYS],
  );
  await sql.unsafe("set statement_timeout = 0");
  await sql.unsafe(
    `insert into mcpl.exchange (project, id, started, recorder, person, host, status, ending, dialect, model, upstream, provider, client, method,
       path, conversation, turn, run, ttft_ms, duration_ms, tokens_in, tokens_out, cost, tools, words, row)
     select $1::text, ${ID}, $2::bigint + (n * 7919 % ($3::bigint * 86400)) * 1000, 'r' || n % 8, 'u' || n % 20, 'h', case when n % 50 = 0 then 429 else 200 end,
       'complete', 'openai-chat', 'm' || n % 7, 'openai', 'openai', 'agent ' || n % 5, 'POST', '/v1/chat/completions', substr(md5((n / 8)::text), 1, 16), n % 8, 'run_' || substr(md5((n / 20)::text), 1, 20), n % 3000, n % 30000, n % 50000, n % 900, n % 997 / 1000.0,
       case when n % 3 = 0 then array['get_weather'] else '{}' end,
       (select string_agg('''w' || ((n * 7919 + j * 104729) % 60000) || ''':' || j, ' ') from generate_series(1, 24) j)::tsvector || ('''c' || n % 100 || ''':30')::tsvector,
       $6::text
     from generate_series($4::bigint, $5::bigint) n`,
    [
      PROJECT,
      START,
      DAYS,
      from,
      to - 1,
      JSON.stringify(rowOf(0, { project: PROJECT, recorder: "r", user: "u", host: "h" })),
    ],
  );
}

function textOf(n: number): string {
  return Array.from({ length: 24 }, (_, j) => `w${(n * 7919 + j * 104729) % 60_000}`).join(" ");
}

function rowOf(n: number, origin: ExchangeRow["origin"]): ExchangeRow {
  return {
    id: Bun.randomUUIDv7(),
    at: START + DAYS * 864e5 + n,
    state: "done",
    wire: "http",
    upstream: "openai",
    method: "POST",
    path: "/v1/chat/completions",
    target: "https://api.openai.com/v1/chat/completions",
    status: 200,
    ending: "complete",
    error: null,
    dialect: "openai-chat",
    provider: "openai",
    model: `m${n % 7}`,
    streamed: true,
    ttfb_ms: 100,
    ttft_ms: 120,
    duration_ms: 900,
    tokens_in: 1_000,
    tokens_out: 200,
    tokens_cached: 0,
    cost: 0.01,
    bytes_in: 20_000,
    bytes_out: 9_000,
    asked: textOf(n).slice(0, 120),
    answered: textOf(n + 1).slice(0, 120),
    tools: ["get_weather"],
    client: "agent 1",
    has: ["tool_call"],
    problems: 0,
    rules: [],
    expert: [],
    conversation: null,
    turn: null,
    parent: null,
    run: null,
    ...(origin && { origin }),
  };
}

/** The median of nine, and the processor time of all of Postgres' processes, which says what it is where others work too. */
async function timed(question: () => Promise<unknown>): Promise<string> {
  await question();
  const times: number[] = [];
  const before = cpu();
  for (let n = 0; n < 9; n++) {
    const began = performance.now();
    await question();
    times.push(performance.now() - began);
  }
  const used = (cpu() - before) / 9;
  return `${times.toSorted((a, b) => a - b)[4]!.toFixed(0)} ms (${used.toFixed(0)})`;
}

/** ms of this process and of all that it has started; on another system than Linux nothing is known. */
function processorTime(pidFile: string): () => number {
  const pid = readFileSync(pidFile, "utf8").split("\n")[0]!;
  const of = (one: string, fields: readonly number[]) => {
    try {
      const stat = readFileSync(`/proc/${one}/stat`, "utf8").split(") ")[1]!.split(" ");
      return fields.reduce((sum, field) => sum + Number(stat[field]) * 10, 0);
    } catch {
      return 0; // it has ended: its parent has its time
    }
  };
  return () => {
    const file = `/proc/${pid}/task/${pid}/children`;
    const children = existsSync(file) ? readFileSync(file, "utf8").trim().split(" ") : [];
    return of(pid, [11, 12, 13, 14]) + children.reduce((sum, child) => sum + of(child, [11, 12]), 0);
  };
}

/** From `publish` at a recorder to a listener at a page; each exchange is told three times. */
async function feedLag(sql: Bun.SQL): Promise<{ p50: number; p99: number }> {
  const recorders = await Promise.all(
    Array.from({ length: 8 }, () =>
      postgresFeed(sql, { ring: 10, queue: 10, writes: { project: PROJECT, token: "" }, reads: null }),
    ),
  );
  const reader = await postgresFeed(sql, {
    ring: 20_000,
    queue: 20_000,
    writes: null,
    reads: async () => [PROJECT],
  });
  const lags: number[] = [];
  reader.listen((frames) => {
    for (const frame of frames)
      if (frame.type === "exchange.row") lags.push(performance.now() - frame.row.at);
    return "sent";
  });
  const row = rowOf(0, undefined);
  for (let tick = 0; tick < 100; tick++) {
    for (let n = 0; n < 30; n++)
      recorders[n % 8]!.publish({ type: "exchange.row", row: { ...row, at: performance.now() } });
    await Bun.sleep(50);
  }
  for (let tries = 0; lags.length < 3_000 && tries < 100; tries++) await Bun.sleep(50);
  await Promise.all([...recorders, reader].map((feed) => feed.close()));
  lags.sort((a, b) => a - b);
  return { p50: lags[lags.length >> 1] ?? NaN, p99: lags[Math.floor(lags.length * 0.99)] ?? NaN };
}

function report(results: Record<string, string[]>, version: string, rates: ShippingRates): string {
  const head = SIZES.map((size) => size.toLocaleString("en"));
  const lines = Object.entries(results).map(([name, values]) => `| ${name} | ${values.join(" | ")} |`);
  const rate = (n: number) => `${Math.round(n).toLocaleString("en")} a second`;
  return `# A team's store, measured

\`bun run bench team\`, ${new Date().toISOString().slice(0, 10)}: Postgres ${version} with its usual settings, on this machine (${cpus().length} cores, load ${loadavg()[0]!.toFixed(1)}
while it ran: others worked here too, so times are upper bounds). Medians of nine; in brackets the milliseconds of processor time that all of
Postgres took for it, which others' work stretches less. Rows of 30 days, in no order, 25 distinct words each.

| exchanges | ${head.join(" | ")} |
|---|${head.map(() => "---").join("|")}|
${lines.join("\n")}

What does not grow with rows: the first page, a page by key, one exchange, one conversation, one run, an order by cost or duration, what is shipped, the
feed. What is asked of kinds (model, client, recorder, status, tools, …), their totals, orders by them and the overview of all grow with kinds and
days. What is asked of each row by itself (numbers, ids) reads the rows of its time, some 190 bytes each; a search counts its hits; an
overview of a part reads the rows of that part, or of the rest, whichever are fewer.

## Recording and shipping

${rates.exchanges.toLocaleString("en")} small exchanges (1 KB) in a burst through the proxy, everything on this machine: load generator, model, recorder, Postgres, and a bucket that keeps nothing.

| | |
|---|---|
| recorded, without a store | ${rate(rates.recorded)} |
| shipped, what was there already | ${rate(rates.shipped)} |
| with the store there: recorded | ${rate(rates.recordedMeanwhile)} |
| with the store there: shipped, from the first request to the last row | ${rate(rates.shippedMeanwhile)} |

## 10⁷, and what it would take

Not loaded here: with its indexes it is 33 GB and some hours of inserting on a machine that others use. By the growth above: what does not grow stays;
a filter of numbers without a time takes ten times what it takes at 10⁶, so give it one (\`since:7d\`), or let Postgres have more cores (it reads
the partitions side by side).

## 10⁹ exchanges, on paper

| | |
|---|---|
| rows | at the bytes a row above about 3.3 TB with indexes, in 365 partitions of 2.7 million rows for a year; a day is dropped in a second |
| of them lean | 0.2 TB, and 0.35 TB of its indexes: what filters and orders of rows touch |
| sums | by day and kind, hour and length: some ten million lines, a few GB: what filters of kinds, totals and overviews touch |
| bodies | 30 KB each, 3 to 5 KB as zstd: 3 to 5 TB in the bucket, 70 to 115 $ a month at 0.023 $/GB; 10⁹ PUTs are 5,000 $ (0.005 $ a thousand), so one pays for writing, not for keeping |
| the database | 3.3 TB of SSD at 0.115 $/GB are 380 $ a month, and a machine of 8 cores and 64 GB some 500 $ |
| coming in | 32 a second on average, some hundreds at the busiest: what one Postgres takes with room |
| first page, one exchange, pages by key | as above: they touch one or two partitions |
| a filter of numbers, or a search, over a year | counting to the end takes minutes: give it a time (\`since:7d\` is 19 million rows), or an engine that is made for it (columns: ClickHouse) behind the same contract |
`;
}
