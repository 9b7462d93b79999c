/** The rest of the JSON API: what all comes to, what names mean, the demo. An error is one sentence: `{ "error": "…" }`. */
import { Elysia, t } from "elysia";
import { filterOf } from "../filter/filter.ts";
import { ANSWERS, answers, answersIfThere } from "./answers.ts";
import { languageOf } from "./language.ts";
import { isAsked } from "./list.ts";
import { word } from "./parameters.ts";
import type { Sources } from "./sources.ts";

export function api(sources: Sources) {
  const { index } = sources;
  return new Elysia({ prefix: "/api", detail: { tags: ["api"] } })
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
      async ({ query }) => {
        const filter = filterOf({ q: query.q ?? "" });
        const overview = await index.overview({ filter, stretches: query.stretches ?? 120 });
        // Looked at last: what ends meanwhile is not counted twice, and its end has the page ask again.
        return {
          ...overview,
          in_flight: sources.inFlight().filter((row) => isAsked(row, { filter })).length,
        };
      },
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
            "Stretches of time without an exchange are left out. Percentiles are right within 2 %, in ms. What is in flight is counted alone, in `in_flight`.",
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
