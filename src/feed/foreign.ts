/**
 * Frames that another machine has put into the store's feed, made ours: of kinds that recorders tell, with the members that these
 * have and no others (a `content` would be drawn as HTML), rows as rows are. A recorder may write anything; whose it is says the store.
 */
import {
  believedExchange,
  believedRun,
  believedSession,
  believedStep,
  believedTie,
  isObject,
  jsonOf,
} from "../fact/believed.ts";
import type { Origin } from "../fact/rows.ts";
import type { News } from "./feed.ts";

type Told = Record<string, unknown>;

/** Null for what is none of ours. */
export function foreignNews(text: string | null, project: string): News | null {
  const told = jsonOf(text ?? "null");
  if (!isObject(told)) return null;
  const make =
    typeof told["type"] === "string" && Object.hasOwn(KINDS, told["type"]) ? KINDS[told["type"]] : null;
  return (make?.(told, project) as News | undefined) ?? null;
}

const KINDS: Readonly<Record<string, (told: Told, project: string) => object | null>> = {
  "exchange.open": exchange,
  "exchange.head": (told, project) => {
    const made = exchange(told, project);
    return made && { ...made, headers: all(told["headers"], isPair) };
  },
  "exchange.row": exchange,
  "exchange.close": (told, project) => {
    const made = exchange(told, project);
    return made && { ...made, ending: made.row.ending ?? "complete" };
  },
  "exchange.added": ({ type, id, ttfb, ttft, from_n, events, parts, fresh }) =>
    isText(id) && isCount(from_n)
      ? {
          type,
          id,
          ttfb: numberOrNull(ttfb),
          ttft: numberOrNull(ttft),
          from_n,
          events: all(events, Array.isArray),
          parts: all(parts, isPart),
          fresh: fresh === true,
        }
      : null,
  "exchange.bytes": ({ type, id, t_ms, from, text, base64 }) =>
    isText(id) && isText(from)
      ? {
          type,
          id,
          t_ms: numberOrNull(t_ms) ?? 0,
          from,
          ...(isText(text) ? { text } : isText(base64) && { base64 }),
        }
      : null,
  "exchange.gone": ({ type, ids }) => ({ type, ids: all(ids, isText) }),
  "mcp.session": ({ type, row }, project) =>
    isRow(row) ? { type, row: { ...believedSession(row), ...originOf(row, project) } } : null,
  "mcp.message": ({ type, row }) => (isLine(row) ? { type, row } : null),
  "mcp.row": ({ type, session_id, rows }) =>
    isText(session_id) ? { type, session_id, rows: all(rows, isLine) } : null,
  "mcp.head": ({ type, session_id, head }) =>
    isText(session_id) && isObject(head) ? { type, session_id, head } : null,
  "run.row": ({ type, row }, project) =>
    isRow(row) ? { type, row: { ...believedRun(row), ...originOf(row, project) } } : null,
  "run.step": ({ type, row }) => (isRow(row) ? { type, row: believedStep(row) } : null),
  "run.tie": ({ type, row }) => (isRow(row) ? { type, row: believedTie(row) } : null),
  "run.gone": ({ type, runs, steps, ties }) => ({
    type,
    runs: all(runs, isText),
    steps: all(steps, isText),
    ties: all(ties, isText),
  }),
  star: ({ type, of, id, starred }) =>
    (of === "exchange" || of === "session" || of === "run") && isText(id)
      ? { type, of, id, starred: starred === true }
      : null,
  resync: ({ type }) => ({ type, from: 0 }),
};

function exchange({ type, row }: Told, project: string) {
  return isRow(row) ? { type, row: { ...believedExchange(row), ...originOf(row, project) } } : null;
}

/** The project is the frame's own, whatever the row says. */
function originOf(row: Told, project: string): { origin?: Origin } {
  const said = row["origin"];
  if (!isObject(said)) return {};
  const name = (key: string) => (isText(said[key]) ? said[key] : null);
  return { origin: { project, recorder: name("recorder"), user: name("user"), host: name("host") } };
}

function all<T>(told: unknown, isIt: (one: unknown) => one is T): T[] {
  return Array.isArray(told) ? told.filter(isIt) : [];
}

const isText = (told: unknown): told is string => typeof told === "string";
const isCount = (told: unknown): told is number => Number.isSafeInteger(told) && (told as number) >= 0;
const numberOrNull = (told: unknown) => (typeof told === "number" && Number.isFinite(told) ? told : null);
const isRow = (told: unknown): told is Told => isObject(told) && isText(told["id"]);
const isPair = (told: unknown): told is [string, string] =>
  Array.isArray(told) && told.length === 2 && told.every(isText);
const isLine = (told: unknown): told is Told =>
  isObject(told) && isText(told["session_id"]) && isCount(told["seq"]);
const isPart = (told: unknown): told is Told =>
  isObject(told) &&
  isCount(told["n"]) &&
  told["n"] < MOST_PARTS &&
  isText(told["kind"]) &&
  isCount(told["at"]) &&
  isText(told["append"]);

/** Of one answer: a page makes an element of each. */
const MOST_PARTS = 10_000;
