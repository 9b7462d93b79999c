/** The JSON API of the page. An error is one sentence: `{ "error": "…" }`. */
import { parseSort, SORTABLE } from "../filter/sort.ts";
import { filterOf } from "../filter/filter.ts";
import { stringifyExact } from "../fact/json-source.ts";
import { toolChanges } from "../read/mcp/tools-since.ts";
import { withPairs } from "../read/mcp/probes.ts";
import { Elysia, t } from "elysia";
import { ANSWERS, answers, answersIfThere } from "./answers.ts";
import { languageOf } from "./language.ts";
import { listing } from "./list.ts";
import type { Readings } from "./readings.ts";
import type { Sources } from "./sources.ts";
import { Id } from "./ids.ts";

const limit = (most: number, usual: number) =>
  t.Integer({ minimum: 1, maximum: most, default: usual, error: `limit: a whole number from 1 to ${most}` });
const word = (name: string) =>
  t.String({ maxLength: 1000, error: `${name}: a text of at most 1000 characters` });

export function api(sources: Sources, see: Readings) {
  const { index } = sources;
  return new Elysia({ prefix: "/api", detail: { tags: ["api"] } })
    .get(
      "/exchanges",
      ({ query: { limit: most = 100, before, from, sort, ...said } }) =>
        listing(sources, {
          limit: most,
          ...(before !== undefined && { before }),
          ...(from !== undefined && { from }),
          ...(sort !== undefined && { sort: parseSort(sort)! }),
          filter: filterOf(said),
        }),
      {
        query: t.Object({
          limit: t.Optional(limit(5000, 100)),
          before: t.Optional(word("before")),
          from: t.Optional(t.Integer({ minimum: 0, error: "from: a rank, a whole number from 0" })),
          sort: t.Optional(
            t.String({
              pattern: `^-?(?:${SORTABLE.join("|")})$`,
              error: `sort: one of ${SORTABLE.join(", ")}; with - before it the largest comes first`,
            }),
          ),
          q: t.Optional(word("q")),
          dialect: t.Optional(word("dialect")),
          model: t.Optional(word("model")),
          status: t.Optional(word("status")),
          upstream: t.Optional(word("upstream")),
          conversation: t.Optional(word("conversation")),
        }),
        detail: {
          ...answers(ANSWERS.exchanges),
          summary: "Exchanges, newest first; those in flight are on the first page",
          description:
            '`from` gives the rows of the ranks from there on, 0 being the oldest. `next` is the `before` of the next page, `total` counts all pages. `q` is a filter, as the page takes it: `model:gpt* status:>=400 has:tool_call ttft:>2s since:10m -tool:bash "free text"`. The other parameters are single values of it.',
        },
      },
    )
    .get(
      "/exchanges/:id/rank",
      async ({ params, query, status }) => {
        const rank = await index.rank(params.id, { filter: filterOf(query) });
        return rank === null ? status(404, unknown("exchange", params.id)) : { rank };
      },
      {
        params: t.Object({ id: Id }),
        query: t.Object({ q: t.Optional(word("q")) }),
        detail: {
          ...answersIfThere(ANSWERS.rank),
          summary:
            "Where it stands among those that fit a filter, in the order of time, for `from` of the list",
        },
      },
    )
    .get(
      "/exchanges/:id",
      async ({ params, status }) => {
        const text = await sources.file(params.id);
        if (text === null) return status(404, unknown("exchange", params.id));
        return new Response(text, { headers: { "content-type": "application/json; charset=utf-8" } });
      },
      {
        params: t.Object({ id: Id }),
        detail: { ...answersIfThere(ANSWERS.exchange), summary: "The exchange file" },
      },
    )
    .get(
      "/exchanges/:id/reading",
      async ({ params, status }) =>
        (await see(params.id))?.reading ?? status(404, unknown("exchange", params.id)),
      {
        params: t.Object({ id: Id }),
        detail: { ...answersIfThere(ANSWERS.reading), summary: "What the reader makes of the exchange" },
      },
    )
    .get(
      "/mcp/sessions",
      async ({ query }) => {
        const page = await index.sessions({ ...query, limit: query.limit ?? 100 });
        return { ...page, items: withPairs(page.items) };
      },
      {
        query: t.Object({
          limit: t.Optional(limit(5000, 100)),
          before: t.Optional(word("before")),
          name: t.Optional(word("name")),
        }),
        detail: {
          ...answers(ANSWERS.sessions),
          summary: "MCP sessions, newest first",
          description:
            "`pair`: of a `probe` (a host only asked for the era), the session that followed, and back.",
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
    )
    .get("/status", () => sources.status(), {
      detail: {
        ...answers(ANSWERS.status),
        summary: "Counts, warnings, unreadable files",
        description:
          "`exchanges` have their files, `waiting` have ended and wait for theirs (a disk may refuse them), `in_flight` go on.",
      },
    })
    .get(
      "/overview",
      ({ query }) =>
        index.overview({ filter: filterOf({ q: query.q ?? "" }), stretches: query.stretches ?? 120 }),
      {
        query: t.Object({
          q: t.Optional(word("q")),
          stretches: t.Optional(
            t.Integer({ minimum: 1, maximum: 1000, error: "stretches: a whole number from 1 to 1000" }),
          ),
        }),
        detail: {
          ...answers(ANSWERS.overview),
          summary: "What the exchanges that fit come to: over time, and by model with percentiles",
          description:
            "Stretches of time without an exchange are left out. Percentiles are right within 2 %, in ms. What is in flight is not in it.",
        },
      },
    )
    .get("/facets", () => index.facets(), {
      detail: { ...answers(ANSWERS.facets), summary: "Values with counts, for filters" },
    })
    .get(
      "/glossary",
      async ({ request, query, status }) => {
        const lang = languageOf(request);
        const { entriesOf, meaning } = await import("./terms.ts");
        if (query.key !== undefined) return meaning(query.key, lang) ?? status(404, unknownName(query.key));
        return {
          entries: entriesOf(query.dialect).map(({ en, zh, ...entry }) => ({
            ...entry,
            text: lang === "zh" ? zh : en,
          })),
        };
      },
      {
        query: t.Object({
          lang: t.Optional(word("lang")),
          dialect: t.Optional(word("dialect")),
          key: t.Optional(word("key")),
        }),
        detail: {
          ...answersIfThere(ANSWERS.glossary),
          summary: "What each header, field, event, method and error means",
          description:
            "In the visitor's language, or `lang=en`, `lang=zh`. `same` joins a concept across dialects. `key`, an entry's or `dialect kind name`, asks for one alone, with what others call it.",
        },
      },
    )
    .post(
      "/demo",
      async ({ request, status }) => {
        if (!sources.runDemo)
          return status(404, { error: "the demo needs the proxy; start it with `bun run start`" });
        await sources.runDemo(languageOf(request));
        return { done: true };
      },
      {
        detail: { ...answersIfThere(ANSWERS.demo), summary: "Sends the demo's exchanges through the proxy" },
      },
    )
    .get(
      "/demo",
      () => sources.demoProgress?.() ?? { running: false, began: null, steps: [], failed: null },
      { detail: { ...answers(ANSWERS.demoProgress), summary: "How far the demo is that runs or ran last" } },
    );
}

function unknownName(key: string) {
  return { error: `the glossary has no entry for ${key}` };
}

function unknown(what: string, id: string) {
  return { error: `there is no ${what} ${id}; it may have been deleted, or its file cannot be read` };
}
