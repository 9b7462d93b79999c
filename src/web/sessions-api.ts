/** MCP sessions in the JSON API: the list, and one with its messages. */
import { Elysia, t } from "elysia";
import { stringifyExact } from "../fact/json-source.ts";
import { parseSessionSort, SESSION_SORTABLE } from "../filter/sort.ts";
import { withPairs } from "../read/mcp/probes.ts";
import { toolChanges } from "../read/mcp/tools-since.ts";
import { ANSWERS, answers, answersIfThere } from "./answers.ts";
import { Id } from "./ids.ts";
import { limit, unknown, word } from "./parameters.ts";
import type { Sources } from "./sources.ts";

export function sessionsApi({ index }: Sources) {
  return new Elysia({ prefix: "/api", detail: { tags: ["api"] } })
    .get(
      "/mcp/sessions",
      async ({ query }) => {
        const { limit: most = 100, sort, ...asked } = query;
        const order = sort === undefined ? null : parseSessionSort(sort);
        const page = await index.sessions({ ...asked, limit: most, ...(order !== null && { sort: order }) });
        return { ...page, items: withPairs(page.items) };
      },
      {
        query: t.Object({
          limit: t.Optional(limit(5000, 100)),
          before: t.Optional(word("before")),
          name: t.Optional(word("name")),
          sort: t.Optional(
            t.String({
              pattern: `^-?(?:${SESSION_SORTABLE.join("|")})$`,
              error: `sort: one of ${SESSION_SORTABLE.join(", ")}; with - before it the largest comes first`,
            }),
          ),
        }),
        detail: {
          ...answers(ANSWERS.sessions),
          summary: "MCP sessions, newest first, or in another order (`sort=-errors`)",
          description:
            "`pair`: of a `probe` (a host only asked for the era), the session that followed on the page, and back.",
        },
      },
    )
    .get(
      "/mcp/sessions/:id",
      async ({ params, query, status }) => {
        const session = await index.session(params.id);
        if (!session) return status(404, unknown("MCP session", params.id));
        const { items, next } = await index.messages(params.id, query.after, query.limit);
        // Each message for itself: only those with numbers that have to be written as they came take the longer way.
        const messages = items.map((it) => stringifyExact(it)).join(",");
        const before = await index.sessions({ limit: 5, before: session.id, name: session.name });
        const changed = JSON.stringify(toolChanges(session, before.items));
        const text = `{"session":${JSON.stringify(session)},"changed":${changed},"messages":[${messages}],"next":${next}}`;
        return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
      },
      {
        params: t.Object({ id: Id }),
        query: t.Object({
          after: t.Optional(t.Integer({ minimum: -1, error: "after: the seq of a message, a whole number" })),
          limit: t.Optional(limit(1_000_000, 10_000)),
        }),
        detail: {
          ...answersIfThere(ANSWERS.session),
          summary: "A session and its messages, in order",
          description:
            "`after` is exclusive; `next` is the `after` of the next page. `changed`: tools that are others than in the session before.",
        },
      },
    );
}
