/** Evidence written by hand, and books made of it in any order. Only tests use it. */
import type { RunChanges } from "../../fact/rows.ts";
import { runBook } from "./book.ts";
import type { AskedCall, Block, ModelEvidence, SeenResult, ServedCall, SessionEvidence } from "./evidence.ts";
import { canonical, excerpt, hashOf } from "./excerpt.ts";
import { servedResult } from "./served-result.ts";

export type Piece =
  | { kind: "model"; it: ModelEvidence }
  | { kind: "session"; it: SessionEvidence }
  | { kind: "served"; it: ServedCall };

type AskedHow = Partial<AskedCall> & { name: string; arguments?: unknown };
type SeenHow = Partial<Omit<SeenResult, "blocks">> & { text?: string; blocks?: Block[] };
type ModelHow = Partial<Omit<ModelEvidence, "asked" | "seen">> & {
  id: string;
  at: number;
  asked?: AskedHow[];
  seen?: SeenHow[];
  /** What it continues: the id of the exchange before it. */
  after?: string;
};

/** Its answer takes 100 ms; calls are whole 10 ms before its end. `after` chains it to another by their messages. */
export function model({ asked = [], seen = [], after, ...how }: ModelHow): Piece {
  const { id, at } = how;
  const ended = how.ended ?? at + 100;
  const it: ModelEvidence = {
    ended,
    first_byte: 20,
    first_token: 30,
    upstream: "up",
    dialect: "anthropic-messages",
    provider: "anthropic",
    model: "m",
    status: 200,
    ending: "complete",
    error: null,
    streamed: true,
    agent: "agent/1",
    family: null,
    run: null,
    session: null,
    parent_session: null,
    thread: null,
    sub_agent: null,
    trace: null,
    response: null,
    previous: null,
    whole: `whole ${id}`,
    prefixes: after === undefined ? [] : [`whole ${after}`],
    request: `request ${id}`,
    purpose: "turn",
    tools: 1,
    first: excerpt(`do ${id}`),
    openings: [hashOf(`do ${id}`)],
    last: "",
    answered: "",
    finish: null,
    tokens_in: 10,
    tokens_out: 5,
    tokens_cached: 0,
    tokens_written: null,
    cost: 0.001,
    problems: 0,
    context: { user: 10 },
    ...how,
    asked: asked.map(({ arguments: args, ...call }, n) => ({
      key: `${id}#${n}`,
      exchange: id,
      n,
      at: ended - 10,
      id: null,
      item: null,
      namespace: null,
      args: excerpt(canonical(args ?? {})),
      kind: "call",
      prompts: [],
      ...call,
    })),
    seen: seen.map(({ text, ...result }, n) => ({
      exchange: id,
      n,
      id: null,
      name: null,
      fresh: true,
      error: false,
      blocks: text === undefined ? [] : [{ type: "text", said: excerpt(text), mime: null, bytes: null }],
      agents: [],
      ...result,
    })),
  };
  return { kind: "model", it };
}

type ServedHow = Partial<Omit<ServedCall, "result">> & {
  session: string;
  seq: number;
  at: number;
  name: string;
  arguments?: unknown;
  text?: string;
  /** The result as it stands on the wire. */
  result?: Record<string, unknown>;
};

/** Answered after 50 ms, with a text. */
export function served({ arguments: args, text = "ok", result, ...how }: ServedHow): Piece {
  const it: ServedCall = {
    key: `${how.session}/${how.seq}`,
    answer_seq: how.seq + 1,
    request: how.seq,
    args: excerpt(canonical(args ?? {})),
    ended: how.at + 50,
    state: "ok",
    error: null,
    tool_use: null,
    call: null,
    item: null,
    thread: null,
    trace: null,
    progress: 0,
    ...how,
    result: servedResult(result ?? { content: [{ type: "text", text }] }),
  };
  return { kind: "served", it };
}

export function session(how: Partial<SessionEvidence> & { id: string }): Piece {
  const usual = {
    server: null,
    client: null,
    family: null,
    run: null,
    at: 0,
    last: 0,
    closed: false,
    tools: [],
  };
  return { kind: "session", it: { name: "weather", ...usual, ...how } };
}

/** What the book says in the end: the last word on each row. */
export type Told = {
  runs: Map<string, RunChanges["runs"][number]>;
  steps: Map<string, RunChanges["steps"][number]>;
  ties: Map<string, RunChanges["ties"][number]>;
};

/** `each`: rows are taken after every piece, as in a live run. */
export function told(pieces: readonly Piece[], each: "each" | "at-the-end" = "at-the-end"): Told {
  const book = runBook();
  const all: Told = { runs: new Map(), steps: new Map(), ties: new Map() };
  for (const piece of pieces) {
    put(book, piece);
    if (each === "each") add(all, book.take());
  }
  add(all, book.take());
  return all;
}

export function put(book: ReturnType<typeof runBook>, piece: Piece): void {
  if (piece.kind === "model") book.model(piece.it);
  else if (piece.kind === "session") book.session(piece.it);
  else book.served(piece.it);
}

export function add(all: Told, changes: RunChanges): void {
  for (const kind of ["runs", "steps", "ties"] as const) {
    for (const id of changes.gone[kind]) all[kind].delete(id);
    for (const row of changes[kind]) (all[kind] as Map<string, unknown>).set(row.id, row);
  }
}

/** The rows in an order of their own, for comparing. */
export function sorted({ runs, steps, ties }: Told): unknown {
  return [runs, steps, ties].map((rows) => [...rows.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1)));
}

/** `served key: certainty rule asked` for each tie. */
export function tiesIn({ ties }: Told): string[] {
  return [...ties.values()]
    .map(({ id, certainty, rule, asked }) => `${id}: ${certainty} ${rule} ${asked.join(" ")}`)
    .toSorted();
}
