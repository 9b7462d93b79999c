/** What passed in a recording, frame by frame and byte for byte, and where in it each step points. */
import { parseExact } from "../../fact/json-source.ts";
import type { Added } from "../../read/dialect.ts";
import { explainEvent } from "../../read/learn/event.ts";
import type { Explained } from "../../read/learn/explained.ts";
import { explainMessage } from "../../read/learn/message.ts";
import { explainField, explainHeader } from "../../read/learn/name.ts";
import { at } from "../../read/path.ts";
import type { Part, Step } from "./lesson.ts";
import type { Played } from "./recorded.ts";

export type Frame = {
  /** Number of the item in the recording. */
  readonly of: number;
  readonly at: Part;
  /** Of an event its number in the stream, of a line its number in the session. */
  readonly n: number;
  /** ms since the item began; null for what has no time of its own. */
  readonly t: number | null;
  readonly from: "client" | "server";
  readonly text: string;
  /** Of an event: what it adds to the answer, in its lane. */
  readonly adds?: { readonly lane: string; readonly text: string };
};

/** Where a step points: characters of one frame. */
export type Mark = { readonly frame: number; readonly start: number; readonly end: number };

export function framesOf(items: readonly Played[]): Frame[] {
  return items.flatMap((item, of) => (item.kind === "exchange" ? ofExchange(item, of) : ofSession(item, of)));
}

/** Each is looked for from the one before on: steps go forward in time. Null where nothing has these bytes. */
export function marksOf(frames: readonly Frame[], steps: readonly Step[]): (Mark | null)[] {
  let from = 0;
  return steps.map(({ of, at: part, text }) => {
    const frame = frames.findIndex(
      (it, n) => n >= from && it.of === of && it.at === part && it.text.includes(text),
    );
    if (frame < 0) return null;
    from = frame;
    const start = frames[frame]?.text.indexOf(text) ?? 0;
    return { frame, start, end: start + text.length };
  });
}

type OfExchange = Extract<Played, { kind: "exchange" }>;
type OfSession = Extract<Played, { kind: "session" }>;

function ofExchange({ raw, exchange, look }: OfExchange, of: number): Frame[] {
  const { request, response } = raw;
  const head = (first: string, headers: Record<string, string> | null | undefined) =>
    [first, ...Object.entries(headers ?? {}).map(([name, value]) => `${name}: ${value}`)].join("\n");
  const client = { of, n: 0, t: 0, from: "client" } as const;
  const replied = exchange.response?.ttfb ?? null;
  const bytes = new TextEncoder().encode(response.body);
  const events = (look.stream?.frames ?? []).map(({ n, t, start, end }): Frame => ({
    ...addsOf(look.added.get(n) ?? []),
    of,
    at: "answer",
    n,
    t,
    from: "server",
    text: new TextDecoder().decode(bytes.subarray(start, end)).trimEnd(),
  }));
  const whole: Frame = { of, at: "answer", n: 0, t: raw.ended, from: "server", text: response.body };
  return [
    { ...client, at: "asked", text: head(`${request?.method} ${request?.path}`, request?.headers) },
    { ...client, at: "request", text: String(request?.body ?? "") },
    {
      of,
      at: "replied",
      n: 0,
      t: replied,
      from: "server",
      text: head(String(response.status), response.headers),
    },
    ...(events.length > 0 ? events : [whole]),
  ];
}

function addsOf(added: readonly Added[]): Pick<Frame, "adds"> {
  const found = added.filter(({ lane, text }) => text !== "" && SAID.has(lane));
  const [first] = found;
  return first ? { adds: { lane: first.lane, text: found.map(({ text }) => text).join("") } } : {};
}

const SAID: ReadonlySet<string> = new Set(["text", "reasoning", "tool"]);

function ofSession({ lines }: OfSession, of: number): Frame[] {
  const began = Date.parse(String(lines[0]?.["timestamp"]));
  return lines.flatMap((line, n): Frame[] => {
    const { from, message, timestamp } = line;
    if (message === undefined || (from !== "client" && from !== "server")) return [];
    const t = Date.parse(String(timestamp)) - began;
    return [{ of, at: "line", n, t, from, text: JSON.stringify(message) }];
  });
}

/** The three lines of a step, from the recording itself. */
export function explainedAt(item: Played, frame: Frame, { field }: Step): Explained | null {
  if (item.kind === "session") return inSession(item, frame, field);
  const { look, reading, exchange } = item;
  const { dialect } = reading;
  if (frame.at === "asked" || frame.at === "replied") return field ? explainHeader(dialect, field) : null;
  if (frame.at === "request")
    return field ? explainField(dialect, "request", field, at(look.glimpse.requestBody, field)) : null;
  if (field) return explainField(dialect, "response", field, at(look.message, field));
  return explainEvent({ look, usage: reading.usage, isOver: exchange.close !== null }, frame.n);
}

function inSession(
  { list, lines }: OfSession,
  { n, text }: Frame,
  field: string | undefined,
): Explained | null {
  if (field) return explainField("mcp", "stream", field, at(parseExact(text), field));
  const line = lines[n];
  if (!line) return null;
  const call = list.reader.callAt(n);
  const parent = call?.parent ? list.reader.call(call.parent.key) : null;
  return explainMessage(list.shown(line, n), { call, parent });
}
