/** The recorders of a team, as they said last how they do. */
import { type RecorderLine, recorderState } from "../../fact/recorder-state.ts";
import { arrayOf, type Ask } from "./asking.ts";

/** Pods and CI jobs have names that come once: those of the last day, and not more than a page can show. */
const HEARD = "1 day";
const MOST_RECORDERS = 500;

type Row = {
  project: string;
  recorder: string;
  person: string | null;
  host: string | null;
  state: string;
  at: number;
  silent: number;
};

export async function recorders(ask: Ask, projects: readonly string[]): Promise<RecorderLine[]> {
  const rows = await ask<Row>(
    `select project, recorder, person, host, state, (extract(epoch from at) * 1000)::float8 as at,
       (extract(epoch from now() - at) * 1000)::float8 as silent
     from mcpl.recorder where project = any(?::text[]) and at > now() - interval '${HEARD}' order by at desc limit ${MOST_RECORDERS}`,
    arrayOf(projects),
  );
  return rows.flatMap(({ project, recorder, person: user, host, state, at, silent }) => {
    const said = recorderState(state);
    if (said === null) return [];
    const about = { silent_ms: Math.max(0, Math.round(silent)), skew_ms: Math.round(said.now - at) };
    return [{ ...said, project, recorder, user, host, ...about }];
  });
}
