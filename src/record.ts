/** What becomes of facts: by way of the disk to the other thread, which keeps them. Capture and everything else meet here. */
import { createLater } from "./capture/record/later.ts";
import { createOutbox } from "./capture/record/outbox.ts";
import type { OwnTime } from "./capture/own-time.ts";
import type { RecordOptions } from "./capture/record/record-options.ts";
import type { Config } from "./config.ts";
import { concat } from "./fact/concat.ts";
import { maskFor } from "./journal/mask-key.ts";
import { Spool } from "./journal/spool.ts";
import type { Settings } from "./observer/messages.ts";
import { observe, type ObserverThread } from "./observer/thread.ts";

export type Record = {
  /** One name for one run of the program. */
  readonly life: string;
  /** What whoever captures tells. */
  readonly options: RecordOptions;
  /**
   * Starts the other thread; until then facts wait. `warnings` is added to when it has to be started again. Resolves
   * with the page's address, or null when there is none; rejects with a sentence when it cannot start.
   */
  observe(settings: () => Settings, warnings: string[]): Promise<string | null>;
  /** Lets the program end by itself; what was told is then stopped for by nobody. */
  unref(): void;
  /** Resolves when everything that was told is written. */
  stop(): Promise<void>;
};

/** `own`: of the proxy, where one runs. */
export function createRecord(
  config: Pick<Config, "logDir" | "mask" | "bodyLimit">,
  own: OwnTime | null = null,
): Record {
  const life = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 6)}`;
  const outbox = createOutbox({ post: (batch) => spool.append(batch) });
  const later = createLater();
  let observer: ObserverThread | null = null;
  const spool = new Spool(config.logDir, life, {
    written(range, seq) {
      observer?.post({ type: "spooled", range });
      outbox.acked(seq);
    },
    refused: ({ seq, parts }) => observer?.post({ type: "facts", seq, bytes: concat(parts) }),
  });
  /** What the observer knows of losses: a new one knows nothing. */
  let toldTrouble = "";
  const lossReport = setInterval(() => {
    const { lostBytes, lostExchanges } = outbox.state();
    const trouble = { lostBytes, lostExchanges, spool: spool.trouble, added: own?.figures() ?? null };
    const said = JSON.stringify(trouble);
    if (said === toldTrouble) return;
    toldTrouble = said;
    observer?.post({ type: "trouble", ...trouble });
  }, 1000);
  lossReport.unref();

  return {
    life,
    options: {
      tell: outbox.tell,
      later,
      shouldPause: outbox.shouldPause,
      released: outbox.released,
      mask: config.mask ? maskFor(config.logDir) : null,
      bodyLimit: config.bodyLimit,
    },
    observe(settings, warnings) {
      observer = observe(settings, {
        acked: outbox.acked,
        finished: (ids) => spool.finished(ids),
        warning: (message) => process.stderr.write(`${message}\n`),
        died(reason) {
          warnings.push(`the observer failed and was started again: ${reason}`);
          outbox.forget();
          toldTrouble = "";
          return spool.settled();
        },
      });
      return observer.ready;
    },
    unref: () => observer?.unref(),
    async stop() {
      clearInterval(lossReport);
      await later.drain();
      outbox.flush();
      // What is told must be told before the end is.
      await spool.settled();
      await observer?.stop();
      await spool.close();
    },
  };
}
