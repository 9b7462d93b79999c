/** `demo`: a small agent talks to the built-in model through the proxy. Starts everything when nothing runs yet. */
import { ConfigError, readOptions } from "../config/options.ts";
import { type Config, readConfig, settingsOf } from "../config.ts";
import { SETTINGS } from "../config/settings.ts";
import { runDemo } from "../demo/agent.ts";
import { isPlayable, play } from "../demo/lessons/play.ts";
import { LESSONS, MODEL_BREAKS, SERVER_BREAKS } from "../fact/lessons.ts";
import { running } from "../journal/running.ts";
import { serve } from "./start.ts";

/**
 * `demo [en|zh] [LESSON or SWITCH] [PROXY URL] [settings]`. Without a URL the proxy that runs on this log folder, or one
 * of our own. With a name it plays that lesson, or breaks the demo in that way.
 */
export async function demo(args: readonly string[]): Promise<number> {
  const said = readOptions(args, SETTINGS);
  const words = said.names;
  const settings = settingsOf(said);
  const url = words.find((word) => /^https?:\/\//.test(word))?.replace(/\/+$/, "");
  const lesson = words.find(isPlayable) ?? null;
  const wrong = words.find((word) => word !== lesson && !/^(?:en|zh|https?:\/\/.*)$/.test(word));
  if (wrong !== undefined)
    throw new ConfigError(
      `the demo speaks en and zh, and plays ${NAMES.join(", ")}; it knows no ${JSON.stringify(wrong)}`,
    );
  const language = words.includes("zh") ? "zh" : "en";
  const config = readConfig(settings);
  const found = running(config.logDir).find(({ proxyUrl }) => proxyUrl !== null);
  const proxyUrl = url ?? found?.proxyUrl ?? null;
  if (proxyUrl === null) {
    return serve(settings, "all", async (program) => {
      const talked = program.proxyUrl ? talk(program.proxyUrl, config, language, lesson) : Promise.resolve();
      await talked.catch((error: Error) => say(`The demo broke off: ${error.message}`));
      say(`\nIt stays on ${program.dashboardUrl} until Ctrl-C.`);
    });
  }
  await talk(proxyUrl, config, language, lesson);
  if (found?.dashboardUrl) say(`\nSee it on ${found.dashboardUrl}`);
  return 0;
}

function talk(
  proxyUrl: string,
  { logDir }: Config,
  language: "en" | "zh",
  lesson: string | null,
): Promise<void> {
  return lesson === null ? runDemo({ proxyUrl, logDir, say, language }) : play(lesson, { proxyUrl, logDir });
}

const NAMES = [...LESSONS, ...Object.keys(MODEL_BREAKS), ...Object.keys(SERVER_BREAKS)];

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
