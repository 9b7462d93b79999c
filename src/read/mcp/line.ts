/** One line of a session file, checked and typed. Whatever does not fit any shape is kept as `other`. */
import { text } from "../json.ts";

export { text };

export type Side = "client" | "server";

export type RequestId = string | number;

/** What HTTP said beside the body. Header names in lower case, values as recorded. */
export type HttpHints = {
  readonly method?: string;
  readonly path?: string;
  readonly status?: number;
  readonly headers: Readonly<Record<string, string>>;
};

type Place = {
  readonly seq: number;
  /** Wall time, ms since 1970 UTC; NaN when the line does not say. */
  readonly at: number;
  /** Monotonic ms since the session began. */
  readonly t: number | null;
  readonly exchange: string | null;
};

/** Of what came in an event of an HTTP stream; null for what came otherwise. */
export type InEvent = { readonly id?: string; readonly name?: string; readonly unfinished: boolean };

export type MessageLine = Place & {
  readonly kind: "message";
  readonly from: Side;
  /** One JSON-RPC message; a batch has a line for each element. */
  readonly message: unknown;
  readonly http: HttpHints | null;
  /** Which element of a batch this is; null for a message that came alone. */
  readonly batch: { readonly index: number; readonly size: number } | null;
  readonly inEvent: InEvent | null;
  readonly eol: string | null;
};
/** `cut`: the true length of a line that was longer than what the recorder keeps; null for a whole line. */
export type RawLine = Place & {
  readonly kind: "raw";
  readonly from: Side;
  readonly text: string;
  readonly cut: number | null;
  readonly http: HttpHints | null;
  readonly inEvent: InEvent | null;
  /** How the line ended, where not with "\n": "none" is the end of the pipe. */
  readonly eol: string | null;
  /** `text` is base64 of bytes that are not UTF-8. */
  readonly isBinary: boolean;
};
export type StderrLine = Place & { readonly kind: "stderr"; readonly text: string };
export type EventLine = Place & {
  readonly kind: "event";
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
};
export type OtherLine = Place & { readonly kind: "other"; readonly value: unknown };

export type Line = MessageLine | RawLine | StderrLine | EventLine | OtherLine;

/** Never throws. `fallback` numbers lines that carry no `seq`. */
export function lineOf(value: unknown, fallback: number): Line {
  const it = record(value) ?? {};
  const place: Place = {
    seq: typeof it.seq === "number" ? it.seq : fallback,
    at: typeof it.timestamp === "string" ? Date.parse(it.timestamp) : NaN,
    t: typeof it.t_ms === "number" ? it.t_ms : null,
    exchange: text(it.exchange_id) ?? text(it.exchange),
  };
  if (typeof it.event === "string") return { ...place, kind: "event", event: it.event, fields: it };
  if (it.from === "stderr") return { ...place, kind: "stderr", text: String(it.text ?? it.raw ?? "") };
  if (it.from !== "client" && it.from !== "server") return { ...place, kind: "other", value };
  if (it.message !== undefined) {
    const { from, message } = it;
    const beside = {
      http: hintsOf(it.http),
      batch: batchOf(it.batch),
      inEvent: eventOf(it),
      eol: text(it.eol),
    };
    return { ...place, kind: "message", from, message, ...beside };
  }
  if (typeof it.raw === "string")
    return {
      ...place,
      kind: "raw",
      from: it.from,
      text: it.raw,
      cut: cutOf(it),
      http: hintsOf(it.http),
      inEvent: eventOf(it),
      eol: text(it.eol),
      isBinary: it.base64 === true,
    };
  return { ...place, kind: "other", value };
}

/** The value as an object with string keys, or null for anything else (arrays included). */
export function record(value: unknown): Record<string, unknown> | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return value as Record<string, unknown>;
}

function eventOf(line: Record<string, unknown>): InEvent | null {
  const [id, name] = [text(line.event_id), text(line.event_name)];
  const unfinished = line.unfinished === true;
  if (id === null && name === null && !unfinished) return null;
  return { ...(id !== null && { id }), ...(name !== null && { name }), unfinished };
}

function cutOf(line: Record<string, unknown>): number | null {
  const cut = record(line.truncated);
  return typeof cut?.bytes === "number" ? cut.bytes : null;
}

function batchOf(value: unknown): MessageLine["batch"] {
  const { index, size } = record(value) ?? {};
  return typeof index === "number" && typeof size === "number" ? { index, size } : null;
}

function hintsOf(value: unknown): HttpHints | null {
  const it = record(value);
  if (it === null) return null;
  const headers: Record<string, string> = {};
  for (const [name, content] of Object.entries(record(it.headers) ?? {}))
    if (typeof content === "string") headers[name.toLowerCase()] = content;
  return {
    headers,
    ...(typeof it.method === "string" && { method: it.method }),
    ...(typeof it.path === "string" && { path: it.path }),
    ...(typeof it.status === "number" && { status: it.status }),
  };
}
