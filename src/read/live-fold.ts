/** One pass over the pieces of an exchange: framed and folded once, when they come. Tells rows and parts as they grow. */
import type { GrowingText } from "../fact/growing-text.ts";
import type { Exchange, Piece } from "../fact/exchange.ts";
import { choose } from "./choose.ts";
import type { Added, Assembler, Dialect } from "./dialect.ts";
import { dialects } from "./dialects.ts";
import { raw } from "./dialects/raw.ts";
import type { EventRow } from "../fact/live.ts";
import { eventRow, readRow } from "./event-row.ts";
import { MOST_FRAMES, type Frame, type Framer } from "./frames/frame.ts";
import { socketFrames } from "./frames/websocket.ts";
import { framerOf, framingSoFar, type Framing } from "./framing.ts";
import { liveParts } from "./live-parts.ts";
import { attempt, glimpseOf, isToFold } from "./look.ts";
import type { Usage } from "./reading.ts";

export type LiveSide = "client" | "server";

type LiveFoldOptions = {
  /** The exchange so far, with all of its bytes. */
  readonly whole: () => Exchange;
  readonly mask: (() => GrowingText) | undefined;
  /** When it is known already: else it is chosen by the first event. */
  readonly dialect?: Dialect;
};

export type LiveFold = ReturnType<typeof liveFold>;

export function liveFold({ wire }: Exchange, { whole, mask, dialect: known }: LiveFoldOptions) {
  const parts = liveParts(mask);
  /** Made when the answer begins: before, its head may not be there. */
  let decide: ReturnType<typeof framingSoFar> | null = null;
  let ttfb = 0;
  const frameOf = socketFrames();
  let framing: Framing | null = wire === "websocket" ? "websocket" : null;
  let framer: Framer | null = null;
  /** Pieces of an answer as long as it is not sure how it is framed. */
  let held: Piece[] | null = [];
  let dialect: Dialect | null = null;
  let assembler: Assembler | null = null;
  /** By what the dialect was chosen: a socket's first answer may say more than its questions. */
  let firstFrames: Frame[] = [];
  let reads = 0;
  let lastTime: number | null = null;
  let last: { frame: Frame; added: readonly Added[]; before: number; end: number } | null = null;
  let ttft: number | null = null;
  let count = 0;
  let usageAt = 0;
  let rows: EventRow[] = [];
  let turned = false;

  return {
    take,
    end,
    count: () => count,
    facts: () => ({ dialect: dialect?.name ?? null, ttft, usageAt, parts: parts.all() }),
    usage,
    added,
  };

  /** `again`: with this piece the dialect that was chosen, or the order, is no longer sure to be right. */
  function take(from: LiveSide, piece: Piece): "ok" | "again" {
    if (framing === "websocket") return takeMessage(from, piece);
    if (from === "client") return assembler ? "again" : "ok";
    decide ??= answerBegins();
    const held_ = held;
    if (!held_) takeBytes(piece);
    else {
      held_.push(piece);
      const decided = decide(piece.bytes);
      if (decided.isSure) held = null;
      if (decided.framing === framing) takeBytes(piece);
      else turn(decided.framing, held_);
    }
    return "ok";
  }

  function answerBegins(): ReturnType<typeof framingSoFar> {
    const sofar = whole();
    ttfb = sofar.response?.ttfb ?? 0;
    return framingSoFar(sofar);
  }

  /** It is framed otherwise than it looked: what was told of its few bytes so far is void. */
  function turn(now: Framing | null, pieces: readonly Piece[]): void {
    turned ||= count > 0;
    [framing, framer] = [now, now && framerOf(now)];
    [count, reads, rows, lastTime, last] = [0, 0, [], null, null];
    for (const piece of pieces) takeBytes(piece);
  }

  function takeBytes(piece: Piece): void {
    if (!framer) return takeRead(piece);
    for (const frame of framer.feed(piece.bytes, piece.t)) takeFrame(frame, null);
    // The LF of a CRLF that was cut in two belongs to the frame that its CR has closed.
    if (last && last.frame.end !== last.end) tell(last.frame, last.added, last.before, null);
  }

  function takeRead(piece: Piece): void {
    const n = reads++;
    if (n >= MOST_FRAMES) return;
    rows.push(readRow(n, piece, lastTime ?? piece.t));
    lastTime = piece.t;
    count = reads;
  }

  function takeMessage(from: LiveSide, piece: Piece): "ok" | "again" {
    if (lastTime === null) ttfb = whole().response?.ttfb ?? 0;
    const frame = frameOf(from, piece);
    if (!frame) return "ok";
    const isLate = lastTime !== null && frame.t < lastTime;
    const isFirstAnswer = from === "server" && known === undefined && !firstFrames.some(isServers);
    const before = dialect;
    takeFrame(frame, piece.frame === "binary" ? piece.bytes : null);
    if (isFirstAnswer && before) {
      firstFrames.push(frame);
      return chosen(firstFrames) === before ? "ok" : "again";
    }
    return isLate ? "again" : "ok";
  }

  function takeFrame(frame: Frame, binary: Uint8Array | null): void {
    if (frame.kind === "event") begin(frame);
    const added = frame.kind === "event" && assembler ? folded(assembler, frame) : [];
    parts.add(added);
    if (added.some(({ lane }) => lane === "usage")) usageAt = frame.n + 1;
    ttft ??= added.some(isToken) ? frame.t : null;
    tell(frame, added, lastTime ?? ttfb, binary);
    lastTime = frame.t;
  }

  function begin(frame: Frame): void {
    if (dialect) return;
    firstFrames = [frame];
    dialect = known ?? chosen(firstFrames);
    const glimpse = glimpseWith(firstFrames);
    assembler = attempt([], "stream", null, () => dialect?.assembler?.(glimpse) ?? null);
  }

  function glimpseWith(frames: Frame[]) {
    return glimpseOf(whole(), framing && { framing, frames, unread: 0, troubles: [] }, []);
  }

  function chosen(frames: Frame[]): Dialect {
    return attempt([], "dialect", raw, () => choose(dialects, glimpseWith(frames)));
  }

  function tell(frame: Frame, added: readonly Added[], before: number, binary: Uint8Array | null): void {
    const row = eventRow(frame, added, before, binary);
    if (rows.at(-1)?.[0] === frame.n) rows[rows.length - 1] = row;
    else rows.push(row);
    last = { frame, added, before, end: frame.end };
    count = frame.n + 1;
  }

  function usage(): Usage | null {
    const [by, from] = [dialect, assembler];
    if (!by || !from) return null;
    return attempt([], "response", null, () => by.answered(from.message(), glimpseWith(firstFrames)).usage);
  }

  function end(): void {
    if (framer) for (const frame of framer.end()) takeFrame(frame, null);
    parts.end();
  }

  function added() {
    const some = { events: rows, parts: parts.added(), turned };
    [rows, turned] = [[], false];
    return some;
  }
}

function folded(assembler: Assembler, frame: Frame): readonly Added[] {
  return isToFold(frame) ? attempt([], "stream", [], () => assembler.add(frame) ?? []) : [];
}

function isToken({ lane }: Added): boolean {
  return lane === "text" || lane === "reasoning" || lane === "tool";
}

function isServers({ from }: Frame): boolean {
  return from === "server";
}
