/**
 * What the lists show, a row each: made where the traffic is recorded, kept by the index, told by the feed, drawn by the page.
 */
import type { Ending } from "./fact.ts";

/** One line of the LLM list. `state` is `done` for everything that has a file. */
export type ExchangeRow = {
  id: string;
  /** ms since 1970 UTC. */
  at: number;
  state: "waiting" | "streaming" | "done";
  wire: "http" | "websocket";
  upstream: string;
  method: string;
  path: string;
  target: string;
  status: number | null;
  ending: Ending | null;
  error: string | null;
  dialect: string | null;
  provider: string | null;
  model: string | null;
  streamed: boolean;
  ttfb_ms: number | null;
  ttft_ms: number | null;
  duration_ms: number | null;
  tokens_in: number | null;
  tokens_out: number | null;
  tokens_cached: number | null;
  /** US dollars. */
  cost: number | null;
  /** Bytes of the bodies as they passed. */
  bytes_in: number;
  bytes_out: number;
  /** The story: what was asked (first words) and what came (first words or tool names). */
  asked: string;
  answered: string;
  tools: string[];
  /** What asked, by name and version (`claude-code 2.1.197`), as far as it says so. */
  client: string | null;
  /** What stands in request and answer: `tool_call`, `tool_result`, `image`, `audio`, `file`, `thinking`. */
  has: string[];
  problems: number;
  /** Names of the rules of all problems, notes included. */
  rules: string[];
  conversation: string | null;
  turn: number | null;
  parent: string | null;
  /** The run of an agent that it belongs to. */
  run: string | null;
};

/** One line of the MCP list: a session. */
export type SessionRow = {
  id: string;
  /** Server's name: the folder `logs/mcp_<name>/`. */
  name: string;
  at: number;
  last_at: number;
  state: "open" | "closed";
  transport: "stdio" | "http";
  command: string | null;
  era: "legacy" | "modern" | null;
  revision: string | null;
  client: string | null;
  server: string | null;
  messages: number;
  requests: number;
  errors: number;
  problems: number;
  /** Nothing but the question which era the server speaks. */
  probe?: boolean;
};

/**
 * One line of a session file, whatever its kind, with where it stands. `line` is the parsed JSON of the line. Of a long
 * one, which comes with its `place` in the file, the index keeps the outline (see `outline.ts`) and gives the line as
 * the file has it.
 */
export type MessageRow = {
  session_id: string;
  seq: number;
  at: number;
  line: Record<string, unknown>;
  place?: LinePlace;
};
/** In bytes. */
export type LinePlace = { offset: number; size: number };

/** A file in `logs/` that is not one of ours or is broken; shown on the page, never a reason to stop. */
export type UnreadableFile = { path: string; why: string };
