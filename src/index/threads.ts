/** The part of the index that knows by which keys the exchanges of a conversation find each other. */
import type { Database } from "bun:sqlite";
import type { ThreadAt, ThreadKeys, ThreadKnown, ThreadLookup } from "../fact/thread.ts";
import type { openFirsts } from "./first.ts";
import { placeOf, SLOTS } from "./place.ts";

type Moment = { at: number; id: string };
type Resolve = (id: string, keys: ThreadKeys, lookup: ThreadLookup) => ThreadAt | null;

type Found = {
  place: number;
  id: string;
  conversation: string | null;
  turn: number | null;
  parent: string | null;
};

/** Conversations that begin alike: of more of them nothing can be said. */
const ALIKE = 32;

/** Of one key in one millisecond. */
const BESIDE = 8;

function isBefore({ place, id }: Found, moment: Moment): boolean {
  const at = Math.floor(place / SLOTS);
  const own = Math.floor(placeOf(moment.at, "") / SLOTS);
  return at < own || (at === own && id < moment.id);
}

/** A continuation begins with the last answer, or with an earlier one where turns were edited or tried again. */
const PREFIXES = 16;

export function openThreads(db: Database, firsts: ReturnType<typeof openFirsts>) {
  const statements = {
    put: db.prepare<unknown, [number, string, number, string]>("insert into threads values (?, ?, ?, ?)"),
    putKey: db.prepare<unknown, [string, number]>("insert or ignore into thread_keys values (?, ?)"),
    keys: db.prepare<{ keys: string }, [number]>("delete from threads where place = ? returning keys"),
    dropKey: db.prepare<unknown, [string, number]>("delete from thread_keys where key = ? and place = ?"),
    // What is not there is not looked for in an order, which takes ten times as long (measured).
    has: db.prepare<{ place: number }, [string, number]>(
      "select place from thread_keys where key = ? and place < ? limit 1",
    ),
    latest: db.prepare<Found, [string, number]>(`
      select place, id, conversation, turn, parent from thread_keys join exchanges using (place)
      where key = ? and place < ? order by place desc limit ${BESIDE}`),
    continuing: db.prepare<Found, [string, number]>(`
      select place, id, conversation, turn, parent from thread_keys join exchanges using (place)
      where key = ? and place < ? and parent is not null order by place desc limit ${BESIDE}`),
    alone: db.prepare<{ id: string }, [string, number]>(`
      select id from thread_keys join exchanges using (place)
      where key = ? and place < ? and alone is not null order by place desc limit ${ALIKE}`),
    among: db.prepare<{ key: string }, [string, number]>(`
      select distinct key from thread_keys where key in (select value from json_each(?)) and place < ?`),
    after: db.prepare<Moment & { place: number; keys: string }, [number, number]>(
      "select place, id, at, keys from threads where place > ? order by place limit ?",
    ),
    place: db.prepare<{ place: number }, [string]>("select place from exchanges where id = ?"),
    now: db.prepare<{ conversation: string | null }, [number]>(
      "select conversation from exchanges where place = ?",
    ),
    set: db.prepare<unknown, [string | null, number | null, string | null, number]>(`
      update exchanges set conversation = ?1, turn = ?2, parent = ?3
      where place = ?4 and (conversation is not ?1 or turn is not ?2 or parent is not ?3)`),
  };

  function put(place: number, { id, at }: Moment, keys: ThreadKeys): void {
    const kept = { ...keys, prefixes: keys.prefixes.slice(0, PREFIXES) };
    statements.put.run(place, id, at, JSON.stringify(kept));
    for (const key of namesOf(keys)) statements.putKey.run(key, place);
  }

  function drop(place: number): void {
    const had = statements.keys.get(place);
    if (!had) return;
    for (const key of namesOf(JSON.parse(had.keys) as ThreadKeys)) statements.dropKey.run(key, place);
  }

  function lookup(moment: Moment): ThreadLookup {
    // Those of the same millisecond too: their places may stand behind the own one, their ids tell the order.
    const before = placeOf(moment.at, "") + SLOTS;
    const known = (all: Found[]): ThreadKnown | null => {
      const found = all.find((one) => isBefore(one, moment));
      return found
        ? { id: found.id, conversation: found.conversation ?? found.id, turn: found.turn ?? 1 }
        : null;
    };
    const look = (key: string, which: "latest" | "continuing") =>
      statements.has.get(key, before) ? known(statements[which].all(key, before)) : null;
    const latest = (key: string) => look(key, "latest");
    return {
      byHeader: (header) => latest(`h${header}`),
      continuing: (header) => look(`h${header}`, "continuing"),
      byResponse: (id) => latest(`r${id}`),
      byWhole([first, ...more]) {
        const found = first === undefined ? null : latest(`w${first}`);
        if (found || more.length === 0) return found;
        const names = more.map((whole) => `w${whole}`);
        const known = new Set(statements.among.all(JSON.stringify(names), before).map(({ key }) => key));
        for (const name of names) {
          const one = known.has(name) ? latest(name) : null;
          if (one) return one;
        }
        return null;
      },
    };
  }

  function aloneBefore(at: number, { previous, prefixes }: Pick<ThreadKeys, "previous" | "prefixes">) {
    const before = placeOf(at, "") + SLOTS;
    const names = prefixes.map((prefix) => `w${prefix}`);
    if (previous !== null) names.unshift(`r${previous}`);
    const found = names.flatMap((name) =>
      statements.has.get(name, before) ? statements.alone.all(name, before) : [],
    );
    return [...new Set(found.map(({ id }) => id))];
  }

  function again(after: Moment | null, limit: number, resolve: Resolve) {
    return db
      .transaction(() => {
        // Of many with the same time, only the first stands where its time says.
        const from =
          after === null ? -1 : (statements.place.get(after.id)?.place ?? placeOf(after.at, after.id));
        const found = statements.after.all(from, limit);
        let changed = 0;
        for (const { place, id, at, keys } of found) {
          const thread = resolve(id, JSON.parse(keys) as ThreadKeys, lookup({ at, id }));
          const { conversation, turn, parent } = thread ?? {
            conversation: null,
            turn: null,
            parent: null,
          };
          const from = statements.now.get(place)?.conversation ?? null;
          changed += statements.set.run(conversation, turn, parent, place).changes;
          firsts.changes("conversation", place, { from, to: conversation });
        }
        const last = found.length < limit ? undefined : found.at(-1);
        return { next: last ? { at: last.at, id: last.id } : null, changed };
      })
      .immediate();
  }

  function close(): void {
    for (const statement of Object.values(statements)) statement.finalize();
  }

  return { put, drop, lookup, again, aloneBefore, close };
}

/** The names under which an exchange is found. */
export function namesOf({ header, response_id, whole, aside }: ThreadKeys): string[] {
  const names: string[] = [];
  // Nothing goes on from it.
  if (aside) return names;
  if (header) names.push(`h${header}`);
  if (response_id) names.push(`r${response_id}`);
  if (whole) names.push(`w${whole}`);
  return names;
}
