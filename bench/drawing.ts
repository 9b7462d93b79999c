/**
 * How soon the page of a long run shows its picture, and how smoothly it goes on while steps come: the real page, in
 * chromium, with rows as they are recorded. Null where there is no browser.
 */
import { createWeb } from "../src/web/app.ts";
import { model, type Piece, served, session, told } from "../src/read/run/written.testkit.ts";
import { believable } from "../test/believable.ts";
import { executablePath, launch, newPage } from "../test/chromium.ts";

export type Drawing = {
  steps: number;
  /** ms from the navigation to the first frame with lanes and story. */
  first: number;
  /** Frames a second while steps come, beside those of an empty page; the longest frame in ms. */
  frames: number;
  idle: number;
  longest: number;
  /** What the page's own thread worked, in ms of its processor time: until that first frame, and in a second while steps come. */
  work_first: number;
  work: number;
};

/** Steps a second that come while frames are counted. */
const RATE = 50;
const LIVE_MS = 3_000;

export async function drawing(steps: number): Promise<Drawing | null> {
  if (!executablePath) return null;
  const world = believable();
  const more = (RATE * LIVE_MS) / 1000;
  const all = told(piecesOf(steps + more));
  const [run] = [...all.runs.values()];
  const rows = [...all.steps.values()].toSorted((a, b) => a.at - b.at);
  const gone = { runs: [], steps: [], ties: [] };
  world.index.putRuns({
    runs: [run!],
    steps: rows.slice(0, steps),
    ties: [...all.ties.values()],
    gone,
  });
  const app = await createWeb(world.sources);
  app.listen({ port: 0, hostname: "127.0.0.1" });
  const browser = await launch();
  try {
    const { page } = await newPage(browser, { viewport: { width: 1440, height: 900 } });
    const origin = `http://127.0.0.1:${app.server?.port}`;
    // The second visit is measured: what a browser keeps of scripts is kept then, as for anybody who works with it.
    await page.goto(`${origin}/run/${run!.id}`);
    await page.addInitScript(WATCH);
    const cdp = await page.context().newCDPSession(page);
    await cdp.send("Performance.enable", { timeDomain: "threadTicks" });
    const worked = async () => {
      const { metrics } = await cdp.send("Performance.getMetrics");
      return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
    };
    await page.goto(`${origin}/run/${run!.id}`);
    const first = await page.evaluate<number>("first");
    const work_first = await worked();
    const idle = await page.evaluate<{ frames: number }>(`counted(${LIVE_MS / 3})`);
    const [before, began] = [await worked(), performance.now()];
    const live = page.evaluate<{ frames: number; longest: number }>(`counted(${LIVE_MS})`);
    for (const row of rows.slice(steps)) {
      world.index.putRuns({ runs: [], steps: [row], ties: [], gone });
      world.sources.feed.publish({ type: "run.step", row });
      await Bun.sleep(1000 / RATE);
    }
    const { frames, longest } = await live;
    const work = ((await worked()) - before) / ((performance.now() - began) / 1000);
    return { steps, first, frames, idle: idle.frames, longest, work_first, work };
  } finally {
    await browser.close();
    await app.stop(true);
  }
}

/** In the page: when both pictures stood, and how many frames it draws. */
const WATCH = `
globalThis.first = new Promise((done) => {
  let bars = 0;
  const fill = CanvasRenderingContext2D.prototype.fillRect;
  CanvasRenderingContext2D.prototype.fillRect = function (...all) { bars++; return fill.apply(this, all); };
  const look = () => {
    const rows = document.querySelectorAll("#list .rows .row:not([hidden])").length;
    // Thin bars that touch are one: a long run has fewer of them than steps.
    if (rows > 5 && bars > 5) requestAnimationFrame(() => done(performance.now()));
    else requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
});
globalThis.counted = (ms) => new Promise((done) => {
  const began = performance.now();
  let [last, longest, n] = [began, 0, 0];
  const frame = (now) => {
    longest = Math.max(longest, now - last);
    [last, n] = [now, n + 1];
    if (now - began < ms) requestAnimationFrame(frame);
    else done({ frames: (n * 1000) / (now - began), longest });
  };
  requestAnimationFrame(frame);
});`;

/** An agent with two servers, each turn a call, some of them twice as long. */
export function piecesOf(steps: number): Piece[] {
  const pieces: Piece[] = [session({ id: "s", name: "weather" }), session({ id: "t", name: "files" })];
  for (let n = 0; n < steps / 2; n++) {
    const at = 1_700_000_000_000 + n * 1_000;
    const answered =
      n === 0 ? {} : { after: `a${n - 1}`, seen: [{ id: `c${n - 1}`, text: `result ${n - 1}` }] };
    const name = n % 3 === 0 ? "read_file" : "get_forecast";
    const args = { n, path: `/home/somebody/project/file-${n}.ts` };
    pieces.push(
      model({
        id: `a${n}`,
        at,
        ended: at + 400,
        ...answered,
        asked: [{ name, id: `c${n}`, arguments: args }],
      }),
      served({
        session: n % 3 === 0 ? "t" : "s",
        seq: 2 * n + 1,
        at: at + 420,
        name,
        arguments: args,
        tool_use: `c${n}`,
        text: `result ${n}`,
      }),
    );
  }
  return pieces;
}

if (import.meta.main)
  process.stdout.write(`${JSON.stringify(await drawing(Number(Bun.argv[2] ?? 2_000)))}\n`);
