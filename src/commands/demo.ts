/** `demo`: a small agent talks to the built-in model through the proxy. Starts everything when nothing runs yet. */
import { readConfig, type Config } from "../config.ts";
import { runDemo } from "../demo/agent.ts";
import { running } from "../journal/running.ts";
import { serve } from "./start.ts";

/** `demo [PROXY URL] [settings]`. Without a URL the proxy that runs on this log folder, or one of our own. */
export async function demo(args: readonly string[]): Promise<number> {
  const given = args[0]?.startsWith("http") ? args[0].replace(/\/+$/, "") : null;
  const rest = given === null ? args : args.slice(1);
  const config = readConfig(rest);
  const found = running(config.logDir).find(({ proxyUrl }) => proxyUrl !== null);
  const proxyUrl = given ?? found?.proxyUrl ?? null;
  if (proxyUrl === null) {
    return serve(rest, "all", async (program) => {
      const talked = program.proxyUrl ? talk(program.proxyUrl, config) : Promise.resolve();
      await talked.catch((error: Error) => say(`The demo broke off: ${error.message}`));
      say(`\nIt stays on ${program.dashboardUrl} until Ctrl-C.`);
    });
  }
  await talk(proxyUrl, config);
  if (found?.dashboardUrl) say(`\nSee it on ${found.dashboardUrl}`);
  return 0;
}

async function talk(proxyUrl: string, config: Config): Promise<void> {
  const chinese = Intl.DateTimeFormat().resolvedOptions().locale.startsWith("zh");
  await runDemo({ proxyUrl, logDir: config.logDir, say, language: chinese ? "zh" : "en" });
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}
