/**
 * What `/ws` tells, a JSON object each: the feed gives it a number, a page takes it. No frame but `html` may have a
 * top-level `content`, `payload`, `target`, `swap` or `select`: htmx 4 would swap it into the page as HTML.
 */
import { type Static, type TProperties, Type } from "@sinclair/typebox";
import type { Header } from "./fact.ts";
import { LiveAdded, LiveTimes, SessionHead, ShownLine } from "./live.ts";
import { RecorderLine } from "./recorder-state.ts";
import { Ending, ExchangeRow, RunRow, SessionRow, Star, StepRow, TieRow, UnreadableFile } from "./rows.ts";

export const Status = Type.Object({
  exchanges: Type.Integer({
    description: "With their files, and in the index. All that there are: `exchanges + waiting + in_flight`",
  }),
  sessions: Type.Integer(),
  in_flight: Type.Integer(),
  waiting: Type.Integer({
    description: "They ended and wait for their files: for their turn, or for a disk that refuses them",
  }),
  backlog: Type.Integer({ description: "Facts that wait to be written" }),
  added: Type.Optional(
    Type.Object(
      { n: Type.Integer(), p50_ms: Type.Number(), p99_ms: Type.Number() },
      {
        description:
          "What the proxy's own work takes of an exchange, without waiting for either side: of how many since it began, half and all but a hundredth of them took no longer. Estimated within the buckets of the histogram in `/metrics`",
      },
    ),
  ),
  warnings: Type.Array(Type.String({ description: "A sentence for people; none when all is well" })),
  unreadable: Type.Array(UnreadableFile),
  recorders: Type.Optional(
    Type.Array(RecorderLine, {
      description: "Of a team's store: the recorders that were heard in the last day",
    }),
  ),
});
export type Status = Static<typeof Status>;

const frame = <const N extends string, T extends TProperties>(type: N, members: T) =>
  Type.Object({ type: Type.Literal(type), seq: Type.Integer(), ...members });
const Ids = Type.Array(Type.String());
const From = Type.Union([Type.Literal("client"), Type.Literal("server"), Type.Literal("stderr")]);
const Headers = Type.Unsafe<readonly Header[]>(
  Type.Array(Type.Array(Type.String(), { minItems: 2, maxItems: 2 })),
);

/** Each as it goes alone in a message. */
export const Frame = Type.Union([
  frame("hello", { at: Type.Number() }),
  frame("resync", { from: Type.Integer() }),
  frame("exchange.open", { row: ExchangeRow }),
  frame("exchange.head", { row: ExchangeRow, headers: Headers }),
  /** An exchange in flight has grown: at most 4 a second of each. */
  frame("exchange.row", { row: ExchangeRow }),
  /** Only to who follows this exchange: what came since the frame before. */
  frame("exchange.added", { id: Type.String(), ...LiveAdded.properties, ...LiveTimes.properties }),
  /** Only to who subscribed to this id. `text` for UTF-8 text as it came, else `base64`. */
  frame("exchange.bytes", {
    id: Type.String(),
    t_ms: Type.Number(),
    from: From,
    text: Type.Optional(Type.String()),
    base64: Type.Optional(Type.String()),
  }),
  frame("exchange.close", { row: ExchangeRow, ending: Ending }),
  frame("exchange.gone", { ids: Ids }),
  frame("mcp.session", { row: SessionRow }),
  /** A line of a session, as the list of its messages shows it. */
  frame("mcp.message", { row: ShownLine }),
  /** Only to who follows this session: lines that were told before and say more by now. */
  frame("mcp.row", { session_id: Type.String(), rows: Type.Array(ShownLine) }),
  /** Only to who follows this session: its counts. */
  frame("mcp.head", { session_id: Type.String(), head: SessionHead }),
  frame("run.row", { row: RunRow }),
  frame("run.step", { row: StepRow }),
  frame("run.tie", { row: TieRow }),
  /** Of each kind the ids that are no more. */
  frame("run.gone", { runs: Ids, steps: Ids, ties: Ids }),
  /** Somebody has given a star, or taken it. */
  frame("star", { ...Star.properties, starred: Type.Boolean() }),
  /** About ourselves: counters, gaps, files that could not be read. */
  frame("status", { status: Status }),
  frame("html", { content: Type.String() }),
]);
export type Frame = Static<typeof Frame>;

/** What came at once, for a listener that asked for it so: thousands of messages a second cost a page more than their bytes. */
export const Together = frame("frames", {
  frames: Type.Unsafe<readonly Frame[]>(Type.Array(Frame, { description: "In their order; at most 256" })),
});
export type Together = Static<typeof Together>;
