/** `/learn`: the lessons, their recordings, and playing them against the demo. The lessons are loaded with the first look at one. */
import { Elysia, t as schema } from "elysia";
import { LESSONS, MODEL_BREAKS, SERVER_BREAKS } from "../../fact/lessons.ts";
import type { ExchangeRow, SessionRow } from "../../fact/rows.ts";
import { filterOf } from "../../filter/filter.ts";
import { languageOf, translator } from "../language.ts";
import { sendPage } from "../send-page.ts";
import type { Readings } from "../readings.ts";
import { shell } from "../shell.ts";
import type { Sources } from "../sources.ts";
import type { View } from "../view.ts";
import { fileOf, recordedOf } from "./recorded.ts";

const Name = schema.String({ pattern: "^[a-z-]{1,40}$", error: "name: small letters and -" });

export function learnRoutes(sources: Sources, see: Readings) {
  const viewOf = async (request: Request): Promise<View> => {
    const lang = languageOf(request);
    return { t: translator(lang), lang, sources, see, status: await sources.status() };
  };
  let isPlaying = false;
  const addressOf = (request: Request) => new URL(request.url).pathname + new URL(request.url).search;
  return new Elysia({ detail: { hide: true } })
    .get("/learn", async ({ request }) => {
      const view = await viewOf(request);
      const place = {
        tab: "learn",
        title: `${view.t("lessons.title")} · MCP Proxy Logger`,
        address: addressOf(request),
      } as const;
      const { lessonList } = await import("./list-page.ts");
      return sendPage(request, shell(view, place, lessonList(view)), 200);
    })
    .get(
      "/learn/:name",
      async ({ request, params, query, status }) => {
        const lesson = await lessonNamed(params.name);
        if (!lesson) return status(404, { error: `there is no lesson ${params.name}` });
        const { lessonPage } = await import("./lesson-page.ts");
        const view = await viewOf(request);
        const title = `${lesson.title[view.lang]} · MCP Proxy Logger`;
        const main = lessonPage(view, lesson, await recordedOf(lesson.name), query.step ?? 1);
        return sendPage(
          request,
          shell(view, { tab: "learn", title, address: addressOf(request) }, main),
          200,
        );
      },
      {
        params: schema.Object({ name: Name }),
        query: schema.Object({ step: schema.Optional(schema.Integer()) }),
      },
    )
    .get(
      "/learn/:name/recording.json",
      async ({ params, status }) => {
        const lesson = await lessonNamed(params.name);
        if (!lesson) return status(404, { error: `there is no lesson ${params.name}` });
        return new Response(Bun.file(fileOf(lesson.name)), {
          headers: {
            "content-type": "application/json",
            "content-disposition": `attachment; filename="${lesson.name}.json"`,
          },
        });
      },
      { params: schema.Object({ name: Name }) },
    )
    .post(
      "/api/learn/:name",
      async ({ params: { name }, status }) => {
        if (!sources.runLesson)
          return status(404, {
            error: "lessons are played through the proxy; start it with `bun run start`",
          });
        if (!isPlayable(name)) return status(404, { error: `there is no lesson and no switch ${name}` });
        // Each is a program of its own: one after the other.
        if (isPlaying) return status(409, { error: "something is being played; try again when it is over" });
        isPlaying = true;
        const began = Date.now();
        try {
          await sources.runLesson(name);
        } finally {
          isPlaying = false;
        }
        return { open: await recordedSince(sources, began, name) };
      },
      { params: schema.Object({ name: Name }) },
    );
}

async function lessonNamed(name: string) {
  return (await import("./lessons.ts")).lessonOf(name);
}

function isPlayable(name: string): boolean {
  return (
    (LESSONS as readonly string[]).includes(name) ||
    Object.hasOwn(MODEL_BREAKS, name) ||
    Object.hasOwn(SERVER_BREAKS, name)
  );
}

/** What was played is written within some hundred ms; one that is not there by then has another trouble, which the page tells. */
const PATIENCE_MS = 5_000;

/** Where the page shows what was recorded since then: the run where both wires were used, else the first of it. */
async function recordedSince({ index }: Sources, began: number, name: string): Promise<string> {
  const filter = filterOf({ upstream: "demo", since: new Date(began).toISOString() });
  const lesson = await lessonNamed(name);
  const isBreak = !lesson;
  const items = lesson ? await recordedOf(lesson.name) : [];
  const wanted = isBreak
    ? {
        exchanges: Object.hasOwn(MODEL_BREAKS, name) ? 1 : 0,
        sessions: Object.hasOwn(SERVER_BREAKS, name) ? 1 : 0,
      }
    : {
        exchanges: items.filter(({ kind }) => kind === "exchange").length,
        sessions: items.filter(({ kind }) => kind === "session").length,
      };
  for (;;) {
    const exchanges = (await index.exchanges({ limit: 20, filter })).items;
    const sessions = (await index.sessions({ limit: 10 })).items.filter(({ at }) => at >= began);
    const isThere = exchanges.length >= wanted.exchanges && sessions.length >= wanted.sessions;
    if (isThere || Date.now() - began > PATIENCE_MS + (exchanges.at(-1)?.duration_ms ?? 0))
      return placeOf(exchanges, sessions, isBreak);
    await Bun.sleep(50);
  }
}

/** Rows come newest first. */
function placeOf(
  exchanges: readonly ExchangeRow[],
  sessions: readonly SessionRow[],
  isBreak: boolean,
): string {
  const [exchange, session] = [exchanges.at(-1), sessions.at(-1)];
  if (exchange?.run && session) return `/run/${exchange.run}`;
  if (exchange) return `/llm/${exchange.id}${isBreak ? "/problems" : ""}`;
  if (session) return `/mcp/${session.id}${isBreak ? "?part=problems" : ""}`;
  return "/";
}
