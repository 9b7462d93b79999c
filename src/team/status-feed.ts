/**
 * Tells pages how the store and its recorders do when that has changed. The store's own feed cannot: a page may not write there. It
 * has the number of the last frame, as `hello` has: nothing is missed for it.
 */
import type { RecorderLine } from "../fact/recorder-state.ts";
import type { Frame, Status } from "../fact/frame.ts";
import type { Feed } from "../feed/feed.ts";

export type StatusFeed = { readonly feed: Feed; close(): void };

const LOOK_MS = 2_000;
/** Who has not been heard for this long is told of. */
const SILENT_MS = 30_000;

export function statusFeed(
  feed: Feed,
  status: () => Promise<Status>,
  warn: (message: string) => void,
  lookMs = LOOK_MS,
): StatusFeed {
  const ears = new Set<(frames: readonly Frame[]) => "sent" | "full">();
  let told = "";
  let looking = false;
  const timer = setInterval(() => void look(), lookMs);
  timer.unref();

  async function look(): Promise<void> {
    if (looking || ears.size === 0) return;
    looking = true;
    try {
      const { recorders = [], ...rest } = await status();
      const news = JSON.stringify([rest, recorders.map(tellingOf)]);
      if (news === told) return;
      told = news;
      // The page asks for its line; all recorders of a fleet are not told to everybody.
      for (const send of ears) send([{ type: "status", seq: feed.seq(), status: rest }]);
    } catch (error) {
      warn(`the store does not say how it does: ${(error as Error).message.slice(0, 200)}`);
    } finally {
      looking = false;
    }
  }

  return {
    feed: {
      ...feed,
      listen(send, since) {
        const listener = feed.listen(send, since);
        ears.add(send);
        return {
          ...listener,
          close() {
            ears.delete(send);
            listener.close();
          },
        };
      },
    },
    close: () => clearInterval(timer),
  };
}

/** What counts up by itself is no news. */
function tellingOf({ lag_ms, silent_ms, skew_ms, ...line }: RecorderLine) {
  const { project, recorder, user, version, backlog, errors, held, refused, trouble } = line;
  const since = [lag_ms > SILENT_MS, silent_ms > SILENT_MS, Math.round(skew_ms / MINUTE_MS)];
  return [project, recorder, user, version, backlog, errors, held, refused, trouble, ...since];
}

const MINUTE_MS = 60_000;
