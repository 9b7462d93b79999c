/** What is told of something while it passes: rows and pieces that are added to what was told before. */
import { type Static, type TSchema, Type } from "@sinclair/typebox";
import { LEVELS, MESSAGE_MILESTONES } from "./milestones.ts";
import { SessionRow } from "./rows.ts";

/** One event of a stream as the page's table shows it; an array keeps ten thousand of them small. */
export type EventRow = [
  n: number,
  t: number,
  gap: number,
  bytes: number,
  type: string,
  lane: string,
  adds: string,
  first: number,
  last: number,
  whole: boolean,
  data: string,
  /** Who said it; null where only the server speaks. */
  from: "client" | "server" | null,
  /** Of which part of the answer, where the stream says it. */
  part?: string | null,
  /** The name of a part that begins with it: of a tool call. */
  begins?: string | null,
];

/** A part of the answer as it grows. */
export type LivePart = {
  readonly kind: PartAdded["kind"];
  /** Of a tool call, when the stream has said it apart from its arguments. */
  readonly name: string | null;
  readonly text: string;
};

const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
const oneOf = <const T extends readonly string[]>(words: T) =>
  Type.Union(words.map((word) => Type.Literal(word as T[number])));
const number = nullable(Type.Number());
const text = nullable(Type.String());

const Event = Type.Unsafe<EventRow>(
  Type.Array(Type.Unknown(), {
    minItems: 12,
    maxItems: 14,
    description:
      "An event: its number, ms since the request, ms since the one before, bytes, type, lane, what it adds, its first and last piece, whether `data` is whole, data, who said it, part, what begins with it",
  }),
);

/** `append` comes at `at` characters of part `n`: who has more of it already has this, too. */
export const PartAdded = Type.Object({
  n: Type.Number(),
  kind: oneOf(["text", "reasoning", "tool_call"]),
  name: text,
  at: Type.Number(),
  append: Type.String(),
});
export type PartAdded = Static<typeof PartAdded>;

/** What was added to an exchange that is followed. */
export const LiveAdded = Type.Object({
  from_n: Type.Number({ description: "Number of the first of `events`; one that grew since is told again" }),
  events: Type.Array(Event),
  parts: Type.Array(PartAdded),
  /** The bytes are something else than they looked like. */
  fresh: Type.Boolean({ description: "True when everything that was told before is void" }),
});
export type LiveAdded = Static<typeof LiveAdded>;

/** In ms since the request; null when it did not come yet. */
export const LiveTimes = Type.Object({ ttfb: number, ttft: number });
export type LiveTimes = Static<typeof LiveTimes>;

/** One line of a session's message list. `of` is the seq of the request that it answers or tells about. */
export const ShownLine = Type.Object({
  session_id: Type.String(),
  seq: Type.Number(),
  at: Type.Number(),
  from: oneOf(["client", "server", "stderr", "event"]),
  kind: oneOf(["request", "result", "error", "notification", "invalid", "raw", "stderr", "event"]),
  id: text,
  method: text,
  name: text,
  note: text,
  ms: number,
  state: nullable(oneOf(["pending", "input_required", "task", "ok", "tool-error", "error", "cancelled"])),
  of: number,
  progress: nullable(Type.Tuple([Type.Number(), number], { description: "Done, and of how much" })),
  problems: Type.Number(),
  /** What it brings about, where that is a step to look for: see `milestones.ts`. */
  milestone: nullable(oneOf(MESSAGE_MILESTONES)),
  /** The worst of its problems, else `chat` where it is a milestone. */
  level: nullable(oneOf(LEVELS)),
});
export type ShownLine = Static<typeof ShownLine>;

/** What stands above the messages of a session and changes as they come. */
export const SessionHead = Type.Object({
  state: SessionRow.properties.state,
  client: text,
  server: text,
  revision: text,
  era: SessionRow.properties.era,
  messages: Type.Number(),
  requests: Type.Number(),
  pending: Type.Number(),
  errors: Type.Number(),
  problems: Type.Number(),
  milestones: Type.Number({ description: "Messages that brought about a step to look for" }),
  offers: Type.Number(),
  stderr: Type.Number(),
  pollution: Type.Number(),
  exit: text,
});
export type SessionHead = Static<typeof SessionHead>;
