/** The browser that this machine has, if any, set up to be quiet and patient: a slow machine is no failure. */
import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from "playwright-core";

/** What a step may take. A time-out is for a test that hangs; a whole test may take several of these. */
const PATIENCE = 120_000;
/** For one browser test: more than any of its steps. */
export const BROWSER_TEST = 600_000;

const NAMES = ["chromium", "chromium-browser", "google-chrome"];
export const executablePath = process.env["CHROMIUM"] ?? NAMES.map((name) => Bun.which(name)).find(Boolean);
if (!executablePath) console.warn("browser tests are skipped: no chromium found; set CHROMIUM to its path");

// A container's /dev/shm is small; without a profile there is nothing to synchronise, update or ask.
const QUIET = [
  "no-sandbox",
  "disable-gpu",
  "disable-dev-shm-usage",
  "disable-quic",
  "no-first-run",
  "disable-sync",
];
const args = [...QUIET, "disable-background-networking", "disable-component-update"].map((it) => `--${it}`);

/** `more`: switches without their dashes. */
export function launch(more: readonly string[] = []): Promise<Browser> {
  const all = [...args, ...more.map((it) => `--${it}`)];
  return chromium.launch({ ...(executablePath && { executablePath }), args: all, timeout: PATIENCE });
}

/** A window of its own, in English unless told otherwise. */
export async function newPage(
  browser: Browser,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale: "en-US", ...options });
  context.setDefaultTimeout(PATIENCE);
  return { context, page: await context.newPage() };
}

/** Closes a window at a test's end. Where the browser died, what the test said before is the failure to show. */
export async function leave(context: BrowserContext): Promise<void> {
  await context.close().catch(() => {});
}
