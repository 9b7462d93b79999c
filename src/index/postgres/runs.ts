/** Runs, steps and ties in the store: as their recorders made them, or joined. */
import { believedStep, believedTie, jsonOf } from "../../fact/believed.ts";
import type { Index } from "../index.ts";
import { arrayOf, type Ask, type Value } from "./asking.ts";
import { plain } from "./filter.ts";
import { clamped, type Owned } from "./stored.ts";
import { listedRuns, OWNED, runFacets, runRow } from "./run-list.ts";

type Row = { row: string };
type Asking = Pick<
  Index,
  "run" | "runs" | "runFacets" | "steps" | "step" | "stepsOf" | "treated" | "ties" | "tie" | "tiesOf"
>;

/** More ties than a page can show; a run of so many has its steps in pages. */
const MOST_TIES = 10_000;
const MOST_STEPS = 1_000;

export function askingRuns(ask: Ask, projects: () => Promise<string[]>): Asking {
  /** `?` of the first value are the projects. */
  const asked = async <Found>(sql: string, ...values: Value[]) =>
    ask<Found>(sql, arrayOf(await projects()), ...values);
  const steps = async (sql: string, ...values: Value[]) =>
    (
      await asked<Row>(`select s.row from mcpl.step s where s.project = any(?::text[]) and ${sql}`, ...values)
    ).map(({ row }) => believedStep(jsonOf(row)));
  const ties = async (sql: string, ...values: Value[]) =>
    (
      await asked<Row>(`select t.row from mcpl.tie t where t.project = any(?::text[]) and ${sql}`, ...values)
    ).map(({ row }) => believedTie(jsonOf(row)));

  return {
    runs: async (query) => listedRuns(ask, await projects(), query),
    runFacets: async () => runFacets(ask, await projects()),
    async run(id) {
      const [found] = await asked<Owned>(
        `select ${OWNED} from mcpl.run r where r.project = any(?::text[]) and r.id = ? and r.row is not null limit 1`,
        plain(id),
      );
      return found === undefined ? null : runRow(found);
    },
    async steps(run, after, limit = 1_000) {
      const most = clamped(limit);
      const [last] =
        after === undefined
          ? []
          : await asked<{ at: number }>(
              "select at from mcpl.step where project = any(?::text[]) and id = ?",
              plain(after),
            );
      const at = after === undefined ? -1 : (last?.at ?? Number.MAX_VALUE);
      const found = await steps(
        "s.run = ? and (s.at, s.id) > (?::float8, ?) order by s.at, s.id limit ?::bigint",
        plain(run),
        at,
        plain(after ?? ""),
        most + 1,
      );
      const items = found.slice(0, most);
      return { items, next: found.length > most ? (items.at(-1)?.id ?? null) : null };
    },
    step: async (id) => (await steps("s.id = ? limit 1", plain(id)))[0] ?? null,
    stepsOf: (exchange) =>
      steps(
        "(s.exchange = ? or s.seen = ?) order by s.at, s.id limit ?::bigint",
        plain(exchange),
        plain(exchange),
        MOST_STEPS,
      ),
    async treated(limit) {
      const found = await asked<Owned & { step: string }>(
        `select s.row as step, ${OWNED} from mcpl.step s join mcpl.run r on r.project = s.project and r.id = s.run
         where s.project = any(?::text[]) and s.treated and r.row is not null order by s.at desc limit ?::bigint`,
        clamped(limit),
      );
      return found.map((one) => ({ step: believedStep(jsonOf(one.step)), run: runRow(one) }));
    },
    ties: (run) => ties("t.run = ? order by t.id limit ?::bigint", plain(run), MOST_TIES),
    tie: async (id) => (await ties("t.id = ? limit 1", plain(id)))[0] ?? null,
    /** "0" is the sign behind "/". */
    tiesOf: (session) =>
      ties(
        "t.id >= ? and t.id < ? order by t.id limit ?::bigint",
        plain(`${session}/`),
        plain(`${session}0`),
        MOST_TIES,
      ),
  };
}
