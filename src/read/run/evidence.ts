/**
 * What is kept of both wires for joining them: small, bounded, made once from each exchange and each MCP session, in
 * any order. Times are ms since 1970 UTC.
 */
import type { ExchangeRow, Phase, StepMarks } from "../../fact/rows.ts";

/** A text of which only the beginning is kept. `chars` and `hash` are of all of it. */
export type Excerpt = { text: string; chars: number; hash: string };

/** A piece of a result: a text, or something else of which its kind, its type and its size are said. */
export type Block = {
  type: string;
  said: Excerpt | null;
  mime: string | null;
  bytes: number | null;
};

/** A tool call in the answer of a model. */
export type AskedCall = {
  /** `exchange#n`. */
  key: string;
  exchange: string;
  /** Its place among the calls of the answer. */
  n: number;
  /** When it was whole in the stream. */
  at: number;
  id: string | null;
  /** The id of the item around it, where the API has one of its own. */
  item: string | null;
  name: string;
  namespace: string | null;
  /** Canonical JSON, or the text as it came when it is no JSON; the beginning of it. */
  args: Excerpt;
  /** The same where numbers are written that no double has: see `exact-numbers.ts`. */
  exact?: string;
  /** `script`: a program that may make any number of calls. `provider`: ran where the model runs. */
  kind: "call" | "script" | "provider";
  /** Long texts among its arguments, by hash: a sub-agent's first message may be one of them. */
  prompts: Excerpt[];
};

/** A tool result in the request of a model. */
export type SeenResult = {
  exchange: string;
  /** Its place among the results kept of the request. */
  n: number;
  id: string | null;
  name: string | null;
  /** Stands behind the last words of the model: this request is the first that brings it. */
  fresh: boolean;
  error: boolean;
  blocks: Block[];
  /** Ids of agents that it names (`agentId: …`, `<task id="…">`). */
  agents: string[];
};

/** One exchange with a model. */
export type ModelEvidence = {
  id: string;
  at: number;
  /** When it ended. */
  ended: number;
  first_byte: number | null;
  first_token: number | null;
  upstream: string;
  dialect: string | null;
  provider: string | null;
  model: string | null;
  status: number | null;
  ending: ExchangeRow["ending"];
  error: string | null;
  streamed: boolean;
  /** The program that asked, by its own name, and the family that its MCP client belongs to too. */
  agent: string | null;
  family: string | null;
  /** Our own id of the run, in the address that the client used. */
  run: string | null;
  /** The session that the client named, and the one that it says started it. */
  session: string | null;
  parent_session: string | null;
  /** Where the client numbers the threads of a session. */
  thread: string | null;
  /** The sub-agent within the session. */
  sub_agent: string | null;
  trace: string | null;
  /** Keys of the conversation: see `thread.ts`. Of `prefixes` the longest few. */
  response: string | null;
  previous: string | null;
  whole: string | null;
  prefixes: string[];
  /** Of the messages alone: a retry and a fallback have the same. */
  request: string;
  /** `turn` of a conversation, or something beside it. */
  purpose: "turn" | "count" | "other";
  /** How many tools it brought. */
  tools: number;
  /** The first and the last words of the user. */
  first: Excerpt | null;
  /** Hashes of the user's texts before the model's first words. */
  openings: string[];
  last: string;
  answered: string;
  finish: string | null;
  tokens_in: number | null;
  tokens_out: number | null;
  tokens_cached: number | null;
  tokens_written: number | null;
  cost: number | null;
  problems: number;
  /** Tokens of the request by kind, as `ledger.ts` shares them out. */
  context: Record<string, number>;
  /** The same by kind and name (`tools weather`, `results get_forecast`), of the largest; what has no name is not here. */
  blocks?: Record<string, number>;
  phases?: Phase[];
  /** The part of the cost that the request is. */
  cost_in?: number | null;
  asked: AskedCall[];
  seen: SeenResult[];
};

/** A `tools/call` on the wire of an MCP session. */
export type ServedCall = {
  /** `session/seq`. */
  key: string;
  session: string;
  seq: number;
  answer_seq: number | null;
  request: string | number;
  name: string;
  args: Excerpt;
  exact?: string;
  at: number;
  ended: number | null;
  state: "open" | "ok" | "tool-error" | "error" | "cancelled";
  error: string | null;
  /** Ids in `_meta` that stand on the model's wire too. */
  tool_use: string | null;
  call: string | null;
  item: string | null;
  thread: string | null;
  trace: string | null;
  progress: number;
  /** When the first few notifications of progress came, and when the call was called off. */
  marks?: StepMarks;
  result: ServedResult | null;
};

export type ServedResult = {
  blocks: Block[];
  structured: Excerpt | null;
  /** The same in the order of its keys on the wire, where that is another: a host that cuts it cuts this. */
  written?: Excerpt;
  error: boolean;
  /** Names of the members of `_meta`. */
  meta: string[];
};

/** One MCP session: who talks, and which tools the server lists. */
export type SessionEvidence = {
  id: string;
  /** The name under which it was recorded, and the server's own. */
  name: string;
  server: string | null;
  client: string | null;
  family: string | null;
  run: string | null;
  at: number;
  last: number;
  closed: boolean;
  tools: string[];
};

/** One of which nothing is told yet but that it is there. */
export function newSession(id: string, name: string, at: number): SessionEvidence {
  return {
    id,
    name,
    server: null,
    client: null,
    family: null,
    run: null,
    at,
    last: at,
    closed: false,
    tools: [],
  };
}
