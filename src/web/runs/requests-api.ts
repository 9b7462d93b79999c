/** One request in the JSON API: against the one before it, why its cache missed, where its tokens come from. */
import { Elysia, t } from "elysia";
import { cacheMiss, type Side } from "../../read/run/cache-miss.ts";
import { ledgerOf } from "../../read/run/ledger.ts";
import { isSameRequest, requestDiff } from "../../read/run/request-diff.ts";
import type { Readings, Seen } from "../readings.ts";
import { answersIfThere } from "../answers.ts";
import { RUN_ANSWERS } from "./run-answers.ts";
import type { Sources } from "../sources.ts";
import { Id } from "../ids.ts";

export function requestsApi({ index }: Pick<Sources, "index">, see: Readings) {
  return new Elysia({ prefix: "/api", detail: { tags: ["runs"] } })
    .get(
      "/exchanges/:id/diff",
      async ({ params, query, status }) => {
        const now = await see(params.id);
        if (!now) return status(404, unknown(params.id));
        const with_ = query.with ?? (await index.exchange(params.id))?.parent ?? null;
        const before = with_ === null ? null : await see(with_);
        if (query.with !== undefined && !before) return status(404, unknown(query.with));
        const diff = before && requestDiff(before.reading, now.reading);
        return {
          id: params.id,
          with: before ? with_ : null,
          same: diff !== null && isSameRequest(diff),
          diff,
          cache: cacheMiss(before && sideOf(before), sideOf(now), diff),
        };
      },
      {
        params: t.Object({ id: Id }),
        query: t.Object({ with: t.Optional(Id) }),
        detail: {
          ...answersIfThere(RUN_ANSWERS.diff),
          summary: "A request against another one, and why its cache missed",
          description:
            "Without `with`: against the one that it continues. `diff` leads from the other to this one. Null where there is none before it.",
        },
      },
    )
    .get(
      "/exchanges/:id/ledger",
      async ({ params, status }) => {
        const seen = await see(params.id);
        return seen ? ledgerOf(seen.reading) : status(404, unknown(params.id));
      },
      {
        params: t.Object({ id: Id }),
        detail: {
          ...answersIfThere(RUN_ANSWERS.ledger),
          summary: "Where the tokens of a request come from",
          description:
            "The entries add up to `input`, which is the provider's count where `sum` says so; their shares are estimated by characters.",
        },
      },
    );
}

function sideOf({ reading, exchange, look }: Seen): Side {
  return { reading, at: exchange.at, request: look.glimpse.requestBody, answer: look.message };
}

function unknown(id: string) {
  return { error: `there is no exchange ${id}; it may have been deleted, or its file cannot be read` };
}
