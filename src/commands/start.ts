/** `start`, `proxy` and `web`: runs until it is told to stop, and stops cleanly. */
import { type Config, listensBeyond, readConfig } from "../config.ts";
import { tellsUsersApart } from "../door/peer-owner.ts";
import { splitUser } from "../upstreams.ts";
import { start, type Parts, type Program } from "../main.ts";

/** One Ctrl-C or `kill` may come twice: to the whole group, and handed on by `bun run` or npx. */
const ONE_PRESS_MS = 300;

/** `then` runs when everything listens, and may be cut short by a signal. */
export async function serve(
  args: readonly string[],
  parts: Parts,
  then: (program: Program) => Promise<void> = async () => {},
): Promise<number> {
  const config = readConfig(args);
  const { promise: asked, resolve: ask } = Promise.withResolvers<void>();
  let program: Program | null = null;
  let first: number | null = null;
  const stop = () => {
    first ??= performance.now();
    // The second time means now.
    if (performance.now() - first > ONE_PRESS_MS) process.exit(130);
    ask();
  };
  // Whoever read it may have gone, which is no reason not to stop cleanly.
  process.stdout.on("error", () => {});
  process.on("SIGINT", stop).on("SIGTERM", stop).on("SIGHUP", stop);
  program = await start(config, parts);
  process.stdout.write(banner(program, config));
  if (!config.mask) process.stderr.write(UNMASKED);
  await Promise.race([asked, then(program)]);
  await asked;
  if (program.proxyUrl) process.stdout.write("stopping; streams in flight get 5 s (again: at once)\n");
  await program.stop();
  process.exit(0);
}

const UNMASKED = `
  !!  LOG_SECRETS is set: API keys, cookies and passwords are written to the log folder as they are.
  !!  Whoever reads that folder can use them. Unset LOG_SECRETS to mask them.

`;

const TOLD = "  with prompts and answers (--otlp-content)";

function banner(program: Program, config: Config): string {
  const lines = [
    program.proxyUrl && `proxy      ${program.proxyUrl}  →  ${splitUser(config.targetUrl).url}`,
    program.dashboardUrl &&
      `dashboard  ${program.dashboardUrl}${config.token ? `/?token=${config.token}` : ""}`,
    (program.proxyUrl !== null || config.store === null) && `logs       ${config.logDir}`,
    config.store && `store      ${placeOf(config.store)}`,
    config.otlpUrl && `telemetry  ${splitUser(config.otlpUrl).url}${config.otlpContent ? TOLD : ""}`,
    whoElse(config),
  ];
  return `${lines.filter(Boolean).join("\n")}\n`;
}

/** Without what lets one in. */
function placeOf(store: string): string {
  const { host, pathname } = new URL(store);
  return host + pathname;
}

/** Who else than the one who started it gets there, in one sentence; null when nobody does. */
function whoElse(config: Config): string | null {
  const { host, allowRemote, token } = config;
  if (listensBeyond(host) && allowRemote.includes("all"))
    return `open       other machines reach ${host} too and may spend your keys and ask every server (--allow-remote)`;
  if (listensBeyond(host)) {
    const asks = token === null ? "are refused" : "ask for the token";
    return `open       other machines reach ${host} too: they may send requests with keys of their own; your keys, MCP servers, servers of this machine and the page ${asks}`;
  }
  if (tellsUsersApart() || token !== null) return null;
  return "open       other users of this machine reach both ports, since this system does not tell who they are; --token asks everybody";
}
