/** The page on its port, over what the observer knows. */
import { createDoor } from "../door/sender.ts";
import { createWeb } from "../web/app.ts";
import { listenError, urlHost } from "../door/listening.ts";
import type { Settings } from "./messages.ts";
import { demoRunner } from "./run-demo.ts";

type Sources = Parameters<typeof createWeb>[0];
/** What is asked of the record; the rest follows from the settings. */
export type Recorded = Pick<
  Sources,
  | "index"
  | "feed"
  | "load"
  | "file"
  | "inFlight"
  | "live"
  | "session"
  | "flyingSteps"
  | "star"
  | "remove"
  | "status"
  | "metrics"
>;

/** Throws a sentence for a person when the port cannot be listened on. */
export async function servePage(
  settings: Settings,
  recorded: Recorded,
): Promise<{ app: { stop(): Promise<unknown> }; url: string }> {
  const { config, proxyUrl, upstreams, defaultUpstream, version, demo, here } = settings;
  const sources = {
    ...recorded,
    about: {
      version,
      proxyUrl,
      dashboardUrl: "",
      upstreams,
      defaultUpstream,
      logDir: config.logDir,
      masked: config.mask,
    },
    token: config.token,
    door: createDoor(config),
    isOpen: config.allowRemote.length > 0,
    ...(demo && demoRunner(demo)),
    here,
    allowedHosts: config.allowedHosts,
  };
  const app = await createWeb(sources);
  try {
    // Elysia shares its port by default: a second program would take half of the visitors.
    app.listen({ hostname: config.host, port: config.webPort, idleTimeout: 0, reusePort: false });
  } catch (error) {
    const message = listenError(config.host, config.webPort, "WEB_PORT or --web-port", error);
    throw new Error(message, { cause: error });
  }
  const url = `http://${urlHost(config.host)}:${app.server!.port}`;
  sources.about.dashboardUrl = url;
  return { app, url };
}
