/** How the recorder does, in the figures that a scraper gets. */
import type { AddedTime } from "../fact/added-time.ts";
import type { Figures, OwnFigures } from "../telemetry/telemetry.ts";
import type { Settings } from "./messages.ts";
import type { Recorder } from "./recorder.ts";

export type Known = {
  readonly recorder: Pick<Recorder, "state" | "losses">;
  readonly counts: { readonly exchanges: number; readonly sessions: number };
  readonly unreadable: number;
  /** What the traffic's thread could not hand over. */
  readonly trouble: { readonly lostBytes: number; readonly lostExchanges: number };
  /** Errors that nobody took. */
  readonly caught: number;
  readonly added: AddedTime | null;
};

export function ownFigures({ recorder, counts, unreadable, trouble, caught, added }: Known): OwnFigures {
  const { inFlight, waiting, backlog } = recorder.state();
  const { bytes, exchanges, faults } = recorder.losses();
  return {
    inFlight,
    waiting,
    backlog,
    ...counts,
    unreadable,
    lostBytes: { ...bytes, "too much at once": trouble.lostBytes },
    lostExchanges: { ...exchanges, "too much at once": trouble.lostExchanges },
    faults: { ...faults, uncaught: caught },
    added,
  };
}

export function processFigures({
  version,
  startedAt,
}: Pick<Settings, "version" | "startedAt">): Figures["process"] {
  const { user, system } = process.cpuUsage();
  const memory = process.memoryUsage.rss();
  return { version, bun: Bun.version, startedAt, memory, cpu: (user + system) / 1e6 };
}
