/** The part of the index that keeps runs, their steps and ties, and the evidence that they are made of. */
import type { Database, SQLQueryBindings } from "bun:sqlite";
import { chainOf, firstOfChain } from "../fact/chain.ts";
import type { RunChanges, RunRow, StepRow, TieRow } from "../fact/rows.ts";
import type { Alone, AloneOf, Evidence, EvidenceAt, LocalIndex, Page, RunFacets, RunQuery } from "./index.ts";
import type { openFirsts } from "./first.ts";
import { placeOf, SLOTS } from "./place.ts";
import { listedRuns, runFacets, valuesOfRun } from "./run-list.ts";
import { starredAs, withStar } from "./stars.ts";

type Row = { row: string };
/** More ties than a page can show; a run of so many has its steps in pages. */
const MOST_TIES = 10_000;
/** Neighbours that are tried before the last one of the same moment is looked for. */
const TRIES = 4;
const RUN = Array(20).fill("?").join(", ");

export function openRuns(db: Database, firsts: ReturnType<typeof openFirsts>, aloneOf: AloneOf) {
  const statements = {
    putEvidence: db.prepare<unknown, [string, string, string, number, string]>(`
      insert into evidence (source, part, kind, at, waits, json) values (?, ?, ?, ?, 1, ?)
      on conflict (source, part) do update
      set kind = excluded.kind, at = excluded.at, waits = 1, json = excluded.json`),
    goneEvidence: db.prepare<unknown, [string]>(
      "update evidence set kind = 'gone', waits = 1, json = '' where source = ?",
    ),
    goneAlone: db.prepare<unknown, [string, number, string]>(`
      insert into evidence (source, part, kind, at, run, waits, json) values (?, '', 'gone', ?, ?, 1, '')
      on conflict (source, part) do update set kind = 'gone', run = excluded.run, waits = 1, json = ''`),
    dropEvidence: db.prepare<unknown, [string, string]>(
      "delete from evidence where source = ? and part = ? and kind = 'gone'",
    ),
    waiting: db.prepare<Evidence, [number]>(
      `select source, part, kind, at, evidence.run, parent, json from evidence
       left join exchanges on exchanges.id = source where waits = 1 order by number limit ?`,
    ),
    bySource: db.prepare<Evidence, [string, number]>(
      "select source, part, kind, at, run, null as parent, json from evidence where source = ? and waits = 0 order by at limit ?",
    ),
    byRun: db.prepare<Evidence, [string, number]>(
      "select source, part, kind, at, run, null as parent, json from evidence where run = ? and waits = 0 order by at limit ?",
    ),
    byTime: db.prepare<Evidence, [number, number, number]>(
      "select source, part, kind, at, run, null as parent, json from evidence where at between ? and ? and waits = 0 order by at limit ?",
    ),
    said: db.prepare<Omit<Evidence, "run" | "parent">, [string, number]>(
      "select source, part, kind, at, json from evidence where source = ? and kind <> 'gone' order by at desc, number desc limit ?",
    ),
    settle: db.prepare<unknown, [string, string]>(
      "update evidence set waits = 0 where source = ? and part = ?",
    ),
    settleAt: db.prepare<unknown, [string | null, string, string]>(
      "update evidence set waits = 0, run = ? where source = ? and part = ?",
    ),
    move: db.prepare<unknown, [string | null, string, string]>(
      "update evidence set run = ?1 where source = ?2 and part = ?3 and run is not ?1",
    ),
    runOf: db.prepare<{ place: number; run: string | null }, [string]>(
      "select place, run from exchanges where id = ?",
    ),

    isStarred: db.prepare<{ id: string }, [string]>("select id from stars where of = 'run' and id = ?"),
    runAt: db.prepare<{ place: number }, [string]>("select place from runs where id = ?"),
    putRun: db.prepare<unknown, SQLQueryBindings[]>(`insert or replace into runs values (${RUN})`),
    addRun: db.prepare<unknown, SQLQueryBindings[]>(
      `insert into runs values (${RUN}) on conflict (place) do nothing`,
    ),
    lastOf: db.prepare<{ place: number }, [number]>(
      "select place from runs where place < ? order by place desc limit 1",
    ),
    dropRun: db.prepare<unknown, [string]>("delete from runs where id = ?"),
    run: db.prepare<Row & { starred: number }, [string]>(
      `select row, ${starredAs("run", "r.id")} from runs r where id = ?`,
    ),
    putStep: db.prepare<unknown, SQLQueryBindings[]>(
      "insert or replace into steps values (?, ?, ?, ?, ?, ?, ?)",
    ),
    dropStep: db.prepare<unknown, [string]>("delete from steps where id = ?"),
    step: db.prepare<Row, [string]>("select row from steps where id = ?"),
    stepAt: db.prepare<{ at: number }, [string]>("select at from steps where id = ?"),
    steps: db.prepare<Row, [string, number, string, number]>(
      "select row from steps where run = ? and (at, id) > (?, ?) order by at, id limit ?",
    ),
    stepsOf: db.prepare<Row, [string]>(
      "select row from steps where exchange = ?1 or seen = ?1 order by at, id limit 1000",
    ),
    treated: db.prepare<{ step: string; run: string }, [number]>(`
      select steps.row as step, runs.row as run from steps join runs on runs.id = steps.run
      where treated = 1 order by steps.at desc limit ?`),
    putTie: db.prepare<unknown, [string, string | null, string]>(
      "insert or replace into ties values (?, ?, ?)",
    ),
    dropTie: db.prepare<unknown, [string]>("delete from ties where id = ?"),
    ties: db.prepare<Row, [string, number]>("select row from ties where run = ? order by id limit ?"),
    tie: db.prepare<Row, [string]>("select row from ties where id = ?"),
    tiesOf: db.prepare<Row, [string, string, number]>(
      "select row from ties where id >= ? and id < ? order by id limit ?",
    ),
    alone: db.prepare<{ place: number; evidence: string }, [string]>(
      "select place, evidence from exchanges join rows using (place) where id = ? and alone is not null",
    ),
    aloneBetween: db.prepare<{ id: string }, [string, number, number, number]>(
      "select id from exchanges where alone = ? and place between ? and ? limit ?",
    ),
    join: db.prepare<unknown, [number]>("update exchanges set alone = null where place = ?"),
    joinRow: db.prepare<unknown, [number]>("update rows set evidence = null where place = ?"),
    written: db.prepare<{ data_version: number }, []>("pragma data_version"),
  };

  return {
    foreignWrites: (): number => statements.written.get()?.data_version ?? 0,
    putEvidence(pieces: readonly Omit<Evidence, "run" | "parent">[]): void {
      for (const { source, part, kind, at, json } of pieces)
        statements.putEvidence.run(source, part, kind, at, json);
    },
    /** Of what was known of it, only that it is gone. */
    forget: (source: string): unknown => statements.goneEvidence.run(source),
    /** Who was alone leaves a run that nobody knows otherwise. */
    forgetAlone: (source: string, at: number): unknown =>
      statements.goneAlone.run(source, at, chainOf(source)),
    waiting: (limit: number): Evidence[] => statements.waiting.all(limit),
    evidence(of: Parameters<LocalIndex["evidence"]>[0], limit: number): Evidence[] {
      if ("source" in of) return statements.bySource.all(of.source, limit);
      if ("run" in of) return statements.byRun.all(of.run, limit);
      return statements.byTime.all(of.from, of.to, limit);
    },
    said(source: string, limit: number): Omit<Evidence, "run" | "parent">[] {
      const found = statements.said.all(source, limit);
      const json = found.length > 0 ? null : statements.alone.get(source)?.evidence;
      return json ? [evidenceOf(json)] : found;
    },
    /** The rows of who is alone; null of others. */
    alone: (exchange: string): Alone | null => aloneAt(exchange),
    joined(ids: readonly string[]): Evidence[] {
      return ids.flatMap((id): Evidence[] => {
        const found = statements.alone.get(id);
        if (!found) return [];
        const { place, evidence } = found;
        statements.join.run(place);
        statements.joinRow.run(place);
        const one = evidenceOf(evidence);
        statements.putEvidence.run(id, "", "model", one.at, evidence);
        return [{ ...one, run: null, parent: null }];
      });
    },
    aloneBetween: (agent: string | null, from: number, to: number, limit: number): string[] =>
      statements.aloneBetween
        .all(agent ?? "", Math.floor(from) * SLOTS, (Math.floor(to) + 1) * SLOTS, limit)
        .map(({ id }) => id),
    settled(read: Parameters<LocalIndex["settled"]>[0], homes: readonly EvidenceAt[]): void {
      const fresh = new Map(homes.map((home) => [home.source + home.part, home]));
      for (const { source, part, kind } of read) {
        const home = fresh.get(source + part);
        if (kind === "gone") statements.dropEvidence.run(source, part);
        else if (home) statements.settleAt.run(home.run, source, part);
        else statements.settle.run(source, part);
        // What waits and has its home now is written once for both.
        if (home && kind !== "gone") fresh.delete(source + part);
        if (home?.kind === "model" && kind !== "gone") setRun(home.run, source);
      }
      for (const { source, part, kind, run } of fresh.values()) {
        statements.move.run(run, source, part);
        if (kind === "model") setRun(run, source);
      }
    },

    put,

    runs: (query: RunQuery, limit: number): Page<RunRow> =>
      listedRuns(db, query, limit, (id) => aloneIn(id)?.run ?? null),
    facets: (): RunFacets => runFacets(db),
    run(id: string): RunRow | null {
      const found = statements.run.get(id);
      if (found) return withStar(JSON.parse(found.row) as RunRow, found.starred);
      const alone = aloneIn(id)?.run;
      return alone ? withStar(alone, statements.isStarred.get(id) !== null) : null;
    },
    steps(run: string, after: string | undefined, limit: number): { items: StepRow[]; next: string | null } {
      const at = after === undefined ? -Infinity : (statements.stepAt.get(after)?.at ?? Infinity);
      const rows = statements.steps.all(run, at, after ?? "", limit + 1);
      const items = rows.slice(0, limit).map(({ row }) => JSON.parse(row) as StepRow);
      const only = after === undefined && rows.length === 0 ? aloneIn(run) : null;
      if (only) return { items: [only.step], next: null };
      return { items, next: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
    step: (id: string): StepRow | null =>
      parsed<StepRow>(statements.step.get(id)) ?? aloneAt(id)?.step ?? null,
    stepsOf(exchange: string): StepRow[] {
      const found = statements.stepsOf.all(exchange).map(({ row }) => JSON.parse(row) as StepRow);
      const only = found.length > 0 ? null : aloneAt(exchange);
      return only ? [only.step] : found;
    },
    treated: (limit: number): { step: StepRow; run: RunRow }[] =>
      statements.treated.all(limit).map(({ step, run }) => ({
        step: JSON.parse(step) as StepRow,
        run: JSON.parse(run) as RunRow,
      })),
    ties: (run: string): TieRow[] =>
      statements.ties.all(run, MOST_TIES).map(({ row }) => JSON.parse(row) as TieRow),
    tie: (id: string): TieRow | null => parsed<TieRow>(statements.tie.get(id)),
    /** "0" is the sign behind "/". */
    tiesOf: (session: string): TieRow[] =>
      statements.tiesOf
        .all(`${session}/`, `${session}0`, MOST_TIES)
        .map(({ row }) => JSON.parse(row) as TieRow),
    close(): void {
      for (const statement of Object.values(statements)) statement.finalize();
    },
  };

  function put({ runs, steps, ties, gone }: RunChanges): void {
    for (const id of gone.ties) statements.dropTie.run(id);
    for (const id of gone.steps) statements.dropStep.run(id);
    for (const id of gone.runs) statements.dropRun.run(id);
    for (const row of runs) putRun(row);
    for (const row of steps) {
      const { id, run, at, exchange, seen } = row;
      const treated = row.fidelity === null || row.fidelity.form === "unknown" ? 0 : 1;
      statements.putStep.run(id, run, at, exchange, seen, treated, JSON.stringify(row));
    }
    for (const row of ties) statements.putTie.run(row.id, row.run, JSON.stringify(row));
  }

  function aloneAt(exchange: string): Alone | null {
    const found = statements.alone.get(exchange);
    return found && aloneOf(found.evidence);
  }

  function aloneIn(run: string): Alone | null {
    const first = firstOfChain(run);
    return first === null ? null : aloneAt(first);
  }

  function setRun(run: string | null, source: string): void {
    const found = statements.runOf.get(source);
    if (found) firsts.moves("run", found.place, { from: found.run, to: run });
  }

  /** One that goes on stays where it is. Many of one moment stand one behind the other. */
  function putRun(row: RunRow): void {
    const values = [row.id, ...valuesOfRun(row), JSON.stringify(row)];
    const [first, next] = [placeOf(row.at, ""), placeOf(row.at, "") + SLOTS];
    const before = statements.runAt.get(row.id)?.place;
    if (before !== undefined && before >= first && before < next) {
      statements.putRun.run(before, ...values);
      return;
    }
    if (before !== undefined) statements.dropRun.run(row.id);
    // Most are named by their first exchange, whose id says where in its millisecond it stands.
    let place = placeOf(row.at, row.id.replace(/^chain-/, ""));
    for (let tries = 1; statements.addRun.run(place, ...values).changes === 0; tries++)
      place = tries === TRIES ? (statements.lastOf.get(next)?.place ?? place) + 1 : place + 1;
  }
}

function parsed<T>(found: Row | null): T | null {
  return found && (JSON.parse(found.row) as T);
}

/** Who it is of, and when that was, stands in the evidence of a model itself. */
function evidenceOf(json: string): Omit<Evidence, "run" | "parent"> {
  const { id, at } = JSON.parse(json) as { id: string; at: number };
  return { source: id, part: "", kind: "model", at, json };
}
