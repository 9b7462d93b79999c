/** How fast each dialect reads a long answer, beside another checkout of this project when there is one. */
import { join } from "node:path";

/** MB in a second of the processor's time. `before`: the same recording read by the other checkout. */
export type ReadingSpeed = { recording: string; perSecond: number; before: number | null };

/** Processes of their own, in turns: a compiler that has seen one reader must not help the other. */
export function readingSpeeds(rounds: number, before: string | null): ReadingSpeed[] {
  const own = new Map<string, number>();
  const other = new Map<string, number>();
  for (let round = 0; round < rounds; round++) {
    best(own, speeds([]));
    if (before !== null) best(other, speeds([`of=${before}`]));
  }
  return [...own].map(([recording, perSecond]) => ({
    recording: recording.replace(/\.json$/, ""),
    perSecond,
    before: other.get(recording) ?? null,
  }));
}

function speeds(words: readonly string[]): Record<string, number> {
  const { stdout } = Bun.spawnSync([
    process.execPath,
    join(import.meta.dir, "reading.ts"),
    "--json",
    ...words,
  ]);
  return JSON.parse(stdout.toString()) as Record<string, number>;
}

function best(known: Map<string, number>, more: Record<string, number>): void {
  for (const [recording, speed] of Object.entries(more))
    known.set(recording, Math.max(known.get(recording) ?? 0, speed));
}
