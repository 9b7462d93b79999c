/** Applies the limits on age, size and count from time to time, while the program runs. */
import type { LocalIndex } from "../index/index.ts";
import type { Kind } from "../journal/files.ts";
import { type Deleted, type Limits, retain } from "../journal/retention.ts";

export type RetentionTimerOptions = {
  logs: string;
  limits: Limits;
  index: Pick<LocalIndex, "rowsIn">;
  /** Somebody wants to find what is in this file again. */
  isStarred: (path: string) => boolean;
  /** Files were deleted, or could not be. */
  onMessage: (message: string) => void;
  everyMs?: number;
};

/** A look at all files takes some tenths of a second at 100,000: often enough, and not felt. */
const EVERY_MS = 10 * 60_000;
/** A session without an end that nobody wrote to for so long is one whose recorder was killed. */
const ABANDONED_MS = 7 * 24 * 3_600_000;

export function startRetentionTimer({
  logs,
  limits,
  index,
  isStarred,
  onMessage,
  everyMs = EVERY_MS,
}: RetentionTimerOptions) {
  if (Object.values(limits).every((limit) => limit === null)) return { close() {} };
  let running = false;

  async function run(): Promise<void> {
    if (running) return;
    running = true;
    try {
      const now = Date.now();
      const keep = (path: string, kind: Kind) => isOpen(path, kind, now) || isStarred(path);
      const deleted = await retain({ logs, limits, now, keep });
      if (deleted.files > 0) onMessage(sentence(deleted));
    } catch (error) {
      onMessage(`old records could not be deleted: ${(error as Error).message}`);
    } finally {
      running = false;
    }
  }

  /** A session whose process still runs is appended to. */
  function isOpen(path: string, kind: Kind, now: number): boolean {
    if (kind !== "session") return false;
    const { sessions } = index.rowsIn(path);
    return sessions.some(({ state, last_at }) => state === "open" && now - last_at < ABANDONED_MS);
  }

  void run();
  const timer = setInterval(() => void run(), everyMs);
  timer.unref();
  return { close: () => clearInterval(timer) };
}

function sentence({ records, files, bytes }: Deleted): string {
  return `${records} old records (${files} files, ${(bytes / 1e6).toFixed(1)} MB) were deleted: they were beyond the limits that are set`;
}
