/** `/llm/:id/save`, `/mcp/:id/save`, `/run/:id/save`: one exchange, session or run as a file. */
import { Elysia, t as schema } from "elysia";
import type { Folds } from "../session-views.ts";
import type { View } from "../view.ts";
import { Id } from "../ids.ts";

const params = schema.Object({ id: Id });

export function saving(viewOf: (request: Request) => Promise<View>, fold: Folds) {
  return new Elysia({ detail: { hide: true } })
    .get(
      "/llm/:id/save",
      async ({ request, params: { id } }) => {
        const view = await viewOf(request);
        const seen = await view.see(id);
        if (!seen) return missing("exchange");
        const [{ attachment, savedDocument }, { savedExchange }] = await Promise.all([
          import("./document.ts"),
          import("./exchange.ts"),
        ]);
        const title = `${seen.reading.model ?? seen.exchange.path} · ${id}`;
        return attachment(savedDocument(view, title, await savedExchange(view, seen)), "exchange", id);
      },
      { params },
    )
    .get(
      "/mcp/:id/save",
      async ({ request, params: { id } }) => {
        const view = await viewOf(request);
        const found = await fold(id);
        if (!found) return missing("session");
        const [{ attachment, savedDocument }, { savedSession }] = await Promise.all([
          import("./document.ts"),
          import("./session.ts"),
        ]);
        const title = `${found.row.name} · MCP · ${id}`;
        return attachment(savedDocument(view, title, await savedSession(view, found)), "session", id);
      },
      { params },
    )
    .get(
      "/run/:id/save",
      async ({ request, params: { id } }) => {
        const view = await viewOf(request);
        const row = await view.sources.index.run(id);
        if (!row) return missing("run");
        const [{ attachment, savedDocument }, { savedRun }] = await Promise.all([
          import("./document.ts"),
          import("./run.ts"),
        ]);
        return attachment(savedDocument(view, row.title || id, await savedRun(view, row)), "run", id);
      },
      { params },
    );
}

function missing(what: string): Response {
  return Response.json({ error: `there is no such ${what}` }, { status: 404 });
}
