/** The page as a person feels it, in chromium: the first row, a click, typing, and what it does while much happens. */
import { join } from "node:path";
import type { CDPSession, Page } from "playwright-core";
import { executablePath, launch, newPage } from "../test/chromium.ts";

/** ms unless it says otherwise. */
export type PageFigures = {
  rows: number;
  /** From the request of the page until its first row is drawn; the best and the median of some visits. */
  firstRow: { best: number; median: number };
  click: { median: number; worst: number };
  /** From a key in the filter until the list says how many fit. */
  typing: { median: number; worst: number };
  live: readonly LiveFigures[];
  /** Frames of the display while somebody goes through all rows. */
  scroll: readonly ({ group: Grouping } & FrameFigures)[];
  /** MB of the page's own heap, after a collection: at rest, and after all that happened. */
  memory: { before: number; after: number };
};

/** How the list stands: all rows one below the other, or under heads. */
export type Grouping = "none" | "conversation" | "run";

export type LiveFigures = {
  group: Grouping;
  framesPerSecond: number;
  frame: FrameFigures;
  /** From publishing until the row stands in the list. */
  seen: { median: number; p99: number };
};

/** Of the display: what a frame took. 16.7 is smooth. */
export type FrameFigures = { median: number; p99: number; worst: number };

const HANDS = join(import.meta.dir, "page-hands.js");
const VISITS = 7;
const CLICKS = 20;
const LIVE_MS = 8_000;
const SCROLL_MS = 5_000;
const GROUPINGS: readonly Grouping[] = ["none", "conversation", "run"];
/** Each finds another number of rows than the one before. */
const TYPED = [
  "weather",
  "weather Paris",
  "model:model-3",
  "status:429",
  "number777",
  "status:429 model:model-2",
  "stream",
];

/** Null where there is no chromium. */
export async function page(rows: number, rates: readonly number[]): Promise<PageFigures | null> {
  if (!executablePath) return null;
  const server = Bun.spawn([process.execPath, `${import.meta.dir}/page-server.ts`, String(rows)], {
    stdin: "pipe",
    stdout: "pipe",
  });
  const browser = await launch();
  try {
    const url = `http://127.0.0.1:${await portOf(server)}/`;
    const { page: view, context } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    const devtools = await context.newCDPSession(view);
    const tell = (line: string) => (server.stdin.write(`${line}\n`), void server.stdin.flush());
    const first = await visits(view, url);
    const clicked = await clicks(view);
    await view.keyboard.press("Escape");
    const typed = await keys(view);
    const before = await heap(devtools);
    const live: LiveFigures[] = [];
    const scroll: ({ group: Grouping } & FrameFigures)[] = [];
    for (const group of GROUPINGS) {
      await view.goto(`${url}?group=${group}`);
      await view.locator("#list .rows .row[aria-rowindex]").nth(2).waitFor();
      for (const rate of rates) live.push(await flow(view, group, rate, tell));
      scroll.push({ group, ...framesOf(await view.evaluate<number[]>(`hands.scroll(${SCROLL_MS})`)) });
    }
    const after = await heap(devtools);
    return {
      rows,
      firstRow: { best: Math.min(...first), median: part(first, 0.5) },
      click: { median: part(clicked, 0.5), worst: Math.max(...clicked) },
      typing: { median: part(typed, 0.5), worst: Math.max(...typed) },
      live,
      scroll,
      memory: { before, after },
    };
  } finally {
    await browser.close();
    server.kill();
    await server.exited;
  }
}

/** The first visit warms the server and the browser's cache; it does not count. */
async function visits(view: Page, url: string): Promise<number[]> {
  await view.addInitScript({ path: HANDS });
  const times: number[] = [];
  for (let n = 0; n <= VISITS; n++) {
    await view.goto(url);
    const time = await view.evaluate<number>("hands.firstRow");
    if (n > 0) times.push(time);
  }
  return times;
}

/** The first one loads the scripts of the detail; it does not count. */
async function clicks(view: Page): Promise<number[]> {
  const times: number[] = [];
  // Those of the first HTML give way to the list's own.
  await view.locator("#list .rows .row").nth(2).waitFor();
  for (let n = 0; n <= CLICKS; n++) times.push(await view.evaluate<number>(`hands.click(${n})`));
  return times.slice(1);
}

async function keys(view: Page): Promise<number[]> {
  const times: number[] = [];
  for (const words of TYPED) times.push(await view.evaluate<number>(`hands.type(${JSON.stringify(words)})`));
  await view.fill("#filter input[name=q]", "");
  await view.waitForURL((url) => url.search === "");
  return times;
}

async function flow(
  view: Page,
  group: Grouping,
  rate: number,
  tell: (line: string) => void,
): Promise<LiveFigures> {
  tell(`rate ${rate}`);
  const { frames, ages } = await view.evaluate<{ frames: number[]; ages: number[] }>(
    `hands.watch(${LIVE_MS})`,
  );
  tell("rate 0");
  return {
    group,
    framesPerSecond: rate,
    frame: framesOf(frames),
    seen: { median: part(ages, 0.5), p99: part(ages, 0.99) },
  };
}

function framesOf(frames: readonly number[]): FrameFigures {
  return { median: part(frames, 0.5), p99: part(frames, 0.99), worst: Math.max(...frames) };
}

async function heap(devtools: CDPSession): Promise<number> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

function part(values: readonly number[], of: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * of))] ?? Number.NaN;
}

async function portOf(server: Bun.Subprocess<"pipe", "pipe">): Promise<number> {
  for await (const text of server.stdout.pipeThrough(new TextDecoderStream())) return Number(text);
  throw new Error("the page's server did not start");
}

if (import.meta.main) {
  const found = await page(Number(process.argv[2] ?? 100_000), [1_000, 3_000]);
  process.stdout.write(`${found ? JSON.stringify(found, null, 2) : "no chromium"}\n`);
  process.exit(0);
}
