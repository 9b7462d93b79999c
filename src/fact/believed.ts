/**
 * Rows that another machine has put, read so that whatever they say can be shown: what is missing or of another kind is as in a row
 * of which nothing is known. What we do not know stays: it may be of a newer program.
 */
import { NOTHING_OF_A_STEP } from "./no-step.ts";
import type { ExchangeRow, RunRow, SessionRow, StepRow, TieRow } from "./rows.ts";

/** More names than a row of ours has. */
const MOST_MEMBERS = 10_000;

const EXCHANGE: ExchangeRow = {
  id: "",
  at: 0,
  state: "done",
  wire: "http",
  upstream: "",
  method: "",
  path: "",
  target: "",
  status: null,
  ending: null,
  error: null,
  dialect: null,
  provider: null,
  model: null,
  streamed: false,
  ttfb_ms: null,
  ttft_ms: null,
  duration_ms: null,
  tokens_in: null,
  tokens_out: null,
  tokens_cached: null,
  cost: null,
  bytes_in: 0,
  bytes_out: 0,
  asked: "",
  answered: "",
  tools: [""],
  client: null,
  has: [""],
  problems: 0,
  rules: [""],
  expert: [""],
  conversation: null,
  turn: null,
  parent: null,
  run: null,
};

/** Those that are null, and are a number otherwise. */
const NUMBERS = new Set(
  "status ttfb_ms ttft_ms duration_ms tokens_in tokens_out tokens_cached cost turn ended first_token answer_seq".split(
    " ",
  ),
);

const SESSION: SessionRow = {
  id: "",
  name: "",
  at: 0,
  last_at: 0,
  state: "closed",
  transport: "stdio",
  command: null,
  era: null,
  revision: null,
  client: null,
  server: null,
  messages: 0,
  requests: 0,
  errors: 0,
  problems: 0,
};

const RUN: RunRow = {
  id: "",
  at: 0,
  last_at: 0,
  title: "",
  agent: null,
  run: null,
  models: [""],
  sessions: [""],
  servers: [""],
  model_calls: 0,
  tool_calls: 0,
  agents: 0,
  tokens_in: 0,
  tokens_out: 0,
  tokens_cached: 0,
  cost: 0,
  errors: 0,
  problems: 0,
  ties: { exact: 0, inferred: 0, ambiguous: 0 },
  state: "done",
  state_of: null,
  state_since: 0,
};

const STEP: StepRow = {
  ...NOTHING_OF_A_STEP,
  id: "",
  run: "",
  kind: "model",
  at: 0,
  lane: "",
  name: "",
  asked: "",
  answered: "",
  state: "unrecorded",
  ties: [""],
  attempts: [],
  problems: [],
};

const TIE: TieRow = {
  id: "",
  run: null,
  at: 0,
  certainty: "ambiguous",
  rule: "name+result-text",
  confirmed: false,
  asked: [""],
  served: { session: "", seq: 0, answer_seq: null, request: "" },
  seen: null,
};

/** Those that are null, and are an object otherwise: what shows one step reads it. */
const OBJECTS = new Set("split fidelity context".split(" "));

/** Members that may be absent, and what they are otherwise. */
const OPTIONAL: Readonly<Record<string, Kind>> = {
  socket: "string",
  n: "number",
  responses: "number",
  tokens_written: "number",
  tokens_reasoning: "number",
  finish: "string",
  error_type: "string",
  traceparent: "string",
  sum: "string",
  probe: "boolean",
  tools: "names",
  rules: "names",
  blocks: "object",
  marks: "marks",
  phases: "objects",
  cost_in: "number",
  origin: "origin",
};
type Kind = "string" | "number" | "boolean" | "names" | "object" | "objects" | "marks" | "origin";

export const believedExchange = (told: unknown): ExchangeRow => rowLike(told, EXCHANGE);
export const believedSession = (told: unknown): SessionRow => rowLike(told, SESSION);
export const believedStep = (told: unknown): StepRow => rowLike(told, STEP);
export const believedTie = (told: unknown): TieRow => rowLike(told, TIE);
export const believedRun = (told: unknown): RunRow => rowLike(told, RUN);

/** Undefined for what is not even JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function rowLike<Row extends object>(told: unknown, row: Row): Row {
  const given = isObject(told) ? told : {};
  const read: Record<string, unknown> = { ...given };
  for (const [name, example] of Object.entries(row)) read[name] = like(given[name], example, name);
  for (const [name, kind] of Object.entries(OPTIONAL))
    if (name in given && !(name in row) && !isOf(given[name], kind)) delete read[name];
  return read as Row;
}

function like(told: unknown, example: unknown, name: string): unknown {
  // The id of a request is what its client made it.
  if (name === "request" && typeof told === "number") return told;
  if (OBJECTS.has(name)) return isObject(told) ? told : null;
  if (example === null) return isOf(told, NUMBERS.has(name) ? "number" : "string") ? told : null;
  if (Array.isArray(example))
    return Array.isArray(told)
      ? told.filter(example.length > 0 ? isText : isObject).slice(0, MOST_MEMBERS)
      : [];
  if (isObject(example))
    return Object.fromEntries(
      Object.entries(example).map(([key, one]) => [key, like(isObject(told) ? told[key] : null, one, key)]),
    );
  return typeof told === typeof example && (typeof told !== "number" || Number.isFinite(told))
    ? told
    : example;
}

function isOf(told: unknown, kind: Kind): boolean {
  switch (kind) {
    case "names":
      return Array.isArray(told) && told.every(isText);
    case "object":
      return isObject(told);
    case "objects":
      return Array.isArray(told) && told.every(isObject);
    case "marks":
      return isObject(told) && Array.isArray(told["progress"]);
    case "origin":
      return (
        isObject(told) && ["project", "recorder", "user", "host"].every((key) => isTextOrNull(told[key]))
      );
    case "number":
      return typeof told === "number" && Number.isFinite(told);
    default:
      return typeof told === kind;
  }
}

const isText = (told: unknown): told is string => typeof told === "string";
const isTextOrNull = (told: unknown) => told === null || isText(told);

export function isObject(told: unknown): told is Record<string, unknown> {
  return typeof told === "object" && told !== null && !Array.isArray(told);
}
