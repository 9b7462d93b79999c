/**
 * The addresses that a person sees. Each answers with the whole page, or with its fragment when htmx asks. What draws a view
 * is loaded with the view: a start needs the list alone.
 */
import { Elysia, t as schema } from "elysia";
import { lineOf } from "../read/mcp/line.ts";
import { at } from "../read/path.ts";
import { asText, bytesOf, missing } from "./exchange-parts.ts";
import { cookie } from "./guard.ts";
import { folds, rowsAfter } from "./session-views.ts";
import { html, type Html } from "./html.ts";
import { languageOf, lateWords, translator } from "./language.ts";
import { liveOf, marksOf } from "./live.ts";
import { gone, llm, type Chosen } from "./llm.ts";
import type { Part } from "./mcp/session.ts";
import type { Readings } from "./readings.ts";
import { saving } from "./saved/routes.ts";
import { sendPage } from "./send-page.ts";
import { shell, statusLine, type Place } from "./shell.ts";
import type { Sources } from "./sources.ts";
import type { View } from "./view.ts";
import { Id } from "./ids.ts";

type Answer = { place: Place; main: Html; status: number };

const Step = schema.Object({ step: schema.Optional(schema.String({ maxLength: 300 })) });
const Seq = schema.Integer({ minimum: 0, error: "seq: the number of a message" });
const After = schema.Object({ from: schema.Optional(schema.Integer({ error: "from: a whole number" })) });

export function pages(sources: Sources, see: Readings) {
  const fold = folds(sources);
  const viewOf = async (request: Request): Promise<View> => {
    const lang = languageOf(request);
    const as = cookie(request, "as") === "source" ? ({ as: "source" } as const) : {};
    return { t: translator(lang), lang, sources, see, ...as, status: await sources.status() };
  };
  const whole = (request: Request, view: View, { place, main, status }: Answer) =>
    sendPage(request, shell(view, place, main), status);

  const llmPage = async (request: Request, chosen: Chosen) => {
    const view = await viewOf(request);
    if (chosen && isPart(request)) {
      const { detail } = await import("./detail.ts");
      const found = await detail(view, chosen.id, chosen.panel);
      return sendPage(request, found?.html ?? gone(view, chosen.id), found ? 200 : 404);
    }
    const wish = new URL(request.url).searchParams.has("welcome") ? "welcome" : "list";
    return whole(request, view, await llm(view, chosen, addressOf(request), wish));
  };

  const mcpPage = async (request: Request, id: string | null, seq: number | null) => {
    const view = await viewOf(request);
    const found = id === null ? null : await fold(id);
    const part = partOf(request);
    const { mcp, message, session } = await mcpViews();
    if (isPart(request) && id !== null) {
      const piece = found && (await (seq === null ? session(view, found, part) : message(view, found, seq)));
      const lost = html`<p class="nothing">${view.t("mcp.gone")} <code>${id}</code></p>`;
      return sendPage(request, piece ?? lost, piece ? 200 : 404);
    }
    return whole(request, view, await mcp(view, id, found && { fold: found, seq, part }, addressOf(request)));
  };

  return new Elysia({ detail: { hide: true } })
    .get("/", ({ request }) => llmPage(request, null))
    .get("/llm", ({ request, redirect }) => redirect(`/${new URL(request.url).search}`))
    .get("/words/:group", ({ request, params }) => lateWords(languageOf(request), params.group), {
      params: schema.Object({ group: schema.String({ pattern: "^[a-z]{1,16}$", error: "group: letters" }) }),
    })
    .get("/status", async ({ request }) => sendPage(request, statusLine(await viewOf(request)), 200))
    .get("/llm/:id", ({ request, params }) => llmPage(request, { id: params.id, panel: null }), {
      params: schema.Object({ id: Id }),
    })
    .get(
      "/llm/:id/events",
      async ({ params, query }) => Response.json(await liveOf(sources, see, params.id, query.from ?? 0)),
      {
        params: schema.Object({ id: Id }),
        query: After,
      },
    )
    .get("/llm/:id/marks", async ({ params }) => Response.json(await marksOf(sources, see, params.id)), {
      params: schema.Object({ id: Id }),
    })
    .get(
      "/llm/:id/older",
      async ({ request, params, query }) => {
        const view = await viewOf(request);
        const seen = await see(params.id);
        const { older } = await import("./panels/story.ts");
        return seen
          ? sendPage(request, await older(view, seen, query.to), 200)
          : sendPage(request, gone(view, params.id), 404);
      },
      { params: schema.Object({ id: Id }), query: schema.Object({ to: schema.Integer({ minimum: 0 }) }) },
    )
    .use(saving(viewOf, fold))
    .get("/-/panels", async ({ request }) => (await panelPage()).everyPanel(await viewOf(request), null))
    .get(
      "/-/panels/:dialect",
      async ({ request, params }) => (await panelPage()).everyPanel(await viewOf(request), params.dialect),
      {
        params: schema.Object({
          dialect: schema.String({ pattern: "^[\\w.-]{1,80}$", error: "the name of a dialect" }),
        }),
      },
    )
    .get("/llm/:id/:panel", ({ request, params }) => llmPage(request, params), {
      params: schema.Object({ id: Id, panel: schema.String({ maxLength: 32 }) }),
    })
    .get(
      "/diff/:ids",
      async ({ request, params }) => {
        const [before = "", after = ""] = params.ids.split("..");
        const view = await viewOf(request);
        const { compare } = await import("./compare/compare-page.ts");
        return whole(request, view, await compare(view, [before, after], addressOf(request)));
      },
      {
        params: schema.Object({
          ids: schema.String({
            pattern: "^[\\w.:-]{1,128}\\.\\.[\\w.:-]{1,128}$",
            error: "two exchanges as /diff/ONE..OTHER",
          }),
        }),
      },
    )
    .get("/hosts", async ({ request }) => {
      const view = await viewOf(request);
      const { hosts } = await import("./runs/hosts-page.ts");
      return whole(request, view, await hosts(view, addressOf(request)));
    })
    .get("/runs", async ({ request }) => {
      const view = await viewOf(request);
      const { runs } = await runPages();
      return whole(request, view, await runs(view, addressOf(request)));
    })
    .get(
      "/run/:id",
      async ({ request, params, query }) => {
        const view = await viewOf(request);
        const { run } = await runPages();
        return whole(request, view, await run(view, params.id, query.step ?? null, addressOf(request)));
      },
      { params: schema.Object({ id: Id }), query: Step },
    )
    .get(
      "/run/:id/part",
      async ({ request, params, query }) => {
        const view = await viewOf(request);
        const { runPart } = await runPages();
        const part = await runPart(view, params.id, query.step ?? null);
        return sendPage(
          request,
          part ?? html`<p class="nothing">${view.t("runs.gone")} <code>${params.id}</code></p>`,
          part ? 200 : 404,
        );
      },
      { params: schema.Object({ id: Id }), query: Step },
    )
    .get(
      "/run/:id/steps",
      async ({ params, query, status }) => {
        const { pageSteps } = await import("./runs/page-steps.ts");
        const page = await pageSteps(sources, params.id, query.after);
        return page ? Response.json(page) : status(404, { error: `there is no run ${params.id}` });
      },
      {
        params: schema.Object({ id: Id }),
        query: schema.Object({ after: schema.Optional(schema.String({ maxLength: 300 })) }),
      },
    )
    .get(
      "/run/:id/head",
      async ({ request, params }) => {
        const view = await viewOf(request);
        const { runHeadNow } = await runPages();
        const head = await runHeadNow(view, params.id);
        return sendPage(request, head ?? html``, head ? 200 : 404);
      },
      { params: schema.Object({ id: Id }) },
    )
    .get("/mcp", ({ request }) => mcpPage(request, null, null))
    .get("/mcp/:id", ({ request, params }) => mcpPage(request, params.id, null), {
      params: schema.Object({ id: Id }),
    })
    .get(
      "/mcp/:id/head",
      async ({ request, params }) => {
        const found = await fold(params.id);
        const view = await viewOf(request);
        const { sessionHead } = await mcpViews();
        return found
          ? sendPage(request, await sessionHead(view, found), 200)
          : sendPage(request, html``, 404);
      },
      { params: schema.Object({ id: Id }) },
    )
    .get(
      "/mcp/:id/rows",
      async ({ params, query }) => {
        const found = await fold(params.id);
        return Response.json(
          found
            ? await rowsAfter(sources.index, found, query.from ?? -1)
            : { rows: [], changed: [], next: null },
        );
      },
      { params: schema.Object({ id: Id }), query: After },
    )
    .get(
      "/mcp/:id/:seq/given",
      async ({ request, params }) => {
        const view = await viewOf(request);
        const { given } = await import("./across.ts");
        const found = await given(view, params.id, params.seq);
        const none = html`<p class="empty">${view.t("run.no-answer")}</p>`;
        return sendPage(request, found ?? none, found ? 200 : 404);
      },
      { params: schema.Object({ id: Id, seq: Seq }) },
    )
    .get(
      "/mcp/:id/:seq/media",
      async ({ params, query }) => {
        const [stored] = (await sources.index.messages(params.id, params.seq - 1, 1)).items;
        const line = stored?.seq === params.seq ? lineOf(stored.line, params.seq) : null;
        const value = line?.kind === "message" ? at(line.message, query.at) : null;
        return typeof value === "string"
          ? asText(bytesOf(value))
          : missing("there is nothing recorded at this place");
      },
      {
        params: schema.Object({ id: Id, seq: Seq }),
        query: schema.Object({ at: schema.String({ maxLength: 500 }) }),
      },
    )
    .get("/mcp/:id/:seq", ({ request, params }) => mcpPage(request, params.id, params.seq), {
      params: schema.Object({ id: Id, seq: Seq }),
    });
}

const mcpViews = () => import("./mcp/page.ts");
const panelPage = () => import("./every-panel.ts");
const runPages = () => import("./runs/run-page.ts");

function isPart(request: Request): boolean {
  return request.headers.get("hx-request") === "true";
}

function addressOf(request: Request): string {
  const { pathname, search } = new URL(request.url);
  return pathname + search;
}

function partOf(request: Request): Part {
  const said = new URL(request.url).searchParams.get("part");
  return said === "inventory" || said === "problems" ? said : "messages";
}
