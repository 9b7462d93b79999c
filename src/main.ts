/** The program: `start` wires the two threads. Capture and everything else meet here, in `tell`. */
import { fileURLToPath } from "node:url";
import { createNetwork, ownHosts } from "./capture/network.ts";
import { createOutbox } from "./capture/outbox.ts";
import { startProxy, type Proxy } from "./capture/proxy.ts";
import { ConfigError, type Config } from "./config.ts";
import { maskFor } from "./journal/mask-key.ts";
import { announce } from "./journal/running.ts";
import { listenError, urlHost } from "./observer/listen-error.ts";
import type { FromObserver, Settings, ToObserver } from "./observer/messages.ts";
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

/** An observer that dies again and again is given time, so that it cannot eat the machine. */
const RESTART_MS = [0, 100, 1000, 5000];

/** Resolves when everything listens. Throws ConfigError when it cannot. */
export async function start(config: Config, parts: Parts = "all"): Promise<Program> {
  const upstreams = upstreamsOf(config);
  const observer = observe();
  const outbox = createOutbox({ post: (batch) => observer.post({ type: "facts", ...batch }) });
  const proxy = parts === "web" ? null : listen();
  const proxyUrl = proxy && `http://${urlHost(config.host)}:${proxy.port}`;
  const warnings = config.mask ? [] : ["LOG_SECRETS is set: keys are written to the log folder as they are"];
  const life = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  let unannounce = () => {};
  let dashboardUrl: string | null;
  try {
    dashboardUrl = await observer.start();
  } catch (error) {
    await proxy?.stop(0);
    throw error;
  }
  const target = proxy && upstreams.default.url;
  unannounce = announce(config.logDir, {
    pid: process.pid,
    started: new Date().toISOString(),
    proxyUrl,
    dashboardUrl,
    target,
  });
  const lossReport = setInterval(() => {
    const { lostBytes, lostExchanges } = outbox.state();
    if (lostBytes + lostExchanges > 0)
      observer.post({ type: "lost", bytes: lostBytes, exchanges: lostExchanges });
  }, 1000);
  lossReport.unref();

  return {
    proxyUrl,
    dashboardUrl,
    async stop(graceMs = GRACE_MS) {
      clearInterval(lossReport);
      unannounce();
      await proxy?.stop(graceMs);
      outbox.flush();
      await Promise.all([observer.stop(), upstreams.stop()]);
    },
  };

  function listen(): Proxy {
    try {
      return startProxy({
        host: config.host,
        port: config.port,
        defaultUpstream: upstreams.default,
        find: upstreams.find,
        network: createNetwork(config.proxies, config.insecureTls),
        isOwnHost: ownHosts(config.allowedHosts),
        record: {
          tell: outbox.tell,
          mask: config.mask ? maskFor(config.logDir) : null,
          bodyLimit: config.bodyLimit,
        },
      });
    } catch (error) {
      throw new ConfigError(listenError(config.host, config.port, "PROXY_PORT or --port", error));
    }
  }

  function observe() {
    let worker: Worker | null = null;
    let restarts = 0;
    let stopping: (() => void) | null = null;
    const { promise, resolve, reject } = Promise.withResolvers<string | null>();

    function settings(): Settings {
      const named = upstreams.all.flatMap(({ name, url }) => (url ? [{ name, url }] : []));
      return {
        config,
        life,
        proxyUrl,
        upstreams: named,
        defaultUpstream: upstreams.default.name,
        version,
        demo: proxyUrl ? [process.execPath, CLI, "demo", proxyUrl, "--log-dir", config.logDir] : null,
        web: parts !== "proxy",
        warnings,
      };
    }
    function spawn(): void {
      const fresh = new Worker(new URL("./observer/worker.ts", import.meta.url).href);
      worker = fresh;
      fresh.onmessage = ({ data }: MessageEvent<FromObserver>) => hear(data);
      fresh.onerror = (event) => warnings.push(`the observer failed and was started again: ${event.message}`);
      fresh.addEventListener("close", () => {
        if (worker !== fresh) return;
        worker = null;
        if (stopping) return stopping();
        setTimeout(spawn, RESTART_MS[Math.min(restarts++, RESTART_MS.length - 1)]);
      });
      fresh.postMessage({ type: "settings", settings: settings() } satisfies ToObserver);
      outbox.repost();
    }
    function hear(message: FromObserver): void {
      switch (message.type) {
        case "ready":
          return resolve(message.dashboardUrl);
        case "failed":
          stopping ??= () => {};
          worker?.terminate();
          return reject(new ConfigError(message.message));
        case "acked":
          return outbox.acked(message.seq);
        case "warning":
          process.stderr.write(`${message.message}\n`);
          return;
        case "stopped":
          worker?.terminate();
          return stopping?.();
        default:
          message satisfies never;
      }
    }
    return {
      start(): Promise<string | null> {
        spawn();
        return promise;
      },
      post: (message: ToObserver) => worker?.postMessage(message),
      stop(): Promise<void> {
        if (!worker) return Promise.resolve();
        const { promise: stopped, resolve: done } = Promise.withResolvers<void>();
        stopping = done;
        worker.postMessage({ type: "stop" } satisfies ToObserver);
        return stopped;
      },
    };
  }
}
