/** The index over the store of a team: asks, and changes nothing. */
import type { SQL } from "bun";
import type { Star } from "../../fact/rows.ts";
import { facetsOf } from "../facets.ts";
import type { Facets, Index } from "../index.ts";
import { arrayOf, type Ask, asker, readableProjects } from "./asking.ts";
import { askingGroups } from "./grouped.ts";
import { listed, rankOf, standingOf } from "./list.ts";
import { askingOverview } from "./overview.ts";
import { askingRuns } from "./runs.ts";
import { one } from "./stored.ts";
import { messages, type ReadLine, session, sessions } from "./sessions.ts";

export type PageRights = {
  /** "" where nobody has to show one. */
  readonly token: string;
  /** These alone; null for all that the token may read. */
  readonly projects: readonly string[] | null;
};

/** The connection stays the caller's. `read` gives a line of a session's body; without it long lines stay outlines. */
export function postgresIndex(sql: SQL, rights: PageRights, read: ReadLine = async () => null): Index {
  const ask = asker(sql);
  const projects = readableProjects(ask, rights.token, rights.projects);
  return {
    exchanges: async (query) => listed(ask, await projects(), query),
    exchange: async (id) => one(ask, await projects(), id),
    rank: async (id, query) => rankOf(ask, await projects(), id, query),
    standing: async (id, query) => standingOf(ask, await projects(), id, query),
    facets: async () => facets(ask, await projects()),
    sessions: async (query) => sessions(ask, await projects(), query),
    session: async (id) => session(ask, await projects(), id),
    messages: async (id, after = -1, limit = 1_000) =>
      messages(ask, await projects(), { session: id, after, limit, read }),
    ...askingGroups(ask, projects),
    ...askingOverview(ask, projects),
    ...askingRuns(ask, projects),
    async counts() {
      const rows = await ask<{ kind: string; n: number }>(
        "select kind, sum(n)::float8 as n from mcpl.tally where project = any(?::text[]) group by kind",
        arrayOf(await projects()),
      );
      const of = (wanted: string) => rows.find(({ kind }) => kind === wanted)?.n ?? 0;
      return { exchanges: of("exchange"), sessions: of("session"), messages: of("message") };
    },
    async stars() {
      return ask<Star>(
        'select distinct kind as "of", id from mcpl.star where project = any(?::text[]) order by kind, id',
        arrayOf(await projects()),
      );
    },
    // What a machine cannot read of its own folder is that machine's affair.
    unreadable: async () => [],
  };
}

async function facets(ask: Ask, projects: readonly string[]): Promise<Facets> {
  const all = await ask<{ kind: string; value: string; count: number }>(
    `select kind, value, sum(n)::float8 as count from mcpl.facet where project = any(?::text[])
     group by kind, value having sum(n) > 0 order by count desc, value`,
    arrayOf(projects),
  );
  return facetsOf(all);
}
