/** How fast the two wires are joined, and that a step of a long run costs what one of a short run does. */
import { runBook } from "../src/read/run/book.ts";
import { model, type Piece, put, served, session } from "../src/read/run/written.testkit.ts";

/**
 * A step is one model call or one tool call. Of `perSecond`, in seconds of the processor's time, the last tenth counts:
 * what a step costs in a run so long, whatever else the machine does.
 */
export type Joining = { steps: number; perSecond: number };

/** One agent whose every turn calls a tool and brings the result of the one before. */
export function joining(sizes: readonly number[]): Joining[] {
  // Until the compiler has seen it all.
  for (let n = 0; n < 3; n++) rateOf(5_000);
  return sizes.map((steps) => ({ steps, perSecond: Math.max(rateOf(steps), rateOf(steps)) }));
}

function rateOf(steps: number): number {
  const pieces = piecesOf(steps);
  const book = runBook();
  put(book, session({ id: "s", name: "weather" }));
  const last = Math.floor(pieces.length * 0.9);
  let since = process.cpuUsage();
  for (const [n, piece] of pieces.entries()) {
    if (n === last) since = process.cpuUsage();
    put(book, piece);
    // As the observer does, which takes what waits in batches.
    if (n % 50 === 0) book.take();
  }
  book.take();
  const { user, system } = process.cpuUsage(since);
  return ((pieces.length - last) * 1_000_000) / (user + system);
}

function piecesOf(steps: number): Piece[] {
  const pieces: Piece[] = [];
  const text = "18 degrees and sunny, wind from the west";
  for (let n = 0; n < steps / 2; n++) {
    const at = n * 1000;
    const answered = n === 0 ? {} : { after: `a${n - 1}`, seen: [{ id: `c${n - 1}`, text }] };
    const args = { city: "Paris", day: n % 7 };
    pieces.push(
      model({
        id: `a${n}`,
        at,
        ...answered,
        asked: [{ name: "weather_get_forecast", id: `c${n}`, arguments: args }],
      }),
      served({ session: "s", seq: 2 * n + 1, at: at + 120, name: "get_forecast", arguments: args, text }),
    );
  }
  return pieces;
}

if (import.meta.main) {
  for (const { steps, perSecond } of joining([100, 1_000, 10_000, 100_000]))
    process.stdout.write(`${steps} steps: ${Math.round(perSecond)} steps/s\n`);
}
