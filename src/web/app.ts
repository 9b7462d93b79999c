/** The page: guard, pages, JSON API, socket and `public/`. Listening is the caller's; `stop()` says 1012 first. */
import { staticPlugin } from "@elysiajs/static";
import { Elysia } from "elysia";
import type { Server } from "elysia/universal";
import { join } from "node:path";
import { ANSWERS, answers, tells } from "./answers.ts";
import { api } from "./api.ts";
import { exchangesApi } from "./exchanges-api.ts";
import { sessionsApi } from "./sessions-api.ts";
import { compression } from "./compression.ts";
import { descriptionRoute } from "./description.ts";
import { createDoorkeeper, type Visitor } from "./doorkeeper.ts";
import { HEADERS, refusal } from "./guard.ts";
import { keepingApi } from "./keeping-api.ts";
import { learnRoutes } from "./learn/learn-routes.ts";
import { explainRoutes } from "./learn/explain-routes.ts";
import { exchangeParts } from "./exchange-parts.ts";
import { metricsRoute } from "./metrics.ts";
import { groupedApi } from "./grouped-api.ts";
import { pages } from "./pages.ts";
import { readings } from "./readings.ts";
import { requestsApi } from "./runs/requests-api.ts";
import { runsApi } from "./runs/runs-api.ts";
import { stepApi } from "./runs/step-api.ts";
import { SCRIPT, sharedModules } from "./shared-modules.ts";
import { BACKPRESSURE_LIMIT, type Packing, sockets } from "./socket.ts";
import type { Sources } from "./sources.ts";
import { allStyles } from "./styles.ts";

export type { About, Sources } from "./sources.ts";

const PUBLIC = join(import.meta.dir, "../../public");

export async function createWeb(sources: Sources) {
  const feed = sockets(sources.feed);
  const see = readings(sources);
  const doorkeeper = createDoorkeeper(sources.token);
  // Bun's own router would answer static routes before any hook: without it the guard sees every request.
  const app = new Elysia({
    nativeStaticResponse: false,
    systemRouter: false,
    websocket: {
      backpressureLimit: BACKPRESSURE_LIMIT,
      closeOnBackpressureLimit: true,
      maxPayloadLength: 4096,
    },
  })
    .onRequest(({ request, set, server }) => {
      Object.assign(set.headers, HEADERS);
      const no = refusal(request, sources);
      if (no) return sentence(no.status, no.error);
      return doorkeeper(request, visitorOf(request, server, sources));
    })
    .onError(({ code, error }) => {
      if (code === "NOT_FOUND") return sentence(404, "there is nothing at this address");
      if (code === "VALIDATION") return sentence(400, reasonOf(error));
      if (code === "PARSE") return sentence(400, "the body of this request could not be read");
      return sentence(500, `the page failed: ${"message" in error ? error.message : code}`);
    })
    .use(compression(sources.about.masked ? "masked" : "as it passed"))
    .use(descriptionRoute(info(sources)))
    .use(
      await staticPlugin({
        assets: PUBLIC,
        prefix: "/public",
        alwaysStatic: true,
        indexHTML: false,
        ignorePatterns: [SCRIPT],
        directive: "no-cache",
        maxAge: 0,
        silent: true,
      }),
    )
    .use(sharedModules())
    .use(allStyles())
    .get("/healthz", () => ({ ok: true }), {
      detail: { ...answers(ANSWERS.healthz), summary: "Is it up?", tags: ["api"] },
    })
    .use(metricsRoute(sources))
    .use(exchangesApi(sources, see))
    .use(sessionsApi(sources))
    .use(api(sources))
    .use(keepingApi(sources))
    .use(groupedApi(sources))
    .use(runsApi(sources))
    .use(requestsApi(sources, see))
    .use(stepApi(sources, see))
    .use(exchangeParts(see))
    .use(explainRoutes(sources, see))
    .use(learnRoutes(sources, see))
    .use(pages(sources, see))
    .ws("/ws", {
      open: ({ raw, data }) => feed.open(raw, sinceOf(data.query["since"]), packingOf(data.query["frames"])),
      message: ({ raw }, message) => feed.onMessage(raw, message),
      drain: ({ raw }) => feed.drained(raw),
      close: ({ raw }) => feed.closed(raw),
      detail: {
        ...tells(ANSWERS.socket),
        summary: "What happens, as it happens: one JSON object a message",
        description:
          "See docs/socket.md. `since` goes on behind a number; `frames=together` packs what came at once.",
        tags: ["api"],
      },
    });
  const { stop } = app;
  app.stop = async (force) => {
    feed.stop();
    return await stop.call(app, force);
  };
  return app;
}

/** From the socket: what a request says of where it comes from is not believed. */
function visitorOf(request: Request, server: Server | null, { door }: Sources): Visitor {
  const from = server?.requestIP(request);
  if (!from || !server) return { address: "", standing: door ? "other-machine" : null };
  const { address, port } = from;
  // On this machine both ends have the address that was asked for, but for those that stand for all.
  const ends = { address, port, ourAddress: address, ourPort: server.port ?? 0 };
  return { address, standing: door ? door(ends) : null };
}

function sentence(status: number, error: string): Response {
  return Response.json({ error }, { status });
}

function info({ about }: Sources) {
  return {
    title: "MCP Proxy Logger",
    version: about.version,
    description:
      "Everything that the page shows. `WS /ws` tells what happens, one JSON object a frame: see docs/socket.md.",
  };
}

function reasonOf(error: unknown): string {
  const { message = "", valueError } = error as {
    message?: string;
    valueError?: { path: string; message: string };
  };
  if (message && !message.startsWith("{")) return message;
  return valueError
    ? `${valueError.path.slice(1)}: ${valueError.message}`
    : "this request is not as documented";
}

function sinceOf(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,16}$/.test(text) ? Number(text) : undefined;
}

function packingOf(text: string | undefined): Packing {
  return text === "together" ? "together" : "single";
}
