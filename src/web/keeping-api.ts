/** What the page writes: `POST /api/star` gives a star or takes it, `POST /api/delete` deletes. Where it only reads it says where that can be done. */
import { Elysia, t } from "elysia";
import { ANSWERS, answers, answersIfThere } from "./answers.ts";
import { Id } from "./ids.ts";
import { languageOf, translator } from "./language.ts";
import type { Sources } from "./sources.ts";

const of = t.Union([t.Literal("exchange"), t.Literal("session"), t.Literal("run")], {
  error: "of: exchange, session or run",
});

/** Of one word: what a hand has marked, not a whole record. */
const MOST_THINGS = 500;

export function keepingApi({ star, remove, index, inFlight }: Sources) {
  return new Elysia({ prefix: "/api", detail: { tags: ["api"] } })
    .post(
      "/star",
      async ({ request, body: { of, id, starred }, status }) => {
        if (!star) return status(403, { error: translator(languageOf(request))("star.reads-only") });
        if (starred && !(await isThere(of, id)))
          return status(404, { error: `there is no ${of} ${id} that could have a star` });
        try {
          star({ of, id }, starred ? "given" : "taken");
        } catch (error) {
          return status(500, { error: (error as Error).message });
        }
        return { of, id, starred };
      },
      {
        body: t.Object({
          of,
          id: Id,
          starred: t.Boolean({ error: "starred: true or false" }),
        }),
        detail: {
          ...answersIfThere(ANSWERS.star),
          summary: "Gives a star, or takes it",
          description:
            "What has a star is found by `is:starred`, says `starred` in its row, and is not deleted by limits on age, size and count: nor is what belongs to a starred run, nor a pack in which one lies.",
        },
      },
    )
    .post(
      "/delete",
      async ({ request, body: { things }, status }) =>
        remove ? remove(things) : status(403, { error: translator(languageOf(request))("trash.reads-only") }),
      {
        body: t.Object({
          things: t.Array(t.Object({ of, id: Id }), {
            minItems: 1,
            maxItems: MOST_THINGS,
            error: `things: 1 to ${MOST_THINGS} of them, each with of and id`,
          }),
        }),
        detail: {
          ...answers(ANSWERS.deleted),
          summary: "Deletes for good: files, or places in a pack",
          description:
            "With a run go its exchanges, with a socket the responses that were made on it. What goes on still, or cannot be deleted, is `kept` and says `why`: `goes-on`, `gone`, or what the disk says. What was shipped to a team's store stays there.",
        },
      },
    );

  async function isThere(of: "exchange" | "session" | "run", id: string): Promise<boolean> {
    if (of === "exchange")
      return (await index.exchange(id)) !== null || inFlight().some((row) => row.id === id);
    return (of === "run" ? await index.run(id) : await index.session(id)) !== null;
  }
}
