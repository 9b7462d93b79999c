/** Writing into the store of a team, by its functions alone: rows go as JSON, a batch in one transaction. */
import type { SQL } from "bun";
import { stringifyExact } from "../../fact/json-source.ts";
import type { ExchangeRow, MessageRow, Origin, RunChanges } from "../../fact/rows.ts";
import type { Evidence, IndexEntry, SharedWriter } from "../index.ts";
import { outlineOf } from "../outline.ts";
import { type Ask, asker } from "./asking.ts";
import { plain } from "./filter.ts";
import { vectorOf } from "./words.ts";

export type RecorderRights = {
  /** "" where nobody has to show one. */
  readonly token: string;
  /** Whose rows they are where a row does not say it. A token's name goes before the recorder's. */
  readonly origin: Origin;
};

/** The connection stays the caller's. */
export function postgresWriter(sql: SQL, { token, origin }: RecorderRights): SharedWriter {
  const ask = asker(sql);
  const call = (name: string, value: unknown) =>
    called(ask, name, [token, origin.project, JSON.stringify(value)]);
  const named = (own: Origin | undefined) => {
    const { recorder, user, host } = own ?? origin;
    return { recorder: clean(recorder), person: clean(user), host: clean(host) };
  };

  async function share(entries: readonly IndexEntry[]): Promise<string[]> {
    // Of an exchange that is in it twice the last one counts.
    const last = new Map(entries.map((entry) => [plain(entry.row.id), entry]));
    if (last.size === 0) return [];
    const all = [...last.values()].map(({ row, text }) => ({
      ...columnsOf(row),
      ...named(row.origin),
      words: vectorOf(text),
      row: JSON.stringify(row),
    }));
    return JSON.parse((await call("put_exchanges", all)) as string) as string[];
  }

  return {
    share,
    async taken(rows) {
      const all = rows.map(({ id, at, origin: own }) => ({
        id: plain(id),
        started: startedOf(at),
        ...named(own),
      }));
      return JSON.parse((await call("taken", all)) as string) as string[];
    },
    async putExchanges(entries) {
      const [refused] = await share(entries);
      if (refused !== undefined) throw taken("exchange", refused);
    },
    async putSession(row) {
      const entry = {
        id: plain(row.id),
        ...named(row.origin),
        at: row.at,
        name: plain(row.name),
        row: JSON.stringify(row),
      };
      if ((await call("put_session", entry)) !== true) throw taken("session", row.id);
    },
    async putMessages(rows) {
      const { recorder } = named(undefined);
      if (rows.length > 0)
        await call(
          "put_messages",
          rows.map((row) => ({ ...messageOf(row), recorder })),
        );
    },
    async putEvidence(pieces: readonly Omit<Evidence, "run" | "parent">[]) {
      const { recorder } = named(undefined);
      const all = pieces.map(({ source, part, kind, at, json }) => ({
        source: plain(source),
        part: plain(part),
        kind,
        at,
        recorder,
        json: plain(json),
      }));
      if (all.length > 0) await call("put_evidence", all);
    },
    async report(state) {
      await call("report", { ...named(undefined), state: plain(JSON.stringify(state)) });
    },
    async putStars(stars) {
      const { recorder } = named(undefined);
      await call("put_stars", { recorder, stars: stars.map(({ of, id }) => ({ of, id: plain(id) })) });
    },
    async putRuns(changes) {
      await call("put_runs", changesOf(changes, named(undefined)));
    },
  };
}

/** As Postgres says it of a key that is there: the thing's own fault, and not the store's. */
function taken(what: string, id: string): Error {
  return Object.assign(new Error(`another recorder has the ${what} ${id} already`), { errno: "23505" });
}

export async function called(ask: Ask, name: string, values: readonly string[]): Promise<unknown> {
  const [row] = await ask<{ given: unknown }>(
    `select mcpl.${name}(${values.map(() => "?::text").join(", ")}) as given`,
    ...values,
  );
  return row?.given;
}

/** Longer than any name; what is behind it is in the row. */
const LONGEST_CHARS = 1_000;
/** Names of one row that a filter finds. */
const MOST_NAMES = 256;

function clean(text: string | null): string | null {
  return text === null ? null : plain(text).slice(0, LONGEST_CHARS);
}

/** Whole ms. */
function startedOf(at: number): number {
  return Number.isSafeInteger(Math.floor(at)) ? Math.floor(at) : 0;
}

function columnsOf(row: ExchangeRow) {
  const names = (all: readonly string[]) => all.slice(0, MOST_NAMES).map((name) => clean(name));
  return {
    id: plain(row.id),
    started: startedOf(row.at),
    status: row.status,
    ending: row.ending,
    dialect: clean(row.dialect),
    model: clean(row.model),
    upstream: clean(row.upstream),
    provider: clean(row.provider),
    client: clean(row.client),
    method: clean(row.method),
    path: clean(row.path),
    conversation: clean(row.conversation),
    turn: row.turn,
    parent: clean(row.parent),
    run: clean(row.run),
    ttft_ms: row.ttft_ms,
    duration_ms: row.duration_ms,
    tokens_in: row.tokens_in,
    tokens_out: row.tokens_out,
    tokens_cached: row.tokens_cached,
    cost: row.cost,
    problems: row.problems,
    tools: names(row.tools),
    rules: names(row.rules),
    expert: names(row.expert),
    has: names(row.has),
  };
}

function messageOf({ session_id, seq, at, line, place }: MessageRow) {
  const text = stringifyExact(place ? outlineOf(line, place.size) : line);
  return {
    session: plain(session_id),
    seq,
    at,
    line: plain(text),
    place: place?.offset ?? null,
    size: place?.size ?? null,
    sum: place?.sum ?? null,
  };
}

/** `homes`: the run of each exchange, as its steps have it. */
export function changesOf(
  { runs, steps, ties, gone }: RunChanges,
  from: { recorder: string | null; person: string | null; host: string | null },
) {
  return {
    recorder: from.recorder,
    runs: runs.map((row) => {
      const recorder = clean(row.origin?.recorder ?? null) ?? from.recorder;
      return { id: plain(row.id), ...from, recorder, at: row.at, row: JSON.stringify(row) };
    }),
    steps: steps.map((row) => ({
      id: plain(row.id),
      run: plain(row.run),
      at: row.at,
      exchange: clean(row.exchange),
      seen: clean(row.seen),
      treated: row.fidelity !== null && row.fidelity.form !== "unknown",
      row: JSON.stringify(row),
    })),
    ties: ties.map((row) => ({ id: plain(row.id), run: clean(row.run), row: JSON.stringify(row) })),
    homes: [
      ...new Map(
        steps.flatMap(({ kind, run, attempts }) =>
          kind === "model"
            ? attempts.map(
                ({ exchange }) => [exchange, { exchange: plain(exchange), run: plain(run) }] as const,
              )
            : [],
        ),
      ).values(),
    ],
    gone: { runs: gone.runs.map(plain), steps: gone.steps.map(plain), ties: gone.ties.map(plain) },
  };
}
