/** The program: `start` wires the two ports and the record. */
import { fileURLToPath } from "node:url";
import { createNetwork, ownHosts } from "./capture/network.ts";
import { OwnTime } from "./capture/own-time.ts";
import { startProxy, type Proxy } from "./capture/proxy.ts";
import { foundHere } from "./commands/here.ts";
import { places } from "./config/environment.ts";
import { ConfigError } from "./config/options.ts";
import { listensBeyond, type Config } from "./config.ts";
import { createDoor } from "./door/sender.ts";
import { Brake } from "./door/token.ts";
import { keepPrivate } from "./journal/private.ts";
import { announce } from "./journal/running.ts";
import { listenError, urlHost } from "./door/listening.ts";
import type { Settings } from "./observer/messages.ts";
import { createRecord } from "./record.ts";
import { upstreamsOf } from "./upstreams.ts";
import { version } from "../package.json";

export type Program = {
  readonly proxyUrl: string | null;
  readonly dashboardUrl: string | null;
  /** Streams in flight get `graceMs` to finish; then everything is written and both ports are free. */
  stop(graceMs?: number): Promise<void>;
};

/** Which halves run: each is of use without the other. */
export type Parts = "all" | "proxy" | "web";

const CLI = fileURLToPath(new URL("./cli.ts", import.meta.url).href);

const GRACE_MS = 5_000;

/** No traffic passes here, so that one thread does. */
async function overTheStore(config: Config): Promise<Program> {
  const { startTeamPage } = await import("./team/page.ts");
  try {
    const page = await startTeamPage(config, { version, isBeyond: listensBeyond(config.host) });
    return { proxyUrl: null, dashboardUrl: page.url, stop: () => page.stop() };
  } catch (error) {
    throw new ConfigError((error as Error).message);
  }
}

/** Resolves when everything listens. Throws ConfigError when it cannot. */
export async function start(config: Config, parts: Parts = "all"): Promise<Program> {
  if ((config.store === null) !== (config.bodies === null))
    throw new ConfigError("--store and --bodies belong together: rows lie in the one, bodies in the other");
  if (parts === "web" && config.store !== null) return overTheStore(config);
  const startedAt = Date.now();
  const upstreams = upstreamsOf(config);
  const own = parts === "web" ? null : new OwnTime();
  const record = createRecord(config, own);
  const warnings = config.mask ? [] : ["LOG_SECRETS is set: keys are written to the log folder as they are"];
  const open = keepPrivate(config.logDir);
  if (open !== null) warnings.push(open);
  const proxy = parts === "web" ? null : listen();
  const proxyUrl = proxy && `http://${urlHost(config.host)}:${proxy.port}`;
  let dashboardUrl: string | null;
  try {
    dashboardUrl = await record.observe(settings, warnings);
  } catch (error) {
    await proxy?.stop(0);
    throw new ConfigError((error as Error).message);
  }
  const target = proxy && upstreams.default.url;
  const unannounce = announce(config.logDir, {
    pid: process.pid,
    started: new Date().toISOString(),
    proxyUrl,
    dashboardUrl,
    target,
  });

  return {
    proxyUrl,
    dashboardUrl,
    async stop(graceMs = GRACE_MS) {
      unannounce();
      await proxy?.stop(graceMs);
      await Promise.all([record.stop(), upstreams.stop()]);
    },
  };

  function listen(): Proxy {
    try {
      return startProxy({
        host: config.host,
        port: config.port,
        defaultUpstream: upstreams.default,
        find: upstreams.find,
        relays: upstreams.all.map(({ name }) => name).filter((name) => name.startsWith("mcp/")),
        network: createNetwork(config.proxies, config.insecureTls),
        isOwnHost: ownHosts(config.allowedHosts, listensBeyond(config.host) ? "any address" : "names"),
        allowedOrigins: new Set(config.allowedOrigins),
        token: config.token,
        tokenIsGiven: config.tokenIsGiven,
        brake: new Brake(),
        door: createDoor(config),
        record: record.options,
        ...(own && { own }),
      });
    } catch (error) {
      throw new ConfigError(listenError(config.host, config.port, "PROXY_PORT or --port", error));
    }
  }

  function demoIn(language: string, url: string): string[] {
    return [process.execPath, CLI, "demo", language, url, "--log-dir", config.logDir];
  }

  function packs(): Settings["packs"] {
    const { packAfterMs: afterMs, logDir } = config;
    if (afterMs === null) return null;
    const age = `${Math.ceil(afterMs / 1000)}s`;
    return { afterMs, command: [process.execPath, CLI, "pack", "--log-dir", logDir, "--older-than", age] };
  }

  function settings(): Settings {
    const named = [...new Set([upstreams.default, ...upstreams.all])].map(({ name, url }) =>
      url === null
        ? { name: `${name}:RESOURCE`, url: "https://RESOURCE.openai.azure.com" }
        : // What stands in a query is often a key.
          { name, url: url.replace(/\?.*/, "") },
    );
    return {
      config,
      life: record.life,
      startedAt,
      proxyUrl,
      upstreams: named,
      defaultUpstream: upstreams.default.name,
      version,
      demo: proxyUrl ? { en: demoIn("en", proxyUrl), zh: demoIn("zh", proxyUrl) } : null,
      packs: packs(),
      here: parts === "proxy" ? [] : foundHere(places()),
      web: parts !== "proxy",
      warnings,
    };
  }
}
