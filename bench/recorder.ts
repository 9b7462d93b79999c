/** The recorder's own side: how fast exchanges come to rest on disk and in the index, and how fast they are found. */
import { filterOf } from "../src/filter/filter.ts";
import { join } from "node:path";
import { openIndex } from "../src/index/sqlite.ts";
import type { IndexEntry } from "../src/index/index.ts";
import { connectAll, request } from "./load.ts";
import { folderFor, ours } from "./peers.ts";

export type Recording = {
  exchanges: number;
  passedPerSecond: number;
  /** How many had no file and no row when the last had passed, and at which rate these got theirs. */
  backlog: number;
  drainedPerSecond: number;
  /** From the first request to the last file and row. */
  settledPerSecond: number;
  /** How long the next start takes with so many on disk. */
  onDisk: number;
  nextStartMs: number;
};

/** A burst as fast as it goes, and then the time until everything of it is on disk and in the index. */
export async function recorder(
  upstream: number,
  exchanges: number,
  onDisk: number,
  checkout?: string,
): Promise<Recording> {
  const folder = folderFor("recorder");
  const running = await ours(upstream, folder, checkout);
  const clients = await connectAll(running.port, 64);
  const asked = request("json", 1000);
  let total = 0;
  const pass = async (count: number) => {
    total += count;
    let left = count;
    await Promise.all(
      clients.map(async (client) => {
        while (left-- > 0) await client.ask(asked);
      }),
    );
  };
  const recorded = async () => {
    const status = await (await fetch(`${running.pageUrl}/api/status`)).json();
    return (status as { exchanges: number }).exchanges;
  };
  const settled = async () => {
    while ((await recorded()) < total) await Bun.sleep(50);
  };
  // The runtime compiles what is used often.
  await pass(exchanges / 4);
  await settled();
  const start = performance.now();
  await pass(exchanges);
  const passed = performance.now();
  const backlog = total - (await recorded());
  await settled();
  const end = performance.now();
  while (total < onDisk) {
    await pass(Math.min(exchanges, onDisk - total));
    await settled();
  }
  await running.stop();
  const again = await ours(upstream, folder, checkout);
  await again.stop();
  return {
    exchanges,
    passedPerSecond: (exchanges / (passed - start)) * 1000,
    backlog,
    drainedPerSecond: (backlog / (end - passed)) * 1000,
    settledPerSecond: (exchanges / (end - start)) * 1000,
    onDisk: total,
    nextStartMs: again.startMs,
  };
}

export type Searching = {
  exchanges: number;
  putPerSecond: number;
  firstPageMs: number;
  searchMs: number;
  facetsMs: number;
};

const WORDS =
  "weather report stream token model answer tool call error retry json schema prompt agent Paris 天气 翻译".split(
    " ",
  );

/** Lists and searches in an index of that many exchanges; the median of some. */
export async function searches(counts: readonly number[]): Promise<Searching[]> {
  const folder = folderFor("index");
  const index = openIndex(join(folder, "index.sqlite"));
  const found: Searching[] = [];
  let known = 0;
  for (const count of counts) {
    const start = performance.now();
    const before = known;
    for (; known < count; known += 100)
      index.putExchanges(Array.from({ length: 100 }, (_, n) => entry(known + n)));
    const putPerSecond = ((known - before) / (performance.now() - start)) * 1000;
    found.push({
      exchanges: count,
      putPerSecond,
      firstPageMs: await timed(() => index.exchanges({ limit: 100 })),
      searchMs: await timed(() => index.exchanges({ limit: 100, filter: filterOf({ q: "weather Paris" }) })),
      facetsMs: await timed(() => index.facets()),
    });
  }
  index.close();
  return found;
}

async function timed(ask: () => Promise<unknown>): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < 15; n++) {
    const start = performance.now();
    await ask();
    times.push(performance.now() - start);
  }
  return times.toSorted((a, b) => a - b)[7]!;
}

export function entry(n: number): IndexEntry {
  const word = (k: number) => WORDS[(n * 7 + k * k * 3 + k) % WORDS.length]!;
  const text = Array.from({ length: 120 }, (_, k) => word(k)).join(" ");
  const id = `01900000-0000-7000-8000-${n.toString(16).padStart(12, "0")}`;
  return {
    text: `${text} number${n}`,
    file: { path: `llm_proxy/${id}.json`, mtime: n, size: 1000 },
    row: {
      id,
      at: 1_700_000_000_000 + n * 1000,
      state: "done",
      wire: "http",
      upstream: "openrouter",
      method: "POST",
      path: "/v1/chat/completions",
      target: "https://openrouter.ai/api/v1/chat/completions",
      status: n % 50 === 0 ? 429 : 200,
      ending: "complete",
      error: null,
      dialect: "openai-chat",
      provider: "openrouter",
      model: `model-${n % 12}`,
      streamed: n % 2 === 0,
      ttfb_ms: 100,
      ttft_ms: 120,
      duration_ms: 900,
      tokens_in: 100,
      tokens_out: 50,
      tokens_cached: 0,
      cost: 0.001,
      bytes_in: 1000,
      bytes_out: 2000,
      asked: text.slice(0, 100),
      answered: text.slice(100, 200),
      tools: [],
      client: "bench 1",
      has: [],
      rules: [],
      expert: [],
      run: null,
      problems: 0,
      conversation: null,
      turn: null,
      parent: null,
    },
  };
}
