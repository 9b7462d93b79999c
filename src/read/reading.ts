/**
 * The one reading: what a pure reader makes of an exchange, the same shape for every dialect.
 * A reading is derived, never stored as truth. Readers never throw and never hide what they did not understand.
 */

/** A piece of a message. `unknown` keeps whole what no reader knows yet. */
export type Part =
  | { type: "text"; text: string }
  /** `text` is null when the reasoning was there but hidden (`redacted`, `encrypted`). */
  | { type: "reasoning"; text: string | null; redacted?: boolean; encrypted?: boolean; signature?: boolean }
  | MediaPart
  | { type: "tool_call"; id: string | null; name: string; arguments: string; by: "client" | "server" }
  | {
      type: "tool_result";
      id: string | null;
      name: string | null;
      parts: Part[];
      error?: boolean;
      by: "client" | "server";
    }
  | { type: "refusal"; text: string }
  | { type: "citation"; title: string | null; url: string | null; text: string | null; value: unknown }
  | { type: "unknown"; kind: string | null; value: unknown };

/** `bytes` is the decoded size when the data is inline; `url` never holds inline data. */
export type MediaPart = {
  type: "image" | "audio" | "video" | "file";
  mime: string | null;
  url: string | null;
  /** Where in the body the inline data stands, as a JSON path, so that a page can fetch it. */
  data: string | null;
  bytes: number | null;
  name: string | null;
};

export type Role = "system" | "developer" | "user" | "assistant" | "tool" | (string & {});

export type Turn = { role: Role; parts: Part[]; name?: string };

export type Tool = {
  name: string;
  description: string | null;
  /** JSON Schema of the arguments, or null when the API does not send one. */
  schema: unknown;
  /** `function`, `custom`, or the server tool's own type (`web_search_20250305`, `code_interpreter`, …). */
  kind: string;
  by: "client" | "server";
  /** The set of tools that it stands in: names are unique within one set only. */
  namespace?: string;
};

/** `arguments` is the exact string where the API sends a string, else the compact JSON. */
export type ToolCall = { id: string | null; name: string; arguments: string };

/** `input` counts all input tokens, cached ones included; `output` all output tokens, reasoning included. */
export type Usage = {
  input: number | null;
  output: number | null;
  total: number | null;
  cached: number | null;
  cache_write: number | null;
  reasoning: number | null;
  /** The API's own object, untouched. */
  wire: unknown;
};

/** In US dollars. `source` names the price table (or "provider" when the API says it) and `as_of` its date. */
export type Cost = {
  input: number | null;
  output: number | null;
  total: number;
  source: string;
  as_of: string | null;
};

/** Times in ms since the request; null where the exchange has none. `ttft_ms` is the first token, not the first byte. */
export type Timing = {
  ttfb_ms: number | null;
  ttft_ms: number | null;
  tokens_per_s: number | null;
  longest_gap_ms: number | null;
  duration_ms: number | null;
};

/** What is wrong, where (a JSON path, `stream`, or an event's number), by which rule of which document. */
export type Problem = {
  where: string;
  what: string;
  /** Stable name of the rule, for filters and for the explanation in the page's language. */
  rule: string;
  severity: "error" | "warning" | "note";
  source: string | null;
};

export type ReadError = { status: number | null; type: string | null; message: string };

/** How this exchange hangs together with others; filled in by whoever knows the others. */
export type Thread = {
  conversation: string;
  turn: number;
  parent: string | null;
  how: "header" | "id" | "prefix" | "new";
};

export type Reading = {
  dialect: string;
  provider: string | null;
  model: string | null;
  streamed: boolean;
  /** The system prompt (system, developer or instructions), wherever the API keeps it. */
  system: Part[];
  messages: Turn[];
  tools: Tool[];
  /** Everything else of the request that steers the answer: temperature, max_tokens, tool_choice, … */
  settings: Record<string, unknown>;
  /** Every choice; `parts` are those of the first. */
  answer: { parts: Part[]; choices: { parts: Part[]; finish_reason: string | null }[] };
  text: string;
  reasoning: string;
  refusal: string | null;
  tool_calls: ToolCall[];
  finish_reason: string | null;
  usage: Usage | null;
  cost: Cost | null;
  timing: Timing;
  error: ReadError | null;
  problems: Problem[];
  /** What is no problem by any document and may surprise all the same; absent where there is nothing. */
  notes?: Problem[];
  thread: Thread | null;
  /** Readings that are not conversations. */
  embedding?: { count: number; dimensions: number | null };
  moderation?: { flagged: boolean; categories: string[] };
  transcription?: { text: string; language: string | null; duration_s: number | null };
  token_count?: { input: number };
  /** Best first; `index` is the document's place in the request. */
  ranking?: { count: number; results: { index: number; score: number | null }[] };
  models?: { count: number; ids: string[] };
  images?: { count: number };
};
