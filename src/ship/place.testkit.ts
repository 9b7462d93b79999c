/** A record of this machine and a store of a team, both in memory, with faults on demand. */
import { createFeed } from "../feed/ring.ts";
import type { News } from "../feed/feed.ts";
import { exchangeRow, sessionRow } from "../index/contract-rows.testkit.ts";
import type { Index, IndexEntry, LocalIndex, SharedWriter } from "../index/index.ts";
import { openIndex } from "../index/sqlite.ts";
import type { RecorderState } from "../fact/recorder-state.ts";
import type { ExchangeRow, MessageRow, RunChanges, Star, StepRow } from "../fact/rows.ts";
import { startShipper } from "./shipper.ts";
import type { ShipOptions, Store } from "./ports.ts";

export const ORIGIN = { project: "p", recorder: "a", user: "ann", host: "h" };

const encoder = new TextEncoder();

export function machine() {
  const bodies = new Map<string, Uint8Array>();
  const index: Index & LocalIndex = openIndex(":memory:");
  const feed = createFeed({ ring: 1_000, queue: 1_000 });
  let n = 0;
  return {
    index,
    feed,
    bodies,
    local: {
      index,
      feed,
      inFlight: () => [] as ExchangeRow[],
      bodies: {
        get: async ({ id }: { id: string }) => bodies.get(id) ?? null,
        range: async ({ id }: { id: string }, start: number, end: number) => {
          const part = bodies.get(id)?.subarray(start, end);
          return part?.byteLength === end - start ? part : null;
        },
      },
    },
    /** As the recorder does it: the file, the row, the frame. */
    record(about: Partial<ExchangeRow> = {}, body = "{}"): string {
      const row = exchangeRow(n++, about);
      bodies.set(row.id, encoder.encode(body));
      const file = { path: `llm_proxy/${row.id}.json`, mtime: 1, size: body.length };
      index.putExchanges([{ row, text: "", file }]);
      feed.publish({ type: "exchange.close", row, ending: "complete" });
      return row.id;
    },
    /** As it is when an older exchange came late. */
    move(id: string, thread: Pick<ExchangeRow, "conversation" | "turn" | "parent">): void {
      const [row] = index.rowsIn(`llm_proxy/${id}.json`).exchanges;
      const file = index.fileOf(id);
      index.putExchanges([{ row: { ...row!, ...thread }, text: "", file: file! }]);
    },
    /** What a session says, a line each; the file has all of them. */
    say(id: string, lines: readonly object[], state: "open" | "closed" = "open"): void {
      const before = bodies.get(id) ?? new Uint8Array(0);
      const text = lines.map((line) => `${JSON.stringify({ session_id: id, ...line })}\n`);
      const all = encoder.encode(new TextDecoder().decode(before) + text.join(""));
      bodies.set(id, all);
      const had = new TextDecoder().decode(before).split("\n").length - 1;
      const row = sessionRow(1, { id, state, messages: had + lines.length });
      index.putSession(row, { path: `mcp_weather/${id}.jsonl`, mtime: all.byteLength, size: all.byteLength });
      index.putMessages(
        lines.map((line, at): MessageRow => ({
          session_id: id,
          seq: had + at,
          at: 5,
          line: { session_id: id, ...line },
        })),
      );
      feed.publish({ type: "mcp.session", row });
    },
  };
}

/** What it is told is kept by key, so that twice is once; `writes` says how often. */
export function team() {
  const rows = new Map<string, IndexEntry>();
  const bodies = new Map<string, Uint8Array>();
  const sessions = new Map<string, object>();
  const messages = new Map<string, MessageRow>();
  const evidence = new Map<string, string>();
  const told: News[] = [];
  const self = {
    rows,
    bodies,
    sessions,
    messages,
    evidence,
    told,
    steps: new Map<string, StepRow>(),
    runPuts: [] as RunChanges[],
    reports: [] as RecorderState[],
    writes: 0,
    puts: 0,
    /** Thrown by every call in its place. */
    away: null as null | Error,
    bucketAway: null as null | Error,
    /** Rows that it never takes. */
    poison: (() => false) as (row: ExchangeRow) => boolean,
    stars: [] as readonly Star[],
    theirs: new Set<string>(),
    /** Called between the bodies and the rows. */
    beforeRows: () => {},
  };
  const guard = () => {
    if (self.away) throw self.away;
  };
  const writer: SharedWriter = {
    async taken(all) {
      guard();
      return all.map(({ id }) => id).filter((id) => self.theirs.has(id));
    },
    async share(entries) {
      self.beforeRows();
      guard();
      if (entries.some(({ row }) => self.poison(row)))
        throw Object.assign(new Error("bad value"), { errno: "22P02" });
      self.writes++;
      for (const entry of entries) rows.set(entry.row.id, entry);
      return [];
    },
    async putExchanges() {},
    async putSession(row) {
      guard();
      sessions.set(row.id, row);
    },
    async putMessages(all) {
      guard();
      for (const row of all) messages.set(`${row.session_id}/${row.seq}`, row);
    },
    async report(state) {
      guard();
      self.reports.push(state);
    },
    async putRuns(changes) {
      guard();
      self.runPuts.push(changes);
      for (const row of changes.steps) self.steps.set(row.id, row);
    },
    async putStars(all) {
      guard();
      self.stars = all;
    },
    async putEvidence(pieces) {
      guard();
      for (const { source, part, json } of pieces) evidence.set(source + part, json);
    },
  };
  const store: Store = {
    rows: writer,
    tell: (news) => void told.push(news),
    bodies: {
      async put({ id }, bytes) {
        if (self.bucketAway) throw self.bucketAway;
        self.puts++;
        bodies.set(id, bytes);
      },
      async putPiece(session, at, bytes) {
        if (self.bucketAway) throw self.bucketAway;
        bodies.set(`${session}@${at}`, bytes);
      },
    },
  };
  return Object.assign(self, { store });
}

export function shipping(
  local: ReturnType<typeof machine>["local"],
  store: Store,
  about: Partial<ShipOptions> = {},
) {
  return startShipper({
    local,
    store,
    origin: ORIGIN,
    checkpoint: ":memory:",
    target: "t",
    restMs: 1,
    retryMs: 1,
    ...about,
  });
}

export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await Bun.sleep(1);
}
