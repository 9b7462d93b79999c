/** The lanes of a run in a real browser: hands that move them, and that a long run costs no more than what is seen of it. */
import { afterAll, beforeAll, describe, expect, setDefaultTimeout, test } from "bun:test";
import type { Browser, CDPSession, Page } from "playwright-core";
import { piecesOf } from "../bench/drawing.ts";
import { told } from "../src/read/run/written.testkit.ts";
import { believable } from "./believable.ts";
import { BROWSER_TEST, executablePath, launch } from "./chromium.ts";
import { becomes, visit } from "./visit.ts";

setDefaultTimeout(BROWSER_TEST);

let browser: Browser;

describe.skipIf(!executablePath)("the lanes of a run", () => {
  beforeAll(async () => void (browser = await launch()));
  afterAll(async () => await browser?.close());

  test("two fingers come nearer and go back, one moves along, a tap chooses; the address says where", async () => {
    const { world, path } = longRun(40);
    const options = { hasTouch: true, isMobile: true, viewport: { width: 390, height: 844 } };
    await using seen = await visit(browser, world, path, options);
    const { page } = seen;
    await drawn(page);
    const touch = await touchesOn(page);
    await touch("touchStart", [200]);
    await touch("touchStart", [200, 260]);
    await touch("touchMove", [180, 280]);
    await touch("touchMove", [150, 310]);
    await touch("touchEnd");
    const near = await viewOf(page);
    const whole = 40 * 500;
    expect(near.to - near.from).toBeLessThan(whole * 0.7);
    await touch("touchStart", [250]);
    await touch("touchMove", [220]);
    await touch("touchMove", [190]);
    await touch("touchEnd");
    const along = await viewOf(page, near);
    expect(along.from).toBeGreaterThan(near.from);
    // Its ends are said in whole ms.
    expect(Math.abs(along.to - along.from - (near.to - near.from))).toBeLessThan(2);
    expect(page.url()).not.toContain("step=");
    await touch("touchStart", [150]);
    await touch("touchStart", [150, 310]);
    await touch("touchMove", [225, 235]);
    await touch("touchEnd");
    await becomes(page, "location.search", "");
    const bar = await page.evaluate<{ x: number; y: number }>("aBar()");
    await page.touchscreen.tap(bar.x, bar.y);
    await page.waitForURL(/step=/);
    await page.locator("#detail h2").first().waitFor();
    expect(seen.complaints).toEqual([]);
  });

  test("wheel and keys do the same; one key goes from step to step; an address opens where it was left", async () => {
    const { world, path, rows } = longRun(40);
    await using seen = await visit(browser, world, path);
    const { page } = seen;
    await drawn(page);
    const lanes = page.locator("#lanes");
    await lanes.hover({ position: { x: 700, y: 60 } });
    await page.mouse.wheel(0, -120);
    const near = await viewOf(page);
    await lanes.focus();
    await page.keyboard.press("ArrowRight");
    const right = await viewOf(page, near);
    expect(right.from).toBeGreaterThan(near.from);
    await page.keyboard.press("+");
    const nearer = await viewOf(page, right);
    expect(nearer.to - nearer.from).toBeLessThan(right.to - right.from);
    // Who drags does not choose what lies under the hand when it is lifted.
    const box = (await lanes.boundingBox())!;
    await page.mouse.move(box.x + 800, box.y + 60);
    await page.mouse.down();
    await page.mouse.move(box.x + 600, box.y + 60, { steps: 4 });
    await page.mouse.up();
    const dragged = await viewOf(page, nearer);
    expect(dragged.from).toBeGreaterThan(nearer.from);
    expect(page.url()).not.toContain("step=");
    await page.locator("#list").focus();
    await page.keyboard.press("j");
    await page.waitForURL(/step=/);
    const first = new URL(page.url()).searchParams.get("step");
    await page.keyboard.press("j");
    await page.waitForURL((url) => url.searchParams.get("step") !== first);
    const address = page.url();
    const second = new URL(address).searchParams.get("step");
    expect(rows.map(({ id }) => id).indexOf(second!)).toBe(rows.map(({ id }) => id).indexOf(first!) + 1);
    await page.goto(address);
    await drawn(page);
    await page.locator('#list .row[aria-selected="true"]').waitFor();
    expect(await viewOf(page)).toEqual(dragged);
    // In words: what the picture is, and where the same is told as text.
    expect(await lanes.getAttribute("role")).toBe("img");
    const help = (await lanes.getAttribute("aria-describedby"))!;
    expect(await page.locator(`#${help}`).textContent()).toContain("The list below says the same in words");
    expect(seen.complaints).toEqual([]);
  });

  test("a run of thousands costs what is in sight: drawn work and touched elements do not grow with it", async () => {
    const costs = [];
    for (const steps of [400, 4_000]) {
      const { world, path, rows, put } = longRun(steps + 40, steps);
      await using seen = await visit(browser, world, path);
      const { page } = seen;
      await drawn(page);
      await page.evaluate("counting()");
      for (const row of rows.slice(steps)) put(row);
      await becomes(
        page,
        `document.querySelector("#list").getAttribute("aria-rowcount")`,
        String(steps + 41),
      );
      await becomes(page, "counted.draws > 0", true);
      costs.push(await page.evaluate<Counted>("counted"));
    }
    const [short, long] = costs as [Counted, Counted];
    for (const { strokes, draws, touched, elements } of costs) {
      expect(strokes / draws).toBeLessThan(2_500);
      // 40 steps that come at once are one picture, or a few.
      expect(draws).toBeLessThan(12);
      expect(touched).toBeLessThan(4_000);
      expect(elements).toBeLessThan(700);
    }
    expect(long.strokes / long.draws).toBeLessThan(1.5 * (short.strokes / short.draws) + 50);
    expect(long.touched).toBeLessThan(2 * short.touched + 200);
  });
});

type Counted = { strokes: number; draws: number; touched: number; elements: number };

/** A run of so many steps, of which so many are there; `put` lets another come. */
function longRun(steps: number, there = steps) {
  const world = believable();
  const all = told(piecesOf(steps));
  const [run] = [...all.runs.values()];
  const rows = [...all.steps.values()].toSorted((a, b) => a.at - b.at);
  const gone = { runs: [], steps: [], ties: [] };
  world.index.putRuns({ runs: [run!], steps: rows.slice(0, there), ties: [...all.ties.values()], gone });
  const put = (row: (typeof rows)[number]) => {
    world.index.putRuns({ runs: [], steps: [row], ties: [], gone });
    world.sources.feed.publish({ type: "run.step", row });
  };
  return { world, rows, put, path: `/run/${run!.id}` };
}

/** Both pictures stand. Afterwards the page can be asked for a bar, and for what it does. */
async function drawn(page: Page): Promise<void> {
  await page.locator("#list .rows .row").nth(3).waitFor();
  await page.evaluate(`{
    const PEN = CanvasRenderingContext2D.prototype;
    const lanes = document.querySelector("#lanes");
    globalThis.aBar = () => {
      const box = lanes.getBoundingClientRect();
      const { data, width } = lanes.getContext("2d").getImageData(0, 0, lanes.width, lanes.height);
      const lane = (n) => 22 + n * 26 + 13;
      const scale = lanes.width / box.width;
      for (let x = 100; x < box.width - 20; x++)
        for (const n of [1, 2]) {
          const at = (Math.round(lane(n) * scale) * width + Math.round(x * scale)) * 4;
          const [r, g, b] = [data[at], data[at + 1], data[at + 2]];
          if (Math.max(r, g, b) - Math.min(r, g, b) > 60) return { x: box.x + x, y: box.y + lane(n) };
        }
    };
    globalThis.counting = () => {
      globalThis.counted = { strokes: 0, draws: 0, touched: 0, elements: 0 };
      for (const name of ["fillRect", "strokeRect", "fillText", "measureText", "stroke", "fill", "moveTo", "lineTo"]) {
        const own = PEN[name];
        PEN[name] = function (...all) { counted.strokes++; return own.apply(this, all); };
      }
      const clear = PEN.clearRect;
      PEN.clearRect = function (...all) { if (this.canvas === lanes) counted.draws++; return clear.apply(this, all); };
      new MutationObserver((all) => {
        counted.touched += all.length;
        counted.elements = document.querySelectorAll("#list *").length;
      }).observe(document.querySelector("#list"), { subtree: true, childList: true, attributes: true, characterData: true });
    };
  }`);
}

/** Fingers on the lanes, each at its place from the left. */
async function touchesOn(page: Page) {
  const cdp: CDPSession = await page.context().newCDPSession(page);
  const box = (await page.locator("#lanes").boundingBox())!;
  return async (type: "touchStart" | "touchMove" | "touchEnd", places: readonly number[] = []) => {
    const touchPoints = places.map((x, id) => ({ x: box.x + x, y: box.y + 40, id: id + 1 }));
    await cdp.send("Input.dispatchTouchEvent", { type, touchPoints });
  };
}

/** What the address says is in sight, once it says something else than `before`, and the same for some frames: hands move in steps. */
async function viewOf(page: Page, before?: { from: number; to: number }) {
  const said = (url: URL) => ({
    from: Number(url.searchParams.get("from")),
    to: Number(url.searchParams.get("to")),
  });
  await page.waitForURL((url) => said(url).to > 0 && said(url).from !== before?.from);
  await page.evaluate(`new Promise((done) => {
    let href = "", same = 0;
    requestAnimationFrame(function look() {
      same = href === location.href ? same + 1 : 0;
      href = location.href;
      if (same === 10) done();
      else requestAnimationFrame(look);
    });
  })`);
  return said(new URL(page.url()));
}
