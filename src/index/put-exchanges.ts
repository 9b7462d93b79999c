/** Exchanges are put into the index, many in one transaction, and dropped from it. */
import type { ExchangeRow } from "../fact/rows.ts";
import { putFile } from "./files.ts";
import type { Facets, IndexEntry } from "./index.ts";
import { placeOf, timeAt } from "./place.ts";
import { agentOf } from "./run-list.ts";
import { freePlace, NO_FILE, type Store } from "./store.ts";
import { spaced } from "./words.ts";

export function putExchanges(store: Store, entries: readonly IndexEntry[]): void {
  store.db
    .transaction(() => {
      const batch: Batch = { files: new Map(), facets: new Map(), last: -1 };
      const placed = entries.map((entry) => ({
        entry,
        place: placeOf(entry.row.at, entry.row.id),
      }));
      // Full text takes rows in ascending order; each step back would make it write out what it has gathered.
      placed.sort((a, b) => a.place - b.place);
      for (const { entry, place } of placed) putExchange(store, entry, place, batch);
      addFacets(store, batch.facets);
    })
    .immediate();
}

/** What many rows of one transaction share: ids of files, changes of counts as `kind\nvalue`, the last place. */
export type Batch = {
  files: Map<string, number>;
  facets: Map<string, number>;
  last: number;
};

function putExchange(
  store: Store,
  { row, text, file, keys, evidence, alone }: IndexEntry,
  wanted: number,
  batch: Batch,
): void {
  const { path, inside } = split(file?.path ?? "");
  const id = file ? (batch.files.get(path) ?? putFile(store, { ...file, path }, null)) : NO_FILE;
  if (file) batch.files.set(path, id);
  const { conversation, turn, parent, ...rest } = row;
  const columns = [
    row.status,
    row.ending,
    row.dialect,
    row.model,
    row.upstream,
    conversation,
    turn,
    parent,
    row.provider,
    row.client,
    row.method,
    row.path,
    row.ttft_ms,
    row.duration_ms,
    row.tokens_in,
    row.tokens_out,
    row.tokens_cached,
    row.cost,
    row.problems,
    row.run,
    row.wire,
    row.socket ?? null,
  ];
  let single = evidence ? alone : null;
  const put = (at: number) => {
    // Who is alone is new, and nobody can stand before it or behind it.
    const firsts = single
      ? [at, at]
      : [store.firsts.firstOf("conversation", conversation, at), store.firsts.firstOf("run", row.run, at)];
    const agent = single ? agentOf(single.run) : null;
    return store.putExchange.run(at, row.id, id, inside, ...columns, ...firsts, agent).changes === 1;
  };
  // Many of one moment stand one behind the other.
  let place = Math.max(wanted, batch.last + 1);
  if (!put(place)) {
    // The exchange is known already, or another one stands at its place.
    const before = store.exchangeAt.get(row.id);
    if (before) {
      if (before.file !== id) store.shadow.run(before.file);
      // Somebody may have joined it.
      single = null;
      store.firsts.leavesAll(before.place);
      dropExchange(store, { place: before.place, id: row.id }, batch.facets);
    }
    place = freePlace(store, "exchanges", wanted);
    put(place);
  }
  batch.last = place;
  store.putRow.run(place, JSON.stringify(rest), single ? evidence! : null);
  store.putWords.run(place, spaced(text));
  for (const [kind, values] of namesOf(row))
    for (const value of new Set(values)) store.putName.run(kind, value, place);
  if (keys) store.threads.put(place, row, keys);
  if (evidence && !single)
    store.runs.putEvidence([{ source: row.id, part: "", kind: "model", at: row.at, json: evidence }]);
  countFacets(batch.facets, row, 1);
}

/** What a row has several of, by the field of the filter that asks for it. */
function namesOf({
  tools,
  rules,
  expert,
  has,
}: Pick<ExchangeRow, "tools" | "rules" | "expert" | "has">): [kind: string, values: readonly string[]][] {
  return [
    ["tool", tools],
    ["problem", rules],
    ["expert", expert],
    ["has", has],
  ];
}

/** `packed/x.json.zst#12` is the file `packed/x.json.zst`; what follows stays with the exchange. */
function split(path: string): { path: string; inside: string } {
  const found = /^(.*\.zst)(#\d+)$/s.exec(path);
  return found?.[1] && found[2] ? { path: found[1], inside: found[2] } : { path, inside: "" };
}

/** Its names are found by its row: an index of them by place would cost each exchange that comes, and few are dropped. */
export function dropExchange(
  store: Store,
  { place, id }: { place: number; id: string },
  facets: Batch["facets"],
): void {
  const alone = store.dropExchange.get(place)?.alone ?? null;
  if (alone === null) store.runs.forget(id);
  else store.runs.forgetAlone(id, timeAt(place));
  store.threads.drop(place);
  store.dropWords.run(place);
  const gone = store.dropRow.get(place);
  if (!gone) return;
  const row = JSON.parse(gone.row) as Omit<ExchangeRow, "conversation" | "turn" | "parent">;
  for (const [kind, values] of namesOf(row))
    for (const value of new Set(values)) store.dropName.run(kind, value, place);
  countFacets(facets, row, -1);
}

/** Every value that is counted under `status` is one that the status filter takes. */
function countFacets(
  facets: Batch["facets"],
  row: Omit<ExchangeRow, "conversation" | "turn" | "parent">,
  by: 1 | -1,
): void {
  const { model, dialect, upstream, status, ending, client } = row;
  const count = (kind: keyof Facets, value: string | number | null) => {
    if (value === null || value === "") return;
    const key = `${kind}\n${value}`;
    facets.set(key, (facets.get(key) ?? 0) + by);
  };
  count("model", model);
  count("dialect", dialect);
  count("upstream", upstream);
  count("status", status);
  if (ending !== "complete") count("status", ending);
  count("client", client);
  for (const tool of new Set(row.tools)) count("tool", tool);
  for (const rule of new Set(row.rules)) count("problem", rule);
  for (const word of new Set(row.expert)) count("expert", word);
}

export function addFacets(store: Store, facets: Batch["facets"]): void {
  for (const [key, by] of facets) {
    const end = key.indexOf("\n");
    if (by !== 0) store.facet.run(key.slice(0, end), key.slice(end + 1), by);
  }
}
