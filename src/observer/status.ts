/** How things stand, as the page is told: what there is, what is on its way, and each thing that went wrong in a sentence. */
import { addedSpread } from "../fact/added-time.ts";
import type { UnreadableFile } from "../fact/rows.ts";
import type { Status } from "../fact/frame.ts";
import type { ToObserver } from "./messages.ts";
import type { Recorder } from "./recorder.ts";
import type { SyncState } from "./sync/sync.ts";

/** What the traffic's thread lost. */
export type Trouble = Omit<Extract<ToObserver, { type: "trouble" }>, "type">;

export type Standing = {
  readonly state: ReturnType<Recorder["state"]>;
  readonly counts: { readonly exchanges: number; readonly sessions: number };
  readonly unreadable: UnreadableFile[];
  readonly trouble: Trouble;
  /** Errors that nobody else has taken. */
  readonly caught: { readonly count: number; readonly why: string };
  /** What of the spools, of what is sent elsewhere stands in the way. */
  readonly left: string | null;
  readonly unsent: string | null;
  readonly warnings: readonly string[];
};

export function statusOf(standing: Standing): Status {
  const { state, counts, unreadable, trouble, caught, left, unsent, warnings } = standing;
  const { lostBytes, lostExchanges, spool, added } = trouble;
  const spread = added && addedSpread(added);
  const lost =
    lostBytes + lostExchanges > 0
      ? [
          `${lostBytes} bytes and ${lostExchanges} exchanges were not recorded: more came than could be written; traffic was not affected`,
        ]
      : [];
  if (left !== null) lost.push(left);
  if (caught.count > 0)
    lost.push(
      `${caught.count} errors of the recorder's own, the last: ${caught.why}; traffic was not affected`,
    );
  if (unsent !== null) lost.push(unsent);
  if (spool !== null)
    lost.push(`exchanges in flight are not safe from a crash: the spool cannot be written (${spool})`);
  return {
    exchanges: counts.exchanges,
    sessions: counts.sessions,
    in_flight: state.inFlight,
    waiting: state.waiting,
    backlog: state.backlog,
    ...(spread && { added: spread }),
    warnings: [...state.warnings, ...lost, ...warnings],
    unreadable,
  };
}

/** What the page should know of files that are still taken in, or cannot be. */
export function syncing(state: SyncState | undefined): string[] {
  const { waiting, of, trouble } = state ?? { waiting: 0, of: 0, trouble: null };
  const progress = of > 0 ? [`${of - waiting} of ${of} files of the log folder are taken in`] : [];
  return trouble === null ? progress : [...progress, trouble];
}
