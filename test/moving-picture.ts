/** `bun test/moving-picture.ts`: the README's picture that moves, the first seconds of the demo as a newcomer sees them. */
import { join } from "node:path";
import { animated, type Frame } from "./apng.ts";
import { launch, newPage } from "./chromium.ts";
import { root, startProgram } from "./program.ts";

const SIZE = { width: 1120, height: 640 };
/** Between two frames, and how long the last one stays. */
const FRAME_MS = 250;
const LAST_MS = 4_000;
/** A demo takes some seconds; of one that hangs no picture is made. */
const MOST_FRAMES = 80;

const browser = await launch();
for (const [language, ending] of [
  ["en", ""],
  ["zh", ".zh-CN"],
] as const) {
  const frames = await filmed(language);
  const path = join(root, "docs", `demo${ending}.png`);
  await Bun.write(path, animated(frames));
  console.log(`${path} ${frames.length} frames, ${Bun.file(path).size} bytes`);
}
await browser.close();

async function filmed(language: "en" | "zh"): Promise<Frame[]> {
  await using program = await startProgram();
  const { page, context } = await newPage(browser, { colorScheme: "light", viewport: SIZE });
  const frames: Frame[] = [];
  const shoot = async (ms = FRAME_MS) => {
    const folder = page.locator("footer code", { hasText: program.logDir });
    if ((await folder.count()) > 0) await folder.evaluate((shown) => void (shown.textContent = "logs"));
    frames.push({ png: await page.screenshot(), ms });
  };
  await page.goto(`${program.pageUrl}/?lang=${language}`);
  const demo = page.locator("[data-do=demo]");
  await demo.waitFor();
  await shoot(1_500);
  await demo.click();
  let still = 0;
  for (let last = ""; frames.length < MOST_FRAMES && still < 12; await page.waitForTimeout(FRAME_MS)) {
    await shoot();
    const now = `${page.url()} ${await page.locator("main").innerText()}`.replaceAll(/\d/g, "");
    still = now === last ? still + 1 : 0;
    last = now;
  }
  await shoot(LAST_MS);
  await context.close();
  return frames;
}
