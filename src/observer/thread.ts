/** The other thread, seen from the capture thread: started, told, started again when it dies, stopped. */
import type { SpoolFile } from "../journal/spool.ts";
import type { FromObserver, Settings, ToObserver } from "./messages.ts";

export type ObserverEvents = {
  acked(seq: number): void;
  finished(ids: readonly string[]): void;
  warning(message: string): void;
  /** It died: what it was told and had not written lies in these files of the spool. */
  died(reason: string): Promise<SpoolFile[]>;
};

export type ObserverThread = {
  /** Resolves with the page's address, or null when there is none. Rejects with a sentence when it cannot start. */
  readonly ready: Promise<string | null>;
  post(message: ToObserver): void;
  /** Lets the program end by itself. */
  unref(): void;
  /** Resolves when everything is written. */
  stop(): Promise<void>;
};

/** An observer that dies again and again is given time, so that it cannot eat the machine. */
const RESTART_MS = [0, 100, 1000, 5000];

/** Begun, and waiting for its settings. */
let ahead: Worker | null = null;

/** Begins to load the other thread, which takes longer than anything else at a start. Keeps no process alive. */
export function loadAhead(): void {
  const worker = load();
  ahead = worker;
  worker.unref();
  // Another one is loaded when it is needed, and says why it fails.
  worker.addEventListener("close", () => ahead === worker && (ahead = null));
}

function load(): Worker {
  return new Worker(new URL("./worker.ts", import.meta.url).href, { smol: true });
}

/** `settings` is asked again at every start. */
export function observe(settings: () => Settings, events: ObserverEvents): ObserverThread {
  const { promise: ready, resolve, reject } = Promise.withResolvers<string | null>();
  const { promise: stopped, resolve: gone } = Promise.withResolvers<void>();
  let worker: Worker | null = null;
  let state: "running" | "stopping" = "running";
  let restarts = 0;
  let reason = "it ended by itself";
  /** Whether the program waits for it. */
  let isWaitedFor = true;

  function spawn(resume: readonly SpoolFile[]): void {
    const fresh = ahead ?? load();
    ahead = null;
    if (isWaitedFor) fresh.ref();
    else fresh.unref();
    worker = fresh;
    fresh.onmessage = ({ data }: MessageEvent<FromObserver>) => hear(data);
    fresh.onerror = (event) => (reason = event.message);
    fresh.addEventListener("close", () => worker === fresh && void closed());
    fresh.postMessage({ type: "settings", settings: settings(), resume } satisfies ToObserver);
  }

  async function closed(): Promise<void> {
    worker = null;
    if (state === "stopping") return gone();
    await Bun.sleep(RESTART_MS[Math.min(restarts++, RESTART_MS.length - 1)]!);
    spawn(await events.died(reason));
  }

  function hear(message: FromObserver): void {
    switch (message.type) {
      case "ready":
        return resolve(message.dashboardUrl);
      case "failed":
        state = "stopping";
        worker?.terminate();
        return reject(new Error(message.message));
      case "acked":
        return events.acked(message.seq);
      case "finished":
        return events.finished(message.ids);
      case "warning":
        return events.warning(message.message);
      case "dying":
        reason = message.message;
        return;
      case "stopped":
        worker?.terminate();
        return gone();
      default:
        message satisfies never;
    }
  }

  spawn([]);
  return {
    ready,
    // While there is none, what is told lies in the spool, from which the next one starts.
    post: (message) => worker?.postMessage(message),
    unref() {
      isWaitedFor = false;
      worker?.unref();
    },
    stop() {
      state = "stopping";
      if (!worker) return Promise.resolve();
      worker.ref();
      worker.postMessage({ type: "stop" } satisfies ToObserver);
      return stopped;
    },
  };
}
